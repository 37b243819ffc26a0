using PayOnce.Runs;

namespace PayOnce.App.Dashboard;

internal sealed partial class Words
{
    public string StartHeading => Say("Kom i gang", "Get started");

    public string StartSentence(int done, int all, bool exported) => Say(
        $"{Number(done)} av {Number(all)} oppgaver er ferdige.{(exported ? "" : " Ingenting blir sendt til regnskapet før du starter første eksport.")}",
        $"{Number(done)} of {Number(all)} tasks are done.{(exported ? "" : " Nothing is sent to the accounts before you start the first export.")}");

    public string TasksHeading => Say("Oppgaver", "Tasks");

    public Parts.StateWord TaskState(TaskState state) => state switch
    {
        Dashboard.TaskState.NotStarted => new(Say("Ikke startet", "Not started"), "neutral"),
        Dashboard.TaskState.Ready => new(Say("Klar", "Ready"), "info"),
        Dashboard.TaskState.Lacking => new(Say("Mangler noe", "Something is missing"), "warning"),
        Dashboard.TaskState.Done => new(Say("Ferdig", "Done"), "success"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public string TaskTitle(string task) => task switch
    {
        "organisation" => Say("Organisasjon og tidssone", "Organisation and time zone"),
        "access" => Say("Administrator og tilgang", "Administrator and access"),
        "integration" => Say("Koble til regnskapssystem", "Connect the accounting system"),
        "mapping" => Say("Kolonneoppsett", "Column mapping"),
        "claims" => Say("Legg inn godkjente krav", "Bring in approved claims"),
        "adopt" => Say("Registrer tidligere eksport", "Register earlier exports"),
        "preview" => Say("Prøvekjøring", "Dry run"),
        "first-export" => Say("Første eksport, begrenset til 1 krav", "First export, limited to 1 claim"),
        "schedule" => Say("Tidsplan", "Schedule"),
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, null),
    };

    public string TaskText(string task) => task switch
    {
        "organisation" => Say("Navnet og tidssonen som alle klokkeslett vises i.", "The name, and the time zone in which all times are shown."),
        "access" => Say("Hvem som kan se, eksportere og avgjøre.", "Who can look, export and decide."),
        "integration" => Say("Hvilket system kravene skal til, med fil eller API.", "Which system the claims go to, by file or API."),
        "mapping" => Say("Hvilke kontoer og kolonner kravene får. Standardoppsettet gjelder til dere endrer det.", "Which accounts and columns the claims get. The standard applies until you change it."),
        "claims" => Say("En fil fra kravsystemet, eller gjennom API-et.", "A file from the claims system, or through the API."),
        "adopt" => Say("Har dere eksportert krav før PayOnce? Legg inn hvilke, så de ikke sendes igjen.", "Have you exported claims before PayOnce? Say which, so that they are not sent again."),
        "preview" => Say("Viser hva som ville blitt sendt. Ingenting sendes.", "Shows what would be sent. Nothing is sent."),
        "first-export" => Say("Send ett krav, og se at det kommer riktig fram.", "Send one claim, and see that it arrives as it should."),
        "schedule" => Say("Når eksporten skal starte av seg selv.", "When the export starts by itself."),
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, null),
    };

    // ---- Adoption ----

    public string AdoptHeading => Say("Registrer tidligere eksport", "Register earlier exports");

    public string AdoptLead => Say(
        "Krav som ble sendt til regnskapet før PayOnce, må registreres før første eksport. Ellers blir de sendt en gang til.",
        "Claims that were sent to the accounts before PayOnce have to be registered before the first export. Otherwise they are sent once more.");

    public string AdoptForm(long megabytes) => Say(
        $"Filen er CSV med kolonnene claim_id og reference, eller JSON med claimId og reference, og høyst {Number(megabytes)} MB. Referansen er bilagsnummeret eller det dere ellers finner kravet igjen med.",
        $"The file is CSV with the columns claim_id and reference, or JSON with claimId and reference, and at most {Number(megabytes)} MB. The reference is the voucher number, or what else you find the claim by.");

    public string AdoptFile => Say("Fil med tidligere eksporterte krav", "File with claims exported earlier");

    public string AdoptTooLarge(long megabytes) => Say($"Filen er større enn {Number(megabytes)} MB. Del den i flere filer. Ingenting ble registrert.", $"The file is larger than {Number(megabytes)} MB. Split it into several files. Nothing was registered.");

    public string AdoptPreview => Say("Vis hva som blir registrert", "Show what will be registered");

    public string AdoptCheckHeading => Say("Kontroller før kravene registreres", "Check before the claims are registered");

    public string AdoptCheckSentence(string file, long entries) => Say(
        $"{file} har {Number(entries)} krav. De regnes som eksportert når du registrerer dem, og blir aldri sendt herfra.",
        $"{file} has {Claims(entries)}. They count as exported once you register them, and are never sent from here.");

    public string AdoptWaiting => Say("Venter på eksport nå, og tas ut", "Waiting to be exported now, and taken out");

    public string AdoptUnknown => Say("Ikke lagt inn i PayOnce ennå", "Not brought into PayOnce yet");

    public string AdoptHeld => Say("Allerede eksportert eller registrert, og blir stående som de er", "Exported or registered already, and left as they are");

    public string AdoptInAll => Say("Krav i filen", "Claims in the file");

    public string AdoptNothingNew => Say("Alle kravene i filen er allerede eksportert eller registrert. Det er ingenting å gjøre.", "All claims in the file are exported or registered already. There is nothing to do.");

    public string AdoptReasonHint => Say("For eksempel hvor listen kommer fra, og hvem som har kontrollert den.", "For example where the list comes from, and who has checked it.");

    public string AdoptNow(long claims) => Say($"Registrer {Number(claims)} krav", $"Register {Claims(claims)}");

    public string AdoptSample => Say("De første kravene i filen", "The first claims of the file");

    public string Reference => Say("Referanse", "Reference");

    public string AdoptRefused => Say("Ingenting ble registrert", "Nothing was registered");

    public string AdoptProblems(string file, long all) => Say(
        $"{file} har {Number(all)} feil. En halv liste ville latt resten bli sendt igjen, så rett filen og last den opp på nytt.",
        $"{file} has {Number(all)} {(all == 1 ? "error" : "errors")}. Half a list would let the rest be sent again, so correct the file and upload it anew.");

    public string AdoptBusy(Run run) => Say($"Kjøring {run.RunId} pågår. Ingenting ble registrert. Prøv igjen når den er ferdig.", $"Run {run.RunId} is going on. Nothing was registered. Try again when it has ended.");

    public string AdoptDone(long run, long claims) => Say($"{Capital(Claims(claims))} er registrert som eksportert, i kjøring {run}.", $"{Claims(claims)} registered as exported, in run {run}.");

    public string BackToStart => Say("Kom i gang", "Get started");

    // ---- First export ----

    public string FirstExportHeading => Say("Første eksport: 1 krav", "First export: 1 claim");

    public string FirstExportSentence(string claimId, string money, string system) => Say(
        $"Krav {claimId} på {money} blir sendt til {system}. Resten venter.",
        $"Claim {claimId} of {money} will be sent to {system}. The rest waits.");

    public string FirstExportAfter => Say(
        "Kontroller etterpå at kravet står riktig i regnskapet. Da er dere klare for resten.",
        "Check afterwards that the claim stands in the accounts as it should. Then you are ready for the rest.");

    public string FirstExportNow => Say("Eksporter 1 krav", "Export 1 claim");

    public string NoClaimWaits => Say("Ingen krav venter på eksport. Legg inn godkjente krav først.", "No claims wait to be exported. Bring in approved claims first.");

    public string NotReadyYet => Say("Dette må rettes først", "This has to be corrected first");

    public string ExportPaused(string reason) => Say($"Eksport er satt på pause: {reason}", $"Export is paused: {reason}");

    public string KeyUsedDifferently => Say("Skjemaet er brukt før, til noe annet. Last siden på nytt.", "The form was used before, for something else. Reload the page.");

    // ---- Dry run ----

    public string PreviewHeading => Say("Hva som blir sendt", "What will be sent");

    public string PreviewSentence(DryRunReport report, string system) => report.Claims == 0
        ? Say("Ingen krav ville blitt sendt.", "No claims would be sent.")
        : Say(
            $"{Number(report.Claims)} krav, til sammen {Money(report.ControlTotals)}, ville blitt sendt til {system}. Ingenting er sendt.",
            $"{Claims(report.Claims)}, {Money(report.ControlTotals)} in total, would be sent to {system}. Nothing has been sent.");

    public string PreviewRejections(long number) => Say($"{Number(number)} krav ville blitt avvist", $"{Claims(number)} would be rejected");

    public string PreviewLimited(long checkedClaims, long waiting) => Say(
        $"De {Number(checkedClaims)} eldste av {Number(waiting)} krav er kontrollert.",
        $"The oldest {Number(checkedClaims)} of {Claims(waiting)} were checked.");

    public string PreviewSample => Say("Begynnelsen av det som blir sendt", "The beginning of what will be sent");

    public string PreviewNotPossible => Say("Vi kan ikke vise hva som blir sendt ennå", "We cannot show yet what will be sent");

    public string RowsSent => Say("Linjer", "Rows");

    public string SizeSent => Say("Størrelse", "Size");

    public string Bytes(long bytes) => bytes < 10_000 ? $"{Number(bytes)} byte" : $"{Number(bytes / 1000)} kB";
}
