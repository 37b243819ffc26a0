using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.History;

namespace PayOnce.Stores.Sqlite;

// Claims that are approved no longer.
public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<WithdrawOutcome>> WithdrawAsync(string organisationId, IReadOnlyList<string> claimIds, string reason, string actor, CancellationToken cancel) => WriteAsync<IReadOnlyList<WithdrawOutcome>>(db =>
    {
        var now = Now();
        var outcomes = new WithdrawOutcome[claimIds.Count];
        var gone = new List<string>();
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = Withdraw(db, organisationId, claimIds[i], new Withdrawal(now, actor, reason));
            if (outcomes[i] is WithdrawOutcome.Withdrawn) gone.Add(claimIds[i]);
        }
        if (gone.Count > 0) Tell(db, organisationId, now, AuditEntries.ClaimsWithdrawn(gone, reason, actor));
        return outcomes;
    }, cancel);

    private static WithdrawOutcome Withdraw(SqliteSession db, string organisationId, string claimId, Withdrawal withdrawal)
    {
        if (NewestMark(db, organisationId, claimId) is { } mark && !mark.State.MayBeReserved()) return new WithdrawOutcome.Held(mark.State, mark.RunId);
        if (ApprovedAt(db, organisationId, claimId) is not { } approvedAt) return WithdrawOutcome.NoSuchClaim.Instance;
        if (ReadWithdrawal(db, organisationId, claimId) is { } before) return new WithdrawOutcome.Already(before);

        MovingWaiting(db, organisationId, claimId, () => db.Run("delete from pending where organisation_id = ?1 and approved_at = ?2 and claim_id = ?3", organisationId, approvedAt, claimId));
        db.Run("update claims set withdrawn_at = ?3, withdrawn_by = ?4, withdrawn_reason = ?5 where organisation_id = ?1 and claim_id = ?2",
            organisationId, claimId, withdrawal.At, withdrawal.By, withdrawal.Reason);
        return new WithdrawOutcome.Withdrawn(withdrawal);
    }

    private static Withdrawal? ReadWithdrawal(SqliteSession db, string organisationId, string claimId)
    {
        using var rows = db.Query($"select {SqliteColumns.Withdrawal} from claims c where c.organisation_id = ?1 and c.claim_id = ?2", organisationId, claimId);
        return rows.Next() ? SqliteColumns.ReadWithdrawal(rows.Row, 0) : null;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Withdrawal>> ListWithdrawalsAsync(string organisationId, string claimId, CancellationToken cancel) => ReadAsync(db => ToldWithdrawals.Of(claimId, ToldWithdrawals.Actions
        .SelectMany(action => db.All($"select {SqliteColumns.AuditEvent} from audit_events where organisation_id = ?1 and action = ?2 and instr(details, ?3) > 0",
            SqliteColumns.ReadAuditEvent, organisationId, action, ToldWithdrawals.AsWritten(claimId)))
        .OrderBy(told => told.Sequence)), cancel);

    /// <summary>The run whose export of the claim stands, of whatever generation.</summary>
    private static long? LeftIn(SqliteSession db, string organisationId, string claimId)
    {
        using var rows = db.Query("select run_id from marks where organisation_id = ?1 and claim_id = ?2 and state = 'exported' order by generation desc limit 1", organisationId, claimId);
        return rows.Next() ? rows.Row.Long(0) : null;
    }

    /// <summary>What has left is withdrawn no longer.</summary>
    private static void LiftWithdrawal(SqliteSession db, string organisationId, string claimId) => db.Run(
        "update claims set withdrawn_at = null, withdrawn_by = null, withdrawn_reason = null where organisation_id = ?1 and claim_id = ?2 and withdrawn_at is not null", organisationId, claimId);
}
