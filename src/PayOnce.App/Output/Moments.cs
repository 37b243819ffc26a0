using System.Globalization;

namespace PayOnce.App.Output;

/// <summary>Times as people in the organisation's time zone say them. "Today" is a calendar date there, not a number of hours.</summary>
internal sealed class Moments(TimeProvider clock, TimeZoneInfo zone)
{
    /// <summary>In the zone of this name; in UTC where this machine does not know it.</summary>
    public Moments(TimeProvider clock, string zone) : this(clock, Find(zone)) { }

    /// <summary><c>today at 14:03</c>, <c>yesterday at 09:12</c>, <c>5 March 2026 at 14:03</c></summary>
    public string At(DateTimeOffset time) => DaysAgo(time) switch
    {
        0 => $"today at {Clock(time)}",
        1 => $"yesterday at {Clock(time)}",
        _ => $"{Format(time, "d MMMM yyyy")} at {Clock(time)}",
    };

    /// <summary><c>5 March 2026</c></summary>
    public string Day(DateTimeOffset time) => Format(time, "d MMMM yyyy");

    /// <summary><c>14:03</c> if it was today, otherwise as <see cref="At"/>.</summary>
    public string Since(DateTimeOffset time) => DaysAgo(time) == 0 ? Clock(time) : At(time);

    /// <summary><c>14:03</c></summary>
    public string Clock(DateTimeOffset time) => Format(time, "HH:mm");

    /// <summary>For tables: <c>5 Mar 2026 14:03</c>.</summary>
    public string Short(DateTimeOffset time) => Format(time, "d MMM yyyy HH:mm");

    /// <summary>For the audit trail, with seconds and the offset: <c>5 Mar 2026 14:03:10 (UTC+01:00)</c>.</summary>
    public string Exact(DateTimeOffset time) => Format(time, "d MMM yyyy HH:mm:ss '(UTC'zzz')'");

    /// <summary>The clock time after <paramref name="left"/>, rounded up to five minutes.</summary>
    public string Around(TimeSpan left)
    {
        var end = clock.GetUtcNow() + left;
        var past = end.Ticks % (5 * TimeSpan.TicksPerMinute);
        return Clock(past == 0 ? end : end.AddTicks((5 * TimeSpan.TicksPerMinute) - past));
    }

    private int DaysAgo(DateTimeOffset time) => Local(clock.GetUtcNow()).DayNumber - Local(time).DayNumber;

    private DateOnly Local(DateTimeOffset time) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, zone).DateTime);

    private string Format(DateTimeOffset time, string format) => TimeZoneInfo.ConvertTime(time, zone).ToString(format, CultureInfo.InvariantCulture);

    private static TimeZoneInfo Find(string zone) => TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found : TimeZoneInfo.Utc;
}
