using System.Globalization;
using PayOnce.App.Dashboard.Pages.Settings.Columns;

namespace PayOnce.App.Dashboard;

/// <summary>The fields a column may hold, and the places of the editor's form, as people call them.</summary>
internal sealed partial class Words
{
    /// <summary>A field by its meaning, with the name that templates and files know it by.</summary>
    public string CatalogueField(string name) => Meaning(name) is { } meaning ? $"{meaning} ({name})" : name;

    private string? Meaning(string name) => name switch
    {
        "organisation" => Say("Organisasjon", "Organisation"),
        "run" => Say("Kjøring", "Run"),
        "runDate" => Say("Dag for kjøringen", "Day of the run"),
        "claimId" => Say("Krav", "Claim"),
        "exportKey" => Say("Eksportnøkkel", "Export key"),
        "generation" => Say("Eksport nummer", "Export number"),
        "claimantId" => Say("ID til den som krever", "Claimant's id"),
        "claimantName" => Say("Navn på den som krever", "Claimant's name"),
        "type" => Say("Type krav", "Type of claim"),
        "currency" => Say("Valuta", "Currency"),
        "foreignCurrency" => Say("Valuta, tom for egen", "Currency, empty for one's own"),
        "approvedAt" => Say("Godkjent", "Approved"),
        "approvedBy" => Say("Godkjent av", "Approved by"),
        "total" => Say("Sum av kravet", "The claim's total"),
        "voucherNumber" => Say("Bilagsnummer", "Voucher number"),
        "postingDate" => Say("Bokføringsdato", "Posting date"),
        "dueDate" => Say("Forfallsdato", "Due date"),
        "fiscalYear" => Say("Regnskapsår", "Fiscal year"),
        "period" => Say("Periode", "Period"),
        "lineNumber" => Say("Linjenummer", "Line number"),
        "lineDate" => Say("Linjens dato", "The line's date"),
        "category" => Say("Kategori", "Category"),
        "description" => Say("Beskrivelse", "Description"),
        "amount" => Say("Beløp", "Amount"),
        "debit" => Say("Debet", "Debit"),
        "credit" => Say("Kredit", "Credit"),
        "quantity" => Say("Antall", "Quantity"),
        "unit" => Say("Enhet", "Unit"),
        "account" => Say("Konto", "Account"),
        "subledger" => Say("Reskontro", "Subledger"),
        ['d', 'i', 'm', 'e', 'n', 's', 'i', 'o', 'n', ':', .. var dimension] => Say($"Dimensjonen {dimension}", $"The dimension {dimension}"),
        _ => null,
    };

    /// <summary>What stands before the rule in a message: <c>Kolonne 3, bredde</c>.</summary>
    /// <param name="id">Of the form's element.</param>
    public string MappingPlace(string id)
    {
        var parts = id.Split('-', 3);
        int At(int part) => part < parts.Length && Row(parts[part].TrimStart('c')) is { } number ? number : 0;
        return parts[0] switch
        {
            "file" => FileSetting(parts[1]),
            "columns" => ColumnsHeading,
            "accounts" => AccountsKind,
            "account" => AccountField(parts[1]),
            "begin" => BeginFromLabel,
            "dimensions" => DimensionsWord,
            "dimension" => $"{DimensionNumber(At(1), "")}, {Low(DimensionField(parts[2]))}",
            "category" or "type" or "limit" => $"{ListName(parts[0])}, {Low(RowNumber(At(1)))}",
            "value" => $"{DimensionNumber(At(1), "")}, {Low(ListName("value"))}, {Low(RowNumber(Row(parts[2].Split('-')[0]) ?? 0))}",
            _ => $"{ColumnNumber(At(0))}, {Low(ColumnField(id[(parts[0].Length + 1)..]))}",
        };
    }

    /// <summary>A whole sentence: place, rule, full stop.</summary>
    public string MappingError(string id, string rule) => $"{MappingPlace(id)}: {Rule(rule)}.";

    public string MappingMissing(string id) => Say($"{MappingPlace(id)} må fylles ut.", $"{MappingPlace(id)} must be filled in.");

    /// <summary>A rule of the check in the page's language.</summary>
    public string Rule(string rule) => Language is Language.English ? rule : MappingRules.Bokmal(rule);

    // People count from 1.
    private static int? Row(string number) => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row + 1 : null;

    private static string Low(string text) => text.Length == 0 ? text : char.ToLowerInvariant(text[0]) + text[1..];
}
