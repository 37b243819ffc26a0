using Npgsql;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

/// <summary>
/// The sums that pages show, moved by the commits that move what they sum: a few rows a commit, however many claims. They come
/// before the run's counters and the trail's head, so that two steps lock in the same order.
/// </summary>
internal static class TotalsStatements
{
    /// <summary>Longest acknowledgement that can be searched for, in characters: what is longer is no id.</summary>
    public const int LongestAcknowledgement = 200;

    private const string AddToWaiting =
        "on conflict (organisation_id, currency) do update set claims = t.claims + excluded.claims, amount_minor = t.amount_minor + excluded.amount_minor";

    private const string AddToRun =
        "on conflict (organisation_id, run_id, currency) do update set claims = t.claims + excluded.claims, amount_minor = t.amount_minor + excluded.amount_minor";

    /// <summary>A common table expression that adds what <c>back</c> has put into the work list anew.</summary>
    public const string CountBack =
        $"""
        insert into payonce.waiting_totals as t (organisation_id, currency, claims, amount_minor)
            select $1, c.currency, count(*), sum(c.total_minor)::bigint
            from back b
            cross join lateral (select c.currency, c.total_minor from payonce.claims c where c.organisation_id = $1 and c.claim_id = b.claim_id limit 1) c
            where b.fresh
            group by c.currency
            order by c.currency
            {AddToWaiting}
        """;

    /// <summary>Moves the work list's sums.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Waiting(string organisationId, CurrencySums moved)
    {
        var all = moved.All.ToList();
        if (all.Count == 0) yield break;
        yield return Sql.Of(
            $"""
            insert into payonce.waiting_totals as t (organisation_id, currency, claims, amount_minor)
            select $1, i.currency, i.claims, i.amount_minor from unnest($2::text[], $3::bigint[], $4::bigint[]) as i(currency, claims, amount_minor)
            {AddToWaiting}
            """,
            organisationId, Sql.Texts(all.ConvertAll(each => each.Currency).ToArray()), all.ConvertAll(each => each.Claims).ToArray(), all.ConvertAll(each => each.AmountMinor).ToArray());
    }

    /// <summary>Moves the numbers of claims by the day of their approval; behind the work list's sums, so that two commits lock in the same order.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Approved(string organisationId, ApprovalDays moved)
    {
        var all = moved.All.ToList();
        if (all.Count == 0) yield break;
        yield return Sql.Of(
            """
            insert into payonce.approval_days as t (organisation_id, day, claims)
            select $1, i.day::date, i.claims from unnest($2::text[], $3::bigint[]) as i(day, claims)
            on conflict (organisation_id, day) do update set claims = t.claims + excluded.claims
            """,
            organisationId, Sql.Texts(all.ConvertAll(each => Sql.Day(each.Day)).ToArray()), all.ConvertAll(each => each.Claims).ToArray());
    }

    /// <summary>
    /// Adds to the work list's sums, or takes away, those of these claims that wait. Before and after a step that may move them, it
    /// accounts for whatever the step does to the list.
    /// </summary>
    public static NpgsqlBatchCommand WaitingOf(string organisationId, IEnumerable<string> claimIds, int sign) => Sql.Of(
        $"""
        insert into payonce.waiting_totals as t (organisation_id, currency, claims, amount_minor)
        select $1, c.currency, $3 * count(*), $3 * sum(c.total_minor)::bigint
        from unnest($2::text[]) as i(claim_id)
        cross join lateral (select c.currency, c.total_minor, c.approved_at from payonce.claims c where c.organisation_id = $1 and c.claim_id = i.claim_id limit 1) c
        where exists (select 1 from payonce.pending p where p.organisation_id = $1 and p.approved_at = c.approved_at and p.claim_id = i.claim_id)
        group by c.currency
        order by c.currency
        {AddToWaiting}
        """,
        organisationId, Sql.Texts(claimIds.ToArray()), sign);

    /// <summary>Adds what a run has taken and can send.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Taken(Lease lease, CurrencySums taken)
    {
        var all = taken.All.ToList();
        if (all.Count == 0) yield break;
        yield return Sql.Of(
            """
            insert into payonce.run_totals as t (organisation_id, run_id, currency, taken, taken_minor)
            select $1, $2, i.currency, i.claims, i.amount_minor from unnest($3::text[], $4::bigint[], $5::bigint[]) as i(currency, claims, amount_minor)
            on conflict (organisation_id, run_id, currency) do update set taken = t.taken + excluded.taken, taken_minor = t.taken_minor + excluded.taken_minor
            """,
            lease.OrganisationId, lease.RunId, Sql.Texts(all.ConvertAll(each => each.Currency).ToArray()), all.ConvertAll(each => each.Claims).ToArray(),
            all.ConvertAll(each => each.AmountMinor).ToArray());
    }

    /// <summary>Everything that the run took is exported: a file's claims go together.</summary>
    public static NpgsqlBatchCommand ExportTaken(string organisationId, long runId) => Sql.Of(
        "update payonce.run_totals set claims = taken, amount_minor = taken_minor where organisation_id = $1 and run_id = $2", organisationId, runId);

    /// <summary>Adds claims that the run has exported; nothing for none.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Exported(string organisationId, long runId, IReadOnlyCollection<string> claimIds)
    {
        if (claimIds.Count == 0) yield break;
        yield return Sql.Of(
            $"""
            insert into payonce.run_totals as t (organisation_id, run_id, currency, claims, amount_minor)
            select $1, $2, coalesce(c.currency, ''), count(*), coalesce(sum(c.total_minor), 0)::bigint
            from unnest($3::text[]) as i(claim_id)
            left join lateral (select c.currency, c.total_minor from payonce.claims c where c.organisation_id = $1 and c.claim_id = i.claim_id limit 1) c on true
            group by 3
            order by 3
            {AddToRun}
            """,
            organisationId, runId, Sql.Texts(claimIds.ToArray()));
    }

    /// <summary>Adds the claims of a run that are about to become exported, or takes away those that are about to be no more.</summary>
    /// <param name="which">A condition on the marks as they still are, as SQL of ours.</param>
    public static NpgsqlBatchCommand ExportedWhere(string organisationId, long runId, string which, int sign) => Sql.Of(
        $"""
        insert into payonce.run_totals as t (organisation_id, run_id, currency, claims, amount_minor)
        select $1, $2, coalesce(c.currency, ''), $3 * count(*), $3 * coalesce(sum(c.total_minor), 0)::bigint
        from (select m.claim_id from payonce.marks m where m.organisation_id = $1 and m.run_id = $2 and {which}) m
        left join payonce.claims c on c.organisation_id = $1 and c.claim_id = m.claim_id
        group by 3
        order by 3
        {AddToRun}
        """,
        organisationId, runId, sign);

    /// <summary>Keeps acknowledgements so that claims can be found by them; nothing for none.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Acknowledge(string organisationId, IEnumerable<(string? Acknowledgement, string ClaimId, int Generation)> given)
    {
        var all = given.Where(each => each.Acknowledgement is { Length: > 0 and <= LongestAcknowledgement }).OrderBy(each => each.Acknowledgement, StringComparer.Ordinal).ToList();
        if (all.Count == 0) yield break;
        yield return Sql.Of(
            """
            insert into payonce.acknowledgements (organisation_id, acknowledgement, claim_id, generation)
            select $1, i.acknowledgement, i.claim_id, i.generation from unnest($2::text[], $3::text[], $4::int[]) as i(acknowledgement, claim_id, generation)
            on conflict (organisation_id, acknowledgement, claim_id, generation) do nothing
            """,
            organisationId, Sql.Texts(all.ConvertAll(each => each.Acknowledgement!).ToArray()), Sql.Texts(all.ConvertAll(each => each.ClaimId).ToArray()),
            all.ConvertAll(each => each.Generation).ToArray());
    }
}
