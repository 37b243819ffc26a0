using System.Collections.Frozen;
using PayOnce.Exporters.Mapping;
using PayOnce.Exporters.Settings;

namespace PayOnce.Exporters.Dynamics;

/// <summary>
/// The general journal as a file, with the captions of table 81 "Gen. Journal Line": for a data exchange definition or an import
/// extension. Document Type is Invoice, which a file may say and the API may not: with a vendor it switches on the check that
/// refuses an External Document No. that was posted before (facts on Dynamics 1.6 and 3).
/// </summary>
internal static class Journal
{
    public const string StandardTemplate = "GENERAL";
    public const string StandardBatch = "PAYONCE";
    public const string DocumentNo = "Document No.";
    public const string ExternalDocumentNo = "External Document No.";
    public const string AccountNo = "Account No.";
    public const string Description = "Description";
    private const string FirstDimension = "Shortcut Dimension 1 Code";
    private const string SecondDimension = "Shortcut Dimension 2 Code";

    /// <summary>Lengths of table 81's fields, from its AL source (facts on Dynamics 1.3, 1.4 and 3).</summary>
    public static readonly FrozenDictionary<string, int> Documented = new Dictionary<string, int>
    {
        ["Journal Template Name"] = 10,
        ["Journal Batch Name"] = 10,
        [DocumentNo] = 20,
        [ExternalDocumentNo] = 35,
        [AccountNo] = 20,
        ["Bal. Account No."] = 20,
        [Description] = 100,
        ["Currency Code"] = 10,
        [FirstDimension] = 20,
        [SecondDimension] = 20,
        ["VAT Prod. Posting Group"] = 20,
        ["Payment Reference"] = 50,
        ["Message to Recipient"] = 140,
        ["Comment"] = 250,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly Target Target = new("Business Central", Documented, [ExternalDocumentNo], VouchersOnly: true)
    {
        DimensionRule = $"must be {FirstDimension} or {SecondDimension}, each for one dimension, unless the mapping has columns of its own that hold the dimension",
    };

    public static ColumnMapping Mapping(IntegrationSettings settings)
    {
        // What a person in Norway opens in Excel: semicolon, decimal comma, byte order mark. A data exchange definition is told all of it.
        var standard = new ColumnMapping
        {
            Encoding = FileEncoding.Utf8Bom,
            DecimalSign = DecimalSign.Comma,
            DateFormat = "dd.MM.yyyy",
            Columns = Columns(settings),
        };
        return settings.Mapping?.Over(standard) ?? standard;
    }

    public static IReadOnlyList<Problem> Check(IntegrationSettings settings) => MappingCheck.Run(Mapping(settings), settings, Target);

    private static List<Column> Columns(IntegrationSettings settings)
    {
        var supplier = settings.Accounts?.CreditTo != BalanceOn.Account;
        return
        [
            new("Journal Template Name", ColumnSource.Text(settings.Voucher.JournalTemplate ?? StandardTemplate, "voucher.journalTemplate")),
            new("Journal Batch Name", ColumnSource.Text(settings.Voucher.JournalBatch ?? StandardBatch, "voucher.journalBatch")),
            new("Posting Date", ColumnSource.Of("postingDate")),
            new("Document Type", ColumnSource.Text("Invoice")),
            new(DocumentNo, ColumnSource.Of(FieldCatalogue.ExportKey)),
            new(ExternalDocumentNo, ColumnSource.Of(FieldCatalogue.ExportKey)),
            new("Account Type", ColumnSource.Text("G/L Account")) { Balance = ColumnSource.Text(supplier ? "Vendor" : "G/L Account") },
            new(AccountNo, ColumnSource.Of("account")) { Required = true, Balance = supplier ? ColumnSource.Of("claimantId") : null },
            new(Description, ColumnSource.Line(settings.Texts)) { Balance = ColumnSource.Balance(settings.Texts), OnTooLong = TooLong.Cut },
            new("Amount", ColumnSource.Of("amount")),
            new("Currency Code", ColumnSource.Of("foreignCurrency")),
            Dimension(settings, FirstDimension),
            Dimension(settings, SecondDimension),
        ];
    }

    private static Column Dimension(IntegrationSettings settings, string target) =>
        settings.Dimensions.FirstOrDefault(dimension => dimension.Target == target) is { } dimension
            ? new(target, ColumnSource.Of(FieldCatalogue.DimensionPrefix + dimension.Name))
            : new(target, ColumnSource.Text(""));
}
