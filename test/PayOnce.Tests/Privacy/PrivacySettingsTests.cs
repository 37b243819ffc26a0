using PayOnce.Privacy;

namespace PayOnce.Tests.Privacy;

public sealed class PrivacySettingsTests
{
    private static readonly TimeZoneInfo Oslo = TimeZoneInfo.FindSystemTimeZoneById("Europe/Oslo");

    /// <summary>Bokføringsloven § 13: five years after the end of the year. 2020's documents may go when 2026 begins, in the organisation's zone.</summary>
    [Theory]
    [InlineData("2026-01-01T00:00:00+01:00", 5, "2021-01-01T00:00:00+01:00")]
    [InlineData("2025-12-31T23:59:59+01:00", 5, "2020-01-01T00:00:00+01:00")]
    [InlineData("2025-12-31T23:30:00Z", 5, "2021-01-01T00:00:00+01:00")]
    [InlineData("2026-11-28T12:00:00Z", 10, "2016-01-01T00:00:00+01:00")]
    public void What_may_be_erased_is_a_whole_number_of_calendar_years_old(string now, int years, string before) =>
        Assert.Equal(DateTimeOffset.Parse(before, System.Globalization.CultureInfo.InvariantCulture), new PrivacySettings(years, false).Cutoff(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture), Oslo));

    [Theory]
    [InlineData(4, "bokføringsloven § 13"), InlineData(0, "at least 5"), InlineData(-1, "at least 5"), InlineData(51, "at most 50")]
    public void Fewer_years_than_the_law_asks_for_are_refused_with_the_law(int years, string why) =>
        Assert.Contains(why, new PrivacySettings(years, true).Wrong!.Rule, StringComparison.Ordinal);

    [Fact]
    public void Nobody_who_settled_nothing_has_views_recorded_and_five_years()
    {
        Assert.Equal(new PrivacySettings(5, false), PrivacySettings.FromStored(null));
        Assert.Null(PrivacySettings.Standard.Wrong);
        Assert.Equal(new PrivacySettings(7, true), PrivacySettings.FromStored(new PrivacySettings(7, true).ToJson()));
    }

    /// <summary>The same claimant is the same within one erasure; another salt is another erasure; and no supplier number is as long.</summary>
    [Fact]
    public void A_pseudonym_is_the_claimants_own_under_its_salt_and_nobodys_number()
    {
        var pseudonym = ErasedContent.Pseudonym([1], "4711");
        Assert.Equal(pseudonym, ErasedContent.Pseudonym([1], "4711"));
        Assert.NotEqual(pseudonym, ErasedContent.Pseudonym([2], "4711"));
        Assert.NotEqual(pseudonym, ErasedContent.Pseudonym([1], "4712"));
        Assert.True(pseudonym.Length > 20);
    }
}
