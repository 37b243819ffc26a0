using System.Diagnostics;
using Npgsql;
using PayOnce.Exporters.Api;
using PayOnce.Sources;
using PayOnce.Stores;
using PayOnce.Stores.Sqlite;

namespace PayOnce.Bench;

/// <summary>Claims out of an organisation's own database: everything for the first time, and everything once more by the overlap.</summary>
public static class SourceBench
{
    public const string Name = "source";

    private const string Theirs = """
        create table public.expense_claims (id text primary key, approved_at timestamptz not null, amount bigint not null);
        insert into public.expense_claims select 'S-' || lpad(n::text, 8, '0'), '2026-01-05Z'::timestamptz + n * interval '1 second', 10000 + n % 5000 from generate_series(1, :claims) n;
        create index on public.expense_claims (approved_at, id);
        create view public.payonce_claims as
        select id as claim_id, '4711'::text as claimant_id, 'Kari Nordmann'::text as claimant_name, 'travel'::text as type, 'NOK'::text as currency, approved_at, 'leder@example.org'::text as approved_by,
               amount as total_minor, jsonb_build_array(jsonb_build_object('date', '2026-01-02', 'category', 'train', 'description', 'Oslo – Hamar', 'amountMinor', amount - 4000),
                                                        jsonb_build_object('date', '2026-01-02', 'category', 'meals', 'description', 'Lunch', 'amountMinor', 4000)) as lines,
               null::timestamptz as withdrawn_at, null::text as withdrawn_reason
        from public.expense_claims;
        analyze public.expense_claims;
        """;

    public static async IAsyncEnumerable<Figure> RunAsync(BenchOptions options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var claims = options.ClaimsOr(usual: 100_000, quick: 2_000);
        await using var server = await BenchServer.StartAsync(options, cancel);
        var theirs = await server.CreateAsync(cancel);
        await theirs.SqlAsync(Theirs.Replace(":claims", $"{claims}", StringComparison.Ordinal), cancel);
        foreach (var engine in new[] { "postgresql", "sqlite" })
        {
            List<double> first = [], again = [];
            for (var round = 0; round < options.Rounds; round++)
            {
                var file = Path.Combine(server.Files, $"source-{round}.db");
                await using IServerStore store = engine == "sqlite" ? new SqliteStore(file, TimeProvider.System) : (await server.CreateAsync(cancel)).OpenStore();
                await store.MigrateAsync(cancel);
                await store.AddOrganisationAsync(new Organisation(SampleClaims.Organisation, "Bench", Organisation.DefaultTimeZone), "bench", cancel);
                // As far back as there is anything: the second reading brings every row again.
                await store.SaveSourceAsync(SampleClaims.Organisation, new SourceSettings { OverlapMinutes = 7 * 24 * 60, EveryMinutes = null }, 0, "bench", cancel);
                var source = new ClaimsSource(store, store, new Secrets(theirs.Superuser), EndpointRules.Parse(null, loopback: true).Rules!, TimeProvider.System);
                first.Add(await SpeedAsync(source, claims, claims, cancel));
                again.Add(await SpeedAsync(source, Math.Min(claims, (7 * 24 * 60 * 60) + 1), 0, cancel));
                Progress.Say($"{engine}, round {round + 1} of {options.Rounds}: {first[^1]:N0} claims a second, once more {again[^1]:N0}");
            }
            yield return new Figure(Name, $"{claims:N0} claims read from a database into {engine}", "claims/s", first, [], new Goal(2_000, 10_000, AtLeast: true));
            yield return new Figure(Name, $"the same rows read once more into {engine}", "claims/s", again, [], new Goal(2_000, 10_000, AtLeast: true));
        }
    }

    private static async Task<double> SpeedAsync(ClaimsSource source, long rows, long added, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        var answer = await source.ReadAsync(SampleClaims.Organisation, cancel);
        var time = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (answer is not SourceAnswer.Done { Report: var report }) throw new InvalidOperationException($"The source was not read: {answer}");
        if (report.Read != rows || report.Added != added) throw new InvalidOperationException($"{report.Read} rows were read and {report.Added} taken in, and not {rows} and {added}.");
        return report.Read / time;
    }

    private sealed class Secrets(string superuser) : ISourceSecrets
    {
        public Task<(string? Connection, string? Trouble)> FindAsync(string organisationId, CancellationToken cancel)
        {
            var at = new NpgsqlConnectionStringBuilder(superuser);
            return Task.FromResult<(string?, string?)>((new NpgsqlConnectionStringBuilder { Host = at.Host, Port = at.Port, Database = at.Database, Username = at.Username, Password = at.Password }.ConnectionString, null));
        }
    }
}
