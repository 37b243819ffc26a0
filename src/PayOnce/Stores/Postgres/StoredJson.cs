using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

/// <summary>The small JSON documents that stand in columns.</summary>
internal static class StoredJson
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary><c>["A-1","A-2"]</c></summary>
    public static void WriteIds(IBufferWriter<byte> buffer, IReadOnlyList<ReservedClaim> claims)
    {
        using var json = new Utf8JsonWriter(buffer, Plain);
        json.WriteStartArray();
        foreach (var taken in claims) json.WriteStringValue(taken.Claim.ClaimId);
        json.WriteEndArray();
        json.Flush();
    }

    public static List<string> ReadIds(ReadOnlySpan<byte> utf8)
    {
        var ids = new List<string>();
        var json = new Utf8JsonReader(utf8);
        while (json.Read())
            if (json.TokenType == JsonTokenType.String) ids.Add(json.GetString()!);
        return ids;
    }

    /// <summary><c>[{"claimId":"A-1","reason":"…","field":"…","value":"…"}]</c>, the last two where they are known; null for none.</summary>
    public static string? WriteRejections(IReadOnlyList<ClaimRejection> rejections) => rejections.Count == 0 ? null : Write(json =>
    {
        json.WriteStartArray();
        foreach (var (claimId, problem) in rejections)
        {
            json.WriteStartObject();
            json.WriteString("claimId"u8, claimId);
            json.WriteString("reason"u8, problem.Rule);
            if (problem.Field is { } field) json.WriteString("field"u8, field);
            if (problem.Value is { } value) json.WriteString("value"u8, value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    public static List<ClaimRejection> ReadRejections(string text)
    {
        using var json = JsonDocument.Parse(text);
        var rejections = new List<ClaimRejection>();
        foreach (var each in json.RootElement.EnumerateArray())
        {
            var claimId = each.GetProperty("claimId").GetString()!;
            rejections.Add(new ClaimRejection(claimId, new Problem(each.GetProperty("reason").GetString()!)
            {
                ClaimId = claimId,
                Field = each.TryGetProperty("field", out var field) ? field.GetString() : null,
                Value = each.TryGetProperty("value", out var value) ? value.GetString() : null,
            }));
        }
        return rejections;
    }

    /// <summary>The problem as the mark keeps it: the claim's id stands beside it already.</summary>
    public static string Reason(ClaimRejection rejection) => (rejection.Problem with { ClaimId = null }).ToString();

    /// <summary>Sums per currency: <c>{"EUR":100,"NOK":63600}</c>.</summary>
    public static string WriteTotals(IReadOnlyList<ControlTotal> totals) => Write(json =>
    {
        json.WriteStartObject();
        foreach (var total in totals) json.WriteNumber(total.Currency, total.AmountMinor);
        json.WriteEndObject();
    });

    public static List<ControlTotal> ReadTotals(ReadOnlyMemory<byte> utf8)
    {
        using var json = JsonDocument.Parse(utf8);
        var totals = new List<ControlTotal>(1);
        foreach (var total in json.RootElement.EnumerateObject()) totals.Add(new ControlTotal(total.Name, total.Value.GetInt64()));
        return totals;
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Plain);
        write(json);
        json.Flush();
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
