using System.Globalization;

namespace PayOnce.Scheduling;

/// <summary>
/// The simple schedules that a page offers without cron: each is one expression, and an expression that is none of them is shown as
/// it is. A day of the month that a month lacks would leave that month out, so days beyond the 28th are offered as the last day alone.
/// </summary>
public abstract record CronShape(TimeOnly At)
{
    /// <summary>Every day.</summary>
    public sealed record Daily(TimeOnly At) : CronShape(At);

    /// <summary>Monday to Friday.</summary>
    public sealed record Weekdays(TimeOnly At) : CronShape(At);

    /// <summary>On these days of the week, Monday first.</summary>
    public sealed record Days(TimeOnly At, IReadOnlyList<DayOfWeek> Chosen) : CronShape(At);

    /// <summary>Once a month.</summary>
    /// <param name="Day">1 to 28; null for the last day.</param>
    public sealed record Monthly(TimeOnly At, int? Day) : CronShape(At);

    private static readonly (DayOfWeek Day, string Name)[] Week =
    [
        (DayOfWeek.Monday, "MON"), (DayOfWeek.Tuesday, "TUE"), (DayOfWeek.Wednesday, "WED"), (DayOfWeek.Thursday, "THU"), (DayOfWeek.Friday, "FRI"), (DayOfWeek.Saturday, "SAT"), (DayOfWeek.Sunday, "SUN"),
    ];

    /// <summary>In Quartz's form.</summary>
    public string ToExpression() => FormattableString.Invariant($"0 {At.Minute} {At.Hour} {Rest()}");

    /// <summary>The shape that an expression in Quartz's form has; null if it is none of them.</summary>
    public static CronShape? Find(string expression)
    {
        if (expression.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not ["0", var minute, var hour, var day, "*", var weekday, .. var year] || year is not ([] or ["*"])) return null;
        if (Number(minute, 59) is not { } minutes || Number(hour, 23) is not { } hours) return null;
        var at = new TimeOnly(hours, minutes);
        return (day, weekday) switch
        {
            ("*", "?") or ("?", "*") or ("*", "*") => new Daily(at),
            ("L", "?") => new Monthly(at, null),
            (_, "?") when Number(day, 28) is { } number and > 0 => new Monthly(at, number),
            ("?" or "*", "MON-FRI" or "2-6") => new Weekdays(at),
            ("?" or "*", _) when ReadDays(weekday) is { Count: > 0 } chosen => new Days(at, chosen),
            _ => null,
        };
    }

    private string Rest() => this switch
    {
        Daily => "* * ?",
        Weekdays => "? * MON-FRI",
        Days { Chosen: var chosen } => "? * " + string.Join(',', Week.Where(each => chosen.Contains(each.Day)).Select(each => each.Name)),
        Monthly { Day: { } day } => FormattableString.Invariant($"{day} * ?"),
        _ => "L * ?",
    };

    private static List<DayOfWeek>? ReadDays(string text)
    {
        var named = text.Split(',');
        return Array.TrueForAll(named, name => Array.Exists(Week, each => each.Name == name)) ? [.. Week.Where(each => named.Contains(each.Name, StringComparer.Ordinal)).Select(each => each.Day)] : null;
    }

    private static int? Number(string text, int highest) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= highest ? number : null;
}
