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

    public string ErrorsHeading => Say("For å gå videre må du rette opp følgende feil", "To go on you must correct these errors");

    public string ErrorInTitle(string title) => Say($"Feil: {title}", $"Error: {title}");
}
