using Npgsql;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

/// <summary>The work list: which claims are free to go. Never the guard.</summary>
internal static class PendingStatements
{
    public static NpgsqlBatchCommand PutBack(string organisationId, List<DateTimeOffset> approvedAt, List<string> claimIds, List<int> generations, List<bool> rejected) => Sql.Of(
        """
        insert into payonce.pending (organisation_id, approved_at, claim_id, generation, rejected)
        select $1, i.approved_at, i.claim_id, i.generation, i.rejected
        from unnest($2::timestamptz[], $3::text[], $4::int[], $5::boolean[]) as i(approved_at, claim_id, generation, rejected)
        on conflict (organisation_id, approved_at, claim_id) do update set generation = excluded.generation, rejected = excluded.rejected
        """,
        organisationId, approvedAt.ToArray(), Sql.Texts(claimIds.ToArray()), generations.ToArray(), rejected.ToArray());

    /// <summary>
    /// Puts claims back whose marks have just been freed, unless a newer generation has its own fate or the claim was never taken
    /// in, and adds them to the sums of what waits: two common table expressions. Whatever was in the list already is no new row
    /// there, which its xmax tells.
    /// </summary>
    /// <param name="freed">A query of ours with the columns claim_id, generation and rejected. $1 is the organisation.</param>
    public static string Return(string freed) =>
        $"""
        back as (
            insert into payonce.pending (organisation_id, approved_at, claim_id, generation, rejected)
            select $1, c.approved_at, f.claim_id, f.generation, f.rejected
            from ({freed}) f
            cross join lateral (select c.approved_at from payonce.claims c where c.organisation_id = $1 and c.claim_id = f.claim_id limit 1) c
            cross join lateral (
                select n.generation from payonce.marks n where n.organisation_id = $1 and n.claim_id = f.claim_id order by n.generation desc limit 1) newest
            where newest.generation = f.generation
            order by c.approved_at, f.claim_id
            on conflict (organisation_id, approved_at, claim_id) do update set generation = excluded.generation, rejected = excluded.rejected
            returning claim_id, xmax = 0 as fresh
        ), counted as (
            {TotalsStatements.CountBack}
        )
        """;

    /// <summary>
    /// A page of the work list behind a place, as a query with the columns approved_at, claim_id, generation and ctid. Bounds: a
    /// single row comparison below and LIMIT above. The scope's upper bound is applied to the page, since a range with two ends is
    /// taken for a ninth of the table and read whole.
    /// </summary>
    /// <remarks>Uses $1 organisation, $2 and $3 the place, $4 the size, $5 the upper bound and $6 the only claim, from <see cref="Values"/>.</remarks>
    public static string Page(ClaimScope scope, string further = "") =>
        $"""
        select q.approved_at, q.claim_id, q.generation, q.stored
        from (
            select p.approved_at, p.claim_id, p.generation, p.ctid as stored
            from payonce.pending p
            where p.organisation_id = $1 and (p.approved_at, p.claim_id) > ($2, $3) {(scope.ClaimId is null ? "" : OnlyClaim)} {further}
            order by p.approved_at, p.claim_id
            limit $4) q
        where ($5::timestamptz is null or q.approved_at < $5) and ($6::text is null or q.claim_id = $6)
        """;

    /// <summary>The first six values of a statement with <see cref="Page"/>.</summary>
    public static object?[] Values(string organisationId, ClaimScope scope, PageCursor? after, int size)
    {
        // Every id comes after the empty text: behind (from, '') stands everything approved at or after from.
        var (approvedAt, claimId) = (scope.From ?? DateTimeOffset.MinValue, "");
        if (after is not null && after.ApprovedAt >= approvedAt) (approvedAt, claimId) = (after.ApprovedAt, after.ClaimId);
        return [organisationId, approvedAt, claimId, size, scope.Before, scope.ClaimId];
    }

    private const string OnlyClaim = "and p.claim_id = $6 and p.approved_at = (select c.approved_at from payonce.claims c where c.organisation_id = $1 and c.claim_id = $6)";
}
