namespace PayOnce.Claims;

/// <summary>An approved expense claim with its lines, as it came in and before it is stored.</summary>
/// <param name="ClaimId">The claim's id in the expense system: 1 to 64 printable ASCII characters, no space at either end.</param>
/// <param name="Type">What kind of claim, such as <c>travel</c> or <c>honorarium</c>.</param>
/// <param name="Currency">ISO 4217 code of a currency with two decimals.</param>
/// <param name="ApprovedAt">UTC, whole microseconds (what both stores can keep).</param>
/// <param name="TotalMinor">The sum of the lines in minor units (øre); more than zero, at most <see cref="MaximumTotalMinor"/>.</param>
public sealed record Claim(
    string ClaimId,
    Claimant Claimant,
    string Type,
    string Currency,
    DateTimeOffset ApprovedAt,
    string ApprovedBy,
    long TotalMinor,
    IReadOnlyList<ClaimLine> Lines)
{
    /// <summary>
    /// 10 000 000 000.00: more than any expense claim, and so little that the sums of nine million claims of that size stay within
    /// 64 bits, which is how totals of files, runs and organisations are kept.
    /// </summary>
    public const long MaximumTotalMinor = 1_000_000_000_000;
}

/// <summary>The person who is paid back. The id is the supplier or member number known to the accounting system.</summary>
public sealed record Claimant(string Id, string Name);

/// <summary>One outlay, mileage, per diem or honorarium of a claim.</summary>
/// <param name="AmountMinor">Minor units; negative for a deduction; never zero.</param>
/// <param name="Quantity">Kilometres, hours, nights; at most four decimals.</param>
/// <param name="Dimensions">Name to value, such as <c>department</c> to <c>oslo</c>; ordered by name (ordinal).</param>
public sealed record ClaimLine(
    DateOnly Date,
    string Category,
    string Description,
    long AmountMinor,
    decimal? Quantity,
    string? Unit,
    IReadOnlyList<Dimension> Dimensions);

/// <summary>One dimension of a line: its name and the value given by the expense system.</summary>
public readonly record struct Dimension(string Name, string Value);
