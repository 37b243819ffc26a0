using PayOnce.Runs;

namespace PayOnce.Scheduling;

/// <summary>What is to be done about a schedule whose time has come, perhaps long ago.</summary>
public static class DueTimes
{
    /// <summary>The actor of what a schedule starts.</summary>
    public const string Actor = "schedule";

    /// <summary>
    /// Of the times that are due only the latest makes a run, and that only while it is not too old: a week's stand-still makes one
    /// run and not seven.
    /// </summary>
    public static FireDraft Of(DueSchedule due)
    {
        var schedule = due.Schedule;
        var cron = Cron.Of(schedule, due.TimeZone);
        // None of the expression's own where the zone's rules were changed since: what was promised is due all the same.
        var latest = cron.Latest(schedule.NextAt!.Value, due.Now) ?? schedule.NextAt.Value;
        var inTime = due.Now - latest <= TimeSpan.FromMinutes(Math.Max(schedule.Options.CatchUpMinutes, OnTimeMinutes));
        return new FireDraft(schedule.OrganisationId, schedule.Integration, schedule.Version, latest, cron.Next(due.Now), inTime ? OrderOf(schedule) : null);
    }

    /// <summary>A time that is seen this late is simply on time: a node starts, a database fails over.</summary>
    private const int OnTimeMinutes = 5;

    private static RunOrder OrderOf(Schedule schedule) => new(schedule.OrganisationId, RequestKind.Sync, RunTrigger.Schedule, Actor)
    {
        WhenBusy = WhenBusy.Queue,
        Scope = new RequestScope { StopWhenRejected = schedule.Options.StopWhenRejected, Notify = schedule.Options.Notify },
    };
}
