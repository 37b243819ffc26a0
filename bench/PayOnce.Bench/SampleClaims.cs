using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using PayOnce.Claims;

namespace PayOnce.Bench;

/// <summary>
/// Claims to measure with: the n-th is the same on every machine. Ids are random UUIDs, as expense systems give them, because those
/// are the hardest for an index; 1 to 6 lines, 3.5 in the middle; approved one after the other, ten million within a year.
/// </summary>
public static class SampleClaims
{
    public const string Organisation = "bench";

    private static readonly (string Category, string Description, string? Unit)[] Kinds =
    [
        ("mileage", "Kjøring til medlem og tilbake", "km"), ("tickets", "Buss Trondheim–Røros tur-retur", null), ("per-diem", "Kurs for likepersoner, døgnsats", "day"),
        ("lodging", "Overnatting ved kurssted", "night"), ("parking", "Parkering ved sykehuset", null), ("honorarium", "Honorar for sjåføroppdrag", "hour"), ("passenger", "Passasjertillegg, én passasjer", "km"),
    ];

    private static readonly string[] Types = ["travel", "honorarium", "course"];

    public static IEnumerable<Claim> Take(int count)
    {
        for (var number = 0; number < count; number++) yield return At(number);
    }

    /// <summary>The id of the n-th claim, known without making the claim.</summary>
    public static string IdAt(int number)
    {
        Span<byte> hash = stackalloc byte[32];
        Bits(number, hash);
        return new Guid(hash[..16]).ToString("D");
    }

    private static Claim At(int number)
    {
        Span<byte> hash = stackalloc byte[32];
        Bits(number, hash);
        var lines = new ClaimLine[1 + (hash[16] % 6)];
        long total = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var (category, description, unit) = Kinds[hash[17 + i] % Kinds.Length];
            var amount = 1_000 + ((hash[23 + i] * 251L) % 90_000);
            total += amount;
            lines[i] = new ClaimLine(new DateOnly(2025, 1, 1).AddDays(number / 28_800), category, description, amount, unit is null ? null : 1 + (hash[22 - i] % 200), unit, [new Dimension("department", hash[29] % 2 == 0 ? "oslo" : "bergen")]);
        }
        var claimant = (hash[30] * 256) + hash[31];
        return new Claim(
            new Guid(hash[..16]).ToString("D"),
            new Claimant(claimant.ToString(CultureInfo.InvariantCulture), $"Kari Nordmann {claimant % 997}"),
            Types[hash[29] % Types.Length],
            "NOK",
            new DateTimeOffset(2025, 1, 2, 8, 0, 0, TimeSpan.Zero).AddSeconds(number * 3L),
            "leder@example.org",
            total,
            lines);
    }

    private static void Bits(int number, Span<byte> hash)
    {
        Span<byte> input = stackalloc byte[16];
        "payonce."u8.CopyTo(input);
        BinaryPrimitives.WriteInt64LittleEndian(input[8..], number);
        SHA256.HashData(input, hash);
    }

    /// <summary>The claims as a file of an expense system.</summary>
    public static async Task WriteAsync(string path, int count, CancellationToken cancel)
    {
        await using var file = File.Create(path);
        await ClaimsWriter.WriteAsync(file, ClaimsWriter.FormatOf(path)!.Value, Take(count), ["department"], cancel);
    }
}
