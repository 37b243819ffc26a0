using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Exporters.Settings;
using PayOnce.Scheduling;

namespace PayOnce.App.Dashboard;

/// <summary>The settings of an organisation, and of the installation.</summary>
internal sealed partial class Words
{
    public string BackToSettings => Say("Tilbake til innstillinger", "Back to settings");

    public string SettingsCaption => Say("Hva som er satt opp", "What is set up");

    public string TopicColumn => Say("Tema", "Topic");

    public string NowColumn => Say("Nå", "Now");

    public string TopicMapping => Say("Kolonneoppsett", "Column mapping");

    public string TopicSecrets => Say("Hemmeligheter", "Secrets");

    public string TopicFlags => Say("Funksjonsbrytere", "Feature flags");

    public string TopicNotifications => Say("Varsler", "Notifications");

    public string TopicPause => Say("Pause", "Pause");

    public string TopicUsers => Say("Brukere", "Users");

    public string TopicTokens => Say("API-nøkler", "API keys");

    public string TopicSignIn => Say("Innlogging", "Sign-in");

    public string SeeAndChange => Say("Se og endre", "See and change");

    public string LeaveUnchanged => Say("Avbryt", "Cancel");

    public string SavedNow => Say("Endringen er lagret.", "The change is saved.");

    public string ChangedColumn => Say("Endret", "Changed");

    public string ChangedByColumn => Say("Endret av", "Changed by");

    public string VersionColumn => Say("Versjon", "Version");

    public string VersionsCaption => Say("Endringer, nyeste først", "Changes, newest first");

    public string ChangedMeanwhile(string? actor, DateTimeOffset? at) => actor is not null && at is { } time
        ? Say($"Innstillingene ble endret av {actor} {At(time)}, mens du skrev. Ingenting ble lagret. Se hva som står nå, og lagre igjen hvis din endring skal gjelde.", $"The settings were changed by {actor} {At(time)}, while you were writing. Nothing was saved. See what stands now, and save again if your change is to count.")
        : Say("Innstillingene ble endret mens du skrev. Ingenting ble lagret. Se hva som står nå, og lagre igjen hvis din endring skal gjelde.", "The settings were changed while you were writing. Nothing was saved. See what stands now, and save again if your change is to count.");

    // ---- The accounting system ----

    public string ExportsTo(IntegrationSettings settings) => settings.Transport == "api"
        ? Say($"Eksporterer til {Into(settings.Exporter)} over API.", $"Exports to {Into(settings.Exporter)} over its API.")
        : Say($"Eksporterer til {Into(settings.Exporter)} med fil ({settings.Format}).", $"Exports to {Into(settings.Exporter)} by file ({settings.Format}).");

    /// <summary>The accounting system's full name in the middle of a sentence.</summary>
    private string Into(string exporter) => exporter is "xledger" or "dynamics" ? SystemName(exporter) : Say("et annet regnskapssystem", "another accounting system");

    public string Transport => Say("Overføring", "Transport");

    public string TransportWord(string transport) => transport == "api" ? "API" : Say("Fil", "File");

    public string FileFormat => Say("Format", "Format");

    public string Currencies => Say("Valutaer", "Currencies");

    public string CompanyCurrency => Say("Selskapets valuta", "The company's currency");

    public string FolderWord => Say("Mappe", "Folder");

    public string FetchedHere => Say("Filen hentes her", "The file is fetched here");

    public string Endpoint => Say("Adresse", "Address");

    public string SystemsOwn => Say("systemets egen", "the system's own");

    public string ProofWord => Say("Bevis", "Proof");

    public string Proof(ProofClass proof) => proof switch
    {
        ProofClass.Unique => Say("Systemet avviser samme krav for alltid", "The system refuses the same claim for ever"),
        ProofClass.Windowed => Say("Systemet avviser samme krav en tid", "The system refuses the same claim for a time"),
        ProofClass.Readable => Say("Systemet kan spørres om et krav", "The system can be asked about a claim"),
        _ => Say("Systemet kan verken avvise eller spørres", "The system can neither refuse nor be asked"),
    };

    public string AccountsWord => Say("Kontoer", "Accounts");

    public string AccountsOwn => Say("Norsk standard kontoplan, slik PayOnce har den", "The Norwegian standard chart, as PayOnce has it");

    public string AccountsNone => Say("Ingen kontoer", "No accounts");

    public string AccountDefault(string account) => Say($"Ellers: {account}", $"Otherwise: {account}");

    public string AccountCredit(string account) => Say($"Motkonto: {account}", $"Balancing account: {account}");

    public string DimensionsWord => Say("Dimensjoner", "Dimensions");

    public string PostingDateWord => Say("Bokføringsdato", "Posting date");

    public string PostingDate(PostingDateRule rule) => rule switch
    {
        PostingDateRule.ApprovedAt => Say("Dagen kravet ble godkjent", "The day the claim was approved"),
        PostingDateRule.RunDate => Say("Dagen for kjøringen", "The day of the run"),
        _ => Say("Siste dato i kravet", "The latest date in the claim"),
    };

    public string DueDaysWord => Say("Forfall", "Due date");

    public string DueDays(int? days) => days is { } number ? Say($"{Number(number)} dager etter bokføringsdato", $"{Number(number)} days after the posting date") : Say("ikke oppgitt", "not given");

    public string AllAsJson => Say("Alle innstillinger som JSON", "All settings as JSON");

    public string ChangeIntegration => Say("Endre regnskapssystem", "Change the accounting system");

    public string SettingsJson => Say("Innstillinger (JSON)", "Settings (JSON)");

    public string SettingsJsonHint => Say(
        "Samme JSON som kommandoen payonce integrations set tar. Endringen gjelder fra neste kjøring. Tidligere kjøringer endres ikke.",
        "The same JSON that the command payonce integrations set takes. The change counts from the next run. Earlier runs do not change.");

    public string CheckSettings => Say("Kontroller", "Check");

    public string SettingsUsable => Say("Innstillingene kan brukes. Ingenting er lagret ennå.", "The settings can be used. Nothing has been saved yet.");

    public string SettingsWrong(int problems) => problems == 1
        ? Say("Innstillinger har 1 feil. Rett den og prøv igjen.", "Settings have 1 error. Correct it and try again.")
        : Say($"Innstillinger har {Number(problems)} feil. Rett dem og prøv igjen.", $"Settings have {Number(problems)} errors. Correct them and try again.");

    public string FieldColumn => Say("Felt", "Field");

    public string RuleColumn => Say("Regel", "Rule");

    public string ProblemsCaption => Say("Feil i innstillingene", "Errors in the settings");

    public string StandsNow(int version) => Say($"Det som står nå (versjon {Number(version)})", $"What stands now (version {Number(version)})");

    public string NoConnectionToTest => Say("Eksport skjer med fil. Det er ingen forbindelse å teste.", "Export is by file. There is no connection to test.");

    public string TestConnectionLead => Say("Vi prøver adresse, innlogging og rettigheter. Ingenting som betales, blir liggende igjen.", "We try address, sign-in and rights. Nothing that is paid is left behind.");

    public string ConnectionGood(string system) => Say($"{Capital(system)} svarer som det skal.", $"{Capital(system)} answers as it should.");

    public string ConnectionBad(int faults) => Say($"Testen fant {Number(faults)} feil. Rett dem før neste eksport.", $"The test found {Number(faults)} {(faults == 1 ? "fault" : "faults")}. Put them right before the next export.");

    public string ConnectionNotTested => Say("Forbindelsen ble ikke testet.", "The connection was not tested.");

    public string ChecksCaption => Say("Hva som ble prøvd", "What was tried");

    public string CheckColumn => Say("Prøve", "Check");

    public string ResultColumn => Say("Resultat", "Result");

    public string InOrder => Say("I orden", "In order");

    // ---- Secrets ----

    public string SecretsLead => Say("En hemmelighet legges inn én gang, lagres kryptert og vises aldri igjen.", "A secret is given once, kept encrypted, and never shown again.");

    public string SecretsSum(int set, int known) => Say($"{Number(set)} av {Number(known)} er lagt inn", $"{Number(set)} of {Number(known)} are set");

    public string NoSecretsNeeded => Say("Integrasjonen trenger ingen hemmeligheter.", "The integration needs no secrets.");

    public string SecretColumn => Say("Hemmelighet", "Secret");

    public string SetAtColumn => Say("Lagt inn", "Set");

    public string SetByColumn => Say("Lagt inn av", "Set by");

    public string NotSet => Say("Ikke lagt inn", "Not set");

    public string ChangeSecret(string name) => Say($"Bytt {name}", $"Replace {name}");

    public string SecretValue => Say("Ny verdi", "New value");

    public string SecretValueHint => Say("Lim inn verdien slik du fikk den. Den gamle verdien slutter å gjelde.", "Paste the value as you were given it. The old value stops counting.");

    public string SecretTooShort(int shortest) => Say($"Ny verdi må ha minst {shortest} tegn.", $"New value must have at least {shortest} characters.");

    public string SecretTooLong(int longest) => Say($"Ny verdi kan ha høyst {Number(longest)} tegn.", $"New value can have at most {Number(longest)} characters.");

    public string SecretOneLine => Say("Ny verdi må være én linje uten kontrolltegn.", "New value must be one line without control characters.");

    public string SecretNoSpaces => Say("Ny verdi kan ikke begynne eller slutte med mellomrom.", "New value cannot begin or end with a space.");

    // ---- Columns ----

    public string ColumnsCaption => Say("Kolonner i filen, i rekkefølge", "Columns of the file, in order");

    public string ColumnColumn => Say("Kolonne", "Column");

    public string ValueFrom => Say("Verdi fra", "Value from");

    public string ExampleColumn => Say("Slik blir det", "How it turns out");

    public string LongestText => Say("Lengste tekst (tegn)", "Longest text (characters)");

    public string LimitsCaption(string system) => Say($"Lengste tekst i felt hos {system}", $"Longest text of fields at {system}");

    public string LimitsText => Say(
        "En lengre tekst kortes ned der kolonnen sier det. Ellers blir kravet avvist før det sendes, og du ser hvilket felt det gjelder.",
        "A longer text is cut where the column says so. Otherwise the claim is rejected before it is sent, and you see which field it is.");

    public string ExportersOwn => Say("Systemets eget oppsett", "The system's own mapping");

    public string OwnColumns(int columns) => Say($"Eget oppsett med {Number(columns)} kolonner", $"Own mapping with {Number(columns)} columns");

    public string FieldOf(string name) => Say($"Feltet {name}", $"The field {name}");

    public string FixedText(string text) => text.Length == 0 ? Say("Alltid tom", "Always empty") : Say($"Fast verdi: {text}", $"Fixed value: {text}");

    public string TemplateOf(string text) => Say($"Sett sammen av {text}", $"Put together from {text}");

    public string JsonHasNoColumns => Say("Formatet json har ingen kolonner. Forhåndsvisningen viser hva som sendes.", "The format json has no columns. The preview shows what is sent.");

    public string MappingPreviewHeading => Say("Forhåndsvisning", "Preview");

    public string PreviewLead => Say("Vi bruker de siste kravene deres og det som står i feltet under. Ingenting lagres og ingenting sendes.", "We use your latest claims and what stands in the field below. Nothing is saved and nothing is sent.");

    public string ShowPreview => Say("Vis forhåndsvisning", "Show the preview");

    public string NoClaimsToPreview => Say("Det er ingen krav å vise ennå. Ta inn krav først.", "There are no claims to show yet. Bring claims in first.");

    public string PreviewSum(int fine, int wrong) => wrong == 0
        ? Say($"{Claims(fine)} kontrollert. Alle er i orden.", $"{Claims(fine)} checked. All are in order.")
        : Say($"{Claims(fine + wrong)} kontrollert. {Number(fine)} i orden. {Number(wrong)} ville blitt avvist.", $"{Claims(fine + wrong)} checked. {Number(fine)} in order. {Number(wrong)} would be rejected.");

    public string PreviewRows => Say("Første rader", "First rows");

    public string PreviewRejected => Say("Krav som ville blitt avvist", "Claims that would be rejected");

    // ---- Flags ----

    /// <summary>A flag as people call it; files and programs know it by its own name.</summary>
    public string FlagName(string flag) => flag switch
    {
        "dynamics-api" => Say("API for Business Central", "API of Business Central"),
        PayOnce.Exporters.IntegrationSettings.AutomaticRelease => Say("Automatisk frigivelse", "Automatic release"),
        OrganisationFlags.DriverHonorarium => Say("Honorar for sjåfører", "Honoraria for drivers"),
        OrganisationFlags.ClaimForms => Say("Reisekrav i PayOnce", "Travel claims in PayOnce"),
        _ => flag,
    };

    public string FlagMeaning(string flag) => flag switch
    {
        "dynamics-api" => Say("Lar eksport til Business Central gå over API i stedet for fil.", "Lets exports to Business Central go over its API instead of by file."),
        PayOnce.Exporters.IntegrationSettings.AutomaticRelease => Say(
            "Krav i tvil som regnskapssystemet to ganger har svart at det ikke har, med ventetid imellom, sendes på nytt av seg selv. Er den av, venter de på et menneske.",
            "Claims in doubt that the accounting system has said twice it does not have, with the quiet time between, are sent again by themselves. Off, they wait for a person."),
        OrganisationFlags.DriverHonorarium => Say("Sjåfører bekrefter taushetserklæringen og krever honorar i PayOnce. Honorar som hentes inn fra andre systemer, trenger også bekreftelsen.", "Drivers acknowledge the declaration and claim their honorarium in PayOnce. Honoraria that are taken in from other systems need the acknowledgement as well."),
        OrganisationFlags.ClaimForms => Say("Medlemmer fyller ut reisekrav i PayOnce, og en koordinator godkjenner dem.", "Members fill in travel claims in PayOnce, and a coordinator approves them."),
        _ => Say("Ukjent bryter", "Unknown flag"),
    };

    public string FlagColumn => Say("Bryter", "Flag");

    public string MeaningColumn => Say("Betydning", "Meaning");

    public string FlagState(bool on) => on ? Say("På", "On") : Say("Av", "Off");

    public string FlagsSum(int on) => on == 0 ? Say("Ingen er slått på", "None are on") : Say($"{Number(on)} er slått på", $"{Number(on)} {(on == 1 ? "is" : "are")} on");

    public string FlagQuestion(string flag, bool on) => on ? Say($"Vil du slå av «{FlagName(flag)}»?", $"Do you want to switch “{FlagName(flag)}” off?") : Say($"Vil du slå på «{FlagName(flag)}»?", $"Do you want to switch “{FlagName(flag)}” on?");

    public string FlagButton(bool on) => on ? Say("Slå av", "Switch off") : Say("Slå på", "Switch on");

    public string FlagEffect => Say("Det gjelder fra neste kjøring.", "It counts from the next run.");

    public string OrganisationFlagEffect => Say("Det gjelder straks, for hele organisasjonen.", "It counts at once, for the whole organisation.");

    public string OrganisationFlagHistory => Say("Hvem som slo av og på for organisasjonen", "Who switched what for the organisation");

    public string FlagScopeColumn => Say("Gjelder for", "Counts for");

    public string FlagScope(bool organisation) => organisation ? Say("Organisasjonen", "The organisation") : Say("Integrasjonen", "The integration");

    public string FlagHistory => Say("Hvem som slo av og på for integrasjonen", "Who switched what for the integration");

    public string SwitchedOn(string flag) => Say($"{FlagName(flag)} slått på", $"{FlagName(flag)} switched on");

    public string SwitchedOff(string flag) => Say($"{FlagName(flag)} slått av", $"{FlagName(flag)} switched off");

    public string OtherChange => Say("Annen endring av innstillingene", "Another change of the settings");

    public string WhatColumn => Say("Hva", "What");

    // ---- Notifications ----

    public string NotificationsSum(NotificationSettings settings) => (settings.WebhookUrl, settings.Emails.Count) switch
    {
        (null, 0) => Say("Ingen blir varslet.", "Nobody is told."),
        (null, var emails) => Say($"E-post til {Number(emails)} {(emails == 1 ? "adresse" : "adresser")}.", $"E-mail to {Number(emails)} {(emails == 1 ? "address" : "addresses")}."),
        (_, 0) => Say("Webhook.", "Webhook."),
        (_, var emails) => Say($"Webhook, og e-post til {Number(emails)} {(emails == 1 ? "adresse" : "adresser")}.", $"Webhook, and e-mail to {Number(emails)} {(emails == 1 ? "address" : "addresses")}."),
    };

    public string ChangeNotifications => Say("Endre varsler", "Change notifications");

    public string WebhookAddress => Say("Webhook-adresse", "Webhook address");

    public string WebhookAddressHint => Say("https. La stå tom for ingen webhook.", "https. Leave empty for no webhook.");

    public string WebhookAddressWrong => Say("Webhook-adresse må være en https-adresse uten brukernavn.", "Webhook address must be an https address without a user name.");

    public string WebhookKey => Say("Signeringsnøkkel", "Signing key");

    public string WebhookKeyHint(bool kept) => kept
        ? Say("whsec_ og base64. La stå tom for å beholde nøkkelen som er lagt inn.", "whsec_ and base64. Leave empty to keep the key that is set.")
        : Say("whsec_ og base64. Den vises aldri igjen.", "whsec_ and base64. It is never shown again.");

    public string WebhookKeyMissing => Say("Signeringsnøkkel må fylles ut når webhook brukes.", "Signing key must be filled in when a webhook is used.");

    public string WebhookKeyWrong => Say("Signeringsnøkkel må være whsec_ og base64, minst 24 byte.", "Signing key must be whsec_ and base64, at least 24 bytes.");

    public string EmailAddresses => Say("E-postadresser", "E-mail addresses");

    public string EmailAddressesHint => Say("Én på hver linje.", "One on each line.");

    public string EmailAddressesWrong(string address) => Say($"E-postadresser har en linje som ikke er en adresse: {address}.", $"E-mail addresses have a line that is not an address: {address}.");

    public string EmailAddressesMany => Say($"E-postadresser kan være høyst {NotificationSettings.MostEmails}.", $"E-mail addresses can be at most {NotificationSettings.MostEmails}.");

    public string EmailLanguage => Say("Språk i e-post", "Language of e-mail");

    public string EmailLanguageWrong => Say("Språk i e-post må være norsk eller engelsk.", "Language of e-mail must be Norwegian or English.");

    public string LanguageName(string tag) => tag == "en" ? Say("Engelsk", "English") : Say("Norsk bokmål", "Norwegian bokmål");

    public string LatestNotifications => Say("Siste varsler", "Latest notifications");

    public string NoNotifications => Say("Ingen varsler er sendt ennå.", "No notifications have been sent yet.");

    public string ChannelColumn => Say("Kanal", "Channel");

    public string TriesColumn => Say("Forsøk", "Tries");

    public string FailureColumn => Say("Feil", "Error");

    public string Channel(NotificationChannel channel) => channel is NotificationChannel.Webhook ? "Webhook" : Email;

    public string Notified(NotificationKind kind) => kind switch
    {
        NotificationKind.RunFailed => Say("Kjøring mislyktes", "A run failed"),
        NotificationKind.RunRejections => Say("Krav ble avvist", "Claims were rejected"),
        NotificationKind.RunInDoubt => Say("Krav er uavklart", "Claims are in doubt"),
        _ => Say("Kjøring ble ikke startet", "A run was not started"),
    };

    public Parts.StateWord NotificationState(NotificationState state) => state switch
    {
        Scheduling.NotificationState.Waiting => new(Say("Venter", "Waiting"), "info"),
        Scheduling.NotificationState.Sent => new(Say("Sendt", "Sent"), "success"),
        _ => new(Say("Gitt opp", "Given up"), "danger"),
    };

    // ---- The installation ----

    public string OrganisationsHeading => Say("Organisasjoner", "Organisations");

    public string AddOrganisation => Say("Legg til organisasjon", "Add an organisation");

    public string OrganisationKey => Say("ID", "ID");

    public string OrganisationKeyHint => Say("1 til 32 tegn: a–z, 0–9 og bindestrek. Kan ikke endres siden.", "1 to 32 characters: a–z, 0–9 and hyphen. It cannot be changed later.");

    public string OrganisationKeyWrong => Say("ID må være 1 til 32 tegn av a–z, 0–9 og bindestrek, uten bindestrek først eller sist.", "ID must be 1 to 32 characters of a–z, 0–9 and hyphen, with no hyphen at either end.");

    public string OrganisationKeyTaken => Say("ID er i bruk av en annen organisasjon. Velg en annen.", "ID is in use by another organisation. Choose another one.");

    public string OrganisationAdded(string name) => Say($"{name} er lagt til.", $"{name} is added.");

    public string AdministratorColumn => Say("Har administrator", "Has an administrator");

    public string InviteAdministrator(string name) => Say($"Inviter administrator for {name}", $"Invite an administrator for {name}");

    public string FirstAdministratorEmail => Say("E-post til første administrator", "E-mail of the first administrator");

    public string FirstAdministratorEmailHint => Say("Du får en lenke å sende dit. Uten administrator kommer ingen inn i organisasjonen.", "You get a link to send there. Without an administrator nobody can enter the organisation.");

    public string OrganisationName => Say("Navn", "Name");

    public string OrganisationNameWrong => Say("Navn må fylles ut, med høyst 100 tegn.", "Name must be filled in, with at most 100 characters.");

    public string TimeZoneLabel => Say("Tidssone", "Time zone");

    public string TimeZoneHint => Say("For eksempel Europe/Oslo. Den avgjør hva en dato betyr.", "For example Europe/Oslo. It decides what a date means.");

    public string TimeZoneWrong => Say("Tidssone må være navnet på en tidssone, for eksempel Europe/Oslo.", "Time zone must be the name of a time zone, such as Europe/Oslo.");

    public string UsersOfInstallation => Say("Brukere, etter e-post", "Users, by e-mail");

    public string OperatorColumn => Say("Driftsansvarlig", "Operator");

    public string DisabledColumn => Say("Sperret", "Disabled");

    public string NextUsers => Say("Flere brukere", "More users");
}
