using Npgsql;
using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

/// <summary>The statements of P1b and P2 over an API. Each has the epoch in it: what was sent behind a take-over writes nothing.</summary>
internal static class TryStatements
{
    private const string Ours = "exists (select 1 from payonce.run_leases l where l.organisation_id = $1 and l.run_id = $2 and l.epoch = $3)";

    /// <summary>reserved → what became of each claim, by compare-and-set on attempt, run and epoch; rejected and released ones wait again. One row: how many.</summary>
    public static NpgsqlBatchCommand Settle(Lease lease, List<ClaimSettlement> settled) => Sql.Of(
        $"""
        with settled as (
            update payonce.marks m
            set state = x.state, evidence = x.evidence, acknowledgement = x.acknowledgement, reason = x.reason, changed_at = now(),
                in_doubt_since = case x.state when 'in_doubt' then now() end, absent_since = null
            from (
                select i.attempt, i.state, i.evidence, i.acknowledgement, i.reason, t.ctid as stored
                from unnest($4::text[], $5::int[], $6::int[], $7::text[], $8::text[], $9::text[], $10::text[]) as i(claim_id, generation, attempt, state, evidence, acknowledgement, reason)
                cross join lateral (
                    select t.ctid from payonce.marks t where t.organisation_id = $1 and t.claim_id = i.claim_id and t.generation = i.generation limit 1) t) x
            where m.ctid = x.stored and m.state = 'reserved' and m.attempt = x.attempt and m.run_id = $2 and m.epoch = $3 and {Ours}
            returning m.claim_id, m.generation, m.state
        ), {PendingStatements.Return("select s.claim_id, s.generation, s.state = 'rejected' as rejected from settled s where s.state in ('rejected', 'released')")}
        select count(*) from settled
        """,
        lease.OrganisationId, lease.RunId, lease.Epoch,
        Sql.Texts(settled.ConvertAll(each => each.ClaimId).ToArray()), settled.ConvertAll(each => each.Generation).ToArray(), settled.ConvertAll(each => each.Attempt).ToArray(),
        Sql.Texts(settled.ConvertAll(each => each.State.Text()).ToArray()), Sql.Texts(settled.ConvertAll(each => each.Evidence?.Text()).ToArray()),
        Sql.Texts(settled.ConvertAll(each => each.Acknowledgement).ToArray()), Sql.Texts(settled.ConvertAll(each => each.Reason).ToArray()));

    /// <summary>A row of step finished for each ended try. One row: how many.</summary>
    public static NpgsqlBatchCommand Finish(Lease lease, IReadOnlyList<TryEnd> ended) => Sql.Of(
        $"""
        with told as (
            insert into payonce.attempts (organisation_id, run_id, batch, try, step, epoch, rejections, bytes_hash, outcome, http_status, error, at)
            select $1, $2, b.batch, i.try, 'finished', $3, i.rejections, b.sha256, i.outcome, i.http_status, i.error, clock_timestamp()
            from unnest($4::int[], $5::int[], $6::text[], $7::int[], $8::text[], $9::text[]) with ordinality as i(batch, try, outcome, http_status, error, rejections, place)
            cross join lateral (select b.batch, b.sha256 from payonce.batches b where b.organisation_id = $1 and b.run_id = $2 and b.batch = i.batch limit 1) b
            where {Ours}
            order by i.place
            returning 1
        )
        select count(*) from told
        """,
        lease.OrganisationId, lease.RunId, lease.Epoch,
        ended.Select(each => each.Batch).ToArray(), ended.Select(each => each.Try).ToArray(), Sql.Texts(ended.Select(each => each.Outcome.Text()).ToArray()),
        ended.Select(each => each.HttpStatus).ToArray(), Sql.Texts(ended.Select(each => each.Error).ToArray()),
        Sql.Texts(ended.Select(each => Sql.Rejections(each.Rejections())).ToArray()));

    /// <summary>A row of step started for each try that may be sent once this is durable. One row: how many.</summary>
    public static NpgsqlBatchCommand Start(Lease lease, IReadOnlyList<TryStart> starting) => Sql.Of(
        $"""
        with told as (
            insert into payonce.attempts (organisation_id, run_id, batch, try, step, epoch, bytes_hash, at)
            select $1, $2, b.batch, i.try, 'started', $3, b.sha256, clock_timestamp()
            from unnest($4::int[], $5::int[]) with ordinality as i(batch, try, place)
            cross join lateral (select b.batch, b.sha256 from payonce.batches b where b.organisation_id = $1 and b.run_id = $2 and b.batch = i.batch limit 1) b
            where {Ours}
            order by i.place
            returning 1
        )
        select count(*) from told
        """,
        lease.OrganisationId, lease.RunId, lease.Epoch, starting.Select(each => each.Batch).ToArray(), starting.Select(each => each.Try).ToArray());

    /// <summary>A row if what this step wrote stands there: with a row of a try nobody else can have written.</summary>
    public static NpgsqlBatchCommand Stands(Lease lease, AttemptStep step, int batch, int attempt) => Sql.Of(
        "select 1 from payonce.attempts where organisation_id = $1 and run_id = $2 and batch = $3 and try = $4 and step = $5 and epoch = $6",
        lease.OrganisationId, lease.RunId, batch, attempt, step.Text(), lease.Epoch);
}
