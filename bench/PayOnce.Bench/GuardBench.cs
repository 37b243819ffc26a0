using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using PayOnce.Guard;
using PayOnce.Stores.Postgres;

namespace PayOnce.Bench;

/// <summary>
/// The guard's question, "which of these 1,000 claims has left?", with more and more exported claims behind it; on a table that was
/// never analysed; and the same question to the register of attempts with its GIN index.
/// </summary>
public static class GuardBench
{
    public const string Name = "guard";
    private const int Candidates = 1_000;

    /// <summary>One check takes milliseconds, and is as often disturbed as not: a round is the median of so many, each of other candidates.</summary>
    private const int ChecksInARound = 101;

    private const int WarmingChecks = 10;

    /// <summary>Where the never-analysed case and the register are asked.</summary>
    private const int Reference = 1_000_000;

    public static async IAsyncEnumerable<Figure> RunAsync(BenchOptions options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var reference = options.Behind.Contains(Reference) ? Reference : options.Behind.Max();
        await using var server = await BenchServer.StartAsync(options, cancel);
        List<(int Behind, Guarded Guarded)> sizes = [];
        foreach (var behind in options.Behind) sizes.Add((behind, await FillAsync(server, behind, analysed: true, cancel)));
        var neverAnalysed = await FillAsync(server, reference, analysed: false, cancel);

        List<Guarded> all = [.. sizes.Select(size => size.Guarded), neverAnalysed];
        var times = all.ToDictionary(guarded => guarded, _ => new List<double>());
        List<double> register = [];
        for (var round = 0; round < options.Rounds; round++)
        {
            await RoundAsync(all, round, times, cancel);
            register.Add(await sizes.Single(size => size.Behind == reference).Guarded.AskRegisterAsync(round, cancel));
            Progress.Say($"round {round + 1} of {options.Rounds}: {string.Join(", ", sizes.Select(size => $"{size.Behind:N0}: {times[size.Guarded][^1]:0.00} ms"))}, never analysed {times[neverAnalysed][^1]:0.00} ms, register {register[^1]:0} ms");
        }
        foreach (var guarded in all) await guarded.DisposeAsync();

        var first = sizes[0];
        foreach (var (behind, guarded) in sizes.Skip(1))
            yield return Row($"guard, {Candidates:N0} candidates, {behind:N0} exported claims behind", times[guarded], times[first.Guarded], new Goal(3, 1.5), $"the same with {first.Behind:N0}");
        var analysed = times[sizes.Single(size => size.Behind == reference).Guarded];
        yield return Row($"guard, {reference:N0} behind, never analysed", times[neverAnalysed], analysed, new Goal(2, 1.0), "the same analysed");
        yield return Row($"guard against the register, {reference:N0} behind", analysed, register, new Goal(100, null, AtLeast: true), "the register's GIN index");
    }

    /// <summary>
    /// Adds a round's figure to each table's: the median of its checks. Each check asks every table in turn, the order changing
    /// from check to check, so that whatever the machine does for a moment comes to all of them; the first ones only warm the cache.
    /// </summary>
    private static async Task RoundAsync(List<Guarded> all, int round, Dictionary<Guarded, List<double>> times, CancellationToken cancel)
    {
        var checks = all.ToDictionary(guarded => guarded, _ => new List<double>(ChecksInARound));
        for (var check = -WarmingChecks; check < ChecksInARound; check++)
        {
            for (var turn = 0; turn < all.Count; turn++)
            {
                var guarded = all[(turn + check + WarmingChecks) % all.Count];
                var time = await guarded.CheckAsync(round, check, cancel);
                if (check >= 0) checks[guarded].Add(time);
            }
        }
        foreach (var (guarded, of) in checks) times[guarded].Add(Judgement.Median(of));
    }

    private static Figure Row(string what, IReadOnlyList<double> ours, IReadOnlyList<double> floor, Goal goal, string floorIs) =>
        new(Name, what, "ms", ours, floor, goal) { FloorIs = floorIs };

    private static async Task<Guarded> FillAsync(BenchServer server, int behind, bool analysed, CancellationToken cancel)
    {
        Progress.Say($"filling {behind:N0} exported claims{(analysed ? "" : ", never to be analysed")}");
        var database = await server.CreateAsync(cancel);
        await database.SqlAsync($"""
            set search_path = payonce;
            insert into marks (organisation_id, claim_id, generation, state, attempt, epoch, run_id, batch, export_key, evidence, changed_at)
            select 'bench', encode(substr(sha256(('payonce.' || n)::bytea), 1, 16), 'hex')::uuid::text, 0, 'exported', 1, 1, 1, n / {PostgresFloor.BatchSize} + 1, encode(substr(sha256(('key.' || n)::bytea), 1, 8), 'hex'), 'in_file', now() from generate_series(0, {behind - 1}) n;
            insert into attempts (organisation_id, run_id, batch, try, step, epoch, claim_ids, bytes_hash, at)
            select 'bench', 1, batch, 1, 'reserved', 1, jsonb_agg(claim_id), repeat('0', 64), now() from marks group by batch;
            {(analysed ? "vacuum analyze marks; vacuum analyze attempts;" : "select count(*) from marks where state = '';")}
            checkpoint;
            """, cancel);
        return new Guarded(database, behind);
    }

    /// <summary>One database of exported claims, and the two ways to ask it.</summary>
    private sealed class Guarded : IAsyncDisposable
    {
        private readonly PostgresStore store;
        private readonly DoubleExportGuard guard;
        private readonly NpgsqlDataSource superuser;
        private readonly int behind;

        public Guarded(BenchDatabase database, int behind)
        {
            store = database.OpenStore();
            guard = new DoubleExportGuard(store);
            superuser = NpgsqlDataSource.Create(database.Superuser);
            this.behind = behind;
        }

        /// <summary>One check, in milliseconds.</summary>
        public async Task<double> CheckAsync(int round, int check, CancellationToken cancel)
        {
            var candidates = Draw(round, check);
            var start = Stopwatch.GetTimestamp();
            var answer = await guard.FilterUnexportedClaimsAsync(SampleClaims.Organisation, candidates, cancel);
            var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            return answer.Held.Count == Candidates / 2 && answer.Unexported.Count == Candidates / 2
                ? time
                : throw new InvalidOperationException($"The guard holds {answer.Held.Count} of {Candidates} candidates.");
        }

        /// <summary>The same question to the attempts, as a superuser: under row-level security it would get no index at all.</summary>
        public async Task<double> AskRegisterAsync(int round, CancellationToken cancel)
        {
            await using var ask = superuser.CreateCommand("select count(*) from unnest($1) c where exists (select 1 from payonce.attempts a where a.organisation_id = 'bench' and a.claim_ids @> jsonb_build_array(c))");
            ask.CommandTimeout = 600;
            ask.Parameters.Add(new NpgsqlParameter { Value = Draw(round, check: 0) });
            var start = Stopwatch.GetTimestamp();
            var held = (long)(await ask.ExecuteScalarAsync(cancel))!;
            var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            return held == Candidates / 2 ? time : throw new InvalidOperationException($"The register holds {held} of {Candidates} candidates.");
        }

        public async ValueTask DisposeAsync()
        {
            await store.DisposeAsync();
            await superuser.DisposeAsync();
        }

        // Half of them exported, half never seen; other ones each time, the same ones in each database of a size.
        private string[] Draw(int round, int check)
        {
            var ids = new string[Candidates];
            for (var i = 0; i < Candidates; i++)
            {
                var number = BitConverter.ToUInt32(SHA256.HashData(Encoding.ASCII.GetBytes($"{round}.{check}.{i}")));
                ids[i] = Id(i % 2 == 0 ? (long)((i / 2 + (number % (behind / (Candidates / 2)) * (Candidates / 2))) % behind) : behind + (long)number);
            }
            return ids;
        }

        private static string Id(long number) => Guid.ParseExact(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"payonce.{number}")).AsSpan(0, 16)), "N").ToString("D");
    }
}
