using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<RollBackAnswer> RollBackAsync(string organisationId, long runId, string reason, string actor, CancellationToken cancel) => WriteAsync<RollBackAnswer>(db =>
    {
        var run = ReadRun(db, organisationId, runId);
        if (run is null) return new RollBackAnswer.NoSuchRun();
        var file = ReadFile(db, organisationId, runId);
        if (StoreAnswers.WhyNotRollBack(run, file, HasErasedClaims(db, organisationId, runId)) is { } why) return new RollBackAnswer.NotPossible(why);

        var now = Now();
        var inDoubt = db.Number("select count(*) from marks where organisation_id = ?1 and run_id = ?2 and epoch = ?3 and state = 'in_doubt'", organisationId, runId, run.Epoch);
        AddExportedWhere(db, organisationId, runId, "m.state = 'exported' and m.evidence = 'in_file'", -1);
        var released = Release(db, organisationId, runId, run.Epoch, NotImported, reason, now);
        db.Run("update files set state = 'withdrawn' where organisation_id = ?1 and run_id = ?2", organisationId, runId);
        db.Run("update runs set state = 'rolled_back' where organisation_id = ?1 and run_id = ?2", organisationId, runId);
        Count(db, organisationId, runId, exported: inDoubt - released, inDoubt: -inDoubt, released: released);
        Tell(db, organisationId, now, AuditEntries.RunRolledBack(runId, released, reason, actor));
        return new RollBackAnswer.RolledBack(released);
    }, cancel);

    /// <inheritdoc/>
    public Task<long?> RecordImportAsync(string organisationId, long runId, string voucher, string actor, CancellationToken cancel) => WriteAsync<long?>(db =>
    {
        if (ReadRun(db, organisationId, runId) is not { } run || ReadFile(db, organisationId, runId) is not { State: not RunFileState.Withdrawn } file) return null;
        // While the run goes on, what is not available is its own business.
        if (run.State == RunState.Running && file.State == RunFileState.Publishing) return null;
        if (file.ImportedAs is not null) return 0;

        var now = Now();
        var inDoubt = db.Number("select count(*) from marks where organisation_id = ?1 and run_id = ?2 and epoch = ?3 and state = 'in_doubt'", organisationId, runId, run.Epoch);
        AddExportedWhere(db, organisationId, runId, "m.state = 'in_doubt'", +1);
        var raised = db.Run($"""
            update marks as m set state = 'exported', evidence = 'booked', acknowledgement = ?4, changed_at = ?5, in_doubt_since = null, absent_since = null
            where m.organisation_id = ?1 and m.run_id = ?2 and m.epoch = ?3 and {NotImported}
            """, organisationId, runId, run.Epoch, voucher, now);
        db.Run("update files set imported_as = ?3, state = 'available' where organisation_id = ?1 and run_id = ?2", organisationId, runId, voucher);
        Count(db, organisationId, runId, exported: inDoubt, inDoubt: -inDoubt);
        Tell(db, organisationId, now, AuditEntries.FileImported(runId, raised, voucher, actor));
        return raised;
    }, cancel);

    /// <inheritdoc/>
    public Task<Mark?> DecideAsync(string organisationId, string claimId, MarkState decision, string evidence, string actor, CancellationToken cancel, DecisionDetails? details = null) => WriteAsync(db =>
    {
        if (decision is not (MarkState.Exported or MarkState.Released)) throw new ArgumentOutOfRangeException(nameof(decision), decision, "A claim in doubt is decided as exported or as released.");
        var mark = NewestMark(db, organisationId, claimId);
        if (mark is not { State: MarkState.InDoubt } || details?.Seen?.Is(mark) == false) return mark;

        var now = Now();
        var exported = decision == MarkState.Exported;
        var acknowledgement = exported ? details?.Acknowledgement : null;
        db.Run("""
            update marks set state = ?4, evidence = ?5, reason = ?6, changed_at = ?7, in_doubt_since = null, absent_since = null, acknowledgement = coalesce(?8, acknowledgement)
            where organisation_id = ?1 and claim_id = ?2 and generation = ?3 and state = 'in_doubt'
            """, organisationId, claimId, mark.Generation, decision.Text(), exported ? Evidence.Booked.Text() : null, evidence, now, acknowledgement);
        if (!exported && ApprovedAt(db, organisationId, claimId) is { } approvedAt) MovingWaiting(db, organisationId, claimId, () => PutInWorkList(db, organisationId, claimId, approvedAt, mark.Generation, rejected: false));
        if (exported) AddExported(db, organisationId, mark.RunId, claimId);
        Acknowledge(db, organisationId, acknowledgement, claimId, mark.Generation);
        Count(db, organisationId, mark.RunId, exported: exported ? 1 : 0, inDoubt: -1, released: exported ? 0 : 1);
        Tell(db, organisationId, now, AuditEntries.ClaimDecided(claimId, mark.Generation, decision, evidence, acknowledgement, actor));
        return mark;
    }, cancel);

    /// <inheritdoc/>
    public Task<ReExportAnswer> RequestReExportAsync(string organisationId, string claimId, string reason, string actor, CancellationToken cancel, int? seenGeneration = null) => WriteAsync<ReExportAnswer>(db =>
    {
        if (ApprovedAt(db, organisationId, claimId) is not { } approvedAt) return new ReExportAnswer.NoSuchClaim();
        if (ReadWithdrawal(db, organisationId, claimId) is { } withdrawal) return new ReExportAnswer.Withdrawn(withdrawal);
        var mark = NewestMark(db, organisationId, claimId);
        if (ErasedAt(db, organisationId, claimId) is { } erasedAt) return new ReExportAnswer.Erased(erasedAt);
        if (mark is not { State: MarkState.Exported }) return new ReExportAnswer.NotExported(mark?.State);
        if (seenGeneration is { } seen && seen != mark.Generation) return new ReExportAnswer.ExportedSince(mark.Generation);

        var now = Now();
        var generation = mark.Generation + 1;
        var exportKey = ExportKey.Derive(organisationId, claimId, generation);
        db.Run("""
            insert into marks (organisation_id, claim_id, generation, state, attempt, epoch, run_id, batch, export_key, reason, changed_at)
            values (?1, ?2, ?3, 'released', 0, 0, 0, 0, ?4, ?5, ?6)
            """, organisationId, claimId, generation, exportKey, reason, now);
        MovingWaiting(db, organisationId, claimId, () => PutInWorkList(db, organisationId, claimId, approvedAt, generation, rejected: false));
        Tell(db, organisationId, now, AuditEntries.ReExportForced(claimId, generation, exportKey, reason, actor));
        return new ReExportAnswer.Requested(generation, exportKey);
    }, cancel);

    private static DateTimeOffset? ApprovedAt(SqliteSession db, string organisationId, string claimId)
    {
        using var rows = db.Query("select approved_at from claims where organisation_id = ?1 and claim_id = ?2", organisationId, claimId);
        return rows.Next() ? rows.Row.Time(0) : null;
    }
}
