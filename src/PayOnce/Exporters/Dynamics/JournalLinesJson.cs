using System.Collections.Frozen;
using PayOnce.Exporters.Mapping;

namespace PayOnce.Exporters.Dynamics;

/// <summary>
/// The same rows under the property names of the API's journalLines (facts on Dynamics 1.4), as <c>{"journalLines":[…]}</c>.
/// Business Central validates properties in the order they are sent, so the account's type stands before its number. The API has
/// no document type and no currency: it books in the company's own currency, and its vendor check for doubles is off.
/// </summary>
internal sealed class JournalLinesJson : VoucherJsonRenderer
{
    // Lengths of the API's own metadata (facts on Dynamics 1.4 and 1.5).
    private static readonly Target Target = new(
        "Business Central",
        new Dictionary<string, int>
        {
            ["accountNumber"] = 20,
            ["documentNumber"] = 20,
            ["externalDocumentNumber"] = 35,
            ["description"] = 100,
            ["code"] = 20,
            ["valueCode"] = 20,
        }.ToFrozenDictionary(StringComparer.Ordinal),
        [],
        VouchersOnly: true);

    private static readonly string[] Fields = ["accountNumber", "documentNumber", "externalDocumentNumber", "description", "code", "valueCode"];

    private readonly Source lineText;
    private readonly Source balanceText;

    public JournalLinesJson(RunFacts facts) : base(facts, "journalLines", Target) =>
        (lineText, balanceText) = (Compile(facts.Settings.Texts.Line, facts), Compile(facts.Settings.Texts.Balance, facts));

    public static IEnumerable<Problem> Check(IntegrationSettings settings) =>
    [
        .. SettingsCheck.LocalCurrencyOnly(settings, "the API's journal lines have no currency"),
        .. VoucherJsonCheck.Run(settings, Target, Fields, dimension => dimension.Target.Length <= 20 ? null : "must be a dimension code of at most 20 characters"),
    ];

    protected override void WriteRow(RenderCursor cursor, JsonRow row)
    {
        var json = row.Json;
        var vendor = cursor.IsBalance && Facts.CreditsSupplier;
        json.WriteStartObject();
        json.WriteString("accountType", vendor ? "Vendor" : "G/L Account");
        row.Text(cursor, "accountNumber", vendor ? cursor.Utf8(cursor.Claim.Claim.ClaimantId, "claimantId") : cursor.Account());
        row.Date("postingDate", cursor.PostingDate);
        row.Text(cursor, "documentNumber", cursor.Utf8(cursor.Claim.ExportKey, "exportKey"));
        row.Text(cursor, "externalDocumentNumber", cursor.Utf8(cursor.Claim.ExportKey, "exportKey"));
        json.WritePropertyName("amount");
        json.WriteRawValue(row.Amount(cursor), skipInputValidation: true);
        row.Text(cursor, "description", (cursor.IsBalance ? balanceText : lineText).Read(cursor), cut: true);
        WriteDimensions(cursor, row);
        json.WriteEndObject();
    }

    private void WriteDimensions(RenderCursor cursor, JsonRow row)
    {
        var open = false;
        foreach (var dimension in Facts.Settings.Dimensions)
        {
            var value = cursor.Dimension(Facts.Dimensions[dimension.Name]);
            if (value.IsEmpty) continue;
            if (!open) row.Json.WriteStartArray("dimensionSetLines");
            open = true;
            row.Json.WriteStartObject();
            row.Json.WriteString("code", dimension.Target);
            row.Text(cursor, "valueCode", value);
            row.Json.WriteEndObject();
        }
        if (open) row.Json.WriteEndArray();
    }
}
