using System.Text;

namespace PayOnce.Exporters.Api;

/// <summary>
/// Finds known secrets in a text however they are spelt there: it undoes percent, JSON and HTML escapes layer by layer, looks at
/// each layer for the secrets and for their Base64, and knows from which characters of the text each one came.
/// </summary>
internal sealed class SecretFinder
{
    // Of a long secret any so long part is as bad as the whole: an echo may be cut.
    private const int PartLength = 12;

    // Less than this is no secret, and would take every text apart.
    private const int ShortestSecret = 4;

    private const int MostLayers = 5;

    private readonly Dictionary<int, HashSet<string>> parts = [];
    private readonly List<string> secrets = [];

    public SecretFinder(IEnumerable<string> secrets)
    {
        foreach (var secret in secrets)
        {
            if (secret.Length < ShortestSecret || this.secrets.Contains(secret, StringComparer.Ordinal)) continue;
            this.secrets.Add(secret);
            AddParts(secret);
            // A secret that itself looks escaped is undone along with the escapes round it.
            for (var layer = SpelledText.Of(secret); layer.TryUndoEscapes(out layer);) AddParts(layer.ToString());
            AddBase64(Encoding.UTF8.GetBytes(secret));
        }
    }

    public SecretFinder With(string secret) => new([.. secrets, secret]);

    /// <summary>The text with <paramref name="replacement"/> in the place of each secret.</summary>
    public string Remove(string text, string replacement)
    {
        if (secrets.Count == 0 || text.Length == 0) return text;
        var secret = new bool[text.Length];
        var any = false;
        var layer = SpelledText.Of(text);
        for (var i = 0; i < MostLayers; i++)
        {
            any |= Mark(layer, secret);
            if (!layer.TryUndoEscapes(out layer)) break;
        }
        return any ? Replace(text, secret, replacement) : text;
    }

    private bool Mark(SpelledText layer, bool[] secret)
    {
        var any = false;
        var folded = new char[layer.Length];
        for (var i = 0; i < folded.Length; i++) folded[i] = Fold(layer[i]);
        foreach (var (length, known) in parts)
        {
            var lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
            for (var i = 0; i + length <= folded.Length; i++)
            {
                if (!lookup.Contains(folded.AsSpan(i, length))) continue;
                any = true;
                secret.AsSpan(layer.Start(i)..layer.End(i + length - 1)).Fill(true);
            }
        }
        return any;
    }

    private static string Replace(string text, bool[] secret, string replacement)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (!secret[i]) result.Append(text[i]);
            else if (i == 0 || !secret[i - 1]) result.Append(replacement);
        }
        return result.ToString();
    }

    private void AddParts(string spelling)
    {
        if (spelling.Length < ShortestSecret) return;
        var length = Math.Min(spelling.Length, PartLength);
        if (!parts.TryGetValue(length, out var known)) parts.Add(length, known = new HashSet<string>(StringComparer.Ordinal));
        var folded = string.Create(spelling.Length, spelling, (chars, from) =>
        {
            for (var i = 0; i < chars.Length; i++) chars[i] = Fold(from[i]);
        });
        for (var i = 0; i + length <= folded.Length; i++) known.Add(folded.Substring(i, length));
    }

    // In the Base64 of a longer text, such as "user:secret", the secret begins at any of three places of a group; the characters
    // that its neighbours share with it are left out.
    private void AddBase64(byte[] secret)
    {
        for (var before = 0; before < 3; before++)
        {
            byte[] padded = [.. new byte[before], .. secret];
            var whole = padded.Length / 3 * 4;
            var first = before == 0 ? 0 : before + 1;
            var encoded = Convert.ToBase64String(padded);
            AddParts(encoded[first..Math.Max(first, whole + (padded.Length % 3))]);
        }
    }

    // A form writes a space as plus, Base64 has two alphabets, and some systems echo in capitals.
    private static char Fold(char c) => c switch
    {
        ' ' or '+' or '-' => '-',
        '/' or '_' => '/',
        _ => char.ToUpperInvariant(c),
    };
}
