using PayOnce.Access;
using PayOnce.App.Access.Providers;

namespace PayOnce.App.Dashboard;

/// <summary>Signing in at an organisation's own provider.</summary>
internal sealed partial class Words
{
    public string SignInWith(string provider) => Say($"Logg inn med {provider}", $"Sign in with {provider}");

    public string SignInByOrganisation => Say("Logg inn med organisasjonens innlogging", "Sign in with your organisation's sign-in");

    public string OrganisationIdLabel => Say("Organisasjonens ID", "The organisation's id");

    public string OrganisationIdText => Say("Den står i adressen: /o/ID. Spør administratoren hvis du ikke kjenner den.", "It stands in the address: /o/ID. Ask the administrator if you do not know it.");

    public string NoProviderFor(string organisation) => Say(
        $"Organisasjonens ID: {organisation} har ingen egen innlogging. Sjekk ID-en, eller logg inn med e-post og passord.",
        $"The organisation's id: {organisation} has no sign-in of its own. Check the id, or sign in with e-mail and password.");

    public string ProviderTroubleTitle(ProviderAnswer answer) => answer switch
    {
        ProviderAnswer.NoProvider => Say("Ingen egen innlogging her", "No sign-in of its own here"),
        ProviderAnswer.Unknown => Say("Kontoen er ikke koblet til en bruker", "The account is not linked to a user"),
        ProviderAnswer.ShutOut => Say("Brukeren har ikke tilgang", "The user has no access"),
        ProviderAnswer.Refused => Say("Innloggingen ble avbrutt", "The sign-in was broken off"),
        ProviderAnswer.NotOurs => Say("Innloggingen gjelder ikke lenger", "The sign-in is no longer valid"),
        ProviderAnswer.Changed => Say("Innloggingen ble endret imens", "The sign-in was changed meanwhile"),
        ProviderAnswer.Down => Say("Innloggingen virker ikke nå", "The sign-in does not work at present"),
        _ => Say("Svaret kunne ikke godtas", "The answer could not be accepted"),
    };

    public string ProviderTroubleText(ProviderAnswer answer, string faultId) => answer switch
    {
        ProviderAnswer.NoProvider => Say("Organisasjonen finnes ikke, eller har ingen egen innlogging. Logg inn med e-post og passord.", "There is no such organisation, or it has no sign-in of its own. Sign in with e-mail and password."),
        ProviderAnswer.Unknown { Provider: var provider } => Say(
            $"{provider} kjenner deg, men kontoen er ikke koblet til noen bruker i denne organisasjonen. Logg inn med e-post og passord, åpne «Kontoen din» og velg å koble til. Har du ingen bruker, be administratoren om en invitasjon.",
            $"{provider} knows you, but the account is not linked to any user in this organisation. Sign in with e-mail and password, open “Your account” and choose to link. If you have no user, ask the administrator for an invitation."),
        ProviderAnswer.ShutOut => Say("Kontoen er koblet til en bruker som er stengt ute eller ikke hører til organisasjonen lenger. Spør administratoren.", "The account is linked to a user who is shut out or no longer belongs to the organisation. Ask the administrator."),
        ProviderAnswer.Refused { Provider: var provider } => Say($"{provider} logget deg ikke inn. Ingenting er endret. Prøv igjen, eller spør den som styrer {provider}, om du har tilgang.", $"{provider} did not sign you in. Nothing was changed. Try again, or ask whoever runs {provider} whether you have access."),
        ProviderAnswer.NotOurs => Say("Den ble ikke begynt i denne nettleseren, er brukt før, eller tok for lang tid. Begynn på nytt.", "It was not begun in this browser, was used before, or took too long. Begin again."),
        ProviderAnswer.Changed => Say("Organisasjonen endret innloggingen mens du logget inn. Begynn på nytt.", "The organisation changed its sign-in while you were signing in. Begin again."),
        ProviderAnswer.Down { Provider: var provider, Fault: var fault } => Say(
            $"{ProviderTrouble(provider, fault)} Prøv igjen om litt, eller logg inn med e-post og passord. Feil-ID: {faultId}",
            $"{ProviderTrouble(provider, fault)} Try again in a while, or sign in with e-mail and password. Error ID: {faultId}"),
        ProviderAnswer.Wrong { Provider: var provider } => Say(
            $"Det {provider} svarte, kunne ikke bekreftes, og du ble ikke logget inn. Begynn på nytt. Hjelper det ikke, oppgi feil-ID-en: {faultId}",
            $"What {provider} answered could not be verified, and you were not signed in. Begin again. If that does not help, give the error ID: {faultId}"),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, null),
    };

    /// <summary>What is wrong with a provider, for whoever set it up and whoever meets it.</summary>
    public string ProviderTrouble(string provider, ProviderFault fault) => fault switch
    {
        ProviderFault.Unreachable => Say($"{provider} svarer ikke.", $"{provider} does not answer."),
        ProviderFault.Forbidden => Say($"Adressen til {provider} er ikke en offentlig adresse, og den som drifter PayOnce, har ikke tillatt den.", $"The address of {provider} is no public address, and whoever runs PayOnce has not allowed it."),
        ProviderFault.NoMetadata => Say($"Adressen til {provider} svarer ikke som en OpenID Connect-tjeneste.", $"The address of {provider} does not answer as an OpenID Connect provider."),
        ProviderFault.OtherIssuer => Say($"{provider} oppgir en annen utsteder enn den som er satt opp.", $"{provider} gives another issuer than the one that is set up."),
        ProviderFault.UnsafeEndpoint => Say($"{provider} mangler en adresse som trengs, eller har en uten https.", $"{provider} lacks an address that is needed, or has one without https."),
        ProviderFault.NoKeys => Say($"{provider} oppgir ingen nøkler å kontrollere svarene med.", $"{provider} gives no keys to verify its answers with."),
        ProviderFault.NoSecret => Say($"Klienthemmeligheten til {provider} er ikke satt, eller kan ikke åpnes.", $"The client secret of {provider} is not set, or cannot be opened."),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };

    public string BackToSignIn => Say("Til innloggingen", "To the sign-in page");

    // ---- One's own links ----

    public string LinkedAccounts => Say("Organisasjonenes innlogging", "The organisations' sign-in");

    public string LinkedAccountsText => Say(
        "Kobler du kontoen du har hos organisasjonen, kan du logge inn i den organisasjonen uten passordet herfra.",
        "If you link the account you have at the organisation, you can sign in to that organisation without the password from here.");

    public string LinkedAccountsCaption => Say("Kontoer som logger deg inn", "Accounts that sign you in");

    public string OrganisationColumn => Say("Organisasjon", "Organisation");

    public string IssuerColumn => Say("Utsteder", "Issuer");

    public string LinkedSince => Say("Koblet", "Linked");

    public string Unlink => Say("Koble fra", "Unlink");

    public string LinkWith(string provider, string organisation) => Say($"Koble til {provider} ({organisation})", $"Link with {provider} ({organisation})");

    public string LinkTitle(string provider) => Say($"Koble til {provider}?", $"Link with {provider}?");

    public string LinkText(string account, string provider, string organisation) => Say(
        $"Kontoen {account} hos {provider} kan etterpå logge inn som deg i {organisation}. Koble bare til en konto som er din egen.",
        $"The account {account} at {provider} can then sign in as you in {organisation}. Link only an account that is your own.");

    public string LinkNow => Say("Koble til", "Link");

    public string LinkTaken => Say("Kontoen logger inn en annen bruker. Den må kobles fra der først.", "The account signs in another user. It must be unlinked there first.");

    public string LinkOverNow => Say("Koblingen gjelder ikke lenger", "The link is no longer valid");

    public string LinkOverNowText => Say("Den tok for lang tid, eller hører til en annen innlogging. Begynn på nytt fra «Kontoen din».", "It took too long, or belongs to another sign-in. Begin again from “Your account”.");

    public string AccountVouchedFor(string organisation) => Say(
        $"Du er logget inn gjennom innloggingen til {organisation}. Navn, språk, passord og koblinger endrer du når du er logget inn med e-post og passord.",
        $"You are signed in through the sign-in of {organisation}. Name, language, password and links are changed when you are signed in with e-mail and password.");

    // ---- An invitation ----

    public string AcceptWith(string provider) => Say($"Bli med gjennom {provider}", $"Join through {provider}");

    public string AcceptWithAccount(string account, string provider) => Say($"Du blir med med kontoen {account} hos {provider}, og trenger ikke noe passord her.", $"You join with the account {account} at {provider}, and need no password here.");

    public string Join => Say("Bli med", "Join");

    public string SignInOtherwise => Say("Innloggingen din gjelder bare én organisasjon. Logg ut, logg inn med e-post og passord, og åpne lenken igjen.", "Your sign-in counts for one organisation only. Sign out, sign in with e-mail and password, and open the link again.");

    // ---- Settings ----

    public string ProviderSentence(SignInProvider? provider) => provider is null
        ? Say("Organisasjonen har ingen egen innlogging.", "The organisation has no sign-in of its own.")
        : Say($"Brukere kan logge inn med {provider.Name}.", $"Users can sign in with {provider.Name}.");

    public string ProviderLead => Say(
        "Brukere logger inn hos organisasjonens egen OpenID Connect-tjeneste, som Microsoft Entra ID. Hver bruker kobler kontoen sin selv, fra «Kontoen din» eller ved å godta en invitasjon.",
        "Users sign in at the organisation's own OpenID Connect provider, such as Microsoft Entra ID. Each user links their own account, from “Your account” or by accepting an invitation.");

    public string ProviderName => Say("Navn på knappen", "Name on the button");

    public string ProviderNameText => Say("Slik brukerne kjenner den, for eksempel «Microsoft».", "As the users know it, for example “Microsoft”.");

    public string ProviderNameWrong => Say("Navn på knappen må fylles ut, med høyst 80 tegn.", "Name on the button must be filled in, with at most 80 characters.");

    public string Issuer => Say("Utsteder", "Issuer");

    public string IssuerText => Say("Adressen, bokstav for bokstav slik tjenesten selv oppgir den.", "The address, to the letter as the provider gives it.");

    public string IssuerWrong => Say("Utsteder må være en adresse som begynner med https://, uten spørretegn.", "Issuer must be an address that begins with https://, without a question mark.");

    public string ClientId => Say("Klient-ID", "Client id");

    public string ClientIdWrong => Say("Klient-ID må fylles ut, med høyst 200 tegn.", "Client id must be filled in, with at most 200 characters.");

    public string ClientSecret => Say("Klienthemmelighet", "Client secret");

    public string ClientSecretText(bool kept) => kept
        ? Say("Lagret kryptert, vises aldri. La stå tom for å beholde den. En ny utsteder trenger en ny.", "Kept encrypted, never shown. Leave empty to keep it. Another issuer needs another one.")
        : Say("Lagres kryptert og vises aldri. La stå tom hvis tjenesten ikke bruker noen.", "Kept encrypted and never shown. Leave empty if the provider uses none.");

    public string ClientSecretWrong => Say("Klienthemmelighet må ha fra 6 til 8 192 tegn på én linje, uten mellomrom først eller sist.", "Client secret must have 6 to 8,192 characters on one line, without a space first or last.");

    public string ClientSecretState(bool kept) => kept ? Say("Satt", "Set") : Say("Ingen", "None");

    public string ScopesLabel => Say("Omfang", "Scopes");

    public string ScopesText => Say("Med mellomrom imellom. «openid» er alltid med.", "With spaces between them. “openid” is always asked for.");

    public string ScopesWrong => Say("Omfang må fylles ut, med høyst 200 tegn.", "Scopes must be filled in, with at most 200 characters.");

    public string RedirectAddress => Say("Adressen tjenesten skal sende folk tilbake til", "Address for the provider to send people back to");

    public string RedirectAddressText => Say("Registrer den hos tjenesten, bokstav for bokstav.", "Register it at the provider, to the letter.");

    public string SignInAddress => Say("Adressen brukerne logger inn på", "Address where users sign in");

    public string SetUpProvider => Say("Sett opp innlogging", "Set up the sign-in");

    public string ChangeProvider => Say("Endre innloggingen", "Change the sign-in");

    public string RemoveProvider => Say("Fjern innloggingen", "Remove the sign-in");

    public string RemoveProviderQuestion(string provider) => Say($"Vil du fjerne {provider}?", $"Do you want to remove {provider}?");

    public string RemoveProviderText => Say(
        "Ingen kan logge inn med den etterpå, og de som er logget inn med den nå, blir logget ut med en gang. Det gjelder deg også, hvis du logget inn slik. De som logget inn med passord, blir værende. Koblingene gjelder igjen hvis den samme utstederen settes opp på nytt.",
        "Nobody can sign in with it afterwards, and those who are signed in with it now are signed out at once. That includes you, if you signed in that way. Those who signed in with a password stay. The links count again if the same issuer is set up again.");

    public string TestProvider => Say("Prøv innloggingen", "Test the sign-in");

    public string TestProviderText => Say("Vi spør tjenesten om adressene og nøklene dens. Klient-ID og hemmelighet prøves først når noen logger inn.", "We ask the provider for its addresses and keys. Client id and secret are only tried when somebody signs in.");

    public string ProviderTested(string provider, int keys) => Say(
        $"{provider} svarer som den skal, med {Number(keys)} {(keys == 1 ? "nøkkel" : "nøkler")}. Logg inn selv for å prøve resten.",
        $"{provider} answers as it should, with {Number(keys)} {(keys == 1 ? "key" : "keys")}. Sign in yourself to try the rest.");

    public string ProviderChangedMeanwhile => Say("Navn på knappen: Noen andre endret innloggingen mens du skrev. Ingenting ble lagret. Se hva som står nå, og lagre igjen.", "Name on the button: Somebody else changed the sign-in while you were writing. Nothing was saved. See what stands now, and save again.");
}
