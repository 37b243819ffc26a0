using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PayOnce.App.Access;

/// <summary>256 random bits as they stand in cookies, links and tokens. The store is only ever told their SHA-256: 256 bits need no slow hash.</summary>
internal static class Secret
{
    private const int Bytes = 32;

    /// <summary>43 letters, digits, <c>-</c> and <c>_</c>.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>An id of 128 random bits, in lower-case hexadecimal: names something, and is no secret.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Lower-case hexadecimal.</summary>
    public static string Sha256(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
