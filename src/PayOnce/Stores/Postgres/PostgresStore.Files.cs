using PayOnce.Audit;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    public Task<RunFile?> StartFileAsync(Lease lease, FileDraft draft, Func<AuditHead, ReadOnlyMemory<byte>> manifest, CancellationToken cancel) =>
        StepAsync(lease.OrganisationId, async work =>
        {
            if (!await work.HoldsAsync(lease)) return null;
            var (head, at) = await work.LockHeadAsync(FileStatements.StartAttempts(lease), FileStatements.RaiseVoucher(lease, draft.LastVoucher));
            var file = FileOf(lease, draft, manifest(head), RunFileState.Publishing);
            await work.AppendAsync(
                head, at, AuditEntries.FileStarted(lease, file.Name, file.Sha256, FileStatements.Hash(file.Manifest), file.Folder ?? ""),
                FileStatements.Insert(lease.OrganisationId, file, at));
            return file;
        }, cancel);

    public Task<RunFile?> ConfirmFileAsync(Lease lease, FileDraft draft, Func<AuditHead, ReadOnlyMemory<byte>> manifest, CancellationToken cancel) =>
        StepAsync(lease.OrganisationId, async work =>
        {
            if (!await work.HoldsAsync(lease)) return null;
            var exported = (await work.ExecuteAsync(MarkStatements.Export(lease.OrganisationId, lease.RunId, lease.Epoch)))[0];
            if (exported != draft.Claims)
                throw new InvalidOperationException($"The file of run {lease.RunId} has {draft.Claims} claims, but {exported} marks are reserved by it. Nothing was changed.");
            var started = (await work.ListAsync(Columns.ReadFile, FileStatements.Find(lease.OrganisationId, lease.RunId))).SingleOrDefault();
            if (started is not null && (started.State != RunFileState.Publishing || started.Sha256 != draft.Sha256))
                throw new InvalidOperationException($"The file of run {lease.RunId} is {started.State.Text()} with checksum {started.Sha256}; it cannot be confirmed with {draft.Sha256}.");

            var (head, at) = await work.LockHeadAsync(
                FileStatements.AcceptAttempts(lease),
                FileStatements.RaiseVoucher(lease, draft.LastVoucher),
                TotalsStatements.ExportTaken(lease.OrganisationId, lease.RunId),
                MarkStatements.Count(lease.OrganisationId, lease.RunId, exported: exported));
            var file = started is null ? FileOf(lease, draft, manifest(head), RunFileState.Available) : started with { State = RunFileState.Available };
            await work.AppendAsync(
                head, at, AuditEntries.FileExported(lease, file, FileStatements.Hash(file.Manifest)),
                started is null ? FileStatements.Insert(lease.OrganisationId, file, at) : FileStatements.Settle(lease.OrganisationId, lease.RunId, RunFileState.Available));
            return file;
        }, cancel);

    public Task<bool> ReleaseFileAsync(Lease lease, string reason, CancellationToken cancel) =>
        StepAsync(lease.OrganisationId, async work =>
        {
            if (!await work.HoldsAsync(lease)) return false;
            var (org, runId) = (lease.OrganisationId, lease.RunId);
            var released = await work.CountOf(MarkStatements.Release(org, runId, reason, "state = 'reserved' and epoch = $4", lease.Epoch));
            await work.AppendAsync(
                AuditEntries.FileReleased(lease, released, reason),
                FileStatements.EndStartedAttempts(org, runId, lease.Epoch, AttemptOutcome.Refused, reason),
                FileStatements.Settle(org, runId, RunFileState.Withdrawn),
                MarkStatements.Count(org, runId, released: released));
            return true;
        }, cancel);

    public Task<bool> DoubtFileAsync(Lease lease, string reason, CancellationToken cancel) =>
        StepAsync(lease.OrganisationId, async work =>
        {
            if (!await work.HoldsAsync(lease)) return false;
            var (org, runId) = (lease.OrganisationId, lease.RunId);
            var doubted = (await work.ExecuteAsync(MarkStatements.Doubt(org, runId, lease.Epoch, reason)))[0];
            await work.AppendAsync(
                AuditEntries.FileInDoubt(lease, doubted, reason),
                FileStatements.EndStartedAttempts(org, runId, lease.Epoch, AttemptOutcome.Unknown, reason),
                MarkStatements.Count(org, runId, inDoubt: doubted));
            return true;
        }, cancel);

    public Task<bool> ProveFileAsync(Lease lease, long runId, string evidence, CancellationToken cancel) =>
        StepAsync(lease.OrganisationId, async work =>
        {
            if (!await work.HoldsAsync(lease)) return false;
            var org = lease.OrganisationId;
            var proved = (await work.ExecuteAsync(TotalsStatements.ExportedWhere(org, runId, "m.state = 'in_doubt'", +1), Sql.Of(
                """
                update payonce.marks set state = 'exported', evidence = 'in_file', reason = $3, changed_at = now(), in_doubt_since = null, absent_since = null
                where organisation_id = $1 and run_id = $2 and state = 'in_doubt'
                """, org, runId, evidence)))[1];
            await work.AppendAsync(
                AuditEntries.FileProved(lease, runId, proved, evidence),
                FileStatements.Settle(org, runId, RunFileState.Available),
                MarkStatements.Count(org, runId, exported: proved, inDoubt: -proved),
                MarkStatements.TakeFailureBack(org, runId));
            return true;
        }, cancel);

    public Task NoteFetchedAsync(string organisationId, long runId, string actor, CancellationToken cancel) =>
        StepAsync(organisationId, async work =>
        {
            var (head, at) = await work.LockHeadAsync();
            var file = (await work.ListAsync(Columns.ReadFile, FileStatements.Find(organisationId, runId))).SingleOrDefault();
            if (file is null) return false;
            await work.AppendAsync(
                head, at, AuditEntries.FileFetched(runId, file.Name, file.Sha256, actor),
                Sql.Of("update payonce.files set fetched_at = coalesce(fetched_at, $3) where organisation_id = $1 and run_id = $2", organisationId, runId, at));
            return true;
        }, cancel);

    private static RunFile FileOf(Lease lease, FileDraft draft, ReadOnlyMemory<byte> manifest, RunFileState state) => new(
        lease.RunId, draft.Name, draft.ContentType, draft.Sha256, draft.Bytes, draft.Claims, draft.Lines, draft.ControlTotals,
        draft.Prologue, draft.Separator, draft.Epilogue, manifest, draft.Folder, state);
}
