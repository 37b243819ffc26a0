using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PayOnce.Tests.Support;

/// <summary>The part of JSON Schema that our contract is written in. A word of a schema that it does not know fails, since it would check nothing.</summary>
internal sealed class JsonSchema(JsonNode document)
{
    private static readonly string[] Words = ["$ref", "type", "const", "enum", "required", "properties", "additionalProperties", "items", "minItems", "maxItems", "minLength", "maxLength", "minimum", "pattern", "format", "anyOf", "description"];

    /// <summary>What is wrong with a value, each with its place; empty if nothing is.</summary>
    public IReadOnlyList<string> Check(JsonNode schema, JsonNode? value, string place = "$")
    {
        if (schema.AsObject().Select(p => p.Key).Except(Words).FirstOrDefault() is { } unknown) throw new NotSupportedException($"{unknown} is not known here.");
        if (schema["$ref"] is { } reference) return Check(Resolve(reference.GetValue<string>()), value, place);
        if (schema["anyOf"] is { } any) return any.AsArray().Any(one => Check(one!, value, place).Count == 0) ? [] : [$"{place}: none of its forms"];
        var problems = new List<string>();
        if (schema["type"] is { } type && !Types(type).Contains(TypeOf(value, Types(type)))) return [$"{place}: {TypeOf(value, [])} instead of {type.ToJsonString()}"];
        if (schema["const"] is { } only && !JsonNode.DeepEquals(only, value)) problems.Add($"{place}: not {only.ToJsonString()}");
        if (schema["enum"] is { } words && !words.AsArray().Any(word => JsonNode.DeepEquals(word, value))) problems.Add($"{place}: not one of {words.ToJsonString()}");
        switch (value)
        {
            case JsonObject properties:
                CheckObject(schema, properties, place, problems);
                break;
            case JsonArray list:
                if (Outside(schema, "minItems", "maxItems", list.Count)) problems.Add($"{place}: {list.Count} items");
                if (schema["items"] is { } item) problems.AddRange(list.SelectMany((one, i) => Check(item, one, $"{place}[{i}]")));
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String:
                CheckText(schema, scalar.GetValue<string>(), place, problems);
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.Number:
                if (schema["minimum"] is { } least && decimal.Parse(scalar.ToJsonString(), CultureInfo.InvariantCulture) < least.GetValue<long>()) problems.Add($"{place}: below {least}");
                break;
        }
        return problems;
    }

    public JsonNode Resolve(string reference)
    {
        var node = document;
        foreach (var part in reference[2..].Split('/')) node = node[part] ?? throw new InvalidOperationException($"{reference} leads nowhere.");
        return node;
    }

    private void CheckObject(JsonNode schema, JsonObject value, string place, List<string> problems)
    {
        foreach (var name in schema["required"]?.AsArray() ?? [])
        {
            if (!value.ContainsKey(name!.GetValue<string>())) problems.Add($"{place}.{name}: missing");
        }
        var known = schema["properties"]?.AsObject();
        foreach (var (name, one) in value)
        {
            if (known?[name] is { } property) problems.AddRange(Check(property, one, $"{place}.{name}"));
            else if (schema["additionalProperties"] is JsonObject others) problems.AddRange(Check(others, one, $"{place}.{name}"));
            else if (schema["additionalProperties"] is JsonValue) problems.Add($"{place}.{name}: not in the contract");
        }
    }

    private static void CheckText(JsonNode schema, string text, string place, List<string> problems)
    {
        if (Outside(schema, "minLength", "maxLength", text.Length)) problems.Add($"{place}: {text.Length} characters");
        if (schema["pattern"] is { } pattern && !Regex.IsMatch(text, pattern.GetValue<string>())) problems.Add($"{place}: \"{text}\" is not like {pattern}");
        var isDate = schema["format"]?.GetValue<string>() switch
        {
            "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "date-time" => text.EndsWith('Z') && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            null => true,
            var other => throw new NotSupportedException($"The format {other} is not known here."),
        };
        if (!isDate) problems.Add($"{place}: \"{text}\" is no {schema["format"]}");
    }

    private static bool Outside(JsonNode schema, string least, string most, int size) =>
        size < (schema[least]?.GetValue<long>() ?? 0) || size > (schema[most]?.GetValue<long>() ?? long.MaxValue);

    private static string[] Types(JsonNode type) => type is JsonArray several ? [.. several.Select(one => one!.GetValue<string>())] : [type.GetValue<string>()];

    private static string TypeOf(JsonNode? value, string[] asked) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number when asked.Contains("number") => "number",
        JsonValueKind.Number => value.ToJsonString().All(c => char.IsAsciiDigit(c) || c == '-') ? "integer" : "number",
        _ => "boolean",
    };
}
