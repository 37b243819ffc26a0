using PayOnce.Claims.Forms;
using PayOnce.Declarations;
using PayOnce.Guard;

namespace PayOnce.App.Dashboard;

internal sealed partial class Words
{
    public string MyClaims => Say("Mine krav", "My claims");

    public string Approvals => Say("Til godkjenning", "To approve");

    public string FormsOff => Say(
        "Organisasjonen har ikke slått på egne krav i PayOnce. En administrator kan slå dem på under Innstillinger, Funksjonsbrytere.",
        "The organisation has not switched on claims of one's own in PayOnce. An administrator can switch them on under Settings, Feature flags.");

    public string KindOff(FormKind kind) => kind is FormKind.DriverHonorarium
        ? Say("Honorar for sjåfører er ikke slått på for organisasjonen.", "Honoraria for drivers are not switched on for the organisation.")
        : Say("Reisekrav i PayOnce er ikke slått på for organisasjonen.", "Travel claims in PayOnce are not switched on for the organisation.");

    public string NoClaimant => Say(
        "Du har ikke noe mottakernummer i organisasjonen, og kan derfor ikke ha egne krav. En administrator kan gi deg et.",
        "You have no payee number in the organisation, and so cannot have claims of your own. An administrator can give you one.");

    public string MyClaimsSum(int number, int open) => number == 0
        ? Say("Du har ingen krav ennå.", "You have no claims yet.")
        : Say($"Du har {Number(number)} krav. {Number(open)} venter på at du gjør noe.", $"You have {Claims(number)}. {Number(open)} {(open == 1 ? "waits" : "wait")} for you to do something.");

    public string NewForm(FormKind kind) => kind is FormKind.DriverHonorarium ? Say("Nytt honorarkrav", "New honorarium claim") : Say("Nytt reisekrav", "New travel claim");

    public string FormKindName(FormKind kind) => kind is FormKind.DriverHonorarium ? Say("Honorar for sjåfør", "Driver's honorarium") : Say("Reise", "Travel");

    public string ChangeForm(string formId) => Say($"Endre krav {formId}", $"Change claim {formId}");

    public string FormTitle(string formId) => Say($"Krav {formId}", $"Claim {formId}");

    public Parts.StateWord FormStateWord(FormState state) => state switch
    {
        FormState.Draft => new(Say("Utkast", "Draft"), "neutral"),
        FormState.Submitted => new(Say("Sendt inn", "Submitted"), "info"),
        FormState.SentBack => new(Say("Sendt tilbake", "Sent back"), "warning"),
        FormState.Approved => new(Say("Godkjent", "Approved"), "success"),
        _ => new(Say("Forkastet", "Discarded"), "neutral"),
    };

    public string FormSentence(ClaimForm form) => form.State switch
    {
        FormState.Draft => Say("Kravet er et utkast. Det er ikke sendt inn.", "The claim is a draft. It has not been submitted."),
        FormState.Submitted => Say($"Kravet ble sendt inn {At(form.SubmittedAt!.Value)}, og venter på godkjenning.", $"The claim was submitted {At(form.SubmittedAt!.Value)}, and waits to be approved."),
        FormState.SentBack when form.AcknowledgementNumber is not null => Say(
            "Kravet er åpnet igjen, fordi taushetserklæringen det bygde på ble trukket tilbake før eksporten. Det blir ikke betalt. Bekreft erklæringen og send kravet inn på nytt.",
            "The claim is open again, because the declaration it rested on was withdrawn before the export. It is not paid. Acknowledge the declaration and submit the claim again."),
        FormState.SentBack => Say($"{form.DecidedByName} sendte kravet tilbake {At(form.DecidedAt!.Value)}: {form.Reason}", $"{form.DecidedByName} sent the claim back {At(form.DecidedAt!.Value)}: {form.Reason}"),
        FormState.Approved => Say($"{form.DecidedByName} godkjente kravet {At(form.DecidedAt!.Value)}.", $"{form.DecidedByName} approved the claim {At(form.DecidedAt!.Value)}."),
        _ => Say("Kravet er forkastet, og blir ikke betalt.", "The claim was discarded, and is not paid."),
    };

    /// <summary>What becomes of an approved claim at the accounting system, for the person it is paid to.</summary>
    public string PaidSentence(MarkState? state, bool waiting) => (state, waiting) switch
    {
        (MarkState.Exported, _) => Say("Kravet er sendt til regnskapet.", "The claim has been sent to the accounts."),
        (MarkState.Rejected, _) => Say("Regnskapssystemet avviste kravet. Organisasjonen retter det.", "The accounting system rejected the claim. The organisation is correcting it."),
        (MarkState.InDoubt, _) => Say("Organisasjonen avklarer om kravet er bokført.", "The organisation is finding out whether the claim is booked."),
        (MarkState.Reserved, _) => Say("Kravet sendes til regnskapet nå.", "The claim is being sent to the accounts now."),
        (_, true) => Say("Kravet venter på neste eksport til regnskapet.", "The claim waits for the next export to the accounts."),
        _ => Say("Kravet er trukket tilbake, og blir ikke sendt til regnskapet.", "The claim was withdrawn, and is not sent to the accounts."),
    };

    public string MyClaimsCaption => Say("Mine krav, sist endret først", "My claims, last changed first");

    public string FormKindColumn => Say("Type", "Kind");

    public string ChangedAtColumn => Say("Sist endret", "Last changed");

    public string ClaimantColumn => Say("Mottaker", "Payee");

    public string FormMore => Say("Vis eldre", "Show older");

    public string FormLead => Say("Utkastet lagres. Ingenting sendes inn før du ber om det på neste side.", "The draft is saved. Nothing is submitted before you ask for it on the next page.");

    public string SaveDraft => Say("Lagre utkast", "Save draft");

    public string FormLabel(FormKind kind, string field) => (kind, field) switch
    {
        (FormKind.Travel, "date") => Say("Avreisedato", "Date of departure"),
        (_, "date") => Say("Dato for oppdraget", "Date of the assignment"),
        (_, "departure") => Say("Klokkeslett for avreise", "Time of departure"),
        (_, "returnDate") => Say("Dato for hjemkomst", "Date of return"),
        (_, "return") => Say("Klokkeslett for hjemkomst", "Time of return"),
        (FormKind.Travel, "reference") => Say("Formål", "Purpose"),
        (_, "reference") => Say("Rute eller oppdragsnummer", "Route or assignment number"),
        (_, "route") => Say("Reiserute", "Route"),
        (_, "passengerNames") => Say("Navn på passasjerer", "Names of passengers"),
        (_, "pay") => Say("Honorar", "Honorarium"),
        (_, "hours") => Say("Timer", "Hours"),
        (_, "kilometres") => Say("Kilometer", "Kilometres"),
        (_, "passengers") => Say("Antall passasjerer", "Number of passengers"),
        (_, "shortDays") => Say("Dager på 6 til 12 timer", "Days of 6 to 12 hours"),
        (_, "longDays") => Say("Dager på mer enn 12 timer", "Days of more than 12 hours"),
        (_, "nights") => Say("Overnattinger med diett", "Nights with per diem"),
        (_, "tollsMinor") => Say("Bom, ferge og parkering (kr)", "Tolls, ferries and parking (NOK)"),
        (_, "ticketsMinor") => Say("Billetter (kr)", "Tickets (NOK)"),
        (_, "lodgingMinor") => Say("Overnatting (kr)", "Lodging (NOK)"),
        (_, "otherMinor") => Say("Andre utlegg (kr)", "Other outlays (NOK)"),
        (_, "receipts") => Say("Kvitteringer", "Receipts"),
        _ => Say("Skjemaet", "The form"),
    };

    /// <summary>What the fields are about that begin with this one; null where they go on with what stands before.</summary>
    public string? FormPart(FormKind kind, string field) => (kind, field) switch
    {
        (FormKind.Travel, "date") => Say("Reisen", "The journey"),
        (_, "date") => Say("Oppdraget", "The assignment"),
        (FormKind.Travel, "route") or (FormKind.DriverHonorarium, "kilometres") => Say("Kjøring med egen bil", "Driving one's own car"),
        (_, "shortDays") => Say("Diett", "Per diem"),
        (FormKind.Travel, "ticketsMinor") or (FormKind.DriverHonorarium, "tollsMinor") => Say("Utlegg", "Outlays"),
        _ => null,
    };

    public string? FormHint(FormKind kind, string field) => (kind, field) switch
    {
        (_, "date" or "returnDate") => DateExample,
        (_, "departure" or "return") => Say("Time og minutt, for eksempel 08:30", "Hour and minute, for example 08:30"),
        (FormKind.DriverHonorarium, "reference") => Say("Skriv ikke navn på noen du kjørte eller møtte.", "Do not write the name of anybody you drove or met."),
        (_, "reference") => Say("For eksempel årsmøte. Skriv ikke navn på noen du møtte.", "For example an annual meeting. Do not write the name of anybody you met."),
        (_, "route") => Say("Fra hvor til hvor, når du krever kilometer. Blir i skjemaet og går ikke til regnskapet.", "From where to where, if you claim kilometres. Stays in the form and does not go to the accounts."),
        (_, "passengerNames") => Say("Kreves av skattereglene når du krever passasjertillegg. Blir i skjemaet og går ikke til regnskapet.", "The tax rules ask for them where you claim the passenger supplement. Stays in the form and does not go to the accounts."),
        (_, "hours") => Say("Høyst to desimaler, for eksempel 2,5. Bare når du får betalt per time.", "At most two decimals, for example 2.5. Only if you are paid by the hour."),
        (_, "kilometres") => Say("Høyst én desimal, for eksempel 120,5", "At most one decimal, for example 120.5"),
        (_, "ticketsMinor" or "lodgingMinor" or "otherMinor") => Say("Må ha kvittering. Den legger du ved på neste side.", "Needs a receipt. You add it on the next page."),
        _ => null,
    };

    public string PayName(HonorariumPay pay) => pay switch
    {
        HonorariumPay.Hours => Say("Per time", "By the hour"),
        HonorariumPay.Fixed => Say("Fast sats", "Fixed rate"),
        _ => Say("Ikke honorar, bare utgifter", "No honorarium, outlays only"),
    };

    public string FormFaultText(FormKind kind, FormFault fault)
    {
        var label = FormLabel(kind, fault.Field);
        return fault.Kind switch
        {
            FormFaultKind.Missing => Say($"{label} må fylles ut.", $"{label} must be filled in."),
            FormFaultKind.TooLong => TooLong(label, FormRules.LongestText),
            FormFaultKind.NotPrintable => OnlyOrdinaryText(label),
            FormFaultKind.OutOfRange => Say($"{label} har et tall som er for stort, negativt eller har for mange desimaler.", $"{label} has a number that is too large, negative or has too many decimals."),
            FormFaultKind.InFuture => Say($"{label} kan ikke være etter i dag.", $"{label} cannot be after today."),
            FormFaultKind.TooOld => Say($"{label} er mer enn ett år siden.", $"{label} is more than a year ago."),
            FormFaultKind.BackBeforeStart => Say($"{label} og klokkeslettet må være etter avreisen.", $"{label} and its time must be after the departure."),
            FormFaultKind.LongerThanJourney => Say($"{label} er flere enn reisen har.", $"{label} are more than the journey has."),
            FormFaultKind.NoKilometres => Say($"{label} krever at du også fyller ut kilometer.", $"{label} needs kilometres as well."),
            FormFaultKind.PassengerNames => Say($"{label} og antallet må fylles ut sammen.", $"{label} and their number must be filled in together."),
            FormFaultKind.NothingClaimed => Say("Skjemaet må kreve noe: honorar, kilometer, diett eller utlegg.", "The form must claim something: honorarium, kilometres, per diem or outlays."),
            FormFaultKind.NoRate => Say($"{label} kan ikke beregnes: organisasjonen har ingen sats for «{RateName(fault.Rate!.Value)}» på den datoen. Spør en administrator.", $"{label} cannot be computed: the organisation has no rate for “{RateName(fault.Rate!.Value)}” on that day. Ask an administrator."),
            FormFaultKind.NoReceipt => Say($"{label} må legges ved, siden du krever utlegg som trenger det.", $"{label} must be added, since you claim outlays that need them."),
            _ => Say($"{label} hører ikke til denne typen krav.", $"{label} does not belong to this kind of claim."),
        };
    }

    public string NotANumber(string label) => Say($"{label} må være et tall, for eksempel 12,5.", $"{label} must be a number, for example 12.5.");

    public string NotATime(string label) => Say($"{label} må skrives som time og minutt, for eksempel 08:30.", $"{label} must be written as hour and minute, for example 08:30.");

    public string FormFacts => Say("Det som er fylt ut", "What was filled in");

    public string FormSumHeading => Say("Beregnet beløp", "Computed amount");

    public string FormSumCaption => Say("Linjene i kravet, etter organisasjonens satser", "The lines of the claim, by the organisation's rates");

    public string FormSumNone => Say("Ingenting kan beregnes ennå.", "Nothing can be computed yet.");

    /// <summary>A category that lines of forms have, as people call it.</summary>
    public string CategoryName(string category) => category switch
    {
        LineCategories.Honorarium => Say("Honorar", "Honorarium"),
        LineCategories.Mileage => Say("Bilgodtgjørelse", "Mileage"),
        LineCategories.MileageTaxable => Say("Bilgodtgjørelse, skattepliktig", "Mileage, taxable"),
        LineCategories.Passenger => Say("Passasjer", "Passenger"),
        LineCategories.PerDiem => Say("Diett", "Per diem"),
        LineCategories.Toll => Say("Bom, ferge og parkering", "Tolls, ferries and parking"),
        LineCategories.Ticket => Say("Billett", "Ticket"),
        LineCategories.Lodging => Say("Overnatting", "Lodging"),
        LineCategories.Other => Say("Annet", "Other"),
        _ => category,
    };

    /// <summary>What a form's line counts, as it stands behind the number.</summary>
    public string FormUnit(string? unit, decimal quantity) => unit switch
    {
        "h" => quantity == 1 ? Say("time", "hour") : Say("timer", "hours"),
        "d" => quantity == 1 ? Say("dag", "day") : Say("dager", "days"),
        _ => unit ?? "",
    };

    public string ApprovedClaimLink => Say("Se kravet slik regnskapet får det", "See the claim as the accounts get it");

    public string SubmitForm => Say("Send inn krav", "Submit claim");

    public string SubmitText => Say("Når du sender inn, går kravet til godkjenning. Du kan trekke det tilbake til utkast så lenge ingen har godkjent det.", "When you submit, the claim goes to be approved. You can take it back to a draft as long as nobody has approved it.");

    public string TakeBackForm => Say("Ta tilbake til utkast", "Take back to a draft");

    public string DiscardForm => Say("Forkast krav", "Discard claim");

    public string DiscardText => Say("Et forkastet krav blir ikke betalt og kan ikke åpnes igjen.", "A discarded claim is not paid and cannot be opened again.");

    public string FormChangedMeanwhile => Say("Kravet ble endret eller behandlet mens du så på det. Slik er det nå.", "The claim was changed or decided while you looked at it. This is how it is now.");

    public string ReceiptsHeading => Say("Kvitteringer", "Receipts");

    public string NoReceipts => Say("Ingen kvitteringer er lagt ved.", "No receipts have been added.");

    public string ReceiptFile => Say("Fil", "File");

    public string ReceiptSize => Say("Størrelse", "Size");

    public string Kilobytes(long bytes) => Say($"{Number(Math.Max(1, bytes / 1000))} kB", $"{Number(Math.Max(1, bytes / 1000))} kB");

    public string ReceiptHint => Say($"PDF, JPEG eller PNG, høyst {NewReceipt.LargestBytes / 1_000_000} MB hver og {NewReceipt.MostReceipts} i alt.", $"PDF, JPEG or PNG, at most {NewReceipt.LargestBytes / 1_000_000} MB each and {NewReceipt.MostReceipts} in all.");

    public string ChooseReceipt => Say("Velg kvittering", "Choose a receipt");

    public string AddReceipt => Say("Legg ved kvittering", "Add receipt");

    public string RemoveReceipt(int number) => Say($"Slett kvittering {Number(number)}", $"Delete receipt {Number(number)}");

    public string ReceiptLink(int number, string name) => Say($"Kvittering {Number(number)}: {name}", $"Receipt {Number(number)}: {name}");

    public string ReceiptMissing => Say("Fil må velges.", "A file must be chosen.");

    public string ReceiptFaultText(ReceiptFault fault) => fault switch
    {
        ReceiptFault.Empty => Say("Filen er tom.", "The file is empty."),
        ReceiptFault.TooLarge => Say($"Filen er større enn {NewReceipt.LargestBytes / 1_000_000} MB.", $"The file is larger than {NewReceipt.LargestBytes / 1_000_000} MB."),
        ReceiptFault.WrongType => Say("Filen er ikke PDF, JPEG eller PNG, uansett hva den heter.", "The file is no PDF, JPEG or PNG, whatever its name says."),
        ReceiptFault.Damaged => Say("Filen er skadet, ikke hel, eller inneholder noe mer enn én kvittering.", "The file is damaged, not whole, or holds something beside one receipt."),
        ReceiptFault.Bomb => Say("Bildet er for stort til å åpnes trygt. Ta et nytt bilde med lavere oppløsning.", "The picture is too large to be opened safely. Take another one of lower resolution."),
        _ => Say("PDF-filen kjører programmer, inneholder andre filer eller er kryptert. Lagre den på nytt som en vanlig PDF, eller ta et bilde.", "The PDF runs programs, holds other files or is encrypted. Save it again as a plain PDF, or take a picture."),
    };

    public string TooManyReceipts => Say($"Kravet har allerede {NewReceipt.MostReceipts} kvitteringer.", $"The claim has {NewReceipt.MostReceipts} receipts already.");

    // ---- Approving ----

    public string ApprovalsSum(int number, bool more) => number == 0
        ? Say("Ingen krav venter på godkjenning.", "No claims wait to be approved.")
        : Say($"{(more ? "Mer enn " : "")}{Claims(number)} venter på godkjenning.", $"{(more ? "More than " : "")}{Claims(number)} {(number == 1 ? "waits" : "wait")} to be approved.");

    public string ApprovalsCaption => Say("Krav som venter, sist endret først", "Claims that wait, last changed first");

    public string ApproveForm => Say("Godkjenn krav", "Approve claim");

    public string ApproveQuestion(string formId) => Say($"Vil du godkjenne krav {formId}?", $"Do you want to approve claim {formId}?");

    public string ApproveEffect(long minor) => Say($"Kravet på {Money(minor, "NOK")} går til neste eksport.", $"The claim of {Money(minor, "NOK")} goes to the next export.");

    public string SendBackForm => Say("Send tilbake", "Send back");

    public string SendBackQuestion(string formId) => Say($"Vil du sende krav {formId} tilbake?", $"Do you want to send claim {formId} back?");

    public string SendBackHint => Say("Den som har sendt inn kravet, ser begrunnelsen. Den står ikke i revisjonsspor eller logger.", "Whoever submitted the claim sees the reason. It stands in no audit trail or log.");

    public string OwnClaimText => Say("Dette er ditt eget krav, eller et du har fylt ut. En annen må godkjenne det.", "This is your own claim, or one that you filled in. Somebody else must approve it.");

    public string NotSubmitted => Say("Kravet venter ikke på godkjenning.", "The claim does not wait to be approved.");

    public string RatesChangedText => Say("Satsene ble endret mens du så på kravet. Beløpet er regnet ut på nytt. Se på det igjen.", "The rates were changed while you looked at the claim. The amount was computed again. Look at it once more.");

    public string ClaimExistsText => Say("Et krav med dette nummeret er allerede hentet inn fra et annet sted. Kravet kan ikke godkjennes.", "A claim of this number was already taken in from elsewhere. The claim cannot be approved.");

    public string ClaimRefused(string rules) => Say($"Kravet kan ikke hentes inn: {rules}.", $"The claim cannot be taken in: {rules}.");

    public string Gap(AcknowledgementGap gap) => gap switch
    {
        AcknowledgementGap.NoDeclaration => Say("Organisasjonen har ikke publisert noen taushetserklæring ennå. Uten den kan ikke honorar sendes inn eller godkjennes.", "The organisation has not published a declaration yet. Without it no honorarium can be submitted or approved."),
        AcknowledgementGap.Never => Say("Sjåføren har ikke bekreftet taushetserklæringen. Uten det kan ikke honorar sendes inn eller godkjennes.", "The driver has not acknowledged the declaration. Without that no honorarium can be submitted or approved."),
        AcknowledgementGap.Outdated => Say("Taushetserklæringen har kommet i ny versjon. Sjåføren må bekrefte den før honorar kan sendes inn eller godkjennes.", "There is a new version of the declaration. The driver must acknowledge it before an honorarium can be submitted or approved."),
        _ => Say("Bekreftelsen av taushetserklæringen er trukket tilbake. Uten den kan ikke honorar sendes inn eller godkjennes.", "The acknowledgement of the declaration was withdrawn. Without it no honorarium can be submitted or approved."),
    };

    public string YearWarningText(YearWarning warning) => warning.IsHonorarium
        ? Say(
            $"Mottaker {warning.ClaimantId} kommer til {Money(warning.TotalMinor, "NOK")} i honorar i {warning.Year}, over grensen på {Money(warning.LimitMinor, "NOK")}. Over grensen er hele summen skattepliktig.",
            $"Payee {warning.ClaimantId} comes to {Money(warning.TotalMinor, "NOK")} of honorarium in {warning.Year}, above the limit of {Money(warning.LimitMinor, "NOK")}. Above the limit the whole sum is taxable.")
        : Say(
            $"Mottaker {warning.ClaimantId} kommer til {Money(warning.TotalMinor, "NOK")} i dekkede utgifter i {warning.Year}, over grensen på {Money(warning.LimitMinor, "NOK")}. Over grensen må summen innrapporteres.",
            $"Payee {warning.ClaimantId} comes to {Money(warning.TotalMinor, "NOK")} of reimbursed expenses in {warning.Year}, above the limit of {Money(warning.LimitMinor, "NOK")}. Above the limit the sum must be reported.");

    public string WarningsHeading => Say("Se på dette før du godkjenner", "Look at this before you approve");

    public string WarningsBlockNothing => Say("Grensene varsler bare. De stanser ingenting.", "The limits only warn. They stop nothing.");

    public string RestsOn(Acknowledgement acknowledgement) => Say(
        $"Sjåføren bekreftet versjon {Number(acknowledgement.Version)} av taushetserklæringen {At(acknowledgement.At)}.",
        $"The driver acknowledged version {Number(acknowledgement.Version)} of the declaration {At(acknowledgement.At)}.");
}
