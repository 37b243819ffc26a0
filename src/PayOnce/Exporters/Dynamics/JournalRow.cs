using PayOnce.Exporters.Mapping;

namespace PayOnce.Exporters.Dynamics;

/// <summary>One line of a general journal under the API's names: the same in a file and in a request.</summary>
internal sealed class JournalRow(RunFacts facts, Source lineText, Source balanceText)
{
    /// <summary>"Line No." grows in such steps wherever Business Central numbers lines itself.</summary>
    public const int Step = 10_000;

    /// <param name="numbered">Whether the line says its own number: with it the table's primary key refuses the line a second time.</param>
    public void Write(RenderCursor cursor, JsonRow row, bool numbered)
    {
        var json = row.Json;
        var vendor = cursor.IsBalance && facts.CreditsSupplier;
        json.WriteStartObject();
        if (numbered) json.WriteNumber("lineNumber", Step * (cursor.Row + 1));
        json.WriteString("accountType", vendor ? "Vendor" : "G/L Account");
        row.Text(cursor, "accountNumber", vendor ? cursor.Utf8(cursor.Claim.Claim.ClaimantId, "claimantId") : cursor.Account());
        row.Date("postingDate", cursor.PostingDate);
        row.Text(cursor, "documentNumber", cursor.Utf8(cursor.Claim.ExportKey, "exportKey"));
        row.Text(cursor, "externalDocumentNumber", cursor.Utf8(cursor.Claim.ExportKey, "exportKey"));
        json.WritePropertyName("amount");
        json.WriteRawValue(row.Amount(cursor), skipInputValidation: true);
        row.Text(cursor, "description", (cursor.IsBalance ? balanceText : lineText).Read(cursor), cut: true);
        row.Dimensions(cursor, facts);
        json.WriteEndObject();
    }
}
