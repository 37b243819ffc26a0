using System.Security.Cryptography;
using PayOnce.Audit;
using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<RunFile?> StartFileAsync(Lease lease, FileDraft draft, Func<AuditHead, ReadOnlyMemory<byte>> manifest, CancellationToken cancel) => WriteAsync(db =>
    {
        if (!IsOurs(db, lease)) return null;
        var now = Now();
        var file = InsertFile(db, lease, draft, manifest(ReadHead(db, lease.OrganisationId)), RunFileState.Publishing, now);
        db.Run("""
            insert into attempts (organisation_id, run_id, batch, try, step, epoch, bytes_hash, at)
            select organisation_id, run_id, batch, 1, 'started', ?3, sha256, ?4 from batches where organisation_id = ?1 and run_id = ?2 and claims > 0 order by batch
            """, lease.OrganisationId, lease.RunId, lease.Epoch, now);
        RaiseNextVoucher(db, lease, draft.LastVoucher);
        Tell(db, lease.OrganisationId, now, AuditEntries.FileStarted(lease, file.Name, file.Sha256, Hash(file.Manifest), draft.Folder ?? ""));
        return file;
    }, cancel);

    /// <inheritdoc/>
    public Task<RunFile?> ConfirmFileAsync(Lease lease, FileDraft draft, Func<AuditHead, ReadOnlyMemory<byte>> manifest, CancellationToken cancel) => WriteAsync(db =>
    {
        if (!IsOurs(db, lease)) return null;
        var now = Now();
        // OR ROLLBACK: with the ordinary ABORT, SQLite would keep every page of the guard as it was before the statement, in memory.
        var changed = db.Run($"""
            update or rollback marks as m set state = 'exported', evidence = 'in_file', changed_at = ?4
            where m.organisation_id = ?1 and m.run_id = ?2 and m.epoch = ?3 and {Reserved}
            """, lease.OrganisationId, lease.RunId, lease.Epoch, now);
        if (changed != draft.Claims) throw new InvalidOperationException(FormattableString.Invariant($"File {draft.Name} has {draft.Claims} claims, but run {lease.RunId} has {changed} reserved marks."));

        var file = ReadFile(db, lease.OrganisationId, lease.RunId) is { State: RunFileState.Publishing } started
            ? MakeAvailable(db, lease, draft, started)
            : InsertFile(db, lease, draft, manifest(ReadHead(db, lease.OrganisationId)), RunFileState.Available, now);
        db.Run("""
            insert into attempts (organisation_id, run_id, batch, try, step, epoch, bytes_hash, outcome, at)
            select organisation_id, run_id, batch, 1, 'finished', ?3, sha256, 'accepted', ?4 from batches where organisation_id = ?1 and run_id = ?2 and claims > 0 order by batch
            """, lease.OrganisationId, lease.RunId, lease.Epoch, now);
        ExportTaken(db, lease);
        Count(db, lease.OrganisationId, lease.RunId, exported: changed);
        RaiseNextVoucher(db, lease, draft.LastVoucher);
        Tell(db, lease.OrganisationId, now, AuditEntries.FileExported(lease, file, Hash(file.Manifest)));
        return file;
    }, cancel);

    /// <inheritdoc/>
    public Task<bool> ReleaseFileAsync(Lease lease, string reason, CancellationToken cancel) => WriteAsync(db =>
    {
        if (!IsOurs(db, lease)) return false;
        var now = Now();
        var released = Release(db, lease.OrganisationId, lease.RunId, lease.Epoch, Reserved, reason, now);
        FinishStartedAttempts(db, lease.OrganisationId, lease.RunId, lease.Epoch, AttemptOutcome.Refused, reason, now);
        var withdrawn = db.Run("update files set state = 'withdrawn' where organisation_id = ?1 and run_id = ?2 and state = 'publishing'", lease.OrganisationId, lease.RunId);
        if (released + withdrawn == 0) return true;
        Count(db, lease.OrganisationId, lease.RunId, released: released);
        Tell(db, lease.OrganisationId, now, AuditEntries.FileReleased(lease, released, reason));
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task<bool> DoubtFileAsync(Lease lease, string reason, CancellationToken cancel) => WriteAsync(db =>
    {
        if (!IsOurs(db, lease)) return false;
        var now = Now();
        var inDoubt = Doubt(db, lease.OrganisationId, lease.RunId, lease.Epoch, Reserved, reason, now);
        if (inDoubt == 0) return true;
        FinishStartedAttempts(db, lease.OrganisationId, lease.RunId, lease.Epoch, AttemptOutcome.Unknown, reason, now);
        Count(db, lease.OrganisationId, lease.RunId, inDoubt: inDoubt);
        Tell(db, lease.OrganisationId, now, AuditEntries.FileInDoubt(lease, inDoubt, reason));
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task<bool> ProveFileAsync(Lease lease, long runId, string evidence, CancellationToken cancel) => WriteAsync(db =>
    {
        if (!IsOurs(db, lease)) return false;
        var id = lease.OrganisationId;
        var run = RequireRun(db, id, runId);
        var now = Now();
        // Withdrawn or settled since by a person: nothing to prove any more.
        if (db.Run("update files set state = 'available' where organisation_id = ?1 and run_id = ?2 and state = 'publishing'", id, runId) == 0) return true;
        AddExportedWhere(db, id, runId, "m.state = 'in_doubt'", +1);
        var proved = db.Run("""
            update marks set state = 'exported', evidence = 'in_file', reason = ?4, changed_at = ?5, in_doubt_since = null, absent_since = null
            where organisation_id = ?1 and run_id = ?2 and epoch = ?3 and state = 'in_doubt'
            """, id, runId, run.Epoch, evidence, now);
        Count(db, id, runId, exported: proved, inDoubt: -proved);
        TakeFailureBack(db, id, runId);
        Tell(db, id, now, AuditEntries.FileProved(lease, runId, proved, evidence));
        return true;
    }, cancel);

    private static RunFile InsertFile(SqliteSession db, Lease lease, FileDraft draft, ReadOnlyMemory<byte> manifest, RunFileState state, DateTimeOffset now)
    {
        db.Run("""
            insert into files (organisation_id, run_id, name, content_type, sha256, bytes, claims, lines, control_totals, prologue, separator, epilogue, manifest, folder, state, created_at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
            """, lease.OrganisationId, lease.RunId, draft.Name, draft.ContentType, draft.Sha256, draft.Bytes, draft.Claims, draft.Lines,
            SqliteValue.Utf8(StoredJson.Totals(draft.ControlTotals)), draft.Prologue, draft.Separator, draft.Epilogue, manifest, draft.Folder, state.Text(), now);
        return ReadFile(db, lease.OrganisationId, lease.RunId)!;
    }

    private static RunFile MakeAvailable(SqliteSession db, Lease lease, FileDraft draft, RunFile started)
    {
        if (!string.Equals(started.Sha256, draft.Sha256, StringComparison.Ordinal))
            throw new InvalidOperationException($"File {started.Name} was started with other bytes than it is confirmed with.");
        db.Run("update files set state = 'available' where organisation_id = ?1 and run_id = ?2", lease.OrganisationId, lease.RunId);
        return started with { State = RunFileState.Available };
    }

    private static void RaiseNextVoucher(SqliteSession db, Lease lease, long last) =>
        db.Run("update run_leases set next_voucher = max(next_voucher, ?2) where organisation_id = ?1", lease.OrganisationId, last + 1);

    private static RunFile? ReadFile(SqliteSession db, string organisationId, long runId) =>
        db.First($"select {SqliteColumns.File} from files where organisation_id = ?1 and run_id = ?2", SqliteColumns.ReadFile, organisationId, runId);

    private static string Hash(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
}
