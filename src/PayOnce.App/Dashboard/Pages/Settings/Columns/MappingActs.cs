using System.Globalization;
using PayOnce.Exporters;

namespace PayOnce.App.Dashboard.Pages.Settings.Columns;

/// <summary>What the form's buttons do to it. Nothing here keeps anything.</summary>
internal static class MappingActs
{
    /// <summary>Does what a button's value says; anything else changes nothing.</summary>
    /// <returns>The id of the element to go on at; null where the page begins.</returns>
    public static string? Do(MappingForm form, string act, IntegrationSettings rest, string start)
    {
        var parts = act.Split('-');
        int At(int part) => part < parts.Length && int.TryParse(parts[part], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        return parts[0] switch
        {
            "begin" => Begin(form, rest, start),
            "standard" => Standard(form),
            "add" when form.Columns.Count < MappingFields.MostColumns => Add(form.Columns, new ColumnRow(), row => MappingFields.Column(row, "name")),
            "up" => Move(form.Columns, At(1), -1),
            "down" => Move(form.Columns, At(1), +1),
            "remove" => Remove(form.Columns, At(1), row => $"c{MappingFields.Text(row)}", "columns"),
            "category" or "type" or "limit" => InList(Of(form, parts[0]), parts[0], parts.ElementAtOrDefault(1), At(2)),
            "dimension" when parts.ElementAtOrDefault(1) == "add" => Add(form.Dimensions, new DimensionRow("", "", PassThrough: false, [new("", "")]), row => MappingFields.Dimension(row, "name")),
            "dimension" => Remove(form.Dimensions, At(2), row => MappingFields.Dimension(row, "name"), "dimensions"),
            "value" when At(1) >= 0 && At(1) < form.Dimensions.Count => InList(form.Dimensions[At(1)].Values, MappingFields.Values(At(1)), parts.ElementAtOrDefault(2), At(3)),
            _ => null,
        };
    }

    private static string Begin(MappingForm form, IntegrationSettings rest, string start)
    {
        foreach (var (exporter, format) in MappingFacts.Starts)
        {
            if (start == $"{exporter} {format}") form.Begin(rest with { Exporter = exporter, Format = format });
        }
        return "columns";
    }

    private static string Standard(MappingForm form)
    {
        form.OwnColumns = false;
        form.Columns.Clear();
        return "columns";
    }

    private static List<PairRow> Of(MappingForm form, string list) => list switch
    {
        "category" => form.Categories,
        "type" => form.Types,
        _ => form.Limits,
    };

    private static string? InList(List<PairRow> rows, string list, string? act, int row) => act == "add"
        ? Add(rows, new PairRow("", ""), added => MappingFields.Pair(list, added, "from"))
        : Remove(rows, row, next => MappingFields.Pair(list, next, "from"), list);

    private static string Add<T>(List<T> rows, T row, Func<int, string> id)
    {
        rows.Add(row);
        return id(rows.Count - 1);
    }

    private static string? Move(List<ColumnRow> rows, int row, int by)
    {
        if (row < 0 || row >= rows.Count) return null;
        var to = Math.Clamp(row + by, 0, rows.Count - 1);
        (rows[row], rows[to]) = (rows[to], rows[row]);
        return $"c{MappingFields.Text(to)}";
    }

    /// <returns>What stands in the removed one's place, or the last one, or the list.</returns>
    private static string? Remove<T>(List<T> rows, int row, Func<int, string> id, string list)
    {
        if (row < 0 || row >= rows.Count) return null;
        rows.RemoveAt(row);
        return rows.Count == 0 ? list : id(Math.Min(row, rows.Count - 1));
    }
}
