using System.Buffers;
using System.Globalization;
using System.Text;

namespace PayOnce.Exporters.Mapping;

/// <summary>
/// One cell of a row: reads its source and writes it in the file's encoding, within the column's limits, quoted and defused as
/// the mapping says. What does not fit is a problem of the claim.
/// </summary>
internal sealed class Cell
{
    private readonly Source source;
    private readonly Column column;
    private readonly int limit;
    private readonly bool windows1252;
    private readonly bool defused;
    private readonly bool mayBeChanged;
    private readonly bool quoteAlways;
    private readonly bool quoteNever;
    private readonly bool plainWidth;
    private readonly SearchValues<byte> quotable;
    private readonly SearchValues<byte> attention;

    /// <param name="limit">The column's documented limit, or its own where that is tighter.</param>
    public Cell(Column column, Source source, ColumnMapping mapping, int limit)
    {
        (this.column, this.source) = (column, source);
        this.limit = column.Width is { } width ? Math.Min(width, limit) : limit;
        windows1252 = mapping.Encoding == FileEncoding.Windows1252;
        // What the settings say is the organisation's own word; only what comes from a claim is somebody else's.
        defused = mapping.DefuseFormulas && source.Kind is FieldKind.Text or FieldKind.Reference && source.Scope != FieldScope.Run;
        mayBeChanged = source.Kind == FieldKind.Text || mapping.Rows != RowKind.LinesAndBalance;
        quoteNever = mapping.Quoting == Quoting.Never;
        quoteAlways = mapping.Quoting == Quoting.Always || column.Quote;
        plainWidth = column.Width is null && !quoteAlways;
        var delimiter = Delimiter(mapping);
        quotable = SearchValues.Create([delimiter, (byte)'"', (byte)'\r', (byte)'\n']);
        // C2 begins the control characters from U+0080 on (and signs such as § and °, which lose nothing by more care).
        attention = SearchValues.Create([.. Enumerable.Range(0, 256).Where(b => b is < 0x20 or 0x7F or 0xC2 || (windows1252 && b >= 0x80) || b == delimiter || b == '"').Select(b => (byte)b)]);
    }

    public FieldScope Scope => source.Scope;

    public static byte Delimiter(ColumnMapping mapping) => (byte)MappingWords.Delimiters[(int)mapping.Delimiter][0];

    /// <summary>Appends the cell; false with the cursor's problem if it cannot stand there.</summary>
    public bool Write(RenderCursor cursor, OutputBuffer output)
    {
        var value = source.Read(cursor);
        if (cursor.Problem is not null) return false;
        if (value.IsEmpty && column.Required) return Reject(cursor, value, "must not be empty in this column");
        // As many bytes as the limit has characters are never more characters than that.
        if (plainWidth && value.Length <= limit && !value.ContainsAny(attention) && !(defused && Formula.Begins(value)))
        {
            output.Append(value);
            return true;
        }
        return WriteWithCare(cursor, value, output);
    }

    private bool WriteWithCare(RenderCursor cursor, ReadOnlySpan<byte> value, OutputBuffer output)
    {
        var apostrophe = defused && Formula.Begins(value);
        if (apostrophe && !mayBeChanged) return Reject(cursor, value, "begins like a spreadsheet formula, and a reference cannot be changed to make it harmless");
        var length = TextRules.Measure(value, windows1252, out var rule);
        if (length < 0) return Reject(cursor, value, rule);
        if (apostrophe) length++;
        if (length > limit)
        {
            if (column.OnTooLong == TooLong.Reject) return Reject(cursor, value, TextRules.TooLong(length, limit));
            value = TextRules.Cut(value, apostrophe ? limit - 1 : limit, out length);
            if (apostrophe) length++;
        }
        var quoted = quoteAlways || value.ContainsAny(quotable);
        if (quoted && quoteNever) return Reject(cursor, value, "has a delimiter, quote or line break, and this file is written without quotes");
        var padding = Math.Max(0, (column.Width ?? 0) - length);
        if (quoted) output.Append((byte)'"');
        var body = value;
        if (column.Align == Alignment.Right && padding > 0)
        {
            // -5 with zeros to a width of four is -005.
            if (column.Pad == '0' && source.Kind is FieldKind.Amount or FieldKind.Integer or FieldKind.Decimal && !body.IsEmpty && body[0] is (byte)'-' or (byte)'+')
            {
                output.Append(body[0]);
                body = body[1..];
            }
            output.Fill((byte)column.Pad, padding);
        }
        if (apostrophe) output.Append(Formula.Apostrophe);
        Encode(body, quoted, output);
        if (column.Align == Alignment.Left && padding > 0) output.Fill((byte)column.Pad, padding);
        if (quoted) output.Append((byte)'"');
        return true;
    }

    private void Encode(ReadOnlySpan<byte> value, bool quoted, OutputBuffer output)
    {
        if (!windows1252 && !(quoted && value.Contains((byte)'"')))
        {
            output.Append(value);
            return;
        }
        while (!value.IsEmpty)
        {
            if (value[0] == '"' && quoted) output.Append((byte)'"');
            if (value[0] < 0x80 || !windows1252)
            {
                output.Append(value[0]);
                value = value[1..];
                continue;
            }
            Rune.DecodeFromUtf8(value, out var rune, out var used);
            Windows1252.TryEncode(rune, out var encoded);
            output.Append(encoded);
            value = value[used..];
        }
    }

    private bool Reject(RenderCursor cursor, ReadOnlySpan<byte> value, string rule)
    {
        var place = source.Scope == FieldScope.Line && !cursor.IsBalance
            ? $"lines[{cursor.Row.ToString(CultureInfo.InvariantCulture)}], column {column.Name}"
            : $"column {column.Name}";
        return cursor.Reject(place, Encoding.UTF8.GetString(value), rule);
    }
}
