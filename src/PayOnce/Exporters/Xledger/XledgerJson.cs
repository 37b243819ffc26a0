using System.Globalization;
using System.Text.Json;
using PayOnce.Exporters.Api;

namespace PayOnce.Exporters.Xledger;

/// <summary>Values of answers, which may be of any shape: what is not as expected is null.</summary>
internal static class XledgerJson
{
    private const int LongestId = 40;

    /// <summary>An id, which is a number in some answers and a text in others.</summary>
    public static string? Id(JsonElement of, string name)
    {
        if (of.ValueKind != JsonValueKind.Object || !of.TryGetProperty(name, out var value)) return null;
        var text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            _ => AnswerJson.Text(value) ?? "",
        };
        return text.Length is > 0 and <= LongestId && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? text : null;
    }

    /// <summary>A whole number, also as text.</summary>
    public static long? Number(JsonElement of, string name) =>
        long.TryParse(Id(of, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A decimal amount in minor units; null if it has more than two decimals or is none.</summary>
    public static long? Amount(JsonElement of, string name)
    {
        if (!decimal.TryParse(Id(of, name), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)) return null;
        return Math.Abs(amount) < 10_000_000_000_000m && decimal.Truncate(amount * 100) == amount * 100 ? (long)(amount * 100) : null;
    }

    /// <summary>An object within an object.</summary>
    public static JsonElement? Object(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    /// <summary>A text as a GraphQL literal, whose escapes are those of JSON.</summary>
    public static string Literal(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    public static string Literals(IEnumerable<string> texts) => $"[{string.Join(',', texts.Select(Literal))}]";
}
