namespace PayOnce.App.Dashboard.Pages.Settings.Columns;

/// <summary>What a file would not have said at all, and a form left empty: the file's reader has no word for it, or not the right one.</summary>
internal static class MappingGaps
{
    /// <summary>Ids of the fields that must be filled in, in the order of the form.</summary>
    public static IEnumerable<string> Of(MappingForm form)
    {
        if (form.HasColumns && form.OwnColumns)
        {
            foreach (var (index, column) in form.Columns.Index())
            {
                if (!IsSource(column.Source)) yield return MappingFields.Column(index, "source");
                if (column.Balance.Length > 0 && !IsSource(column.Balance)) yield return MappingFields.Column(index, "balance");
            }
        }
        if (form.OwnAccounts)
        {
            foreach (var id in Of("category", form.Categories).Concat(Of("type", form.Types))) yield return id;
        }
        foreach (var (index, dimension) in form.Dimensions.Index().Where(each => !each.Item.IsEmpty))
        {
            if (dimension.Name.Length == 0) yield return MappingFields.Dimension(index, "name");
            foreach (var id in Of(MappingFields.Values(index), dimension.Values)) yield return id;
        }
        foreach (var id in Of("limit", form.Limits)) yield return id;
    }

    private static IEnumerable<string> Of(string list, List<PairRow> rows)
    {
        foreach (var (index, row) in rows.Index().Where(each => !each.Item.IsEmpty))
        {
            if (row.From.Length == 0) yield return MappingFields.Pair(list, index, "from");
            if (row.To.Length == 0) yield return MappingFields.Pair(list, index, "to");
        }
    }

    private static bool IsSource(string source) => source is ColumnRow.Constant or ColumnRow.Template || source.StartsWith(ColumnRow.FieldPrefix, StringComparison.Ordinal);
}
