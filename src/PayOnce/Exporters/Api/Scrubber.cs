using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PayOnce.Exporters.Api;

/// <summary>
/// Takes secrets out of a text before it becomes an error, a row, a log or a screen: the secrets that it was told of, in every
/// spelling that a URL, JSON, HTML or Base64 gives them, and whatever else stands where a secret stands.
/// </summary>
public sealed partial class Scrubber
{
    /// <summary>What stands in a secret's place.</summary>
    public const string Removed = "[removed]";

    // A spelling of the longest known secret is shorter than this, so that a cut never leaves its beginning unrecognised.
    private const int Margin = 16 * 1024;

    private const string Names =
        "client[-_]?secret|client[-_]?assertion|password|passwd|pwd|secret|access[-_]?token|refresh[-_]?token|id[-_]?token|token|assertion|api[-_]?key|subscription[-_]?key|signature|sig";

    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-");

    private volatile SecretFinder finder;

    /// <param name="secrets">The integration's secrets; more may be told later.</param>
    public Scrubber(IEnumerable<string> secrets) => finder = new SecretFinder(secrets);

    /// <summary>Tells of a secret that came later, such as a token that was signed in for.</summary>
    public void Learn(string secret) => finder = finder.With(secret);

    /// <summary>The text without secrets. Doing it twice changes nothing more.</summary>
    public string Scrub(string text)
    {
        text = finder.Remove(text, Removed);
        // Nothing but letters, digits, dots and hyphens, such as an id: no pattern but that of a token of three parts fits it.
        if (!text.AsSpan().ContainsAnyExcept(Plain)) return text.Contains("eyJ", StringComparison.Ordinal) ? JsonWebToken().Replace(text, Removed) : text;
        text = PrivateKey().Replace(text, Removed);
        text = HeaderLine().Replace(text, found => found.Groups["name"].Value + Removed);
        text = QuotedMember().Replace(text, found => found.Groups["name"].Value + Removed + found.Groups["end"].Value);
        text = EscapedMember().Replace(text, found => found.Groups["name"].Value + Removed);
        text = Element().Replace(text, found => found.Groups["name"].Value + Removed);
        text = Assigned().Replace(text, found => found.Groups["name"].Value + Removed);
        text = AfterColon().Replace(text, found => LooksSecret(found.Groups["value"].ValueSpan) ? found.Groups["name"].Value + Removed : found.Value);
        text = Scheme().Replace(text, found => LooksSecret(found.Groups["value"].ValueSpan) ? found.Groups["name"].Value + Removed : found.Value);
        text = JsonWebToken().Replace(text, Removed);
        return UserInfo().Replace(text, Removed + "@");
    }

    /// <summary>The beginning of a text, without secrets and on one line: it is cleaned first and cut then.</summary>
    /// <param name="longest">Characters at most.</param>
    public string Excerpt(string text, int longest)
    {
        var clean = Scrub(text.Length > longest + Margin ? text[..(longest + Margin)] : text);
        var line = new StringBuilder(Math.Min(clean.Length, longest));
        foreach (var rune in clean.EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > longest - 1 && clean.Length > longest) return line.Append('…').ToString();
            line.Append(Steers(rune) ? " " : rune.ToString());
        }
        return line.ToString();
    }

    /// <summary>The beginning of an answer's body as <see cref="Excerpt(string, int)"/> has it.</summary>
    public string Excerpt(ReadOnlySpan<byte> utf8, int longest)
    {
        const int longestCharacter = 4;
        return Excerpt(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, (longest + Margin) * longestCharacter)]), longest);
    }

    // Control characters, and those that turn the direction of what follows or break its line.
    private static bool Steers(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    // "token expired" is a sentence, "token 9f86d081" is not.
    private static bool LooksSecret(ReadOnlySpan<char> value) => value.Length >= 24 || value.ContainsAnyInRange('0', '9');

    [GeneratedRegex(@"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[^-]|-(?!----END))*(?:-----END [A-Z ]*PRIVATE KEY-----)?", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"(?<name>\b(authorization|(set-)?cookie|x-api-key|x-functions-key|ocp-apim-subscription-key)\\*[""']?\s*[:=]\s*\\*[""']?)[^\r\n""'\\]+", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex HeaderLine();

    [GeneratedRegex($@"(?<name>({Names})[""']\s*:\s*"")(\\.|[^""\\])*(?<end>""?)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex QuotedMember();

    [GeneratedRegex($@"(?<name>({Names})\\+[""']\s*:\s*\\+[""'])(\\+[^""'\\]|[^""'\\])*", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex EscapedMember();

    [GeneratedRegex($@"(?<name><({Names})>)[^<]+", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Element();

    [GeneratedRegex($@"(?<name>({Names})[""']?\s*(=|%3d)\s*[""']?)[^\s&;,<>""']+", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Assigned();

    [GeneratedRegex($@"(?<name>({Names})\\*[""']?\s*(:|%3a)\s*\\*[""']?)(?<value>[^\s&;,<>""'\\]+)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex AfterColon();

    [GeneratedRegex(@"(?<name>\b(bearer|basic|token|negotiate|sharedkey)(\s|%20|\+)+)(?<value>[A-Za-z0-9._~+/=:-]{6,})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{6,}(\.[A-Za-z0-9_-]*){1,4}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex JsonWebToken();

    [GeneratedRegex(@"(?<=://)[^/?#\s@""'<>]+@", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();
}
