using Npgsql;
using PayOnce.Claims;
using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

// What is asked of claims and marks. Look-ups of many claims are lateral with LIMIT 1: one index probe each, whatever the planner
// believes about the table (a plain join against a table without statistics reads every mark of the organisation).
public sealed partial class PostgresStore
{
    private const string NewestMark =
        "left join lateral (select * from payonce.marks m where m.organisation_id = $1 and m.claim_id = c.claim_id order by m.generation desc limit 1) m on true";

    public async Task<IReadOnlyList<HeldClaim>> FindHeldAsync(string organisationId, IReadOnlyList<string> claimIds, CancellationToken cancel) =>
        await AskListAsync(organisationId, Columns.ReadHeld, cancel, Sql.Of(
            """
            select m.claim_id, m.generation, m.state, m.run_id
            from unnest($2::text[]) with ordinality as i(claim_id, place)
            cross join lateral (
                select m.claim_id, m.generation, m.state, m.run_id
                from payonce.marks m where m.organisation_id = $1 and m.claim_id = i.claim_id order by m.generation desc limit 1) m
            where m.state not in ('rejected', 'released')
            order by i.place
            """,
            organisationId, Sql.Texts(claimIds.ToArray())));

    public async Task<IReadOnlyList<ReservedClaim>> ReadCandidatesAsync(string organisationId, ClaimScope scope, PageCursor? after, int size, CancellationToken cancel) =>
        await AskListAsync(
            organisationId,
            reader => new ReservedClaim(Columns.ReadClaim(reader), reader.GetInt32(11), reader.GetInt32(12), reader.GetString(13)),
            cancel,
            Sql.Of(
                $"""
                select {Columns.Claim}, p.generation, coalesce(m.attempt, 0) + 1, coalesce(m.export_key, c.export_key)
                from ({PendingStatements.Page(scope)}) p
                cross join lateral (select * from payonce.claims c where c.organisation_id = $1 and c.claim_id = p.claim_id limit 1) c
                left join lateral (
                    select m.attempt, m.export_key from payonce.marks m
                    where m.organisation_id = $1 and m.claim_id = p.claim_id and m.generation = p.generation limit 1) m on true
                order by c.approved_at, c.claim_id
                """,
                PendingStatements.Values(organisationId, scope, after, size)));

    public Task<ClaimHistory?> FindClaimAsync(string organisationId, string claimId, CancellationToken cancel) =>
        AskAsync<ClaimHistory?>(organisationId, async reader =>
        {
            var (claim, withdrawal, erasedAt) = await reader.FirstAsync(row => (Columns.ReadClaim(row), Columns.ReadWithdrawal(row, Columns.ClaimWidth), row.TimeOrNull(Columns.ClaimWidth + 3)), cancel);
            await reader.NextResultAsync(cancel);
            var marks = await reader.ListAsync(Columns.ReadMark, cancel);
            await reader.NextResultAsync(cancel);
            var attempts = await reader.ListAsync(Columns.ReadAttempt, cancel);
            await reader.NextResultAsync(cancel);
            var waiting = await reader.ReadAsync(cancel);
            return claim is null && marks.Count == 0 ? null : new ClaimHistory(claim, marks, attempts, waiting) { Withdrawal = withdrawal, ErasedAt = erasedAt };
        }, cancel,
            Sql.Of($"select {Columns.Claim}, {Columns.Withdrawal}, c.erased_at from payonce.claims c where c.organisation_id = $1 and c.claim_id = $2", organisationId, claimId),
            Sql.Of($"select {Columns.Mark} from payonce.marks m where m.organisation_id = $1 and m.claim_id = $2 order by m.generation", organisationId, claimId),
            Sql.Of(
                $"""
                select a.run_id, a.batch, a.try, a.step, a.epoch, null::jsonb, a.bytes_hash, a.outcome, a.http_status, a.error, a.at
                from payonce.attempts_of_claim($2) h
                cross join lateral (
                    select * from payonce.attempts a where a.organisation_id = $1 and a.run_id = h.run_id and a.batch = h.batch order by a.try limit 1000) a
                order by a.run_id, a.batch, a.try, {StepOrder}
                """, organisationId, claimId),
            Sql.Of(
                """
                select 1 from payonce.pending p
                where p.organisation_id = $1 and p.claim_id = $2 and p.approved_at = (select c.approved_at from payonce.claims c where c.organisation_id = $1 and c.claim_id = $2)
                """, organisationId, claimId));

    public async Task<IReadOnlyList<ClaimSummary>> ListClaimsAsync(string organisationId, ClaimFilter filter, PageCursor? after, int size, CancellationToken cancel)
    {
        var (approvedAt, claimId) = (filter.From ?? DateTimeOffset.MinValue, "");
        if (after is not null && after.ApprovedAt >= approvedAt) (approvedAt, claimId) = (after.ApprovedAt, after.ClaimId);
        const string Waits = "exists (select 1 from payonce.pending p where p.organisation_id = $1 and p.approved_at = c.approved_at and p.claim_id = c.claim_id)";
        return await AskListAsync(
            organisationId,
            ReadSummary,
            cancel,
            Sql.Of(
                $"""
                select c.claim_id, c.claimant_id, c.type, c.currency, c.total_minor, c.approved_at, c.export_key, {Waits}, {Columns.Withdrawal}, {Columns.Mark}
                from payonce.claims c {NewestMark}
                where c.organisation_id = $1 and (c.approved_at, c.claim_id) > ($2, $3) and ($5::timestamptz is null or c.approved_at < $5)
                      and ($6::text is null or (m.state = $6 and c.withdrawn_at is null)) {(filter.Waiting ? $"and {Waits}" : "")}{(filter.Withdrawn ? "and c.withdrawn_at is not null" : "")}
                order by c.approved_at, c.claim_id
                limit $4
                """,
                organisationId, approvedAt, claimId, size, filter.Before, filter.State?.Text()));
    }

    public Task<long> CountWaitingAsync(string organisationId, CancellationToken cancel) =>
        AskFirstAsync(organisationId, reader => reader.GetInt64(0), cancel, CountWaiting(organisationId));

    /// <summary>From the sums that the commits keep: nothing is counted that grows with the history.</summary>
    public Task<OrganisationStatus> GetStatusAsync(string organisationId, CancellationToken cancel) =>
        AskAsync(organisationId, async reader =>
        {
            var (claims, exported, again, reserved, rejected, inDoubt, withdrawn) = await reader.FirstAsync(
                row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)), cancel);
            await reader.NextResultAsync(cancel);
            var waiting = await reader.ListAsync(row => (Claims: row.GetInt64(0), Total: new ControlTotal(row.GetString(1), row.GetInt64(2))), cancel);
            await reader.NextResultAsync(cancel);
            var last = await reader.FirstAsync(Columns.ReadRun, cancel);
            await reader.NextResultAsync(cancel);
            var running = await reader.FirstAsync(Columns.ReadRun, cancel);
            return new OrganisationStatus(
                claims, waiting.Sum(each => each.Claims), waiting.ConvertAll(each => each.Total), reserved, exported - again, rejected, inDoubt, last, running)
            {
                Withdrawn = withdrawn,
            };
        }, cancel,
            Sql.Of(
                """
                select (select coalesce(sum(claims), 0)::bigint from payonce.approval_days where organisation_id = $1),
                       (select coalesce(sum(claims), 0)::bigint from payonce.month_totals where organisation_id = $1),
                       (select count(*) from payonce.marks n
                        where n.organisation_id = $1 and n.generation > 0 and exists (
                            select 1 from payonce.marks m where m.organisation_id = $1 and m.claim_id = n.claim_id and m.generation = n.generation - 1 and m.state = 'exported')),
                       (select coalesce(sum(reserved - exported - rejected - in_doubt - released), 0)::bigint from payonce.runs where organisation_id = $1 and state = 'running'),
                       (select count(*) from payonce.pending where organisation_id = $1 and rejected),
                       (select count(*) from payonce.marks where organisation_id = $1 and in_doubt_since is not null),
                       (select count(*) from payonce.claims where organisation_id = $1 and withdrawn_at is not null)
                """, organisationId),
            Sql.Of("select claims, currency, amount_minor from payonce.waiting_totals where organisation_id = $1 and claims <> 0 order by currency", organisationId),
            Sql.Of($"select {Columns.Run} from payonce.runs r where r.organisation_id = $1 order by r.run_id desc limit 1", organisationId),
            Sql.Of(
                $"""
                select {Columns.Run} from payonce.run_leases l join payonce.runs r on r.organisation_id = $1 and r.run_id = l.run_id
                where l.organisation_id = $1 and l.holder is not null and l.expires_at > clock_timestamp() order by r.run_id limit 1
                """, organisationId));

    private static NpgsqlBatchCommand CountWaiting(string organisationId) => Sql.Of("select count(*) from payonce.pending where organisation_id = $1", organisationId);
}
