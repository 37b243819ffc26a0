using System.Buffers;
using System.Buffers.Text;

namespace PayOnce.Exporters.Mapping;

/// <summary>The fast way: exactly what <see cref="Claims.ClaimLines"/> writes when no text has an escape.</summary>
internal sealed partial class LineScanner
{
    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("0123456789.-"u8);

    // False where the text is anything else; what was read until then is thrown away by the caller.
    private bool ReadCanonical(ReadOnlySpan<byte> text)
    {
        var at = 0;
        if (!Skip(text, ref at, "["u8)) return false;
        if (text.SequenceEqual("[]"u8)) return true;
        while (ReadCanonicalLine(text, ref at, ref NextLine()))
        {
            if (Skip(text, ref at, ","u8)) continue;
            return Skip(text, ref at, "]"u8) && at == text.Length;
        }
        return false;
    }

    private bool ReadCanonicalLine(ReadOnlySpan<byte> text, ref int at, ref LineView line)
    {
        if (!Skip(text, ref at, "{\"date\":\""u8) || !Quoted(text, ref at, out line.Date)) return false;
        if (!Skip(text, ref at, ",\"category\":\""u8) || !Quoted(text, ref at, out line.Category)) return false;
        if (!Skip(text, ref at, ",\"description\":\""u8) || !Quoted(text, ref at, out line.Description)) return false;
        if (!Skip(text, ref at, ",\"amountMinor\":"u8) || !Utf8Parser.TryParse(text[at..], out line.AmountMinor, out var used)) return false;
        at += used;
        if (Skip(text, ref at, ",\"quantity\":"u8))
        {
            var length = text[at..].IndexOfAnyExcept(NumberBytes);
            if (length <= 0) return false;
            line.Quantity = new Slice(at, length, Unescaped: false);
            at += length;
        }
        if (Skip(text, ref at, ",\"unit\":\""u8) && !Quoted(text, ref at, out line.Unit)) return false;
        if (Skip(text, ref at, ",\"dimensions\":{"u8))
        {
            do
            {
                if (!Skip(text, ref at, "\""u8) || !Quoted(text, ref at, out var name)) return false;
                if (!Skip(text, ref at, ":\""u8) || !Quoted(text, ref at, out var value)) return false;
                AddDimension(name, value);
                line.Dimensions++;
            }
            while (Skip(text, ref at, ","u8));
            if (!Skip(text, ref at, "}"u8)) return false;
        }
        return Skip(text, ref at, "}"u8);
    }

    private static bool Skip(ReadOnlySpan<byte> text, ref int at, ReadOnlySpan<byte> word)
    {
        if (!text[at..].StartsWith(word)) return false;
        at += word.Length;
        return true;
    }

    // From behind the opening quote to behind the closing one.
    private static bool Quoted(ReadOnlySpan<byte> text, ref int at, out Slice slice)
    {
        var length = text[at..].IndexOfAny((byte)'"', (byte)'\\');
        slice = new Slice(at, Math.Max(0, length), Unescaped: false);
        if (length < 0 || text[at + length] != '"') return false;
        at += length + 1;
        return true;
    }
}
