using Quartz;

namespace PayOnce.Scheduling;

/// <summary>
/// A schedule's times as a cron expression in a time zone. People may write five fields as in a crontab, or Quartz's six or seven;
/// what is kept is Quartz's form (<see cref="Expression"/>).
/// </summary>
/// <remarks>
/// When clocks change: a time that the spring day does not have is due at the end of the gap, and one that the autumn day has twice is
/// due the first time; a time that comes every hour or oftener comes in both hours.
/// </remarks>
public sealed class Cron
{
    /// <summary>Public holidays are left out by looking further: this many times without another day in between can only be an expression that means nothing but holidays.</summary>
    private const int LongestSearch = 400;

    /// <summary>Longer than a day with a changed clock, so that the usual schedule is found at the first look.</summary>
    private static readonly TimeSpan ShortestLook = TimeSpan.FromHours(26);

    private readonly CronExpression expression;
    private readonly TimeZoneInfo zone;
    private readonly bool skipHolidays;

    private Cron(CronExpression expression, TimeZoneInfo zone, bool skipHolidays) => (this.expression, this.zone, this.skipHolidays) = (expression, zone, skipHolidays);

    /// <summary>Quartz's form.</summary>
    public string Expression => expression.CronExpressionString;

    /// <summary>A schedule's own, which was checked when it was saved.</summary>
    public static Cron Of(Schedule schedule, string timeZone) =>
        new(new CronExpression(schedule.Cron, TimeZoneInfo.FindSystemTimeZoneById(timeZone)), TimeZoneInfo.FindSystemTimeZoneById(timeZone), schedule.Options.SkipPublicHolidays);

    /// <summary>Reads what a person wrote, or says what is wrong with it.</summary>
    /// <param name="now">From when on it must be due at least once.</param>
    public static (Cron? Cron, Problem? Problem) Parse(string text, string timeZone, bool skipPublicHolidays, DateTimeOffset now)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        if (Read(string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)), zone) is not { } expression)
            return (null, Wrong(text, "is no cron expression. Write five fields (minute, hour, day, month, weekday), such as \"0 6 * * 1-5\" for six in the morning on weekdays"));
        // Quartz means either of the two where both are given, and no page could say so in words.
        if (NamesDayTwice(expression.CronExpressionString)) return (null, Wrong(text, "names both a day of the month and a day of the week; give one of them"));
        var cron = new Cron(expression, zone, skipPublicHolidays);
        return cron.Next(now) is null ? (null, Wrong(text, "is never due")) : (cron, null);
    }

    /// <summary>The first time after this instant, as UTC; null if there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var at = after;
        for (var tried = 0; tried < LongestSearch; tried++)
        {
            if (expression.GetNextValidTimeAfter(at) is not { } next) return null;
            if (!IsLeftOut(next)) return next.ToUniversalTime();
            // To the end of the holiday at once, for an expression that is due each minute of it.
            at = StartOfDayAfter(next).AddTicks(-1);
        }
        return null;
    }

    /// <summary>The next times after this instant, in the zone; fewer where there are no more.</summary>
    public IReadOnlyList<DateTimeOffset> NextTimes(DateTimeOffset after, int count)
    {
        var times = new List<DateTimeOffset>(count);
        for (var at = Next(after); at is { } time && times.Count < count; at = Next(time)) times.Add(TimeZoneInfo.ConvertTime(time, zone));
        return times;
    }

    /// <summary>The last time that is neither after <paramref name="now"/> nor before <paramref name="since"/>, as UTC; null if there is none.</summary>
    /// <param name="since">The schedule's next time as it is kept: what was due before it was seen to.</param>
    public DateTimeOffset? Latest(DateTimeOffset since, DateTimeOffset now)
    {
        // Forwards, as times are made: asked backwards, Quartz names the second of the autumn night's two hours, and forwards the first.
        for (var window = ShortestLook; ; window *= 8)
        {
            var from = now - window > since ? now - window : since.AddTicks(-1);
            DateTimeOffset? latest = null;
            for (var at = Next(from); at is { } time && time <= now; at = Next(time)) latest = time;
            if (latest is not null || from < since) return latest;
        }
    }

    private bool IsLeftOut(DateTimeOffset time) => skipHolidays && PublicHolidays.Contains(LocalDay(time));

    private DateOnly LocalDay(DateTimeOffset time) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, zone).DateTime);

    private DateTimeOffset StartOfDayAfter(DateTimeOffset time)
    {
        var midnight = LocalDay(time).AddDays(1).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight));
    }

    private static CronExpression? Read(string text, TimeZoneInfo zone)
    {
        if (text.Split(' ').SelectMany(field => field.Split(',')).Any(MeansNothing)) return null;
        // Five fields are a crontab's; Quartz's begin with the seconds.
        var format = text.StartsWith('@') || text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 5 ? CronFormat.Unix : CronFormat.Quartz;
        return CronExpression.TryParse(text, format, out var read) ? read.WithTimeZone(zone) : null;
    }

    // Quartz takes these: a list's empty place and a range that ends in a star, by which it finds no time later or throws, and a range that ends in ? or L, of which it keeps the beginning alone.
    private static bool MeansNothing(string item) => item.Length == 0 || item.LastIndexOfAny(['*', '?']) > 0 || item.EndsWith("-L", StringComparison.OrdinalIgnoreCase);

    private static bool NamesDayTwice(string expression)
    {
        var fields = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields[3] is not ("?" or "*") && fields[5] is not ("?" or "*");
    }

    private static Problem Wrong(string text, string rule) => new(rule) { Field = "cron", Value = Problem.Printable(text) };
}
