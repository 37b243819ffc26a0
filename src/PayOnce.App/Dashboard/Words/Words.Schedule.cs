using System.Globalization;
using PayOnce.Scheduling;

namespace PayOnce.App.Dashboard;

/// <summary>The schedule and the pause.</summary>
internal sealed partial class Words
{
    private string ZoneWords => visit.Zone.Id == Server.Visit.DefaultZone ? Say("norsk tid", "Norwegian time") : visit.Zone.Id;

    /// <summary><c>fredag 6. mars 2026 kl. 06:00</c></summary>
    public string DayAndTime(DateTimeOffset time) => $"{Local(time).ToString("dddd", Culture)} {Date(time)} {Say("kl.", "at")} {Clock(time)}";

    public string Weekday(DayOfWeek day) => Culture.DateTimeFormat.GetDayName(day);

    public string ScheduleSays(Schedule schedule) => schedule.Enabled
        ? Say($"Eksporten starter {Rhythm(schedule.Cron)} ({ZoneWords}).", $"The export starts {Rhythm(schedule.Cron)} ({ZoneWords}).")
        : Say("Tidsplanen er slått av. Eksport startes av en person.", "The schedule is off. A person starts the export.");

    public string ScheduleNext(DateTimeOffset at) => Say($"Neste gang er {DayAndTime(at)}.", $"The next time is {DayAndTime(at)}.");

    public string ScheduleExtras(ScheduleOptions options) => string.Join(' ', Extras(options));

    public string NextTimesHeading => Say("Neste kjøringer", "Next runs");

    public string ClockChanges => Say("klokken stilles dette døgnet", "clocks change on this day");

    public string FiresCaption => Say("Siste planlagte kjøringer", "Latest scheduled runs");

    public string NoFires => Say("Tidsplanen har ikke startet noen kjøring ennå.", "The schedule has not started any run yet.");

    public string PlannedColumn => Say("Planlagt", "Planned");

    public Parts.StateWord Missed => new(Say("Ikke startet", "Not started"), "warning");

    public string MissedText => Say("Tjenesten var nede. Kravene er med i neste kjøring.", "The service was down. The claims go with the next run.");

    // ---- The form ----

    public string SwitchedOnLabel => Say("Slått på", "Switched on");

    public string SwitchedOnMissing => Say("Slått på må besvares med ja eller nei.", "Switched on must be answered with yes or no.");

    public string DaysLabel => Say("Dager", "Days");

    public string DaysMissing => Say("Dager må velges.", "Days must be chosen.");

    public string EachDay => Say("Hver dag", "Every day");

    public string EachWeekday => Say("Mandag til fredag", "Monday to Friday");

    public string ChosenDays => Say("Valgte ukedager", "Chosen days of the week");

    public string EachMonth => Say("Én gang i måneden", "Once a month");

    public string Otherwise => Say("Annet (cron-uttrykk)", "Other (cron expression)");

    public string ChosenDaysLabel => Say("Ukedager", "Days of the week");

    public string ChosenDaysHint => Say("Brukes bare når «Valgte ukedager» er valgt.", "Used only when \"Chosen days of the week\" is chosen.");

    public string ChosenDaysMissing => Say("Ukedager må ha minst én dag.", "Days of the week must have at least one day.");

    public string DayOfMonth => Say("Dag i måneden", "Day of the month");

    public string DayOfMonthHint => Say("Brukes bare når «Én gang i måneden» er valgt.", "Used only when \"Once a month\" is chosen.");

    public string DayOfMonthWrong => Say("Dag i måneden må være 1 til 28, eller siste dag.", "Day of the month must be 1 to 28, or the last day.");

    public string LastDay => Say("Siste dag", "Last day");

    public string TimeOfDay => Say("Klokkeslett", "Time");

    public string TimeOfDayHint => Say("Time og minutt, for eksempel 06:00.", "Hour and minute, for example 06:00.");

    public string TimeOfDayWrong => Say("Klokkeslett må skrives som time og minutt, for eksempel 06:00.", "Time must be written as hour and minute, for example 06:00.");

    public string CronLabel => Say("Cron-uttrykk", "Cron expression");

    public string CronHint => Say("Brukes bare når «Annet» er valgt. Fem felt: minutt, time, dag, måned, ukedag.", "Used only when \"Other\" is chosen. Five fields: minute, hour, day, month, day of the week.");

    public string CronWrong => Say("Cron-uttrykk må ha fem felt som stemmer, for eksempel 0 6 * * 1-5.", "Cron expression must have five fields that are right, such as 0 6 * * 1-5.");

    public string CronNever => Say("Cron-uttrykk treffer aldri noe tidspunkt. Velg et annet.", "Cron expression is never due. Choose another one.");

    public string CronBoth => Say("Cron-uttrykk kan ha dag i måneden eller ukedag, ikke begge.", "Cron expression can have a day of the month or a day of the week, not both.");

    public string SkipHolidays => Say("Ikke kjør på helligdager", "Do not run on public holidays");

    public string NotifyPeople => Say("Varsle når en kjøring trenger noen", "Tell people when a run needs somebody");

    public string StopAtRejected => Say("Stopp hvis flere enn så mange krav blir avvist", "Stop if more than this many claims are rejected");

    public string StopAtRejectedHint => Say("La stå tom for aldri.", "Leave empty for never.");

    public string StopAtRejectedWrong => Say("Stopp hvis flere enn må være et helt tall fra 0 til 1 000 000, eller tomt.", "Stop if more than must be a whole number from 0 to 1,000,000, or empty.");

    // ---- The pause ----

    public string NotPaused => Say("Eksport er ikke satt på pause.", "Export is not paused.");

    public string PauseQuestion => Say("Vil du sette eksport på pause?", "Do you want to pause export?");

    public string PauseAllQuestion => Say("Vil du sette eksport på pause for alle?", "Do you want to pause export for everybody?");

    public string PauseEffect => Say("Ingen nye kjøringer starter. En kjøring som er i gang, går ferdig.", "No new runs start. A run that is going on is finished.");

    public string PauseButton => Say("Sett på pause", "Pause");

    public string ResumeQuestion => Say("Vil du starte eksport igjen?", "Do you want to start export again?");

    public string ResumeEffect => Say("Kjøringer som venter i køen, starter.", "Runs that wait in the queue start.");

    public string PausedByInstallation => Say("Bare driftsansvarlig kan starte eksport igjen.", "Only the operator can start export again.");

    private IEnumerable<string> Extras(ScheduleOptions options)
    {
        if (options.SkipPublicHolidays) yield return Say("Den kjører ikke på helligdager.", "It does not run on public holidays.");
        if (options.StopWhenRejected is { } most) yield return Say($"Den stopper hvis flere enn {Number(most)} krav blir avvist.", $"It stops if more than {Claims(most)} are rejected.");
        if (!options.Notify) yield return Say("Ingen blir varslet om den.", "Nobody is told about it.");
    }

    private string Rhythm(string cron) => CronShape.Find(cron) switch
    {
        CronShape.Daily each => Say($"hver dag kl. {Clock(each.At)}", $"every day at {Clock(each.At)}"),
        CronShape.Weekdays each => Say($"mandag til fredag kl. {Clock(each.At)}", $"Monday to Friday at {Clock(each.At)}"),
        CronShape.Days each => Say($"{List([.. each.Chosen.Select(Weekday)])} kl. {Clock(each.At)}", $"on {List([.. each.Chosen.Select(Weekday)])} at {Clock(each.At)}"),
        CronShape.Monthly { Day: { } day } each => Say($"den {day}. hver måned kl. {Clock(each.At)}", $"on day {day} of each month at {Clock(each.At)}"),
        CronShape.Monthly each => Say($"siste dag i hver måned kl. {Clock(each.At)}", $"on the last day of each month at {Clock(each.At)}"),
        _ => Say($"etter cron-uttrykket {cron}", $"by the cron expression {cron}"),
    };

    private static string Clock(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);
}
