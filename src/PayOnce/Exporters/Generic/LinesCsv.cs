using PayOnce.Exporters.Mapping;

namespace PayOnce.Exporters.Generic;

/// <summary>The generic CSV: one row for each line, no balancing row, unless the integration's mapping says otherwise; or one for each claim.</summary>
internal static class LinesCsv
{
    /// <summary>Nobody's import in particular, so nothing is documented but that the key must be there.</summary>
    public static readonly Target Target = new("the receiver", new Dictionary<string, int>(StringComparer.Ordinal), [], VouchersOnly: false);

    private static readonly Column[] Columns =
    [
        new("organisation", ColumnSource.Of("organisation")),
        new("claim_id", ColumnSource.Of("claimId")),
        new("export_key", ColumnSource.Of("exportKey")),
        new("claimant_id", ColumnSource.Of("claimantId")),
        new("claimant_name", ColumnSource.Of("claimantName")),
        new("type", ColumnSource.Of("type")),
        new("currency", ColumnSource.Of("currency")),
        new("approved_at", ColumnSource.Of("approvedAt", "yyyy-MM-ddTHH:mm:ssZ")),
        new("line_number", ColumnSource.Of("lineNumber")),
        new("line_date", ColumnSource.Of("lineDate")),
        new("category", ColumnSource.Of("category")),
        new("description", ColumnSource.Of("description")),
        new("amount", ColumnSource.Of("amount")),
        new("quantity", ColumnSource.Of("quantity")),
        new("unit", ColumnSource.Of("unit")),
        new("account", ColumnSource.Of("account")),
    ];

    private static readonly Column[] ClaimColumns = [.. Columns[..8], new("total", ColumnSource.Of("total"))];

    /// <summary>The exporter's columns, then one for each dimension of the settings, with the integration's own mapping over them.</summary>
    public static ColumnMapping Mapping(IntegrationSettings settings)
    {
        // One row a line: the amounts of a claim are its rows' sum, and nothing is booked by reading it.
        var standard = new ColumnMapping
        {
            LineEnding = LineEnding.Lf,
            Rows = RowKind.Lines,
            Columns = settings.Mapping?.Rows == RowKind.Claims ? ClaimColumns :
            [
                .. Columns,
                .. settings.Dimensions.Select(dimension => new Column(dimension.Target, ColumnSource.Of(FieldCatalogue.DimensionPrefix + dimension.Name))),
            ],
        };
        return settings.Mapping?.Over(standard) ?? standard;
    }

    public static IEnumerable<Problem> Check(IntegrationSettings settings)
    {
        var mapping = Mapping(settings);
        var books = mapping.Rows == RowKind.LinesAndBalance && mapping.Columns.Any(column => column.Source.Field == "account");
        if (books && settings.Accounts is null) yield return new Problem("is missing; rows \"lines-and-balance\" book each line on an account") { Field = "accounts" };
        if (books) foreach (var problem in SettingsCheck.Balanced(settings.Accounts, supplierNeedsCredit: true)) yield return problem;
        foreach (var problem in MappingCheck.Run(mapping, settings, Target)) yield return problem;
    }
}
