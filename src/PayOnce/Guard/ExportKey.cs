using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace PayOnce.Guard;

/// <summary>
/// The claim's own reference at the accounting system, derived from organisation, claim and generation alone: any machine, run
/// or restored database computes the same.
/// </summary>
/// <remarks>
/// Sixteen of twenty upper-case consonants, 69 bits. Upper-case letters only, because Business Central upper-cases and trims code
/// fields and increments the last number in a document number (facts on Dynamics 1.6, 1.11); sixteen, because the smallest field
/// it must fit holds twenty; no vowels, so that no key spells a word.
/// </remarks>
public static class ExportKey
{
    /// <summary>Characters in every key.</summary>
    public const int Length = 16;

    private const string Alphabet = "BCDFGHJKLMNPQRSTVWXZ";

    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet);

    /// <summary>The key of a claim's generation. Ids that differ only in case give the same key, since the accounting systems cannot tell them apart.</summary>
    public static string Derive(string organisationId, string claimId, int generation)
    {
        const int usual = 256;
        var most = Encoding.UTF8.GetMaxByteCount(organisationId.Length + claimId.Length) + 64;
        var input = most <= usual ? stackalloc byte[usual] : new byte[most];
        Utf8.TryWrite(input, CultureInfo.InvariantCulture, $"payonce.export-key.1\n{organisationId}\n{Fold(claimId)}\n{generation}", out var length);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..length], hash);
        // The first half of the hash as a number, in four parts: a division of the whole by twenty, sixteen times, costs more than
        // the hash itself. Twenty to the seventh still fits a part, so that three divisions are enough.
        Span<uint> number = stackalloc uint[4];
        for (var i = 0; i < number.Length; i++) number[i] = BinaryPrimitives.ReadUInt32BigEndian(hash[(4 * i)..]);
        Span<char> key = stackalloc char[Length];
        var digits = 0u;
        for (var i = 0; i < Length; i++)
        {
            if (i % 7 == 0) digits = Divide(number, 20 * 20 * 20 * 20 * 20 * 20 * 20);
            key[i] = Alphabet[(int)(digits % (uint)Alphabet.Length)];
            digits /= (uint)Alphabet.Length;
        }
        return new string(key);
    }

    /// <summary>Whether a reference found at an accounting system could be an export key.</summary>
    public static bool HasForm(string reference) => reference.Length == Length && reference.All(c => Alphabet.Contains(c, StringComparison.Ordinal));

    /// <summary>Divides a number, highest part first, in place, and returns the remainder.</summary>
    private static uint Divide(Span<uint> number, uint by)
    {
        ulong rest = 0;
        for (var i = 0; i < number.Length; i++)
        {
            rest = (rest << 32) | number[i];
            number[i] = (uint)(rest / by);
            rest %= by;
        }
        return (uint)rest;
    }

    /// <summary>Whether a text has the shape of a key: what an accounting system lists is not all ours.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text) => text.Length == Length && !text.ContainsAnyExcept(Letters);

    /// <summary>How the accounting systems see an id: without case.</summary>
    public static string Fold(string claimId) => claimId.ToUpperInvariant();
}
