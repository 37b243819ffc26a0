using System.Globalization;
using PayOnce.Exporters;
using PayOnce.Exporters.Mapping;
using PayOnce.Exporters.Settings;

namespace PayOnce.App.Dashboard.Pages.Settings.Columns;

/// <summary>The mapping, accounts, dimensions and limits of an integration as their form has them, whatever was typed.</summary>
public sealed class MappingForm
{
    /// <summary>In a choice: as the exporter has it.</summary>
    public const string AsExporter = "";

    /// <summary>Settings of the file that are one word of a list, in the order of the form; <see cref="DateFormat"/> is free text.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<string> Words)> FileChoices { get; } =
    [
        ("delimiter", MappingFacts.Delimiters), ("encoding", MappingFacts.Encodings), ("header", ["true", "false"]), ("lineEnding", MappingFacts.LineEndings),
        ("decimalSign", MappingFacts.DecimalSigns), ("quoting", MappingFacts.Quotings), ("defuseFormulas", ["true", "false"]), ("rows", MappingFacts.Rows),
    ];

    /// <summary>The exporter and the format behind it, as <c>xledger gl02</c>.</summary>
    public string System { get; set; } = "";

    public string Format => System[(System.IndexOf(' ', StringComparison.Ordinal) + 1)..];

    /// <summary>A format without columns has only look-ups.</summary>
    public bool HasColumns => Format != "json";

    /// <summary>By name of <see cref="FileChoices"/>.</summary>
    public Dictionary<string, string> File { get; } = new(StringComparer.Ordinal);

    public string DateFormat { get; set; } = AsExporter;

    /// <summary>Columns of one's own; otherwise the exporter's, whatever rows there are.</summary>
    public bool OwnColumns { get; set; }

    public List<ColumnRow> Columns { get; private set; } = [];

    public bool OwnAccounts { get; set; }

    public string DefaultAccount { get; set; } = "";

    public string CreditAccount { get; set; } = "";

    public string CreditTo { get; set; } = "";

    public List<PairRow> Categories { get; private set; } = [];

    public List<PairRow> Types { get; private set; } = [];

    public List<DimensionRow> Dimensions { get; private set; } = [];

    public List<PairRow> Limits { get; private set; } = [];

    public static string SystemOf(IntegrationSettings settings) => $"{settings.Exporter} {settings.Format}";

    /// <summary>Settings as they stand.</summary>
    public static MappingForm Of(IntegrationSettings settings)
    {
        var form = new MappingForm
        {
            System = SystemOf(settings),
            DateFormat = settings.Mapping?.DateFormat ?? AsExporter,
            OwnColumns = settings.Mapping?.Columns is not null,
            Columns = [.. (settings.Mapping?.Columns ?? []).Select(RowOf)],
            OwnAccounts = settings.Accounts is not null,
            DefaultAccount = settings.Accounts?.Default ?? "",
            CreditAccount = settings.Accounts?.Credit ?? "",
            CreditTo = MappingFacts.BalanceOns[(int)(settings.Accounts?.CreditTo ?? BalanceOn.Supplier)],
            Categories = Pairs(settings.Accounts?.Categories),
            Types = Pairs(settings.Accounts?.Types),
            Dimensions = [.. settings.Dimensions.Select(each => new DimensionRow(each.Name, each.Target, each.PassThrough, Pairs(each.Values)))],
            Limits = [.. settings.Limits.Select(each => new PairRow(each.Key, Number(each.Value)))],
        };
        form.TakeFile(settings.Mapping);
        return form;
    }

    /// <summary>The format's own columns written out in place of those there are, with the file's settings as that format has them.</summary>
    public void Begin(IntegrationSettings settings)
    {
        System = SystemOf(settings);
        Columns = [.. (MappingFacts.InForce(settings with { Mapping = null })?.Columns ?? []).Select(RowOf)];
        OwnColumns = true;
        foreach (var (name, _) in FileChoices) File[name] = AsExporter;
        DateFormat = AsExporter;
    }

    private void TakeFile(MappingSettings? mapping)
    {
        foreach (var (name, _) in FileChoices) File[name] = AsExporter;
        if (mapping?.Delimiter is { } delimiter) File["delimiter"] = MappingFacts.Delimiters[(int)delimiter];
        if (mapping?.Encoding is { } encoding) File["encoding"] = MappingFacts.Encodings[(int)encoding];
        if (mapping?.Header is { } header) File["header"] = header ? "true" : "false";
        if (mapping?.LineEnding is { } ending) File["lineEnding"] = MappingFacts.LineEndings[(int)ending];
        if (mapping?.DecimalSign is { } sign) File["decimalSign"] = MappingFacts.DecimalSigns[(int)sign];
        if (mapping?.Quoting is { } quoting) File["quoting"] = MappingFacts.Quotings[(int)quoting];
        if (mapping?.DefuseFormulas is { } defuse) File["defuseFormulas"] = defuse ? "true" : "false";
        if (mapping?.Rows is { } rows) File["rows"] = MappingFacts.Rows[(int)rows];
    }

    private static ColumnRow RowOf(Column column) => new()
    {
        Name = column.Name,
        Source = SourceOf(column.Source),
        Text = column.Source.Constant ?? column.Source.Template ?? "",
        Format = column.Source.Format ?? "",
        Width = column.Width is { } width ? Number(width) : "",
        Align = column.Align == Alignment.Right ? MappingFacts.Alignments[(int)Alignment.Right] : "",
        Pad = column.Pad == ' ' ? "" : column.Pad.ToString(),
        Longest = column.MaxLength is { } longest ? Number(longest) : "",
        TooLong = column.OnTooLong == Exporters.Mapping.TooLong.Cut ? MappingFacts.TooLongs[(int)Exporters.Mapping.TooLong.Cut] : "",
        Quote = column.Quote,
        Required = column.Required,
        Balance = column.Balance is { } balance ? SourceOf(balance) : "",
        BalanceText = column.Balance?.Constant ?? column.Balance?.Template ?? "",
        BalanceFormat = column.Balance?.Format ?? "",
    };

    private static string SourceOf(ColumnSource source) =>
        source.Field is { } field ? ColumnRow.FieldPrefix + field : source.Template is null ? ColumnRow.Constant : ColumnRow.Template;

    private static List<PairRow> Pairs(IReadOnlyList<KeyValuePair<string, string>>? pairs) => [.. (pairs ?? []).Select(each => new PairRow(each.Key, each.Value))];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
