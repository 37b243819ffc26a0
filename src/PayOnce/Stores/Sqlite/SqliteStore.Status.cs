using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<long> CountWaitingAsync(string organisationId, CancellationToken cancel) => ReadAsync(db => CountWaiting(db, organisationId), cancel);

    /// <inheritdoc/>
    public Task<OrganisationStatus> GetStatusAsync(string organisationId, CancellationToken cancel) => ReadAsync(db =>
    {
        var lease = ReadLease(db, organisationId);
        var totals = db.All("""
            select c.currency, sum(c.total_minor) from pending p cross join claims c on c.organisation_id = p.organisation_id and c.claim_id = p.claim_id
            where p.organisation_id = ?1 group by c.currency order by c.currency
            """, row => new ControlTotal(row.Text(0), row.Long(1)), organisationId);
        var states = CountNewestMarks(db, organisationId);
        return new OrganisationStatus(
            db.Number("select count(*) from claims where organisation_id = ?1", organisationId),
            CountWaiting(db, organisationId),
            totals,
            states.GetValueOrDefault(MarkState.Reserved),
            states.GetValueOrDefault(MarkState.Exported),
            states.GetValueOrDefault(MarkState.Rejected),
            states.GetValueOrDefault(MarkState.InDoubt),
            db.First($"select {SqliteColumns.Run} from runs where organisation_id = ?1 order by run_id desc limit 1", SqliteColumns.ReadRun, organisationId),
            lease.IsHeld(Now()) ? ReadRun(db, organisationId, lease.RunId!.Value) : null);
    }, cancel);

    private static long CountWaiting(SqliteSession db, string organisationId) => db.Number("select count(*) from pending where organisation_id = ?1", organisationId);

    private static Dictionary<MarkState, long> CountNewestMarks(SqliteSession db, string organisationId)
    {
        var counts = new Dictionary<MarkState, long>();
        // In a group with max(), SQLite takes the bare column from the row that has the maximum (documented).
        using var rows = db.Query("""
            select state, count(*) from (select state, max(generation) from marks where organisation_id = ?1 group by claim_id) group by state order by state
            """, organisationId);
        while (rows.Next()) counts.Add(MarkStates.State(rows.Row.Text(0)), rows.Row.Long(1));
        return counts;
    }
}
