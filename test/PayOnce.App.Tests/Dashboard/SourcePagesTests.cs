using System.Net;
using Npgsql;
using PayOnce.Access;
using PayOnce.App.Tests.Api;
using PayOnce.App.Tests.Support;
using PayOnce.Sources;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>A source set up, tried and read on the dashboard and over the API.</summary>
public sealed class SourcePagesTests(PostgresCluster cluster)
{
    /// <summary>Three approved claims, the second of which has no claimant.</summary>
    internal const string View =
        """
        create view payonce_claims as select 'S-' || n as claim_id, case when n = 2 then '' else '4711' end as claimant_id, 'Kari' as claimant_name, 'travel' as type, 'NOK' as currency,
            '2026-01-05Z'::timestamptz as approved_at, 'leder@example.org' as approved_by, 12300::bigint as total_minor,
            '[{"date":"2026-01-02","category":"train","description":"","amountMinor":12300}]'::jsonb as lines, null::timestamptz as withdrawn_at, null::text as withdrawn_reason
        from generate_series(1, 3) n
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_source_is_set_up_tried_and_read_and_its_refused_rows_are_shown(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        var theirs = await cluster.CreateDatabaseAsync(migrated: false);
        var parts = new NpgsqlConnectionStringBuilder(theirs);
        var connection = FormattableString.Invariant($"postgres://{parts.Username}:{parts.Password}@{parts.Host}:{parts.Port}/{parts.Database}");
        using var client = await world.SignedInAsync(Role.Administrator);
        const string page = "/o/hlf/settings/source";
        Assert.Contains("Krav leses ikke fra noen database.", Pages.Words(await client.ReadAsync(page)), StringComparison.Ordinal);

        (string, string)[] form = [("on", "yes"), ("view", "payonce_claims"), ("overlap", "60"), ("every", ""), ("batch", "1000"), ("statement", "30"), ("table", "")];
        using (var wrong = await client.SendFormAsync(page + "/change", [.. form, ("connection", "nonsense"), ("batch", "7")]))
        {
            var html = WebUtility.HtmlDecode(await wrong.ReadAsync(HttpStatusCode.UnprocessableEntity));
            Assert.Contains("Tilkobling må være én vert, en database og en bruker", html, StringComparison.Ordinal);
            Assert.Contains("Rader i hver spørring må være et helt tall fra", html, StringComparison.Ordinal);
            Assert.DoesNotContain("nonsense", html, StringComparison.Ordinal);
        }
        using (var saved = await client.SendFormAsync(page + "/change", [.. form, ("connection", connection)])) Assert.Equal(page, world.Here(saved));
        Assert.DoesNotContain(parts.Password!, await client.ReadAsync(page + "/change"), StringComparison.Ordinal);

        using (var tried = await client.SendFormAsync(page + "/test", ("_handler", "test"))) Assert.Contains("Det finnes ingen visning eller tabell payonce_claims, eller brukeren får ikke lese den.", Pages.Words(await tried.ReadAsync()), StringComparison.Ordinal);
        await cluster.ExecuteAsync(parts.Database!, View);
        using (var tried = await client.SendFormAsync(page + "/test", ("_handler", "test"))) Assert.Contains("Kilden kan brukes.", Pages.Words(await tried.ReadAsync()), StringComparison.Ordinal);
        using (var read = await client.SendFormAsync(page + "/read", ("_handler", "read"))) Assert.Equal(page, world.Here(read));
        var shown = Pages.Words(await client.ReadAsync(page, language: "en"));
        Assert.Contains("3 rows read: 2 claims new", shown, StringComparison.Ordinal);
        Assert.Contains("S-2", shown, StringComparison.Ordinal);
        Assert.Contains("claimant.id", shown, StringComparison.Ordinal);
        Assert.Equal(2, await world.Store.CountWaitingAsync("hlf", Cancel));
        Assert.Contains("Source of claims", Pages.Words(await client.ReadAsync("/o/hlf/settings", language: "en")), StringComparison.Ordinal);
        await cluster.DropDatabaseAsync(theirs);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_program_sets_a_source_up_and_reads_it_and_never_sees_its_connection(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        var theirs = await cluster.CreateDatabaseAsync(migrated: false);
        var parts = new NpgsqlConnectionStringBuilder(theirs);
        await cluster.ExecuteAsync(parts.Database!, View);
        using var api = await ApiCaller.OfAsync(world);
        (await api.GetAsync("source")).Is(HttpStatusCode.NotFound).IsProblem("not-found");
        (await api.PostAsync("source/read", "{}")).Is(HttpStatusCode.Conflict).IsProblem("not-set-up");
        var wrong = (await api.PutAsync("source", """{"view":"x; drop","connection":"Host=secret-host;Passfile=x"}""", ("If-None-Match", "*"))).Is(HttpStatusCode.BadRequest).IsProblem("bad-input");
        Assert.Equal(2, wrong["errors"].GetArrayLength());
        Assert.DoesNotContain("secret-host", wrong["errors"].GetRawText(), StringComparison.Ordinal);

        var saved = (await api.PutAsync(
            "source", $$"""{"everyMinutes":null,"connection":"Host={{parts.Host}};Port={{parts.Port}};Database={{parts.Database}};Username={{parts.Username}};Password={{parts.Password}}"}""", ("If-None-Match", "*"))).Is(HttpStatusCode.OK);
        Assert.Equal("\"v1\"", saved.Headers.ETag!.Tag);
        Assert.True((await api.GetAsync("source")).Is(HttpStatusCode.OK)["hasConnection"].GetBoolean());
        Assert.True((await api.PostAsync("source/test", "{}")).Is(HttpStatusCode.OK)["usable"].GetBoolean());
        Assert.Equal(2, (await api.PostAsync("source/read", "{}")).Is(HttpStatusCode.OK)["added"].GetInt32());
        Assert.Equal("S-2", Assert.Single((await api.GetAsync("source/refused")).Is(HttpStatusCode.OK)["items"].EnumerateArray()).GetProperty("claimId").GetString());
        Assert.Equal(3, (await api.GetAsync("source")).Is(HttpStatusCode.OK)["last"].GetProperty("read").GetInt32());
        (await api.PutAsync("source", "{}", ("If-Match", "\"v7\""))).Is(HttpStatusCode.PreconditionFailed).IsProblem("changed-meanwhile");
        await cluster.DropDatabaseAsync(theirs);
    }
}
