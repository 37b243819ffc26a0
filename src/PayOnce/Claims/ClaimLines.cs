using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PayOnce.Claims;

/// <summary>
/// The lines of a claim as canonical JSON: fixed property order, no white space, dimensions ordered by name, so that equal
/// content has equal bytes. <c>[{"date":"2026-01-05","category":"mileage","description":"…","amountMinor":63600,"quantity":120,"unit":"km","dimensions":{"department":"oslo"}}]</c>
/// </summary>
public static class ClaimLines
{
    private static readonly JsonWriterOptions Canonical = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes the lines as canonical JSON.</summary>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<ClaimLine> lines)
    {
        var buffer = new ArrayBufferWriter<byte>(160 * Math.Max(1, lines.Count));
        using var json = NewWriter(buffer);
        WriteTo(json, lines);
        return buffer.WrittenMemory;
    }

    /// <summary>A writer for <see cref="WriteTo"/>, which can be used again after a reset.</summary>
    internal static Utf8JsonWriter NewWriter(IBufferWriter<byte> buffer) => new(buffer, Canonical);

    internal static void WriteTo(Utf8JsonWriter json, IReadOnlyList<ClaimLine> lines)
    {
        Span<byte> date = stackalloc byte[10];
        json.WriteStartArray();
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            line.Date.TryFormat(date, out _, "O", CultureInfo.InvariantCulture);
            json.WriteStartObject();
            json.WriteString("date"u8, date);
            json.WriteString("category"u8, line.Category);
            json.WriteString("description"u8, line.Description);
            json.WriteNumber("amountMinor"u8, line.AmountMinor);
            if (line.Quantity is { } quantity) json.WriteNumber("quantity"u8, Normalised(quantity));
            if (line.Unit is { } unit) json.WriteString("unit"u8, unit);
            if (line.Dimensions.Count > 0)
            {
                json.WriteStartObject("dimensions"u8);
                foreach (var (name, value) in line.Dimensions) json.WriteString(name, value);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.Flush();
    }

    /// <summary>Reads what <see cref="Write"/> wrote. Other JSON is a fault of the store and throws.</summary>
    public static List<ClaimLine> Read(ReadOnlySpan<byte> lines)
    {
        var result = new List<ClaimLine>(4);
        var json = new Utf8JsonReader(lines);
        Expect(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType == JsonTokenType.StartObject) result.Add(ReadLine(ref json));
        return json.TokenType == JsonTokenType.EndArray ? result : throw Damaged();
    }

    /// <summary>SHA-256 over all of a claim's content, each part preceded by its length, so that no two contents share the input.</summary>
    public static ReadOnlyMemory<byte> PayloadHash(Claim claim, ReadOnlySpan<byte> lines)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        HashPayload(new ArrayBufferWriter<byte>(512 + lines.Length), claim, lines, hash);
        return hash;
    }

    /// <param name="input">Empty; room for what is hashed.</param>
    internal static void HashPayload(ArrayBufferWriter<byte> input, Claim claim, ReadOnlySpan<byte> lines, Span<byte> hash)
    {
        Part(input, claim.ClaimId);
        Part(input, claim.Claimant.Id);
        Part(input, claim.Claimant.Name);
        Part(input, claim.Type);
        Part(input, claim.Currency);
        Part(input, claim.ApprovedBy);
        BitConverter.TryWriteBytes(input.GetSpan(16), claim.ApprovedAt.UtcTicks);
        BitConverter.TryWriteBytes(input.GetSpan(16)[8..], claim.TotalMinor);
        input.Advance(16);
        input.Write(lines);
        SHA256.HashData(input.WrittenSpan, hash);
    }

    private static ClaimLine ReadLine(ref Utf8JsonReader json)
    {
        DateOnly date = default;
        string category = "", description = "";
        string? unit = null;
        long amount = 0;
        decimal? quantity = null;
        IReadOnlyList<Dimension> dimensions = [];
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("date"u8)) { json.Read(); date = DateOnly.ParseExact(json.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture); }
            else if (json.ValueTextEquals("category"u8)) { json.Read(); category = json.GetString()!; }
            else if (json.ValueTextEquals("description"u8)) { json.Read(); description = json.GetString()!; }
            else if (json.ValueTextEquals("amountMinor"u8)) { json.Read(); amount = json.GetInt64(); }
            else if (json.ValueTextEquals("quantity"u8)) { json.Read(); quantity = json.GetDecimal(); }
            else if (json.ValueTextEquals("unit"u8)) { json.Read(); unit = json.GetString(); }
            else if (json.ValueTextEquals("dimensions"u8)) { json.Read(); dimensions = ReadDimensions(ref json); }
            else throw Damaged();
        }
        return json.TokenType == JsonTokenType.EndObject ? new ClaimLine(date, category, description, amount, quantity, unit, dimensions) : throw Damaged();
    }

    private static List<Dimension> ReadDimensions(ref Utf8JsonReader json)
    {
        var result = new List<Dimension>(2);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            result.Add(new Dimension(name, json.GetString()!));
        }
        return result;
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType token)
    {
        if (!json.Read() || json.TokenType != token) throw Damaged();
    }

    // 1.50 and 1.5 are one quantity: the scale is not content.
    private static decimal Normalised(decimal value) => value / 1.0000000000000000000000000000m;

    private static void Part(ArrayBufferWriter<byte> input, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        BitConverter.TryWriteBytes(input.GetSpan(4), length);
        input.Advance(4);
        input.Advance(Encoding.UTF8.GetBytes(text, input.GetSpan(length)));
    }

    private static InvalidDataException Damaged() => new("The stored lines of a claim are not what PayOnce wrote.");
}
