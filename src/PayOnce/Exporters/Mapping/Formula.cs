using System.Buffers;
using System.Text;

namespace PayOnce.Exporters.Mapping;

/// <summary>
/// Text that a spreadsheet would run as a formula: it begins with = + - @, a tab or a line break, or with a full-width form of
/// the four signs, also behind leading spaces and quotes. Such text gets an apostrophe in front, which a spreadsheet takes for
/// "this is text". Numbers that PayOnce writes are no such text.
/// </summary>
public static class Formula
{
    public const byte Apostrophe = (byte)'\'';

    public static bool Begins(ReadOnlySpan<byte> utf8)
    {
        while (!utf8.IsEmpty)
        {
            var first = utf8[0];
            if (first is (byte)'=' or (byte)'+' or (byte)'-' or (byte)'@' or (byte)'\t' or (byte)'\r' or (byte)'\n') return true;
            if (first is (byte)' ' or (byte)'"' or Apostrophe)
            {
                utf8 = utf8[1..];
                continue;
            }
            if (first < 0x80) return false;
            if (Rune.DecodeFromUtf8(utf8, out var rune, out var length) != OperationStatus.Done) return false;
            if (rune.Value is '＝' or '＋' or '－' or '＠') return true;
            if (!IsBlank(rune)) return false;
            utf8 = utf8[length..];
        }
        return false;
    }

    // What a reader may trim away before it looks at the first character.
    private static bool IsBlank(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value is '\u200b' or '\u2060' or '\ufeff' or '“' or '”' or '‘' or '’';
}
