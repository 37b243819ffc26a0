using System.Globalization;
using System.Text;

namespace PayOnce.Claims.Intake;

/// <summary>What stands next in a CSV file.</summary>
internal enum CsvPiece
{
    /// <summary>A row whose cells can be asked for.</summary>
    Row,

    /// <summary>A row that breaks the rules of quoting, on a line of its own: the next line is the next row.</summary>
    Broken,

    /// <summary>A row that is larger than may be buffered; its first cells may be there.</summary>
    TooLarge,

    /// <summary>Quotes that leave open where the next row begins, or the end of the file within quotes.</summary>
    Lost,

    End,
}

/// <summary>
/// Cuts a CSV file into rows and cells by RFC 4180, without buffering more than one row. Written by hand rather than with
/// CsvHelper, because that one works on a TextReader: invalid UTF-8 is replaced before anybody can name its place, every cell of
/// a million claims becomes a string, and a line of 100 MB is buffered before it can be refused.
/// </summary>
internal sealed class CsvRows(InputBuffer input)
{
    /// <summary>The largest row in bytes: the longest texts that keep the rules, in some eighty columns.</summary>
    public const int LargestRow = 1 << 16;

    public const string TooLarge = "is larger than 64 KiB; it was passed over";

    private (int Start, int Length, bool Doubled)[] cells = new (int, int, bool)[32];
    private byte[] unescaped = new byte[256];
    private int length;

    /// <summary>Comma or semicolon.</summary>
    public byte Delimiter { get; private set; } = (byte)',';

    /// <summary>Cells of the row.</summary>
    public int Count { get; private set; }

    /// <summary>Where the row begins.</summary>
    public long Line { get; private set; }

    /// <summary>Where the row ends: further down if a quoted cell holds line breaks.</summary>
    public long LastLine => input.LineAt(length) - (Ended ? 1 : 0);

    /// <summary>The row ends with a line break. Otherwise the file ends with it, and may have been cut off.</summary>
    public bool Ended { get; private set; }

    /// <summary>Why a row is broken or lost, in words.</summary>
    public string Why { get; private set; } = "";

    /// <summary>A cell's content, without its quotes. Valid until the next cell or row is asked for.</summary>
    public ReadOnlySpan<byte> Cell(int index)
    {
        var (start, size, doubled) = cells[index];
        var raw = input.Unread.Slice(start, size);
        return doubled ? Undoubled(raw) : raw;
    }

    /// <summary>Takes the delimiter from the line that comes next, the header: no column's name holds either.</summary>
    public async ValueTask FindDelimiterAsync(CancellationToken cancel)
    {
        while (!input.Unread.Contains((byte)'\n') && input.Unread.Length < LargestRow && await input.FillAsync(cancel)) { }
        var line = input.Unread[..Math.Min(input.Unread.Length, LargestRow)];
        var end = line.IndexOf((byte)'\n');
        Delimiter = (end < 0 ? line : line[..end]).Contains((byte)';') ? (byte)';' : (byte)',';
    }

    /// <summary>Goes on behind the row before. Empty lines are passed over.</summary>
    public ValueTask<CsvPiece> NextAsync(CancellationToken cancel)
    {
        input.Advance(length);
        length = 0;
        // Nearly every row lies in the buffer, whole: there is nothing to wait for.
        return input.Unread is [not ((byte)'\r' or (byte)'\n'), ..] && Parse() is { } piece ? new ValueTask<CsvPiece>(piece) : ReadAsync(cancel);
    }

    private async ValueTask<CsvPiece> ReadAsync(CancellationToken cancel)
    {
        while (true)
        {
            var blank = input.Unread.IndexOfAnyExcept((byte)'\r', (byte)'\n');
            input.Advance(blank < 0 ? input.Unread.Length : blank);
            if (blank >= 0) break;
            if (!await input.FillAsync(cancel)) return CsvPiece.End;
        }
        while (true)
        {
            if (Parse() is { } piece) return piece;
            await input.FillAsync(cancel);
        }
    }

    /// <summary>The row at the front of the buffer; null if more must be read first.</summary>
    private CsvPiece? Parse()
    {
        Line = input.Line;
        return input.Unread.Length < LargestRow ? Parse(input.Unread, input.AtEnd) : Parse(input.Unread[..LargestRow], final: false) ?? CsvPiece.TooLarge;
    }

    /// <summary>Passes over a row that is too large; false if the file ends within its quotes.</summary>
    public async ValueTask<bool> SkipAsync(CancellationToken cancel)
    {
        length = 0;
        Count = 0;
        var quoted = false;
        while (true)
        {
            // Every quote opens or closes: also the two that stand for one.
            var stop = quoted ? input.Unread.IndexOf((byte)'"') : input.Unread.IndexOfAny((byte)'"', (byte)'\n');
            if (stop >= 0)
            {
                var end = input.Unread[stop] == '\n';
                input.Advance(stop + 1);
                if (end) return true;
                quoted = !quoted;
                continue;
            }
            input.Advance(input.Unread.Length);
            if (await input.FillAsync(cancel)) continue;
            if (quoted) Lose(0, $"ends within a row larger than 64 KiB that begins at line {Text(Line)}");
            return !quoted;
        }
    }

    /// <summary>Null if the row does not end in these bytes; the cells that do can be asked for all the same.</summary>
    /// <param name="final">The file ends with these bytes.</param>
    private CsvPiece? Parse(ReadOnlySpan<byte> bytes, bool final)
    {
        Count = 0;
        var end = bytes.IndexOfAny((byte)'\n', (byte)'"');
        if (end >= 0 && bytes[end] == '"') return ParseQuoted(bytes, final);
        if (end < 0 && !final)
        {
            Split(bytes, bytes.Length);
            Count--;
            return null;
        }
        Split(bytes, End(bytes, end < 0 ? bytes.Length : end));
        return CsvPiece.Row;
    }

    private CsvPiece? ParseQuoted(ReadOnlySpan<byte> bytes, bool final)
    {
        var position = 0;
        while (true)
        {
            if (position < bytes.Length && bytes[position] == '"')
            {
                var start = position + 1;
                var close = FindClosing(bytes, start, final, out var doubled);
                if (close < 0) return final ? Lose(bytes.Length, $"ends within a quoted cell that begins at line {Text(input.LineAt(start))}") : null;
                Add(start, close - start, doubled);
                position = close + 1;
                if (position < bytes.Length && bytes[position] == Delimiter) { position++; continue; }
                var end = position < bytes.Length && bytes[position] == '\r' ? position + 1 : position;
                if (end == bytes.Length && !final) return null;
                if (end < bytes.Length && bytes[end] != '\n')
                {
                    // A cell over several lines that is followed by text: the quote that opened it was probably alone, and the
                    // rows in between were swallowed. Going on would leave them out without a word.
                    return bytes[start..close].Contains((byte)'\n')
                        ? Lose(position, "has a quote that closes no cell; where the next row begins cannot be told")
                        : Break(bytes, position, final, "has text behind the quote that closes a cell; a quote within a cell must be doubled");
                }
                End(bytes, end);
                return CsvPiece.Row;
            }
            var stop = bytes[position..].IndexOfAny(Delimiter, (byte)'\n', (byte)'"');
            if (stop < 0 && !final) return null;
            stop = stop < 0 ? bytes.Length : position + stop;
            if (stop < bytes.Length && bytes[stop] == '"') return Break(bytes, stop, final, "has a quote within a cell; the whole cell must be in quotes, and the quote doubled");
            var last = stop == bytes.Length || bytes[stop] == '\n';
            Add(position, (last ? End(bytes, stop) : stop) - position, doubled: false);
            if (last) return CsvPiece.Row;
            position = stop + 1;
        }
    }

    /// <summary>The quote that closes a cell, or -1 if it is not in these bytes. One at their end may be the first of two.</summary>
    private static int FindClosing(ReadOnlySpan<byte> bytes, int start, bool final, out bool doubled)
    {
        doubled = false;
        while (true)
        {
            var quote = bytes[start..].IndexOf((byte)'"');
            if (quote < 0) return -1;
            var close = start + quote;
            if (close + 1 == bytes.Length) return final ? close : -1;
            if (bytes[close + 1] != '"') return close;
            doubled = true;
            start = close + 2;
        }
    }

    public static string WrongCount(int found, int expected) => $"has {Text(found)} {(found == 1 ? "cell" : "cells")}, but the header has {Text(expected)}";

    /// <summary>A cell as well as it can be shown; a hostile one may be very long.</summary>
    public static string Loose(ReadOnlySpan<byte> cell) => Encoding.UTF8.GetString(cell.Length > 400 ? cell[..400] : cell);

    private CsvPiece? Break(ReadOnlySpan<byte> bytes, int position, bool final, string why)
    {
        var end = bytes[position..].IndexOf((byte)'\n');
        if (end < 0 && !final) return null;
        Why = why;
        End(bytes, end < 0 ? bytes.Length : position + end);
        return CsvPiece.Broken;
    }

    private CsvPiece Lose(int position, string why)
    {
        Why = why;
        Ended = false;
        length = position;
        return CsvPiece.Lost;
    }

    private void Split(ReadOnlySpan<byte> bytes, int end)
    {
        var position = 0;
        while (true)
        {
            var stop = bytes[position..end].IndexOf(Delimiter);
            if (stop < 0) break;
            Add(position, stop, doubled: false);
            position += stop + 1;
        }
        Add(position, end - position, doubled: false);
    }

    /// <summary>Notes where the row ends, and returns where its last cell does.</summary>
    private int End(ReadOnlySpan<byte> bytes, int position)
    {
        Ended = position < bytes.Length;
        length = Ended ? position + 1 : position;
        return position > 0 && bytes[position - 1] == '\r' ? position - 1 : position;
    }

    private void Add(int start, int size, bool doubled)
    {
        if (Count == cells.Length) Array.Resize(ref cells, cells.Length * 2);
        cells[Count++] = (start, size, doubled);
    }

    private static string Text(long line) => line.ToString(CultureInfo.InvariantCulture);

    private ReadOnlySpan<byte> Undoubled(ReadOnlySpan<byte> raw)
    {
        if (unescaped.Length < raw.Length) unescaped = new byte[raw.Length];
        var size = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            unescaped[size++] = raw[i];
            if (raw[i] == '"') i++;
        }
        return unescaped.AsSpan(0, size);
    }
}
