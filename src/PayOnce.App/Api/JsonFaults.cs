using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PayOnce.Access;
using PayOnce.Scheduling;

namespace PayOnce.App.Api;

/// <summary>What a JSON body breaks, in words of the body's own. The parser's message names types of the program, which are nobody's business.</summary>
internal static partial class JsonFaults
{
    private const string List = "must be a list";
    private const string Other = "has another form";

    /// <summary>What a value of each type has to be.</summary>
    private static readonly Dictionary<string, string> Rules = new(StringComparer.Ordinal)
    {
        ["String"] = "must be a text", ["string"] = "must be a text",
        ["Int32"] = "must be a whole number", ["int"] = "must be a whole number", ["Int64"] = "must be a whole number", ["long"] = "must be a whole number",
        ["Boolean"] = "must be true or false", ["bool"] = "must be true or false",
        ["DateOnly"] = Day.Rule,
        ["DateTimeOffset"] = "must be a time such as 2026-03-05T13:03:10Z",
        [nameof(WhenBusy)] = Among<WhenBusy>(),
        [nameof(Role)] = Among<Role>(),
        [nameof(TokenScope)] = Among<TokenScope>(),
        [nameof(Settlement)] = Among<Settlement>(),
    };

    public static IReadOnlyList<Fault> Of(JsonException json)
    {
        var (message, name) = (json.Message, NameOf(json.Path));
        if (MissingProperties().Match(message) is { Success: true } missing)
            return [.. Quoted().Matches(missing.Groups["names"].Value).Select(each => new Fault(Join(name, each.Groups["name"].Value), null, "is missing", Fault.Body))];
        if (UnknownProperty().Match(message) is { Success: true } unknown) return [new Fault(Ending(name, unknown.Groups["name"].Value), null, "is not known here", Fault.Body)];
        if (DuplicateProperty().Match(message) is { Success: true } twice) return [new Fault(Ending(name, twice.Groups["name"].Value), null, "stands there twice", Fault.Body)];
        if (NullValue().Match(message) is { Success: true } isNull) return [new Fault(Ending(name, JsonNamingPolicy.CamelCase.ConvertName(isNull.Groups["name"].Value)), null, "must not be null", Fault.Body)];
        if (WrongType().Match(message) is { Success: true } wrong) return [new Fault(name, null, RuleOf(wrong.Groups["type"].Value, name), Fault.Body)];
        var place = string.Create(CultureInfo.InvariantCulture, $"{Fault.Body}, line {(json.LineNumber ?? 0) + 1}, byte {(json.BytePositionInLine ?? 0) + 1}");
        return [new Fault(name, null, "is not valid JSON", place)];
    }

    /// <summary>What a value has to be, by its type's name in a message of the framework.</summary>
    public static string RuleOf(string type) => Rules.GetValueOrDefault(TypeName().Match(type).Value, Other);

    // The message names the member's type or the type that has the member, depending on how far the parser was.
    private static string RuleOf(string type, string path)
    {
        if (IsList(type) && !path.EndsWith(']')) return List;
        if (typeof(JsonFaults).Assembly.GetType(type) is not { IsEnum: false } parent) return RuleOf(type);
        var member = path[(path.LastIndexOf('.') + 1)..];
        if (parent.GetProperties().FirstOrDefault(each => JsonNamingPolicy.CamelCase.ConvertName(each.Name) == member) is not { } property) return "must be an object";
        var name = (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType).ToString();
        return IsList(name) ? List : RuleOf(name);
    }

    private static bool IsList(string type) => type.Contains("List`1", StringComparison.Ordinal);

    private static string Among<T>() where T : struct, Enum => $"must be one of {string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName))}";

    private static string NameOf(string? path) => path is null or "$" ? "" : path.StartsWith("$.", StringComparison.Ordinal) ? Problem.Printable(path[2..]) : Problem.Printable(path);

    private static string Join(string parent, string name) => Problem.Printable(parent.Length == 0 ? name : $"{parent}.{name}");

    // The path names the member itself or the object that has it, depending on how far the parser was.
    private static string Ending(string path, string name) => path == name || path.EndsWith("." + name, StringComparison.Ordinal) ? path : Join(path, name);

    [GeneratedRegex(@"missing required properties including: (?<names>.*?)\.(?: Path:|\z)", RegexOptions.Singleline)]
    private static partial Regex MissingProperties();

    [GeneratedRegex("'(?<name>[^']*)'")]
    private static partial Regex Quoted();

    [GeneratedRegex("The JSON property '(?<name>.*?)' could not be mapped", RegexOptions.Singleline)]
    private static partial Regex UnknownProperty();

    [GeneratedRegex("Duplicate property '(?<name>.*?)' encountered", RegexOptions.Singleline)]
    private static partial Regex DuplicateProperty();

    [GeneratedRegex("(?:parameter|property) '(?<name>[^']*)' on type '[^']*' doesn't allow (?:setting )?null", RegexOptions.Singleline)]
    private static partial Regex NullValue();

    [GeneratedRegex(@"could not be converted to (?<type>[^ ]+?)\.? ?(?:Path:|\z)", RegexOptions.Singleline)]
    private static partial Regex WrongType();

    /// <summary>The last word of a type's name: <c>Int32</c> of <c>System.Nullable`1[System.Int32]</c>.</summary>
    [GeneratedRegex(@"[A-Za-z0-9]+(?=[\]>?]*\z)")]
    private static partial Regex TypeName();
}
