using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<OrganisationStatus> GetStatusAsync(string organisationId, CancellationToken cancel) => ReadAsync(db =>
    {
        var lease = ReadLease(db, organisationId);
        var totals = db.All("""
            select c.currency, sum(c.total_minor) from pending p cross join claims c on c.organisation_id = p.organisation_id and c.claim_id = p.claim_id
            where p.organisation_id = ?1 group by c.currency order by c.currency
            """, row => new ControlTotal(row.Text(0), row.Long(1)), organisationId);
        var runs = SumRuns(db, organisationId);
        return new OrganisationStatus(
            db.Number("select count(*) from claims where organisation_id = ?1", organisationId),
            db.Number("select count(*) from pending where organisation_id = ?1", organisationId),
            totals,
            runs.Reserved,
            runs.Exported - CountReplaced(db, organisationId),
            runs.Rejected == 0 ? 0 : CountRejected(db, organisationId),
            runs.InDoubt,
            db.First($"select {SqliteColumns.Run} from runs where organisation_id = ?1 order by run_id desc limit 1", SqliteColumns.ReadRun, organisationId),
            lease.IsHeld(Now()) ? ReadRun(db, organisationId, lease.RunId!.Value) : null);
    }, cancel);

    private sealed record RunSums(long Reserved, long Exported, long Rejected, long InDoubt);

    /// <summary>
    /// Runs are some thousands where marks are millions, and their counters move in the commits that move the marks
    /// (<see cref="CheckAsync"/> compares them): exported and in doubt are what the run's marks are now, and what a running run
    /// has taken and not settled is reserved.
    /// </summary>
    private static RunSums SumRuns(SqliteSession db, string organisationId) => db.First("""
        select coalesce(sum(reserved - rejected - exported - in_doubt - released) filter (where state = 'running'), 0),
               coalesce(sum(exported), 0), coalesce(sum(rejected), 0), coalesce(sum(in_doubt), 0)
        from runs where organisation_id = ?1
        """, row => new RunSums(row.Long(0), row.Long(1), row.Long(2), row.Long(3)), organisationId)!;

    /// <summary>Exported marks that are not their claim's newest.</summary>
    private static long CountReplaced(SqliteSession db, string organisationId) => db.Number("""
        select count(*) from marks n cross join marks m on m.organisation_id = n.organisation_id and m.claim_id = n.claim_id and m.generation = n.generation - 1
        where n.organisation_id = ?1 and n.generation > 0 and m.state = 'exported'
        """, organisationId);

    // A run's counter tells of rejections as they were then; those that still stand are in the work list.
    private static long CountRejected(SqliteSession db, string organisationId) => db.Number("""
        select count(*) from pending p cross join marks m on m.organisation_id = p.organisation_id and m.claim_id = p.claim_id and m.generation = p.generation
        where p.organisation_id = ?1 and m.state = 'rejected'
        """, organisationId);
}
