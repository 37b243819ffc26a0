using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace PayOnce.EndToEnd.Tests.Support;

/// <summary>The real program as a real process: started, fed, killed.</summary>
public sealed partial class Payonce
{
    /// <summary>What a shell would see of a process that SIGKILL ended.</summary>
    public const int Killed = 137;

    private readonly Process process;
    private readonly StringBuilder said = new();
    private readonly Task output;
    private readonly Task<string> errors;
    private bool ended;

    private Payonce(Process process)
    {
        this.process = process;
        // Both pipes are read from the start, so that a full pipe never holds the process up.
        output = ReadAsync();
        errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The program under test, as the build put it beside these tests.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "payonce.dll");

    /// <summary>What runs it.</summary>
    public static string DotNet { get; } = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    /// <summary>Starts <c>payonce</c> with arguments and returns at once.</summary>
    /// <param name="environment">Added to a clean environment.</param>
    /// <param name="under">A program and its arguments, which in its turn becomes payonce.</param>
    public static Payonce Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? workingFolder = null, string? input = null, IReadOnlyList<string>? under = null)
    {
        string[] command = [.. under ?? [], DotNet, Program, .. arguments];
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = workingFolder ?? Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PAYONCE_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException("payonce did not start.");
        if (input is not null) process.StandardInput.Write(input);
        process.StandardInput.Close();
        return new Payonce(process);
    }

    /// <summary>Runs <c>payonce</c> to its end.</summary>
    public static async Task<PayonceResult> RunAsync(params string[] arguments) => await Start(arguments).EndAsync();

    /// <summary>Its process id.</summary>
    public int Id => process.Id;

    /// <summary>True when it has ended.</summary>
    public bool HasEnded => ended || process.HasExited;

    /// <summary>What it has written to standard output so far.</summary>
    public string OutputSoFar
    {
        get
        {
            lock (said) return said.ToString();
        }
    }

    /// <summary>True while SIGSTOP holds it: the third field of /proc/PID/stat, behind the name in parentheses.</summary>
    public bool StandsStill
    {
        get
        {
            if (HasEnded) return false;
            var stat = File.ReadAllText($"/proc/{process.Id}/stat");
            return stat[stat.LastIndexOf(')') + 2] == 'T';
        }
    }

    /// <summary>SIGKILL: no finally, no exit handler, no last word.</summary>
    public void Kill() => _ = Signal(process.Id, 9);

    /// <summary>SIGINT, as Ctrl-C sends it.</summary>
    public void Interrupt() => _ = Signal(process.Id, 2);

    /// <summary>SIGTERM, as a service manager sends it.</summary>
    public void Terminate() => _ = Signal(process.Id, 15);

    /// <summary>SIGSTOP: it stands still.</summary>
    public void Pause() => _ = Signal(process.Id, 19);

    /// <summary>SIGCONT: it goes on.</summary>
    public void Resume() => _ = Signal(process.Id, 18);

    /// <summary>Waits for its end; a process that does not end within two minutes is killed and fails the test.</summary>
    public async Task<PayonceResult> EndAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Resume();
            Kill();
            throw new TimeoutException($"payonce {string.Join(' ', process.StartInfo.ArgumentList.Skip(1))} did not end within two minutes.");
        }
        await output;
        var result = new PayonceResult(process.ExitCode, OutputSoFar, await errors);
        ended = true;
        process.Dispose();
        return result;
    }

    private async Task ReadAsync()
    {
        var piece = new char[4096];
        while (await process.StandardOutput.ReadAsync(piece) is > 0 and var read)
        {
            lock (said) said.Append(piece, 0, read);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}

/// <summary>What a process left: its exit code and everything it said.</summary>
public sealed record PayonceResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The one JSON document on standard output.</summary>
    public System.Text.Json.JsonElement Json => System.Text.Json.JsonDocument.Parse(Output).RootElement;

    public override string ToString() => $"exit {ExitCode}\n{Output}\n{Errors}";
}
