using PayOnce.Claims;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App;

/// <summary>One switch for each kind of answer: which exit code it is.</summary>
internal static class ExitCodes
{
    public static ExitCode Of(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Ended ended => Of(ended.Report),
        RunOutcome.Busy => ExitCode.Busy,
        RunOutcome.TakenOver => ExitCode.Fault,
        RunOutcome.NotReady => ExitCode.Unusable,
        RunOutcome.Paused => ExitCode.Busy,
        RunOutcome.RequestLost => ExitCode.Fault,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    public static ExitCode Of(DryRunOutcome outcome) => outcome switch
    {
        DryRunOutcome.Rendered { Report.Rejections.Count: > 0 } => ExitCode.Refused,
        DryRunOutcome.Rendered => ExitCode.Done,
        DryRunOutcome.NotReady => ExitCode.Unusable,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    public static ExitCode Of(ImportReport report) => report switch
    {
        { Unreadable: true } => ExitCode.Unusable,
        { Refused: > 0 } => ExitCode.Refused,
        _ => ExitCode.Done,
    };

    public static ExitCode Of(AdoptAnswer answer) => answer switch
    {
        AdoptAnswer.Adopted { AlreadyHeld.Count: > 0 } => ExitCode.Refused,
        AdoptAnswer.Adopted => ExitCode.Done,
        AdoptAnswer.Busy => ExitCode.Busy,
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, null),
    };

    // Doubt that this run's recovery brought to light, and that neither a file found in its folder nor a read-back has settled, is
    // news to whoever started it, so it counts like the run's own.
    private static ExitCode Of(RunReport report) => report.Run switch
    {
        { Counters.InDoubt: > 0 } => ExitCode.InDoubt,
        _ when report.Reconciled is { InDoubt.Count: > 0 } => ExitCode.InDoubt,
        _ when report.Reconciled is null && report.Recovered.Any(r => r.InDoubt > 0 && !report.Proved.Contains(r.Run.RunId)) => ExitCode.InDoubt,
        { State: RunState.Failed or RunState.Running } => ExitCode.Fault,
        { Counters.Rejected: > 0 } => ExitCode.Refused,
        { State: RunState.Finished or RunState.Cancelled or RunState.RolledBack } => ExitCode.Done,
        var run => throw new ArgumentOutOfRangeException(nameof(report), run.State, null),
    };
}
