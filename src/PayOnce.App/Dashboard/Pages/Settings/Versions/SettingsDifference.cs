using System.Text.Json;

namespace PayOnce.App.Dashboard.Pages.Settings.Versions;

/// <summary>One place in which two versions of the settings differ.</summary>
/// <param name="Path">As in an integration file; a column by its name, so that a new one in front does not make every other look changed.</param>
/// <param name="Was">Null: it was not there.</param>
/// <param name="Is">Null: it is not there any more.</param>
public sealed record SettingsDifference(string Path, string? Was, string? Is)
{
    /// <summary>Everything in which two stored texts differ, in the order of the file; empty for equal settings.</summary>
    public static IReadOnlyList<SettingsDifference> Between(string was, string now)
    {
        var (before, after) = (Flat(was), Flat(now));
        return
        [
            .. after.Select(each => new SettingsDifference(each.Key, before.GetValueOrDefault(each.Key), each.Value)).Where(each => each.Was != each.Is),
            .. before.Where(each => !after.ContainsKey(each.Key)).Select(each => new SettingsDifference(each.Key, each.Value, null)),
        ];
    }

    private static OrderedDictionary<string, string> Flat(string json)
    {
        var places = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        using var document = JsonDocument.Parse(json);
        Walk(places, "", document.RootElement);
        return places;
    }

    private static void Walk(OrderedDictionary<string, string> places, string path, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var field in value.EnumerateObject()) Walk(places, path.Length == 0 ? field.Name : $"{path}.{field.Name}", field.Value);
                break;
            case JsonValueKind.Array when path == "mapping.columns":
                places[path] = string.Join(", ", value.EnumerateArray().Select(NameOf));
                foreach (var column in value.EnumerateArray()) Walk(places, $"{path}[{NameOf(column)}]", column);
                break;
            case JsonValueKind.Array:
                places[path] = string.Join(", ", value.EnumerateArray().Select(Text));
                break;
            default:
                places[path] = Text(value);
                break;
        }
    }

    private static string NameOf(JsonElement column) => column.GetProperty("name").GetString() ?? "";

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : value.GetRawText();
}
