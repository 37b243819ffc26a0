using PayOnce.Runs;
using PayOnce.Scheduling;

namespace PayOnce.Reconciliation;

/// <summary>What was asked of the accounting system and what became of it.</summary>
public sealed record ReconcileReport
{
    /// <summary>A list in a report names this many; the counts are whole.</summary>
    public const int MostNamed = 1_000;

    /// <summary>Claims in doubt that were found there: exported.</summary>
    public int Found { get; init; }

    /// <summary>Claims in doubt that are provably not there: they wait again.</summary>
    public int Released { get; init; }

    /// <summary>Claims that are still in doubt, each with what is known and what to do; at most <see cref="MostNamed"/>.</summary>
    public IReadOnlyList<StillInDoubt> InDoubt { get; init; } = [];

    /// <summary>Exported claims whose evidence rose, mostly from received to booked.</summary>
    public int Raised { get; init; }

    /// <summary>What differs between PayOnce's history and the accounting system; only a comparison of everything looks. At most <see cref="MostNamed"/>.</summary>
    public IReadOnlyList<Difference> Differences { get; init; } = [];

    /// <summary>Exported claims compared; null where the history was not compared.</summary>
    public long? Compared { get; init; }

    /// <summary>Earlier runs whose published file was found in its folder.</summary>
    public IReadOnlyList<long> ProvedFiles { get; init; } = [];

    /// <summary>Why asking ended early; null if it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>Joins what two passes found; the later one knows best what is still in doubt.</summary>
    public static ReconcileReport Join(ReconcileReport? earlier, ReconcileReport later) => earlier is null ? later : later with
    {
        Found = earlier.Found + later.Found,
        Released = earlier.Released + later.Released,
        Raised = earlier.Raised + later.Raised,
        Failure = later.Failure ?? earlier.Failure,
    };
}

/// <summary>A claim that a read-back did not settle.</summary>
/// <param name="Why">What is known, and where to look.</param>
/// <param name="AskAgainAt">From then on another read-back can settle it, or its absence counts for a person; null where only a person can.</param>
public sealed record StillInDoubt(string ClaimId, string ExportKey, long RunId, DateTimeOffset Since, string Why, DateTimeOffset? AskAgainAt);

/// <summary>One difference between the two sides.</summary>
public abstract record Difference(string ExportKey)
{
    /// <summary>Exported here, not there.</summary>
    public sealed record MissingThere(string ExportKey, string ClaimId, int Generation, long RunId) : Difference(ExportKey);

    /// <summary>There under a key of our form, and not exported here.</summary>
    /// <param name="ClaimId">Null where no claim has the key.</param>
    public sealed record UnknownHere(string ExportKey, string? ClaimId, string Reference) : Difference(ExportKey);

    /// <summary>There with another amount, or more than once.</summary>
    public sealed record NotAlike(string ExportKey, string ClaimId, int Generation, string What) : Difference(ExportKey);
}

/// <summary>Asks the engine to reconcile.</summary>
/// <param name="All">Compare the whole history, not only what is in doubt or not yet booked.</param>
public sealed record ReconcileRequest(string OrganisationId, string Actor, bool All = false)
{
    /// <summary>The request in the queue that this is the run of; null where it did not come out of a queue.</summary>
    public TakenRequest? Request { get; init; }
}

/// <summary>How a request to reconcile ended.</summary>
public abstract record ReconcileOutcome
{
    private ReconcileOutcome() { }

    /// <param name="InDoubt">Claims of the organisation in doubt after it.</param>
    /// <param name="Waiting">Claims that wait after it.</param>
    public sealed record Ended(Run Run, ReconcileReport Report, long InDoubt, long Waiting) : ReconcileOutcome;

    /// <summary>Somebody else runs.</summary>
    public sealed record Busy(Run Run, TimeSpan? Left) : ReconcileOutcome;

    public sealed record TakenOver(long RunId) : ReconcileOutcome;

    public sealed record NotReady(IReadOnlyList<Problem> Problems) : ReconcileOutcome;

    /// <summary>Export is paused, for the organisation or everywhere: nothing was asked.</summary>
    public sealed record Paused(Pause Pause) : ReconcileOutcome;

    /// <summary>Another node has taken the request meanwhile, or it is over: nothing was asked.</summary>
    public sealed record RequestLost(TakenRequest Request) : ReconcileOutcome;
}
