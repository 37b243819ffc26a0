namespace PayOnce.Claims.Intake;

/// <summary>
/// Finds a fødselsnummer in a text: eleven digits, possibly with a space behind the sixth, that start with a date and have both
/// check digits right. D-numbers (day + 40), H-numbers (month + 40) and Skatteetaten's synthetic ones (month + 80) count too.
/// </summary>
/// <remarks>
/// From 2032 on new numbers are given out whose first check digit no longer follows the rule; they are not found here. The number
/// has no place in a claim at all: the accounting systems know people by supplier number.
/// </remarks>
internal static class NationalNumber
{
    private const int Digits = 11;

    /// <summary>Weights of the first check digit, over the nine digits before it and itself.</summary>
    private static ReadOnlySpan<byte> First => [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];

    /// <summary>Weights of the second check digit, over the ten digits before it and itself.</summary>
    private static ReadOnlySpan<byte> Second => [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];

    public static bool IsIn(string text) => Find(text, 0).Length > 0;

    /// <summary>The text with each number's digits replaced by stars.</summary>
    public static string Mask(string text)
    {
        var (start, length) = Find(text, 0);
        if (length == 0) return text;
        var masked = text.ToCharArray();
        for (; length > 0; (start, length) = Find(text, start + length)) masked.AsSpan(start, length).Fill('*');
        return new string(masked);
    }

    private static (int Start, int Length) Find(string text, int from)
    {
        while (from <= text.Length - Digits)
        {
            var next = text.AsSpan(from).IndexOfAnyInRange('0', '9');
            if (next < 0) break;
            var start = from + next;
            var run = RunAt(text, start);
            if (run == Digits && Matches(text.AsSpan(start, Digits))) return (start, Digits);
            // Only a run of six that another of five follows may be a number written in two parts.
            if (run == 6 && start + 6 < text.Length && text[start + 6] is ' ' or '\u00a0' && RunAt(text, start + 7) == 5
                && Matches([.. text.AsSpan(start, 6), .. text.AsSpan(start + 7, 5)])) return (start, Digits + 1);
            from = start + run;
        }
        return (0, 0);
    }

    private static int RunAt(string text, int start)
    {
        var length = text.AsSpan(start).IndexOfAnyExceptInRange('0', '9');
        return length < 0 ? text.Length - start : length;
    }

    private static bool Matches(ReadOnlySpan<char> digits)
    {
        var day = Number(digits[..2]);
        var month = Number(digits[2..4]);
        return (day is >= 1 and <= 31 or >= 41 and <= 71)
            && (month is >= 1 and <= 12 or >= 41 and <= 52 or >= 81 and <= 92)
            && Sum(digits, First) % 11 == 0
            && Sum(digits, Second) % 11 == 0;
    }

    private static int Number(ReadOnlySpan<char> two) => ((two[0] - '0') * 10) + two[1] - '0';

    private static int Sum(ReadOnlySpan<char> digits, ReadOnlySpan<byte> weights)
    {
        var sum = 0;
        for (var i = 0; i < weights.Length; i++) sum += (digits[i] - '0') * weights[i];
        return sum;
    }
}
