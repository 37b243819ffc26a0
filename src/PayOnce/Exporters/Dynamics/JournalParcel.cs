using System.Buffers;
using System.Text.Json;

namespace PayOnce.Exporters.Dynamics;

/// <summary>What was frozen for a claim, taken apart: the batch's code, and each line's body to the byte.</summary>
internal sealed record JournalParcel(string Code, string DisplayName, IReadOnlyList<JsonElement> Lines)
{
    public static JournalParcel Read(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        var root = document.RootElement.Clone();
        return new JournalParcel(root.GetProperty("code").GetString()!, root.GetProperty("displayName").GetString()!, [.. root.GetProperty("journalLines").EnumerateArray()]);
    }

    /// <summary>The body that creates the empty batch.</summary>
    public ReadOnlyMemory<byte> Journal()
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("code", Code);
        json.WriteString("displayName", DisplayName);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>The body of the <c>$batch</c> that writes every line.</summary>
    /// <param name="address">Of the batch's lines.</param>
    public ReadOnlyMemory<byte> Batch(string address)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartArray("requests");
        for (var i = 0; i < Lines.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("id", (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
            json.WriteString("method", "POST");
            json.WriteString("url", address);
            json.WriteStartObject("headers");
            json.WriteString("Content-Type", "application/json");
            json.WriteEndObject();
            json.WritePropertyName("body");
            json.WriteRawValue(Lines[i].GetRawText(), skipInputValidation: true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>Whether the lines read are those sent: number, document and amount of each, and no other.</summary>
    public bool IsWrittenAs(IReadOnlyList<JournalLineRow> read) =>
        read.Count == Lines.Count && Lines.Select(line => JournalLineRow.Read(line)!).Order(JournalLineRow.ByNumber).SequenceEqual(read.Order(JournalLineRow.ByNumber));
}
