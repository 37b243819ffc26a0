using PayOnce.Runs;

namespace PayOnce.Privacy;

/// <summary>How much an erasure took, or one step of it.</summary>
/// <param name="Forms">Those of the claims, and those that never became one.</param>
/// <param name="Receipts">Whose bytes are gone; number, type, size and checksum stay.</param>
/// <param name="Runs">Whose frozen bytes are gone, and why they failed.</param>
public readonly record struct ErasedCounts(long Claims, long Forms, long Receipts, long Acknowledgements, long Runs)
{
    public bool IsNothing => this == default;

    public static ErasedCounts operator +(ErasedCounts one, ErasedCounts other) =>
        new(one.Claims + other.Claims, one.Forms + other.Forms, one.Receipts + other.Receipts, one.Acknowledgements + other.Acknowledgements, one.Runs + other.Runs);
}

/// <summary>An erasure, from when it was begun. It goes on in steps, each one commit; a process that dies leaves it to whoever calls next.</summary>
/// <param name="Number">From 1 in the organisation.</param>
/// <param name="Before">Documents dated before this moment.</param>
/// <param name="Counts">What it has taken so far.</param>
/// <param name="EndedAt">Null while it has not come to its end.</param>
public sealed record Erasure(long Number, DateTimeOffset Before, string Reason, string Actor, ErasedCounts Counts, DateTimeOffset BegunAt, DateTimeOffset? EndedAt);

/// <summary>An erasure to be begun.</summary>
/// <param name="Salt">Of which the claimants' pseudonyms are made; from the host's randomness, and forgotten when the erasure has ended.</param>
public sealed record NewErasure(DateTimeOffset Before, string Reason, string Actor, ReadOnlyMemory<byte> Salt)
{
    /// <summary>As many bytes as the HMAC's own output, so that nobody tries salts.</summary>
    public const int SaltBytes = 32;
}

/// <summary>The answer to beginning an erasure.</summary>
public abstract record BeginErasureAnswer
{
    private BeginErasureAnswer() { }

    public sealed record Begun(Erasure Erasure) : BeginErasureAnswer;

    /// <summary>An earlier one has not come to its end: it goes on first. Nothing was begun.</summary>
    public sealed record GoesOn(Erasure Erasure) : BeginErasureAnswer;

    /// <summary>The organisation is in restore mode: what is known here of what has left may be older than what has happened.</summary>
    public sealed record Restoring : BeginErasureAnswer;
}

/// <summary>Claims of a time that are past theirs, and what holds back the others.</summary>
/// <param name="Due">Final, and every document of theirs older than the moment asked about.</param>
/// <param name="Totals">Their sums.</param>
/// <param name="InDoubt">Their fate is unknown.</param>
/// <param name="Reserved">A run has them.</param>
/// <param name="Waiting">The next run takes them, unless somebody withdraws them.</param>
/// <param name="Later">Final, and exported, withdrawn or refused too late: their documents are younger than their approval.</param>
public sealed record DueClaims(long Due, IReadOnlyList<ControlTotal> Totals, long InDoubt, long Reserved, long Waiting, long Later)
{
    public long Held => InDoubt + Reserved + Waiting + Later;
}

/// <summary>The claims approved in one calendar year of the organisation's zone.</summary>
public sealed record DueYear(int Year, DueClaims Claims);

/// <summary>What an erasure would take now.</summary>
/// <param name="Before">Documents dated before this moment.</param>
/// <param name="Years">Oldest first; years without claims that still hold personal data are left out.</param>
/// <param name="Other">Forms that never became a claim, acknowledgements that no longer count, and runs with frozen bytes.</param>
/// <param name="Open">An erasure that has not come to its end; null if there is none.</param>
public sealed record ErasurePreview(DateTimeOffset Before, IReadOnlyList<DueYear> Years, ErasedCounts Other, Erasure? Open)
{
    public long Claims => Years.Sum(year => year.Claims.Due);

    /// <summary>Whether there is anything to take.</summary>
    public bool IsEmpty => Claims == 0 && Other.IsNothing && Open is null;
}
