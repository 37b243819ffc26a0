using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using PayOnce.Claims;

namespace PayOnce.Stores.Postgres;

/// <summary>
/// Claims as the stream of a binary COPY (PostgreSQL's manual on COPY, section "Binary Format"), in pieces of some size: to await a
/// call for each of twelve values costs more than the values do.
/// </summary>
internal sealed class IntakeCopy(Stream copy, CancellationToken cancel) : IDisposable
{
    /// <summary>A claim's columns, and its place in the chunk.</summary>
    private const short Columns = 12;

    private const int PieceSize = 1 << 17;

    /// <summary>A UTF-16 code unit takes at most three bytes of UTF-8.</summary>
    private const int LongestCharacter = 3;

    private static readonly long Epoch = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).Ticks;

    private byte[] piece = ArrayPool<byte>.Shared.Rent(PieceSize);
    private int length;

    /// <summary>Eleven bytes of signature, no flags, nothing more in the header.</summary>
    private static ReadOnlySpan<byte> Header => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Sends every claim, with places from 1.</summary>
    public async Task WriteAsync(IReadOnlyList<ClaimRecord> claims)
    {
        Header.CopyTo(piece);
        length = Header.Length;
        for (var i = 0; i < claims.Count; i++)
        {
            var most = LongestRow(claims[i]);
            if (length + most > piece.Length) await SendAsync(most);
            Row(claims[i], i + 1);
        }
        if (length + sizeof(short) > piece.Length) await SendAsync(sizeof(short));
        Short(-1);
        await SendAsync(0);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(piece);

    private async ValueTask SendAsync(int next)
    {
        await copy.WriteAsync(piece.AsMemory(0, length), cancel);
        length = 0;
        if (next <= piece.Length) return;
        ArrayPool<byte>.Shared.Return(piece);
        piece = ArrayPool<byte>.Shared.Rent(next);
    }

    private static int LongestRow(ClaimRecord claim)
    {
        var characters = claim.ClaimId.Length + claim.ExportKey.Length + claim.ClaimantId.Length + claim.ClaimantName.Length + claim.Type.Length + claim.Currency.Length + claim.ApprovedBy.Length;
        return sizeof(short) + (Columns * sizeof(int)) + (LongestCharacter * characters) + (3 * sizeof(long)) + claim.Lines.Length + claim.PayloadHash.Length;
    }

    private void Row(ClaimRecord claim, int place)
    {
        Short(Columns);
        Text(claim.ClaimId);
        Text(claim.ExportKey);
        Text(claim.ClaimantId);
        Text(claim.ClaimantName);
        Text(claim.Type);
        Text(claim.Currency);
        Long(claim.TotalMinor);
        Long((claim.ApprovedAt.UtcTicks - Epoch) / TimeSpan.TicksPerMicrosecond);
        Text(claim.ApprovedBy);
        Bytes(claim.Lines.Span);
        Bytes(claim.PayloadHash.Span);
        Long(place);
    }

    private void Text(string text)
    {
        var size = Encoding.UTF8.GetBytes(text, piece.AsSpan(length + sizeof(int)));
        BinaryPrimitives.WriteInt32BigEndian(piece.AsSpan(length), size);
        length += sizeof(int) + size;
    }

    private void Bytes(ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(piece.AsSpan(length), bytes.Length);
        bytes.CopyTo(piece.AsSpan(length + sizeof(int)));
        length += sizeof(int) + bytes.Length;
    }

    private void Long(long value)
    {
        BinaryPrimitives.WriteInt32BigEndian(piece.AsSpan(length), sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(piece.AsSpan(length + sizeof(int)), value);
        length += sizeof(int) + sizeof(long);
    }

    private void Short(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(piece.AsSpan(length), value);
        length += sizeof(short);
    }
}
