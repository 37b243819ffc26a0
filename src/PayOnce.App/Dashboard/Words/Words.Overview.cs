using PayOnce.App.Dashboard.Pages.Runs;
using PayOnce.History;
using PayOnce.Runs;
using PayOnce.Scheduling;

namespace PayOnce.App.Dashboard;

/// <summary>The overview, and what leads to a run.</summary>
internal sealed partial class Words
{
    public string BackToOverview => Say("Tilbake til oversikten", "Back to the overview");

    public string InDoubtTitle(long claims) => Say($"{Number(claims)} {(claims == 1 ? "uavklart" : "uavklarte")} krav", $"{Claims(claims)} in doubt");

    // ---- How things are ----

    public string NothingWaits(DateTimeOffset? last) => last is { } at
        ? Say($"Ingen krav venter. Sist eksport var {At(at)}.", $"No claims are waiting. The last export was {At(at)}.")
        : Say("Ingen krav venter. Ingenting er eksportert ennå.", "No claims are waiting. Nothing has been exported yet.");

    public string NothingReady => Say("Ingen krav er klare for eksport.", "No claims are ready to export.");

    public string Ready(ClaimSum ready) => ready.Claims == 1
        ? Say($"1 krav er klart for eksport, {Money(ready.Totals)}.", $"1 claim is ready to export, {Money(ready.Totals)}.")
        : Say($"{Claims(ready.Claims)} er klare for eksport, til sammen {Money(ready.Totals)}.", $"{Claims(ready.Claims)} are ready to export, {Money(ready.Totals)} in total.");

    public string PausedBecause(Pause pause) => pause.Installation
        ? Say($"Eksport er satt på pause for alle av {pause.Actor} {At(pause.Since)}: {pause.Reason}", $"Export is paused for everybody by {pause.Actor} {At(pause.Since)}: {pause.Reason}")
        : Say($"Eksport er satt på pause av {pause.Actor} {At(pause.Since)}: {pause.Reason}", $"Export is paused by {pause.Actor} {At(pause.Since)}: {pause.Reason}");

    public string PauseSettings => Say("Start eksport igjen", "Start export again");

    public string NoIntegration => Say("Det er ikke satt opp noe regnskapssystem ennå. Ingenting kan eksporteres.", "No accounting system is set up yet. Nothing can be exported.");

    public string GetStarted => Say("Kom i gang", "Get started");

    public string Restoring => Say(
        "Eksport er stanset fordi databasen er gjenopprettet. Neste kjøring kontrollerer først mot regnskapssystemet hva som er sendt.",
        "Export is on hold because the database was restored. The next run first checks with the accounting system what was sent.");

    // ---- What a person has to do ----

    public string NeedsYou => Say("Dette må du gjøre", "This needs you");

    public string NeedsSomebody => Say("Dette må gjøres", "This needs somebody");

    public string NothingNeedsYou => Say("Du trenger ikke å gjøre noe nå.", "There is nothing you need to do now.");

    public string ClearUpDoubts(ClaimSum doubts) => Say(
        $"Avklar {Number(doubts.Claims)} {(doubts.Claims == 1 ? "uavklart" : "uavklarte")} krav ({Money(doubts.Totals)})",
        $"Clear up {Claims(doubts.Claims)} in doubt ({Money(doubts.Totals)})");

    public string FixRejected(long number) => Say(
        $"Rett {Number(number)} {(number == 1 ? "avvist" : "avviste")} krav",
        number == 1 ? "Fix 1 rejected claim" : $"Fix {Number(number)} rejected claims");

    public string LastRunFailed(long run) => Say($"Se hvorfor kjøring {Id(run)} mislyktes", $"See why run {Id(run)} failed");

    public string ScheduleIsOff(DateTimeOffset since) => Say($"Tidsplanen er slått av siden {Date(since)}", $"The schedule has been off since {Date(since)}");

    public string FetchFile(RunFile file) => Say(
        $"Hent filen fra kjøring {Id(file.RunId)} ({Claims(file.Claims)}, {Money(file.ControlTotals)})",
        $"Fetch the file of run {Id(file.RunId)} ({Claims(file.Claims)}, {Money(file.ControlTotals)})");

    // ---- Export ----

    public string ExportHeading => Say("Eksport", "Export");

    public string SyncNow => Say("Eksporter nå", "Sync now");

    public string SyncDescription(string system) => Say(
        $"Sender godkjente krav til {system}. Krav som er eksportert før, blir hoppet over.",
        $"Sends approved claims to {system}. Claims that were exported before are skipped.");

    public string SeeWhatIsReady => Say("Se hva som blir sendt", "See what will be sent");

    public string SeeRun(long run) => Say($"Se kjøring {Id(run)}", $"See run {Id(run)}");

    public string SeeRequest => Say("Se forespørselen", "See the request");

    public string ExportByFinance => Say("Eksport startes av økonomi.", "Finance starts the export.");

    public string NextRun(DateTimeOffset at) => Say($"Neste planlagte kjøring er {At(at)}.", $"The next scheduled run is {At(at)}.");

    public string NoSchedule => Say("Det er ingen tidsplan. Eksport startes av en person.", "There is no schedule. A person starts the export.");

    public string ChangeSchedule => Say("Endre tidsplan", "Change the schedule");

    public string ScheduleHeading => Say("Neste planlagte kjøring", "Next scheduled run");

    public string LatestRuns => Say("Siste kjøringer", "Latest runs");

    public string AllRuns => Say("Vis alle kjøringer", "Show all runs");

    public string ConnectionHeading => Say("Forbindelse", "Connection");

    public string LastContact(string system, DateTimeOffset at) => Say($"Sist i kontakt med {system} {At(at)}.", $"Last in contact with {system} {At(at)}.");

    public string NoContactYet(string system) => Say($"Vi har ikke vært i kontakt med {system} ennå.", $"We have not been in contact with {system} yet.");

    public string ByFile => Say("Eksport skjer med fil, som hentes her eller legges i en mappe.", "Export is by file, which is fetched here or put into a folder.");

    public string TestConnection => Say("Test forbindelsen", "Test the connection");

    // ---- Before a run ----

    public string SyncQuestion => Say("Vil du eksportere nå?", "Do you want to export now?");

    public string SyncButton(long claims) => Say($"Eksporter {Claims(claims)}", $"Export {Claims(claims)}");

    public string NotNow => Say("Ikke nå", "Not now");

    public string UnusualLead => Say("Se over dette først:", "Look at this first:");

    public string Unusual(Unusual unusual) => unusual switch
    {
        Pages.Runs.Unusual.FirstRun => Say(
            "Dette er første eksport. Har dere eksportert krav før PayOnce, må de registreres først, ellers blir de sendt igjen.",
            "This is the first export. If you exported claims before PayOnce, they must be registered first, or they will be sent again."),
        Pages.Runs.Unusual.MuchMoney much => Say(
            $"Summen er {Money(much.Now.AmountMinor, much.Now.Currency)}. Det er mer enn tre ganger så mye som vanlig ({Money(much.MedianMinor, much.Now.Currency)}).",
            $"The sum is {Money(much.Now.AmountMinor, much.Now.Currency)}. That is more than three times the usual ({Money(much.MedianMinor, much.Now.Currency)})."),
        Pages.Runs.Unusual.NewSettings settings => Say(
            $"Innstillingene er endret siden forrige kjøring. Versjon {Number(settings.Version)} brukes for første gang.",
            $"The settings have changed since the last run. Version {Number(settings.Version)} is used for the first time."),
        Pages.Runs.Unusual.OverYear over => YearWarningText(over.Warning),
        Pages.Runs.Unusual.Doubts doubts => Say(
            $"{Number(doubts.InDoubt.Claims)} krav er uavklart ({Money(doubts.InDoubt.Totals)}). De blir ikke sendt, men bør avklares.",
            $"{Claims(doubts.InDoubt.Claims)} {(doubts.InDoubt.Claims == 1 ? "is" : "are")} in doubt ({Money(doubts.InDoubt.Totals)}). They will not be sent, but should be cleared up."),
        _ => throw new ArgumentOutOfRangeException(nameof(unusual)),
    };

    public string BusyTitle => Say("En eksport er allerede i gang", "An export is already going on");

    public string GoingSince(Run run) => run.Actor.Length == 0
        ? Say($"Kjøring {Id(run.RunId)} startet {At(run.StartedAt)}.", $"Run {Id(run.RunId)} started {At(run.StartedAt)}.")
        : Say($"Kjøring {Id(run.RunId)} ble startet {At(run.StartedAt)} av {Starter(run)}.", $"Run {Id(run.RunId)} was started {At(run.StartedAt)} by {Starter(run)}.");

    public string NotStartedAnother => Say("Vi startet ikke en ny.", "We did not start another.");

    public string NobodyRunsNow => Say("Eksporten er ferdig nå. Du kan starte en ny.", "The export is over now. You can start another.");

    public string RequestsWait(int number) => number == 1
        ? Say("En forespørsel venter på å starte.", "A request is waiting to start.")
        : Say($"{Number(number)} forespørsler venter på å starte.", $"{Number(number)} requests are waiting to start.");

    public string QueueLead => Say(
        "Du kan sette en ny eksport i kø. Den starter når den som er i gang, er ferdig, og tar krav som er kommet til siden.",
        "You can queue another export. It starts when the present one is over, and takes claims that have come since.");

    public string QueueButton => Say("Sett i kø", "Queue it");

    // ---- A request that waits ----

    public string Request => Say("Forespørsel om eksport", "Request for an export");

    public string QueuedBehind(long run) => Say($"Kjøringen står i kø bak kjøring {Id(run)}.", $"The run is queued behind run {Id(run)}.");

    public string StartsSoon => Say("Kjøringen starter straks.", "The run starts in a moment.");

    public string TakeOutOfQueue => Say("Ta ut av køen", "Take out of the queue");

    public string AskedBy => Say("Bedt om av", "Asked for by");

    public string NoRunCame(RequestState state) => state switch
    {
        Scheduling.RequestState.Cancelled => Say("Forespørselen ble tatt ut av køen. Ingenting ble sendt.", "The request was taken out of the queue. Nothing was sent."),
        Scheduling.RequestState.Refused => Say("Kjøringen ble ikke startet: en annen var i gang, eller noe mangler i innstillingene. Ingenting ble sendt.", "The run was not started: another was going, or something is missing in the settings. Nothing was sent."),
        _ => Say("Kjøringen kunne ikke gjøre jobben sin. Ingenting ble sendt.", "The run could not do its work. Nothing was sent."),
    };

    // ---- Amounts by month ----

    public string MonthsHeading => Say("Eksportert per måned", "Exported per month");

    public string MonthsCaption => Say("Eksporterte beløp per måned, siste 12 måneder", "Exported amounts per month, the last 12 months");

    public string MonthColumn => Say("Måned", "Month");

    public string ChartOf(string currency) => Say(
        $"Søylediagram over eksporterte beløp per måned i {Unit(currency)}. Tallene står i tabellen under.",
        $"Bar chart of exported amounts per month in {Unit(currency)}. The numbers are in the table below.");

    public string Month(DateOnly month) => month.ToString("MMMM yyyy", Culture);

    /// <summary>Under a bar, where there is little room: <c>mar.</c>, <c>Mar</c>.</summary>
    public string MonthShort(DateOnly month) => month.ToString("MMM", Culture);

    /// <summary>Beside a chart's lines: <c>1,2 mill.</c>, <c>250 000</c>.</summary>
    public string Rounded(long minor) => minor >= 100_000_000
        ? Say($"{(minor / 100_000_000m).ToString("0.#", Culture)} mill.", $"{(minor / 100_000_000m).ToString("0.#", Culture)} m")
        : Number(minor / 100);

    private string Unit(string currency) => currency is "NOK" ? Say("kroner", "NOK") : currency;

    private string Starter(Run run) => run.Trigger is RunTrigger.Schedule ? Say("tidsplanen", "the schedule") : run.Actor;
}
