using PayOnce.Claims.Forms;
using PayOnce.Declarations;

namespace PayOnce.App.Dashboard;

internal sealed partial class Words
{
    public string Declaration => Say("Taushetserklæring", "Declaration of confidentiality");

    public string NoDeclaration => Say("Organisasjonen har ikke publisert noen taushetserklæring.", "The organisation has published no declaration.");

    public string DeclarationStanding(AcknowledgementState state) => state.Gap switch
    {
        null => Say($"Du bekreftet gjeldende versjon {At(state.Newest!.At)}.", $"You acknowledged the current version {At(state.Newest!.At)}."),
        AcknowledgementGap.NoDeclaration => NoDeclaration,
        AcknowledgementGap.Never => Say("Du har ikke bekreftet taushetserklæringen ennå.", "You have not acknowledged the declaration yet."),
        AcknowledgementGap.Outdated => Say("Taushetserklæringen har kommet i ny versjon. Les den og bekreft på nytt.", "There is a new version of the declaration. Read it and acknowledge again."),
        _ => Say("Bekreftelsen din er trukket tilbake. Les erklæringen og bekreft på nytt hvis du vil kjøre igjen.", "Your acknowledgement was withdrawn. Read the declaration and acknowledge again if you want to drive again."),
    };

    public string ReadDeclaration => Say("Les og bekreft", "Read and acknowledge");

    public string DeclarationVersionName(int version) => Say($"Versjon {Number(version)}", $"Version {Number(version)}");

    public string DeclarationBegins => Say("Her begynner erklæringen", "The declaration begins here");

    public string DeclarationEnds => Say("Her slutter erklæringen.", "The declaration ends here.");

    public string AcknowledgeHeading => Say("Bekreft", "Acknowledge");

    public string AcknowledgeText => Say("Ved å bekrefte sier du at du har lest hele erklæringen og vil følge den. Vi lagrer navnet du skriver, tidspunktet og nøyaktig den teksten du leste.", "By acknowledging you say that you have read the whole declaration and will keep to it. We store the name that you type, the time, and exactly the text that you read.");

    public string FullName => Say("Fullt navn", "Full name");

    public string FullNameMissing => Say("Fullt navn må fylles ut.", "Full name must be filled in.");

    public string AcknowledgeButton => Say("Bekreft erklæringen", "Acknowledge the declaration");

    public string DeclarationOutdated => Say("En ny versjon ble publisert mens du leste. Les den nye teksten og bekreft den.", "A new version was published while you read. Read the new text and acknowledge that.");

    public string MyAcknowledgements => Say("Mine bekreftelser", "My acknowledgements");

    public string AcknowledgementsCaption => Say("Bekreftelser, nyeste først", "Acknowledgements, newest first");

    public string AcknowledgementColumn => Say("Bekreftelse", "Acknowledgement");

    public string AcknowledgementTitle(long number) => Say($"Bekreftelse {Number(number)}", $"Acknowledgement {Number(number)}");

    public string AcknowledgementSentence(Acknowledgement acknowledgement) => acknowledgement.Withdrawn is { } withdrawn
        ? Say($"Bekreftet {At(acknowledgement.At)}, trukket tilbake {At(withdrawn.At)} av {withdrawn.Actor}.", $"Acknowledged {At(acknowledgement.At)}, withdrawn {At(withdrawn.At)} by {withdrawn.Actor}.")
        : Say($"Bekreftet {At(acknowledgement.At)}.", $"Acknowledged {At(acknowledgement.At)}.");

    public string SignedName => Say("Navn som ble skrevet", "Name that was typed");

    public string TextHash => Say("Tekstens SHA-256", "SHA-256 of the text");

    public string ExactText => Say("Teksten som ble bekreftet", "The text that was acknowledged");

    public string WithdrawHeading => Say("Trekk tilbake", "Withdraw");

    public string WithdrawText => Say(
        "Krav som bygger på denne bekreftelsen og ikke er på vei til regnskapet, blir trukket tilbake og ikke betalt. Det som allerede er på vei, går.",
        "Claims that rest on this acknowledgement and are not on their way to the accounts are withdrawn and not paid. What is already on its way goes.");

    public string WithdrawAcknowledgementButton => Say("Trekk bekreftelsen tilbake", "Withdraw the acknowledgement");

    public string ReasonForWithdrawal => Say("Begrunnelse", "Reason");

    public string WithdrawnWord => Say("Trukket tilbake", "Withdrawn");

    public string CountsWord => Say("Gjelder", "Counts");

    public string EarlierVersionWord => Say("Tidligere versjon", "Earlier version");

    // ---- Settings ----

    public string DeclarationSum(OrganisationSetting? current) => current is null
        ? Say("Ikke publisert", "Not published")
        : Say($"Versjon {Number(current.Version)}, publisert {At(current.ChangedAt)} av {current.ChangedBy}", $"Version {Number(current.Version)}, published {At(current.ChangedAt)} by {current.ChangedBy}");

    public string ChangeDeclaration => Say("Endre taushetserklæring", "Change declaration");

    public string DeclarationLead => Say(
        "Skriv teksten som Markdown. Når du publiserer, blir det en ny versjon, og alle sjåfører må bekrefte på nytt. Tidligere versjoner og bekreftelser blir stående.",
        "Write the text as Markdown. When you publish, it becomes a new version, and every driver must acknowledge again. Earlier versions and acknowledgements stay.");

    public string DeclarationTextLabel => Say("Tekst (Markdown)", "Text (Markdown)");

    public string DeclarationFields(IReadOnlyList<string> fields) => Say($"Felter som fylles inn: {string.Join(", ", fields.Select(each => "{{" + each + "}}"))}.", $"Fields that are filled in: {string.Join(", ", fields.Select(each => "{{" + each + "}}"))}.");

    public string DeclarationLanguage => Say("Språket teksten er skrevet på", "The language that the text is written in");

    public string PreviewDeclaration => Say("Vis forhåndsvisning", "Show preview");

    public string PublishDeclaration => Say("Publiser ny versjon", "Publish new version");

    public string DeclarationPreview => Say("Forhåndsvisning", "Preview");

    public string PreviewDriver => Say("Ola Eksempel", "Ola Example");

    public string DeclarationProblem(Problem problem) => (problem.Line, problem.Value) switch
    {
        ({ } line, { } value) => Say($"Linje {Number(line)}: feltet {value} er ukjent eller ikke lukket.", $"Line {Number(line)}: the field {value} is unknown or not closed."),
        ({ } line, null) => Say($"Linje {Number(line)} har tegn som ikke kan vises, eller som snur skriveretningen.", $"Line {Number(line)} has characters that cannot be shown, or that turn the direction of writing."),
        _ when problem.Field == "language" => Say("Språket må være bokmål eller engelsk.", "The language must be bokmål or English."),
        _ when problem.Rule.Contains("empty", StringComparison.Ordinal) => Say("Tekst må fylles ut.", "Text must be filled in."),
        _ => TooLong(DeclarationTextLabel, DeclarationTemplate.MostCharacters),
    };

    public string DeclarationVersions => Say("Versjoner", "Versions");

    public string WhoAcknowledged => Say("Hvem som har bekreftet", "Who has acknowledged");

    public string NobodyAcknowledged => Say("Ingen har bekreftet ennå.", "Nobody has acknowledged yet.");

    public string Version => Say("Versjon", "Version");

    public string Rates => Say("Satser", "Rates");

    public string RatesSum(OrganisationSetting? current) => current is null ? Say("Ikke bekreftet av noen ennå", "Not confirmed by anybody yet") : DeclarationSum(current);

    public string RatesUnsaved => Say(
        "Ingen har sett over satsene ennå, og før det kan ingen krav sendes inn. Forslaget er statens satser slik vi kjenner dem. Kontroller dem mot Skatteetaten og statens reiseavtale før du lagrer.",
        "Nobody has looked over the rates yet, and before that no claims can be submitted. What is suggested are the state's rates as we know them. Check them against the tax administration and the state's travel agreement before you save.");

    public string RatesLead => Say(
        "Hver sats gjelder fra sin dato til neste sats av samme slag. Kravets dato avgjør. Beløp er sats ganger mengde, og en halv øre rundes opp. Statens kilometersats og den skattefrie delen er to satser: det som er over den skattefrie delen, blir en egen linje.",
        "Each rate holds from its date until the next of its kind. The claim's date decides. Amounts are rate times quantity, and half an øre is rounded up. The state's mileage rate and its tax-free part are two rates: what is above the tax-free part becomes a line of its own.");

    public string ChangeRates => Say("Endre satser", "Change rates");

    public string RateColumn => Say("Sats", "Rate");

    public string RateFrom => Say("Gjelder fra", "Holds from");

    public string RateName(RateKind kind) => kind switch
    {
        RateKind.MileageState => Say("Kilometer, statens sats", "Kilometre, state rate"),
        RateKind.MileageTaxFree => Say("Kilometer, skattefri del", "Kilometre, tax-free part"),
        RateKind.Passenger => Say("Passasjertillegg per kilometer", "Passenger supplement for a kilometre"),
        RateKind.HonorariumHour => Say("Honorar per time", "Honorarium for an hour"),
        RateKind.HonorariumFixed => Say("Honorar, fast sats", "Honorarium, fixed rate"),
        RateKind.PerDiemShort => Say("Diett, 6 til 12 timer", "Per diem, 6 to 12 hours"),
        RateKind.PerDiemLong => Say("Diett, over 12 timer", "Per diem, more than 12 hours"),
        _ => Say("Diett, med overnatting", "Per diem, with a night"),
    };

    public string RatesText => Say("Satser, én på hver linje", "Rates, one on each line");

    public string RatesForm => Say("Slag, dato og kroner med mellomrom mellom, for eksempel: mileage-state 2026-01-01 5,30.", "Kind, date and kroner with spaces between, for example: mileage-state 2026-01-01 5.30.");

    public string RateKindsHeading => Say("Slag av satser", "Kinds of rates");

    public string RatesLineWrong(int line) => Say($"Linje {Number(line)} må ha slag, dato og kroner.", $"Line {Number(line)} must have kind, date and kroner.");

    public string RatesWrong(Problem problem) => Say($"{problem.Field}: {RateRule(problem)}", $"{problem.Field}: {RateRule(problem)}");

    public string PassengersEach => Say("Passasjertillegg betales for hver passasjer", "The passenger supplement is paid for each passenger");

    public string PassengersOnce => Say("Passasjertillegg betales én gang, uansett hvor mange passasjerer", "The passenger supplement is paid once, however many passengers there are");

    public string YearLimitsHeading => Say("Årsgrenser", "Limits of the year");

    public string YearLimitsText(YearLimits limits) => Say(
        $"Vi varsler når en mottaker kommer over {Money(limits.HonorariumMinor, "NOK")} i honorar eller {Money(limits.ExpensesMinor, "NOK")} i dekkede utgifter i et kalenderår.",
        $"We warn when a payee comes to more than {Money(limits.HonorariumMinor, "NOK")} of honorarium or {Money(limits.ExpensesMinor, "NOK")} of reimbursed expenses in a calendar year.");

    public string ChangeLimits => Say("Endre årsgrenser", "Change limits of the year");

    public string HonorariumLimit => Say("Honorar (kr)", "Honorarium (NOK)");

    public string ExpensesLimit => Say("Dekkede utgifter (kr)", "Reimbursed expenses (NOK)");

    private string RateRule(Problem problem) => problem.Rule switch
    {
        var rule when rule.Contains("only rate", StringComparison.Ordinal) => Say("det står to satser av samme slag på samme dato.", "there are two rates of the same kind on the same day."),
        var rule when rule.Contains("tax-free", StringComparison.Ordinal) => Say("den skattefrie delen er større enn satsen selv.", "the tax-free part is larger than the rate itself."),
        var rule when rule.Contains("between", StringComparison.Ordinal) => Say("datoen må være mellom år 2000 og 2100.", "the day must be between the years 2000 and 2100."),
        _ => Say("beløpet eller antallet satser er for stort.", "the amount or the number of rates is too large."),
    };
}
