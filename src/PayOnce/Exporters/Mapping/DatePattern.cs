namespace PayOnce.Exporters.Mapping;

/// <summary>
/// A date format: yyyy, yy, MM, M, dd, d, and for a moment HH, mm, ss, with any of <c>- . / : space T Z</c> between them.
/// <c>Z</c> means that the moment is written in UTC.
/// </summary>
internal sealed class DatePattern
{
    private static readonly string[] DateTokens = ["yyyy", "yy", "MM", "M", "dd", "d"];
    private static readonly string[] TimeTokens = ["HH", "mm", "ss"];

    private readonly string[] parts;

    private DatePattern(string[] parts) => this.parts = parts;

    public bool Utc => parts.Contains("Z");

    /// <summary>Null if the text is no pattern.</summary>
    public static DatePattern? Parse(string format, bool withTime)
    {
        var parts = new List<string>();
        var rest = format.AsSpan();
        while (rest.Length > 0)
        {
            if (Token(rest, DateTokens) is { } date) parts.Add(date);
            else if (withTime && Token(rest, TimeTokens) is { } time) parts.Add(time);
            else if (rest[0] is '-' or '.' or '/' || (withTime && rest[0] is ':' or ' ' or 'T' or 'Z')) parts.Add(rest[..1].ToString());
            else return null;
            rest = rest[parts[^1].Length..];
        }
        var utc = parts.IndexOf("Z");
        return parts.Exists(part => char.IsAsciiLetter(part[0]) && part is not ("T" or "Z")) && (utc < 0 || utc == parts.Count - 1) ? new DatePattern([.. parts]) : null;
    }

    /// <summary>Writes into <paramref name="target"/>, which has room for <see cref="Longest"/>, and returns the length.</summary>
    public int Write(DateTime moment, Span<byte> target)
    {
        var at = 0;
        foreach (var part in parts)
        {
            switch (part)
            {
                case "yyyy": Digits(target, ref at, moment.Year, 4); break;
                case "yy": Digits(target, ref at, moment.Year % 100, 2); break;
                case "MM": Digits(target, ref at, moment.Month, 2); break;
                case "M": Digits(target, ref at, moment.Month, moment.Month < 10 ? 1 : 2); break;
                case "dd": Digits(target, ref at, moment.Day, 2); break;
                case "d": Digits(target, ref at, moment.Day, moment.Day < 10 ? 1 : 2); break;
                case "HH": Digits(target, ref at, moment.Hour, 2); break;
                case "mm": Digits(target, ref at, moment.Minute, 2); break;
                case "ss": Digits(target, ref at, moment.Second, 2); break;
                default: target[at++] = (byte)part[0]; break;
            }
        }
        return at;
    }

    /// <summary>An upper bound of what <see cref="Write"/> writes.</summary>
    public int Longest => parts.Sum(part => Math.Max(2, part.Length));

    private static string? Token(ReadOnlySpan<char> text, string[] tokens)
    {
        foreach (var token in tokens)
        {
            if (text.StartsWith(token, StringComparison.Ordinal)) return token;
        }
        return null;
    }

    private static void Digits(Span<byte> target, ref int at, int value, int count)
    {
        for (var i = count - 1; i >= 0; i--)
        {
            target[at + i] = (byte)('0' + value % 10);
            value /= 10;
        }
        at += count;
    }
}
