using System.Globalization;
using System.Text.RegularExpressions;

namespace PayOnce.App.Dashboard.Pages.Settings.Columns;

/// <summary>Finds the field of the form that a problem of the integration file is about.</summary>
internal static partial class MappingPlaces
{
    /// <summary>The element's id; null for a setting that the form does not show.</summary>
    public static string? Of(MappingForm form, Problem problem)
    {
        var path = problem.Field ?? "";
        if (ColumnPath().Match(path) is { Success: true } match) return MappingFields.Column(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), Field(match.Groups[2].Value));
        if (path == "mapping.columns") return ColumnNamed(form, problem.Value);
        if (path.StartsWith("mapping.", StringComparison.Ordinal)) return "file-" + path["mapping.".Length..];
        if (path is "accounts.default" or "accounts.credit" or "accounts.creditTo") return "account-" + path["accounts.".Length..];
        if (path.StartsWith("accounts", StringComparison.Ordinal))
            return InList(form.Categories, "accounts.categories.", "category", problem) ?? InList(form.Types, "accounts.types.", "type", problem) ?? "accounts-own";
        if (path.StartsWith("dimensions", StringComparison.Ordinal)) return InDimensions(form, path, problem);
        if (path.StartsWith("limits.", StringComparison.Ordinal)) return InList(form.Limits, "limits.", "limit", problem);
        return path is "exporter" or "format" ? "begin" : null;
    }

    private static string Field(string path) => path switch
    {
        "" or "field" => "source",
        "constant" or "template" => "text",
        "balance.field" => "balance",
        "balance.constant" or "balance.template" => "balance-text",
        "balance.format" => "balance-format",
        _ => path,
    };

    // The second of two of one name is the one that came too many.
    private static string ColumnNamed(MappingForm form, string? name)
    {
        var column = name is null || !form.OwnColumns ? -1 : form.Columns.FindLastIndex(each => Problem.Printable(each.Name) == name);
        return column < 0 ? "columns" : MappingFields.Column(column, "name");
    }

    private static string? InList(List<PairRow> rows, string prefix, string list, Problem problem)
    {
        if (!problem.Field!.StartsWith(prefix, StringComparison.Ordinal)) return null;
        var name = problem.Field[prefix.Length..];
        var row = rows.FindLastIndex(each => !each.IsEmpty && (each.From == name || Problem.Printable(each.From) == name));
        return row < 0 ? null : MappingFields.Pair(list, row, IsAboutTheName(problem, name) ? "from" : "to");
    }

    private static string InDimensions(MappingForm form, string path, Problem problem)
    {
        // Of two names that begin alike, the longer one is meant where both fit.
        var found = form.Dimensions.Index().Where(each => !each.Item.IsEmpty)
            .Select(each => (each.Index, each.Item, Prefix: "dimensions." + Problem.Printable(each.Item.Name)))
            .Where(each => path == each.Prefix || path.StartsWith(each.Prefix + ".", StringComparison.Ordinal))
            .OrderBy(each => each.Prefix.Length).ThenBy(each => each.Index).ToList();
        if (found.Count == 0) return form.Dimensions.FindLastIndex(each => Problem.Printable(each.Target.Length > 0 ? each.Target : each.Name) == problem.Value) is >= 0 and var twice ? MappingFields.Dimension(twice, "target") : "dimensions";
        var (row, dimension, prefix) = found[^1];
        return path[prefix.Length..] switch
        {
            "" => MappingFields.Dimension(row, "name"),
            ".target" => MappingFields.Dimension(row, "target"),
            ['.', 'v', 'a', 'l', 'u', 'e', 's', '.', ..] => InList(dimension.Values, prefix + ".values.", MappingFields.Values(row), problem) ?? MappingFields.Dimension(row, "name"),
            _ => MappingFields.Dimension(row, "passThrough"),
        };
    }

    private static bool IsAboutTheName(Problem problem, string name) => name.Length == 0 || problem.Rule.StartsWith("stands twice", StringComparison.Ordinal) || problem.Rule.StartsWith("is no ", StringComparison.Ordinal);

    [GeneratedRegex(@"^mapping\.columns\[(\d{1,4})\]\.?(.*)$")]
    private static partial Regex ColumnPath();
}
