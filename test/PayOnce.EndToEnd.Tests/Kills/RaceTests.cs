using PayOnce.EndToEnd.Tests.Support;
using PayOnce.Stores;
using PayOnce.Stores.Postgres;
using PayOnce.Stores.Sqlite;
using PayOnce.Tests.Support;

namespace PayOnce.EndToEnd.Tests.Kills;

/// <summary>Several real processes at once on one organisation: one run at a time, and every claim once.</summary>
public sealed class RaceTests(PostgresCluster cluster, PgBouncer pooler) : IClassFixture<PgBouncer>
{
    private const string Org = "hlf";
    private const int Claims = 3_000;

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Processes_that_sync_at_once_over_SQLite_export_every_claim_once(int processes)
    {
        var folder = Directory.CreateTempSubdirectory("payonce-race-").FullName;
        await RaceAsync(processes, ["--data", folder], () => new SqliteStore(Path.Combine(folder, "payonce.db"), TimeProvider.System));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Processes_that_sync_at_once_over_PostgreSQL_export_every_claim_once(int processes)
    {
        var connection = await cluster.CreateDatabaseAsync();
        await RaceAsync(processes, ["--postgres", connection], () => new PostgresStore(connection, TimeProvider.System));
    }

    [Fact]
    public async Task Eight_processes_that_sync_at_once_through_a_pooler_with_three_sessions_export_every_claim_once()
    {
        var connection = await cluster.CreateDatabaseAsync();
        await RaceAsync(8, ["--postgres", await pooler.ThroughAsync(connection)], () => new PostgresStore(connection, TimeProvider.System));
    }

    private static async Task RaceAsync(int processes, string[] store, Func<IStore> open)
    {
        Assert.Equal(0, (await Payonce.RunAsync(["organisations", "add", Org, .. store])).ExitCode);
        Assert.Equal(0, (await Payonce.Start(["integrations", "set", Org, "-", .. store], input: """{"exporter":"generic","transport":"file","format":"csv"}""").EndAsync()).ExitCode);
        var claims = Path.GetTempFileName() + ".csv";
        Assert.Equal(0, (await Payonce.RunAsync("claims", "generate", "--count", "3000", "--seed", "7", "--out", claims)).ExitCode);
        Assert.Equal(0, (await Payonce.RunAsync(["claims", "import", Org, claims, .. store])).ExitCode);
        File.Delete(claims);

        // Half of them ask to wait for their turn, the others want to be told.
        var racers = Enumerable.Range(0, processes)
            .Select(n => Payonce.Start(["sync", Org, "--json", "--when-busy", n % 2 == 0 ? "wait" : "reject", .. store]))
            .ToList();
        var exported = 0;
        for (var n = 0; n < processes; n++)
        {
            var result = await racers[n].EndAsync();
            Assert.True(result.ExitCode == 0 || (n % 2 == 1 && result.ExitCode == 5), result.ToString());
            if (result.ExitCode == 0) exported += result.Json.GetProperty("exported").GetInt32();
        }
        Assert.Equal(Claims, exported);

        await using var judge = open();
        var verdict = await Judge.JudgeAsync(judge, Org, null, TestContext.Current.CancellationToken);
        Assert.Equal(Claims, verdict.Exported);
    }
}
