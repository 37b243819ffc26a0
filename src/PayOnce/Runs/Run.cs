using PayOnce.Scheduling;

namespace PayOnce.Runs;

/// <summary>One execution of an export for one integration; also one adoption of claims exported before PayOnce came.</summary>
/// <param name="RunId">Counted from 1 within the organisation.</param>
/// <param name="Actor">Who started it: a person's name, or <c>schedule</c>.</param>
/// <param name="Holder">The process that ran it (<see cref="INode.Holder"/>).</param>
/// <param name="Failure">Why it could not do its work, for people; null otherwise.</param>
/// <param name="FirstVoucher">The first voucher number this run may use in its file.</param>
public sealed record Run(
    long RunId,
    RunTrigger Trigger,
    RunState State,
    string Actor,
    string Holder,
    long Epoch,
    ClaimScope Scope,
    string Exporter,
    string Format,
    int IntegrationVersion,
    RunCounters Counters,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    string? Failure,
    long FirstVoucher)
{
    /// <summary>The request that it is a run of; null for the command line's. A request whose node died has several.</summary>
    public long? RequestId { get; init; }

    /// <summary>Who wanted it to stop, and when; null if nobody did. A run that was cancelled without it was ended by the process that ran it.</summary>
    public StopWish? Stop { get; init; }

    /// <summary>The run's state in one word for people and machines: doubt before anything else, since doubt can cost money; failed only where no claim is of unknown fate.</summary>
    public string Status => State switch
    {
        RunState.Finished or RunState.Failed or RunState.Cancelled when Counters.InDoubt > 0 => "in_doubt",
        RunState.Finished when Counters.Rejected > 0 => "finished_rejections",
        _ => State.Text(),
    };
}

/// <summary>Which approved claims a run is about. Bounds are instants; the date range a person gives is turned into them in the organisation's time zone.</summary>
/// <param name="From">Approved at or after this; null for no bound.</param>
/// <param name="Before">Approved before this; null for no bound.</param>
/// <param name="Limit">At most this many candidates; null for all.</param>
/// <param name="ClaimId">Only this claim (a forced re-export); null for all.</param>
public sealed record ClaimScope(DateTimeOffset? From = null, DateTimeOffset? Before = null, int? Limit = null, string? ClaimId = null)
{
    /// <summary>Everything approved and not exported.</summary>
    public static ClaimScope Everything { get; } = new();
}

/// <summary>
/// What has happened to a run's claims so far. <c>Candidates = Exported + Rejected + InDoubt + Released + still reserved or not yet reached</c>.
/// </summary>
/// <param name="Candidates">Claims that were free to go when the run started, after the limit.</param>
/// <param name="SkippedDuplicates">Claims of the scope that an earlier run already has; they were not sent.</param>
/// <param name="Reserved">Claims taken so far, whatever became of them: the progress.</param>
/// <param name="Released">Claims taken and given back because the run ended before anything left.</param>
public readonly record struct RunCounters(long Candidates, long SkippedDuplicates, long Reserved, long Exported, long Rejected, long InDoubt, long Released)
{
    /// <summary>Every claim of the run's scope.</summary>
    public long Total => Candidates + SkippedDuplicates;
}

/// <summary>What started a run.</summary>
public enum RunTrigger
{
    Manual,
    Schedule,
    ReExport,

    /// <summary>Not an export: claims that left before PayOnce came were registered.</summary>
    Adopt,

    /// <summary>Not an export: the accounting system was asked, and what was in doubt settled.</summary>
    Reconcile,
}

/// <summary>Where a run is. A process that died leaves <see cref="Running"/> behind; the next epoch's recovery ends it.</summary>
public enum RunState
{
    Running,
    Finished,

    /// <summary>The run could not do its work; no claim of unknown fate is hidden in it.</summary>
    Failed,

    /// <summary>A person stopped it; what was taken by then went out, the rest waits.</summary>
    Cancelled,

    /// <summary>Its file was withdrawn before anybody imported it.</summary>
    RolledBack,
}

/// <summary>The one text constant of each state and trigger.</summary>
public static class RunTexts
{
    public static string Text(this RunState state) => state switch
    {
        RunState.Running => "running",
        RunState.Finished => "finished",
        RunState.Failed => "failed",
        RunState.Cancelled => "cancelled",
        RunState.RolledBack => "rolled_back",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static RunState State(string text) => text switch
    {
        "running" => RunState.Running,
        "finished" => RunState.Finished,
        "failed" => RunState.Failed,
        "cancelled" => RunState.Cancelled,
        "rolled_back" => RunState.RolledBack,
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, null),
    };

    public static string Text(this RunTrigger trigger) => trigger switch
    {
        RunTrigger.Manual => "manual",
        RunTrigger.Schedule => "schedule",
        RunTrigger.ReExport => "re-export",
        RunTrigger.Adopt => "adopt",
        RunTrigger.Reconcile => "reconcile",
        _ => throw new ArgumentOutOfRangeException(nameof(trigger), trigger, null),
    };

    public static RunTrigger Trigger(string text) => text switch
    {
        "manual" => RunTrigger.Manual,
        "schedule" => RunTrigger.Schedule,
        "re-export" => RunTrigger.ReExport,
        "adopt" => RunTrigger.Adopt,
        "reconcile" => RunTrigger.Reconcile,
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, null),
    };
}
