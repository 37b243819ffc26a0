using PayOnce.Access;

namespace PayOnce.App.Dashboard;

internal sealed partial class Words
{
    public string Account => Say("Kontoen din", "Your account");

    public string Email => Say("E-post", "E-mail");

    public string Password => Say("Passord", "Password");

    public string WrongSignIn => Say("E-post eller passord er feil. Sjekk at Caps Lock ikke er på.", "The e-mail or the password is wrong. Check that Caps Lock is off.");

    public string LockedSignIn(DateTimeOffset until) => Say($"For mange forsøk. Prøv igjen kl. {Clock(until)}.", $"Too many attempts. Try again at {Clock(until)}.");

    public string SignInHelp => Say("Hjelp til innlogging", "Help with signing in");

    public string FirstAdministratorTitle => Say("Lag den første brukeren", "Make the first user");

    public string FirstAdministratorText => Say(
        "Lenken gjelder én gang. Den første brukeren styrer installasjonen, kan opprette organisasjoner og gi andre tilgang.",
        "The link works once. The first user runs the installation, can add organisations and give others access.");

    public string YourName => Say("Navnet ditt", "Your name");

    public string YourNameText => Say("Det står i historikken for alt du gjør.", "It stands in the history of everything you do.");

    public string NewPassword => Say("Nytt passord", "New password");

    public string NewPasswordText(int shortest) => Say($"Minst {shortest} tegn. Gjerne flere ord. Du kan lime inn fra et passordprogram.", $"At least {shortest} characters. Several words are good. You can paste from a password manager.");

    public string PasswordTooShort(int shortest) => Say($"Nytt passord må ha minst {shortest} tegn.", $"New password must have at least {shortest} characters.");

    public string PasswordTooLong(int longest) => Say($"Nytt passord kan ha høyst {longest} tegn.", $"New password can have at most {longest} characters.");

    public string EmailWrong => Say("E-post må være en e-postadresse, som navn@eksempel.no.", "E-mail must be an e-mail address, such as name@example.org.");

    public string NameMissing => Say("Navnet ditt må fylles ut, med høyst 80 tegn.", "Your name must be filled in, with at most 80 characters.");

    public string LinkOver => Say("Lenken gjelder ikke lenger", "The link is no longer valid");

    public string LinkOverText => Say("Den er brukt, erstattet eller for gammel. Be om en ny.", "It was used, replaced or is too old. Ask for a new one.");

    public string MakeUser => Say("Lag brukeren", "Make the user");

    // ---- One's own account ----

    public string AccountOfPeople => Say("Dette er siden for personer. En API-nøkkel har ingen konto.", "This page is for people. An API key has no account.");

    public string SignedInAs(string name, string email) => Say($"Du er logget inn som {name} ({email}).", $"You are signed in as {name} ({email}).");

    public string AccountSaved => Say("Endringen er lagret.", "The change is saved.");

    public string AboutYou => Say("Om deg", "About you");

    public string LanguageLabel => Say("Språk", "Language");

    public string LanguageOfBrowser => Say("Som nettleseren", "As the browser has it");

    public string FollowRuns => Say("Oppdater kjøringer av seg selv mens jeg ser på", "Update runs by themselves while I watch");

    public string ChangePassword => Say("Endre passord", "Change password");

    public string PresentPassword => Say("Nåværende passord", "Present password");

    public string PresentPasswordWrong => Say("Nåværende passord er feil.", "Present password is wrong.");

    public string Sessions => Say("Hvor du er logget inn", "Where you are signed in");

    public string SessionsCaption => Say("Innlogginger, den sist brukte først", "Sign-ins, the one used last first");

    public string Device => Say("Nettleser", "Browser");

    public string UnknownDevice => Say("Ukjent", "Unknown");

    public string ThisDevice => Say("denne", "this one");

    public string SignedInAt => Say("Logget inn", "Signed in");

    public string LastSeen => Say("Sist brukt", "Last used");

    public string EndOtherSessions => Say("Logg ut alle andre steder", "Sign out everywhere else");

    // ---- Members and invitations ----

    public string Users => Say("Brukere", "Users");

    public string Name => Say("Navn", "Name");

    public string RoleLabel => Say("Rolle", "Role");

    public string LastSignedIn => Say("Sist logget inn", "Last signed in");

    public string MembersSentence(int members) => Say($"{Number(members)} {(members == 1 ? "bruker" : "brukere")} har tilgang.", $"{Number(members)} {(members == 1 ? "user has" : "users have")} access.");

    public string MembersCaption => Say("Brukere med tilgang", "Users with access");

    public string MemberSentence(string email, string role) => Say($"{email} har rollen {role}.", $"{email} has the role {role}.");

    public string RoleName(Role role) => role switch
    {
        Role.Administrator => Say("Administrator", "Administrator"),
        Role.Coordinator => Say("Koordinator", "Coordinator"),
        Role.Auditor => Say("Revisor (lesetilgang)", "Auditor (reads only)"),
        Role.Claimant => Say("Kravstiller", "Claimant"),
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };

    public string RoleMeaning(Role role) => role switch
    {
        Role.Administrator => Say("Kan alt i organisasjonen, også innstillinger og tilgang.", "Can do everything in the organisation, settings and access included."),
        Role.Coordinator => Say("Legger inn krav, starter og stopper kjøringer.", "Brings in claims, starts and stops runs."),
        Role.Auditor => Say("Ser alt, endrer ingenting.", "Sees everything, changes nothing."),
        Role.Claimant => Say("Ser bare sine egne krav.", "Sees only their own claims."),
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };

    public string ClaimantLabel => Say("Mottakernummer", "Claimant's id");

    public string ClaimantText => Say("Hvem kravene står på. Må fylles ut for kravstillere.", "Whose claims they are. Must be filled in for claimants.");

    public string ClaimantMissing => Say("Mottakernummer må fylles ut for kravstillere.", "Claimant's id must be filled in for claimants.");

    public string ClaimantTaken => Say("Mottakernummer hører til en annen bruker.", "Claimant's id belongs to another user.");

    public string LastAdministrator => Say("Rolle: Organisasjonen må ha minst én administrator som kan logge inn.", "Role: The organisation must keep at least one administrator who can sign in.");

    public string ShutOut => Say("stengt ute", "shut out");

    public string Invite => Say("Inviter", "Invite");

    public string InvitationMade(string email) => Say($"Invitasjonen til {email} er laget. Send lenken under.", $"The invitation for {email} is made. Send the link below.");

    public string InvitationLink => Say("Lenke til den inviterte", "Link for the invited person");

    public string InvitationLinkText => Say("Kopier lenken nå. Vi kan ikke vise den igjen. Den gjelder én gang, i sju dager.", "Copy the link now. We cannot show it again. It works once, for seven days.");

    public string OpenInvitations => Say("Invitasjoner som venter", "Invitations that wait");

    public string InvitationsCaption => Say("Invitasjoner som ikke er brukt", "Invitations not used yet");

    public string ValidUntil => Say("Gjelder til", "Valid until");

    public string Withdraw => Say("Trekk tilbake", "Withdraw");

    public string TakeAwayAccess => Say("Ta bort tilgangen", "Take away access");

    public string TakeAwayAccessText(string name) => Say($"{name} kommer ikke lenger inn i organisasjonen. Historikken beholder navnet.", $"{name} can no longer enter the organisation. The history keeps the name.");

    public string TakeAwayAccessOf(string name) => Say($"Ta bort tilgangen til {name}", $"Take away access from {name}");

    public string LeaveAsIs => Say("La det være", "Leave it");

    public string InvitationTitle(string organisation) => Say($"Du er invitert til {organisation}", $"You are invited to {organisation}");

    public string InvitationText(string role) => Say($"Du får rollen {role}.", $"You get the role {role}.");

    public string AcceptAs(string name) => Say($"Bli med som {name}", $"Join as {name}");

    public string AlreadyUser => Say("Har du en bruker fra før? Logg inn først.", "Do you have a user already? Sign in first.");

    public string InvitationEmailTaken => Say("Navnet ditt: Det finnes en bruker med denne e-posten. Logg inn først, og åpne lenken igjen.", "Your name: A user has this e-mail already. Sign in first and open the link again.");

    public string ResetPassword => Say("Lag et nytt passord", "Make a new password");

    // ---- Keys for programs ----

    public string ApiKeys => Say("API-nøkler", "API keys");

    public string ApiKey => Say("API-nøkkel", "API key");

    public string ApiKeysSentence => Say("En API-nøkkel lar et program gjøre det du krysser av for, i denne organisasjonen.", "An API key lets a program do what you tick, in this organisation.");

    public string ApiKeysCaption => Say("API-nøkler, de nyeste først", "API keys, newest first");

    public string ApiKeyMade(string name) => Say($"API-nøkkelen {name} er laget.", $"The API key {name} is made.");

    public string CopyKeyNow => Say("Kopier nøkkelen nå. Vi kan ikke vise den igjen.", "Copy the key now. We cannot show it again.");

    public string KeyMay => Say("Kan", "May");

    public string MadeBy => Say("Laget av", "Made by");

    public string LastUsed => Say("Sist brukt", "Last used");

    public string Revoked => Say("Trukket tilbake", "Revoked");

    public string Revoke => Say("Trekk tilbake", "Revoke");

    public string NewApiKey => Say("Ny API-nøkkel", "New API key");

    public string MakeApiKey => Say("Lag nøkkelen", "Make the key");

    public string ApiKeyNameText => Say("Hvilket program den er for. Det står i historikken.", "Which program it is for. It stands in the history.");

    public string ApiKeyNameMissing => Say("Navn må fylles ut, med høyst 100 tegn.", "Name must be filled in, with at most 100 characters.");

    public string ApiKeyNameTaken => Say("Navn: En nøkkel med dette navnet gjelder fortsatt.", "Name: A key of this name still counts.");

    public string ScopeName(Permission scope) => scope switch
    {
        Permission.Read => Say("lese", "read"),
        Permission.BringClaims => Say("legge inn krav", "bring in claims"),
        Permission.Sync => Say("starte og stoppe kjøringer", "start and stop runs"),
        Permission.Decide => Say("avklare og eksportere på nytt", "decide and force re-export"),
        Permission.Configure => Say("endre innstillinger", "change settings"),
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, null),
    };

    public string ScopeMissing => Say("Kan: Kryss av for minst én ting.", "May: Tick at least one thing.");

    public string ValidDays => Say("Gjelder i antall dager", "Valid for days");

    public string ValidDaysText(int longest) => Say($"Fra 1 til {longest}.", $"From 1 to {longest}.");

    public string ValidDaysWrong(int longest) => Say($"Gjelder i antall dager må være et helt tall fra 1 til {longest}.", $"Valid for days must be a whole number from 1 to {longest}.");

    public string RevokeQuestion(string name) => Say($"Vil du trekke tilbake nøkkelen {name}?", $"Do you want to revoke the key {name}?");

    public string RevokeText => Say("Programmet som bruker den, slutter å virke med en gang. Det kan ikke angres.", "The program that uses it stops working at once. It cannot be undone.");

    public string RevokeApiKey => Say("Trekk tilbake nøkkelen", "Revoke the key");

    // ---- A user, for the operator ----

    public string UserSentence(User user) => (user.Disabled, user.Operator) switch
    {
        (true, _) => Say($"{user.Email} er stengt ute.", $"{user.Email} is shut out."),
        (_, true) => Say($"{user.Email} styrer installasjonen.", $"{user.Email} runs the installation."),
        _ => Say($"{user.Email} kan logge inn.", $"{user.Email} can sign in."),
    };

    public string LastOperator => Say("Ingenting ble endret: Noen må kunne styre installasjonen.", "Nothing was changed: Somebody must be able to run the installation.");

    public string ResetLink => Say("Lenke til nytt passord", "Link for a new password");

    public string ResetLinkText => Say("Kopier lenken nå, og gi den til personen selv. Den gjelder én gang, i 24 timer.", "Copy the link now and give it to the person. It works once, for 24 hours.");

    public string MakeResetLink => Say("Lag lenke til nytt passord", "Make a link for a new password");

    public string EndAllSessions => Say("Logg ut overalt", "Sign out everywhere");

    public string MakeOperator => Say("La styre installasjonen", "Let run the installation");

    public string TakeAwayOperator => Say("Ta bort styringen av installasjonen", "Take away running the installation");

    public string ShutOutUser => Say("Steng ute", "Shut out");

    public string LetIn => Say("Slipp inn igjen", "Let in again");
}
