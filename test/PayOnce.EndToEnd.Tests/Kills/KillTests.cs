using System.Globalization;
using PayOnce.Stores.Postgres;
using PayOnce.Stores.Sqlite;
using PayOnce.Tests.Support;

[assembly: AssemblyFixture(typeof(PostgresCluster))]

namespace PayOnce.EndToEnd.Tests.Kills;

/// <summary>
/// A few dozen kills with every run of the tests; thousands with <c>dotnet run build.cs -- kill</c>, which sets the number, the
/// store and the seed by environment variables.
/// </summary>
public sealed class KillTests(PostgresCluster cluster, PgBouncer pooler) : IClassFixture<PgBouncer>
{
    private static int Kills => int.Parse(Environment.GetEnvironmentVariable("PAYONCE_KILLS") ?? "16", CultureInfo.InvariantCulture);

    private static ulong Seed => ulong.Parse(Environment.GetEnvironmentVariable("PAYONCE_KILL_SEED") ?? "20261120", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Killed_at_any_moment_over_SQLite_nothing_leaves_twice_and_nothing_is_lost()
    {
        var folder = Directory.CreateTempSubdirectory("payonce-kill-stores-").FullName;
        var world = 0;
        var campaign = new KillCampaign(Seed,
            () => Task.FromResult<IReadOnlyList<string>>(["--data", Path.Combine(folder, (++world).ToString(CultureInfo.InvariantCulture))]),
            arguments => new SqliteStore(Path.Combine(arguments[1], "payonce.db"), TimeProvider.System));
        await ReportAsync(campaign);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Killed_at_any_moment_over_PostgreSQL_nothing_leaves_twice_and_nothing_is_lost()
    {
        var campaign = new KillCampaign(Seed,
            async () => ["--postgres", await cluster.CreateDatabaseAsync()],
            arguments => new PostgresStore(arguments[1], TimeProvider.System));
        await ReportAsync(campaign);
    }

    [Fact]
    public async Task Killed_at_any_moment_over_PgBouncer_nothing_leaves_twice_and_nothing_is_lost()
    {
        var campaign = new KillCampaign(Seed,
            async () => ["--postgres", await pooler.ThroughAsync(await cluster.CreateDatabaseAsync())],
            arguments => new PostgresStore(arguments[1], TimeProvider.System));
        await ReportAsync(campaign);
    }

    private static async Task ReportAsync(KillCampaign campaign)
    {
        var report = await campaign.RunAsync(Kills, TestContext.Current.CancellationToken);
        Assert.True(report.Kills >= Kills);
        Assert.True(report.AtStep > 0 && report.AtRandom > 0 && report.Exported > 0, "A campaign that tried only half of it: " + report);
        TestContext.Current.SendDiagnosticMessage(report.ToString());
        await File.WriteAllTextAsync(Path.Combine(AppContext.BaseDirectory, $"kills-{TestContext.Current.TestMethod!.MethodName}.txt"), report + "\n", TestContext.Current.CancellationToken);
    }
}
