using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PayOnce.Model;

/// <summary>One check of the protocol in Promela (docs/model), with spin and a C compiler.</summary>
/// <param name="Flags">What is defined, as the file's head lists it.</param>
/// <param name="Breaks">Whether spin must find an assertion violated.</param>
public sealed partial record SpinCheck(string Flags, bool Breaks)
{
    public static IReadOnlyList<SpinCheck> All { get; } =
    [
        .. new[] { "READABLE", "RELEASED", "BLIND", "UNIQUE EPOCHS=3 DEATHS=1", "READABLE RESTORE EPOCHS=4 DEATHS=1", "BLIND RESTORE EPOCHS=4 DEATHS=1", "UNIQUE FROZEN EPOCHS=3 DEATHS=1" }
            .Select(flags => new SpinCheck(flags, Breaks: false)),
        .. new[]
        {
            "READABLE FROZEN", "BLIND FROZEN", "RELEASED FALSE_READ", "UNIQUE FORGETS_KEYS", "READABLE RESTORE UNNOTICED", "READABLE NO_START", "RELEASED NO_QUIET", "READABLE NO_DEADLINE",
            "READABLE RESEND", "READABLE REUSE", "READABLE UNFENCED", "RELEASED STALE", "READABLE RESTORE UNASKED",
        }.Select(flags => new SpinCheck(flags, Breaks: true)),
    ];

    /// <summary>Checks, and prints a line about it.</summary>
    /// <param name="model">The file.</param>
    public bool IsAsExpected(string model)
    {
        var folder = Directory.CreateTempSubdirectory("payonce-spin-").FullName;
        try
        {
            var said = Said(folder, "spin", ["-a", .. Flags.Split(' ').Select(flag => $"-D{flag}"), Path.GetFullPath(model)])
                + Said(folder, "gcc", ["-O2", "-w", "-DSAFETY", "-o", "pan", "pan.c"])
                + Said(folder, Path.Combine(folder, "pan"), ["-m1000000"]);
            var errors = Number(Errors(), said);
            var complete = errors is not null && !said.Contains("max search depth too small", StringComparison.Ordinal);
            var expected = complete && (Breaks ? said.Contains("assertion violated", StringComparison.Ordinal) : errors == 0);
            Console.WriteLine($"  {Flags,-34} {Number(States(), said),10:N0} states, depth {Number(Depth(), said),4}, {(errors > 0 ? "an assertion is violated" : "nothing is violated")}{(expected ? "" : "   NOT as expected")}");
            if (!complete) Console.WriteLine(said);
            return expected;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Said(string folder, string program, IReadOnlyList<string> arguments)
    {
        using var child = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        var said = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return said;
    }

    private static long? Number(Regex what, string text) => what.Match(text) is { Success: true } match ? long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"(\d+) states, stored")]
    private static partial Regex States();

    [GeneratedRegex(@"errors: (\d+)")]
    private static partial Regex Errors();

    [GeneratedRegex(@"depth reached (\d+)")]
    private static partial Regex Depth();
}
