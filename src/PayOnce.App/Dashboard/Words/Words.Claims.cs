using PayOnce.Guard;
using PayOnce.History;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard;

internal sealed partial class Words
{
    public string ClaimsPages => Say("Sider i krav", "Pages of claims");

    public string ClaimsShown(int rows) => rows == 0
        ? Say("Ingen krav passer filteret.", "No claims match the filter.")
        : Say($"Viser {Number(rows)} krav, sist godkjente først.", $"Showing {Claims(rows)}, most recently approved first.");

    public string NoClaimsYet => Say("Ingen krav ennå. Når godkjente krav er lagt inn, finner du dem her.", "No claims yet. When approved claims have been brought in, you will find them here.");

    public string ClaimsCaption => Say("Krav, sist godkjente først", "Claims, most recently approved first");

    public string ClaimsCaptionById => Say("Krav, sortert etter kravnummer", "Claims, in the order of their numbers");

    public string ClaimState(ClaimPlace place) => place switch
    {
        ClaimPlace.Ready => Say("Klar", "Ready"),
        ClaimPlace.Reserved => Say("Sendes", "Sending"),
        ClaimPlace.Exported => Say("Eksportert", "Exported"),
        ClaimPlace.Rejected => Say("Avvist", "Rejected"),
        ClaimPlace.InDoubt => Say("Uavklart", "In doubt"),
        ClaimPlace.Withdrawn => WithdrawnClaim.Text,
        _ => throw new ArgumentOutOfRangeException(nameof(place), place, null),
    };

    public string AnyState => Say("Alle tilstander", "Any state");

    public string ApprovalPeriod => Say("Godkjent i perioden", "Approved in the period");

    public string Claimant => Say("Mottaker", "Payee");

    public string ClaimantFilter => Say("Mottakers nummer", "Payee's number");

    public string BeginsWith => Say("Kravnummeret begynner med", "The claim number begins with");

    public string BringClaims => Say("Legg inn krav", "Bring in claims");

    public string ClaimType => Say("Type", "Type");

    /// <summary>The types that claims systems mostly send; any other is the organisation's own word, and stands as it came.</summary>
    public string TypeOfClaim(string type) => type switch
    {
        "travel" => Say("Reiseregning", "Travel"),
        "outlay" => Say("Utlegg", "Outlay"),
        "honorarium" => Say("Honorar", "Honorarium"),
        "driver-honorarium" => FormKindName(PayOnce.Claims.Forms.FormKind.DriverHonorarium),
        _ => type,
    };

    public string Approved => Say("Godkjent", "Approved");

    public string Voucher => Say("Bilagsnummer", "Voucher number");

    public string ExportKey => Say("Eksportreferanse", "Export reference");

    public IReadOnlyList<string> ClaimColumns(string zone) =>
    [
        Claim, Claimant, ClaimType, $"{Approved} ({zone})", Amount(), Currency, State, RunColumn, ExportKey, Say("Bekreftelses-ID eller bilagsnummer", "Acknowledgement ID or voucher number"), Say("Hva som skjedde", "What happened"),
    ];

    // ---- One claim ----

    public string ClaimHeading(string claimId) => Say($"Krav {claimId}", $"Claim {claimId}");

    /// <summary>The claim's state in a sentence.</summary>
    /// <param name="system">The accounting system's name in a sentence.</param>
    /// <param name="acknowledgement">What it is known by there: the mark's own, or its file's.</param>
    public string ClaimSentence(Mark? mark, bool waiting, string system, string? acknowledgement) => mark switch
    {
        null => waiting
            ? Say("Kravet er godkjent og klart for eksport.", "The claim is approved and ready to export.")
            : Say("Kravet venter ikke på eksport.", "The claim does not wait to be exported."),
        { State: MarkState.Reserved } => Say("Kravet sendes nå.", "The claim is being sent now."),
        { State: MarkState.Exported, Evidence: Evidence.Received } => Say($"{Capital(system)} har mottatt kravet, men ikke bokført det ennå.", $"{Capital(system)} has received the claim but not booked it yet."),
        { State: MarkState.Exported, Evidence: Evidence.Booked } => acknowledgement is null
            ? Say($"Kravet er bokført i {system}.", $"The claim is booked in {system}.")
            : Say($"Kravet er bokført i {system} med bilagsnummer {acknowledgement}.", $"The claim is booked in {system} as voucher {acknowledgement}."),
        { State: MarkState.Exported } => Say($"Kravet er lagt i fil i kjøring {mark.RunId}. Vi vet ikke ennå om filen er lest inn i {system}.", $"The claim is in the file of run {mark.RunId}. We do not know yet whether the file was imported into {system}."),
        { State: MarkState.Rejected } => Say("Kravet ble avvist og er ikke bokført. Neste kjøring prøver igjen når feilen er rettet.", "The claim was rejected and is not booked. The next run tries again once the error is corrected."),
        { State: MarkState.InDoubt } => Say(
            "Vi vet ikke om kravet er bokført. Vi sender det ikke på nytt før noen har avklart det.",
            "We do not know whether the claim is booked. We will not send it again until someone has cleared it up."),
        { State: MarkState.Released, Attempt: 0, Generation: > 0 } => Say("Kravet er eksportert før, og skal eksporteres på nytt. Neste kjøring tar det.", "The claim was exported before and is to be exported again. The next run takes it."),
        { State: MarkState.Released } => waiting
            ? Say("Kravet kom ikke fram, og er klart for eksport igjen.", "The claim did not arrive and is ready to export again.")
            : Say("Kravet kom ikke fram.", "The claim did not arrive."),
        _ => throw new ArgumentOutOfRangeException(nameof(mark), mark, null),
    };

    public string AdoptedSentence(string? reference) => Say(
        $"Kravet ble eksportert før PayOnce kom, med referanse {reference}. Det sendes aldri herfra.",
        $"The claim was exported before PayOnce came, with reference {reference}. It is never sent from here.");

    public string WhatWeKnow => Say("Hva vi vet", "What we know");

    public string ApprovedBy(string who) => Say($"av {who}", $"by {who}");

    public string Generation => Say("Eksport nummer", "Export number");

    public string File => Say("Fil", "File");

    public string ImportedUnder(string voucher) => Say($"lest inn som {voucher}", $"imported as {voucher}");

    public string WhyRejected => Say("Hvorfor det ble avvist", "Why it was rejected");

    public string ClaimHappened => Say("Hva som skjedde", "What happened");

    public string PostingLines => Say("Posteringer", "Posting lines");

    public string ClaimLines => Say("Linjer i kravet", "Lines of the claim");

    public string ClaimLinesCaption => Say("Linjene slik de kom inn, med sum", "The lines as they came in, with their total");

    public string Date() => Say("Dato", "Date");

    public string Category => Say("Kategori", "Category");

    public string Description => Say("Beskrivelse", "Description");

    public string Quantity => Say("Antall", "Quantity");

    public string Dimensions => Say("Dimensjoner", "Dimensions");

    public string Total => Say("Sum", "Total");

    public string PostingNow(string system, int version) => Say(
        $"Slik blir kravet sendt til {system}, med oppsettet som gjelder nå (versjon {version}).",
        $"This is how the claim is sent to {system}, with the settings in force now (version {version}).");

    public string PostingSent(string system, int version) => Say(
        $"Slik ble kravet sendt til {system}, med oppsettets versjon {version}. Bilagsnummer og dato settes i kjøringen.",
        $"This is how the claim was sent to {system}, with version {version} of the settings. Voucher number and date are set by the run.");

    public string PostingSentOtherwise(int sent, int now) => Say(
        $"Kravet ble sendt med oppsettets versjon {sent}. Her vises det med versjon {now}, som gjelder nå.",
        $"The claim was sent with version {sent} of the settings. It is shown here with version {now}, which is in force now.");

    public string PostingRefused => Say("Kravet kan ikke sendes slik oppsettet er nå.", "The claim cannot be sent with the settings as they are now.");

    public string PostingNoSettings => Say("Regnskapssystemet er ikke koblet til ennå. Når det er gjort, ser du her hvordan kravet blir bokført.", "The accounting system is not connected yet. Once it is, you will see here how the claim is booked.");

    public string PostingRow => Say("Linje", "Row");

    public string PostingCaption => Say("Posteringer for kravet. Kolonner uten verdi er utelatt.", "Posting lines of the claim. Columns without a value are left out.");

    // ---- Attempts and history ----

    public string Attempts => Say("Forsøk", "Attempts");

    public string NoAttempts => Say("Kravet har ikke vært med i noen kjøring ennå.", "The claim has not been in a run yet.");

    public string AttemptLine(BatchTry attempt) => Say($"bunt {attempt.Batch}, forsøk {attempt.Try}", $"batch {attempt.Batch}, attempt {attempt.Try}");

    public string TechnicalFor(BatchTry attempt) => Say(
        $"Teknisk informasjon for forsøk {attempt.Try} av bunt {attempt.Batch} i kjøring {attempt.RunId}",
        $"Technical information for attempt {attempt.Try} of batch {attempt.Batch} in run {attempt.RunId}");

    public string ReservedAt => Say("Satt av", "Reserved");

    public string StartedAt => Say("Sendt", "Sent");

    public string FinishedAt => Say("Svar", "Answer");

    public string ClaimsInBatch => Say("Krav i bunten", "Claims in the batch");

    public string ErrorText => Say("Feilmelding", "Error message");

    public string NothingSentYet => Say("ikke sendt", "not sent");

    public string NoAnswerYet => Say("ikke noe svar", "no answer");

    public string History => Say("Historikk", "History");

    public string HistoryApproved(string by) => Say($"Godkjent av {by}", $"Approved by {by}");

    public string HistoryWithdrawn(string by) => Say($"Trukket tilbake av {by}", $"Withdrawn by {by}");

    public string HistoryReserved(long run) => Say($"Lagt i kjøring {run}", $"Put into run {run}");

    public string HistorySent(string system) => Say($"Sendt til {system}", $"Sent to {system}");

    public string HistoryAnswered(string system, AttemptOutcome? outcome) => Say($"Svar fra {system}: {Outcome(outcome)}", $"Answer from {system}: {Outcome(outcome)}");

    public string HistoryFile => Say("Filen ble gjort tilgjengelig", "The file was made available");

    public string HistoryAdopted(long run) => Say($"Registrert som eksportert før PayOnce, i kjøring {run}", $"Registered as exported before PayOnce, in run {run}");

    public string ClearUpClaim => Say("Avklar kravet", "Clear up the claim");

    public string SeeDoubt => Say("Se hva vi vet", "See what we know");

    public string ClearUpByOthers => Say("En administrator kan avklare kravet.", "An administrator can clear up the claim.");

    public string ReExportLink => Say("Eksporter på nytt …", "Export again …");

    public string ReExportByOthers => Say("Må kravet eksporteres på nytt, kan en administrator gjøre det.", "If the claim has to be exported again, an administrator can do it.");

    public string RejectedNext => Say(
        "Rett feilen i kravsystemet eller i oppsettet. Kravet er med i neste kjøring.",
        "Correct the error in the claims system or in the settings. The claim is part of the next run.");

    public string SeeWhatIsSent => Say("Se hva som blir sendt", "See what will be sent");

    public string BackToClaim(string claimId) => Say($"Tilbake til krav {claimId}", $"Back to claim {claimId}");

    public string SeeClaim => Say("Se kravet", "See the claim");
}
