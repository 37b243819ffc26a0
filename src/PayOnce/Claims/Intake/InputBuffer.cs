namespace PayOnce.Claims.Intake;

/// <summary>
/// The part of an input stream that is being looked at: bytes that are not done with stay at the front, more are read behind
/// them. It grows up to a limit and no further, so that neither a huge file nor a huge line decides how much memory is used.
/// </summary>
internal sealed class InputBuffer(Stream stream, int capacity, int limit)
{
    // Read in pieces of some size even from a stream that hands out single bytes: a record that is looked at again after every
    // byte costs the square of its length.
    private const int SmallestRead = 4096;

    private byte[] bytes = new byte[capacity];
    private int start;
    private int end;
    private long passed;
    private long lineStart;

    /// <summary>What was read and is not done with.</summary>
    public ReadOnlySpan<byte> Unread => bytes.AsSpan(start, end - start);

    /// <summary>The stream has ended: what is unread is the rest.</summary>
    public bool AtEnd { get; private set; }

    /// <summary>As many bytes are unread as the limit allows: a record that does not end here is too large.</summary>
    public bool Full => end - start >= limit;

    /// <summary>The line of the first unread byte, counted from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>The column of the first unread byte, in bytes, counted from 1.</summary>
    public long Column => passed - lineStart + 1;

    /// <summary>Bytes taken from the stream so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Bytes the buffer holds room for: what it has grown to.</summary>
    public int Capacity => bytes.Length;

    /// <summary>Is done with the first bytes.</summary>
    public void Advance(int count)
    {
        var done = bytes.AsSpan(start, count);
        if (done.LastIndexOf((byte)'\n') is var last and >= 0)
        {
            Line += done[..last].Count((byte)'\n') + 1;
            lineStart = passed + last + 1;
        }
        start += count;
        passed += count;
    }

    /// <summary>The line of an unread byte.</summary>
    public long LineAt(int offset) => Line + bytes.AsSpan(start, offset).Count((byte)'\n');

    /// <summary>Reads more behind the unread bytes; false at the end of the stream. Not to be asked for while <see cref="Full"/>.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancel)
    {
        if (AtEnd) return false;
        MakeRoom();
        var room = bytes.AsMemory(end);
        var least = Math.Min(SmallestRead, room.Length);
        var read = await stream.ReadAtLeastAsync(room, least, throwOnEndOfStream: false, cancel);
        AtEnd = read < least;
        end += read;
        BytesRead += read;
        return read > 0;
    }

    private void MakeRoom()
    {
        if (Full) throw new InvalidOperationException("The buffer is full.");
        if (start > 0)
        {
            bytes.AsSpan(start, end - start).CopyTo(bytes);
            end -= start;
            start = 0;
        }
        if (bytes.Length - end < Math.Min(SmallestRead, limit - end)) Array.Resize(ref bytes, Math.Min(limit, bytes.Length * 2));
    }
}
