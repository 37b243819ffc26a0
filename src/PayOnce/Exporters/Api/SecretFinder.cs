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

    private const int Beginnings = 1 << 14;

    // Most texts hold no secret and are short, such as a voucher's number for each claim: which two characters a part may begin with
    // is asked first.
    private readonly bool[] beginnings = new bool[Beginnings];
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
            for (var layer = SpelledText.Of(secret); layer.TryUndoEscapes(out layer);) AddParts(new string(layer.Text));
            AddBase64(Encoding.UTF8.GetBytes(secret));
        }
    }

    public SecretFinder With(string secret) => new([.. secrets, secret]);

    /// <summary>The text with <paramref name="replacement"/> in the place of each secret.</summary>
    public string Remove(string text, string replacement)
    {
        if (secrets.Count == 0 || text.Length < ShortestSecret) return text;
        bool[]? secret = null;
        Mark(text, null, ref secret, text.Length);
        if (SpelledText.MayHoldEscapes(text))
        {
            var layer = SpelledText.Of(text);
            for (var i = 0; i < MostLayers && layer.TryUndoEscapes(out layer); i++) Mark(layer.Text, layer, ref secret, text.Length);
        }
        return secret is null ? text : Replace(text, secret, replacement);
    }

    private void Mark(ReadOnlySpan<char> layer, SpelledText? origin, ref bool[]? secret, int length)
    {
        var folded = layer.Length <= 256 ? stackalloc char[layer.Length] : new char[layer.Length];
        for (var i = 0; i < folded.Length; i++) folded[i] = Fold(layer[i]);
        for (var i = 0; i + ShortestSecret <= folded.Length; i++)
        {
            if (!beginnings[Beginning(folded[i..])]) continue;
            foreach (var (part, known) in parts)
            {
                if (i + part > folded.Length || !known.GetAlternateLookup<ReadOnlySpan<char>>().Contains(folded.Slice(i, part))) continue;
                secret ??= new bool[length];
                secret.AsSpan((origin?.Start(i) ?? i)..(origin?.End(i + part - 1) ?? (i + part))).Fill(true);
            }
        }
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
        for (var i = 0; i + length <= folded.Length; i++)
        {
            known.Add(folded.Substring(i, length));
            beginnings[Beginning(folded.AsSpan(i))] = true;
        }
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

    private static int Beginning(ReadOnlySpan<char> folded) => ((folded[0] << 7) ^ folded[1]) & (Beginnings - 1);

    // A form writes a space as plus, Base64 has two alphabets, and some systems echo in capitals.
    private static char Fold(char c) => c switch
    {
        ' ' or '+' or '-' => '-',
        '/' or '_' => '/',
        _ => char.ToUpperInvariant(c),
    };
}
