namespace PayOnce.App.Dashboard.Pages.Settings.Columns;

/// <summary>One column as its fields have it: as typed, so that a form that comes back shows the same.</summary>
public sealed record ColumnRow
{
    /// <summary>In <see cref="Source"/> and <see cref="Balance"/>: the same text in every row.</summary>
    public const string Constant = "constant";

    /// <summary>In <see cref="Source"/> and <see cref="Balance"/>: text with fields in braces.</summary>
    public const string Template = "template";

    /// <summary>In front of a field's name.</summary>
    public const string FieldPrefix = "field:";

    public string Name { get; init; } = "";

    /// <summary>A field behind <see cref="FieldPrefix"/>, <see cref="Constant"/> or <see cref="Template"/>; empty: nothing chosen yet.</summary>
    public string Source { get; init; } = "";

    /// <summary>Of a constant or template.</summary>
    public string Text { get; init; } = "";

    public string Format { get; init; } = "";

    public string Width { get; init; } = "";

    public string Align { get; init; } = "";

    public string Pad { get; init; } = "";

    public string Longest { get; init; } = "";

    public string TooLong { get; init; } = "";

    public bool Quote { get; init; }

    public bool Required { get; init; }

    /// <summary>As <see cref="Source"/>, for the balancing row; empty: the same as in the other rows.</summary>
    public string Balance { get; init; } = "";

    public string BalanceText { get; init; } = "";

    public string BalanceFormat { get; init; } = "";

    /// <summary>Says more than name, source and format: the part for that stands open.</summary>
    public bool SaysMore => this != new ColumnRow { Name = Name, Source = Source, Text = Text, Format = Format };
}

/// <summary>One line of a look-up.</summary>
public sealed record PairRow(string From, string To)
{
    public bool IsEmpty => From.Length == 0 && To.Length == 0;
}

/// <summary>One of the claims' dimensions.</summary>
public sealed record DimensionRow(string Name, string Target, bool PassThrough, List<PairRow> Values)
{
    public bool IsEmpty => Name.Length == 0 && Target.Length == 0 && !PassThrough && Values.TrueForAll(each => each.IsEmpty);
}
