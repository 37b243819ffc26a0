using System.Buffers;
using System.Globalization;
using System.Text;

namespace PayOnce.Exporters.Api;

/// <summary>A text with layers of escapes undone, whose every character knows which characters of the first text it came from.</summary>
internal sealed class SpelledText
{
    private readonly List<char> text;
    private readonly List<(int Start, int End)> origin;

    private SpelledText(List<char> text, List<(int Start, int End)> origin) => (this.text, this.origin) = (text, origin);

    public ReadOnlySpan<char> Text => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(text);

    /// <summary>Whether <see cref="TryUndoEscapes"/> could find any.</summary>
    public static bool MayHoldEscapes(ReadOnlySpan<char> text) => text.ContainsAny('%', '\\', '&');

    public static SpelledText Of(string text) => new([.. text], [.. Enumerable.Range(0, text.Length).Select(i => (i, i + 1))]);

    /// <summary>Where in the first text the character begins.</summary>
    public int Start(int index) => origin[index].Start;

    /// <summary>Behind its last character there.</summary>
    public int End(int index) => origin[index].End;

    /// <summary>Undoes one layer of percent, backslash and HTML escapes; false if there is none.</summary>
    public bool TryUndoEscapes(out SpelledText inner)
    {
        inner = new SpelledText([], []);
        var all = Text;
        var undone = false;
        for (var i = 0; i < all.Length;)
        {
            var (value, used) = all[i] switch
            {
                '%' => Percent(all[i..]),
                '\\' => Backslash(all[i..]),
                '&' => Entity(all[i..]),
                _ => (null, 0),
            };
            undone |= used > 0;
            if (used == 0) (value, used) = (all[i].ToString(), 1);
            foreach (var c in value!)
            {
                inner.text.Add(c);
                inner.origin.Add((Start(i), End(i + used - 1)));
            }
            i += used;
        }
        return undone;
    }

    // A character of several bytes is several escapes in a row.
    private static (string? Value, int Used) Percent(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[4];
        var count = 0;
        while (count < bytes.Length && text.Length >= (count * 3) + 3 && text[count * 3] == '%' && byte.TryParse(text.Slice((count * 3) + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[count]))
        {
            count++;
            var status = Rune.DecodeFromUtf8(bytes[..count], out var rune, out _);
            if (status == OperationStatus.Done) return (rune.ToString(), count * 3);
            if (status == OperationStatus.InvalidData) break;
        }
        return (null, 0);
    }

    private static (string? Value, int Used) Backslash(ReadOnlySpan<char> text)
    {
        if (text.Length >= 6 && text[1] is 'u' && ushort.TryParse(text.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)) return (((char)unit).ToString(), 6);
        if (text.Length >= 4 && text[1] is 'x' && byte.TryParse(text.Slice(2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var latin)) return (((char)latin).ToString(), 4);
        return text.Length >= 2 && text[1] is '/' or '"' or '\'' or '\\' ? (text[1].ToString(), 2) : (null, 0);
    }

    private static (string? Value, int Used) Entity(ReadOnlySpan<char> text)
    {
        const int longest = 10;
        var end = text[..Math.Min(text.Length, longest)].IndexOf(';');
        if (end < 2) return (null, 0);
        var decoded = System.Net.WebUtility.HtmlDecode(text[..(end + 1)].ToString());
        return decoded[0] == '&' && decoded.Length > 1 ? (null, 0) : (decoded, end + 1);
    }
}
