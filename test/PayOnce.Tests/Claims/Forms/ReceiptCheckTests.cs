using System.Buffers.Binary;
using System.Text;
using PayOnce.Claims.Forms;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Claims.Forms;

/// <summary>What a receipt is, by its bytes, whatever its name says.</summary>
public sealed class ReceiptCheckTests
{
    private static readonly byte[] Pdf = Encoding.Latin1.GetBytes("%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\nxref\n0 1\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n");

    private static byte[] Jpeg(ushort width = 10, ushort height = 10, params byte[] behind)
    {
        var file = new List<byte> { 0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8 };
        file.AddRange([(byte)(height >> 8), (byte)(height & 0xFF), (byte)(width >> 8), (byte)(width & 0xFF), 1, 1, 0x11, 0]);
        file.AddRange([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 0xFF, 0x00, 3, 0xFF, 0xD0, 4, 0xFF, 0xD9]);
        file.AddRange(behind);
        return [.. file];
    }

    private static byte[] PngOf(uint width, uint height)
    {
        var file = (byte[])FormScene.Png.Clone();
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(16), width);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(20), height);
        return file;
    }

    [Fact]
    public void The_three_kinds_are_known_by_their_structure()
    {
        Assert.Equal((ReceiptType.Pdf, null), ReceiptCheck.Look(Pdf));
        Assert.Equal((ReceiptType.Png, null), ReceiptCheck.Look(FormScene.Png));
        Assert.Equal((ReceiptType.Jpeg, null), ReceiptCheck.Look(Jpeg()));
        // A phone's picture with a second one behind it.
        Assert.Equal((ReceiptType.Jpeg, null), ReceiptCheck.Look(Jpeg(10, 10, Jpeg())));
    }

    public static TheoryData<string, byte[], ReceiptFault> Bad => new()
    {
        { "nothing", [], ReceiptFault.Empty },
        { "a Windows program", [.. "MZ"u8, .. new byte[100]], ReceiptFault.WrongType },
        { "a Linux program", [0x7F, (byte)'E', (byte)'L', (byte)'F', .. new byte[100]], ReceiptFault.WrongType },
        { "a page", Encoding.UTF8.GetBytes("<html><script>alert(1)</script></html>"), ReceiptFault.WrongType },
        { "a picture of vectors", Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), ReceiptFault.WrongType },
        { "a PDF that does not begin with itself", [.. "junk"u8, .. Pdf], ReceiptFault.WrongType },
        { "a PDF cut off", Pdf[..60], ReceiptFault.Damaged },
        { "a PDF with an archive behind it", [.. Pdf, (byte)'P', (byte)'K', 3, 4, 1, 2, 3], ReceiptFault.Damaged },
        { "a PDF with an archive in it", [.. Pdf[..40], (byte)'P', (byte)'K', 5, 6, .. Pdf[40..]], ReceiptFault.Damaged },
        { "a PDF that runs", [.. Pdf[..20], .. "/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"u8, .. Pdf[20..]], ReceiptFault.Active },
        { "a PDF that starts a program", [.. Pdf[..20], .. "<< /S /Launch >>"u8, .. Pdf[20..]], ReceiptFault.Active },
        { "a PDF with a file in it", [.. Pdf[..20], .. "/EmbeddedFiles 2 0 R"u8, .. Pdf[20..]], ReceiptFault.Active },
        { "a PDF packed twice", [.. Pdf[..20], .. "/Filter [ /FlateDecode /FlateDecode ]"u8, .. Pdf[20..]], ReceiptFault.Bomb },
        { "a picture cut off", FormScene.Png[..^6], ReceiptFault.Damaged },
        { "a picture with an archive behind it", [.. FormScene.Png, (byte)'P', (byte)'K', 3, 4], ReceiptFault.Damaged },
        { "a picture whose part is longer than the file", [.. FormScene.Png[..33], 0x7F, 0xFF, 0xFF, 0xFF, .. FormScene.Png[37..]], ReceiptFault.Damaged },
        { "a picture of nothing", PngOf(0, 10), ReceiptFault.Damaged },
        { "a picture as large as a house", PngOf(29_000, 29_000), ReceiptFault.Bomb },
        { "a picture as long as a street", PngOf(1_000_000, 1), ReceiptFault.Bomb },
        { "a photo as large as a house", Jpeg(29_000, 29_000), ReceiptFault.Bomb },
        { "a photo cut off", Jpeg()[..^2], ReceiptFault.Damaged },
        { "a photo with an archive behind it", Jpeg(10, 10, (byte)'P', (byte)'K', 3, 4), ReceiptFault.Damaged },
        { "a photo with a program behind it", Jpeg(10, 10, [.. "MZ"u8]), ReceiptFault.Damaged },
        { "a photo with a page behind it", Jpeg(10, 10, [.. "  <script>"u8]), ReceiptFault.Damaged },
        { "a photo without a picture", [0xFF, 0xD8, 0xFF, 0xD9], ReceiptFault.Damaged },
        { "too much", new byte[NewReceipt.LargestBytes + 1], ReceiptFault.TooLarge },
    };

    [Theory, MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void Nothing_else_is_a_receipt(string what, byte[] file, ReceiptFault fault) => Assert.Equal((what, null, fault), (what, ReceiptCheck.Look(file).Type, ReceiptCheck.Look(file).Fault));

    /// <summary>Whatever is done to a good file, looking at it ends and throws nothing.</summary>
    [Fact]
    public void A_file_that_was_changed_anywhere_is_looked_at_without_a_fault()
    {
        var random = new Random(1);
        foreach (var good in new[] { Pdf, FormScene.Png, Jpeg() })
        {
            for (var i = 0; i < 20_000; i++)
            {
                var file = (byte[])good.Clone();
                for (var n = random.Next(1, 5); n > 0; n--) file[random.Next(file.Length)] = (byte)random.Next(256);
                ReceiptCheck.Look(file.AsSpan(0, random.Next(file.Length + 1)));
            }
        }
    }
}
