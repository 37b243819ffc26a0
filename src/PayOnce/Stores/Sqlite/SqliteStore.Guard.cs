using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

/// <summary>What several steps do to marks, the work list, counters and attempts.</summary>
public sealed partial class SqliteStore
{
    private const string Reserved = "m.state = 'reserved'";

    private const string ReservedAndStarted = $"{Reserved} and exists ({StartRow})";

    private const string ReservedAndNotStarted = $"{Reserved} and not exists ({StartRow})";

    private const string NotImported = "(m.state = 'in_doubt' or (m.state = 'exported' and m.evidence = 'in_file'))";

    private const string StartRow =
        "select 1 from attempts a where a.organisation_id = m.organisation_id and a.run_id = m.run_id and a.batch = m.batch and a.step = 'started'";

    private static Mark? NewestMark(SqliteSession db, string organisationId, string claimId) => db.First(
        $"select {SqliteColumns.Mark} from marks m where m.organisation_id = ?1 and m.claim_id = ?2 order by m.generation desc limit 1",
        SqliteColumns.ReadMark, organisationId, claimId);

    /// <summary>Sums are the caller's.</summary>
    private static void PutInWorkList(SqliteSession db, string organisationId, string claimId, DateTimeOffset approvedAt, int generation, bool rejected) => db.Run("""
        insert into pending (organisation_id, approved_at, claim_id, generation, rejected) values (?1, ?2, ?3, ?4, ?5)
        on conflict (organisation_id, approved_at, claim_id) do update set generation = excluded.generation, rejected = excluded.rejected
        """, organisationId, approvedAt, claimId, generation, rejected ? 1 : 0);

    /// <summary>Before a mark is taken again: its earlier attempt would be found no more.</summary>
    private static void KeepFormerAttempt(SqliteSession db, string organisationId, string claimId, int generation) => db.Run("""
        insert into attempt_claims (organisation_id, claim_id, run_id, batch)
        select organisation_id, claim_id, run_id, batch from marks
        where organisation_id = ?1 and claim_id = ?2 and generation = ?3 and run_id > 0 and state in ('released', 'rejected')
        on conflict (organisation_id, claim_id, run_id, batch) do nothing
        """, organisationId, claimId, generation);

    /// <summary>
    /// A run's marks that are chosen by <paramref name="which"/> are released, and wait again where they are their claim's newest
    /// mark and the claim was taken in. The work list is written first, while the condition still finds them.
    /// </summary>
    /// <param name="epoch">The run's own: all its marks have it.</param>
    /// <param name="which">One of the conditions above.</param>
    private static int Release(SqliteSession db, string organisationId, long runId, long epoch, string which, string reason, DateTimeOffset now)
    {
        var freed = $"""
            from marks m cross join claims c on c.organisation_id = m.organisation_id and c.claim_id = m.claim_id
            where m.organisation_id = ?1 and m.run_id = ?2 and m.epoch = ?3 and {which}
            and not exists (select 1 from marks n where n.organisation_id = m.organisation_id and n.claim_id = m.claim_id and n.generation > m.generation)
            """;
        var waiting = new CurrencySums();
        using (var rows = db.Query($"select c.currency, c.total_minor {freed} and not {IsWaiting}", organisationId, runId, epoch))
        {
            while (rows.Next()) waiting.Add(rows.Row.Text(0), rows.Row.Long(1));
        }
        MoveWaiting(db, organisationId, waiting);
        db.Run($"""
            insert into pending (organisation_id, approved_at, claim_id, generation, rejected)
            select m.organisation_id, c.approved_at, m.claim_id, m.generation, 0 {freed}
            on conflict (organisation_id, approved_at, claim_id) do update set generation = excluded.generation, rejected = excluded.rejected
            """, organisationId, runId, epoch);
        return db.Run($"""
            update marks as m set state = 'released', evidence = null, acknowledgement = null, reason = ?4, changed_at = ?5, in_doubt_since = null, absent_since = null
            where m.organisation_id = ?1 and m.run_id = ?2 and m.epoch = ?3 and {which}
            """, organisationId, runId, epoch, reason, now);
    }

    /// <summary>A run's marks that are chosen by <paramref name="which"/> become in doubt.</summary>
    private static int Doubt(SqliteSession db, string organisationId, long runId, long epoch, string which, string reason, DateTimeOffset now) => db.Run($"""
        update marks as m set state = 'in_doubt', reason = ?4, changed_at = ?5, in_doubt_since = ?5
        where m.organisation_id = ?1 and m.run_id = ?2 and m.epoch = ?3 and {which}
        """, organisationId, runId, epoch, reason, now);

    /// <summary>Moves a run's counters; exact, since it is in the commit that moves the marks.</summary>
    private static void Count(SqliteSession db, string organisationId, long runId, long exported = 0, long inDoubt = 0, long released = 0, long rejected = 0) => db.Run("""
        update runs set exported = exported + ?3, in_doubt = in_doubt + ?4, released = released + ?5, rejected = rejected + ?6 where organisation_id = ?1 and run_id = ?2
        """, organisationId, runId, exported, inDoubt, released, rejected);

    /// <summary>A row of step finished for each try of the run that was started and has none.</summary>
    private static void FinishStartedAttempts(SqliteSession db, string organisationId, long runId, long epoch, AttemptOutcome outcome, string? error, DateTimeOffset now) => db.Run("""
        insert into attempts (organisation_id, run_id, batch, try, step, epoch, bytes_hash, outcome, error, at)
        select a.organisation_id, a.run_id, a.batch, a.try, 'finished', ?3, a.bytes_hash, ?4, ?5, ?6
        from attempts a
        where a.organisation_id = ?1 and a.run_id = ?2 and a.step = 'started'
        and not exists (select 1 from attempts f where f.organisation_id = a.organisation_id and f.run_id = a.run_id and f.batch = a.batch and f.try = a.try and f.step = 'finished')
        order by a.batch, a.try
        """, organisationId, runId, epoch, outcome.Text(), error, now);

    /// <summary>What failed was only that nobody knew what became of the run's claims; now everybody does.</summary>
    private static void TakeFailureBack(SqliteSession db, string organisationId, long runId) => db.Run("""
        update runs set state = 'finished', failure = null
        where organisation_id = ?1 and run_id = ?2 and state = 'failed'
        and not exists (select 1 from marks m where m.organisation_id = ?1 and m.run_id = ?2 and m.state in ('reserved', 'in_doubt'))
        """, organisationId, runId);
}
