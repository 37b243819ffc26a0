using System.Diagnostics;
using System.Text.RegularExpressions;

namespace PayOnce.Guards;

/// <param name="Failed">Names of the tests that failed.</param>
internal sealed record TestResult(int Passed, IReadOnlyList<string> Failed);

/// <summary>A copy of the committed code in which guards can be taken out.</summary>
internal sealed partial class Copy : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("payonce-guards-");

    public static Copy Of(string repository)
    {
        var copy = new Copy();
        if (copy.Run("git", "clone", "--quiet", Path.GetFullPath(repository), ".").Exit == 0) return copy;
        copy.Dispose();
        throw new InvalidOperationException($"{repository} cannot be cloned.");
    }

    /// <exception cref="InvalidOperationException">The text does not stand there exactly once: the guard has moved.</exception>
    public void Apply(Cut cut)
    {
        var path = Path.Combine(folder.FullName, cut.File);
        var text = File.ReadAllText(path);
        if (text.Split(cut.Find).Length != 2) throw new InvalidOperationException($"{cut.File} does not have \"{cut.Find}\" exactly once: mend the list of guards.");
        File.WriteAllText(path, text.Replace(cut.Find, cut.Put, StringComparison.Ordinal));
    }

    public void Restore() => Run("git", "checkout", "--quiet", "--", ".");

    /// <summary>Builds, and runs these classes of tests. Null if it does not build.</summary>
    public TestResult? Test(IReadOnlyList<string> classes)
    {
        // Without a guard something may be unused: that is no matter here.
        if (Run("dotnet", "build", "test/PayOnce.Tests", "--nologo", "-v", "q", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false").Exit != 0) return null;
        var program = Path.Combine(folder.FullName, "artifacts", "bin", "PayOnce.Tests", "debug", OperatingSystem.IsWindows() ? "PayOnce.Tests.exe" : "PayOnce.Tests");
        var (exit, output) = Run(program, [.. classes.SelectMany(name => new[] { "-class", name }), "-noColor"]);
        var failed = FailedTest().Matches(output).Select(match => match.Groups[1].Value).Distinct().ToList();
        var total = Total().Match(output);
        // A guard without which the tests never end, or fall over as a whole, is missed as well.
        if (!total.Success) return new TestResult(0, [.. failed, "the test run as a whole"]);
        var (all, errors) = (int.Parse(total.Groups[1].ValueSpan, provider: null), exit != 0 && failed.Count == 0);
        return new TestResult(all - failed.Count, errors ? ["the test run as a whole"] : failed);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private (int Exit, string Output) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{program} does not start.");
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        return (process.ExitCode, output.Result + errors.Result);
    }

    [GeneratedRegex(@"^\s*(\S.*) \[FAIL\]\s*$", RegexOptions.Multiline)]
    private static partial Regex FailedTest();

    [GeneratedRegex(@"Total: (\d+)")]
    private static partial Regex Total();
}
