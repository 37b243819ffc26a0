using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PayOnce.Exporters.Mapping;

namespace PayOnce.Exporters.Generic;

/// <summary>
/// The generic JSON: claims with their lines, amounts in minor units. <c>{"organisation":…,"run":…,"claims":[{"claimId":…,"exportKey":…,"lines":[…]},…]}</c>,
/// one claim a line of text.
/// </summary>
internal sealed class ClaimsJson(RunFacts facts) : BatchRenderer(facts)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public override string FileExtension => "json";

    public override string ContentType => "application/json";

    public override ReadOnlyMemory<byte> Prologue { get; } = Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"organisation\":\"{facts.Context.Organisation.OrganisationId}\",\"run\":{facts.Context.RunId},\"claims\":[\n"));

    public override ReadOnlyMemory<byte> Separator { get; } = ",\n"u8.ToArray();

    public override ReadOnlyMemory<byte> Epilogue { get; } = "\n]}\n"u8.ToArray();

    protected override ClaimWriter CreateWriter() => new Writer(Facts);

    private sealed class Writer(RunFacts facts) : ClaimWriter
    {
        private readonly Utf8JsonWriter json = new(Stream.Null, Options);

        public override void Dispose() => json.Dispose();

        public override int RowsOf(RenderCursor cursor) => cursor.Lines.Count;

        public override bool Write(RenderCursor cursor, OutputBuffer output)
        {
            json.Reset(output);
            var claim = cursor.Claim.Claim;
            json.WriteStartObject();
            json.WriteString("claimId"u8, cursor.Utf8(claim.ClaimId, "claimId"));
            json.WriteString("exportKey"u8, cursor.Claim.ExportKey);
            json.WriteNumber("generation"u8, cursor.Claim.Generation);
            json.WriteStartObject("claimant"u8);
            json.WriteString("id"u8, cursor.Utf8(claim.ClaimantId, "claimantId"));
            json.WriteString("name"u8, cursor.Utf8(claim.ClaimantName, "claimantName"));
            json.WriteEndObject();
            json.WriteString("type"u8, cursor.Utf8(claim.Type, "type"));
            json.WriteString("currency"u8, claim.Currency);
            json.WriteNumber("totalMinor"u8, claim.TotalMinor);
            json.WriteString("approvedAt"u8, claim.ApprovedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture));
            json.WriteString("approvedBy"u8, cursor.Utf8(claim.ApprovedBy, "approvedBy"));
            json.WriteStartArray("lines"u8);
            for (var row = 0; row < cursor.Lines.Count; row++)
            {
                cursor.MoveTo(row);
                WriteLine(cursor);
            }
            json.WriteEndArray();
            json.WriteEndObject();
            json.Flush();
            return cursor.Problem is null;
        }

        private void WriteLine(RenderCursor cursor)
        {
            ref readonly var line = ref cursor.Line;
            json.WriteStartObject();
            json.WriteString("date"u8, cursor.Lines.Text(line.Date));
            json.WriteString("category"u8, cursor.Lines.Text(line.Category));
            json.WriteString("description"u8, cursor.Lines.Text(line.Description));
            json.WriteNumber("amountMinor"u8, line.AmountMinor);
            if (line.Quantity.Length > 0)
            {
                json.WritePropertyName("quantity"u8);
                json.WriteRawValue(cursor.Lines.Text(line.Quantity), skipInputValidation: true);
            }
            if (line.Unit.Length > 0) json.WriteString("unit"u8, cursor.Lines.Text(line.Unit));
            if (facts.HasAccounts) json.WriteString("account"u8, cursor.Account());
            if (facts.Dimensions.Count == 0) WriteAllDimensions(cursor, line);
            else WriteNamedDimensions(cursor);
            json.WriteEndObject();
        }

        // Nothing was said about dimensions: the receiver gets them as the claim has them.
        private void WriteAllDimensions(RenderCursor cursor, in LineView line)
        {
            if (line.Dimensions == 0) return;
            json.WriteStartObject("dimensions"u8);
            for (var i = 0; i < line.Dimensions; i++)
            {
                var (name, value) = cursor.Lines.Dimension(line, i);
                json.WriteString(cursor.Lines.Text(name), cursor.Lines.Text(value));
            }
            json.WriteEndObject();
        }

        private void WriteNamedDimensions(RenderCursor cursor)
        {
            var open = false;
            foreach (var dimension in facts.Settings.Dimensions)
            {
                var value = cursor.Dimension(facts.Dimensions[dimension.Name]);
                if (value.IsEmpty) continue;
                if (!open) json.WriteStartObject("dimensions"u8);
                open = true;
                json.WriteString(dimension.Target, value);
            }
            if (open) json.WriteEndObject();
        }
    }
}
