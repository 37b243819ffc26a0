using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    private const string NewestMarkOfClaim = """
        left join marks m on m.organisation_id = c.organisation_id and m.claim_id = c.claim_id
        and m.generation = (select max(n.generation) from marks n where n.organisation_id = c.organisation_id and n.claim_id = c.claim_id)
        """;

    private const string IsWaiting = "exists (select 1 from pending p where p.organisation_id = c.organisation_id and p.approved_at = c.approved_at and p.claim_id = c.claim_id)";

    /// <inheritdoc/>
    public Task<IReadOnlyList<HeldClaim>> FindHeldAsync(string organisationId, IReadOnlyList<string> claimIds, CancellationToken cancel) => ReadAsync<IReadOnlyList<HeldClaim>>(db =>
    {
        var held = new List<HeldClaim>();
        foreach (var claimId in claimIds)
        {
            if (Held(db, organisationId, claimId) is { } holding) held.Add(holding);
        }
        return held;
    }, cancel);

    /// <inheritdoc/>
    public Task<ClaimHistory?> FindClaimAsync(string organisationId, string claimId, CancellationToken cancel) => ReadAsync(db =>
    {
        var claim = db.First($"select {SqliteColumns.Claim} from claims c where c.organisation_id = ?1 and c.claim_id = ?2", SqliteClaimReader.ReadOne, organisationId, claimId);
        var marks = db.All($"select {SqliteColumns.Mark} from marks m where m.organisation_id = ?1 and m.claim_id = ?2 order by m.generation", SqliteColumns.ReadMark, organisationId, claimId);
        if (claim is null && marks.Count == 0) return null;

        // Where the marks are now, and where they were before they were taken again.
        var attempts = db.All($"""
            select {SqliteColumns.Attempt}
            from (select run_id, batch from marks where organisation_id = ?1 and claim_id = ?2
                  union select run_id, batch from attempt_claims where organisation_id = ?1 and claim_id = ?2) held
            cross join attempts a on a.organisation_id = ?1 and a.run_id = held.run_id and a.batch = held.batch
            order by {SqliteColumns.AttemptOrder}
            """, row => SqliteColumns.ReadAttempt(row, claimIds: null), organisationId, claimId);
        var waiting = claim is not null && db.Any("select 1 from pending where organisation_id = ?1 and approved_at = ?2 and claim_id = ?3", organisationId, claim.ApprovedAt, claimId);
        return new ClaimHistory(claim, marks, attempts, waiting) { Withdrawal = ReadWithdrawal(db, organisationId, claimId), ErasedAt = ErasedAt(db, organisationId, claimId) };
    }, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClaimSummary>> ListClaimsAsync(string organisationId, ClaimFilter filter, PageCursor? after, int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<ClaimSummary>>(db =>
    {
        var range = ScopeRange.Of(new ClaimScope(filter.From, filter.Before), after);
        // Waiting claims and those in doubt are few among many: both are found by way of their own list.
        var (source, only) = filter switch
        {
            { Waiting: true } => ("pending w cross join claims c on c.organisation_id = w.organisation_id and c.approved_at = w.approved_at and c.claim_id = w.claim_id", "w.organisation_id = ?1 and (w.approved_at, w.claim_id) > (?2, ?3) and w.approved_at < ?4"),
            { Withdrawn: true } => ("claims c indexed by claims_withdrawn", "c.withdrawn_at is not null"),
            { State: MarkState.InDoubt } => ("(select organisation_id, claim_id from marks where organisation_id = ?1 and state = 'in_doubt') d cross join claims c on c.organisation_id = d.organisation_id and c.claim_id = d.claim_id", "true"),
            _ => ("claims c", "true"),
        };
        var order = filter.Waiting ? "w.approved_at, w.claim_id" : "c.approved_at, c.claim_id";
        return db.All($"""
            select {SummaryColumns}, {SqliteColumns.Mark}
            from {source} {NewestMarkOfClaim}
            where {only} and c.organisation_id = ?1 and (c.approved_at, c.claim_id) > (?2, ?3) and c.approved_at < ?4 and (?5 is null or (m.state = ?5 and c.withdrawn_at is null))
            order by {order} limit ?6
            """, ReadSummary, organisationId, range.AfterTime, range.AfterId, range.Before, filter.State?.Text(), size);
    }, cancel);

    private static ClaimSummary ReadSummary(SqliteStatement row) => new(
        row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Long(4), row.Time(5), row.Text(6), row.IsNull(SummaryWidth) ? null : SqliteColumns.ReadMark(row, SummaryWidth), row.Long(7) == 1)
    {
        Withdrawal = SqliteColumns.ReadWithdrawal(row, 8),
    };
}
