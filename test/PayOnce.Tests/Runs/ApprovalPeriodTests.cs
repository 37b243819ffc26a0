using System.Globalization;
using PayOnce.Runs;

namespace PayOnce.Tests.Runs;

/// <summary>Days as a person gives them, in the organisation's own time: from the first instant of the first to the last of the last.</summary>
public sealed class ApprovalPeriodTests
{
    [Theory]
    // A winter's day, and the two on which the clocks change.
    [InlineData("Europe/Oslo", "2026-01-15", "2026-01-15", "2026-01-14T23:00Z", "2026-01-15T23:00Z")]
    [InlineData("Europe/Oslo", "2026-03-29", "2026-03-29", "2026-03-28T23:00Z", "2026-03-29T22:00Z")]
    [InlineData("Europe/Oslo", "2026-10-25", "2026-10-25", "2026-10-24T22:00Z", "2026-10-25T23:00Z")]
    // Where the clocks jump over midnight the day begins at one o'clock; where midnight comes twice, with the first.
    [InlineData("America/Sao_Paulo", "2018-11-04", "2018-11-03", "2018-11-04T03:00Z", "2018-11-04T03:00Z")]
    [InlineData("America/Havana", "2024-11-03", "2024-11-02", "2024-11-03T04:00Z", "2024-11-03T04:00Z")]
    [InlineData("Europe/Oslo", null, null, null, null)]
    // No bound either: nothing was approved before the first day, or after the last, that a calendar has.
    [InlineData("Europe/Oslo", "0001-01-01", "9999-12-31", null, null)]
    [InlineData("Asia/Tokyo", "0001-01-01", "9999-12-31", null, null)]
    public void A_day_is_the_organisations_own(string zone, string? from, string? to, string? first, string? before) =>
        Assert.Equal((Instant(first), Instant(before)), ApprovalPeriod.Of(Day(from), Day(to), TimeZoneInfo.FindSystemTimeZoneById(zone)));

    private static DateOnly? Day(string? day) => day is null ? null : DateOnly.Parse(day, CultureInfo.InvariantCulture);

    private static DateTimeOffset? Instant(string? instant) => instant is null ? null : DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);
}
