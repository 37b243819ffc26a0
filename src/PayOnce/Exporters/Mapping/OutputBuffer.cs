using System.Buffers;

namespace PayOnce.Exporters.Mapping;

/// <summary>The bytes of one batch while they grow. What was written by a claim that is rejected is taken back by its length.</summary>
internal sealed class OutputBuffer(int capacity) : IBufferWriter<byte>
{
    private byte[] bytes = GC.AllocateUninitializedArray<byte>(Math.Max(256, capacity));

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => bytes.AsMemory(0, Length);

    public void Append(ReadOnlySpan<byte> value)
    {
        if (value.Length > bytes.Length - Length) Grow(value.Length);
        value.CopyTo(bytes.AsSpan(Length));
        Length += value.Length;
    }

    public void Append(byte value)
    {
        if (Length == bytes.Length) Grow(1);
        bytes[Length++] = value;
    }

    public void Fill(byte value, int count)
    {
        if (count > bytes.Length - Length) Grow(count);
        bytes.AsSpan(Length, count).Fill(value);
        Length += count;
    }

    /// <summary>Appends what already stands at <paramref name="start"/>.</summary>
    public void Repeat(int start, int length)
    {
        if (length > bytes.Length - Length) Grow(length);
        bytes.AsSpan(start, length).CopyTo(bytes.AsSpan(Length));
        Length += length;
    }

    public void Truncate(int length) => Length = length;

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (Math.Max(1, sizeHint) > bytes.Length - Length) Grow(Math.Max(1, sizeHint));
        return bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void Grow(int needed)
    {
        var larger = GC.AllocateUninitializedArray<byte>(Math.Max(checked(Length + needed), (int)Math.Min(Array.MaxLength, 2L * bytes.Length)));
        bytes.AsSpan(0, Length).CopyTo(larger);
        bytes = larger;
    }
}
