
namespace PayOnce.History;

/// <summary>Where a claim is, for a filter.</summary>
public enum ClaimPlace
{
    /// <summary>The next run takes it, and no run has had it or given it back.</summary>
    Ready,

    /// <summary>A run has taken it and not settled it.</summary>
    Reserved,

    Exported,
    Rejected,
    InDoubt,

    /// <summary>Approved no longer.</summary>
    Withdrawn,
}

/// <summary>Which claims to list. Null means any.</summary>
/// <param name="From">Approved at or after this.</param>
/// <param name="Before">Approved before this.</param>
/// <param name="ClaimantId">The payee, exactly.</param>
/// <param name="IdPrefix">What the claim's id begins with, with case. The list is then in the order of ids.</param>
public sealed record ClaimListFilter(ClaimPlace? Place = null, DateTimeOffset? From = null, DateTimeOffset? Before = null, string? ClaimantId = null, string? IdPrefix = null)
{
    public static ClaimListFilter Any { get; } = new();
}

/// <summary>A claim in doubt, with what is known of why.</summary>
/// <param name="Attempt">How often this generation was reserved; with it and <paramref name="Since"/> one doubt is told from another.</param>
/// <param name="Since">Since when. The quiet time runs from here, or from <paramref name="AbsentSince"/>.</param>
/// <param name="AbsentSince">Since when read-backs have not found it; null if none was asked or it was found otherwise.</param>
/// <param name="Reason">What its mark says.</param>
/// <param name="LastTry">The newest try of its batch; null where the run made a file without a try.</param>
public sealed record DoubtRow(
    string ClaimId,
    int Generation,
    int Attempt,
    string ExportKey,
    long RunId,
    int Batch,
    string ClaimantId,
    string Currency,
    long TotalMinor,
    DateTimeOffset Since,
    DateTimeOffset? AbsentSince,
    string? Reason,
    BatchTry? LastTry);

