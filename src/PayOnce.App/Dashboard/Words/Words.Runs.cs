using System.Globalization;
using PayOnce.Runs;

namespace PayOnce.App.Dashboard;

/// <summary>The pages about runs: headings, labels, columns, acts.</summary>
internal sealed partial class Words
{
    public string Run(long run) => Say($"Kjøring {Id(run)}", $"Run {Id(run)}");

    public string BackToRuns => Say("Tilbake til kjøringer", "Back to runs");

    public string BackToRun(long run) => Say($"Tilbake til kjøring {Id(run)}", $"Back to run {Id(run)}");

    // ---- The list ----

    public string RunsCaption => Say("Kjøringer, nyeste først", "Runs, newest first");

    public string RunColumn => Say("Kjøring", "Run");

    public string Started => Say("Startet", "Started");

    public string Ended => Say("Avsluttet", "Ended");

    public string StartedByColumn => Say("Startet av", "Started by");

    public string ExportedColumn => Say("Eksportert", "Exported");

    public string SkippedColumn => Say("Hoppet over", "Skipped");

    public string RejectedColumn => Say("Avvist", "Rejected");

    public string DurationColumn => Say("Varighet", "Duration");

    public string InDoubtColumn => Say("Uavklart", "In doubt");

    public string NoRunsYet => Say("Ingen kjøringer ennå. Når den første eksporten er gjort, finner du den her.", "No runs yet. When the first export is done, you find it here.");

    public string NoRunsMatch => Say("Ingen kjøringer passer filteret.", "No runs match the filter.");

    public string RunsShown(int shown, long total, bool more) => more
        ? Say($"Viser {Number(shown)} av mer enn {Number(total)} kjøringer, nyeste først.", $"Showing {Number(shown)} of more than {Number(total)} runs, newest first.")
        : Say($"Viser {Number(shown)} av {Number(total)} {(total == 1 ? "kjøring" : "kjøringer")}, nyeste først.", $"Showing {Number(shown)} of {Number(total)} {(total == 1 ? "run" : "runs")}, newest first.");

    public string Hits(long total, bool more) => more
        ? Say($"Mer enn {Number(total)} treff", $"More than {Number(total)} hits")
        : Say($"{Number(total)} treff", total == 1 ? "1 hit" : $"{Number(total)} hits");

    public string Filter => Say("Filter", "Filter");

    public string UseFilter => Say("Bruk filter", "Apply filter");

    public string ResetFilter => Say("Nullstill filter", "Reset filter");

    public string StartedIn => Say("Startet i tidsrommet", "Started in the period");

    public string Everyone => Say("Alle", "All");

    public string Person => Say("Person", "Person");

    public string ScheduleWord => Say("Tidsplan", "Schedule");

    public string AccountingSystem => Say("Regnskapssystem", "Accounting system");

    public string RowsPerPage => Say("Rader per side", "Rows per page");

    public string FilterInUse(IReadOnlyList<string> parts) => Say($"Filteret viser: {List(parts)}.", $"The filter shows: {List(parts)}.");

    public string FromWords(DateOnly day) => Say($"fra og med {Date(day)}", $"from {Date(day)}");

    public string ToWords(DateOnly day) => Say($"til og med {Date(day)}", $"to {Date(day)}");

    public string StateWords(IReadOnlyList<string> states) => Say($"tilstand {OrList(states)}", $"state {OrList(states)}");

    public string ByWords(bool schedule) => schedule ? Say("startet av tidsplanen", "started by the schedule") : Say("startet av en person", "started by a person");

    public string DownloadList => Say("Last ned listen (CSV)", "Download the list (CSV)");

    public string WholeSelection(long total, bool more) => more
        ? Say("Hele utvalget.", "The whole selection.")
        : Say($"Hele utvalget, {Number(total)} {(total == 1 ? "rad" : "rader")}.", $"The whole selection, {Number(total)} {(total == 1 ? "row" : "rows")}.");

    public string PagesIn(string what) => Say($"Sider i {what}", $"Pages of {what}");

    // ---- One run ----

    public string WhatHappened => Say("Regnskap over kjøringen", "What happened");

    public string ClaimsInAll => Say("Krav i alt", "Claims in all");

    public string NotSentYet => Say("Gjenstår", "Remaining");

    public string NotSent => Say("Ikke sendt", "Not sent");

    public string InFileCount => Say("Lagt i fil", "In file");

    /// <summary>What is proven of exported claims. In a file they are received by nobody yet.</summary>
    public string OfWhich(long booked, long others, bool byFile) => byFile
        ? Say($"{Number(booked)} bokført, {Number(others)} lagt i fil", $"{Number(booked)} booked, {Number(others)} in file")
        : Say($"{Number(booked)} bokført, {Number(others)} mottatt", $"{Number(booked)} booked, {Number(others)} received");

    public string AmountExported => Say("Beløp eksportert", "Amount exported");

    public string Sum => Say("Sum", "Sum");

    /// <summary>The account as a sum that anybody can check.</summary>
    public string SumLine(RunCounters c) =>
        $"{Number(c.Exported)} + {Number(c.SkippedDuplicates)} + {Number(c.Rejected)} + {Number(c.InDoubt)} + {Number(Unsent(c))} = {Number(c.Total)}";

    public string SumParts(bool over) => Say(
        $"eksportert + hoppet over + avvist + uavklart + {(over ? "ikke sendt" : "gjenstår")} = krav i alt",
        $"exported + skipped + rejected + in doubt + {(over ? "not sent" : "remaining")} = claims in all");

    public string DoubtfulClaims(long number) => Say($"Uavklarte krav ({Number(number)})", $"Claims in doubt ({Number(number)})");

    public string DoubtfulLead => Say(
        "Vi vet ikke om disse kravene er bokført. De blir ikke sendt på nytt før noen har avklart dem.",
        "We do not know whether these claims are booked. They will not be sent again until someone has cleared them up.");

    public string ClearUp => Say("Avklar uavklarte krav", "Clear up claims in doubt");

    public string RejectedClaims(long number) => Say($"Avviste krav ({Number(number)})", $"Rejected claims ({Number(number)})");

    public string RejectedLead => Say(
        "Disse kravene er ikke bokført. Rett årsaken, så tar neste kjøring dem med.",
        "These claims are not booked. Correct the cause, and the next run takes them.");

    public string Cause => Say("Årsak", "Cause");

    public string CausesCaption => Say("Årsaker, de hyppigste først", "Causes, most frequent first");

    public string Examples => Say("Eksempler", "Examples");

    public string GroupedOnly(long number) => Say($"Bare de første {Number(number)} er gruppert.", $"Only the first {Number(number)} are grouped.");

    public string ExportedClaims(long number) => Say($"Eksporterte krav ({Number(number)})", $"Exported claims ({Number(number)})");

    public string SkippedClaims(long number) => Say($"Hoppet over – allerede eksportert ({Number(number)})", $"Skipped – already exported ({Number(number)})");

    public string SkippedLead => Say(
        "Disse kravene er trygge. De var sendt før, og ble ikke sendt igjen.",
        "These claims are safe. They were sent before, and were not sent again.");

    public string SkippedInDoubtLead => Say(
        "En tidligere kjøring har disse kravene. De ble ikke sendt igjen. De som er uavklarte, må avklares først.",
        "An earlier run has these claims. They were not sent again. Those in doubt must be cleared up first.");

    public string ReleasedClaims(long number) => Say($"Krav som ble lagt tilbake ({Number(number)})", $"Claims that were given back ({Number(number)})");

    public string ReleasedLead => Say(
        "Ingenting av disse kravene ligger i regnskapet fra denne kjøringen.",
        "Nothing of these claims is in the accounts from this run.");

    public string Payee => Say("Mottaker", "Payee");

    public string Acknowledgement => Say("Bekreftelses-ID", "Acknowledgement ID");

    public string TimeColumn => Say("Tidspunkt", "Time");

    public string ExportedInRun => Say("Eksportert i kjøring", "Exported in run");

    public string DateColumn => Say("Dato", "Date");

    public string TakenAgain(long run) => Say($"tatt igjen i kjøring {Id(run)}", $"taken again in run {Id(run)}");

    public string ShownOf(int shown, long total) => Say($"Viser {Number(shown)} av {Number(total)}.", $"Showing {Number(shown)} of {Number(total)}.");

    public string TriesHeading => Say("Forsøk", "Attempts");

    public string TriesCaption => Say("Forsøk på å levere, nyeste først", "Attempts to deliver, newest first");

    public string Batch => Say("Bunt", "Batch");

    public string Try => Say("Forsøk", "Attempt");

    public string OutcomeColumn => Say("Utfall", "Outcome");

    public string HttpStatus => Say("HTTP-status", "HTTP status");

    public string SentAt => Say("Sendt", "Sent");

    public string AnsweredAt => Say("Svar", "Answer");

    public string ErrorColumn => Say("Feil", "Error");

    public string AboutRun => Say("Om kjøringen", "About the run");

    public string IntegrationVersion(int version) => Say($"Innstillinger versjon {Number(version)}", $"Settings version {Number(version)}");

    public string Format => Say("Format", "Format");

    public string KindColumn => Say("Type", "Kind");

    public string ScopeColumn => Say("Utvalg", "Scope");

    public string Scope(ClaimScope scope)
    {
        var parts = new List<string>();
        if (scope.ClaimId is { } claim) parts.Add(Say($"bare krav {claim}", $"only claim {claim}"));
        if (scope.From is { } from) parts.Add(Say($"godkjent fra {At(from)}", $"approved from {At(from)}"));
        if (scope.Before is { } before) parts.Add(Say($"godkjent før {At(before)}", $"approved before {At(before)}"));
        if (scope.Limit is { } limit) parts.Add(Say($"høyst {Claims(limit)}", $"at most {Claims(limit)}"));
        return parts.Count == 0 ? Say("Alt som er godkjent og ikke eksportert", "Everything approved and not exported") : Capital(List(parts));
    }

    public string SeeTrail => Say("Vis hendelser i revisjonssporet", "Show events in the audit trail");

    public string DownloadReport => Say("Last ned rapport (CSV)", "Download report (CSV)");

    public string PrintView => Say("Utskriftsvisning", "Print view");

    public string PrintedAt(DateTimeOffset at) => Say($"Skrevet ut {At(at)}.", $"Printed {At(at)}.");

    public string RestInReport => Say("Resten av kravene står i rapporten (CSV).", "The rest of the claims are in the report (CSV).");

    public string WasGoingAlready(long run) => Say($"Kjøring {Id(run)} var allerede i gang. Vi startet ikke en ny.", $"Run {Id(run)} was already going. We did not start another.");

    public string Cut => Say(
        "Prosessen som kjørte, ser ut til å være borte. Neste kjøring finner ut hva som ble sendt, og rydder opp.",
        "The process that ran seems to be gone. The next run finds out what was sent and clears up.");

    // ---- Its file ----

    public string FileHeading => Say("Fil", "File");

    public string FileName => Say("Filnavn", "File name");

    public string Fingerprint => Say("Fingeravtrykk (SHA-256)", "Fingerprint (SHA-256)");

    public string FileHolds(long claims, long lines, string sums) => Say($"{Claims(claims)}, {Number(lines)} linjer, {sums}", $"{Claims(claims)}, {Number(lines)} lines, {sums}");

    public string Holds => Say("Innhold", "Holds");

    public string ControlTotal => Say("Kontrollsum", "Control total");

    public string PublishedTo => Say("Lagt i mappen", "Published to");

    public string Fetched => Say("Hentet", "Fetched");

    public string NotFetched => Say("Ikke hentet ennå", "Not yet fetched");

    public string ImportedAs => Say("Importert som bilag", "Imported as voucher");

    public string NotImported => Say("Ikke bekreftet importert", "Import not confirmed");

    public string DownloadFile => Say("Last ned filen", "Download the file");

    public string DownloadFileAgain => Say("Last ned filen på nytt", "Download the file again");

    public string DownloadManifest => Say("Last ned følgeseddelen (JSON)", "Download the manifest (JSON)");

    public string SameBytes => Say("Filen er lik, byte for byte, hver gang den lastes ned.", "The file is the same, byte for byte, each time it is downloaded.");

    public string FileWithdrawn => Say("Filen er trukket tilbake. Den må ikke importeres, og kan ikke lastes ned lenger.", "The file was withdrawn. It must not be imported, and can no longer be downloaded.");

    public string FilePublishing => Say("Filen er ikke bekreftet lagt i mappen ennå.", "It is not confirmed yet that the file lies in its folder.");

    // ---- What is done to it ----

    public string StopRun => Say("Stopp kjøringen", "Stop the run");

    public string StopQuestion(long run) => Say($"Vil du stoppe kjøring {Id(run)}?", $"Do you want to stop run {Id(run)}?");

    public string LetItGoOn => Say("La kjøringen fortsette", "Let the run go on");

    public string StopExported(long number) => Say($"{Claims(number)} er eksportert og blir ikke angret.", $"{Claims(number)} {(number == 1 ? "is" : "are")} exported and will not be undone.");

    public string StopUnsent(long number) => Say($"{Claims(number)} blir ikke sendt nå, men kan eksporteres senere.", $"{Claims(number)} will not be sent now, but can be exported later.");

    public string StopOnTheWay(long number) => Say($"{Claims(number)} er underveis; vi venter på svar for dem.", $"{Claims(number)} {(number == 1 ? "is" : "are")} on the way; we wait for the answers.");

    public string StopFile => Say("Krav som er tatt med så langt, blir lagt i filen.", "Claims taken so far go into the file.");

    public string NothingToStop => Say("Kjøringen er ikke i gang lenger. Det er ingenting å stoppe.", "The run is no longer going. There is nothing to stop.");

    public string RollBack => Say("Trekk kjøringen tilbake", "Roll the run back");

    public string RollBackQuestion(long run) => Say($"Vil du trekke tilbake kjøring {Id(run)}?", $"Do you want to roll back run {Id(run)}?");

    public string RollBackOnlyIf => Say(
        "Gjør dette bare hvis ingen har importert filen i regnskapet. Er filen importert, blir kravene bokført og utbetalt to ganger.",
        "Do this only if nobody has imported the file into the accounts. If it was imported, the claims will be booked and paid twice.");

    public string RollBackEffect(long number) => Say(
        $"{Claims(number)} legges tilbake og er klare for eksport igjen. Neste kjøring tar dem med.",
        $"{Claims(number)} will be given back and {(number == 1 ? "is" : "are")} ready to export again. The next run takes {(number == 1 ? "it" : "them")}.");

    public string RollBackFile(string name) => Say($"Filen {name} trekkes tilbake og kan ikke lastes ned lenger.", $"The file {name} is withdrawn and can no longer be downloaded.");

    public string RollBackButton(long number) => Say($"Trekk tilbake {Claims(number)}", $"Roll back {Claims(number)}");

    public string Continue => Say("Fortsett", "Continue");

    public string ChangeReason => Say("Endre begrunnelsen", "Change the reason");

    public string LeaveRun => Say("La kjøringen stå", "Leave the run as it is");

    public string CannotRollBack(Run run, bool hasFile, bool imported) => (run.State, hasFile, imported) switch
    {
        (PayOnce.Runs.RunState.Running, _, _) => Say("Kjøringen er i gang. Stopp den først.", "The run is going. Stop it first."),
        (PayOnce.Runs.RunState.RolledBack, _, _) => Say("Kjøringen er allerede trukket tilbake.", "The run is already rolled back."),
        (_, false, _) => Say("Kjøringen laget ingen fil som kan trekkes tilbake.", "The run made no file that could be withdrawn."),
        (_, _, true) => Say("Filen er bekreftet importert. Det som er bokført, må reverseres i regnskapet.", "The file was confirmed as imported. What is booked must be reversed in the accounts."),
        _ => Say("Kjøringen kan ikke trekkes tilbake.", "The run cannot be rolled back."),
    };

    public string RecordImport => Say("Bekreft at filen er importert", "Confirm that the file was imported");

    public string RecordImportLead => Say(
        "Skriv bilagsnummeret eller journalnummeret som filen fikk i regnskapet. Kravene får da tilstanden Bokført.",
        "Write the voucher or journal number that the file got in the accounts. The claims then become Booked.");

    public string VoucherNumber => Say("Bilagsnummer", "Voucher number");

    public string VoucherMissing => Say("Bilagsnummer må fylles ut.", "Voucher number must be filled in.");

    public string ConfirmImport => Say("Bekreft importen", "Confirm the import");

    public string NoFileToImport => Say("Kjøringen har ingen fil som kan være importert.", "The run has no file that could have been imported.");

    public string NotYours => Say("Dette gjøres av en administrator.", "An administrator does this.");

    /// <summary>Numbers that name something are written without spaces.</summary>
    private static string Id(long number) => number.ToString(CultureInfo.InvariantCulture);

    private string OrList(IReadOnlyList<string> parts) =>
        parts.Count < 2 ? string.Concat(parts) : $"{string.Join(", ", parts.Take(parts.Count - 1))} {Say("eller", "or")} {parts[^1]}";

    /// <summary>Claims of the scope that the run has not settled: not reached, taken without an answer yet, or given back.</summary>
    public static long Unsent(RunCounters c) => c.Candidates - c.Exported - c.Rejected - c.InDoubt;
}
