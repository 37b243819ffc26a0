using System.Runtime.CompilerServices;
using PayOnce.Audit;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <summary>Events read at a time: no transaction stays open while the reader of the trail thinks.</summary>
    private const int AuditPage = 500;

    /// <inheritdoc/>
    public async IAsyncEnumerable<AuditEvent> ReadAuditAsync(string organisationId, long afterSequence, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var page = await ReadAsync(db => db.All(
                $"select {SqliteColumns.AuditEvent} from audit_events where organisation_id = ?1 and sequence > ?2 order by sequence limit ?3",
                SqliteColumns.ReadAuditEvent, organisationId, afterSequence, AuditPage), cancel);
            foreach (var told in page) yield return told;
            if (page.Count < AuditPage) yield break;
            afterSequence = page[^1].Sequence;
        }
    }

    /// <inheritdoc/>
    public Task<AuditHead> GetAuditHeadAsync(string organisationId, CancellationToken cancel) => ReadAsync(db => ReadHead(db, organisationId), cancel);

    private static AuditHead ReadHead(SqliteSession db, string organisationId) =>
        db.First("select sequence, hash from audit_heads where organisation_id = ?1", row => new AuditHead(row.Long(0), row.Text(1)), organisationId) ?? AuditHead.Start;

    /// <summary>Appends the event to the organisation's trail. The transaction holds the write lock, so nobody can come between head and event.</summary>
    private static void Tell(SqliteSession db, string organisationId, DateTimeOffset now, AuditEntry entry)
    {
        var told = AuditEvent.Chain(organisationId, ReadHead(db, organisationId), now, entry);
        db.Run($"insert into audit_events ({SqliteColumns.AuditEvent}) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            organisationId, told.Sequence, told.At, told.Actor, told.Action, told.Subject, told.Details, told.PreviousHash, told.Hash);
        db.Run("update audit_heads set sequence = ?2, hash = ?3 where organisation_id = ?1", organisationId, told.Sequence, told.Hash);
        // Its hash is the step's own key: no other step can have appended it.
        db.Proof = later => later.Any("select 1 from audit_events where organisation_id = ?1 and sequence = ?2 and hash = ?3", organisationId, told.Sequence, told.Hash);
    }
}
