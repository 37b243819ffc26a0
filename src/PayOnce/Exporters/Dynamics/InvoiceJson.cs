using System.Collections.Frozen;
using PayOnce.Exporters.Mapping;

namespace PayOnce.Exporters.Dynamics;

/// <summary>
/// A claim as the body that creates a purchase invoice with its lines and their dimensions in one request (deep insert), so that a
/// draft is complete as soon as it exists. Business Central validates properties in the order they are sent. Where claimants may
/// become vendors, the body that creates the vendor follows on a line of its own.
/// </summary>
internal sealed class InvoiceJson : BatchRenderer
{
    // Lengths of the API's own metadata.
    public static readonly Target Target = new(
        "Business Central",
        new Dictionary<string, int>
        {
            ["vendorNumber"] = 20,
            ["vendorInvoiceNumber"] = 35,
            ["accountNumber"] = 20,
            ["description"] = 100,
            ["displayName"] = 100,
            ["code"] = 20,
            ["valueCode"] = 20,
        }.ToFrozenDictionary(StringComparer.Ordinal),
        [],
        VouchersOnly: true);

    public static readonly string[] Fields = ["vendorNumber", "vendorInvoiceNumber", "accountNumber", "description", "displayName", "code", "valueCode"];

    private readonly bool createsVendors;
    private readonly Source text;

    public InvoiceJson(RunFacts facts, bool createsVendors) : base(facts)
    {
        this.createsVendors = createsVendors;
        text = Source.Compile(ColumnSource.Line(facts.Settings.Texts), new ColumnMapping { Columns = [] }, facts, balance: false);
    }

    public override string FileExtension => "json";

    public override string ContentType => "application/json";

    public override ReadOnlyMemory<byte> Prologue => default;

    public override ReadOnlyMemory<byte> Separator => default;

    public override ReadOnlyMemory<byte> Epilogue => default;

    protected override ClaimWriter CreateWriter() => new Writer(this, new JsonRow(Target.LimitOf(Facts.Settings)));

    private sealed class Writer(InvoiceJson renderer, JsonRow row) : ClaimWriter
    {
        public override void Dispose() => row.Dispose();

        public override int RowsOf(RenderCursor cursor) => cursor.Lines.Count;

        public override bool Write(RenderCursor cursor, OutputBuffer output)
        {
            if (output.Length > 0) output.Append((byte)'\n');
            row.Json.Reset(output);
            WriteInvoice(cursor);
            row.Json.Flush();
            if (cursor.Problem is not null) return false;
            if (!renderer.createsVendors) return true;
            output.Append((byte)'\n');
            row.Json.Reset(output);
            row.Json.WriteStartObject();
            row.Text(cursor, "vendorNumber", "number", cursor.Utf8(cursor.Claim.Claim.ClaimantId, "claimantId"), cut: false);
            row.Text(cursor, "displayName", cursor.Utf8(cursor.Claim.Claim.ClaimantName, "claimantName"), cut: true);
            row.Json.WriteEndObject();
            row.Json.Flush();
            return cursor.Problem is null;
        }

        private void WriteInvoice(RenderCursor cursor)
        {
            var (json, claim) = (row.Json, cursor.Claim);
            json.WriteStartObject();
            row.Text(cursor, "vendorNumber", cursor.Utf8(claim.Claim.ClaimantId, "claimantId"));
            row.Text(cursor, "vendorInvoiceNumber", cursor.Utf8(claim.ExportKey, "exportKey"));
            row.Date("invoiceDate", cursor.PostingDate);
            row.Date("postingDate", cursor.PostingDate);
            if (cursor.DueDate is { } due) row.Date("dueDate", due);
            if (claim.Claim.Currency != renderer.Facts.Settings.LocalCurrency) json.WriteString("currencyCode", claim.Claim.Currency);
            // A claim's amounts are what was paid: whatever tax an account's posting group adds is within them.
            json.WriteBoolean("pricesIncludeTax", true);
            json.WriteStartArray("purchaseInvoiceLines");
            for (var i = 0; i < cursor.Lines.Count; i++)
            {
                cursor.MoveTo(i);
                WriteLine(cursor);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }

        private void WriteLine(RenderCursor cursor)
        {
            var json = row.Json;
            json.WriteStartObject();
            json.WriteString("lineType", "Account");
            row.Text(cursor, "accountNumber", "lineObjectNumber", cursor.Account(), cut: false);
            row.Text(cursor, "description", renderer.text.Read(cursor), cut: true);
            json.WritePropertyName("unitCost");
            json.WriteRawValue(row.Magnitude(cursor), skipInputValidation: true);
            // A deduction is a line of minus one: that is how a purchase document takes something off.
            json.WriteNumber("quantity", cursor.Amount < 0 ? -1 : 1);
            row.Dimensions(cursor, renderer.Facts);
            json.WriteEndObject();
        }
    }
}
