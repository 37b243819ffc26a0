using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<bool> RecordTriesAsync(Lease lease, IReadOnlyList<TryEnd> ended, IReadOnlyList<TryStart> starting, CancellationToken cancel) => WriteAsync(db =>
    {
        if (!IsOurs(db, lease)) return false;
        var now = Now();
        foreach (var each in ended)
        {
            TellTry(db, lease, AttemptStep.Finished, each.Batch, each.Try, now, each);
            if (each.Settled.Count == 0) continue;
            var exported = new CurrencySums();
            foreach (var claim in each.Settled)
            {
                Settle(db, lease, claim, now);
                Acknowledge(db, lease.OrganisationId, claim.Acknowledgement, claim.ClaimId, claim.Generation);
                if (claim.State == MarkState.Exported) AddExported(db, lease.OrganisationId, claim.ClaimId, exported);
            }
            MoveExported(db, lease.OrganisationId, lease.RunId, exported);
            var counts = new SettlementCounts(each.Settled);
            Count(db, lease.OrganisationId, lease.RunId, counts.Exported, counts.InDoubt, counts.Released, counts.Rejected);
            Tell(db, lease.OrganisationId, now, AuditEntries.BatchSettled(lease, each));
        }
        foreach (var each in starting) TellTry(db, lease, AttemptStep.Started, each.Batch, each.Try, now);
        return true;
    }, cancel);

    /// <summary>A row of the register about one try.</summary>
    private static void TellTry(SqliteSession db, Lease lease, AttemptStep step, int batch, int attempt, DateTimeOffset now, TryEnd? ended = null)
    {
        var rejections = ended?.Rejections() ?? [];
        var told = db.Run("""
            insert into attempts (organisation_id, run_id, batch, try, step, epoch, rejections, bytes_hash, outcome, http_status, error, at)
            select organisation_id, run_id, batch, ?4, ?5, ?6, ?7, sha256, ?8, ?9, ?10, ?11 from batches where organisation_id = ?1 and run_id = ?2 and batch = ?3
            """, lease.OrganisationId, lease.RunId, batch, attempt, step.Text(), lease.Epoch, rejections.Count == 0 ? default : SqliteValue.Utf8(StoredJson.Rejections(rejections)),
            ended?.Outcome.Text(), ended?.HttpStatus, ended?.Error, now);
        if (told != 1) throw StoreAnswers.NotOurs(lease, 1, told);
        // A try is told once. Where an event follows, that is the proof.
        db.Proof = later => later.Any("select 1 from attempts where organisation_id = ?1 and run_id = ?2 and batch = ?3 and try = ?4 and step = ?5 and epoch = ?6",
            lease.OrganisationId, lease.RunId, batch, attempt, step.Text(), lease.Epoch);
    }

    /// <summary>reserved → what became of the claim, by compare-and-set; rejected and released ones wait again.</summary>
    private static void Settle(SqliteSession db, Lease lease, ClaimSettlement claim, DateTimeOffset now)
    {
        var changed = db.Run("""
            update marks set state = ?7, evidence = ?8, acknowledgement = ?9, reason = ?10, changed_at = ?11, in_doubt_since = ?12, absent_since = null
            where organisation_id = ?1 and claim_id = ?2 and generation = ?3 and attempt = ?4 and run_id = ?5 and epoch = ?6 and state = 'reserved'
            """, lease.OrganisationId, claim.ClaimId, claim.Generation, claim.Attempt, lease.RunId, lease.Epoch,
            claim.State.Text(), claim.Evidence?.Text(), claim.Acknowledgement, claim.Reason, now, claim.State == MarkState.InDoubt ? now : default(DateTimeOffset?));
        if (changed != 1) throw StoreAnswers.NotOurs(lease, 1, changed);
        if (claim.State.MayBeReserved()) WaitAgain(db, lease.OrganisationId, claim.ClaimId, claim.Generation, claim.State == MarkState.Rejected);
    }

    /// <summary>A claim whose mark has just been freed waits again, unless a newer generation has its own fate or it was never taken in.</summary>
    private static void WaitAgain(SqliteSession db, string organisationId, string claimId, int generation, bool rejected)
    {
        if (ApprovedAt(db, organisationId, claimId) is { } approvedAt && NewestMark(db, organisationId, claimId)?.Generation == generation)
            MovingWaiting(db, organisationId, claimId, () => PutInWorkList(db, organisationId, claimId, approvedAt, generation, rejected));
    }
}
