using PayOnce.EndToEnd.Tests.Support;
using PayOnce.Stores.Sqlite;
using PayOnce.Tests.Support;

namespace PayOnce.EndToEnd.Tests;

/// <summary>The disk under PayOnce's own database takes no more, in the middle of a run of a real process.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int Claims = 1_500;

    private readonly string folder = Directory.CreateTempSubdirectory("payonce-full-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_disk_that_is_full_under_the_database_is_told_and_the_next_run_exports_every_claim_once()
    {
        var data = Path.Combine(folder, "data");
        var claims = Path.Combine(folder, "claims.csv");
        Assert.Equal(0, (await Payonce.RunAsync("organisations", "add", "hlf", "--data", data)).ExitCode);
        Assert.Equal(0, (await Payonce.Start(["integrations", "set", "hlf", "-", "--data", data], input: """{"exporter":"generic","transport":"file","format":"csv"}""").EndAsync()).ExitCode);
        Assert.Equal(0, (await Payonce.RunAsync("claims", "generate", "--count", $"{Claims}", "--seed", "5", "--out", claims)).ExitCode);
        Assert.Equal(0, (await Payonce.RunAsync("claims", "import", "hlf", claims, "--data", data)).ExitCode);
        var database = Path.Combine(data, "payonce.db");

        // No file of the process may grow beyond this, as if the disk ended there: less than the first batch writes.
        const string room = "400000";
        var full = await Payonce.Start(["sync", "hlf", "--data", data], WithoutLargeMappings, under: ["env", "--ignore-signal=XFSZ", "prlimit", "--fsize=" + room]).EndAsync();
        Assert.Equal(1, full.ExitCode);
        Assert.Empty(full.Output);
        Assert.Matches($@"^(There is no room left on the disk of the database {database}|The disk of the database {database} answered with an error \(SQLite \d+\))\. Nothing was changed\. .*try again\.\n$", full.Errors);

        await using (var store = new SqliteStore(database, TimeProvider.System))
        {
            var verdict = await Judge.JudgeAsync(store, "hlf", null, TestContext.Current.CancellationToken);
            Assert.Equal((0, 0, Claims), (verdict.Exported, verdict.InDoubt, verdict.Waiting + verdict.Reserved));
        }
        var next = await Payonce.RunAsync("sync", "hlf", "--json", "--data", data);
        Assert.True(next.ExitCode == 0, next.ToString());
        Assert.Equal(Claims, next.Json.GetProperty("exported").GetInt64());
        await using (var store = new SqliteStore(database, TimeProvider.System))
            Assert.Equal(new Verdict(Claims, 0, 0, 0), await Judge.JudgeAsync(store, "hlf", null, TestContext.Current.CancellationToken));
    }

    // The runtime's own memory is a file of a size that the limit would forbid, unless told otherwise.
    private static readonly Dictionary<string, string> WithoutLargeMappings = new() { ["DOTNET_EnableWriteXorExecute"] = "0" };
}
