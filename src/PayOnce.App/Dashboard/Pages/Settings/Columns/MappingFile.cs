using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PayOnce.Exporters;

namespace PayOnce.App.Dashboard.Pages.Settings.Columns;

/// <summary>
/// A mapping as a file that one organisation gives another: system, format, accounts, dimensions, limits and columns, in the words of
/// an integration file. Addresses, folders, voucher texts and switches are the organisation's own and stay behind.
/// </summary>
internal static class MappingFile
{
    /// <summary>Bytes; hundreds of columns with thousands of look-ups.</summary>
    public const int Largest = 500_000;

    private static readonly string[] Parts = ["exporter", "format", "accounts", "dimensions", "limits", "mapping"];

    private static readonly JsonWriterOptions Relaxed = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(IntegrationSettings settings)
    {
        using var whole = JsonDocument.Parse(settings.ToJson());
        return Write(whole.RootElement.EnumerateObject().Where(field => Parts.Contains(field.Name, StringComparer.Ordinal)), Relaxed);
    }

    /// <summary>The settings that a file makes of those there are. What their exporter finds wrong is shown in the form; only what is no mapping at all is refused here.</summary>
    /// <param name="rest">What the file does not say; its own accounts, dimensions, limits and mapping are replaced.</param>
    public static (IntegrationSettings? Settings, IReadOnlyList<Problem> Problems) Read(string name, ReadOnlyMemory<byte> file, IntegrationSettings rest)
    {
        try
        {
            var text = file.Span.StartsWith("\uFEFF"u8) ? file[3..] : file;
            using var given = JsonDocument.Parse(text);
            if (given.RootElement.ValueKind != JsonValueKind.Object) return (null, [new Problem("must be a JSON object in braces") { File = name }]);
            var fields = given.RootElement.EnumerateObject().ToList();
            IReadOnlyList<Problem> unknown = [.. fields.Where(field => !Parts.Contains(field.Name, StringComparer.Ordinal)).Select(field => new Problem($"is unknown; known here are {string.Join(", ", Parts)}") { File = name, Field = Problem.Printable(field.Name) })];
            if (unknown.Count > 0) return (null, unknown);
            using var bare = JsonDocument.Parse((rest with { Accounts = null, Dimensions = [], Limits = [], Mapping = null }).ToJson());
            var kept = bare.RootElement.EnumerateObject().Where(field => fields.TrueForAll(each => each.Name != field.Name));
            return IntegrationSettings.ParseForm(name, Write(kept.Concat(fields), default).Span);
        }
        catch (JsonException fault)
        {
            return (null, [new Problem("is not JSON") { File = name, Line = fault.LineNumber + 1 }]);
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json looks at escapes only when a text is read out.
            return (null, [new Problem("has a text that is not Unicode (half a surrogate pair or invalid UTF-8)") { File = name }]);
        }
    }

    private static ReadOnlyMemory<byte> Write(IEnumerable<JsonProperty> fields, JsonWriterOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(buffer, options);
        json.WriteStartObject();
        foreach (var field in fields) field.WriteTo(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
