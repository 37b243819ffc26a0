using System.Globalization;
using Microsoft.Data.Sqlite;
using PayOnce.EndToEnd.Tests.Support;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Generic;
using PayOnce.Stores.Postgres;
using PayOnce.Stores.Sqlite;
using PayOnce.Tests.Support;

namespace PayOnce.EndToEnd.Tests.Kills;

/// <summary>Over HTTP; the share that runs with the tests. <c>dotnet run build.cs -- kill --transport api</c> runs thousands.</summary>
public sealed class ApiKillTests(PostgresCluster cluster, PgBouncer pooler) : IClassFixture<PgBouncer>
{
    private static int Kills => int.Parse(Environment.GetEnvironmentVariable("PAYONCE_KILLS") ?? "8", CultureInfo.InvariantCulture);

    private static ulong Seed => ulong.Parse(Environment.GetEnvironmentVariable("PAYONCE_KILL_SEED") ?? "20261127", CultureInfo.InvariantCulture);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_while_answers_are_lost_over_SQLite_nothing_is_booked_twice_and_nothing_is_lost()
    {
        var folder = Directory.CreateTempSubdirectory("payonce-kill-stores-").FullName;
        var world = 0;
        await ReportAsync(new ApiKillCampaign(Seed,
            () => Task.FromResult<IReadOnlyList<string>>(["--data", Path.Combine(folder, (++world).ToString(CultureInfo.InvariantCulture))]),
            arguments => new SqliteStore(Path.Combine(arguments[1], "payonce.db"), TimeProvider.System)));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public Task Killed_while_answers_are_lost_over_PostgreSQL_nothing_is_booked_twice_and_nothing_is_lost() => RunOverAsync(() => cluster.CreateDatabaseAsync());

    [Fact]
    public Task Killed_while_answers_are_lost_over_PgBouncer_nothing_is_booked_twice_and_nothing_is_lost() => RunOverAsync(async () => await pooler.ThroughAsync(await cluster.CreateDatabaseAsync()));

    [Theory]
    [InlineData(GenericProof.Unique)]
    [InlineData(GenericProof.Readable)]
    public async Task A_process_that_stood_still_past_its_lease_and_goes_on_books_nothing_twice(GenericProof proof)
    {
        var folder = Directory.CreateTempSubdirectory("payonce-pause-").FullName;
        await using var system = await SandboxServer.StartAsync(new GenericStandIn(new GenericBehaviour { Proof = proof }), cancel: Cancel);
        string[] store = ["--data", folder];
        await SetUpAsync(system, proof, store, claims: 100);

        var paused = Payonce.Start(["sync", "hlf", "--json", .. store], new Dictionary<string, string> { ["PAYONCE_PAUSE_AT"] = "send:before:2" });
        await Until.TrueAsync(() => Task.FromResult(paused.StandsStill), () => "It never stood still.");
        // Its lease runs out: nobody waits a minute for that here.
        await ExpireLeaseAsync(Path.Combine(folder, "payonce.db"));
        var other = await Payonce.RunAsync(["sync", "hlf", "--json", .. store]);
        Assert.True(other.ExitCode is 0 or 4, other.ToString());
        paused.Resume();
        var woken = await paused.EndAsync();
        Assert.True(woken.ExitCode == 1 && woken.Errors.Contains("taken over", StringComparison.Ordinal), woken.ToString());

        await system.IdleAsync(Cancel);
        var last = await Payonce.RunAsync(["sync", "hlf", "--json", .. store]);
        Assert.True(last.ExitCode is 0 or 4, last.ToString());
        await using var judge = new SqliteStore(Path.Combine(folder, "payonce.db"), TimeProvider.System);
        var verdict = await Judge.JudgeBookAsync(judge, "hlf", system.StandIn.Bookings.Select(booking => booking.Key), Cancel);
        Assert.Equal(100, verdict.Exported + verdict.InDoubt);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task RunOverAsync(Func<Task<string>> newDatabase)
    {
        var keys = Directory.CreateTempSubdirectory("payonce-kill-keys-").FullName;
        await ReportAsync(new ApiKillCampaign(Seed,
            async () => ["--postgres", await newDatabase(), "--keys", keys],
            arguments => new PostgresStore(arguments[1], TimeProvider.System)));
        Directory.Delete(keys, recursive: true);
    }

    private static async Task SetUpAsync(SandboxHost system, GenericProof proof, string[] store, int claims)
    {
        var file = Path.Combine(store[1], "claims.csv");
        Succeed(await Payonce.RunAsync(["organisations", "add", "hlf", .. store]));
        Succeed(await Payonce.Start(["integrations", "set", "hlf", "-", .. store], input: ApiSettings.Generic(system.Address, proof, quietSeconds: 0)).EndAsync());
        Succeed(await Payonce.Start(["integrations", "secret", "set", "hlf", "token", .. store], input: "sandbox-token").EndAsync());
        Succeed(await Payonce.RunAsync("claims", "generate", "--count", claims.ToString(CultureInfo.InvariantCulture), "--seed", "5", "--out", file));
        Succeed(await Payonce.RunAsync(["claims", "import", "hlf", file, .. store]));
    }

    private static void Succeed(PayonceResult result) => Assert.True(result.ExitCode == 0, result.ToString());

    private static async Task ExpireLeaseAsync(string database)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        await connection.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "update run_leases set expires_at = taken_at";
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static async Task ReportAsync(ApiKillCampaign campaign)
    {
        var report = await campaign.RunAsync(Kills, Cancel);
        Assert.True(report.Kills >= Kills);
        Assert.True(report.AtStep > 0 && report.AtRandom > 0 && report.Exported > 0, "A campaign that tried only half of it: " + report);
        TestContext.Current.SendDiagnosticMessage(report.ToString());
        await File.WriteAllTextAsync(Path.Combine(AppContext.BaseDirectory, $"kills-{TestContext.Current.TestMethod!.MethodName}.txt"), report + "\n", Cancel);
    }
}
