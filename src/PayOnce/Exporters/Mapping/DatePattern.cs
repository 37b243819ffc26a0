namespace PayOnce.Exporters.Mapping;

/// <summary>
/// A date format: yyyy, yy, MM, M, dd, d, and for a moment HH, mm, ss, with any of <c>- . / : space T Z</c> between them.
/// <c>Z</c>, at the end only, means that the moment is written in UTC.
/// </summary>
internal sealed class DatePattern
{
    // In the order in which they are tried; a step below this length is a token, above it a character to copy.
    private static readonly string[] Tokens = ["yyyy", "yy", "MM", "M", "dd", "d", "HH", "mm", "ss"];
    private const int DateTokens = 6;

    private readonly string format;
    private readonly byte[] steps;

    private DatePattern(string format, byte[] steps) => (this.format, this.steps) = (format, steps);

    /// <summary>Whether a moment is to be written in UTC.</summary>
    public bool Utc => format[^1] == 'Z';

    /// <summary>An upper bound of what <see cref="Write"/> writes.</summary>
    public int Longest => 2 * format.Length;

    /// <summary>Null if the text is no pattern.</summary>
    public static DatePattern? Parse(string format, bool withTime)
    {
        var separators = withTime ? "-./: TZ" : "-./";
        var steps = new List<byte>();
        for (var at = 0; at < format.Length;)
        {
            var token = Array.FindIndex(Tokens, word => format.AsSpan(at).StartsWith(word, StringComparison.Ordinal));
            if (token >= 0 && (withTime || token < DateTokens))
            {
                steps.Add((byte)token);
                at += Tokens[token].Length;
                continue;
            }
            var separator = format[at++];
            if (!separators.Contains(separator, StringComparison.Ordinal) || (separator == 'Z' && at < format.Length)) return null;
            steps.Add((byte)separator);
        }
        return steps.Exists(step => step < Tokens.Length) ? new DatePattern(format, [.. steps]) : null;
    }

    /// <summary>Writes into <paramref name="target"/>, which has room for <see cref="Longest"/>, and returns the length.</summary>
    public int Write(DateTime moment, Span<byte> target)
    {
        var at = 0;
        var (year, month, day) = moment;
        foreach (var step in steps)
        {
            switch (step)
            {
                case 0:
                    Two(target, ref at, year / 100);
                    Two(target, ref at, year % 100);
                    break;
                case 1: Two(target, ref at, year % 100); break;
                case 2: Two(target, ref at, month); break;
                case 3: OneOrTwo(target, ref at, month); break;
                case 4: Two(target, ref at, day); break;
                case 5: OneOrTwo(target, ref at, day); break;
                case 6: Two(target, ref at, moment.Hour); break;
                case 7: Two(target, ref at, moment.Minute); break;
                case 8: Two(target, ref at, moment.Second); break;
                default: target[at++] = step; break;
            }
        }
        return at;
    }

    private static void Two(Span<byte> target, ref int at, int value)
    {
        target[at++] = (byte)('0' + value / 10);
        target[at++] = (byte)('0' + value % 10);
    }

    private static void OneOrTwo(Span<byte> target, ref int at, int value)
    {
        if (value >= 10) target[at++] = (byte)('0' + value / 10);
        target[at++] = (byte)('0' + value % 10);
    }
}
