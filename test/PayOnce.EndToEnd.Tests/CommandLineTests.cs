using System.Text.Json;
using PayOnce.EndToEnd.Tests.Support;

namespace PayOnce.EndToEnd.Tests;

/// <summary>The command line as a shell sees it: a real process, its pipes, its folder, its signals.</summary>
public sealed class CommandLineTests : IDisposable
{
    private const string Generic = """{"exporter":"generic","transport":"file","format":"csv"}""";

    private readonly string folder = Directory.CreateTempSubdirectory("payonce-e2e-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Claims_go_in_through_a_pipe_out_in_a_file_and_not_a_second_time()
    {
        await SetUpAsync(claims: 25);
        var first = await RunAsync(["sync", "hlf", "--json"]);
        Assert.Equal(0, first.ExitCode);
        Assert.Empty(first.Errors);
        var run = OneDocument(first);
        Assert.Equal(25, run.GetProperty("exported").GetInt64());
        Assert.StartsWith(Path.Combine(folder, "payonce-data", "files", "hlf"), run.GetProperty("file").GetString(), StringComparison.Ordinal);
        Assert.True(File.Exists(run.GetProperty("file").GetString()));

        var second = await RunAsync(["sync", "hlf"]);
        Assert.Equal(0, second.ExitCode);
        Assert.Equal("Run 2 exported nothing. All 25 approved claims were already exported; the last time in run 1.\n", second.Output);
    }

    [Fact]
    public async Task In_a_pipe_there_is_no_control_sequence()
    {
        await SetUpAsync(claims: 25);
        foreach (var command in new[] { "sync hlf", "status hlf", "runs list hlf", "claims list hlf", "audit list hlf", "doctor" })
        {
            var result = await RunAsync(command.Split(' '));
            Assert.Equal(0, result.ExitCode);
            Assert.DoesNotContain('\u001b', result.Output + result.Errors);
        }
    }

    [Fact]
    public async Task A_relative_data_folder_is_below_the_folder_the_caller_is_in()
    {
        Assert.Equal(0, (await RunAsync(["organisations", "add", "hlf", "--data", "./here"])).ExitCode);
        Assert.True(File.Exists(Path.Combine(folder, "here", "payonce.db")));
    }

    [Fact]
    public async Task A_folder_that_was_named_wins_over_the_environment()
    {
        var variables = new Dictionary<string, string> { ["PAYONCE_POSTGRES"] = "Host=/nowhere/at/all;Username=x" };
        Assert.Equal(0, (await RunAsync(["organisations", "add", "hlf", "--data", "here"], variables)).ExitCode);
        Assert.Equal(1, (await RunAsync(["organisations", "list"], variables)).ExitCode);
    }

    [Fact]
    public async Task Wrong_usage_says_so_on_standard_error_and_with_json_in_one_document()
    {
        var plain = await RunAsync(["sync"]);
        Assert.Equal(2, plain.ExitCode);
        Assert.Empty(plain.Output);
        Assert.NotEmpty(plain.Errors);
        var json = await RunAsync(["sync", "--json"]);
        Assert.Equal(2, json.ExitCode);
        Assert.Equal(2, OneDocument(json).GetProperty("error").GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public async Task A_process_killed_after_it_reserved_leaves_claims_that_the_next_run_exports_once()
    {
        await SetUpAsync(claims: 25);
        var killed = await RunAsync(["sync", "hlf"], new Dictionary<string, string> { ["PAYONCE_KILL_AT"] = "reserve:after" });
        Assert.Equal(Payonce.Killed, killed.ExitCode);
        var next = await RunAsync(["sync", "hlf", "--json"]);
        Assert.Equal(0, next.ExitCode);
        Assert.Equal(25, OneDocument(next).GetProperty("exported").GetInt64());
    }

    [Fact]
    public async Task The_demo_runs_to_its_end_and_leaves_its_files()
    {
        var demo = await RunAsync(["demo", "--exit", "--json", "--data", "demo"]);
        Assert.True(demo.ExitCode == 0, demo.ToString());
        var document = OneDocument(demo);
        Assert.Equal(Path.Combine(folder, "demo"), document.GetProperty("folder").GetString());
        Assert.Contains(document.GetProperty("steps").EnumerateArray(), s => s.GetProperty("lines").EnumerateArray().Any(l => l.GetString() == "  Killed."));
        Assert.Equal(2, (await RunAsync(["demo", "--data", "demo"])).ExitCode);
    }

    private async Task SetUpAsync(int claims)
    {
        Assert.Equal(0, (await RunAsync(["organisations", "add", "hlf", "HLF"])).ExitCode);
        Assert.Equal(0, (await RunAsync(["integrations", "set", "hlf", "-"], input: Generic)).ExitCode);
        var made = await RunAsync(["claims", "generate", "--count", $"{claims}", "--seed", "1", "--out", "-"]);
        var taken = await RunAsync(["claims", "import", "hlf", "-", "--json"], input: made.Output);
        Assert.True(taken.ExitCode == 0, taken.ToString());
        Assert.Equal(claims, OneDocument(taken).GetProperty("added").GetInt64());
    }

    private async Task<PayonceResult> RunAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? input = null) =>
        await Payonce.Start(arguments, environment, folder, input).EndAsync();

    private static JsonElement OneDocument(PayonceResult result)
    {
        using var document = JsonDocument.Parse(result.Output, new JsonDocumentOptions { AllowDuplicateProperties = false });
        return document.RootElement.Clone();
    }
}
