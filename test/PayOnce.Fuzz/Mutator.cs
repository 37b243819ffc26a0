using System.Text;
using System.Text.RegularExpressions;

namespace PayOnce.Fuzz;

/// <summary>Makes an input out of others: bytes, words, numbers and pieces are changed, doubled, moved and left out. The same seed gives the same inputs.</summary>
internal sealed partial class Mutator
{
    /// <summary>Longer inputs are cut: what matters in these formats shows in less.</summary>
    public const int Longest = 16 * 1024;

    private const int MostChanges = 6;

    // What has broken readers elsewhere.
    private static readonly string[] Wicked =
    [
        "null", "true", "[]", "{}", "\"\"", "[", "{", "]", "}", "\"", "\\", "\\u0000", "\\ud800", "\\udc00\\ud800", "\0", "\r", "\n", "\r\n", "\t", ",", ";", ":", "'", "\"\"\"", " ", "\u00a0", "\ufeff", "\u2028", "\u202e",
        "é", "e\u0301", "ﬁ", "😀", "\u0001", "\u007f", "\u0085", "0", "-0", "-1", "00", "0.00", "1e999", "-1e-999", "0.1e1", "1.", "+1", "12,5", "12.345678", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "18446744073709551616", "99999999999999999999999999999999", "0x10", "NaN", "0001-01-01", "9999-12-31", "2024-02-29", "2025-02-29", "2026-13-45", "2026-10-25T02:30:00", "2026-01-01T24:00:00Z", "+14:00", "=1+1", "@", "../", "%00", "{{", "}}", "{claimId}", "{dimensions.",
    ];

    private static readonly byte[][] Invalid = [[0xFF], [0xC3], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xEF, 0xBB, 0xBF], [0xFE, 0xFF]];

    private readonly Random random;
    private readonly List<byte[]> words;

    public Mutator(int seed, IEnumerable<byte[]> samples)
    {
        random = new Random(seed);
        words = [.. Wicked.Select(Encoding.UTF8.GetBytes), .. Invalid, .. samples.SelectMany(WordsOf).Distinct(StringComparer.Ordinal).Select(Encoding.Latin1.GetBytes)];
    }

    /// <summary>One of a list, later ones oftener: they were found last.</summary>
    public byte[] Choose(IReadOnlyList<byte[]> corpus) => corpus[random.Next(2) == 0 ? random.Next(corpus.Count) : Math.Max(0, corpus.Count - 1 - random.Next(Math.Min(64, corpus.Count)))];

    public byte[] Change(byte[] input, IReadOnlyList<byte[]> corpus)
    {
        var bytes = new List<byte>(input);
        for (var changes = 1 + random.Next(MostChanges); changes > 0; changes--) ChangeOnce(bytes, corpus);
        return bytes.Count <= Longest ? [.. bytes] : [.. bytes[..Longest]];
    }

    private void ChangeOnce(List<byte> bytes, IReadOnlyList<byte[]> corpus)
    {
        var at = random.Next(bytes.Count + 1);
        switch (random.Next(10))
        {
            case 0 when at < bytes.Count: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1 when at < bytes.Count: bytes[at] = (byte)random.Next(256); break;
            case 2: bytes.InsertRange(at, words[random.Next(words.Count)]); break;
            case 3: Replace(bytes, words[random.Next(words.Count)]); break;
            case 4: bytes.RemoveRange(at, random.Next(Math.Min(bytes.Count - at, Span()) + 1)); break;
            case 5: bytes.InsertRange(at, Piece(bytes)); break;
            case 6: bytes.InsertRange(at, Piece(corpus[random.Next(corpus.Count)])); break;
            case 7: bytes.RemoveRange(at, bytes.Count - at); break;
            case 8:
                var other = corpus[random.Next(corpus.Count)];
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other.AsSpan(Math.Min(other.Length, at)));
                break;
            case 9 when random.Next(8) == 0:
                var piece = Piece(bytes);
                for (var times = random.Next(200); times > 0 && bytes.Count < Longest; times--) bytes.InsertRange(Math.Min(at, bytes.Count), piece);
                break;
        }
    }

    // A word or number of the input, or what stands between two marks, gives way as a whole.
    private void Replace(List<byte> bytes, byte[] word)
    {
        if (bytes.Count == 0) return;
        var (from, to) = (random.Next(bytes.Count), 0);
        for (to = from; to < bytes.Count && !IsMark(bytes[to]); to++) { }
        for (; from > 0 && !IsMark(bytes[from - 1]); from--) { }
        bytes.RemoveRange(from, to - from);
        bytes.InsertRange(from, word);
    }

    private byte[] Piece(IReadOnlyList<byte> bytes)
    {
        if (bytes.Count == 0) return [];
        var from = random.Next(bytes.Count);
        return [.. bytes.Skip(from).Take(1 + random.Next(Math.Min(bytes.Count - from, Span())))];
    }

    private int Span() => random.Next(4) == 0 ? 2_000 : 24;

    private static bool IsMark(byte value) => value is (byte)'"' or (byte)',' or (byte)';' or (byte)':' or (byte)'{' or (byte)'}' or (byte)'[' or (byte)']' or (byte)' ' or (byte)'\n' or (byte)'\r';

    private static IEnumerable<string> WordsOf(byte[] sample) => Word().Matches(Encoding.Latin1.GetString(sample)).Select(match => match.Value);

    [GeneratedRegex("""[A-Za-z_][A-Za-z0-9_.-]{1,40}|"[^"\r\n]{1,40}"(\s*:)?|-?[0-9][0-9.:T+-]*Z?""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
