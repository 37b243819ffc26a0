using PayOnce.Claims;

namespace PayOnce.App.Dashboard;

internal sealed partial class Words
{
    public string ImportHeading => Say("Legg inn krav", "Bring in claims");

    public string ImportLead => Say(
        "Velg en fil med godkjente krav. Samme fil to ganger endrer ingenting. Et krav med feil blir ikke lagt inn, resten av filen blir det.",
        "Choose a file with approved claims. The same file twice changes nothing. A claim with an error is not brought in; the rest of the file is.");

    public string ImportForms(long megabytes) => Say(
        $"Filen kan være CSV, en JSON-liste eller JSON Lines, og høyst {Number(megabytes)} MB. Ingenting blir sendt til regnskapet.",
        $"The file can be CSV, a JSON array or JSON Lines, and at most {Number(megabytes)} MB. Nothing is sent to the accounts.");

    public string ChooseFile => Say("Fil med krav", "File with claims");

    public string ChooseFileMissing => Say("Velg en fil.", "Choose a file.");

    public string FileTooLarge(long megabytes) => Say(
        $"Filen er større enn {Number(megabytes)} MB. Del den i flere filer. Krav som ble lest før grensen, er lagt inn.",
        $"The file is larger than {Number(megabytes)} MB. Split it into several files. Claims that were read before the limit are in.");

    public string UploadFile => Say("Last opp filen", "Upload the file");

    public string ImportTitle(ImportReport report) => report.Unreadable
        ? Say("Filen kunne ikke leses til slutten", "The file could not be read to its end")
        : report.Refused > 0 ? Say("Noen krav ble ikke lagt inn", "Some claims were not brought in") : Say("Kravene er lagt inn", "The claims have been brought in");

    public string ImportSentence(string file, ImportReport report) => Say(
        $"{file}: {Number(report.Added)} nye krav, {Number(report.Updated)} endret, {Number(report.Unchanged)} uendret, {Number(report.Refused)} ikke lagt inn.",
        $"{file}: {Number(report.Added)} new {(report.Added == 1 ? "claim" : "claims")}, {Number(report.Updated)} changed, {Number(report.Unchanged)} unchanged, {Number(report.Refused)} not brought in.");

    public string ImportUnreadable => Say(
        "Kravene før dette stedet er lagt inn. Rett filen og last den opp igjen.",
        "The claims before this place are in. Correct the file and upload it again.");

    public string ImportProblems(long all) => Say($"Ikke lagt inn ({Number(all)} feil)", $"Not brought in ({Number(all)} {(all == 1 ? "error" : "errors")})");

    public string ImportWarnings(long all) => Say($"Lagt inn, men se på disse ({Number(all)})", $"Brought in, but look at these ({Number(all)})");

    public string ProblemsShown(int shown, long all) => Say($"De {Number(shown)} første av {Number(all)} vises.", $"The first {Number(shown)} of {Number(all)} are shown.");

    public string ProblemLine => Say("Linje", "Line");

    public string ProblemField => Say("Felt", "Field");

    public string ProblemValue => Say("Verdi", "Value");

    public string ProblemRule => Say("Regel", "Rule");

    public string ImportAnother => Say("Last opp en fil til", "Upload another file");

    public string SeeClaims => Say("Se kravene", "See the claims");
}
