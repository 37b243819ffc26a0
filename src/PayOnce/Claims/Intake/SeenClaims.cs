using System.Buffers.Binary;
using PayOnce.Guard;

namespace PayOnce.Claims.Intake;

/// <summary>What a file has held of a claim's id before.</summary>
internal enum Sighting
{
    First,

    /// <summary>A claim of this id and of the same content.</summary>
    Same,

    /// <summary>A claim of this id, upper and lower case being one, and of other content.</summary>
    Other,

    /// <summary>A claim of this id that was refused.</summary>
    Refused,
}

/// <summary>
/// Which ids a file has had so far, in sixteen bytes a place: the store sees one chunk at a time and would take the second of two
/// claims for a correction of the first.
/// </summary>
/// <remarks>
/// <para>An id is kept as 64 bits from its export key, which is made from the id without case; content as 32 bits of the payload hash.
/// Two ids of one million fall together with a chance of one in thirty million; then the second is refused by name, which is
/// safe. Two contents of one id look alike once in four thousand million; then the first one stays and the second counts as unchanged.</para>
/// <para>256 tables grow one by one, from half full to four fifths, so that no moment needs the old and the new half of everything:
/// a million ids take 34 MB, ten million 270 MB.</para>
/// </remarks>
internal sealed class SeenClaims
{
    private const int SmallestTable = 16;

    /// <summary>In place of the content of a claim that was refused.</summary>
    private const uint OfRefused = 0;

    private readonly Table?[] tables = new Table?[256];

    /// <summary>What the tables take.</summary>
    public long Bytes => tables.Sum(table => 16L * (table?.Ids.Length ?? 0));

    /// <summary>Notes a claim.</summary>
    /// <param name="line">Where it begins in the file.</param>
    /// <param name="firstLine">Where the first of its id begins.</param>
    public Sighting Note(ClaimRecord claim, long line, out long firstLine) =>
        Note(claim.ExportKey, Math.Max(1, BinaryPrimitives.ReadUInt32BigEndian(claim.PayloadHash.Span)), line, out firstLine);

    /// <summary>
    /// Notes the id of a claim that was refused. Another one of this id must not go in instead: in CSV it may be nothing but the
    /// rows of the same claim that happen to be right.
    /// </summary>
    public void NoteRefused(string organisationId, string claimId, long line) =>
        Note(ExportKey.Derive(organisationId, claimId, generation: 0), OfRefused, line, out _);

    private Sighting Note(string exportKey, uint content, long line, out long firstLine)
    {
        var id = Number(exportKey);
        var table = tables[(int)(id >> 56)] ??= new Table();
        if (table.Count >= table.Ids.Length / 5 * 4) Grow(table);
        var slot = Find(table.Ids, id);
        if (table.Ids[slot] == 0)
        {
            table.Ids[slot] = id;
            table.Rest[slot] = ((ulong)Math.Min(line, uint.MaxValue) << 32) | content;
            table.Count++;
            firstLine = line;
            return Sighting.First;
        }
        firstLine = (long)(table.Rest[slot] >> 32);
        var known = table.Rest[slot] & uint.MaxValue;
        return known == OfRefused ? Sighting.Refused : known == content ? Sighting.Same : Sighting.Other;
    }

    /// <summary>The key's letters as a number. Zero stands for an empty slot, so it becomes one.</summary>
    private static ulong Number(string exportKey)
    {
        ulong number = 0;
        unchecked
        {
            foreach (var letter in exportKey) number = (number ^ letter) * 0x9E3779B97F4A7C15;
            number ^= number >> 32;
            number *= 0x9E3779B97F4A7C15;
        }
        return Math.Max(number, 1);
    }

    private static int Find(ulong[] ids, ulong id)
    {
        var slot = (int)(id & (uint)(ids.Length - 1));
        while (ids[slot] != 0 && ids[slot] != id) slot = (slot + 1) & (ids.Length - 1);
        return slot;
    }

    private static void Grow(Table table)
    {
        var ids = new ulong[table.Ids.Length * 2];
        var rest = new ulong[ids.Length];
        for (var i = 0; i < table.Ids.Length; i++)
        {
            if (table.Ids[i] == 0) continue;
            var slot = Find(ids, table.Ids[i]);
            (ids[slot], rest[slot]) = (table.Ids[i], table.Rest[i]);
        }
        (table.Ids, table.Rest) = (ids, rest);
    }

    private sealed class Table
    {
        public ulong[] Ids { get; set; } = new ulong[SmallestTable];

        public ulong[] Rest { get; set; } = new ulong[SmallestTable];

        public int Count { get; set; }
    }
}
