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
        var text = new Column("text", ColumnSource.Line(settings.Texts)) { Balance = ColumnSource.Balance(settings.Texts), MaxLength = TextLength, OnTooLong = TooLong.Cut };
        return
        [
            // "ImpSystem (25, always GL02b)" is said of GL02b; in GL02 it names the sender.
            Fixed("ImpSystem", settings.Format == "gl02b" ? "GL02b" : "PayOnce"),
            new("ImpSystemRef", new ColumnSource(Template: "run {run}")),
            new("voucherType", ColumnSource.Text(settings.Voucher.VoucherType ?? StandardVoucherType, "voucher.voucherType")),
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

    /// <summary>A voucher type must exist in Xledger; Xledger's own examples have GL (facts S8).</summary>
    public const string StandardVoucherType = "GL";

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

    public static readonly Target Target = new("Xledger", Documented, ["InvoiceNo"], VouchersOnly: true)
    {
        DimensionRule = "must be posting1, Posting 2 (PRJ) or XGL, each for one dimension, unless the mapping has columns of its own that hold the dimension",
    };

    public static ColumnMapping Mapping(IntegrationSettings settings)
    {
        var columns = Columns(settings).ToList();
        if (settings.Format == "gl02b") columns.Insert(2, new Column("Entity", settings.Voucher.Entity is { } entity ? ColumnSource.Text(entity, "voucher.entity") : ColumnSource.Of("organisation")));
        // CRLF, header, yyyyMMdd, semicolon: S12; decimal point: S9. The encoding is documented nowhere.
        var standard = new ColumnMapping { DateFormat = "yyyyMMdd", Columns = columns };
        return settings.Mapping?.Over(standard) ?? standard;
    }

    public static IEnumerable<Problem> Check(IntegrationSettings settings)
    {
        if (settings.Format == "gl02" && settings.Voucher.Entity is { } entity)
            yield return new Problem("has no column in GL02; the format gl02b has one") { Field = "voucher.entity", Value = Problem.Printable(entity) };
        foreach (var problem in MappingCheck.Run(Mapping(settings), settings, Target)) yield return problem;
    }

    private static Column Fixed(string name, string value = "") => new(name, ColumnSource.Text(value));

    private static Column Of(string name, string field) => new(name, ColumnSource.Of(field));

    private static Column Dimension(IntegrationSettings settings, string target) =>
        settings.Dimensions.FirstOrDefault(dimension => dimension.Target == target) is { } dimension
            ? Of(target, FieldCatalogue.DimensionPrefix + dimension.Name)
            : Fixed(target);
}
