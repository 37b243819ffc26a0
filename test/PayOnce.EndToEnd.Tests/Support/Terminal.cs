using System.Diagnostics;
using System.Text;

namespace PayOnce.EndToEnd.Tests.Support;

/// <summary>The real program on a terminal of its own, made by <c>script</c>: it draws, and somebody sits at the keyboard.</summary>
public sealed class Terminal : IAsyncDisposable
{
    /// <summary>Ctrl-C: the terminal makes SIGINT of it.</summary>
    public const string CtrlC = "\x03";

    private readonly Process process;
    private readonly StringBuilder screen = new();
    private readonly Task reading;

    private Terminal(Process process)
    {
        this.process = process;
        reading = ReadAsync();
    }

    public static Terminal Start(params string[] arguments)
    {
        // Whoever runs the tests in the background may ignore SIGINT, and a process inherits that.
        var command = "exec env --default-signal=INT " + string.Join(' ', new[] { Payonce.DotNet, Payonce.Program }.Concat(arguments).Select(word => $"'{word}'"));
        var start = new ProcessStartInfo("script", ["--quiet", "--return", "--command", command, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["SHELL"] = "/bin/sh";
        start.Environment.Remove("NO_COLOR");
        return new Terminal(Process.Start(start)!);
    }

    public bool HasEnded => process.HasExited;

    public async Task TypeAsync(string keys)
    {
        await process.StandardInput.WriteAsync(keys);
        await process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until the program has written this.</summary>
    public async Task ShowsAsync(string text)
    {
        await Until.TrueAsync(() =>
        {
            lock (screen) return Task.FromResult(screen.ToString().Contains(text, StringComparison.Ordinal));
        }, () => $"The terminal never showed \"{text}\".\n{Everything}");
    }

    /// <summary>Waits for the end. Everything that was written is in the result's output, control sequences included.</summary>
    public async Task<PayonceResult> EndAsync()
    {
        await Until.TrueAsync(() => Task.FromResult(process.HasExited), () => $"payonce did not end.\n{Everything}");
        await reading;
        return new PayonceResult(process.ExitCode, Everything, "");
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await reading;
        process.Dispose();
    }

    private string Everything
    {
        get
        {
            lock (screen) return screen.ToString();
        }
    }

    private async Task ReadAsync()
    {
        var piece = new char[1024];
        while (await process.StandardOutput.ReadAsync(piece) is > 0 and var read)
        {
            lock (screen) screen.Append(piece, 0, read);
        }
    }
}
