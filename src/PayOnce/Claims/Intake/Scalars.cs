namespace PayOnce.Claims.Intake;

/// <summary>Amounts, quantities, dates and times from their bytes, each in exactly one way of writing it.</summary>
internal static class Scalars
{
    /// <summary>A whole number, <c>-?[0-9]+</c>. The second answer tells a number that is too large from one that is none.</summary>
    public static bool TryWhole(ReadOnlySpan<byte> text, out long value, out bool tooLarge) => TryScaled(text, decimals: 0, out value, out tooLarge);

    /// <summary>A decimal number with a point and at most two digits behind it, as minor units.</summary>
    public static bool TryAmount(ReadOnlySpan<byte> text, out long minor, out bool tooLarge) => TryScaled(text, decimals: 2, out minor, out tooLarge);

    /// <summary>A number from 0 to 999999999 with at most four decimals.</summary>
    public static bool TryQuantity(ReadOnlySpan<byte> text, out decimal value)
    {
        value = 0;
        var point = text.IndexOf((byte)'.');
        var decimals = point < 0 ? 0 : text.Length - point - 1;
        var whole = point < 0 ? text.Length : point;
        if (whole is 0 or > 9 || (point >= 0 && decimals is 0 or > 4)) return false;
        if (text[0] == '-' || !TryScaled(text, decimals, out var scaled, out _)) return false;
        value = new decimal(unchecked((int)scaled), (int)(scaled >> 32), 0, isNegative: false, (byte)decimals);
        return true;
    }

    /// <summary>A real date as yyyy-MM-dd.</summary>
    public static bool TryDate(ReadOnlySpan<byte> text, out DateOnly date)
    {
        date = default;
        if (text.Length != 10 || text[4] != '-' || text[7] != '-') return false;
        if (!TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..], out var day)) return false;
        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month)) return false;
        date = new DateOnly(year, month, day);
        return true;
    }

    /// <summary>
    /// A time as ISO 8601 with seconds and with Z or an offset: <c>2026-01-31T12:00:00Z</c>, <c>2026-01-31T13:00:00.25+01:00</c>.
    /// Without an offset a time means another one on each machine. What is finer than a microsecond is cut off.
    /// </summary>
    public static bool TryTime(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || !TryDate(text[..10], out var date)) return false;
        if (!TryDigits(text[11..13], out var hour) || !TryDigits(text[14..16], out var minute) || !TryDigits(text[17..19], out var second)) return false;
        if (hour > 23 || minute > 59 || second > 59) return false;
        var rest = text[19..];
        if (!TryFraction(ref rest, out var microseconds) || !TryOffset(rest, out var offset)) return false;
        var local = date.ToDateTime(default).Ticks + (((hour * 3600L) + (minute * 60) + second) * TimeSpan.TicksPerSecond) + (microseconds * TimeSpan.TicksPerMicrosecond);
        var ticks = local - (offset * TimeSpan.TicksPerMinute);
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks) return false;
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    private static bool TryFraction(ref ReadOnlySpan<byte> rest, out int microseconds)
    {
        microseconds = 0;
        if (rest[0] != '.') return true;
        var digits = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits is < 1 or > 9) return false;
        for (var i = 1; i <= 6; i++) microseconds = (microseconds * 10) + (i <= digits ? rest[i] - '0' : 0);
        rest = rest[(digits + 1)..];
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text is [(byte)'Z']) return true;
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':') return false;
        if (!TryDigits(text[1..3], out var hours) || !TryDigits(text[4..], out var rest) || rest > 59 || hours > 14 || (hours == 14 && rest > 0)) return false;
        minutes = ((hours * 60) + rest) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var b in text)
        {
            if (b is not (>= (byte)'0' and <= (byte)'9')) return false;
            value = (value * 10) + (b - '0');
        }
        return true;
    }

    private static bool TryScaled(ReadOnlySpan<byte> text, int decimals, out long value, out bool tooLarge)
    {
        value = 0;
        tooLarge = false;
        var negative = text is [(byte)'-', ..];
        if (negative) text = text[1..];
        var behind = -1;
        foreach (var b in text)
        {
            if (b == '.' && behind < 0 && decimals > 0) { behind = 0; continue; }
            if (b is not (>= (byte)'0' and <= (byte)'9')) return false;
            if (behind >= 0) behind++;
            // A number too large is still looked at to its end: if it is no number at all, that is what there is to say.
            if (value > (long.MaxValue - (b - '0')) / 10) tooLarge = true;
            else value = (value * 10) + (b - '0');
        }
        if (text.Length == 0 || text[0] == '.' || behind == 0 || behind > decimals) return false;
        for (var i = Math.Max(behind, 0); i < decimals; i++)
        {
            if (value > long.MaxValue / 10) tooLarge = true;
            else value *= 10;
        }
        if (negative) value = -value;
        return !tooLarge;
    }
}
