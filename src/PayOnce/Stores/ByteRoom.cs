namespace PayOnce.Stores;

/// <summary>
/// Room for many small pieces of bytes that are let go of together. Kept and used again, so that a run of a million claims makes no
/// more garbage than one batch of them.
/// </summary>
internal sealed class ByteRoom
{
    private const int BlockSize = 1 << 20;

    private readonly List<byte[]> blocks = [];
    private int block;
    private int used;

    /// <summary>Whatever was put in is not valid any more.</summary>
    public void Clear() => (block, used) = (0, 0);

    /// <summary>A piece of this length, with whatever stood there before; valid until <see cref="Clear"/>.</summary>
    public ArraySegment<byte> Take(int length)
    {
        if (length > BlockSize / 8) return new ArraySegment<byte>(new byte[length]);
        if (used + length > BlockSize)
        {
            block++;
            used = 0;
        }
        if (block == blocks.Count) blocks.Add(new byte[BlockSize]);
        used += length;
        return new ArraySegment<byte>(blocks[block], used - length, length);
    }

    /// <summary>A copy, valid until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> bytes)
    {
        var piece = Take(bytes.Length);
        bytes.CopyTo(piece);
        return piece;
    }
}
