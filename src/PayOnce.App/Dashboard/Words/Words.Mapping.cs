namespace PayOnce.App.Dashboard;

/// <summary>The editor of the column mapping.</summary>
internal sealed partial class Words
{
    public string EditMapping => Say("Endre kolonneoppsett", "Change the column mapping");

    public string EditMappingLead(string system, string format) => Say(
        $"Filen lages for {system} ({format}). Ingenting er lagret før du trykker Lagre. Endringen gjelder fra neste kjøring.",
        $"The file is made for {system} ({format}). Nothing is saved until you press Save. The change counts from the next run.");

    public string EditLookupsLead(string system) => Say(
        $"{Capital(system)} får json, som ikke har kolonner. Her endres kontoer og dimensjoner. Ingenting er lagret før du trykker Lagre.",
        $"{Capital(system)} is sent json, which has no columns. Accounts and dimensions are changed here. Nothing is saved until you press Save.");

    public string EditMappingHelp => Say("Hva feltene, formatene og reglene betyr, står i docs/integration.md.", "What the fields, formats and rules mean stands in docs/integration.md.");

    public string BeginFrom => Say("Begynn fra et ferdig oppsett", "Begin from a ready mapping");

    public string BeginFromLabel => Say("Oppsett", "Mapping");

    public string BeginFromHint => Say("Kolonnene under byttes ut, og filen lages for det systemet du velger.", "The columns below are replaced, and the file is made for the system that you choose.");

    public string BeginButton => Say("Hent kolonnene", "Fetch the columns");

    public string StartName(string exporter, string format) => (exporter, format) switch
    {
        ("xledger", "gl02") => "Xledger GL02",
        ("xledger", "gl02b") => "Xledger GL02b",
        ("dynamics", _) => Say("Business Central kladd (journal)", "Business Central journal"),
        _ => Say("Generell csv", "Generic csv"),
    };

    public string FileSettingsHeading => Say("Filen", "The file");

    public string AsExporterHas(string? value) => value is null ? Say("Som systemet har det", "As the system has it") : Say($"{value} (som systemet har det)", $"{value} (as the system has it)");

    public string FileSetting(string name) => name switch
    {
        "delimiter" => Say("Skilletegn", "Delimiter"),
        "encoding" => Say("Tegnsett", "Encoding"),
        "header" => Say("Rad med kolonnenavn", "Row with the columns' names"),
        "lineEnding" => Say("Linjeslutt", "Line ending"),
        "decimalSign" => Say("Desimaltegn", "Decimal sign"),
        "quoting" => Say("Anførselstegn", "Quotes"),
        "defuseFormulas" => Say("Ufarliggjør formler", "Make formulas harmless"),
        "rows" => Say("Rader", "Rows"),
        _ => Say("Datoformat", "Date format"),
    };

    public string FileWord(string name, string word) => (name, word) switch
    {
        ("delimiter", ";") => Say("Semikolon", "Semicolon"),
        ("delimiter", ",") or ("decimalSign", ",") => Say("Komma", "Comma"),
        ("delimiter", "\t") => Say("Tabulator", "Tab"),
        ("delimiter", "|") => Say("Loddrett strek", "Vertical bar"),
        ("decimalSign", ".") => Say("Punktum", "Point"),
        ("quoting", "when-needed") => Say("Ved behov", "When needed"),
        ("quoting", "always") => Say("Alltid", "Always"),
        ("quoting", "never") => Say("Aldri", "Never"),
        ("rows", "lines-and-balance") => Say("Linjer og motpost", "Lines and balance"),
        ("rows", "lines") => Say("Bare linjer", "Lines alone"),
        ("rows", "claims") => Say("Én rad for hvert krav", "One row for each claim"),
        ("lineEnding", _) => word.ToUpperInvariant(),
        (_, "true") => Yes,
        (_, "false") => No,
        _ => word,
    };

    public string DateFormatHint => Say("For eksempel dd.MM.yyyy. La stå tomt for å gjøre som systemet.", "For example dd.MM.yyyy. Leave empty to do as the system does.");

    public string ColumnsHeading => Say("Kolonner", "Columns");

    public string ColumnsStandard => Say("Systemets egne kolonner brukes. Hent dem over for å endre dem, eller legg til en kolonne.", "The system's own columns are used. Fetch them above to change them, or add a column.");

    public string UseStandard => Say("Bruk systemets egne kolonner", "Use the system's own columns");

    public string ColumnOf(int number, int all, string name) => name.Length == 0 ? Say($"Kolonne {Number(number)} av {Number(all)}", $"Column {Number(number)} of {Number(all)}") : Say($"Kolonne {Number(number)} av {Number(all)}: {name}", $"Column {Number(number)} of {Number(all)}: {name}");

    public string ColumnNumber(int number) => Say($"Kolonne {Number(number)}", $"Column {Number(number)}");

    public string ColumnField(string field) => field switch
    {
        "name" => Say("Navn", "Name"),
        "source" => Say("Verdi fra", "Value from"),
        "text" => Say("Fast tekst eller mal", "Fixed text or template"),
        "format" => Say("Format", "Format"),
        "width" => Say("Bredde", "Width"),
        "align" => Say("Justering", "Alignment"),
        "pad" => Say("Fylltegn", "Filler"),
        "maxLength" => Say("Lengste tekst", "Longest text"),
        "onTooLong" => Say("Hvis teksten er for lang", "If the text is too long"),
        "quote" => Say("Alltid i anførselstegn", "Always in quotes"),
        "required" => Say("Avvis krav som ikke har noe her", "Reject a claim with nothing here"),
        "balance" => Say("Verdi i motposten", "Value in the balancing row"),
        "balance-text" => Say("Fast tekst eller mal i motposten", "Fixed text or template in the balancing row"),
        _ => Say("Format i motposten", "Format in the balancing row"),
    };

    public string ChooseSource => Say("Velg", "Choose");

    public string SameAsLines => Say("Samme som på linjene", "The same as in the lines");

    public string SourceConstant => Say("Fast tekst", "Fixed text");

    public string SourceTemplate => Say("Mal med felt i klammer", "Template with fields in braces");

    public string TextHint => Say("Mal: {type} {claimId}", "Template: {type} {claimId}");

    public string DocumentedLimit(string system, int limit) => Say($"{Capital(system)} tar høyst {Number(limit)} tegn.", $"{Capital(system)} takes at most {Number(limit)} characters.");

    public string MoreOfColumn => Say("Bredde, lengde og motpost", "Width, length and balancing row");

    public string AlignWord(string word) => word == "right" ? Say("Høyre", "Right") : Say("Venstre", "Left");

    public string TooLongWord(string word) => word == "cut" ? Say("Kort den ned", "Cut it") : Say("Avvis kravet", "Reject the claim");

    public string MoveUp => Say("Flytt opp", "Move up");

    public string MoveDown => Say("Flytt ned", "Move down");

    public string RemoveRow => Say("Slett", "Delete");

    public string AddColumn => Say("Legg til kolonne", "Add a column");

    public string AddRow => Say("Legg til rad", "Add a row");

    public string AddDimension => Say("Legg til dimensjon", "Add a dimension");

    // ---- Look-ups ----

    public string AccountsKind => Say("Hvilke kontoer", "Which accounts");

    public string OwnAccounts => Say("Egne kontoer", "Own accounts");

    public string AccountField(string field) => field switch
    {
        "default" => Say("Konto for alt annet", "Account for everything else"),
        "credit" => Say("Motkonto", "Balancing account"),
        _ => Say("Motpost på", "Balance on"),
    };

    public string BalanceOnWord(string word) => word == "account" ? Say("Én konto for alle", "One account for everybody") : Say("Leverandørkontoen til den som krever", "The claimant's own supplier account");

    public string ListName(string list) => list switch
    {
        "category" => Say("Konto etter kategori", "Account by category"),
        "type" => Say("Konto etter type krav", "Account by type of claim"),
        "limit" => Say("Egne, strengere grenser", "Own, tighter limits"),
        _ => Say("Verdier", "Values"),
    };

    public string ListFrom(string list) => list switch
    {
        "category" => Say("Kategori", "Category"),
        "type" => Say("Type", "Type"),
        "limit" => Say("Kolonne eller felt", "Column or field"),
        _ => Say("Verdi i kravet", "Value in the claim"),
    };

    public string ListTo(string list) => list switch
    {
        "category" or "type" => Say("Konto", "Account"),
        "limit" => Say("Lengste tekst", "Longest text"),
        _ => Say("Kode i regnskapet", "Code in the accounts"),
    };

    public string RowNumber(int number) => Say($"Rad {Number(number)}", $"Row {Number(number)}");

    public string DimensionNumber(int number, string name) => name.Length == 0 ? Say($"Dimensjon {Number(number)}", $"Dimension {Number(number)}") : Say($"Dimensjon {Number(number)}: {name}", $"Dimension {Number(number)}: {name}");

    public string DimensionField(string field) => field switch
    {
        "name" => Say("Navn i kravene", "Name in the claims"),
        "target" => Say("Kolonne eller felt i regnskapet", "Column or field in the accounts"),
        _ => Say("Send verdier som ikke står her, som de er", "Send values that do not stand here as they are"),
    };

    // ---- Preview, import, export ----

    public string PreviewOfForm => Say("Vi bruker de siste kravene deres og det som står i skjemaet. Ingenting lagres og ingenting sendes.", "We use your latest claims and what stands in the form. Nothing is saved and nothing is sent.");

    public string PreviewWaits(int problems) => problems == 1
        ? Say("Skjemaet har 1 feil. Forhåndsvisningen kommer når den er rettet.", "The form has 1 error. The preview comes when it is corrected.")
        : Say($"Skjemaet har {Number(problems)} feil. Forhåndsvisningen kommer når de er rettet.", $"The form has {Number(problems)} errors. The preview comes when they are corrected.");

    public string PreviewOnAsking => Say("Trykk Vis forhåndsvisning for å se hva som sendes.", "Press Show the preview to see what is sent.");

    public string YoursAgainstNow(int version) => Say($"Hva som er ulikt fra det som står nå (versjon {Number(version)})", $"What differs from what stands now (version {Number(version)})");

    public string ElsewhereWrong => Say("Andre innstillinger passer ikke til dette oppsettet. Rett dem under Endre regnskapssystem.", "Other settings do not fit this mapping. Correct them under Change the accounting system.");

    public string DownloadMapping => Say("Last ned oppsettet", "Download the mapping");

    public string ImportMapping => Say("Hent oppsett fra fil", "Bring a mapping from a file");

    public string ImportMappingLead => Say("Oppsettet i filen vises i skjemaet. Ingenting er lagret før du trykker Lagre der.", "The file's mapping is shown in the form. Nothing is saved until you press Save there.");

    public string MappingFile => Say("Fil med oppsett", "File with a mapping");

    public string MappingFileHint(int kilobytes) => Say($"En json-fil som er lastet ned her, høyst {Number(kilobytes)} kB.", $"A json file that was downloaded here, at most {Number(kilobytes)} kB.");

    public string MappingFileTooLarge(int kilobytes) => Say($"Fil med oppsett kan være høyst {Number(kilobytes)} kB.", $"File with a mapping can be at most {Number(kilobytes)} kB.");

    public string MappingFileWrong(int problems) => problems == 1
        ? Say("Fil med oppsett har 1 feil. Rett den og prøv igjen.", "File with a mapping has 1 error. Correct it and try again.")
        : Say($"Fil med oppsett har {Number(problems)} feil. Rett dem og prøv igjen.", $"File with a mapping has {Number(problems)} errors. Correct them and try again.");

    public string ShowInForm => Say("Vis i skjemaet", "Show in the form");
}
