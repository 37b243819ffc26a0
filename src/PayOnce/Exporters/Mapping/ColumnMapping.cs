using PayOnce.Exporters.Settings;

namespace PayOnce.Exporters.Mapping;

/// <summary>A character-separated file as data: how it is written and which columns it has.</summary>
public sealed record ColumnMapping
{
    public Delimiter Delimiter { get; init; } = Delimiter.Semicolon;

    public FileEncoding Encoding { get; init; } = FileEncoding.Utf8;

    /// <summary>Whether the first row names the columns.</summary>
    public bool Header { get; init; } = true;

    public LineEnding LineEnding { get; init; } = LineEnding.CrLf;

    public DecimalSign DecimalSign { get; init; } = DecimalSign.Point;

    /// <summary>For dates whose column has no format of its own (<see cref="DatePattern"/>).</summary>
    public string DateFormat { get; init; } = "yyyy-MM-dd";

    public Quoting Quoting { get; init; } = Quoting.WhenNeeded;

    /// <summary>Whether text that a spreadsheet would run as a formula is made harmless (<see cref="Formula"/>).</summary>
    public bool DefuseFormulas { get; init; } = true;

    public RowKind Rows { get; init; } = RowKind.LinesAndBalance;

    public required IReadOnlyList<Column> Columns { get; init; }
}

/// <summary>One column of a file.</summary>
/// <param name="Name">The header; also what a limit of the accounting system is known by.</param>
public sealed record Column(string Name, ColumnSource Source)
{
    /// <summary>Exactly this many characters, filled up with <see cref="Pad"/>. Null: as long as the value is.</summary>
    public int? Width { get; init; }

    public Alignment Align { get; init; } = Alignment.Left;

    /// <summary>What fills up to the width. Zeros go between a number's sign and its digits.</summary>
    public char Pad { get; init; } = ' ';

    /// <summary>At most this many characters (UTF-16 units, as the accounting systems count). Null: only the documented limit holds.</summary>
    public int? MaxLength { get; init; }

    public TooLong OnTooLong { get; init; } = TooLong.Reject;

    /// <summary>Always in quotes, whatever the file's quoting says.</summary>
    public bool Quote { get; init; }

    /// <summary>A claim with nothing to stand here is rejected.</summary>
    public bool Required { get; init; }

    /// <summary>What stands here in the balancing row instead. Null: the same source, as it answers for that row.</summary>
    public ColumnSource? Balance { get; init; }
}

/// <summary>Where a column's value comes from: exactly one of the three, and a format for a field.</summary>
/// <param name="Field">A name of <see cref="FieldCatalogue"/>.</param>
/// <param name="Constant">The same text in every row.</param>
/// <param name="Template">Text with fields in braces: <c>{type} {claimId}</c>.</param>
/// <param name="Format">For the field: see <see cref="FieldFormat"/>.</param>
public sealed record ColumnSource(string? Field = null, string? Constant = null, string? Template = null, string? Format = null)
{
    /// <summary>Which setting an exporter's own column has this from, for problems; null in an integration's own columns.</summary>
    public string? Origin { get; init; }

    public static ColumnSource Of(string field, string? format = null) => new(Field: field, Format: format);

    public static ColumnSource Text(string constant, string? origin = null) => new(Constant: constant) { Origin = origin };

    public static ColumnSource Line(TextSettings? texts) => new(Template: (texts ?? TextSettings.Standard).Line) { Origin = "texts.line" };

    public static ColumnSource Balance(TextSettings? texts) => new(Template: (texts ?? TextSettings.Standard).Balance) { Origin = "texts.balance" };
}

/// <summary>What a row is.</summary>
public enum RowKind
{
    /// <summary>A row for each line and one with the negative total: a voucher that sums to zero.</summary>
    LinesAndBalance,

    /// <summary>A row for each line.</summary>
    Lines,

    /// <summary>A row for each claim.</summary>
    Claims,
}

public enum Delimiter
{
    Semicolon,
    Comma,
    Tab,
    Bar,
}

public enum FileEncoding
{
    Utf8,

    /// <summary>UTF-8 with a byte order mark, by which Excel knows it.</summary>
    Utf8Bom,

    /// <summary>One byte a character; whatever it lacks rejects the claim.</summary>
    Windows1252,
}

public enum LineEnding
{
    CrLf,
    Lf,
}

public enum DecimalSign
{
    Point,
    Comma,
}

public enum Quoting
{
    /// <summary>Only cells with a delimiter, quote or line break (RFC 4180).</summary>
    WhenNeeded,

    Always,

    /// <summary>For a reader that knows no quotes: what would need them rejects its claim.</summary>
    Never,
}

public enum Alignment
{
    Left,
    Right,
}

public enum TooLong
{
    /// <summary>The claim is rejected by name.</summary>
    Reject,

    /// <summary>The end of the text is left out.</summary>
    Cut,
}

/// <summary>The one text of each choice in an integration file, in the order of the enum.</summary>
internal static class MappingWords
{
    public static readonly string[] Rows = ["lines-and-balance", "lines", "claims"];
    public static readonly string[] Delimiters = [";", ",", "\t", "|"];
    public static readonly string[] Encodings = ["utf-8", "utf-8-bom", "windows-1252"];
    public static readonly string[] LineEndings = ["crlf", "lf"];
    public static readonly string[] DecimalSigns = [".", ","];
    public static readonly string[] Quotings = ["when-needed", "always", "never"];
    public static readonly string[] Alignments = ["left", "right"];
    public static readonly string[] TooLongs = ["reject", "cut"];
    public static readonly string[] BalanceOns = ["supplier", "account"];
    public static readonly string[] PostingDates = ["approvedAt", "runDate", "lastLine"];
}
