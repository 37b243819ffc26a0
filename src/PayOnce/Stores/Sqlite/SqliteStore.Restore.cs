using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<RestoreMode?> FindRestoreModeAsync(string organisationId, CancellationToken cancel) => ReadAsync(db =>
        db.First("select since, reason, actor from restores where organisation_id = ?1", row => new RestoreMode(row.Time(0), row.Text(1), row.Text(2)), organisationId), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAdoptionsAsync(string organisationId, CancellationToken cancel) => ReadAsync<IReadOnlyList<string>>(db =>
        db.All("select nonce from runs where organisation_id = ?1 and \"trigger\" = 'adopt' order by run_id", row => row.Text(0), organisationId), cancel);

    /// <inheritdoc/>
    public Task BeginRestoreAsync(string organisationId, string reason, string actor, CancellationToken cancel) =>
        WriteAsync(db =>
        {
            BeginRestore(db, organisationId, reason, actor, Now());
            db.Run("update run_leases set epoch = epoch + ?2 where organisation_id = ?1", organisationId, StoreAnswers.EpochsForgotten);
            return true;
        }, cancel);

    /// <inheritdoc/>
    public Task<bool> EndRestoreAsync(string organisationId, string reason, string actor, CancellationToken cancel) =>
        WriteAsync(db => EndRestore(db, organisationId, reason, actor), cancel);

    /// <inheritdoc/>
    public Task<bool> EndRestoreAsync(Lease lease, string reason, CancellationToken cancel) =>
        WriteAsync(db => IsOurs(db, lease) && EndRestore(db, lease.OrganisationId, reason, lease.Actor), cancel);

    private bool EndRestore(SqliteSession db, string organisationId, string reason, string actor)
    {
        if (db.Run("delete from restores where organisation_id = ?1", organisationId) == 0) return false;
        Tell(db, organisationId, Now(), AuditEntries.RestoreEnded(reason, actor));
        return true;
    }

    private static void BeginRestore(SqliteSession db, string organisationId, string reason, string actor, DateTimeOffset now)
    {
        db.Run("insert or replace into restores (organisation_id, since, reason, actor) values (?1, ?2, ?3, ?4)", organisationId, now, reason, actor);
        Tell(db, organisationId, now, AuditEntries.RestoreBegun(reason, actor));
    }

    /// <inheritdoc/>
    public Task<RestorePage> ListRestoreCandidatesAsync(string organisationId, string? afterClaimId, int size, CancellationToken cancel) => ReadAsync(db =>
        new RestorePage(db.All($"""
            select c.claim_id, c.export_key, c.claimant_id, c.currency, c.total_minor, c.approved_at, m.generation, m.state, m.export_key
            from claims c {NewestMarkOfClaim}
            where c.organisation_id = ?1 and c.claim_id > ?2 order by c.claim_id limit ?3
            """, row => StoreAnswers.Candidate(organisationId, row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Long(4), row.Time(5),
                row.IsNull(6) ? null : (row.Int(6), MarkStates.State(row.Text(7)), row.Text(8))), organisationId, afterClaimId ?? "", size), Now()), cancel);

    /// <inheritdoc/>
    public Task<int?> AdoptFoundAsync(Lease lease, IReadOnlyList<FoundClaim> found, CancellationToken cancel) => WriteAsync<int?>(db =>
    {
        if (!IsOurs(db, lease)) return null;
        var id = lease.OrganisationId;
        var missing = found.Count(each => ApprovedAt(db, id, each.ClaimId) is null);
        if (missing > 0) throw StoreAnswers.NeverTakenIn(missing);
        var now = Now();
        var written = found.Where(each => AdoptFound(db, lease, each, now)).ToList();
        if (written.Count > 0) Tell(db, id, now, AuditEntries.ClaimsFound(lease, written));
        return written.Count;
    }, cancel);

    /// <summary>Marks the claim as exported: under this run if its mark is new or was freed; the mark of a run that may have sent it stays that run's.</summary>
    private static bool AdoptFound(SqliteSession db, Lease lease, FoundClaim found, DateTimeOffset now)
    {
        var id = lease.OrganisationId;
        var mark = ReadMark(db, id, found.ClaimId, found.Generation);
        if (mark is { State: MarkState.Exported }) return false;
        if (mark is null && found.Generation > 0 && ReadMark(db, id, found.ClaimId, found.Generation - 1) is not { State: MarkState.Exported }) return false;
        if (mark is { State: MarkState.Reserved or MarkState.InDoubt })
        {
            db.Run("""
                update marks set state = 'exported', evidence = ?4, acknowledgement = ?5, reason = null, changed_at = ?6, in_doubt_since = null, absent_since = null
                where organisation_id = ?1 and claim_id = ?2 and generation = ?3
                """, id, found.ClaimId, found.Generation, found.Evidence.Text(), found.Acknowledgement, now);
            Count(db, id, mark.RunId, exported: 1, inDoubt: mark.State == MarkState.InDoubt ? -1 : 0);
            TakeFailureBack(db, id, mark.RunId);
        }
        else
        {
            KeepFormerAttempt(db, id, found.ClaimId, found.Generation);
            db.Run("""
                insert into marks (organisation_id, claim_id, generation, state, attempt, epoch, run_id, batch, export_key, evidence, acknowledgement, changed_at)
                values (?1, ?2, ?3, 'exported', 0, ?4, ?5, 0, ?6, ?7, ?8, ?9)
                on conflict (organisation_id, claim_id, generation) do update
                set state = 'exported', epoch = excluded.epoch, run_id = excluded.run_id, batch = excluded.batch, evidence = excluded.evidence,
                    acknowledgement = excluded.acknowledgement, reason = null, changed_at = excluded.changed_at
                """, id, found.ClaimId, found.Generation, lease.Epoch, lease.RunId, found.ExportKey, found.Evidence.Text(), found.Acknowledgement, now);
            db.Run("update runs set candidates = candidates + 1, reserved = reserved + 1, exported = exported + 1 where organisation_id = ?1 and run_id = ?2", id, lease.RunId);
        }
        AddExported(db, id, mark is { State: MarkState.Reserved or MarkState.InDoubt } ? mark.RunId : lease.RunId, found.ClaimId);
        Acknowledge(db, id, found.Acknowledgement, found.ClaimId, found.Generation);
        // A newer generation that waits goes on waiting.
        MovingWaiting(db, id, found.ClaimId, () => db.Run("delete from pending where organisation_id = ?1 and approved_at = ?2 and claim_id = ?3 and generation <= ?4",
            id, ApprovedAt(db, id, found.ClaimId), found.ClaimId, found.Generation));
        LiftWithdrawal(db, id, found.ClaimId);
        return true;
    }
}
