using PayOnce.Exporters.Mapping;

namespace PayOnce.Exporters.Settings;

/// <summary>Reads the part <c>mapping</c> of an integration file.</summary>
internal static class MappingReader
{
    /// <summary>GL02 has 49 columns, the widest known relative 83.</summary>
    private const int MaximumColumns = 500;

    public static MappingSettings Read(JsonFields json)
    {
        var columns = json.ObjectList("columns");
        var mapping = new MappingSettings
        {
            Delimiter = json.Choice<Delimiter>("delimiter", MappingWords.Delimiters),
            Encoding = json.Choice<FileEncoding>("encoding", MappingWords.Encodings),
            Header = json.Flag("header"),
            LineEnding = json.Choice<LineEnding>("lineEnding", MappingWords.LineEndings),
            DecimalSign = json.Choice<DecimalSign>("decimalSign", MappingWords.DecimalSigns),
            DateFormat = json.Text("dateFormat"),
            Quoting = json.Choice<Quoting>("quoting", MappingWords.Quotings),
            DefuseFormulas = json.Flag("defuseFormulas"),
            Rows = json.Choice<RowKind>("rows", MappingWords.Rows),
            Columns = columns?.Select(ReadColumn).OfType<Column>().ToList(),
        };
        if (columns is { Count: 0 } or { Count: > MaximumColumns }) json.Add("columns", null, "must have from 1 to 500 columns");
        json.End();
        return mapping;
    }

    private static Column? ReadColumn(JsonFields json)
    {
        var name = json.Text("name", longest: 100);
        if (name is null && !json.Has("name")) json.Add("name", null, "is missing");
        var source = ReadSource(json);
        var width = json.Number("width", 1, 10_000);
        var pad = json.Text("pad", longest: 1);
        if (pad is not null && width is null && !json.Has("width")) json.Add("pad", pad, "has no use without a width");
        if (pad is not null && pad[0] is < ' ' or > '~') json.Add("pad", pad, "must be one printable ASCII character");
        ColumnSource? balance = null;
        if (json.Object("balance") is { } balanceJson)
        {
            balance = ReadSource(balanceJson);
            balanceJson.End();
        }
        var align = json.Choice<Alignment>("align", MappingWords.Alignments);
        if (align is not null && width is null && !json.Has("width")) json.Add("align", null, "has no use without a width");
        var column = new Column(name ?? "", source ?? ColumnSource.Text(""))
        {
            Width = width,
            Align = align ?? Alignment.Left,
            Pad = pad?[0] ?? ' ',
            MaxLength = json.Number("maxLength", 1, 10_000),
            OnTooLong = json.Choice<TooLong>("onTooLong", MappingWords.TooLongs) ?? TooLong.Reject,
            Quote = json.Flag("quote") ?? false,
            Required = json.Flag("required") ?? false,
            Balance = balance,
        };
        json.End();
        return name is null || source is null ? null : column;
    }

    private static ColumnSource? ReadSource(JsonFields json)
    {
        var source = new ColumnSource(
            json.Text("field"),
            json.Text("constant", mayBeEmpty: true),
            json.Text("template", longest: 1000),
            json.Text("format", longest: 50));
        var given = (source.Field is null ? 0 : 1) + (source.Constant is null ? 0 : 1) + (source.Template is null ? 0 : 1);
        var named = (json.Has("field") ? 1 : 0) + (json.Has("constant") ? 1 : 0) + (json.Has("template") ? 1 : 0);
        if (named != 1) json.Add("field", null, "must stand alone: a column has exactly one of field, constant and template");
        if (source.Format is not null && source.Field is null) json.Add("format", source.Format, "belongs to a field; in a template it stands behind a colon, as in {lineDate:yyyyMMdd}");
        return given == 1 && named == 1 ? source : null;
    }
}
