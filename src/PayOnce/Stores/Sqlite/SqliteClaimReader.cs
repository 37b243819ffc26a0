using System.Text;
using PayOnce.Claims;

namespace PayOnce.Stores.Sqlite;

/// <summary>Reads rows of <see cref="SqliteColumns.Claim"/>. Texts that repeat from claim to claim are made once; lines and hashes go where the caller says.</summary>
/// <param name="room">For lines and hashes, which are valid until it is cleared; null where they are to live on.</param>
internal sealed class SqliteClaimReader(ByteRoom? room)
{
    private readonly Repeating type = new();
    private readonly Repeating currency = new();
    private readonly Repeating approvedBy = new();

    /// <summary>One row that lives on.</summary>
    public static ClaimRecord ReadOne(SqliteStatement row) => new SqliteClaimReader(room: null).Read(row);

    public ClaimRecord Read(SqliteStatement row) => new(
        row.Text(0), row.Text(1), row.Text(2), row.Text(3), type.Text(row.Span(4)), currency.Text(row.Span(5)), row.Long(6), row.Time(7), approvedBy.Text(row.Span(8)), Bytes(row.Span(9)), Bytes(row.Span(10)));

    private ReadOnlyMemory<byte> Bytes(ReadOnlySpan<byte> stored) => room is null ? stored.ToArray() : room.Copy(stored);

    private sealed class Repeating
    {
        private byte[] utf8 = [];
        private string text = "";

        public string Text(ReadOnlySpan<byte> stored)
        {
            if (stored.SequenceEqual(utf8)) return text;
            utf8 = stored.ToArray();
            return text = Encoding.UTF8.GetString(stored);
        }
    }
}
