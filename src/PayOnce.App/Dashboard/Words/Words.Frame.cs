namespace PayOnce.App.Dashboard;

internal sealed partial class Words
{
    public string SkipToContent => Say("Hopp til hovedinnhold", "Skip to main content");

    public string MainNavigation => Say("Hovedmeny", "Main menu");

    public string Overview => Say("Oversikt", "Overview");

    public string Runs => Say("Kjøringer", "Runs");

    public string ClaimsHeading => Say("Krav", "Claims");

    public string InDoubt => Say("Uavklarte", "In doubt");

    /// <summary>In the menu; the number is text, so that it is read with the link.</summary>
    public string InDoubtNumber(PayOnce.History.RowCount number) => number switch
    {
        { Count: 0 } => InDoubt,
        { More: true } => Say($"Uavklarte (mer enn {Number(number.Count)})", $"In doubt (more than {Number(number.Count)})"),
        _ => $"{InDoubt} ({Number(number.Count)})",
    };

    public string AuditTrail => Say("Revisjonsspor", "Audit trail");

    public string Settings => Say("Innstillinger", "Settings");

    public string SearchLabel => Say("Søk etter krav, kjøring eller referanse", "Search for a claim, run or reference");

    public string Search => Say("Søk", "Search");

    public string OtherLanguage => Language is Language.English ? "Norsk bokmål" : "English";

    public string Help => Say("Hjelp", "Help");

    public string Accessibility => Say("Tilgjengelighet", "Accessibility");

    public string SignOut => Say("Logg ut", "Sign out");

    public string SignIn => Say("Logg inn", "Sign in");

    public string AllTimes(string zone) => zone == Server.Visit.DefaultZone
        ? Say("Alle klokkeslett er norsk tid.", "All times are Norwegian time (Europe/Oslo).")
        : Say($"Alle klokkeslett er i tidssonen {zone}.", $"All times are in the time zone {zone}.");

    public string Installation => Say("Installasjonen", "The installation");

    public string ChooseOrganisation => Say("Velg organisasjon", "Choose an organisation");

    // ---- Pages that say what went wrong ----

    public string NotFoundTitle => Say("Vi finner ikke siden", "We cannot find the page");

    public string NotFoundText => Say(
        "Adressen kan være feil, eller siden er flyttet. Søk etter krav, kjøring eller referanse.",
        "The address may be wrong, or the page has moved. Search for a claim, run or reference.");

    public string ForbiddenTitle => Say("Du har ikke tilgang til denne siden", "You do not have access to this page");

    public string ForbiddenText => Say("Be en administrator om tilgang.", "Ask an administrator for access.");

    public string BadRequestTitle => Say("Vi kunne ikke ta imot skjemaet", "We could not accept the form");

    public string BadRequestText => Say(
        "Siden var kanskje åpen lenge, eller du har logget inn på nytt. Gå tilbake, last siden på nytt og send igjen. Ingenting ble endret.",
        "The page may have been open for a long time, or you have signed in again. Go back, reload the page and send it again. Nothing was changed.");

    public string FaultTitle => Say("Noe gikk galt hos oss", "Something went wrong on our side");

    public string FaultText(string id) => Say(
        $"Det skyldes ikke noe du gjorde. Vi vet ikke om en endring ble lagret. Se etter før du prøver igjen. Feil-ID: {id}.",
        $"It is not because of anything you did. We do not know whether a change was saved. Look before you try again. Error ID: {id}.");

    public string TooManyTitle => Say("For mange forespørsler", "Too many requests");

    public string TooManyText => Say("Vent litt og prøv igjen.", "Wait a moment and try again.");
}
