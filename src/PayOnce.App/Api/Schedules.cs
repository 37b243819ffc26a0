using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Server;
using PayOnce.History;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <param name="Cron">Five fields as in a crontab (minute, hour, day, month, weekday), or Quartz's six or seven, in the organisation's time zone.</param>
/// <param name="SkipPublicHolidays">Leaves out the times that fall on a Norwegian public holiday.</param>
/// <param name="StopWhenRejected">A run is stopped once more than this many claims were rejected; null for never.</param>
/// <param name="Notify">Whether people are told when a run needs them.</param>
/// <param name="CatchUpMinutes">How late the latest missed time is still caught up; 0 for never.</param>
internal sealed record ScheduleBody(string Cron, bool Enabled, bool SkipPublicHolidays = false, int? StopWhenRejected = null, bool Notify = true, int CatchUpMinutes = 720);

/// <param name="Cron">In Quartz's form.</param>
/// <param name="Next">The next three times, in the organisation's time zone; empty while the schedule is switched off.</param>
internal sealed record ScheduleDocument(
    string OrganisationId,
    long Version,
    string Cron,
    bool Enabled,
    bool SkipPublicHolidays,
    int? StopWhenRejected,
    bool Notify,
    int CatchUpMinutes,
    string TimeZone,
    IReadOnlyList<string> Next,
    string ChangedBy,
    DateTimeOffset ChangedAt);

/// <summary>One time of the schedule, and what came of it.</summary>
/// <param name="Request">The request as it is now; null for a time that was missed.</param>
internal sealed record FireDocument(DateTimeOffset ScheduledAt, DateTimeOffset FiredAt, RequestDocument? Request);

/// <summary>When an export starts by itself.</summary>
internal static class Schedules
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var schedule = organisation.MapGroup("/schedule").WithTags("Schedule");
        schedule.MapGet("", FindAsync).WithName("getSchedule").Needs(Permission.Read).Refuses(Problems.NotFound);
        schedule.MapPut("", SaveAsync).WithName("saveSchedule").Needs(Permission.Configure).Refuses(Problems.BadInput, Problems.ChangedMeanwhile, Problems.VersionNeeded).Conditional();
        schedule.MapGet("/fires", FiresAsync).WithName("listFires").Needs(Permission.Read).Refuses(Problems.BadInput);
    }

    /// <summary>The schedule, with its next three times</summary>
    public static async Task<Results<Ok<ScheduleDocument>, ProblemHttpResult>> FindAsync(HttpContext http, Visit visit, IRequestStore requests, CancellationToken cancel)
    {
        if (await requests.FindScheduleAsync(visit.Organisation.OrganisationId, Schedule.OnlyIntegration, cancel) is not { } found) return Problems.NotFound.Because("The organisation has no schedule yet.");
        Versions.Show(http, found.Version);
        return TypedResults.Ok(Document(visit, found));
    }

    /// <summary>Change the schedule</summary>
    /// <remarks>With If-Match the version that is changed, with <c>If-None-Match: *</c> the first.</remarks>
    public static async Task<Results<Ok<ScheduleDocument>, ProblemHttpResult>> SaveAsync(ScheduleBody body, HttpContext http, Visit visit, IRequestStore requests, CancellationToken cancel)
    {
        const int week = 7 * 24 * 60, longest = 200;
        var (known, version) = Versions.Asked(http.Request);
        if (version is not null) return version;
        var faults = new Faults().Words("cron", body.Cron, longest);
        if (body.StopWhenRejected is < 0) faults.Add("stopWhenRejected", null, "must not be negative");
        if (body.CatchUpMinutes is < 0 or > week) faults.Add("catchUpMinutes", null, FormattableString.Invariant($"must be a whole number from 0 to {week}"));
        if (faults.Problem is { } problem) return problem;
        var id = visit.Organisation.OrganisationId;
        var (cron, wrong) = Cron.Parse(body.Cron, visit.Organisation.TimeZone, body.SkipPublicHolidays, visit.Now);
        if (cron is null) return Problems.BadInput.Because(errors: [Fault.Of(wrong!)]);
        var options = new ScheduleOptions { SkipPublicHolidays = body.SkipPublicHolidays, StopWhenRejected = body.StopWhenRejected, Notify = body.Notify, CatchUpMinutes = body.CatchUpMinutes };
        var draft = new ScheduleDraft(id, Schedule.OnlyIntegration, cron.Expression, body.Enabled, options, body.Enabled ? cron.Next(visit.Now) : null);
        var asked = known ?? (await requests.FindScheduleAsync(id, Schedule.OnlyIntegration, cancel))?.Version ?? 0;
        switch (await requests.SaveScheduleAsync(draft, (int)Math.Min(asked, int.MaxValue), visit.Actor, cancel))
        {
            case SaveAnswer<Schedule>.Saved { Now: var saved }:
                Versions.Show(http, saved.Version);
                return TypedResults.Ok(Document(visit, saved));
            case SaveAnswer<Schedule>.Changed { Now: var other }:
                return Versions.Changed(http, other?.Version ?? 0);
            default:
                throw new InvalidOperationException("Unknown answer to a change.");
        }
    }

    /// <summary>The schedule's past times, latest first</summary>
    /// <param name="cursor">Where to go on, as an earlier answer said.</param>
    /// <param name="limit">At most this many, 1 to 500; 50 if nothing is said.</param>
    public static async Task<Results<Ok<Part<FireDocument>>, ProblemHttpResult>> FiresAsync(string? cursor, int? limit, Visit visit, IRequestStore requests, CancellationToken cancel)
    {
        var faults = new Faults();
        var (size, at) = faults.Part(cursor, limit);
        if (at is { Backwards: true } || at is { Number: var ticks } && (ticks < 0 || ticks > DateTimeOffset.MaxValue.Ticks)) faults.Add("cursor", cursor, "must be a cursor that an earlier answer gave", Fault.Query);
        if (faults.Problem is { } problem) return problem;
        var before = at is null ? (DateTimeOffset?)null : new DateTimeOffset(at.Number, TimeSpan.Zero);
        var fires = await requests.ListFiresAsync(visit.Organisation.OrganisationId, Schedule.OnlyIntegration, before, size, cancel);
        var next = fires.Count < size ? null : new ListCursor(Backwards: false, fires[^1].ScheduledAt.UtcTicks, "").Text;
        return TypedResults.Ok(new Part<FireDocument>([.. fires.Select(each => new FireDocument(each.ScheduledAt, each.FiredAt, each.Request is { } request ? RequestDocument.Of(request) : null))], next, Previous: null));
    }

    private static ScheduleDocument Document(Visit visit, Schedule schedule)
    {
        const int shown = 3;
        var next = schedule.Enabled ? Cron.Of(schedule, visit.Organisation.TimeZone).NextTimes(visit.Now, shown) : [];
        return new ScheduleDocument(
            schedule.OrganisationId, schedule.Version, schedule.Cron, schedule.Enabled, schedule.Options.SkipPublicHolidays, schedule.Options.StopWhenRejected, schedule.Options.Notify,
            schedule.Options.CatchUpMinutes, visit.Organisation.TimeZone, [.. next.Select(time => time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture))],
            schedule.ChangedBy, schedule.ChangedAt);
    }
}
