using System.Globalization;
using System.Text.Json;
using PayOnce.EndToEnd.Tests.Support;
using PayOnce.Stores.Postgres;
using PayOnce.Tests.Support;

namespace PayOnce.EndToEnd.Tests.Kills;

/// <summary>
/// Not the program dies but its database: PostgreSQL is stopped as by a power cut in the middle of a run, comes back by its own
/// recovery, or is replaced by its stand-by. A few deaths with every run of the tests; more with
/// <c>dotnet run build.cs -- kill --database</c>.
/// </summary>
public sealed class DatabaseKillTests : IAsyncLifetime
{
    private const string Org = "hlf";
    private const int Claims = 6_000;

    private readonly PostgresCluster cluster = new();
    private readonly string folder = Directory.CreateTempSubdirectory("payonce-database-kills-").FullName;
    private readonly Dice dice = new(Number("PAYONCE_KILL_SEED", 20261128));

    private static int Kills => (int)Number("PAYONCE_DATABASE_KILLS", 3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Killed_under_a_run_PostgreSQL_comes_back_and_nothing_leaves_twice_and_nothing_is_lost()
    {
        string[] store = ["--postgres", await cluster.CreateDatabaseAsync()];
        var outside = await PrepareAsync(store);
        var under = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var run = Payonce.Start(["sync", Org, .. store]);
            await Task.Delay(TimeSpan.FromMilliseconds(dice.Next(2_500)), Cancel);
            var alive = !run.HasEnded;
            await cluster.StopAsync(immediately: true);
            var result = await run.EndAsync();
            if (alive && result.ExitCode is not (0 or 4)) under++;
            Assert.DoesNotContain("   at PayOnce", result.Errors, StringComparison.Ordinal);
            await cluster.StartAsync();
            // A run gets through now and then: the last one would have the claims of a hundred.
            if (kill % 10 == 9) Assert.True(await Payonce.RunAsync(["sync", Org, .. store]) is { ExitCode: 0 or 4 }, "A run that nothing happened to failed.");
            // What left is what the next kill cannot take back: each round has claims that wait.
            if (kill < Kills - 1) Succeed(await Payonce.RunAsync(["claims", "import", Org, await ClaimsAsync(kill + 1), .. store]));
        }
        await EndAsync(store, outside, Kills, Kills * Claims);
        Assert.True(under > 0 || Kills < 3, "PostgreSQL never died while a run went on: nothing was tried.");
    }

    [Fact]
    public async Task Failed_over_to_its_stand_by_in_the_middle_of_a_run_PostgreSQL_has_forgotten_nothing()
    {
        var straight = await cluster.CreateDatabaseAsync();
        await using var standby = await PostgresStandby.FollowAsync(cluster);
        string[] store = ["--postgres", standby.WhicheverIsPrimary(straight)];
        var outside = await PrepareAsync(store);
        // It stands still once it has reserved its claims, and goes on when the primary is another.
        var run = Payonce.Start(["sync", Org, .. store], new Dictionary<string, string> { ["PAYONCE_PAUSE_AT"] = "reserve:after" });
        await Until.TrueAsync(() => Task.FromResult(run.StandsStill || run.HasEnded), () => "The run never reserved anything.");
        await cluster.StopAsync(immediately: true);
        await standby.PromoteAsync();
        run.Resume();
        _ = await run.EndAsync();
        await EndAsync(store, outside, deaths: 1, Claims);
    }

    private async Task<string> PrepareAsync(string[] store)
    {
        var outside = Directory.CreateDirectory(Path.Combine(folder, "outside")).FullName;
        Succeed(await Payonce.RunAsync(["organisations", "add", Org, .. store]));
        var settings = JsonSerializer.Serialize(new Dictionary<string, string> { ["exporter"] = "generic", ["transport"] = "file", ["format"] = "csv", ["folder"] = outside });
        Succeed(await Payonce.Start(["integrations", "set", Org, "-", .. store], input: settings).EndAsync());
        Succeed(await Payonce.RunAsync(["claims", "import", Org, await ClaimsAsync(0), .. store]));
        return outside;
    }

    private async Task<string> ClaimsAsync(int number)
    {
        var claims = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"claims-{number}.csv"));
        Succeed(await Payonce.RunAsync("claims", "generate", "--count", Claims.ToString(CultureInfo.InvariantCulture), "--seed", (1000 + number).ToString(CultureInfo.InvariantCulture), "--out", claims));
        return claims;
    }

    private static async Task EndAsync(string[] store, string outside, int deaths, int claims)
    {
        var last = await Payonce.RunAsync(["sync", Org, .. store]);
        Assert.True(last.ExitCode is 0 or 4, last.ToString());
        await using var judge = new PostgresStore(store[1], TimeProvider.System);
        var verdict = await Judge.JudgeAsync(judge, Org, outside, Cancel);
        Assert.Equal(claims, verdict.Exported + verdict.InDoubt);
        await File.WriteAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, $"kills-{TestContext.Current.TestMethod!.MethodName}.txt"),
            string.Create(CultureInfo.InvariantCulture, $"{deaths} deaths of PostgreSQL: {verdict.Exported} claims exported once, {verdict.InDoubt} in doubt, 0 twice, 0 lost\n"), Cancel);
    }

    private static ulong Number(string variable, ulong otherwise) => Environment.GetEnvironmentVariable(variable) is { } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static void Succeed(PayonceResult result) => Assert.True(result.ExitCode == 0, result.ToString());
}
