namespace PayOnce.Claims.Forms;

/// <summary>A receipt that is with a form.</summary>
/// <param name="Number">From 1 in its form; never used again in it.</param>
/// <param name="Name">The file's name as its claimant knows it; only ever shown.</param>
/// <param name="Sha256">Of its bytes, lower-case hexadecimal.</param>
public sealed record ReceiptInfo(int Number, string Name, ReceiptType Type, long Bytes, string Sha256, DateTimeOffset AddedAt);

/// <summary>A receipt to be kept.</summary>
/// <param name="Type">As <see cref="ReceiptCheck"/> found it in the bytes.</param>
public sealed record NewReceipt(string Name, ReceiptType Type, ReadOnlyMemory<byte> Content)
{
    /// <summary>10 MB: a photo of a phone with room to spare.</summary>
    public const int LargestBytes = 10_000_000;

    /// <summary>Of one form.</summary>
    public const int MostReceipts = 10;

    public const int LongestName = 100;

    /// <summary>A row of the store.</summary>
    internal const int ChunkBytes = 256 * 1024;

    /// <summary>The bytes as the store keeps them.</summary>
    internal IEnumerable<ReadOnlyMemory<byte>> Chunks()
    {
        for (var at = 0; at < Content.Length; at += ChunkBytes) yield return Content.Slice(at, Math.Min(ChunkBytes, Content.Length - at));
    }
}

/// <summary>What a receipt can be.</summary>
public enum ReceiptType
{
    Pdf,
    Jpeg,
    Png,
}

public static class ReceiptTypes
{
    public static string ContentType(this ReceiptType type) => type switch
    {
        ReceiptType.Pdf => "application/pdf",
        ReceiptType.Jpeg => "image/jpeg",
        ReceiptType.Png => "image/png",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    public static string Extension(this ReceiptType type) => type switch
    {
        ReceiptType.Pdf => "pdf",
        ReceiptType.Jpeg => "jpg",
        ReceiptType.Png => "png",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    public static ReceiptType Parse(string contentType) => contentType switch
    {
        "application/pdf" => ReceiptType.Pdf,
        "image/jpeg" => ReceiptType.Jpeg,
        "image/png" => ReceiptType.Png,
        _ => throw new FormatException($"\"{contentType}\" is no type of a receipt."),
    };
}
