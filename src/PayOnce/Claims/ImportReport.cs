namespace PayOnce.Claims;

/// <summary>What an organisation's integration adds to the rules for a claim.</summary>
/// <param name="Currencies">The currencies it can book; null while no integration is set: then any with two decimals.</param>
public sealed record IntakeRules(IReadOnlyList<string>? Currencies)
{
    /// <summary>No integration is set.</summary>
    public static IntakeRules None { get; } = new((IReadOnlyList<string>?)null);
}

/// <summary>How far an import is.</summary>
/// <param name="Claims">Claims read so far, whatever became of them.</param>
/// <param name="BytesRead">Bytes of the file read so far.</param>
/// <param name="BytesTotal">The file's size, where it is known.</param>
public readonly record struct ImportProgress(long Claims, long BytesRead, long? BytesTotal);

/// <summary>What became of a file of claims. Whatever is wrong with some, the rest is in.</summary>
/// <param name="Unchanged">Claims that were there already with the same content, in the store or earlier in the file.</param>
/// <param name="Refused">Claims that were not taken in; each is named in <paramref name="Problems"/>, at least once.</param>
/// <param name="Problems">In the order of the file, at most <see cref="MostKept"/>.</param>
/// <param name="Warnings">What somebody should look at although the claim went in; at most <see cref="MostKept"/>.</param>
/// <param name="ProblemsTruncated">There are more problems or warnings than are kept here.</param>
/// <param name="ProblemCount">How many problems there are in all.</param>
/// <param name="WarningCount">How many warnings there are in all.</param>
/// <param name="Unreadable">The file itself is at fault and was read up to the last problem's place only; the claims before it are in.</param>
public sealed record ImportReport(
    long Added,
    long Updated,
    long Unchanged,
    long Refused,
    IReadOnlyList<Problem> Problems,
    IReadOnlyList<Problem> Warnings,
    bool ProblemsTruncated,
    long ProblemCount,
    long WarningCount,
    bool Unreadable)
{
    /// <summary>Problems, and warnings, that are kept in memory: a file of a million wrong claims must not fill it.</summary>
    public const int MostKept = 1000;
}

/// <summary>What became of one claim of a file.</summary>
/// <param name="Line">Where the claim begins in the file, from 1.</param>
/// <param name="ClaimId">As far as it is known.</param>
/// <param name="Outcome"><see cref="Added"/>, <see cref="Updated"/>, <see cref="Unchanged"/> or <see cref="Refused"/>.</param>
/// <param name="Problems">Why it was refused; empty otherwise.</param>
public sealed record ClaimTaken(long Line, string? ClaimId, string Outcome, IReadOnlyList<Problem> Problems)
{
    public const string Added = "added";
    public const string Updated = "updated";
    public const string Unchanged = "unchanged";
    public const string Refused = "refused";
}
