using PayOnce.Runs;

namespace PayOnce.Tests.Runs;

/// <summary>The time left as told to people: silent until it is worth saying, rounded up, and not nervous.</summary>
public sealed class TimeLeftTests
{
    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    [Theory]
    [InlineData(10, 0, 100, null)]
    [InlineData(10, 4, 100, null)]
    [InlineData(10, 5, 100, 240)]
    [InlineData(10, 50, 100, 30)]
    [InlineData(60, 10, 100, 600)]
    [InlineData(600, 20, 100, 2700)]
    [InlineData(3600, 20, 100, 16200)]
    [InlineData(10, 100, 100, 30)]
    [InlineData(10, 5, 0, null)]
    [InlineData(10, 0, 0, null)]
    [InlineData(10, -1, 100, null)]
    [InlineData(10, 101, 100, null)]
    [InlineData(10, 5, -1, null)]
    // At the edges of what is rounded up: half a minute, ten minutes, an hour.
    [InlineData(27.2727273, 1, 2, 60)]
    [InlineData(600, 55, 105, 600)]
    [InlineData(6000, 110, 170, 3600)]
    [InlineData(6000, 110, 171, 5400)]
    public void An_onlooker_is_told_the_mean_pace_plus_ten_per_cent_rounded_up(double active, long handled, long total, int? left) =>
        Assert.Equal(left is { } seconds ? Seconds(seconds) : (TimeSpan?)null, TimeLeft.Estimate(Seconds(active), handled, total));

    [Fact]
    public void Before_the_first_claim_there_is_no_pace_however_much_else_speaks_for_it() => Assert.Null(TimeLeft.Estimate(Seconds(60), 0, 100, enough: true));

    [Fact]
    public void It_says_nothing_before_three_answers_and_fifteen_seconds_of_a_long_run()
    {
        var left = new TimeLeft();
        Assert.Null(left.Measure(Seconds(5), 1, 1_000));
        Assert.Null(left.Measure(Seconds(10), 2, 1_000));
        Assert.Null(left.Measure(Seconds(14), 3, 1_000));
        Assert.NotNull(left.Measure(Seconds(15), 4, 1_000));

        var slow = new TimeLeft();
        Assert.Null(slow.Measure(Seconds(20), 1, 1_000));
        Assert.Null(slow.Measure(Seconds(21), 2, 1_000));
        Assert.NotNull(slow.Measure(Seconds(22), 3, 1_000));
    }

    [Fact]
    public void Up_to_a_quarter_more_it_stays_as_it_is_however_long()
    {
        var left = new TimeLeft();
        Assert.Equal(Seconds(480), left.Measure(Seconds(100), 20, 100));
        Assert.Equal(Seconds(480), left.Measure(Seconds(180), 25, 100));
        Assert.Equal(Seconds(480), left.Measure(Seconds(200), 27, 100));
        Assert.Equal(Seconds(480), left.Measure(Seconds(240), 31, 100));
    }

    [Fact]
    public void It_falls_at_once_and_rises_only_when_two_measurements_ten_seconds_apart_agree()
    {
        var left = new TimeLeft();
        Assert.Equal(Seconds(300), left.Measure(Seconds(60), 20, 100));
        Assert.Equal(Seconds(180), left.Measure(Seconds(70), 35, 100));
        Assert.Equal(Seconds(180), left.Measure(Seconds(200), 40, 100));
        Assert.Equal(Seconds(180), left.Measure(Seconds(209), 41, 100));
        Assert.Equal(Seconds(360), left.Measure(Seconds(210), 41, 100));
    }

    [Fact]
    public void A_single_slow_answer_does_not_raise_it()
    {
        var left = new TimeLeft();
        Assert.Equal(Seconds(300), left.Measure(Seconds(60), 20, 100));
        Assert.Equal(Seconds(300), left.Measure(Seconds(120), 21, 100));
        Assert.Equal(Seconds(180), left.Measure(Seconds(125), 45, 100));
        Assert.Equal(Seconds(180), left.Measure(Seconds(140), 46, 100));
    }
}
