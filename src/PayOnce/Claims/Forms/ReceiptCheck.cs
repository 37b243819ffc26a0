using System.Buffers.Binary;

namespace PayOnce.Claims.Forms;

/// <summary>What stands against a file as a receipt.</summary>
public enum ReceiptFault
{
    Empty,

    /// <summary>Larger than <see cref="NewReceipt.LargestBytes"/>.</summary>
    TooLarge,

    /// <summary>Neither PDF nor JPEG nor PNG, whatever its name says.</summary>
    WrongType,

    /// <summary>It begins as one of them and is not one to its end: cut off, or something else is in it or behind it.</summary>
    Damaged,

    /// <summary>A picture of more than <see cref="ReceiptCheck.MostPixels"/>, or a PDF packed over and over: small as a file, and larger than a viewer's memory when it is opened.</summary>
    Bomb,

    /// <summary>A PDF that runs programs, holds other files, or is encrypted.</summary>
    Active,
}

/// <summary>
/// What a file is, by its bytes alone: its first ones and its structure to the end. Nothing is unpacked or drawn. A file that is two
/// things at once, say a picture with an archive behind it, is none of them here.
/// </summary>
public static class ReceiptCheck
{
    /// <summary>Twice what a good phone takes.</summary>
    public const long MostPixels = 100_000_000;

    private const int LongestSide = 30_000;
    private const int EndOfPdf = 1024;

    // Behind the picture of a phone others of its kind may stand (CIPA DC-007), and what its maker adds; archives and programs do not.
    private static readonly byte[][] NotBehindAPicture = [[(byte)'P', (byte)'K', 3, 4], [(byte)'P', (byte)'K', 5, 6], [.. "%PDF-"u8], [.. "Rar!"u8], [.. "<html"u8], [.. "<script"u8], [.. "<?php"u8], [0x7F, (byte)'E', (byte)'L', (byte)'F'], [.. "This program cannot be run"u8]];

    // Names of PDF (ISO 32000-1, tables 29, 31, 45, 198) that make a document do something.
    private static readonly byte[][] Actions = [[.. "/JavaScript"u8], [.. "/JS("u8], [.. "/JS "u8], [.. "/JS<"u8], [.. "/Launch"u8], [.. "/EmbeddedFile"u8], [.. "/RichMedia"u8], [.. "/SubmitForm"u8], [.. "/ImportData"u8], [.. "/Encrypt"u8]];

    /// <summary>The type, or what stands against it.</summary>
    public static (ReceiptType? Type, ReceiptFault? Fault) Look(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty) return (null, ReceiptFault.Empty);
        if (file.Length > NewReceipt.LargestBytes) return (null, ReceiptFault.TooLarge);
        if (file.StartsWith("%PDF-"u8)) return Answer(ReceiptType.Pdf, Pdf(file));
        if (file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A])) return Answer(ReceiptType.Png, Png(file));
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return Answer(ReceiptType.Jpeg, Jpeg(file));
        return (null, ReceiptFault.WrongType);

        static (ReceiptType?, ReceiptFault?) Answer(ReceiptType type, ReceiptFault? fault) => fault is null ? (type, null) : (null, fault);
    }

    private static ReceiptFault? Pdf(ReadOnlySpan<byte> file)
    {
        if (file.Length < 64 || file[5] is not ((byte)'1' or (byte)'2') || file[6] != '.') return ReceiptFault.Damaged;
        var tail = file[^Math.Min(EndOfPdf, file.Length)..];
        var end = tail.LastIndexOf("%%EOF"u8);
        if (end < 0 || tail.LastIndexOf("startxref"u8) < 0) return ReceiptFault.Damaged;
        foreach (var each in tail[(end + 5)..])
        {
            if (each is not (0x00 or (byte)'\t' or (byte)'\n' or 0x0C or (byte)'\r' or (byte)' ')) return ReceiptFault.Damaged;
        }
        if (file.IndexOf((ReadOnlySpan<byte>)[(byte)'P', (byte)'K', 5, 6]) >= 0) return ReceiptFault.Damaged;
        foreach (var action in Actions)
        {
            if (file.IndexOf(action) >= 0) return ReceiptFault.Active;
        }
        return PacksTwice(file) ? ReceiptFault.Bomb : null;
    }

    // A thousandfold of a thousandfold: a filter behind the same filter serves nothing else.
    private static bool PacksTwice(ReadOnlySpan<byte> file)
    {
        var name = "/FlateDecode"u8;
        for (int at; (at = file.IndexOf(name)) >= 0;)
        {
            file = file[(at + name.Length)..];
            if (file.TrimStart(" \t\r\n"u8).StartsWith(name)) return true;
        }
        return false;
    }

    // PNG (third edition) §5: chunks of length, type, data and checksum; IHDR first, IEND last, and nothing behind it.
    private static ReceiptFault? Png(ReadOnlySpan<byte> file)
    {
        var rest = file[8..];
        var first = true;
        var hasData = false;
        while (rest.Length >= 12)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - 12) return ReceiptFault.Damaged;
            var type = rest.Slice(4, 4);
            var data = rest.Slice(8, (int)length);
            rest = rest[(12 + (int)length)..];
            if (first)
            {
                if (!type.SequenceEqual("IHDR"u8) || length != 13) return ReceiptFault.Damaged;
                if (Pixels(BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..])) is { } fault) return fault;
            }
            first = false;
            if (type.SequenceEqual("IDAT"u8)) hasData = true;
            // Packed text and colour profiles unpack to anything; a receipt has neither.
            if (type.SequenceEqual("zTXt"u8) || (type.SequenceEqual("iCCP"u8) && length > 1_000_000)) return ReceiptFault.Bomb;
            if (type.SequenceEqual("IEND"u8)) return hasData && length == 0 && rest.IsEmpty ? null : ReceiptFault.Damaged;
        }
        return ReceiptFault.Damaged;
    }

    // JPEG (ITU-T T.81) annex B: segments of marker and length; behind a start of scan, data in which FF is followed by 00 or a restart.
    private static ReceiptFault? Jpeg(ReadOnlySpan<byte> file)
    {
        var at = 2;
        var hasFrame = false;
        var hasScan = false;
        while (at + 4 <= file.Length)
        {
            if (file[at] != 0xFF) return ReceiptFault.Damaged;
            var marker = file[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            if (marker is 0x01 or (>= 0xD0 and <= 0xD8) or 0x00) return ReceiptFault.Damaged;
            if (marker == 0xD9) break;
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || at + 2 + length > file.Length) return ReceiptFault.Damaged;
            var segment = file.Slice(at + 4, length - 2);
            at += 2 + length;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (segment.Length < 6) return ReceiptFault.Damaged;
                if (Pixels(BinaryPrimitives.ReadUInt16BigEndian(segment[3..]), BinaryPrimitives.ReadUInt16BigEndian(segment[1..])) is { } fault) return fault;
                hasFrame = true;
            }
            if (marker != 0xDA) continue;
            if (!hasFrame) return ReceiptFault.Damaged;
            hasScan = true;
            while (at + 1 < file.Length && (file[at] != 0xFF || file[at + 1] is 0x00 or (>= 0xD0 and <= 0xD7))) at += file[at] == 0xFF ? 2 : 1;
        }
        if (!hasScan || at + 2 > file.Length || file[at] != 0xFF || file[at + 1] != 0xD9) return ReceiptFault.Damaged;
        var behind = file[(at + 2)..];
        if (behind.StartsWith("MZ"u8) || behind.StartsWith("#!"u8)) return ReceiptFault.Damaged;
        foreach (var other in NotBehindAPicture)
        {
            if (behind.IndexOf(other) >= 0) return ReceiptFault.Damaged;
        }
        return null;
    }

    private static ReceiptFault? Pixels(uint width, uint height) =>
        width == 0 || height == 0 ? ReceiptFault.Damaged
        : width > LongestSide || height > LongestSide || (long)width * height > MostPixels ? ReceiptFault.Bomb
        : null;
}
