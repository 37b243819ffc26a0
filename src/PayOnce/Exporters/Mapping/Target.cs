namespace PayOnce.Exporters.Mapping;

/// <summary>What an accounting system's import documents about itself, and what a mapping for it must keep to.</summary>
/// <param name="System">Its name in sentences.</param>
/// <param name="Limits">Column to longest text. A column that is not named has no documented limit.</param>
/// <param name="KeyColumns">Columns that must hold the export key in every row: the fields the accounting system stores and can be searched by. Empty: any one column.</param>
/// <param name="VouchersOnly">It books vouchers, so a file must have balancing rows.</param>
internal sealed record Target(string System, IReadOnlyDictionary<string, int> Limits, IReadOnlyList<string> KeyColumns, bool VouchersOnly)
{
    /// <summary>What a dimension's target must be for the exporter's own columns to hold it.</summary>
    public string DimensionRule { get; init; } = "has no column: the mapping's columns must hold each dimension of the integration";

    /// <summary>The longest text of a field of JSON: documented, or the organisation's where that is tighter.</summary>
    public Func<string, int> LimitOf(IntegrationSettings settings)
    {
        var own = settings.Limits.ToDictionary(StringComparer.Ordinal);
        return name => Math.Min(Limits.GetValueOrDefault(name, int.MaxValue), own.GetValueOrDefault(name, int.MaxValue));
    }

    /// <summary>The longest text of a column: the tightest of documented, the organisation's and the column's own.</summary>
    public Func<Column, int> LimitsOf(IntegrationSettings settings)
    {
        var limit = LimitOf(settings);
        return column => Math.Min(limit(column.Name), column.MaxLength ?? int.MaxValue);
    }
}
