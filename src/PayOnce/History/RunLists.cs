using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.History;

/// <summary>Which runs to list. Null or empty means any.</summary>
/// <param name="From">Started at or after this.</param>
/// <param name="Before">Started before this.</param>
/// <param name="Statuses">Words of <see cref="Run.Status"/>: the derived ones (<c>in_doubt</c>, <c>finished_rejections</c>) count as states of their own.</param>
/// <param name="Triggers">What started it: a schedule, or a person by one of the others.</param>
/// <param name="Actor">Who started it, exactly.</param>
/// <param name="Exporter">The accounting system's exporter, exactly.</param>
public sealed record RunFilter(
    DateTimeOffset? From = null,
    DateTimeOffset? Before = null,
    IReadOnlyList<string>? Statuses = null,
    IReadOnlyList<RunTrigger>? Triggers = null,
    string? Actor = null,
    string? Exporter = null)
{
    public static RunFilter Any { get; } = new();

    internal bool IsAny => this is { From: null, Before: null, Statuses: null or [], Triggers: null or [], Actor: null, Exporter: null };
}

/// <summary>A run in a list.</summary>
/// <param name="Exported">What its exported claims come to, by currency: kept by the commits that export and take back, so that a list reads no claims.</param>
public sealed record RunRow(Run Run, IReadOnlyList<ControlTotal> Exported);

/// <summary>Runs, newest first.</summary>
/// <param name="Total">How many the filter leaves.</param>
public sealed record RunsPage(ListPage<RunRow> Page, RowCount Total);

/// <summary>Which of a run's claims to list, by what this run did with them.</summary>
public enum RunClaims
{
    /// <summary>All that it took.</summary>
    All,

    /// <summary>Taken and not settled yet.</summary>
    Reserved,

    /// <summary>Exported, whatever the evidence.</summary>
    Exported,

    /// <summary>Exported, and the accounting system took them; not booked yet.</summary>
    Received,

    /// <summary>Exported and booked.</summary>
    Booked,

    /// <summary>In doubt, by this run's attempt.</summary>
    InDoubt,

    /// <summary>Refused, here or by the accounting system.</summary>
    Rejected,

    /// <summary>Given back: nothing of them is at the accounting system from this run.</summary>
    Released,
}

/// <summary>A claim that a run took, as the run left it.</summary>
/// <param name="State">What became of it in this run; later runs change nothing in it.</param>
/// <param name="Batch">The batch it travelled in; 0 where the run registered it without sending.</param>
/// <param name="ClaimantId">Null, like currency and amount, for a claim that was never taken in.</param>
/// <param name="Acknowledgement">The accounting system's own id or voucher number for the claim; where the run made a file it is the file's.</param>
/// <param name="Reason">Why it was rejected, released or in doubt.</param>
/// <param name="ChangedAt">When its mark changed last; null where a later run has taken it again.</param>
/// <param name="LaterRunId">The run that took it again since; null if none.</param>
public sealed record RunClaim(
    string ClaimId,
    MarkState State,
    int Batch,
    string? ClaimantId,
    string? Currency,
    long? TotalMinor,
    Evidence? Evidence,
    string? Acknowledgement,
    string? Reason,
    DateTimeOffset? ChangedAt,
    long? LaterRunId)
{
    /// <summary>Its place in the run: the batch, and the place in the batch or, where it never travelled, its id.</summary>
    internal (long Number, string Id) Place { get; init; }
}

/// <summary>The claims that one run rejected for the same reason.</summary>
public sealed record RejectionGroup(string Reason, long Claims, IReadOnlyList<string> Examples);

/// <summary>A run's rejections by reason, most frequent first.</summary>
/// <param name="Counted">How many rejections were looked at; more than these are not grouped.</param>
public sealed record RejectionGroups(IReadOnlyList<RejectionGroup> Groups, RowCount Counted)
{
    /// <summary>No more are looked at.</summary>
    public const int Most = 10_000;
}

/// <summary>A claim of the run's scope that an earlier run holds.</summary>
/// <param name="State">Of the mark that holds it.</param>
/// <param name="RunId">The run that holds it.</param>
public sealed record RunDuplicate(string ClaimId, MarkState State, long RunId, string Currency, long TotalMinor, DateTimeOffset ApprovedAt, string? Acknowledgement, DateTimeOffset ChangedAt);

/// <summary>One try to deliver one batch, from the append-only register.</summary>
/// <param name="Claims">How many claims travelled in the batch; null where only one claim's tries are asked for.</param>
/// <param name="StartedAt">Null while nothing has left.</param>
/// <param name="FinishedAt">Null while how it ended is not known.</param>
/// <param name="Error">What went wrong, with secrets removed.</param>
public sealed record BatchTry(
    long RunId,
    int Batch,
    int Try,
    int? Claims,
    string? BytesHash,
    DateTimeOffset? ReservedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    AttemptOutcome? Outcome,
    int? HttpStatus,
    string? Error);

/// <summary>A run, by organisation and number.</summary>
public readonly record struct RunKey(string OrganisationId, long RunId);

/// <summary>How far a run is.</summary>
/// <param name="Version">Rises with each change of the run's row: two readings with the same version are the same.</param>
/// <param name="StopRequested">Somebody asked it to stop.</param>
public sealed record LiveRun(RunKey Key, RunState State, RunCounters Counters, bool StopRequested, long Version, DateTimeOffset StartedAt, DateTimeOffset? EndedAt);
