using System.Buffers;
using System.Globalization;
using System.Text;

namespace PayOnce.Exporters.Mapping;

/// <summary>What holds for every text that goes to an accounting system, in a cell or in JSON.</summary>
internal static class TextRules
{
    /// <summary>The length in UTF-16 units, as the accounting systems count; -1 with the rule if no file of this encoding can hold the text.</summary>
    public static int Measure(ReadOnlySpan<byte> utf8, bool windows1252, out string rule)
    {
        rule = "";
        var length = 0;
        for (var rest = utf8; !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf8(rest, out var rune, out var used) != OperationStatus.Done)
            {
                rule = "is not Unicode text";
                return -1;
            }
            if (Rune.IsControl(rune) && rune.Value is not ('\t' or '\r' or '\n'))
            {
                rule = "must have no control characters";
                return -1;
            }
            if (windows1252 && !Windows1252.TryEncode(rune, out _))
            {
                rule = $"has the character {Problem.Printable(rune.ToString())} (U+{rune.Value.ToString("X4", CultureInfo.InvariantCulture)}), which Windows-1252 does not have";
                return -1;
            }
            length += rune.Utf16SequenceLength;
            rest = rest[used..];
        }
        return length;
    }

    /// <summary>The beginning of a text, at most so many UTF-16 units, no character cut in two.</summary>
    public static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> utf8, int longest, out int length)
    {
        length = 0;
        var end = 0;
        while (end < utf8.Length)
        {
            Rune.DecodeFromUtf8(utf8[end..], out var rune, out var used);
            if (length + rune.Utf16SequenceLength > longest) break;
            length += rune.Utf16SequenceLength;
            end += used;
        }
        return utf8[..end];
    }

    public static string TooLong(int length, int limit) => string.Create(CultureInfo.InvariantCulture, $"has {length} characters; at most {limit} are taken here");
}
