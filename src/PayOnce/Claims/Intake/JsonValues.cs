using System.Buffers;

namespace PayOnce.Claims.Intake;

/// <summary>What stands next in a JSON file.</summary>
internal enum JsonPiece
{
    /// <summary>A value lies whole in the buffer.</summary>
    Value,

    /// <summary>A value that is larger than may be buffered; only its start is there.</summary>
    TooLarge,

    /// <summary>Something between the values that is no JSON.</summary>
    Broken,

    /// <summary>The file ends within a value.</summary>
    CutOff,

    /// <summary>The file ends between two values of an array that is not closed.</summary>
    NotClosed,

    End,
}

/// <summary>
/// Cuts a JSON file into the elements of its one array, or into its lines (JSON Lines), without buffering more than one of them.
/// Whether what lies between a value's first and last byte is JSON is for the caller's parser to say.
/// </summary>
internal sealed class JsonValues(InputBuffer input)
{
    /// <summary>The largest element or line, in bytes: some 500 lines with long texts.</summary>
    public const int LargestValue = 1 << 20;

    private static ReadOnlySpan<byte> Space => " \t\r\n"u8;

    private readonly JsonExtent extent = new();
    private bool opened;
    private bool closed;
    private bool first = true;

    /// <summary>The file is one array; otherwise it is JSON Lines.</summary>
    public bool IsArray { get; private set; }

    /// <summary>The piece's bytes: the whole value, or the start of one that is too large or cut off.</summary>
    public ReadOnlySpan<byte> Current => input.Unread[..Length];

    /// <summary>How many bytes the piece has.</summary>
    public int Length { get; private set; }

    /// <summary>A line at the end of the file, without a line break, that stops within an object.</summary>
    public bool IsUnfinishedLine => !IsArray && input.AtEnd && Length == input.Unread.Length && new JsonExtent().Find(Current) < 0;

    /// <summary>Where the piece begins.</summary>
    public long Line => input.Line;

    /// <summary>Goes on behind the piece before.</summary>
    public ValueTask<JsonPiece> NextAsync(CancellationToken cancel)
    {
        if (!opened)
        {
            opened = true;
            IsArray = input.Unread[0] == '[';
            if (IsArray) input.Advance(1);
        }
        input.Advance(Length);
        Length = 0;
        return IsArray ? NextElementAsync(cancel) : NextLineAsync(cancel);
    }

    /// <summary>Passes over a value that is too large, without keeping it.</summary>
    /// <returns>The line it ends on, or null if the file ends first.</returns>
    public async ValueTask<long?> SkipAsync(CancellationToken cancel)
    {
        Length = 0;
        while (true)
        {
            var end = IsArray ? extent.Find(input.Unread) : input.Unread.IndexOf((byte)'\n');
            if (end >= 0)
            {
                input.Advance(end);
                return input.Line;
            }
            extent.Forget(input.Unread.Length);
            input.Advance(input.Unread.Length);
            if (!await input.FillAsync(cancel)) return IsArray ? null : input.Line;
        }
    }

    private async ValueTask<JsonPiece> NextLineAsync(CancellationToken cancel)
    {
        if (!await ToTextAsync(cancel)) return JsonPiece.End;
        var scanned = 0;
        while (true)
        {
            var end = input.Unread[scanned..].IndexOf((byte)'\n');
            scanned = end < 0 ? input.Unread.Length : scanned + end;
            Length = scanned;
            if (end >= 0) return JsonPiece.Value;
            if (input.Full) return JsonPiece.TooLarge;
            if (!await input.FillAsync(cancel)) return JsonPiece.Value;
        }
    }

    private async ValueTask<JsonPiece> NextElementAsync(CancellationToken cancel)
    {
        if (!await ToTextAsync(cancel)) return closed ? JsonPiece.End : JsonPiece.NotClosed;
        if (closed) return JsonPiece.Broken;
        var next = input.Unread[0];
        if (next == ']')
        {
            closed = true;
            input.Advance(1);
            return await ToTextAsync(cancel) ? JsonPiece.Broken : JsonPiece.End;
        }
        if (!first)
        {
            if (next != ',') return JsonPiece.Broken;
            input.Advance(1);
            if (!await ToTextAsync(cancel)) return JsonPiece.NotClosed;
            next = input.Unread[0];
        }
        first = false;
        return next is (byte)',' or (byte)']' or (byte)'}' or (byte)':' ? JsonPiece.Broken : await ElementAsync(cancel);
    }

    private async ValueTask<JsonPiece> ElementAsync(CancellationToken cancel)
    {
        extent.Restart();
        while (true)
        {
            var end = extent.Find(input.Unread);
            Length = end < 0 ? input.Unread.Length : end;
            if (end >= 0) return JsonPiece.Value;
            if (input.Full) return JsonPiece.TooLarge;
            if (!await input.FillAsync(cancel)) return JsonPiece.CutOff;
        }
    }

    /// <summary>Steps over white space; false at the end of the file.</summary>
    private async ValueTask<bool> ToTextAsync(CancellationToken cancel)
    {
        while (true)
        {
            var text = input.Unread.IndexOfAnyExcept(Space);
            input.Advance(text < 0 ? input.Unread.Length : text);
            if (text >= 0) return true;
            if (!await input.FillAsync(cancel)) return false;
        }
    }
}

/// <summary>
/// Finds where a JSON value ends, by strings and brackets alone, and goes on where it stopped when more has been read.
/// </summary>
internal sealed class JsonExtent
{
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> Delimiters = SearchValues.Create(",]} \t\r\n"u8);

    private int position;
    private int depth;
    private bool inString;

    public void Restart()
    {
        position = 0;
        depth = 0;
        inString = false;
    }

    /// <summary>The first bytes are gone.</summary>
    public void Forget(int count) => position -= count;

    /// <summary>The offset behind the value's last byte, or -1 if it does not end in these bytes.</summary>
    public int Find(ReadOnlySpan<byte> bytes)
    {
        while (position < bytes.Length)
        {
            var rest = bytes[position..];
            if (inString)
            {
                var stop = rest.IndexOfAny((byte)'"', (byte)'\\');
                if (stop < 0) break;
                // An escape takes the next byte with it, which may not have been read yet: the position then lies behind the end.
                position += stop + (rest[stop] == '\\' ? 2 : 1);
                if (rest[stop] == '\\') continue;
                inString = false;
                if (depth == 0) return position;
                continue;
            }
            if (depth == 0 && rest[0] is not ((byte)'"' or (byte)'{' or (byte)'['))
            {
                var end = rest.IndexOfAny(Delimiters);
                if (end < 0) break;
                return position += end;
            }
            var next = rest.IndexOfAny(Structure);
            if (next < 0) break;
            position += next + 1;
            switch (rest[next])
            {
                case (byte)'"': inString = true; break;
                case (byte)'{' or (byte)'[': depth++; break;
                default: depth--; break;
            }
            if (depth == 0 && !inString) return position;
        }
        position = Math.Max(position, bytes.Length);
        return -1;
    }
}
