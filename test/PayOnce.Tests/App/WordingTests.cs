using PayOnce.App.Output;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.App;

public sealed class WordingTests
{
    // 5 March 2026, 14:03 in Oslo.
    private static readonly DateTimeOffset Now = new(2026, 3, 5, 13, 3, 0, TimeSpan.Zero);
    private readonly Moments moments = new(new ManualTime(Now), "Europe/Oslo");

    [Theory]
    [InlineData(0, "NOK 0.00")]
    [InlineData(5, "NOK 0.05")]
    [InlineData(1_234_550, "NOK 12,345.50")]
    [InlineData(-5, "NOK -0.05")]
    [InlineData(long.MaxValue, "NOK 92,233,720,368,547,758.07")]
    [InlineData(long.MinValue, "NOK -92,233,720,368,547,758.08")]
    public void Amounts_are_exact_to_the_last_minor_unit(long minor, string text) => Assert.Equal(text, Wording.Amount("NOK", minor));

    [Theory]
    [InlineData(0, "0 claims")]
    [InlineData(1, "1 claim")]
    [InlineData(1200, "1,200 claims")]
    public void Counts_have_their_singular(long n, string text) => Assert.Equal(text, Wording.Claims(n));

    [Theory]
    [InlineData(30, "less than half a minute left")]
    [InlineData(60, "about 1 minute left")]
    [InlineData(180, "about 3 minutes left")]
    [InlineData(600, "about 10 minutes left, done around 14:15")]
    [InlineData(1500, "about 25 minutes left, done around 14:30")]
    [InlineData(3600, "about 60 minutes left, done around 15:05")]
    [InlineData(5400, "about 1.5 hours left, done around 15:35")]
    [InlineData(7200, "about 2 hours left, done around 16:05")]
    public void Time_left_is_told_in_round_words_and_from_ten_minutes_on_with_the_clock(int seconds, string text) =>
        Assert.Equal(text, Wording.TimeLeft(TimeSpan.FromSeconds(seconds), moments));

    [Fact]
    public void Time_left_is_not_told_while_it_is_not_known() => Assert.Null(Wording.TimeLeft(null, moments));

    [Theory]
    [InlineData("2026-03-05T12:00:00Z", "today at 13:00")]
    [InlineData("2026-03-04T23:30:00Z", "today at 00:30")]
    [InlineData("2026-03-04T22:30:00Z", "yesterday at 23:30")]
    [InlineData("2026-03-03T12:00:00Z", "3 March 2026 at 13:00")]
    [InlineData("2025-07-01T12:00:00Z", "1 July 2025 at 14:00")]
    public void Today_and_yesterday_are_dates_in_the_organisations_zone(string time, string text) =>
        Assert.Equal(text, moments.At(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void The_audit_trail_names_seconds_and_offset() => Assert.Equal("5 Mar 2026 14:03:00 (UTC+01:00)", moments.Exact(Now));

    [Fact]
    public void An_unknown_zone_is_read_as_UTC() => Assert.Equal("today at 13:03", new Moments(new ManualTime(Now), "Mars/Olympus").At(Now));

    [Theory]
    [InlineData(0.4, "under 1 s")]
    [InlineData(12, "12 s")]
    [InlineData(252, "4 min 12 s")]
    [InlineData(93784, "26 h 3 min")]
    public void Durations_fit_a_table(double seconds, string text) => Assert.Equal(text, Wording.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Every_status_a_run_can_have_has_its_words()
    {
        foreach (var state in Enum.GetValues<RunState>())
            foreach (var counters in new RunCounters[] { default, new(1, 0, 1, 0, 1, 0, 0), new(1, 0, 1, 0, 0, 1, 0) })
                Assert.NotEmpty(Wording.Status(Samples.Run(state, counters).Status));
    }

    [Fact]
    public void Every_place_a_claim_can_be_in_has_its_words()
    {
        var words = new HashSet<string> { Wording.State(null, waiting: true), Wording.State(null, waiting: false) };
        foreach (var state in Enum.GetValues<MarkState>())
            foreach (var evidence in Enum.GetValues<Evidence>().Cast<Evidence?>().Append(null))
                words.Add(Wording.State(Samples.Mark(state, evidence), waiting: true));
        Assert.Equal(9, words.Count);
    }
}
