using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Output;

/// <summary>What is said about runs, in full sentences that also say what did not happen.</summary>
internal static class RunSentences
{
    /// <summary><c>Run 12 has been exporting since 14:03, started by Kari: 400 of 800 claims, about 2 minutes left.</c></summary>
    public static string Going(Run run, TimeSpan? left, Moments moments)
    {
        var time = Wording.TimeLeft(left, moments) is { } words ? $", {words}" : "";
        var far = run.Counters.Candidates == 0 ? "it has only just begun" : $"{Wording.Number(run.Counters.Reserved)} of {Wording.Claims(run.Counters.Candidates)}{time}";
        return $"Run {run.RunId} has been exporting since {moments.Since(run.StartedAt)}, started by {run.Actor}: {far}.";
    }

    /// <summary>A run whose process is certainly gone, or whose lease has run out.</summary>
    public static string CutOff(string organisation, Run run) =>
        $"Run {run.RunId}, started by {run.Actor}, was cut off in the middle. The next `payonce sync {organisation}` finds out what left and recovers it.";

    public static RunningDocument Running(Run run, TimeSpan? left) => new(
        run.RunId, run.Actor, run.StartedAt, run.Counters.Reserved, run.Counters.Candidates, left is { } time ? (long)Math.Ceiling(time.TotalSeconds) : null);

    /// <summary><c>795 claims exported, 3 skipped, 5 rejected, none in doubt</c></summary>
    public static string Counted(RunCounters counters)
    {
        var parts = new List<string> { $"{Wording.Claims(counters.Exported)} exported" };
        if (counters.SkippedDuplicates > 0) parts.Add($"{Wording.Number(counters.SkippedDuplicates)} skipped");
        parts.Add(counters.Rejected == 0 ? "none rejected" : $"{Wording.Number(counters.Rejected)} rejected");
        parts.Add(counters.InDoubt == 0 ? "none in doubt" : $"{Wording.Number(counters.InDoubt)} in doubt");
        return string.Join(", ", parts);
    }

    /// <summary>What became of a run, first sentence.</summary>
    /// <param name="lastHolder">The newest run that holds a skipped duplicate, if it is known.</param>
    public static string Ended(Run run, RunFile? file, long? lastHolder, bool allExported, Moments moments)
    {
        var c = run.Counters;
        var end = moments.At(run.EndedAt ?? run.StartedAt);
        var sum = file is { ControlTotals.Count: > 0 } && c.Exported > 0 ? $", {Wording.Amounts(file.ControlTotals)}" : "";
        var notSent = c.Candidates - c.Exported - c.Rejected - c.InDoubt;
        return run.Status switch
        {
            "finished" or "finished_rejections" when c.Candidates == 0 => $"Run {run.RunId} exported nothing. {NothingLeft(c, lastHolder, allExported)}",
            "finished" => $"Run {run.RunId} finished {end}: {Wording.Claims(c.Exported)} exported{sum}. None rejected, none in doubt.",
            "finished_rejections" => $"Run {run.RunId} finished {end}: {Wording.Claims(c.Exported)} exported{sum}, {Wording.Number(c.Rejected)} rejected. "
                + $"{(c.Rejected == 1 ? "The rejected one is" : "The rejected ones are")} not in the file and will be tried again by the next run.",
            "in_doubt" => $"Run {run.RunId} finished {end}: {Wording.Claims(c.Exported)} exported{sum}. For {Wording.Claims(c.InDoubt)} we do not know whether {It(c.InDoubt)} left."
                + (c.Rejected > 0 ? $" {Wording.Number(c.Rejected)} rejected." : ""),
            "failed" => $"Run {run.RunId} failed {end}: {run.Failure} {Wording.Claims(c.Exported)} exported. {NotSent(notSent)} {(c.InDoubt == 0 ? "None is in doubt." : $"{Wording.Number(c.InDoubt)} in doubt.")}",
            "cancelled" => $"{run.Stop?.By ?? run.Actor} stopped run {run.RunId} {end}: {Wording.Claims(c.Exported)} exported{sum}. {NotSent(notSent)}",
            "rolled_back" => $"Run {run.RunId} was rolled back. {Wording.Claims(c.Released)} released.",
            _ => $"Run {run.RunId}: {Counted(c)}.",
        };
    }

    public static string InDoubt(string organisation, long claims) =>
        $"{Wording.Claims(claims)} {(claims == 1 ? "is" : "are")} in doubt: we do not know whether {It(claims)} left, and will not send {(claims == 1 ? "it" : "them")} again until someone has cleared it up. "
        + $"`payonce claims list {organisation} --state in_doubt` shows {(claims == 1 ? "it" : "them")}; `payonce claims resolve` settles one, `payonce runs imported` or `payonce runs roll-back` a whole file.";

    /// <summary>An earlier file that nobody has fetched.</summary>
    public static string Unfetched(string organisation, RunFile file) =>
        $"The file of run {file.RunId} ({Wording.Claims(file.Claims)}) has not been fetched by anybody yet: `payonce runs file {organisation} {file.RunId}`.";

    /// <summary>What recovery found of a run whose process was gone, and what became of it.</summary>
    public static string Recovered(RecoveredRun recovered)
    {
        var fate = new List<string>();
        if (recovered.Released > 0) fate.Add($"{Wording.Claims(recovered.Released)} had provably not left and waited again");
        if (recovered.InDoubt > 0) fate.Add($"for {Wording.Claims(recovered.InDoubt)} it is not known whether {It(recovered.InDoubt)} left");
        if (recovered.Run.Counters.Exported > 0) fate.Add($"{Wording.Claims(recovered.Run.Counters.Exported)} had been exported and stay so");
        if (fate.Count == 0) fate.Add("it had taken no claim");
        return $"Run {recovered.Run.RunId} had been cut off in the middle. It was recovered: {Wording.List(fate)}.";
    }

    /// <summary>What was in doubt and is not any more.</summary>
    public static string Proved(long run) => $"The file of run {run} was found in its folder, whole: its claims are exported.";

    /// <summary>This process stood still for so long that another went on.</summary>
    public static string TakenOver(long run) =>
        $"Run {run} was taken over: this process stood still for longer than its lease, and another went on from there. Nothing more was done here; `payonce runs list` shows how it ended.";

    /// <summary>Why nothing was started.</summary>
    public static string Paused(Pause pause, Moments moments) =>
        $"Export is paused {(pause.Installation ? "everywhere" : "for this organisation")} by {pause.Actor} since {moments.Since(pause.Since)}: {pause.Reason}";

    private static string NothingLeft(RunCounters c, long? lastHolder, bool allExported) => c.SkippedDuplicates switch
    {
        0 => "No approved claim is waiting.",
        1 when allExported => $"The 1 approved claim was already exported{Last(lastHolder)}.",
        _ when allExported => $"All {Wording.Number(c.SkippedDuplicates)} approved claims were already exported{Last(lastHolder)}.",
        _ => $"Of {Wording.Claims(c.SkippedDuplicates)} each was already exported or is held in doubt{Last(lastHolder)}.",
    };

    private static string Last(long? run) => run is null ? "" : $"; the last time in run {run}";

    private static string NotSent(long claims) => claims switch
    {
        0 => "Nothing was left behind.",
        1 => "1 claim was not sent; it waits for the next run.",
        _ => $"{Wording.Claims(claims)} were not sent; they wait for the next run.",
    };

    private static string It(long claims) => claims == 1 ? "it" : "they";
}
