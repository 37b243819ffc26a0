using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PayOnce.Audit;
using PayOnce.Stores;

namespace PayOnce.Runs;

/// <summary>
/// The JSON document that goes with each file. It carries the head of the audit chain, so that a trail rewritten afterwards
/// disagrees with what already left the house.
/// </summary>
public static class Manifest
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n" };

    public static ReadOnlyMemory<byte> Write(string organisationId, Run run, FileDraft file, int batches, DateTimeOffset at, AuditHead head)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, Readable);
        json.WriteStartObject();
        json.WriteString("manifest", "payonce/1");
        json.WriteString("organisation", organisationId);
        json.WriteNumber("run", run.RunId);
        json.WriteString("trigger", run.Trigger.Text());
        json.WriteString("exporter", run.Exporter);
        json.WriteString("format", run.Format);
        json.WriteNumber("integrationVersion", run.IntegrationVersion);
        json.WriteString("file", file.Name);
        json.WriteString("sha256", file.Sha256);
        json.WriteNumber("bytes", file.Bytes);
        json.WriteNumber("batches", batches);
        json.WriteNumber("claims", file.Claims);
        json.WriteNumber("lines", file.Lines);
        json.WriteStartObject("controlTotals");
        foreach (var total in file.ControlTotals) json.WriteNumber(total.Currency, total.AmountMinor);
        json.WriteEndObject();
        json.WriteString("createdAt", at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteStartObject("auditHead");
        json.WriteNumber("sequence", head.Sequence);
        json.WriteString("hash", head.Hash);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    /// <summary>The head of the audit chain that a manifest carries.</summary>
    public static AuditHead ReadHead(ReadOnlyMemory<byte> manifest)
    {
        using var json = JsonDocument.Parse(manifest);
        var head = json.RootElement.GetProperty("auditHead");
        return new AuditHead(head.GetProperty("sequence").GetInt64(), head.GetProperty("hash").GetString()!);
    }
}
