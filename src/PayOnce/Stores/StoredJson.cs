using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PayOnce.Runs;

namespace PayOnce.Stores;

/// <summary>The small JSON documents that stand in columns. Read back by the stores alone; other JSON in them is damage and throws.</summary>
internal static class StoredJson
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Sums per currency: <c>{"EUR":100,"NOK":63600}</c>.</summary>
    public static ReadOnlyMemory<byte> Totals(IReadOnlyList<ControlTotal> totals) => Write(64, json =>
    {
        json.WriteStartObject();
        foreach (var total in totals) json.WriteNumber(total.Currency, total.AmountMinor);
        json.WriteEndObject();
    });

    public static List<ControlTotal> ReadTotals(ReadOnlySpan<byte> text)
    {
        var result = new List<ControlTotal>(1);
        var json = new Utf8JsonReader(text);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var currency = json.GetString()!;
            json.Read();
            result.Add(new ControlTotal(currency, json.GetInt64()));
        }
        return result;
    }

    /// <summary>The claims of a batch: <c>["A-1","A-2"]</c>.</summary>
    /// <param name="buffer">Emptied first; holds what is returned, until it is used again.</param>
    public static ReadOnlyMemory<byte> ClaimIds(IReadOnlyList<ReservedClaim> claims, ArrayBufferWriter<byte> buffer)
    {
        buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(buffer, Plain);
        json.WriteStartArray();
        foreach (var claim in claims) json.WriteStringValue(claim.Claim.ClaimId);
        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenMemory;
    }

    public static List<string> ReadClaimIds(ReadOnlySpan<byte> text)
    {
        var result = new List<string>();
        var json = new Utf8JsonReader(text);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.String) result.Add(json.GetString()!);
        return result;
    }

    /// <summary>The claims that could not be rendered: <c>[{"claimId":"A-1","reason":"…","field":"…","value":"…"}]</c>, the last two where they are known.</summary>
    public static ReadOnlyMemory<byte> Rejections(IReadOnlyList<ClaimRejection> rejections) => Write(120 * rejections.Count, json =>
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

    public static List<ClaimRejection> ReadRejections(ReadOnlySpan<byte> text)
    {
        var result = new List<ClaimRejection>();
        var json = new Utf8JsonReader(text);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            string claimId = "", reason = "";
            string? field = null, value = null;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("claimId"u8)) { json.Read(); claimId = json.GetString()!; }
                else if (json.ValueTextEquals("reason"u8)) { json.Read(); reason = json.GetString()!; }
                else if (json.ValueTextEquals("field"u8)) { json.Read(); field = json.GetString(); }
                else if (json.ValueTextEquals("value"u8)) { json.Read(); value = json.GetString(); }
            }
            result.Add(new ClaimRejection(claimId, new Problem(reason) { ClaimId = claimId, Field = field, Value = value }));
        }
        return result;
    }

    /// <summary>The problem as a mark keeps it: the claim's id stands beside it already.</summary>
    public static string Reason(Problem problem) => (problem with { ClaimId = null }).ToString();

    private static ReadOnlyMemory<byte> Write(int size, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(Math.Max(16, size));
        using var json = new Utf8JsonWriter(buffer, Plain);
        write(json);
        json.Flush();
        return buffer.WrittenMemory;
    }
}
