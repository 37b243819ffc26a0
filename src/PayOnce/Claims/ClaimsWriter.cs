using System.Globalization;

namespace PayOnce.Claims;

/// <summary>Writes claims.</summary>
public static class ClaimsWriter
{
    /// <summary>Minor units as a decimal number with a point and two decimals.</summary>
    internal static string Amount(Int128 minor)
    {
        var size = Int128.Abs(minor);
        return string.Create(CultureInfo.InvariantCulture, $"{(minor < 0 ? "-" : "")}{size / 100}.{(int)(size % 100):00}");
    }
}
