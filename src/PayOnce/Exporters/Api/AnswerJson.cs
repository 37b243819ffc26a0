using System.Text.Json;
using System.Text.Unicode;

namespace PayOnce.Exporters.Api;

/// <summary>The JSON of an answer, which another system wrote: it is read as a whole or not at all, so that whoever looks into it meets no surprise.</summary>
internal static class AnswerJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>Null if it is not JSON, has a name twice, is nested too deeply, or holds a text that is not Unicode.</summary>
    public static JsonElement? Read(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span)) return null;
        try
        {
            ReadTexts(body.Span);
            using var document = JsonDocument.Parse(body, Strict);
            return document.RootElement.Clone();
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A property's text; null if it is missing or no text.</summary>
    public static string? Text(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) ? Text(value) : null;

    /// <summary>Null if the value is no text.</summary>
    public static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A property's whole number; null if it is missing, none, or does not fit.</summary>
    public static int? Number(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    // Half a surrogate pair is found out only when a text is read out.
    private static void ReadTexts(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Strict.MaxDepth });
        while (json.Read())
        {
            if (json.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && json.ValueIsEscaped) _ = json.GetString();
        }
    }
}
