using System.Text.Json;
using PayOnce.Runs;

namespace PayOnce.Scheduling;

/// <summary>When an integration's export starts by itself.</summary>
/// <param name="Integration">Which integration; today each organisation has one, <see cref="OnlyIntegration"/>.</param>
/// <param name="Version">Counted from 1 with each change; 0 before the first.</param>
/// <param name="Cron">Quartz form, in the organisation's time zone (<c>Cron</c>).</param>
/// <param name="NextAt">The next time it is due; null while it is not enabled.</param>
public sealed record Schedule(
    string OrganisationId,
    string Integration,
    int Version,
    string Cron,
    bool Enabled,
    ScheduleOptions Options,
    DateTimeOffset? NextAt,
    string ChangedBy,
    DateTimeOffset ChangedAt)
{
    /// <summary>The name of the one integration that an organisation has today.</summary>
    public const string OnlyIntegration = "main";
}

/// <summary>What else a schedule says.</summary>
public sealed record ScheduleOptions
{
    public static ScheduleOptions Default { get; } = new();

    /// <summary>Leaves out the times that fall on a Norwegian public holiday .</summary>
    public bool SkipPublicHolidays { get; init; }

    /// <summary>A started run is stopped once more than this many claims were rejected; null for never.</summary>
    public int? StopWhenRejected { get; init; }

    /// <summary>Whether people are told by webhook or e-mail when a run needs them.</summary>
    public bool Notify { get; init; } = true;

    /// <summary>
    /// How late the latest missed time is still caught up, in minutes; older ones are noted as missed. 0: never. Default: twelve
    /// hours, so that a night's export still comes in the morning.
    /// </summary>
    public int CatchUpMinutes { get; init; } = 720;

    public string ToJson() => JsonSerializer.Serialize(this, RequestJson.Default.ScheduleOptions);

    public static ScheduleOptions FromStored(string json) => JsonSerializer.Deserialize(json, RequestJson.Default.ScheduleOptions)!;
}

/// <summary>A schedule as somebody wants it.</summary>
/// <param name="Cron">Quartz form, checked before.</param>
/// <param name="NextAt">Its next time, computed by whoever saves; null if it is not enabled.</param>
public sealed record ScheduleDraft(string OrganisationId, string Integration, string Cron, bool Enabled, ScheduleOptions Options, DateTimeOffset? NextAt);

/// <summary>The answer to a change that says which version it changes: two people cannot overwrite each other unseen.</summary>
public abstract record SaveAnswer<T> where T : class
{
    private SaveAnswer() { }

    public sealed record Saved(T Now) : SaveAnswer<T>;

    /// <summary>Somebody changed it meanwhile. Nothing was changed.</summary>
    /// <param name="Now">As it is; null if there is none.</param>
    public sealed record Changed(T? Now) : SaveAnswer<T>;
}

/// <summary>A schedule whose time has come.</summary>
/// <param name="TimeZone">The organisation's.</param>
/// <param name="Now">Database time.</param>
public sealed record DueSchedule(Schedule Schedule, string TimeZone, DateTimeOffset Now);

/// <summary>What is to be done about a schedule's time.</summary>
/// <param name="Version">Of the schedule as it was read: a changed one fires nothing old.</param>
/// <param name="ScheduledAt">The UTC instant; the key of the fire, so that of many nodes one makes it.</param>
/// <param name="NextAt">When the schedule is due again; null for never.</param>
/// <param name="Order">The run that is asked for; null for a time that was missed and is too old to be caught up.</param>
public sealed record FireDraft(string OrganisationId, string Integration, int Version, DateTimeOffset ScheduledAt, DateTimeOffset? NextAt, RunOrder? Order);

/// <summary>The answer to making a fire.</summary>
public abstract record FireAnswer
{
    private FireAnswer() { }

    /// <summary>This call made it.</summary>
    /// <param name="Request">The request: a new one, or one of the schedule that still waits; null for a missed time.</param>
    public sealed record Fired(StoredRequest? Request) : FireAnswer;

    /// <summary>Another node made it, or the schedule was changed meanwhile. Nothing was changed.</summary>
    public sealed record NotOurs : FireAnswer { public static NotOurs Instance { get; } = new(); }
}

/// <summary>One time of a schedule, and what came of it.</summary>
/// <param name="Request">The request as it is now; null for a time that was missed.</param>
public sealed record ScheduleFire(string Integration, DateTimeOffset ScheduledAt, DateTimeOffset FiredAt, StoredRequest? Request);
