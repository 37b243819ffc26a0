using System.Buffers;
using System.IO.Compression;
using Npgsql;
using PayOnce.Claims;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

/// <summary>The room one page is reserved in. Kept and used again, so that a run of a million claims needs no more memory than one of ten thousand.</summary>
internal sealed class ReservePage : IDisposable
{
    private const int PieceSize = 1 << 20;

    private readonly List<byte[]> pieces = [];
    private readonly MemoryStream compressed = new();
    private readonly ArrayBufferWriter<byte> ids = new(1 << 16);
    private int piece;
    private int used;

    /// <summary>In order of their numbers; the lines of their claims are valid until <see cref="Clear"/>.</summary>
    public List<PageBatch> Batches { get; } = [];

    /// <summary>Candidates that a mark already holds.</summary>
    public List<(string ClaimId, int Generation)> Duplicates { get; } = [];

    public void Clear()
    {
        Batches.Clear();
        Duplicates.Clear();
        (piece, used) = (0, 0);
    }

    /// <summary>
    /// Reads a row of <see cref="ReserveStatements.Take"/>: the claim's columns, generation, batch, and the mark's attempt and export
    /// key, null for a duplicate. A mark that was made here and now has attempt 1 and the claim's own key, and no columns for them.
    /// </summary>
    public void Read(NpgsqlDataReader reader)
    {
        var generation = reader.GetInt32(11);
        var batch = BatchOf(reader.GetInt32(12));
        var fresh = reader.FieldCount == 13;
        if (!fresh && reader.IsDBNull(13))
        {
            Duplicates.Add((reader.GetString(0), generation));
            batch.Duplicates++;
            return;
        }
        var claim = new ClaimRecord(
            reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetInt64(6), reader.Time(7),
            reader.GetString(8), Bytes(reader, 9), Bytes(reader, 10));
        batch.Claims.Add(new ReservedClaim(claim, generation, fresh ? 1 : reader.GetInt32(13), fresh ? claim.ExportKey : reader.GetString(14)));
    }

    /// <summary>Valid until asked for again.</summary>
    public ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> bytes)
    {
        compressed.SetLength(0);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes.Span);
        return compressed.GetBuffer().AsMemory(0, (int)compressed.Length);
    }

    /// <summary>The ids of these claims as a JSON array; valid until asked for again.</summary>
    public ReadOnlyMemory<byte> ClaimIds(IReadOnlyList<ReservedClaim> claims) => StoredJson.ClaimIds(claims, ids);

    public void Dispose() => compressed.Dispose();

    // Rows come in the order of their places, and so of their batches.
    private PageBatch BatchOf(int number)
    {
        if (Batches.Count == 0 || Batches[^1].Number != number) Batches.Add(new PageBatch(number));
        return Batches[^1];
    }

    private ReadOnlyMemory<byte> Bytes(NpgsqlDataReader reader, int ordinal)
    {
        var length = checked((int)reader.GetBytes(ordinal, 0, null, 0, 0));
        var room = Room(length);
        reader.GetBytes(ordinal, 0, room.Array, room.Offset, length);
        return room;
    }

    private ArraySegment<byte> Room(int length)
    {
        if (length > PieceSize / 8) return new ArraySegment<byte>(new byte[length]);
        if (used + length > PieceSize)
        {
            piece++;
            used = 0;
        }
        if (piece == pieces.Count) pieces.Add(new byte[PieceSize]);
        used += length;
        return new ArraySegment<byte>(pieces[piece], used - length, length);
    }
}

/// <summary>One batch of a page.</summary>
internal sealed class PageBatch(int number)
{
    public int Number => number;

    public List<ReservedClaim> Claims { get; } = [];

    /// <summary>Candidates of its place that a mark already holds.</summary>
    public int Duplicates { get; set; }
}
