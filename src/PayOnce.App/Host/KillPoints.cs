using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PayOnce.App.Host;

/// <summary>
/// Lets this process die by SIGKILL at a named step, as <c>PAYONCE_KILL_AT=reserve:after</c> or, at the third time,
/// <c>reserve:after:3</c>: no <c>finally</c> runs, nothing is flushed. Without the variable there is nothing of it.
/// </summary>
internal sealed partial class KillPoints : ISteps
{
    public const string Variable = "PAYONCE_KILL_AT";

    private readonly string step;
    private readonly Action die;
    private int left;

    private KillPoints(string step, int time, Action die)
    {
        this.step = step;
        left = time;
        this.die = die;
    }

    /// <summary>The steps for this value of the variable, or what is wrong with it.</summary>
    public static (ISteps Steps, Problem? Problem) Parse(string? value, Action? die = null)
    {
        if (string.IsNullOrEmpty(value)) return (NoSteps.Instance, null);
        var (name, time) = (value, 1);
        var colon = value.LastIndexOf(':');
        if (colon > 0 && int.TryParse(value.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            (name, time) = (value[..colon], number);
        }
        return time > 0 && StepNames.All.Contains(name)
            ? (new KillPoints(name, time, die ?? KillThisProcess), null)
            : (NoSteps.Instance, new Problem($"must be one of {string.Join(", ", StepNames.All)}, and may end in :n for the n-th time")
            {
                Field = Variable,
                Value = Problem.Printable(value),
            });
    }

    public ValueTask At(string name)
    {
        if (name == step && Interlocked.Decrement(ref left) == 0) die();
        return ValueTask.CompletedTask;
    }

    private static void KillThisProcess()
    {
        const int sigKill = 9;
        if (OperatingSystem.IsWindows()) Process.GetCurrentProcess().Kill();
        else _ = Kill(Environment.ProcessId, sigKill);
        // The signal reaches this thread at the latest when it next enters the kernel; nothing more may happen until then.
        new ManualResetEventSlim(false).Wait();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
