using PayOnce.Exporters.Mapping;

namespace PayOnce.Exporters.Settings;

/// <summary>What the integration file says about the file and its columns; null is "as the exporter has it".</summary>
public sealed record MappingSettings
{
    public Delimiter? Delimiter { get; init; }

    public FileEncoding? Encoding { get; init; }

    public bool? Header { get; init; }

    public LineEnding? LineEnding { get; init; }

    public DecimalSign? DecimalSign { get; init; }

    public string? DateFormat { get; init; }

    public Quoting? Quoting { get; init; }

    public bool? DefuseFormulas { get; init; }

    public RowKind? Rows { get; init; }

    /// <summary>All columns in their order; they replace the exporter's own.</summary>
    public IReadOnlyList<Column>? Columns { get; init; }

    /// <summary>The exporter's mapping with what is said here in its place.</summary>
    public ColumnMapping Over(ColumnMapping mapping) => mapping with
    {
        Delimiter = Delimiter ?? mapping.Delimiter,
        Encoding = Encoding ?? mapping.Encoding,
        Header = Header ?? mapping.Header,
        LineEnding = LineEnding ?? mapping.LineEnding,
        DecimalSign = DecimalSign ?? mapping.DecimalSign,
        DateFormat = DateFormat ?? mapping.DateFormat,
        Quoting = Quoting ?? mapping.Quoting,
        DefuseFormulas = DefuseFormulas ?? mapping.DefuseFormulas,
        Rows = Rows ?? mapping.Rows,
        Columns = Columns ?? mapping.Columns,
    };
}
