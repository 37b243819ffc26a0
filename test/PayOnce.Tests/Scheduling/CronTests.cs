using PayOnce.Scheduling;

namespace PayOnce.Tests.Scheduling;

/// <summary>When a schedule is due, in the organisation's time zone.</summary>
public sealed class CronTests
{
    private const string Oslo = "Europe/Oslo";

    private static Cron Parse(string text, bool skipHolidays = false, string from = "2026-01-01T00:00:00Z")
    {
        var (cron, problem) = Cron.Parse(text, Oslo, skipHolidays, At(from));
        Assert.Null(problem);
        return cron!;
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);

    private static string[] Next(string text, string from, int count, bool skipHolidays = false) =>
        [.. Parse(text, skipHolidays).NextTimes(At(from), count).Select(time => time.ToString("yyyy-MM-dd'T'HH:mmzzz", System.Globalization.CultureInfo.InvariantCulture))];

    [Theory]
    [InlineData("0 6 * * 1-5", "0 0 6 ? * MON-FRI")]
    [InlineData(" 30 14 1 * * ", "0 30 14 1 * ?")]
    [InlineData("0 0 6 ? * MON-FRI", "0 0 6 ? * MON-FRI")]
    public void A_crontabs_five_fields_are_taken_and_kept_in_quartz_form(string text, string kept) => Assert.Equal(kept, Parse(text).Expression);

    [Theory]
    [InlineData("every morning"), InlineData(""), InlineData("0 25 * * *"), InlineData("0 0 6 ? * FUNDAY"), InlineData("0 6 * *"), InlineData("6 5 8-*6 * *"), InlineData("6 5 8-? * *"), InlineData("6 5 8-L * *")]
    [InlineData("0 0 0 30 2 ?"), InlineData("0 0 6 1 1 ? 2020"), InlineData("0 0 6 15 * MON"), InlineData("0 6 15 * 1")]
    public void What_is_no_expression_is_never_due_or_means_two_days_at_once_is_refused(string text)
    {
        var (cron, problem) = Cron.Parse(text, Oslo, skipPublicHolidays: false, At("2026-01-01T00:00:00Z"));
        Assert.Null(cron);
        Assert.Equal("cron", problem!.Field);
    }

    [Fact]
    public void A_schedule_of_holidays_alone_that_leaves_out_holidays_is_never_due()
    {
        Assert.Contains("never", Cron.Parse("0 0 6 25 12 ?", Oslo, skipPublicHolidays: true, At("2026-01-01T00:00:00Z")).Problem!.ToString(), StringComparison.Ordinal);
        Parse("0 0 6 25 12 ?");
    }

    [Fact]
    public void An_hour_that_the_spring_night_does_not_have_is_made_up_for_at_once_and_on_the_day_after_it_is_usual_again() =>
        Assert.Equal(["2027-03-27T02:30+01:00", "2027-03-28T03:00+02:00", "2027-03-29T02:30+02:00"], Next("0 30 2 * * ?", "2027-03-26T12:00:00Z", 3));

    [Fact]
    public void An_hour_that_the_autumn_night_has_twice_is_due_once() =>
        Assert.Equal(["2026-10-24T02:30+02:00", "2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"], Next("0 30 2 * * ?", "2026-10-23T12:00:00Z", 3));

    [Fact]
    public void The_mornings_hour_stays_the_same_on_the_clock_when_clocks_change() =>
        Assert.Equal(["2027-03-27T06:00+01:00", "2027-03-28T06:00+02:00"], Next("0 6 * * *", "2027-03-26T12:00:00Z", 2));

    [Fact]
    public void The_last_day_of_a_month_is_the_months_own() =>
        Assert.Equal(["2028-01-31T07:00+01:00", "2028-02-29T07:00+01:00", "2028-03-31T07:00+02:00", "2028-04-30T07:00+02:00"], Next("0 0 7 L * ?", "2028-01-01T00:00:00Z", 4));

    [Fact]
    public void Public_holidays_are_left_out_where_that_is_wanted()
    {
        // Easter 2026: Maundy Thursday is 2 April, Easter Monday 6 April.
        Assert.Equal(["2026-04-01T06:00+02:00", "2026-04-07T06:00+02:00"], Next("0 0 6 ? * MON-FRI", "2026-03-31T12:00:00Z", 2, skipHolidays: true));
        Assert.Equal(["2026-04-01T06:00+02:00", "2026-04-02T06:00+02:00"], Next("0 0 6 ? * MON-FRI", "2026-03-31T12:00:00Z", 2));
        // Each minute of a holiday is left out in one leap.
        Assert.Equal(["2026-05-02T00:00+02:00"], Next("0 * * * * ?", "2026-04-30T21:59:30Z", 1, skipHolidays: true));
    }

    [Fact]
    public void The_latest_due_time_is_found_over_a_holiday_and_a_change_of_clocks()
    {
        Assert.Equal(At("2026-03-02T05:00:00Z"), Parse("0 6 * * *").Latest(At("2026-03-01T05:00:00Z"), At("2026-03-02T05:00:00Z")));
        Assert.Equal(At("2026-04-01T04:00:00Z"), Parse("0 6 * * *", skipHolidays: true).Latest(At("2026-03-30T04:00:00Z"), At("2026-04-03T12:00:00Z")));
        Assert.Equal(At("2027-03-28T01:00:00Z"), Parse("0 30 2 * * ?").Latest(At("2027-03-27T01:30:00Z"), At("2027-03-28T12:00:00Z")));
        Assert.Equal(At("2026-10-25T00:30:00Z"), Parse("0 30 2 * * ?").Latest(At("2026-10-24T00:30:00Z"), At("2026-10-25T12:00:00Z")));
        Assert.Null(Parse("0 6 * * *").Latest(At("2026-03-02T05:00:00Z"), At("2026-03-02T04:59:59Z")));
    }

    [Theory]
    [InlineData(2024, "2024-03-31"), InlineData(2025, "2025-04-20"), InlineData(2026, "2026-04-05"), InlineData(2027, "2027-03-28"), InlineData(2038, "2038-04-25"), InlineData(2285, "2285-03-22")]
    public void Easter_is_where_the_church_has_it(int year, string sunday) => Assert.Equal(DateOnly.ParseExact(sunday, "yyyy-MM-dd"), PublicHolidays.EasterSunday(year));

    [Fact]
    public void The_public_holidays_of_a_year_are_the_acts()
    {
        var days = Enumerable.Range(0, 365).Select(day => new DateOnly(2026, 1, 1).AddDays(day)).Where(PublicHolidays.Contains);
        Assert.Equal(["01-01", "04-02", "04-03", "04-05", "04-06", "05-01", "05-14", "05-17", "05-24", "05-25", "12-25", "12-26"], days.Select(day => day.ToString("MM-dd", System.Globalization.CultureInfo.InvariantCulture)));
    }

    public static TheoryData<string> Shapes => ["0 15 6 * * ?", "0 0 6 ? * MON-FRI", "0 5 23 ? * MON,WED,SUN", "0 0 7 1 * ?", "0 0 7 28 * ?", "0 0 7 L * ?"];

    [Theory, MemberData(nameof(Shapes))]
    public void A_simple_schedule_is_a_choice_on_the_page_and_the_same_expression_again(string expression)
    {
        var shape = CronShape.Find(expression);
        Assert.NotNull(shape);
        Assert.Equal(expression, shape.ToExpression());
        Assert.Equal(expression, Parse(expression).Expression);
    }

    [Fact]
    public void A_crontabs_simple_lines_are_choices_too()
    {
        Assert.Equal(new CronShape.Weekdays(new TimeOnly(6, 0)), CronShape.Find(Parse("0 6 * * 1-5").Expression));
        Assert.Equal(new CronShape.Daily(new TimeOnly(6, 30)), CronShape.Find(Parse("30 6 * * *").Expression));
        Assert.Equal(new CronShape.Monthly(new TimeOnly(6, 30), 15), CronShape.Find(Parse("30 6 15 * *").Expression));
        Assert.Equal([DayOfWeek.Tuesday, DayOfWeek.Sunday], Assert.IsType<CronShape.Days>(CronShape.Find(Parse("30 6 * * 0,2").Expression)).Chosen);
    }

    [Theory, InlineData("0 0 6 31 * ?"), InlineData("0 0/30 * * * ?"), InlineData("30 0 6 * * ?"), InlineData("0 0 6 * 1 ?"), InlineData("0 0 6 * * ? 2027"), InlineData("0 0 6 ? * FRIL")]
    public void Any_other_expression_is_shown_as_it_is(string expression) => Assert.Null(CronShape.Find(expression));
}
