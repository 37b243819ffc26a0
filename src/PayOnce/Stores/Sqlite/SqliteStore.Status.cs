using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<long> CountWaitingAsync(string organisationId, CancellationToken cancel) => ReadAsync(db => CountWaiting(db, organisationId), cancel);

    /// <inheritdoc/>
    public Task<OrganisationStatus> GetStatusAsync(string organisationId, CancellationToken cancel) => ReadAsync(db =>
    {
        // From the sums that the commits keep: nothing is counted that grows with the history.
        var lease = ReadLease(db, organisationId);
        var waiting = SumOf(db, "select currency, claims, amount_minor from waiting_totals where organisation_id = ?1 and claims <> 0 order by currency", organisationId);
        var again = db.Number("""
            select count(*) from marks n where n.organisation_id = ?1 and n.generation > 0 and exists (
                select 1 from marks m where m.organisation_id = ?1 and m.claim_id = n.claim_id and m.generation = n.generation - 1 and m.state = 'exported')
            """, organisationId);
        return new OrganisationStatus(
            db.Number("select sum(claims) from approval_days where organisation_id = ?1", organisationId),
            waiting.Claims,
            waiting.Totals,
            db.Number("select sum(reserved - exported - rejected - in_doubt - released) from runs where organisation_id = ?1 and state = 'running'", organisationId),
            db.Number("select sum(claims) from month_totals where organisation_id = ?1", organisationId) - again,
            db.Number("select count(*) from pending where organisation_id = ?1 and rejected = 1", organisationId),
            db.Number("select count(*) from marks where organisation_id = ?1 and in_doubt_since is not null", organisationId),
            db.First($"select {SqliteColumns.Run} from runs where organisation_id = ?1 order by run_id desc limit 1", SqliteColumns.ReadRun, organisationId),
            lease.IsHeld(Now()) ? ReadRun(db, organisationId, lease.RunId!.Value) : null)
        {
            Withdrawn = CountWithdrawn(db, organisationId),
        };
    }, cancel);

    private static long CountWithdrawn(SqliteSession db, string organisationId) =>
        db.Number("select count(*) from claims indexed by claims_withdrawn where organisation_id = ?1 and withdrawn_at is not null", organisationId);

    private static long CountWaiting(SqliteSession db, string organisationId) => db.Number("select count(*) from pending where organisation_id = ?1", organisationId);
}
