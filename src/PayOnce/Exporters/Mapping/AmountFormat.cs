using System.Buffers.Text;

namespace PayOnce.Exporters.Mapping;

/// <summary>How an amount in minor units is written. Never through a floating-point number or a culture.</summary>
internal enum AmountFormat
{
    /// <summary><c>-1250.50</c>, with the file's decimal sign.</summary>
    Decimal,

    /// <summary><c>+1250.50</c>: always a sign.</summary>
    Signed,

    /// <summary><c>1250.50-</c>: a minus behind.</summary>
    TrailingSign,

    /// <summary><c>-125050</c>: minor units.</summary>
    Minor,

    /// <summary><c>+125050</c>.</summary>
    SignedMinor,
}

internal static class AmountFormats
{
    /// <summary>The amount without its sign; also of the lowest 64-bit number, which has no positive counterpart.</summary>
    public static ulong Magnitude(long minor) => minor < 0 ? unchecked((ulong)-minor) : (ulong)minor;

    /// <summary>The words of a mapping, in the order of the enum.</summary>
    public static readonly string[] Words = ["decimal", "signed", "trailing-sign", "minor", "signed-minor"];

    /// <summary>Twenty digits, a decimal sign and a sign, rounded up.</summary>
    public const int Longest = 24;

    /// <summary>Writes an amount without its sign, and the sign where the format has it, into <paramref name="target"/>, which has room for <see cref="Longest"/>. Returns the length.</summary>
    public static int Write(ulong magnitude, bool negative, AmountFormat format, byte decimalSign, Span<byte> target)
    {
        var at = 0;
        if (negative && format != AmountFormat.TrailingSign) target[at++] = (byte)'-';
        else if (format is AmountFormat.Signed or AmountFormat.SignedMinor) target[at++] = (byte)'+';
        var inMinor = format is AmountFormat.Minor or AmountFormat.SignedMinor;
        Utf8Formatter.TryFormat(inMinor ? magnitude : magnitude / 100, target[at..], out var written);
        at += written;
        if (!inMinor)
        {
            var cents = (int)(magnitude % 100);
            target[at++] = decimalSign;
            target[at++] = (byte)('0' + cents / 10);
            target[at++] = (byte)('0' + cents % 10);
        }
        if (negative && format == AmountFormat.TrailingSign) target[at++] = (byte)'-';
        return at;
    }
}
