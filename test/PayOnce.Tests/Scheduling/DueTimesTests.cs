using PayOnce.Scheduling;

namespace PayOnce.Tests.Scheduling;

/// <summary>What becomes of a schedule's times when nobody was there to see them.</summary>
public sealed class DueTimesTests
{
    private static FireDraft Of(string nextAt, string now, int catchUpMinutes, string cron = "0 0 6 * * ?") => DueTimes.Of(new DueSchedule(
        new Schedule("hlf", Schedule.OnlyIntegration, 3, cron, Enabled: true, new ScheduleOptions { CatchUpMinutes = catchUpMinutes, StopWhenRejected = 7, Notify = false }, At(nextAt), "kari", At("2026-01-01T00:00:00Z")),
        "Europe/Oslo", At(now)));

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void A_week_of_missed_mornings_makes_one_run_the_latests()
    {
        var fire = Of("2026-03-02T05:00:00Z", "2026-03-09T07:00:00Z", catchUpMinutes: 720);

        Assert.Equal((At("2026-03-09T05:00:00Z"), At("2026-03-10T05:00:00Z"), 3), (fire.ScheduledAt, fire.NextAt!.Value, fire.Version));
        Assert.Equal((7, false, WhenBusy.Queue, "schedule"), (fire.Order!.Scope.StopWhenRejected, fire.Order.Scope.Notify, fire.Order.WhenBusy, fire.Order.Actor));
    }

    [Fact]
    public void A_time_that_is_older_than_may_be_caught_up_is_noted_and_makes_no_run()
    {
        var fire = Of("2026-03-02T05:00:00Z", "2026-03-09T07:00:00Z", catchUpMinutes: 60);

        Assert.Equal((At("2026-03-09T05:00:00Z"), null), (fire.ScheduledAt, fire.Order));
        Assert.NotNull(Of("2026-03-09T05:00:00Z", "2026-03-09T05:00:30Z", catchUpMinutes: 0).Order);
    }

    [Fact]
    public void Over_the_change_to_summer_time_each_day_has_one_run()
    {
        var due = At("2027-03-27T01:30:00Z");
        var times = new List<DateTimeOffset>();
        while (due < At("2027-03-30T00:00:00Z"))
        {
            var fire = Of(due.ToString("o"), due.AddSeconds(1).ToString("o"), 60, "0 30 2 * * ?");
            times.Add(fire.ScheduledAt);
            due = fire.NextAt!.Value;
        }
        Assert.Equal([At("2027-03-27T01:30:00Z"), At("2027-03-28T01:00:00Z"), At("2027-03-29T00:30:00Z")], times);
    }

    [Fact]
    public void What_was_promised_under_other_zone_rules_is_due_all_the_same() => Assert.Equal(At("2026-03-02T05:17:00Z"), Of("2026-03-02T05:17:00Z", "2026-03-02T05:17:01Z", 60).ScheduledAt);
}
