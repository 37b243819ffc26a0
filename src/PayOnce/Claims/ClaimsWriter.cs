using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PayOnce.Claims;

/// <summary>The ways in which a file can hold claims.</summary>
public enum ClaimsFormat
{
    /// <summary>One array, <c>.json</c>.</summary>
    Json,

    /// <summary>One object a line, <c>.jsonl</c>.</summary>
    JsonLines,

    /// <summary>One row for each line of a claim, <c>.csv</c>.</summary>
    Csv,
}

/// <summary>Writes claims as <see cref="ClaimsImport"/> reads them, streaming: the same claims give the same bytes.</summary>
public static class ClaimsWriter
{
    private const int FlushAt = 1 << 16;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The format that a file's extension stands for; null if none.</summary>
    public static ClaimsFormat? FormatOf(string fileName) => Path.GetExtension(fileName).ToLowerInvariant() switch
    {
        ".json" => ClaimsFormat.Json,
        ".jsonl" => ClaimsFormat.JsonLines,
        ".csv" => ClaimsFormat.Csv,
        _ => null,
    };

    /// <summary>Writes all claims.</summary>
    /// <param name="dimensions">The dimensions that CSV has columns for, which stand before the first row. JSON needs none.</param>
    /// <exception cref="ArgumentException">CSV: a claim has a dimension that is not among <paramref name="dimensions"/>.</exception>
    public static async Task WriteAsync(Stream output, ClaimsFormat format, IEnumerable<Claim> claims, IReadOnlyList<string> dimensions, CancellationToken cancel)
    {
        var buffer = new ArrayBufferWriter<byte>(FlushAt * 2);
        using var json = new Utf8JsonWriter(buffer, Plain);
        if (format == ClaimsFormat.Json) buffer.Write("["u8);
        if (format == ClaimsFormat.Csv) Row(buffer, [.. Intake.CsvClaimFields.Columns, .. dimensions.Select(name => "dim_" + name)]);
        var first = true;
        foreach (var claim in claims)
        {
            if (format == ClaimsFormat.Csv) WriteRows(buffer, claim, dimensions);
            else
            {
                if (format == ClaimsFormat.Json) buffer.Write(first ? "\n"u8 : ",\n"u8);
                WriteObject(json, claim);
                if (format == ClaimsFormat.JsonLines) buffer.Write("\n"u8);
            }
            first = false;
            if (buffer.WrittenCount < FlushAt) continue;
            await output.WriteAsync(buffer.WrittenMemory, cancel);
            buffer.ResetWrittenCount();
        }
        if (format == ClaimsFormat.Json) buffer.Write("\n]\n"u8);
        await output.WriteAsync(buffer.WrittenMemory, cancel);
        await output.FlushAsync(cancel);
    }

    /// <summary>Minor units as a decimal number with a point and two decimals.</summary>
    internal static string Amount(Int128 minor)
    {
        var size = Int128.Abs(minor);
        return string.Create(CultureInfo.InvariantCulture, $"{(minor < 0 ? "-" : "")}{size / 100}.{(int)(size % 100):00}");
    }

    private static void WriteObject(Utf8JsonWriter json, Claim claim)
    {
        json.WriteStartObject();
        json.WriteString("claimId"u8, claim.ClaimId);
        json.WriteStartObject("claimant"u8);
        json.WriteString("id"u8, claim.Claimant.Id);
        json.WriteString("name"u8, claim.Claimant.Name);
        json.WriteEndObject();
        json.WriteString("type"u8, claim.Type);
        json.WriteString("currency"u8, claim.Currency);
        json.WriteString("approvedAt"u8, Time(claim.ApprovedAt));
        json.WriteString("approvedBy"u8, claim.ApprovedBy);
        json.WriteNumber("totalMinor"u8, claim.TotalMinor);
        json.WritePropertyName("lines"u8);
        json.WriteRawValue(ClaimLines.Write(claim.Lines).Span, skipInputValidation: true);
        json.WriteEndObject();
        json.Flush();
        json.Reset();
    }

    private static void WriteRows(ArrayBufferWriter<byte> buffer, Claim claim, IReadOnlyList<string> dimensions)
    {
        foreach (var line in claim.Lines)
        {
            var unknown = line.Dimensions.FirstOrDefault(dimension => !dimensions.Contains(dimension.Name, StringComparer.Ordinal));
            if (unknown.Name is not null) throw new ArgumentException($"Claim {claim.ClaimId} has the dimension {unknown.Name}, which has no column.", nameof(dimensions));
            Row(buffer,
            [
                claim.ClaimId, claim.Claimant.Id, claim.Claimant.Name, claim.Type, claim.Currency, Time(claim.ApprovedAt), claim.ApprovedBy,
                line.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), line.Category, line.Description, Amount(line.AmountMinor),
                line.Quantity?.ToString(CultureInfo.InvariantCulture) ?? "", line.Unit ?? "",
                .. dimensions.Select(name => line.Dimensions.FirstOrDefault(dimension => dimension.Name == name).Value ?? ""),
            ]);
        }
    }

    private static void Row(ArrayBufferWriter<byte> buffer, IEnumerable<string> cells)
    {
        var first = true;
        foreach (var cell in cells)
        {
            if (!first) buffer.Write(","u8);
            first = false;
            var text = cell.AsSpan().IndexOfAny("\",;\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
            Encoding.UTF8.GetBytes(text, buffer);
        }
        buffer.Write("\n"u8);
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFK", CultureInfo.InvariantCulture);
}
