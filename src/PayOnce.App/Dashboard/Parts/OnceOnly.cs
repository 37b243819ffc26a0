using System.Security.Cryptography;

namespace PayOnce.App.Dashboard.Parts;

/// <summary>
/// The id that a form carries so that sending it twice does once what it says: a double click, a reload, a browser that repeats.
/// It is the idempotency key of what the form asks for.
/// </summary>
internal static class OnceOnly
{
    private const int Length = 26;

    /// <summary>A new one, for a form that is being shown.</summary>
    public static string Create() => RandomNumberGenerator.GetString("0123456789abcdefghjkmnpqrstvwxyz", Length);

    /// <summary>Whether a form's value can be one: anything else did not come from a page of ours.</summary>
    public static bool IsOne(string? act) => act is { Length: Length } && act.All(char.IsAsciiLetterOrDigit);
}
