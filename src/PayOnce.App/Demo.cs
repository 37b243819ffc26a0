using System.Globalization;
using System.Text;
using PayOnce.App.Host;
using PayOnce.App.Output;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Xledger;

namespace PayOnce.App;

/// <summary>
/// The whole story in a folder of its own: two organisations, an export each, the same again exporting nothing, a process killed
/// in the middle and the recovery; then an export over an API that loses an answer. Every line is what the named command really printed.
/// </summary>
/// <param name="tell">Given each step as soon as it is done.</param>
internal sealed class Demo(Surroundings surroundings, string actor, string folder, Action<DemoStepDocument> tell, CancellationToken stop) : IAsyncDisposable
{
    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "samples");

    private List<string> lines = [];
    private SandboxHost? xledger;

    public async Task RunAsync()
    {
        await SetUpAsync("hlf", "HLF");
        await SetUpAsync("blindeforbundet", "Norges Blindeforbund");
        Tell("Two organisations, each with its own accounting system and its own approved claims");

        await DoAsync("sync hlf");
        await DoAsync("sync blindeforbundet");
        Tell("Each exports what is approved: HLF a journal for Business Central, Blindeforbundet a GL02 file for Xledger");

        await DoAsync("sync hlf");
        await DoAsync("sync blindeforbundet");
        Tell("The same again: nothing leaves twice, and PayOnce says why");

        await DoAsync("claims generate --count 120 --seed 7 --out new-claims.csv");
        await DoAsync("claims import hlf new-claims.csv");
        await KillAsync("reserve:after", "The process was killed with SIGKILL when it had reserved the claims and no file existed yet.");
        await DoAsync("status hlf");
        await DoAsync("sync hlf");
        Tell("New claims come in. The export is killed in the middle; the next one finds out that nothing had left, and exports them once");

        await DoAsync("claims generate --count 80 --seed 8 --out more-claims.csv");
        await DoAsync("claims import hlf more-claims.csv");
        await KillAsync("confirm:after", "The process was killed right after the last commit: the file exists, and nobody was told.");
        await DoAsync("sync hlf");
        await DoAsync("runs file hlf 5 --out fetched/");
        Tell("Killed at the worst moment, when the file is finished but nobody knows: it is not made again, it is fetched");

        await OverTheApiAsync();

        await DoAsync("runs list hlf");
        await DoAsync("audit verify hlf");
        await DoAsync("audit verify blindeforbundet");
        Tell("The history tells all of it, and the audit trail proves that nobody has changed it");

        lines.AddRange(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => !Path.GetFileName(f).StartsWith("payonce.db", StringComparison.Ordinal))
            .Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal));
        Tell($"The files are in {folder}");
    }

    /// <summary>Ends Xledger's stand-in, which listens until then, so that what the demo set up can be tried further.</summary>
    public async ValueTask DisposeAsync()
    {
        if (xledger is not null) await xledger.DisposeAsync();
    }

    // The stand-in runs in this process, but everything between it and PayOnce is real: a socket, HTTP, a process that is killed.
    private async Task OverTheApiAsync()
    {
        var faults = new FaultPlan();
        xledger = await SandboxServer.StartAsync(new XledgerStandIn(), faults, cancel: stop);
        await File.WriteAllTextAsync(Path.Combine(folder, "xledger-api.json"), $$"""{"exporter":"xledger","transport":"api","format":"json","api":{"endpoint":"{{xledger.Address}}graphql"} }""", stop);
        await File.WriteAllTextAsync(Path.Combine(folder, "token.txt"), new XledgerOptions().Token, stop);
        await DoAsync("integrations set blindeforbundet xledger-api.json");
        await DoAsync("integrations secret set blindeforbundet token --file token.txt");
        await DoAsync("integrations test blindeforbundet");
        await DoAsync("claims generate --count 60 --seed 9 --out api-claims.csv");
        await DoAsync("claims import blindeforbundet api-claims.csv");
        faults.Script(new ScriptedFault(FaultKind.AnswerLost, Path: "graphql"));
        lines.Add("  (Xledger's stand-in takes the next request and loses the answer.)");
        await DoAsync("sync blindeforbundet");
        Tell("Blindeforbundet turns to Xledger's API. An answer never comes: PayOnce does not send again, it asks, and finds the claims there");

        await DoAsync("claims generate --count 20 --seed 10 --out last-claims.csv");
        await DoAsync("claims import blindeforbundet last-claims.csv");
        await KillAsync("send:after", "The process was killed when Xledger had answered and nothing of it was kept.", "blindeforbundet");
        await DoAsync("sync blindeforbundet");
        await DoAsync("reconcile blindeforbundet");
        lines.Add($"  The stand-in holds {xledger.StandIn.Bookings.Select(booking => booking.Key).Distinct(StringComparer.Ordinal).Count()} vouchers, {xledger.StandIn.Bookings.Select(booking => (booking.Key, booking.Reference)).Distinct().Count()} lines, none of them twice.");
        Tell("Killed between the answer and its record: the next run asks first, and finds them");
    }

    private async Task SetUpAsync(string organisation, string name)
    {
        var sample = Path.Combine(Samples, organisation);
        await DoAsync(["organisations", "add", organisation, name]);
        await DoAsync(["integrations", "set", organisation, Copy(organisation, Path.Combine(sample, "integration.json"))]);
        await DoAsync(["claims", "import", organisation, Copy(organisation, Directory.GetFiles(sample, "claims.*").Single())]);
    }

    // So that the commands can be tried again from the demo's folder.
    private string Copy(string organisation, string sample)
    {
        var name = $"{organisation}-{Path.GetFileName(sample)}";
        File.Copy(sample, Path.Combine(folder, name));
        return name;
    }

    private Task DoAsync(string line) => DoAsync(line.Split(' '));

    private async Task DoAsync(string[] args)
    {
        Say(args);
        using var output = new MemoryStream();
        await using var error = new StringWriter(CultureInfo.InvariantCulture);
        var inside = surroundings with
        {
            // The demo is about this folder, whatever the caller's environment says.
            Variable = _ => null,
            Folder = folder,
            Input = Stream.Null,
            Output = output,
            Error = error,
            OutputWidth = null,
            ErrorIsTerminal = false,
        };
        var exit = (ExitCode)await Cli.RunAsync([.. args, "--data", folder, "--actor", actor], inside, stop);
        Answered(Encoding.UTF8.GetString(output.ToArray()) + error);
        if (exit != ExitCode.Done) throw new InvalidOperationException($"The demo stopped at `payonce {string.Join(' ', args)}`: {error}");
    }

    private async Task KillAsync(string step, string told, string organisation = "hlf")
    {
        Say(["sync", organisation], $"{KillPoints.Variable}={step} ");
        var variables = new Dictionary<string, string> { [KillPoints.Variable] = step, [Storage.Variable] = "" };
        var (exit, output) = await ThisProgram.RunAsync(["sync", organisation, "--data", folder, "--actor", actor], folder, variables, stop);
        Answered(output);
        if (exit == 0) throw new InvalidOperationException($"The process was to die at {step} and did not.");
        lines.Add("  Killed.");
        lines.Add($"  {told}");
    }

    private void Say(IReadOnlyList<string> args, string before = "") =>
        lines.Add($"$ {before}payonce {string.Join(' ', args.Select(a => a.Contains(' ', StringComparison.Ordinal) ? $"\"{a}\"" : a))}");

    private void Answered(string output) =>
        lines.AddRange(output.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => "  " + line));

    private void Tell(string title)
    {
        tell(new DemoStepDocument(title, lines));
        lines = [];
    }
}
