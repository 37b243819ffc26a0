using PayOnce.Exporters;
using PayOnce.Reconciliation;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.Runs;

/// <summary>What a person, a schedule or a forced re-export asks the engine for.</summary>
/// <param name="Actor">Who asks; stands in the history and the audit trail.</param>
public sealed record RunRequest(string OrganisationId, string Actor)
{
    public RunTrigger Trigger { get; init; } = RunTrigger.Manual;

    /// <summary>First day of approval, in the organisation's time zone; null for no bound.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day of approval, included; null for no bound.</summary>
    public DateOnly? To { get; init; }

    /// <summary>At most this many candidates, oldest approval first; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Only this claim; null for all.</summary>
    public string? ClaimId { get; init; }

    /// <summary>Whether to wait for our turn when somebody else runs, instead of being told so.</summary>
    public bool WaitWhenBusy { get; init; }

    /// <summary>The request in the queue that this is the run of; null where it did not come out of a queue.</summary>
    public TakenRequest? Request { get; init; }
}

/// <summary>How a request ended.</summary>
public abstract record RunOutcome
{
    private RunOutcome() { }

    /// <summary>The run has an end: finished, failed or cancelled (see <see cref="Run.Status"/>).</summary>
    public sealed record Ended(RunReport Report) : RunOutcome;

    /// <summary>Somebody else runs: who, since when, how far, and when it should be done.</summary>
    /// <param name="Left">As told to people; null while it is not known.</param>
    public sealed record Busy(Run Run, TimeSpan? Left) : RunOutcome;

    /// <summary>Another process took the run over while this one stood still: it settles what was left. Nothing more is done here.</summary>
    public sealed record TakenOver(long RunId) : RunOutcome;

    /// <summary>There is nothing to run with: no such organisation, no integration, or settings that cannot be used.</summary>
    public sealed record NotReady(IReadOnlyList<Problem> Problems) : RunOutcome;

    /// <summary>Export is paused, for the organisation or everywhere: nothing was started.</summary>
    public sealed record Paused(Pause Pause) : RunOutcome;

    /// <summary>Another node has taken the request meanwhile, or it is over: nothing was started.</summary>
    public sealed record RequestLost(TakenRequest Request) : RunOutcome;
}

/// <summary>What a run did.</summary>
/// <param name="File">The run's file; null where no claim was left to export.</param>
/// <param name="PublishedPath">Where the file was published; null where it is fetched from PayOnce.</param>
/// <param name="Rejections">Claims that could not be rendered, each with its problem.</param>
/// <param name="Duplicates">Claims of the scope that earlier runs hold, at most <see cref="MaximumDuplicates"/> of them.</param>
/// <param name="Recovered">What earlier runs had left behind and what became of it.</param>
/// <param name="Proved">Earlier runs whose file was found in its folder: what was in doubt there is exported.</param>
/// <param name="Reconciled">Over an API: what read-backs settled, and what is still in doubt.</param>
/// <param name="Waiting">Claims of the organisation that still wait after the run.</param>
public sealed record RunReport(
    Run Run,
    RunFile? File,
    string? PublishedPath,
    IReadOnlyList<ClaimRejection> Rejections,
    IReadOnlyList<HeldClaim> Duplicates,
    IReadOnlyList<RecoveredRun> Recovered,
    IReadOnlyList<long> Proved,
    ReconcileReport? Reconciled,
    long Waiting)
{
    /// <summary>A report names this many skipped duplicates; the history shows them all.</summary>
    public const int MaximumDuplicates = 100;

    /// <summary>What a person should know before it becomes a trouble, such as a month's requests that run short; full sentences.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>Where a run is.</summary>
/// <param name="Processed">Claims whose fate in this run is decided or that are taken.</param>
/// <param name="Total">Claims it will take, as counted at its start.</param>
/// <param name="Left">Rounded up as told to people; null while it cannot be told.</param>
public sealed record RunProgress(long RunId, long Processed, long Total, TimeSpan? Left);

/// <summary>What a dry run found: nothing was sent, nothing was marked.</summary>
/// <param name="Sample">The beginning of the file as it would be, at most 4 KiB.</param>
public sealed record DryRunReport(
    long Claims,
    long Lines,
    long Bytes,
    IReadOnlyList<ControlTotal> ControlTotals,
    IReadOnlyList<ClaimRejection> Rejections,
    ReadOnlyMemory<byte> Sample);

/// <summary>How a dry run ended.</summary>
public abstract record DryRunOutcome
{
    private DryRunOutcome() { }

    public sealed record Rendered(DryRunReport Report) : DryRunOutcome;

    public sealed record NotReady(IReadOnlyList<Problem> Problems) : DryRunOutcome;
}
