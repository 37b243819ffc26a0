using System.Globalization;

namespace PayOnce.Claims.Intake;

/// <summary>
/// What makes a claim one that can be taken in, in the words that its sender reads. Both formats use these and nothing else; what
/// an accounting system can hold beyond them is its exporter's business.
/// </summary>
internal sealed class ClaimRules
{
    public const int MostLines = 500;
    public const int MostDimensions = 10;

    public const string Missing = "is missing";
    public const string Doubled = "stands twice";
    public const string TimeForm = "must be a time as 2026-01-31T12:00:00Z, or with an offset such as +01:00 in place of Z";
    public const string DateForm = "must be a real date as yyyy-MM-dd";
    public const string QuantityForm = "must be a number from 0 to 999999999 with at most four decimals";
    public const string MinorForm = "must be a whole number of minor units (øre), without fraction or exponent";
    public const string AmountForm = "must be a decimal number with a point and at most two decimals, such as 1234.50";
    public const string MinorTooLarge = "must be within ±9223372036854775807 minor units, the largest 64-bit integer";
    public const string AmountTooLarge = "must be within ±92233720368547758.07, what a 64-bit integer of minor units can hold";
    public const string SumTooLarge = "must sum to at most 10000000000.00 (1000000000000 minor units), which no expense claim exceeds";
    public const string NotZero = "must not be zero";
    public const string Positive = "must sum to more than zero: a claim pays something back";
    public const string LineCount = "must have 1 to 500 lines";
    public const string DimensionCount = "must have at most 10 dimensions on a line";
    public const string HasNationalNumber = "holds what looks like a fødselsnummer, which must not reach the general ledger";

    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private readonly DateTimeOffset latestApproval;
    private readonly DateOnly today;
    private readonly string zone;
    private readonly IReadOnlyList<string>? booked;

    public ClaimRules(Organisation organisation, IntakeRules rules, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        latestApproval = now + ClockSkew;
        zone = organisation.TimeZone;
        today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime);
        booked = rules.Currencies;
        Currency = new TextField(3, 3, TextKind.Currency, "must be three capital letters, an ISO 4217 code such as NOK", repeats: true, also: CheckCurrency);
    }

    /// <summary>The rule of a claim id, which other lists use too.</summary>
    public static TextField NewClaimId() =>
        new(1, 64, TextKind.Id, "must be 1 to 64 printable ASCII characters with no space at either end (Business Central trims ids and upper-cases them)");

    public TextField ClaimId { get; } = NewClaimId();

    public TextField ClaimantId { get; } = new(1, 20, TextKind.Number, "must be 1 to 20 characters with no space at either end: the supplier number", repeats: true);

    public TextField ClaimantName { get; } = new(1, 100, TextKind.Name, "must be 1 to 100 characters and not blank", repeats: true);

    public TextField Type { get; } = NewCode();

    public TextField Currency { get; }

    public TextField ApprovedBy { get; } = new(1, 100, TextKind.Name, "must be 1 to 100 characters and not blank", repeats: true);

    public TextField Category { get; } = NewCode();

    public TextField Description { get; } = new(0, 250, TextKind.Free, "must be at most 250 characters");

    public TextField Unit { get; } = new(1, 20, TextKind.Name, "must be 1 to 20 characters and not blank", repeats: true);

    public TextField DimensionName { get; } =
        new(1, 40, TextKind.DimensionName, "must be a name of 1 to 40 characters: a small letter a to z, then small letters, digits and _", repeats: true);

    public TextField DimensionValue { get; } = new(1, 50, TextKind.Name, "must be 1 to 50 characters and not blank", repeats: true);

    public string? CheckApprovedAt(DateTimeOffset at) =>
        at > latestApproval ? "must not be in the future" : at < Earliest ? "must not be before the year 2000" : null;

    public string? CheckDate(DateOnly date) =>
        date > today ? string.Create(CultureInfo.InvariantCulture, $"must not be after today ({today:yyyy-MM-dd} in {zone})")
        : date.Year < Earliest.Year ? "must not be before the year 2000"
        : null;

    /// <summary>Adds up a claim's lines.</summary>
    /// <returns>The rule that the sum breaks, or null: then it is within <see cref="Claim.MaximumTotalMinor"/>.</returns>
    public static string? Sum(List<ClaimLine> lines, out Int128 sum)
    {
        // Sixty-four bits may overflow on the way and come back; 500 lines cannot overflow 128.
        sum = 0;
        foreach (var line in lines) sum += line.AmountMinor;
        return sum > Claim.MaximumTotalMinor ? SumTooLarge : sum <= 0 ? Positive : null;
    }

    public static string NotTheSum(Int128 sum) => string.Create(CultureInfo.InvariantCulture, $"must be the sum of the lines, which is {sum}");

    public static string SecondOfItsId(long firstLine) =>
        string.Create(CultureInfo.InvariantCulture, $"must be the only claim of its id, but line {firstLine} has one that differs (upper and lower case are one, as Business Central upper-cases ids); the first one stays");

    public static string SecondOfARefused(long firstLine) =>
        string.Create(CultureInfo.InvariantCulture, $"must be the only claim of its id, but line {firstLine} has one that was refused; neither goes in");

    private string? CheckCurrency(string currency) =>
        !Currencies.HasTwoDecimals(currency) ? "must be an ISO 4217 currency with two decimals"
        : booked is not null && !booked.Contains(currency, StringComparer.Ordinal) ? $"must be a currency that the integration books: {string.Join(", ", booked)}"
        : null;

    private static TextField NewCode() =>
        new(1, 40, TextKind.Code, "must be 1 to 40 characters: a small letter a to z, then small letters, digits, - and _", repeats: true);
}
