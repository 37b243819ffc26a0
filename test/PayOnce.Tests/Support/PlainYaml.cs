using System.Globalization;
using System.Text.Json.Nodes;

namespace PayOnce.Tests.Support;

/// <summary>
/// Reads the plain part of YAML that our contract is written in: mappings and lists by indentation, <c>[a, b]</c>, plain and double-quoted
/// scalars. Anything else fails, so that nothing is read as what it is not.
/// </summary>
internal sealed class PlainYaml
{
    private readonly List<(int Indent, string Text)> lines;
    private int at;

    private PlainYaml(string text) => lines = [.. text.Split('\n')
        .Where(line => line.Trim().Length > 0 && !line.TrimStart().StartsWith('#'))
        .Select(line => (line.Length - line.TrimStart().Length, line.Trim()))];

    public static JsonNode Parse(string text)
    {
        var yaml = new PlainYaml(text);
        var read = yaml.Block(0);
        return yaml.at == yaml.lines.Count ? read : throw yaml.Wrong();
    }

    private JsonNode Block(int indent) => lines[at].Text.StartsWith("- ", StringComparison.Ordinal) ? List(indent) : Mapping(indent);

    private JsonArray List(int indent)
    {
        var list = new JsonArray();
        while (at < lines.Count && lines[at].Indent == indent && lines[at].Text.StartsWith("- ", StringComparison.Ordinal))
        {
            var item = lines[at].Text[2..];
            if (Key(item) is null)
            {
                list.Add(Scalar(item));
                at++;
                continue;
            }
            // The item's first property stands behind the dash; the others are indented as it is.
            lines[at] = (indent + 2, item);
            list.Add(Mapping(indent + 2));
        }
        return list;
    }

    private JsonObject Mapping(int indent)
    {
        var mapping = new JsonObject();
        while (at < lines.Count && lines[at].Indent == indent && Key(lines[at].Text) is var (key, rest))
        {
            at++;
            var value = rest.Length > 0 ? Scalar(rest) : at < lines.Count && lines[at].Indent > indent ? Block(lines[at].Indent) : throw Wrong();
            if (!mapping.TryAdd(key, value)) throw Wrong();
        }
        return at >= lines.Count || lines[at].Indent < indent ? mapping : throw Wrong();
    }

    private static (string Key, string Value)? Key(string text)
    {
        if (text.EndsWith(':')) return (Plain(text[..^1]), "");
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        return colon < 0 || text[0] is '"' or '[' ? null : (Plain(text[..colon]), text[(colon + 2)..]);
    }

    private static string Plain(string text) => text.Trim('"');

    private JsonNode Scalar(string text)
    {
        if (text[0] is '{' or '&' or '*' or '|' or '>' or '\'' || text.Contains(" #", StringComparison.Ordinal)) throw Wrong();
        if (text[0] == '[') return new JsonArray([.. text[1..^1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Scalar)]);
        if (text[0] == '"') return JsonNode.Parse(text)!;
        if (text is "true" or "false") return JsonValue.Create(text == "true");
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(text);
    }

    private FormatException Wrong() => new($"Not the plain YAML that is read here, near: {(at < lines.Count ? lines[at].Text : "the end")}");
}
