using System.Collections.Frozen;
using PayOnce.Exporters.Mapping;

namespace PayOnce.Exporters.Xledger;

/// <summary>
/// The variables of Xledger's mutation <c>addGLImportItems</c>: <c>{"inputs":[{"clientId":…,"node":{…}},…]}</c> (facts on Xledger
/// 1.3). Rows of one claim share <c>trRegNumber</c>; whoever sends them keeps them in one mutation, which takes 500 nodes.
/// </summary>
internal sealed class ImportItemsJson : VoucherJsonRenderer
{
    /// <summary>As in GL02, where VoucherNo has eight digits (facts S9).</summary>
    private const long HighestVoucher = 99_999_999;

    // The API documents no lengths. 250 for the text is ours: it is only a courtesy, and cut.
    public static readonly Target Target = new("Xledger", new Dictionary<string, int> { ["text"] = 250 }.ToFrozenDictionary(StringComparer.Ordinal), [], VouchersOnly: true);

    /// <summary>Fields of a node that hold a dimension; which of them means what is each customer's own.</summary>
    private static readonly string[] Dimensions = ["glObject1", "glObject2", "glObject3", "glObject4", "glObject5", "xgl", "project", "product"];

    private static readonly string[] Fields = ["transactionSource", "invoiceNumber", "extIdentifier", "account", "subledger", "text", "currency", "owner", .. Dimensions];

    private readonly Source lineKey;
    private readonly Source lineText;
    private readonly Source balanceText;

    public ImportItemsJson(RunFacts facts) : base(facts, "{\"inputs\":[\n", Target)
    {
        lineKey = Compile(new ColumnSource(Template: "{exportKey}-{lineNumber}"), facts, balance: false);
        lineText = Compile(ColumnSource.Line(facts.Settings.Texts), facts, balance: false);
        balanceText = Compile(ColumnSource.Balance(facts.Settings.Texts), facts, balance: true);
    }

    public static IEnumerable<Problem> Check(IntegrationSettings settings) => VoucherJsonCheck.Run(
        settings,
        Target,
        Fields,
        dimension => Dimensions.Contains(dimension.Target, StringComparer.Ordinal) ? null : $"must be one of {string.Join(", ", Dimensions)}");

    protected override void WriteRow(RenderCursor cursor, JsonRow row)
    {
        var (json, settings) = (row.Json, Facts.Settings);
        if (cursor.Voucher > HighestVoucher) cursor.Reject("trRegNumber", cursor.Voucher.ToString(System.Globalization.CultureInfo.InvariantCulture), "has more than eight digits");
        json.WriteStartObject();
        json.WriteString("clientId", lineKey.Read(cursor));
        json.WriteStartObject("node");
        row.Code(cursor, "transactionSource", cursor.Utf8(settings.Voucher.VoucherType ?? Gl02.StandardVoucherType, "voucher.voucherType"));
        if ((settings.Api?.Xledger?.Owner ?? settings.Voucher.Entity) is { } entity) row.Code(cursor, "owner", cursor.Utf8(entity, "voucher.entity"));
        if (settings.Api?.Xledger?.ImportDefinition is { } definition) row.Code(cursor, "importDefinition", cursor.Utf8(definition, "api.xledger.importDefinition"));
        if (settings.Api?.Xledger?.JobLevel is { } level)
        {
            json.WriteStartObject("jobLevel");
            json.WriteNumber("dbSubId", level);
            json.WriteEndObject();
        }
        json.WriteNumber("trRegNumber", cursor.Voucher);
        json.WriteNumber("trItemNumber", cursor.Row + 1);
        row.Date("postedDate", cursor.PostingDate);
        row.Date("invoiceDate", cursor.PostingDate);
        if (cursor.DueDate is { } due) row.Date("dueDate", due);
        row.Text(cursor, "invoiceNumber", cursor.Utf8(cursor.Claim.ExportKey, "exportKey"));
        row.Text(cursor, "extIdentifier", cursor.Utf8(cursor.Claim.ExportKey, "exportKey"));
        row.Code(cursor, "account", cursor.Account());
        if (cursor.IsBalance && Facts.CreditsSupplier) row.Code(cursor, "subledger", cursor.Utf8(cursor.Claim.Claim.ClaimantId, "claimantId"));
        foreach (var dimension in settings.Dimensions) row.Code(cursor, dimension.Target, cursor.Dimension(Facts.Dimensions[dimension.Name]));
        row.Text(cursor, "text", (cursor.IsBalance ? balanceText : lineText).Read(cursor), cut: true);
        // Amounts are decimal strings in Xledger's own examples (facts S8).
        json.WriteString("amount", row.Amount(cursor));
        json.WriteString("invoiceAmount", row.Amount(cursor));
        row.Code(cursor, "currency", cursor.Utf8(cursor.Claim.Claim.Currency, "currency"));
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
