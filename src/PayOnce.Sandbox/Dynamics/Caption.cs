using System.Globalization;
using System.Text;

namespace PayOnce.Sandbox.Dynamics;

/// <summary>
/// A member of an enumeration by its caption. On the wire a character that no XML name may have is <c>_xHHHH_</c>: "G/L Account" is
/// <c>G_x002F_L_x0020_Account</c>, and blank is <c>_x0020_</c>. Requests may use either form; recorded answers use the second.
/// </summary>
internal readonly record struct Caption(string Text)
{
    public static readonly string[] AccountTypes = ["G/L Account", "Customer", "Vendor", "Bank Account", "Fixed Asset", "IC Partner", "Employee", "Allocation Account"];

    public static readonly string[] LineTypes = ["Comment", "Account", "Item", "Resource", "Fixed Asset", "Charge", "Allocation Account"];

    public static Caption Decoded(string wire)
    {
        var text = new StringBuilder(wire.Length);
        for (var i = 0; i < wire.Length; i++)
        {
            if (i + 6 < wire.Length && wire[i] == '_' && wire[i + 1] == 'x' && wire[i + 6] == '_' && ushort.TryParse(wire.AsSpan(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                text.Append((char)code);
                i += 6;
            }
            else text.Append(wire[i]);
        }
        return new Caption(text.ToString().Trim());
    }

    public string Wire()
    {
        if (Text.Length == 0) return "_x0020_";
        var wire = new StringBuilder(Text.Length + 16);
        foreach (var c in Text)
        {
            if (char.IsAsciiLetterOrDigit(c)) wire.Append(c);
            else wire.Append(CultureInfo.InvariantCulture, $"_x{(int)c:X4}_");
        }
        return wire.ToString();
    }
}
