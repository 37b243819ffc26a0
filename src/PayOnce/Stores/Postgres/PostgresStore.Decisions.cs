using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

// What a person decides.
public sealed partial class PostgresStore
{
    public Task<RollBackAnswer> RollBackAsync(string organisationId, long runId, string reason, string actor, CancellationToken cancel) =>
        StepAsync<RollBackAnswer>(organisationId, async work =>
        {
            await LockLeaseAsync(work);
            var run = await FindRunAsync(work, runId);
            var file = (await work.ListAsync(Columns.ReadFile, FileStatements.Find(organisationId, runId))).SingleOrDefault();
            if (run is null) return new RollBackAnswer.NoSuchRun();
            var erased = await work.AnyAsync(Sql.Of(
                """
                select 1 from payonce.marks m join payonce.claims c on c.organisation_id = $1 and c.claim_id = m.claim_id
                where m.organisation_id = $1 and m.run_id = $2 and c.erased_at is not null limit 1
                """, organisationId, runId));
            if (StoreAnswers.WhyNotRollBack(run, file, erased) is { } why) return new RollBackAnswer.NotPossible(why);

            await work.ExecuteAsync(TotalsStatements.ExportedWhere(organisationId, runId, "m.state = 'exported' and m.evidence = 'in_file'", -1));
            var exported = await work.CountOf(MarkStatements.Release(organisationId, runId, reason, "state = 'exported' and evidence = 'in_file'"));
            var inDoubt = await work.CountOf(MarkStatements.Release(organisationId, runId, reason, "state = 'in_doubt'"));
            await work.AppendAsync(
                AuditEntries.RunRolledBack(runId, exported + inDoubt, reason, actor),
                Sql.Of("update payonce.files set state = 'withdrawn' where organisation_id = $1 and run_id = $2", organisationId, runId),
                MarkStatements.Count(organisationId, runId, -exported, -inDoubt, exported + inDoubt),
                Sql.Of("update payonce.runs set state = 'rolled_back' where organisation_id = $1 and run_id = $2", organisationId, runId));
            return new RollBackAnswer.RolledBack(exported + inDoubt);
        }, cancel);

    public Task<long?> RecordImportAsync(string organisationId, long runId, string voucher, string actor, CancellationToken cancel) =>
        StepAsync<long?>(organisationId, async work =>
        {
            await LockLeaseAsync(work);
            var run = await FindRunAsync(work, runId);
            var file = (await work.ListAsync(Columns.ReadFile, FileStatements.Find(organisationId, runId))).SingleOrDefault();
            // While the run goes on, what is not available is its own business.
            if (run is null || file is null or { State: RunFileState.Withdrawn } || (run.State == RunState.Running && file.State == RunFileState.Publishing)) return null;
            if (file.ImportedAs is not null) return 0;

            await work.ExecuteAsync(TotalsStatements.ExportedWhere(organisationId, runId, "m.state = 'in_doubt'", +1));
            var changed = await work.ExecuteAsync(Booked("state = 'exported' and evidence = 'in_file'"), Booked("state = 'in_doubt'"));
            await work.AppendAsync(
                AuditEntries.FileImported(runId, changed[0] + changed[1], voucher, actor),
                Sql.Of("update payonce.files set imported_as = $3, state = 'available' where organisation_id = $1 and run_id = $2", organisationId, runId, voucher),
                MarkStatements.Count(organisationId, runId, exported: changed[1], inDoubt: -changed[1]));
            return changed[0] + changed[1];

            Npgsql.NpgsqlBatchCommand Booked(string which) => Sql.Of(
                $"""
                update payonce.marks set state = 'exported', evidence = 'booked', acknowledgement = $3, changed_at = now(), in_doubt_since = null, absent_since = null
                where organisation_id = $1 and run_id = $2 and {which}
                """, organisationId, runId, voucher);
        }, cancel);

    public Task<Mark?> DecideAsync(string organisationId, string claimId, MarkState decision, string evidence, string actor, CancellationToken cancel, DecisionDetails? details = null)
    {
        if (decision is not (MarkState.Exported or MarkState.Released)) throw new ArgumentOutOfRangeException(nameof(decision), decision, "A person settles a claim as exported or as released.");
        return StepAsync(organisationId, async work =>
        {
            var mark = await LockNewestMarkAsync(work, claimId);
            if (mark?.State != MarkState.InDoubt || details?.Seen?.Is(mark) == false) return mark;
            var acknowledgement = decision == MarkState.Exported ? details?.Acknowledgement : null;
            if (decision == MarkState.Released)
                await work.CountOf(MarkStatements.Release(organisationId, mark.RunId, evidence, "claim_id = $4 and generation = $5 and state = 'in_doubt'", claimId, mark.Generation));
            else
                await work.ExecuteAsync(Sql.Of(
                    """
                    update payonce.marks set state = 'exported', evidence = 'booked', reason = $4, changed_at = now(), in_doubt_since = null, absent_since = null, acknowledgement = coalesce($5, acknowledgement)
                    where organisation_id = $1 and claim_id = $2 and generation = $3
                    """, organisationId, claimId, mark.Generation, evidence, acknowledgement));
            await work.AppendAsync(
                AuditEntries.ClaimDecided(claimId, mark.Generation, decision, evidence, acknowledgement, actor),
                [.. decision == MarkState.Exported ? TotalsStatements.Exported(organisationId, mark.RunId, [claimId]) : [],
                .. TotalsStatements.Acknowledge(organisationId, [(acknowledgement, claimId, mark.Generation)]),
                MarkStatements.Count(organisationId, mark.RunId, exported: decision == MarkState.Exported ? 1 : 0, inDoubt: -1, released: decision == MarkState.Released ? 1 : 0)]);
            return mark;
        }, cancel);
    }

    public Task<ReExportAnswer> RequestReExportAsync(string organisationId, string claimId, string reason, string actor, CancellationToken cancel, int? seenGeneration = null) =>
        StepAsync<ReExportAnswer>(organisationId, async work =>
        {
            // Shared like a step's, so that intake does not move the claim's approval meanwhile.
            await work.AnyAsync(LeaseStatements.Share(organisationId));
            var mark = await LockNewestMarkAsync(work, claimId);
            var found = await work.ListAsync(
                reader => (ApprovedAt: reader.Time(0), Withdrawal: Columns.ReadWithdrawal(reader, 1), ErasedAt: reader.TimeOrNull(4)),
                Sql.Of($"select c.approved_at, {Columns.Withdrawal}, c.erased_at from payonce.claims c where c.organisation_id = $1 and c.claim_id = $2", organisationId, claimId));
            if (found.Count == 0) return new ReExportAnswer.NoSuchClaim();
            if (found[0].Withdrawal is { } withdrawal) return new ReExportAnswer.Withdrawn(withdrawal);
            if (found[0].ErasedAt is { } erasedAt) return new ReExportAnswer.Erased(erasedAt);
            if (mark?.State != MarkState.Exported) return new ReExportAnswer.NotExported(mark?.State);
            if (seenGeneration is { } seen && seen != mark.Generation) return new ReExportAnswer.ExportedSince(mark.Generation);

            var generation = mark.Generation + 1;
            var key = ExportKey.Derive(organisationId, claimId, generation);
            await work.AppendAsync(
                AuditEntries.ReExportForced(claimId, generation, key, reason, actor),
                Sql.Of(
                    """
                    insert into payonce.marks (organisation_id, claim_id, generation, state, attempt, epoch, run_id, batch, export_key, reason, changed_at)
                    values ($1, $2, $3, 'released', 0, 0, 0, 0, $4, $5, now())
                    """, organisationId, claimId, generation, key, reason),
                TotalsStatements.WaitingOf(organisationId, [claimId], -1),
                PendingStatements.PutBack(organisationId, [found[0].ApprovedAt], [claimId], [generation], [false]),
                TotalsStatements.WaitingOf(organisationId, [claimId], +1));
            return new ReExportAnswer.Requested(generation, key);
        }, cancel);

    /// <summary>Locks all the claim's marks, then reads the newest in a statement that sees what the lock waited for.</summary>
    private static async Task<Mark?> LockNewestMarkAsync(PostgresTransaction work, string claimId)
    {
        await work.AnyAsync(Sql.Of("select 1 from payonce.marks where organisation_id = $1 and claim_id = $2 order by generation for update", work.OrganisationId, claimId));
        return (await work.ListAsync(Columns.ReadMark, Sql.Of(
            $"select {Columns.Mark} from payonce.marks m where m.organisation_id = $1 and m.claim_id = $2 order by m.generation desc limit 1", work.OrganisationId, claimId))).SingleOrDefault();
    }
}
