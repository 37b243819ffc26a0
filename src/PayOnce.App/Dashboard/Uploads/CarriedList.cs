using System.IO.Compression;

namespace PayOnce.App.Dashboard.Uploads;

/// <summary>
/// A small file that a form carries from the page that shows it to the page that uses it, so that no server has to keep it
/// meanwhile: compressed, in base64. What comes back is read and checked anew, as if it had been uploaded.
/// </summary>
internal static class CarriedList
{
    public static async Task<string> PackAsync(ReadOnlyMemory<byte> file, CancellationToken cancel)
    {
        var room = new MemoryStream();
        await using (var packed = new BrotliStream(room, CompressionLevel.Fastest, leaveOpen: true)) await packed.WriteAsync(file, cancel);
        return Convert.ToBase64String(room.GetBuffer(), 0, (int)room.Length);
    }

    /// <summary>Null if it is none, or larger than <paramref name="largest"/> when unpacked.</summary>
    public static async Task<byte[]?> UnpackAsync(string text, long largest, CancellationToken cancel)
    {
        var packed = new byte[text.Length / 4 * 3 + 3];
        if (!Convert.TryFromBase64String(text, packed, out var length)) return null;
        try
        {
            await using var content = new BrotliStream(new MemoryStream(packed, 0, length), CompressionMode.Decompress);
            return await ReadAsync(content, largest, cancel);
        }
        catch (InvalidDataException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // What the decoder says of some damaged input.
            return null;
        }
    }

    /// <summary>The whole content; null if it is larger than <paramref name="largest"/>.</summary>
    public static async Task<byte[]?> ReadAsync(Stream content, long largest, CancellationToken cancel)
    {
        var room = new MemoryStream();
        var piece = new byte[32 * 1024];
        int read;
        while ((read = await content.ReadAsync(piece, cancel)) > 0)
        {
            if (room.Length + read > largest) return null;
            room.Write(piece, 0, read);
        }
        return room.ToArray();
    }
}
