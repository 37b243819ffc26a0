using System.Globalization;
using System.Text.Json;

namespace PayOnce.Privacy;

/// <summary>How long an organisation keeps its documents, and whether it wants to know who saw personal data.</summary>
/// <param name="RetentionYears">Whole years after the end of the year that a document is of.</param>
/// <param name="RecordViews">Every view of a named claim or claimant stands in the audit trail. Off unless somebody switches it on.</param>
public sealed record PrivacySettings(int RetentionYears, bool RecordViews)
{
    /// <summary>Bokføringsloven § 13: primary documentation is kept for five years after the end of the financial year. A shorter time would have us erase what the law wants kept.</summary>
    public const int LeastYears = 5;

    /// <summary>More than any rule asks for; a typing mistake beyond it would keep everything for ever.</summary>
    public const int MostYears = 50;

    /// <summary>Of an organisation that never settled anything.</summary>
    public static PrivacySettings Standard { get; } = new(LeastYears, RecordViews: false);

    /// <summary>What is wrong with them; null if nothing is.</summary>
    public Problem? Wrong => RetentionYears switch
    {
        < LeastYears => Years($"must be at least {LeastYears}: bokføringsloven § 13 asks for primary documentation to be kept for five years after the end of the year"),
        > MostYears => Years($"must be at most {MostYears}"),
        _ => null,
    };

    /// <summary>The moment before which a document must be dated to be past its time: the beginning of the year that still counts, in the organisation's zone. Documents of 2020 kept for five years are past it in 2026.</summary>
    public DateTimeOffset Cutoff(DateTimeOffset now, TimeZoneInfo zone) => BeginningOf(TimeZoneInfo.ConvertTime(now, zone).Year - RetentionYears, zone);

    /// <summary>Midnight of New Year's Day.</summary>
    public static DateTimeOffset BeginningOf(int year, TimeZoneInfo zone)
    {
        var midnight = new DateTime(year, 1, 1);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote; <see cref="Standard"/> for an organisation that never settled anything.</summary>
    public static PrivacySettings FromStored(string? json) => json is null ? Standard : JsonSerializer.Deserialize<PrivacySettings>(json)!;

    private Problem Years(string rule) => new(rule) { Field = "retentionYears", Value = RetentionYears.ToString(CultureInfo.InvariantCulture) };
}
