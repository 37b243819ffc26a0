using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PayOnce.App.Host;

/// <summary>
/// Lets this process die by SIGKILL at a named step, as <c>PAYONCE_KILL_AT=reserve:after</c> or, at the third time,
/// <c>reserve:after:3</c>: no <c>finally</c> runs, nothing is flushed. Or stand still there by SIGSTOP until somebody sends SIGCONT, as
/// <c>PAYONCE_PAUSE_AT=send:before</c>. Without a variable there is nothing of it.
/// </summary>
internal sealed partial class KillPoints : ISteps
{
    public const string Variable = "PAYONCE_KILL_AT";

    public const string PauseVariable = "PAYONCE_PAUSE_AT";

    private readonly string step;
    private readonly Action act;
    private int left;

    private KillPoints(string step, int time, Action act)
    {
        this.step = step;
        left = time;
        this.act = act;
    }

    /// <summary>The steps as the environment has them: killed, paused, or nothing of it.</summary>
    public static (ISteps Steps, Problem? Problem) Of(Func<string, string?> variable) =>
        variable(PauseVariable) is { Length: > 0 } pause && string.IsNullOrEmpty(variable(Variable)) ? Parse(pause, PauseThisProcess, PauseVariable) : Parse(variable(Variable));

    /// <summary>The steps for this value of a variable, or what is wrong with it.</summary>
    public static (ISteps Steps, Problem? Problem) Parse(string? value, Action? act = null, string name = Variable)
    {
        if (string.IsNullOrEmpty(value)) return (NoSteps.Instance, null);
        var (step, time) = (value, 1);
        var colon = value.LastIndexOf(':');
        if (colon > 0 && int.TryParse(value.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            (step, time) = (value[..colon], number);
        }
        return time > 0 && StepNames.All.Contains(step)
            ? (new KillPoints(step, time, act ?? KillThisProcess), null)
            : (NoSteps.Instance, new Problem($"must be one of {string.Join(", ", StepNames.All)}, and may end in :n for the n-th time")
            {
                Field = name,
                Value = Problem.Printable(value),
            });
    }

    public ValueTask At(string name)
    {
        if (name == step && Interlocked.Decrement(ref left) == 0) act();
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

    private static void PauseThisProcess()
    {
        const int sigStop = 19;
        // By this thread to itself: it goes no further, and the others stop with it. Sent to the process, another thread would have
        // to be given the processor first, and a busy machine lets the rest of a run pass until then.
        if (!OperatingSystem.IsWindows()) _ = Raise(sigStop);
    }

    [LibraryImport("libc", EntryPoint = "raise")]
    private static partial int Raise(int signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
