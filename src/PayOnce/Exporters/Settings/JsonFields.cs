using System.Globalization;
using System.Text.Json;

namespace PayOnce.Exporters.Settings;

/// <summary>
/// Reads one JSON object strictly: each field at most once, of the right type, and none that nobody asked for. Every fault is
/// a problem with the field's path; reading goes on, so that a person gets all of them at once.
/// </summary>
internal sealed class JsonFields
{
    private readonly List<KeyValuePair<string, JsonElement>> fields = [];
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);
    private readonly string path;
    private readonly string file;
    private readonly List<Problem> problems;

    public JsonFields(JsonElement element, string path, string file, List<Problem> problems)
    {
        (this.path, this.file, this.problems) = (path, file, problems);
        foreach (var property in element.EnumerateObject())
        {
            if (fields.Exists(field => field.Key == property.Name)) Add(property.Name, null, "stands twice; it must stand once");
            else fields.Add(new(property.Name, property.Value));
        }
    }

    public string? Text(string name, int longest = 250, bool mayBeEmpty = false)
    {
        if (Find(name, JsonValueKind.String, "must be a text in quotes") is not { } value) return null;
        var text = value.GetString()!;
        if (text.Length == 0 && !mayBeEmpty) Add(name, text, "must not be empty");
        else if (text.Length > longest) Add(name, text, $"must have at most {longest.ToString(CultureInfo.InvariantCulture)} characters");
        else if (text.AsSpan().ContainsAnyInRange('\0', '\u001f') || text.AsSpan().ContainsAnyInRange('\u007f', '\u009f')) Add(name, text, "must have no control characters");
        else return text;
        return null;
    }

    public int? Number(string name, int lowest, int highest)
    {
        if (Find(name, JsonValueKind.Number, "must be a whole number") is not { } value) return null;
        if (value.TryGetInt32(out var number) && number >= lowest && number <= highest) return number;
        Add(name, value.GetRawText(), $"must be a whole number from {lowest.ToString(CultureInfo.InvariantCulture)} to {highest.ToString(CultureInfo.InvariantCulture)}");
        return null;
    }

    /// <summary>A duration in seconds, to the millisecond.</summary>
    public TimeSpan? Seconds(string name, decimal lowest, int highest)
    {
        if (Find(name, JsonValueKind.Number, "must be a number of seconds") is not { } value) return null;
        if (value.TryGetDecimal(out var seconds) && seconds >= lowest && seconds <= highest && decimal.Round(seconds, 3) == seconds)
            return new TimeSpan((long)(seconds * TimeSpan.TicksPerSecond));
        Add(name, value.GetRawText(), $"must be from {lowest.ToString(CultureInfo.InvariantCulture)} to {highest.ToString(CultureInfo.InvariantCulture)} seconds, with at most three decimals");
        return null;
    }

    public bool? Flag(string name)
    {
        asked.Add(name);
        if (Lookup(name) is not { } value) return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Add(name, value.GetRawText(), "must be true or false");
        return null;
    }

    /// <summary>One of the words, as the enum member at its place.</summary>
    public T? Choice<T>(string name, IReadOnlyList<string> words) where T : struct, Enum
    {
        if (Find(name, JsonValueKind.String, "must be a text in quotes") is not { } value) return null;
        var text = value.GetString()!;
        for (var i = 0; i < words.Count; i++)
        {
            if (string.Equals(words[i], text, StringComparison.Ordinal)) return Enum.GetValues<T>()[i];
        }
        Add(name, text, $"must be one of {Words(words)}");
        return null;
    }

    public JsonFields? Object(string name) =>
        Find(name, JsonValueKind.Object, "must be an object in braces") is { } value ? new JsonFields(value, Path(name), file, problems) : null;

    /// <summary>An object whose field names are the writer's own: each name with its object, ordered by name.</summary>
    public IEnumerable<(string Name, JsonFields Value)> Objects(string name)
    {
        if (Object(name) is not { } parent) yield break;
        foreach (var key in parent.Names())
        {
            if (parent.Object(key) is { } child) yield return (key, child);
        }
    }

    /// <summary>An object from text to text, ordered by name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Texts(string name)
    {
        if (Object(name) is not { } parent) return [];
        var result = new List<KeyValuePair<string, string>>();
        foreach (var key in parent.Names())
        {
            if (parent.Text(key) is { } text) result.Add(new(key, text));
        }
        return result;
    }

    public IReadOnlyList<KeyValuePair<string, int>> Numbers(string name, int lowest, int highest)
    {
        if (Object(name) is not { } parent) return [];
        var result = new List<KeyValuePair<string, int>>();
        foreach (var key in parent.Names())
        {
            if (parent.Number(key, lowest, highest) is { } number) result.Add(new(key, number));
        }
        return result;
    }

    public IReadOnlyList<string>? TextList(string name)
    {
        if (Find(name, JsonValueKind.Array, "must be a list in brackets") is not { } list) return null;
        var result = new List<string>();
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            if (item.ValueKind == JsonValueKind.String) result.Add(item.GetString()!);
            else Add(Place(name, index), item.GetRawText(), "must be a text in quotes");
        }
        return result;
    }

    public IReadOnlyList<JsonFields>? ObjectList(string name)
    {
        if (Find(name, JsonValueKind.Array, "must be a list in brackets") is not { } list) return null;
        var result = new List<JsonFields>();
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            if (item.ValueKind == JsonValueKind.Object) result.Add(new JsonFields(item, Path(Place(name, index)), file, problems));
            else Add(Place(name, index), item.GetRawText(), "must be an object in braces");
        }
        return result;
    }

    public bool Has(string name) => Lookup(name) is not null;

    public void Add(string name, string? value, string rule) =>
        problems.Add(new Problem(rule) { File = file, Field = Path(name), Value = value is null ? null : Problem.Printable(value) });

    /// <summary>Names every field that nobody asked for.</summary>
    public void End()
    {
        foreach (var (name, _) in fields)
        {
            if (!asked.Contains(name)) Add(name, null, $"is unknown; known here are {string.Join(", ", asked.Order(StringComparer.Ordinal))}");
        }
    }

    public static string Words(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"\"{(word == "\t" ? "\\t" : word)}\""));

    private IEnumerable<string> Names() => fields.Select(field => field.Key).Order(StringComparer.Ordinal);

    private JsonElement? Find(string name, JsonValueKind kind, string rule)
    {
        asked.Add(name);
        if (Lookup(name) is not { } value) return null;
        if (value.ValueKind == kind) return value;
        Add(name, value.GetRawText(), rule);
        return null;
    }

    private JsonElement? Lookup(string name)
    {
        foreach (var (key, value) in fields)
        {
            if (key == name) return value;
        }
        return null;
    }

    // The writer's own names may be of any length, and hold anything.
    private string Path(string name) => path.Length == 0 ? Problem.Printable(name) : $"{path}.{Problem.Printable(name)}";

    private static string Place(string name, int index) => $"{name}[{index.ToString(CultureInfo.InvariantCulture)}]";
}
