using System.Text;

namespace PayOnce.Exporters.Mapping;

/// <summary>
/// The code page Windows-1252: Latin-1, with 27 other characters in the rows 80 and 90. Strict: five of its places stand for
/// nothing, and what it lacks is not replaced by a question mark or a look-alike.
/// </summary>
internal static class Windows1252
{
    // From 80 to 9F; a NUL where the code page has no character.
    private const string Rows80And90 = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ";

    public static bool TryEncode(Rune rune, out byte encoded)
    {
        if (rune.Value is < 0x80 or (>= 0xA0 and <= 0xFF))
        {
            encoded = (byte)rune.Value;
            return true;
        }
        var place = rune.IsBmp ? Rows80And90.IndexOf((char)rune.Value) : -1;
        encoded = (byte)(0x80 + Math.Max(0, place));
        return place >= 0;
    }
}
