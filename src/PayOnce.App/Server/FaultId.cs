using System.Security.Cryptography;
using System.Text;

namespace PayOnce.App.Server;

/// <summary>What a person reads out to support and what stands in the log: eight letters and digits that cannot be mistaken for each other.</summary>
internal static class FaultId
{
    private const string Letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The same for the whole request.</summary>
    public static string Of(HttpContext http)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(http.TraceIdentifier + ThisStart));
        var text = string.Concat(hash.Take(8).Select(value => Letters[value % Letters.Length]));
        return $"{text[..4]}-{text[4..]}";
    }

    // The server numbers its connections from a clock of its own: two starts must not give the same ids.
    private static readonly string ThisStart = Guid.NewGuid().ToString("N");
}
