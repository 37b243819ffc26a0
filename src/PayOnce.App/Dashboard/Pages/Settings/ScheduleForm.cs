using System.Globalization;
using PayOnce.App.Dashboard.Parts;
using PayOnce.Scheduling;

namespace PayOnce.App.Dashboard.Pages.Settings;

/// <summary>The schedule as its form has it: as typed, so that a form that is sent back shows the same.</summary>
internal sealed record ScheduleForm
{
    public const string Daily = "daily";
    public const string Weekdays = "weekdays";
    public const string Days = "days";
    public const string Monthly = "monthly";
    public const string Other = "other";
    public const string LastDay = "last";

    private const int MostRejected = 1_000_000;

    private static readonly string[] Times = ["H:mm", "HH:mm", "H.mm", "HH.mm", "HHmm"];

    /// <summary>Monday first.</summary>
    public static IReadOnlyList<DayOfWeek> Week { get; } =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];

    /// <summary><c>yes</c> or <c>no</c>.</summary>
    public string Enabled { get; init; } = "yes";

    public string Kind { get; init; } = Weekdays;

    /// <summary>Names of <see cref="DayOfWeek"/>.</summary>
    public IReadOnlyList<string> Chosen { get; init; } = [];

    public string DayOfMonth { get; init; } = "1";

    public string Time { get; init; } = "06:00";

    public string Cron { get; init; } = "";

    public bool SkipHolidays { get; init; }

    public bool Notify { get; init; } = true;

    public string StopAt { get; init; } = "";

    /// <summary>The stored schedule; what a page proposes where there is none.</summary>
    public static ScheduleForm Of(Schedule? schedule)
    {
        if (schedule is null) return new();
        var form = new ScheduleForm
        {
            Enabled = schedule.Enabled ? "yes" : "no",
            SkipHolidays = schedule.Options.SkipPublicHolidays,
            Notify = schedule.Options.Notify,
            StopAt = schedule.Options.StopWhenRejected?.ToString(CultureInfo.InvariantCulture) ?? "",
        };
        var shape = CronShape.Find(schedule.Cron);
        if (shape is not null) form = form with { Time = shape.At.ToString("HH:mm", CultureInfo.InvariantCulture) };
        return shape switch
        {
            CronShape.Daily => form with { Kind = Daily },
            CronShape.Weekdays => form with { Kind = Weekdays },
            CronShape.Days days => form with { Kind = Days, Chosen = [.. days.Chosen.Select(day => day.ToString())] },
            CronShape.Monthly monthly => form with { Kind = Monthly, DayOfMonth = monthly.Day?.ToString(CultureInfo.InvariantCulture) ?? LastDay },
            _ => form with { Kind = Other, Cron = schedule.Cron },
        };
    }

    /// <summary>What was sent.</summary>
    public static ScheduleForm Read(HttpContext http)
    {
        string Typed(string name) => (FormText.Typed(http, name) ?? "").Trim();
        return new()
        {
            Enabled = Typed("enabled"),
            Kind = Typed("kind"),
            Chosen = FormText.All(http, "day"),
            DayOfMonth = Typed("month-day"),
            Time = Typed("time"),
            Cron = Typed("cron"),
            SkipHolidays = Typed("holidays") == "yes",
            Notify = Typed("notify") == "yes",
            StopAt = Typed("stop-at"),
        };
    }

    /// <summary>The schedule that is meant, or what has to be corrected, in the order of the fields.</summary>
    /// <param name="before">What the form does not show stays as it is.</param>
    public (ScheduleDraft? Draft, IReadOnlyList<FieldError> Errors) Check(Words words, Organisation organisation, Schedule? before, DateTimeOffset now)
    {
        var errors = new List<FieldError>();
        if (Enabled is not ("yes" or "no")) errors.Add(new("enabled", words.SwitchedOnMissing));
        var text = Kind == Other ? Cron : Expression(words, errors);
        var cron = text is null ? null : ReadCron(words, text, organisation.TimeZone, now, errors);
        int? stopAt = int.TryParse(StopAt, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MostRejected ? number : null;
        if (StopAt.Length > 0 && stopAt is null) errors.Add(new("stop-at", words.StopAtRejectedWrong));
        if (errors.Count > 0 || cron is null) return (null, errors);
        var options = (before?.Options ?? ScheduleOptions.Default) with { SkipPublicHolidays = SkipHolidays, Notify = Notify, StopWhenRejected = stopAt };
        var on = Enabled == "yes";
        return (new ScheduleDraft(organisation.OrganisationId, Schedule.OnlyIntegration, cron.Expression, on, options, on ? cron.Next(now) : null), errors);
    }

    private string? Expression(Words words, List<FieldError> errors)
    {
        var before = errors.Count;
        var chosen = Week.Where(day => Chosen.Contains(day.ToString(), StringComparer.Ordinal)).ToList();
        int? day = int.TryParse(DayOfMonth, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 28 ? number : null;
        if (Kind is not (Daily or Weekdays or Days or Monthly)) errors.Add(new("kind", words.DaysMissing));
        if (Kind == Days && chosen.Count == 0) errors.Add(new("day", words.ChosenDaysMissing));
        if (Kind == Monthly && day is null && DayOfMonth != LastDay) errors.Add(new("month-day", words.DayOfMonthWrong));
        if (!TimeOnly.TryParseExact(Time, Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)) errors.Add(new("time", words.TimeOfDayWrong));
        if (errors.Count > before) return null;
        CronShape shape = Kind switch
        {
            Daily => new CronShape.Daily(at),
            Weekdays => new CronShape.Weekdays(at),
            Days => new CronShape.Days(at, chosen),
            _ => new CronShape.Monthly(at, day),
        };
        return shape.ToExpression();
    }

    private Cron? ReadCron(Words words, string text, string zone, DateTimeOffset now, List<FieldError> errors)
    {
        var (cron, problem) = Scheduling.Cron.Parse(text, zone, SkipHolidays, now);
        if (problem is null) return cron;
        errors.Add(new("cron", problem.Rule switch
        {
            "is never due" => words.CronNever,
            ['n', 'a', 'm', 'e', 's', ' ', ..] => words.CronBoth,
            _ => words.CronWrong,
        }));
        return null;
    }
}
