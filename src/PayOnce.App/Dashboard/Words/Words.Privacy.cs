using PayOnce.Privacy;

namespace PayOnce.App.Dashboard;

/// <summary>How long documents are kept, erasure, a person's data, and who saw it.</summary>
internal sealed partial class Words
{
    public string TopicPrivacy => Say("Personvern og oppbevaring", "Privacy and retention");

    public string PrivacySum(PrivacySettings settings) => $"{KeptYears(settings.RetentionYears)} {(settings.RecordViews ? ViewsOn : ViewsOff)}";

    public string KeptYears(int years) => Say($"Dokumenter oppbevares i {Number(years)} år etter utgangen av året.", $"Documents are kept for {Number(years)} years after the end of the year.");

    public string ViewsOn => Say("Visninger av personopplysninger føres i revisjonssporet.", "Views of personal data are written to the audit trail.");

    public string ViewsOff => Say("Visninger av personopplysninger føres ikke.", "Views of personal data are not written down.");

    public string RetentionLead => Say(
        "Bokføringsloven § 13 krever at primærdokumentasjon oppbevares i fem år etter regnskapsårets slutt. Etterpå kan personopplysninger slettes. Merker, beløp og revisjonssporet blir stående, så et krav som er eksportert, aldri kan eksporteres en gang til.",
        "The Norwegian Bookkeeping Act, section 13, wants primary documentation kept for five years after the end of the financial year. After that, personal data can be erased. Marks, amounts and the audit trail stay, so that a claim that was exported can never be exported once more.");

    public string ErasableNow(DateTimeOffset before) => Say($"Nå kan dokumenter fra før {Date(before)} slettes.", $"Now documents from before {Date(before)} can be erased.");

    public string ChangePrivacy => Say("Endre oppbevaring og visninger", "Change retention and views");

    public string RetentionYears => Say("Antall år", "Number of years");

    public string RetentionYearsHint => Say(
        $"Hele år etter utgangen av året dokumentet er fra. Minst {PrivacySettings.LeastYears}, høyst {PrivacySettings.MostYears}.",
        $"Whole years after the end of the year that the document is of. At least {PrivacySettings.LeastYears}, at most {PrivacySettings.MostYears}.");

    public string RetentionYearsWrong => Say(
        $"Antall år må være et helt tall fra {PrivacySettings.LeastYears} til {PrivacySettings.MostYears}. Bokføringsloven § 13 krever minst fem år.",
        $"Number of years must be a whole number from {PrivacySettings.LeastYears} to {PrivacySettings.MostYears}. The Bookkeeping Act, section 13, asks for at least five.");

    public string RecordViews => Say("Før hver visning av personopplysninger i revisjonssporet", "Write every view of personal data to the audit trail");

    public string RecordViewsHint => Say(
        "Hvem som så hvilket krav, hvilken utbetalingsmottaker eller hvilken liste. Lar en visning seg ikke føre, vises ingenting.",
        "Who saw which claim, which claimant or which list. If a view cannot be written down, nothing is shown.");

    public string YesWord => Say("Ja", "Yes");

    public string NoWord => Say("Nei", "No");

    // ---- Erasure ----

    public string ErasePersonalData => Say("Slett personopplysninger", "Erase personal data");

    public string EraseLead => Say(
        "Navn, beskrivelser, skjemaer, kvitteringer og filenes innhold slettes for godt. Kravnumre, beløp, datoer, merker og revisjonssporet blir stående. Det kan ikke angres.",
        "Names, descriptions, forms, receipts and the contents of files are erased for good. Claim numbers, amounts, dates, marks and the audit trail stay. This cannot be undone.");

    public string EraseCaption => Say("Krav som er eldre enn oppbevaringstiden", "Claims that are older than the retention time");

    public string EraseYear => Say("Godkjent i", "Approved in");

    public string EraseDue => Say("Slettes", "Erased");

    public string EraseSum => Say("Sum", "Sum");

    public string EraseHeld => Say("Beholdes", "Kept");

    public string EraseWhyHeld(DueClaims claims) => string.Join(", ", new[]
    {
        (claims.InDoubt, Say("uavklart", "in doubt")), (claims.Reserved, Say("eksporteres nå", "being exported")), (claims.Waiting, Say("venter på eksport", "waiting to be exported")),
        (claims.Later, Say("har yngre dokumenter", "with younger documents")),
    }.Where(each => each.Item1 > 0).Select(each => $"{Number(each.Item1)} {each.Item2}"));

    public string ErasesAlso(ErasedCounts other) => Say(
        $"I tillegg: {Number(other.Forms)} skjemaer som aldri ble krav, {Number(other.Acknowledgements)} bekreftelser som ikke gjelder lenger, og innholdet fra {Number(other.Runs)} kjøringer.",
        $"Also: {Number(other.Forms)} {(other.Forms == 1 ? "form" : "forms")} that never became a claim, {Number(other.Acknowledgements)} {(other.Acknowledgements == 1 ? "acknowledgement" : "acknowledgements")} that no longer {(other.Acknowledgements == 1 ? "counts" : "count")}, and the contents of {Number(other.Runs)} {(other.Runs == 1 ? "run" : "runs")}.");

    public string NothingToErase => Say("Ingenting er eldre enn oppbevaringstiden. Det er ingenting å slette.", "Nothing is older than the retention time. There is nothing to erase.");

    public string WouldErase(long claims) => Say($"{Claims(claims)} kan slettes.", $"{Claims(claims)} can be erased.");

    public string ErasureOpen(Erasure erasure) => Say(
        $"En sletting som {erasure.Actor} begynte {At(erasure.BegunAt)}, er ikke ferdig: {Claims(erasure.Counts.Claims)} så langt. Den fortsetter der den var.",
        $"An erasure that {erasure.Actor} began {At(erasure.BegunAt)} has not come to its end: {Claims(erasure.Counts.Claims)} so far. It goes on where it was.");

    public string ConfirmErasure => Say("Skriv organisasjonens id for å bekrefte", "Type the organisation's id to confirm");

    public string ConfirmErasureHint(string org) => Say($"Skriv {org}.", $"Type {org}.");

    public string ConfirmErasureWrong(string org) => Say($"Bekreftelsen må være {org}. Ingenting ble slettet.", $"The confirmation must be {org}. Nothing was erased.");

    public string EraseButton => Say("Slett for godt", "Erase for good");

    public string EraseOn => Say("Fortsett slettingen", "Go on erasing");

    public string EraseRestoring => Say("Organisasjonen er i gjenopprettingsmodus. Ingenting slettes før den er slått av.", "The organisation is in restore mode. Nothing is erased before it is switched off.");

    public string Erasures => Say("Slettinger", "Erasures");

    public string ErasureBegun => Say("Begynt", "Begun");

    public string ErasureEnded => Say("Ferdig", "Ended");

    public string ErasureBefore => Say("Fra før", "From before");

    public string NotEnded => Say("ikke ferdig", "not ended");

    /// <summary>Where a name or a cause stood, in the page's own language.</summary>
    public string NameOrErased(string name) => name == ErasedContent.Word ? Say("slettet", "erased") : name;

    public string ClaimErased(DateTimeOffset at) => Say(
        $"Personopplysningene ble slettet {Date(at)}. Kravet kan aldri eksporteres igjen.",
        $"The personal data was erased on {Date(at)}. The claim can never be exported again.");

    public string FileErased(DateTimeOffset at) => Say(
        $"Innholdet ble slettet {Date(at)}, fordi oppbevaringstiden var over. Navn, sum og fingeravtrykk er beholdt.",
        $"The contents were erased on {Date(at)}, because the retention time was over. Name, sum and fingerprint are kept.");

    // ---- A person's data ----

    public string PersonsData => Say("En persons opplysninger", "A person's data");

    public string PersonsDataLead => Say(
        "Alt om én utbetalingsmottaker, i én fil: krav med historikk, skjemaer med kvitteringer, bekreftelser, kjøringer, spor og konto. At filen ble laget, står i revisjonssporet.",
        "Everything about one claimant, in one file: claims with their history, forms with receipts, acknowledgements, runs, trail and account. That the file was made stands in the audit trail.");

    public string ClaimantId => Say("Leverandørnummer", "Supplier number");

    public string FindPerson => Say("Finn", "Find");

    public string PersonKnown(string claimant) => Say($"Det finnes opplysninger om {claimant}.", $"There is data about {claimant}.");

    public string PersonUnknown(string claimant) => Say($"Det finnes ingen opplysninger om {claimant}. Slettede krav har ikke lenger noe nummer.", $"There is no data about {claimant}. Erased claims have no number any more.");

    public string DownloadPerson => Say("Last ned opplysningene", "Download the data");

    public string OwnData => Say("Last ned alt som er lagret om deg (JSON)", "Download everything that is kept about you (JSON)");

    // ---- The trail ----

    private string? PrivacyAct(string action, EventDetails about) => action switch
    {
        PayOnce.Audit.AuditActions.ErasureBegun => Say("Begynte å slette personopplysninger", "Began to erase personal data"),
        PayOnce.Audit.AuditActions.DocumentsErased => Say(
            $"Slettet personopplysninger: {Claims(about.Number("claims"))}, {about.Number("forms")} skjemaer, {about.Number("acknowledgements")} bekreftelser, {about.Number("runs")} kjøringer",
            $"Erased personal data: {Claims(about.Number("claims"))}, {about.Number("forms")} forms, {about.Number("acknowledgements")} acknowledgements, {about.Number("runs")} runs"),
        PayOnce.Audit.AuditActions.ErasureEnded => Say($"Ble ferdig med å slette: {Claims(about.Number("claims"))}", $"Came to the end of erasing: {Claims(about.Number("claims"))}"),
        PayOnce.Audit.AuditActions.PersonalDataViewed => Say($"Så personopplysninger ({Shown(about.Text("what"))})", $"Saw personal data ({Shown(about.Text("what"))})"),
        PayOnce.Audit.AuditActions.PersonExported => Say("Hentet ut alt om personen", "Exported everything about the person"),
        _ => null,
    };

    private string Shown(string? what) => what switch
    {
        "claim" => Say("krav", "claim"),
        "claims" => Say("liste over krav", "list of claims"),
        "run" => Say("kjøringens krav", "the run's claims"),
        "file" => Say("fil", "file"),
        "form" => Say("skjema", "form"),
        "forms" => Say("liste over skjemaer", "list of forms"),
        "receipt" => Say("kvittering", "receipt"),
        "acknowledgement" => Say("bekreftelse", "acknowledgement"),
        "acknowledgements" => Say("liste over bekreftelser", "list of acknowledgements"),
        "preview" => Say("forhåndsvisning", "preview"),
        "search" => Say("søk", "search"),
        _ => Say("person", "person"),
    };
}
