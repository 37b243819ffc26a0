using PayOnce.Claims;
using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

/// <summary>Which rows of the work list a scope means, and where a page of them begins and ends.</summary>
public sealed partial class SqliteStore
{
    // One lower and one upper bound in key order, so that each query is a range of the primary key. ?2 and ?3 are the place after
    // which the range begins, ?4 the time before which it ends.
    private const string PendingInScope = "p.organisation_id = ?1 and (p.approved_at, p.claim_id) > (?2, ?3) and p.approved_at < ?4";

    // For a scope of one claim, ?5: by way of the claim, whose approval is the work list's key.
    private const string PendingOfOneClaim =
        "claims c cross join pending p on p.organisation_id = c.organisation_id and p.approved_at = c.approved_at and p.claim_id = c.claim_id where c.organisation_id = ?1 and c.claim_id = ?5";

    private readonly record struct ScopeRange(long AfterTime, string AfterId, long Before)
    {
        public static ScopeRange Of(ClaimScope scope, PageCursor? after = null)
        {
            // No id is empty: (time, '') lies before every row of that time.
            var range = new ScopeRange(
                scope.From is { } from ? SqliteTime.ToMicroseconds(from) : long.MinValue, "",
                scope.Before is { } before ? SqliteTime.ToMicroseconds(before) : long.MaxValue);
            if (after is null) return range;
            var time = SqliteTime.ToMicroseconds(after.ApprovedAt);
            return time < range.AfterTime ? range : range with { AfterTime = time, AfterId = after.ClaimId };
        }
    }

    /// <inheritdoc/>
    public Task<RunCounters?> CountScopeAsync(Lease lease, ClaimScope scope, CancellationToken cancel) => WriteAsync<RunCounters?>(db =>
    {
        if (!IsOurs(db, lease)) return null;
        var range = ScopeRange.Of(scope);
        var id = lease.OrganisationId;
        // Withdrawn claims are few, and no run has them.
        var withdrawn = db.Number(
            "select count(*) from claims indexed by claims_withdrawn where organisation_id = ?1 and approved_at >= ?2 and approved_at < ?3 and withdrawn_at is not null and (?4 is null or claim_id = ?4)",
            id, range.AfterTime, range.Before, scope.ClaimId);
        var claims = scope.ClaimId is { } claimId
            ? db.Number("select count(*) from claims where organisation_id = ?1 and claim_id = ?2 and approved_at >= ?3 and approved_at < ?4", id, claimId, range.AfterTime, range.Before)
            : CountApproved(db, id, ScopeDays.Of(scope));
        var pending = CountPending(db, id, scope, range);
        var candidates = scope.Limit is { } limit ? Math.Min(limit, pending) : pending;
        db.Run("update runs set candidates = ?3, skipped_duplicates = ?4 where organisation_id = ?1 and run_id = ?2", id, lease.RunId, candidates, Math.Max(0, claims - pending - withdrawn));
        var counters = RequireRun(db, id, lease.RunId).Counters;
        db.Proof = later => RequireRun(later, id, lease.RunId).Counters == counters;
        return counters;
    }, cancel);

    private static long CountApproved(SqliteSession db, string organisationId, ScopeDays days) =>
        db.Number("select sum(claims) from approval_days where organisation_id = ?1 and day >= ?2 and day < ?3", organisationId, days.First is { } first ? Text(first) : "", days.Behind is { } behind ? Text(behind) : "~")
        + days.Ends.Sum(end => db.Number("select count(*) from claims where organisation_id = ?1 and approved_at >= ?2 and approved_at < ?3",
            organisationId, SqliteTime.ToMicroseconds(end.From), end.Before is { } before ? SqliteTime.ToMicroseconds(before) : long.MaxValue));

    private static long CountPending(SqliteSession db, string organisationId, ClaimScope scope, ScopeRange range) => scope.ClaimId is { } claimId
        ? db.Number($"select count(*) from {PendingOfOneClaim} and {PendingInScope}",
            organisationId, range.AfterTime, range.AfterId, range.Before, claimId)
        : db.Number($"select count(*) from pending p where {PendingInScope}", organisationId, range.AfterTime, range.AfterId, range.Before);

    /// <inheritdoc/>
    public Task<PageCursor?> FindPageEndAsync(string organisationId, ClaimScope scope, PageCursor? after, int size, CancellationToken cancel) => ReadAsync(db =>
    {
        var range = ScopeRange.Of(scope, after);
        return scope.ClaimId is { } claimId
            ? db.First($"""
                select p.approved_at, p.claim_id from {PendingOfOneClaim} and {PendingInScope} order by p.approved_at, p.claim_id limit 1 offset ?6
                """, ReadCursor, organisationId, range.AfterTime, range.AfterId, range.Before, claimId, size - 1)
            : db.First($"select p.approved_at, p.claim_id from pending p where {PendingInScope} order by p.approved_at, p.claim_id limit 1 offset ?5",
                ReadCursor, organisationId, range.AfterTime, range.AfterId, range.Before, size - 1);
    }, cancel);

    private static PageCursor ReadCursor(SqliteStatement row) => new(row.Time(0), row.Text(1));

    /// <summary>A row of the work list with its claim.</summary>
    private readonly record struct Candidate(ClaimRecord Claim, int Generation);

    /// <param name="room">For the claims' lines and hashes; null for rows that outlive the transaction.</param>
    private static List<Candidate> ReadPage(SqliteSession db, string organisationId, ClaimScope scope, PageCursor? after, int size, ByteRoom? room)
    {
        var read = new SqliteClaimReader(room);
        Candidate ReadCandidate(SqliteStatement row) => new(read.Read(row), row.Int(SqliteColumns.ClaimWidth));
        var range = ScopeRange.Of(scope, after);
        return scope.ClaimId is { } claimId
            ? db.All($"""
                select {SqliteColumns.Claim}, p.generation from {PendingOfOneClaim} and {PendingInScope} order by p.approved_at, p.claim_id limit ?6
                """, ReadCandidate, organisationId, range.AfterTime, range.AfterId, range.Before, claimId, size)
            // The claims lie in the order of their approval, unlike in that of their ids. The plus keeps the scope's bounds off the
            // claim's side, where they would pass for a better way in than the claim itself.
            : db.All($"""
                select {SqliteColumns.Claim}, p.generation
                from pending p cross join claims c indexed by claims_approved on c.organisation_id = p.organisation_id and c.claim_id = p.claim_id and c.approved_at = +p.approved_at
                where {PendingInScope} order by p.approved_at, p.claim_id limit ?5
                """, ReadCandidate, organisationId, range.AfterTime, range.AfterId, range.Before, size);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ReservedClaim>> ReadCandidatesAsync(string organisationId, ClaimScope scope, PageCursor? after, int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<ReservedClaim>>(db =>
    {
        var page = ReadPage(db, organisationId, scope, after, size, room: null);
        var candidates = new ReservedClaim[page.Count];
        for (var i = 0; i < page.Count; i++)
        {
            var (claim, generation) = page[i];
            var mark = ReadMark(db, organisationId, claim.ClaimId, generation);
            candidates[i] = new ReservedClaim(claim, generation, (mark?.Attempt ?? 0) + 1, mark?.ExportKey ?? KeyOf(organisationId, claim, generation));
        }
        return candidates;
    }, cancel);
}
