using System.Collections.Frozen;
using PayOnce.Exporters.Mapping;

namespace PayOnce.Exporters.Xledger;

/// <summary>
/// Xledger's file import GL02 and its variant GL02b, which says the entity in a column of its own. Sources: the header of a public
/// GL02 exporter (facts S12) and the description of GL02b by Moment and Milient (S9). Import definitions differ from customer to
/// customer, so everything here can be overridden by the integration's mapping; it is the default, not the law.
/// </summary>
internal static class Gl02
{
    /// <summary>The 49 columns in Xledger's own words and spelling, those that PayOnce fills with their content.</summary>
    private static Column[] Columns(IntegrationSettings settings)
    {
        var text = new Column("text", new ColumnSource(Template: settings.Texts.Line)) { Balance = new ColumnSource(Template: settings.Texts.Balance), MaxLength = TextLength, OnTooLong = TooLong.Cut };
        return
        [
            // "ImpSystem (25, always GL02b)" is said of GL02b; in GL02 it names the sender.
            Fixed("ImpSystem", settings.Format == "gl02b" ? "GL02b" : "PayOnce"),
            new("ImpSystemRef", new ColumnSource(Template: "run {run}")),
            Fixed("voucherType", settings.Voucher.VoucherType),
            Of("VoucherNo", "voucherNumber"),
            Of("FiscalYear", "fiscalYear"),
            Of("PeriodNo", "period"),
            Of("VoucherDate", "postingDate"),
            new("account", ColumnSource.Of("account")) { Required = true },
            Fixed("Account Ledger (Asset/BankAccount)"),
            Dimension(settings, "posting1"),
            Dimension(settings, "Posting 2 (PRJ)"),
            Dimension(settings, "XGL"),
            Of("SubledgerNo", "subledger"),
            Fixed("SubledgerName"),
            Of("InvoiceDate", "postingDate"),
            Of("InvoiceNo", FieldCatalogue.ExportKey),
            // Empty: a bank takes what stands here for a payment reference with check digits, which an export key is not.
            Fixed("Xidentifier/KID"),
            Of("DueDate", "dueDate"),
            Fixed("BankAccount"),
            Fixed("PaymentTerms"),
            text,
            Fixed("TaxRule"),
            Of("Currency", "currency"),
            Of("Currency Amount", "amount"),
            Of("amount", "amount"),
            .. Rest.Select(name => Fixed(name)),
            Fixed("EOL", "x"),
        ];
    }

    private static readonly string[] Rest =
    [
        "UpdateSubledger", "SubledgerGroup", "CompanyNo", "StreetAddressL1", "StreetAddressL2", "ZipCode", "Place", "State", "Country",
        "BillingStreetAddressL1", "BillingStreetAddressL2", "BillingZipCode", "BillingPlace", "BillingState", "BillingCountry",
        "Phone", "Email", "YourRef", "Dummy1", "Dummy2", "Dummy3", "Dummy4", "Dummy5",
    ];

    /// <summary>Not documented for GL02; what any ledger text has had room for. The text is only a courtesy, so it is cut.</summary>
    private const int TextLength = 250;

    // ImpSystem, ImpSystemRef, VoucherType and VoucherNo: S9. Other columns: no length is documented.
    private static readonly FrozenDictionary<string, int> Documented = new Dictionary<string, int>
    {
        ["ImpSystem"] = 25,
        ["ImpSystemRef"] = 25,
        ["voucherType"] = 8,
        ["VoucherNo"] = 8,
        ["FiscalYear"] = 4,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly Target Target = new("Xledger", Documented, ["InvoiceNo"], VouchersOnly: true);

    public static ColumnMapping Mapping(IntegrationSettings settings)
    {
        var columns = Columns(settings).ToList();
        if (settings.Format == "gl02b") columns.Insert(2, new Column("Entity", ColumnSource.Text(settings.Voucher.Entity ?? "")) { Required = true });
        // CRLF, header, yyyyMMdd, semicolon: S12; decimal point: S9. The encoding is documented nowhere.
        var standard = new ColumnMapping { DateFormat = "yyyyMMdd", Columns = columns };
        return settings.Mapping?.Over(standard) ?? standard;
    }

    public static IEnumerable<Problem> Check(IntegrationSettings settings)
    {
        var mapping = Mapping(settings);
        if (settings.Format == "gl02b" && settings.Voucher.Entity is null && settings.Mapping?.Columns is null)
            yield return new Problem("is missing; GL02b books into the entity (company) that it names") { Field = "voucher.entity" };
        foreach (var dimension in settings.Dimensions)
        {
            if (!mapping.Columns.Any(column => column.Source.Field == FieldCatalogue.DimensionPrefix + dimension.Name))
                yield return new Problem("must be posting1, Posting 2 (PRJ) or XGL, each for one dimension, unless the mapping's own columns hold the dimension") { Field = $"dimensions.{dimension.Name}.target", Value = dimension.Target };
        }
        foreach (var problem in MappingCheck.Run(mapping, settings, Target)) yield return problem;
    }

    private static Column Fixed(string name, string value = "") => new(name, ColumnSource.Text(value));

    private static Column Of(string name, string field) => new(name, ColumnSource.Of(field));

    private static Column Dimension(IntegrationSettings settings, string target) =>
        settings.Dimensions.FirstOrDefault(dimension => dimension.Target == target) is { } dimension
            ? Of(target, FieldCatalogue.DimensionPrefix + dimension.Name)
            : Fixed(target);
}
