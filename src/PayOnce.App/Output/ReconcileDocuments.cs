using PayOnce.Reconciliation;

namespace PayOnce.App.Output;

/// <summary><c>reconcile</c></summary>
/// <param name="Status">The run's status in one word.</param>
/// <param name="Found">Claims in doubt that stand in the accounting system: exported.</param>
/// <param name="Released">Claims in doubt that are provably not there: they wait again.</param>
/// <param name="Raised">Claims whose evidence rose, mostly from received to booked.</param>
/// <param name="InDoubt">Claims in doubt after it.</param>
/// <param name="Waiting">Claims that wait after it.</param>
/// <param name="Compared">With <c>--all</c>: exported claims compared; null otherwise.</param>
/// <param name="Doubts">Claims still in doubt; at most 1,000 are named.</param>
/// <param name="Differences">With <c>--all</c>; at most 1,000 are named.</param>
internal sealed record ReconcileDocument(
    string OrganisationId,
    long RunId,
    string Status,
    int Found,
    int Released,
    int Raised,
    long InDoubt,
    long Waiting,
    long? Compared,
    IReadOnlyList<StillInDoubtDocument> Doubts,
    IReadOnlyList<DifferenceDocument> Differences,
    string? Failure,
    string Message);

/// <param name="Why">What is known, and where to look.</param>
/// <param name="AskAgainAt">From then on another read-back can settle it; null where only a person can.</param>
internal sealed record StillInDoubtDocument(string ClaimId, string ExportKey, long RunId, DateTimeOffset Since, string Why, DateTimeOffset? AskAgainAt)
{
    public static StillInDoubtDocument Of(StillInDoubt claim) => new(claim.ClaimId, claim.ExportKey, claim.RunId, claim.Since, claim.Why, claim.AskAgainAt);
}

/// <param name="Kind"><c>missing_there</c>, <c>unknown_here</c> or <c>not_alike</c>.</param>
internal sealed record DifferenceDocument(string Kind, string ExportKey, string? ClaimId, int? Generation, long? RunId, string Message)
{
    public static DifferenceDocument Of(Difference difference) => difference switch
    {
        Difference.MissingThere missing => new("missing_there", missing.ExportKey, missing.ClaimId, missing.Generation, missing.RunId, $"exported by run {missing.RunId}, and not in the accounting system"),
        Difference.UnknownHere { ClaimId: null } unknown => new("unknown_here", unknown.ExportKey, null, null, null, $"in the accounting system as {unknown.Reference}, and no claim here has this key"),
        Difference.UnknownHere unknown => new("unknown_here", unknown.ExportKey, unknown.ClaimId, null, null, $"in the accounting system as {unknown.Reference}, and not exported here"),
        Difference.NotAlike other => new("not_alike", other.ExportKey, other.ClaimId, other.Generation, null, other.What),
        _ => throw new InvalidOperationException($"Unknown difference {difference.GetType().Name}."),
    };
}

/// <summary><c>restore show|begin|end</c></summary>
/// <param name="On">Whether the organisation is in restore mode after the command.</param>
/// <param name="Changed">Whether this command switched it.</param>
internal sealed record RestoreDocument(string OrganisationId, bool On, bool Changed, DateTimeOffset? Since, string? Reason, string? By);
