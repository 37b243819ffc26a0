using System.Globalization;
using System.Text;
using PayOnce.App.Host;
using PayOnce.App.Output;

namespace PayOnce.App;

/// <summary>
/// The whole story in a folder of its own: two organisations, an export each, the same again exporting nothing, a process killed
/// in the middle and the recovery. Every line is what the named command really printed.
/// </summary>
/// <param name="tell">Given each step as soon as it is done.</param>
internal sealed class Demo(Surroundings surroundings, string actor, string folder, Action<DemoStepDocument> tell, CancellationToken stop)
{
    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "samples");

    private List<string> lines = [];

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

        await DoAsync("runs list hlf");
        await DoAsync("audit verify hlf");
        await DoAsync("audit verify blindeforbundet");
        Tell("The history tells all of it, and the audit trail proves that nobody has changed it");

        lines.AddRange(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => !Path.GetFileName(f).StartsWith("payonce.db", StringComparison.Ordinal))
            .Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal));
        Tell($"The files are in {folder}");
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

    private async Task KillAsync(string step, string told)
    {
        Say(["sync", "hlf"], $"{KillPoints.Variable}={step} ");
        var variables = new Dictionary<string, string> { [KillPoints.Variable] = step, [Storage.Variable] = "" };
        var (exit, output) = await ThisProgram.RunAsync(["sync", "hlf", "--data", folder, "--actor", actor], folder, variables, stop);
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
