using System.Globalization;
using System.Text.Json;
using PayOnce.Stores.Sqlite;

namespace PayOnce.Tests.App;

/// <summary>The command line over a folder of the test's own, with one organisation and a few claims if asked for.</summary>
internal sealed class CommandLine : IDisposable
{
    public const string Generic = """{"exporter":"generic","transport":"file","format":"csv"}""";

    public string Folder { get; } = Directory.CreateTempSubdirectory("payonce-cli-").FullName;

    public Func<string, string?> Variables { get; set; } = _ => null;

    /// <summary>An organisation <c>hlf</c> with an integration, and claims, … approved on the 1st, 2nd, … of January 2024 at noon UTC.</summary>
    public static async Task<CommandLine> WithClaimsAsync(int claims, string settings = Generic)
    {
        var cli = new CommandLine();
        await cli.DoneAsync("organisations add hlf HLF");
        await cli.DoneAsync("integrations set hlf -", settings);
        if (claims > 0) await cli.DoneAsync("claims import hlf -", Claims(1, claims));
        return cli;
    }

    /// <summary>Claims as JSON Lines, each of one line over 100 times its number.</summary>
    public static string Claims(int first, int last, string category = "ticket", string currency = "NOK") =>
        string.Concat(Enumerable.Range(first, last - first + 1).Select(n => Claim($"A-{n}", n, category, currency) + "\n"));

    public static string Claim(string id, int n, string category = "ticket", string currency = "NOK") => string.Create(CultureInfo.InvariantCulture,
        $$"""{"claimId":"{{id}}","claimant":{"id":"4711","name":"Kari Nordmann"},"type":"travel","currency":"{{currency}}","approvedAt":"{{new DateTime(2024, 1, 1).AddDays(Math.Min(n - 1, 300)):yyyy-MM-dd}}T12:00:00Z","approvedBy":"Ola","lines":[{"date":"2023-12-31","category":"{{category}}","description":"Tog","amountMinor":{{n * 100}}}]}""");

    public Task<(int Exit, string Output, string Error)> RunAsync(string line, string input = "") => RunAsync(line.Split(' '), input);

    public Task<(int Exit, string Output, string Error)> RunAsync(string[] args, string input = "") =>
        TestSurroundings.RunAsync(Folder, args, input, Variables, TestContext.Current.CancellationToken);

    /// <summary>Runs a command that is told to stop before it has begun.</summary>
    public Task<(int Exit, string Output, string Error)> RunStoppedAsync(string line, string input = "") =>
        TestSurroundings.RunAsync(Folder, line.Split(' '), input, Variables, new CancellationToken(canceled: true));

    /// <summary>Runs a command that is told to stop at the moment when it asks for the lease.</summary>
    public async Task<(int Exit, string Output, string Error)> RunStoppedAtTheLeaseAsync(string line)
    {
        using var stop = new CancellationTokenSource();
        return await TestSurroundings.RunAsync(Folder, line.Split(' '), "", Variables, stop.Token, new StoppingNode(stop));
    }

    private sealed class StoppingNode(CancellationTokenSource stop) : INode
    {
        private long numbers;

        public string Holder
        {
            get
            {
                stop.Cancel();
                return "stopping";
            }
        }

        public bool IsGone(string holder) => false;

        public long NextNumber() => Interlocked.Increment(ref numbers);
    }

    /// <summary>Runs a command that must succeed, and returns what it printed.</summary>
    public async Task<string> DoneAsync(string line, string input = "")
    {
        var (exit, output, error) = await RunAsync(line, input);
        Assert.True(exit == 0, $"payonce {line}: exit {exit}\n{output}{error}");
        Assert.Empty(error);
        return output;
    }

    /// <summary>Runs a command with <c>--json</c> and returns its one document, read strictly.</summary>
    public async Task<(int Exit, JsonElement Document)> JsonAsync(string line, string input = "")
    {
        var (exit, output, _) = await RunAsync(line + " --json", input);
        Assert.EndsWith("\n", output, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(output, new JsonDocumentOptions { AllowDuplicateProperties = false, AllowTrailingCommas = false });
        return (exit, document.RootElement.Clone());
    }

    /// <summary>The store behind it, as another process would open it.</summary>
    public SqliteStore Store() => new(Path.Combine(Folder, "payonce-data", "payonce.db"), TimeProvider.System);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
