namespace PayOnce.Bench;

/// <summary>
/// An organisation's history past the product, by set-based SQL over claims that are there already: runs over an API that exported
/// nearly all of them in batches, the register, totals, trail and requests, and of each thing that waits for a person or a run some.
/// </summary>
/// <param name="Claims">At least 20.</param>
/// <param name="Runs">At least 2. The last one is the largest.</param>
public sealed record ServerFacts(int Claims, int Runs)
{
    private const int BatchSize = 100;

    /// <summary>Claims that the next run takes.</summary>
    public int Waiting => Math.Max(8, Claims / 250);

    /// <summary>Claims that the last run rejected in its last batches; the next run takes them as well, last of all.</summary>
    public int Rejected => Math.Max(1, Claims / 1_000);

    /// <summary>Claims of the last run that are in doubt.</summary>
    public int InDoubt => Math.Max(1, Claims / 5_000);

    private int Ordinary => (Sent - Math.Max(4, Claims / 25)) / (Runs - 1);

    /// <summary>Claims that left or may have left, in the order of approval; the last of them are in doubt.</summary>
    private int Sent => Claims - Waiting - Rejected;

    public string ExportedClaim => SampleClaims.IdAt(Claims / 2);

    public string ClaimInDoubt => SampleClaims.IdAt(Sent - 1);

    /// <summary>Fills everything but the claims themselves. As superuser; fits on schema versions that have these columns.</summary>
    public string Fill => $"""
        set search_path = payonce;
        set work_mem = '128MB';
        create temporary table n as
            select q.*, least((n - 1) / {Ordinary} + 1, {Runs}) as run_id,
                   case when n <= {Ordinary * (Runs - 1)} then 1 + (n - 1) % {Ordinary} / {BatchSize} else 1 + (n - 1 - {Ordinary * (Runs - 1)}) / {BatchSize} end as batch,
                   case when n > {Claims - Rejected} then 'rejected' when n > {Sent} then 'waiting' when n > {Sent - InDoubt} then 'in_doubt' else 'exported' end as state
            from (select claim_id, export_key, payload_hash, currency, total_minor, approved_at, row_number() over (order by approved_at, claim_id)::int as n from claims where organisation_id = 'bench') q;
        analyze n;

        insert into runs (organisation_id, run_id, trigger, state, actor, holder, nonce, epoch, exporter, format, integration_version, candidates, skipped_duplicates, reserved, exported, rejected, in_doubt, started_at, ended_at, first_voucher, request_id)
            select 'bench', r.run_id, case r.run_id % 3 when 0 then 'manual' else 'schedule' end, 'finished', case r.run_id % 3 when 0 then 'Kari Nordmann' else 'schedule' end, 'bench', 'n', r.run_id,
                   'generic', 'json', 1, coalesce(s.claims, 0) + coalesce(s.rejected, 0), case when r.run_id = {Runs} then 3 else 0 end, coalesce(s.claims, 0) + coalesce(s.rejected, 0), coalesce(s.exported, 0), coalesce(s.rejected, 0), coalesce(s.in_doubt, 0),
                   now() - ({Runs} - r.run_id + 1) * interval '1 hour', now() - ({Runs} - r.run_id + 1) * interval '1 hour' + interval '90 seconds', 1, r.run_id
            from generate_series(1, {Runs}) r(run_id)
            left join (
                select run_id, count(*) filter (where state <> 'rejected') as claims, count(*) filter (where state = 'exported') as exported,
                       count(*) filter (where state = 'rejected') as rejected, count(*) filter (where state = 'in_doubt') as in_doubt
                from n where state <> 'waiting' group by run_id) s on s.run_id = r.run_id
            order by r.run_id;
        update run_leases set epoch = {Runs}, last_run_id = {Runs}, next_voucher = {Claims + 1} where organisation_id = 'bench';

        insert into marks (organisation_id, claim_id, generation, state, attempt, epoch, run_id, batch, export_key, payload_hash, evidence, acknowledgement, reason, changed_at, in_doubt_since)
            select 'bench', n.claim_id, 0, n.state, 1, n.run_id, n.run_id, n.batch, n.export_key, n.payload_hash, case n.state when 'exported' then 'booked' end,
                   case n.state when 'exported' then 'V' || n.n end, case n.state when 'rejected' then 'The department is unknown.' when 'in_doubt' then 'The answer was lost.' end, r.started_at,
                   case n.state when 'in_doubt' then r.ended_at end
            from n join runs r on r.organisation_id = 'bench' and r.run_id = n.run_id
            where n.state <> 'waiting' order by n.n;
        insert into acknowledgements (organisation_id, acknowledgement, claim_id, generation)
            select 'bench', 'V' || n, claim_id, 0 from n where state = 'exported' order by n;
        insert into pending (organisation_id, approved_at, claim_id, generation, rejected)
            select 'bench', approved_at, claim_id, 0, state = 'rejected' from n where state in ('waiting', 'rejected') order by n;
        insert into approval_days (organisation_id, day, claims)
            select 'bench', (approved_at at time zone 'UTC')::date, count(*) from n group by 2;
        insert into waiting_totals (organisation_id, currency, claims, amount_minor)
            select 'bench', currency, count(*), sum(total_minor) from n where state in ('waiting', 'rejected') group by currency;
        insert into run_totals (organisation_id, run_id, currency, taken, taken_minor, claims, amount_minor)
            select 'bench', run_id, currency, count(*), sum(total_minor), count(*) filter (where state = 'exported'), coalesce(sum(total_minor) filter (where state = 'exported'), 0)
            from n where state in ('exported', 'in_doubt') group by run_id, currency order by run_id;

        create temporary table b as
            select n.run_id, n.batch, jsonb_agg(n.claim_id order by n.n) as ids, (count(*) filter (where n.state <> 'rejected'))::int as claims, min(r.started_at) as at,
                   (json_agg(json_build_object('claimId', n.claim_id, 'reason', 'The department is unknown.')) filter (where n.state = 'rejected'))::text as rejections
            from n join runs r on r.organisation_id = 'bench' and r.run_id = n.run_id where n.state <> 'waiting' group by n.run_id, n.batch;
        insert into attempts (organisation_id, run_id, batch, try, step, epoch, claim_ids, rejections, bytes_hash, at)
            select 'bench', run_id, batch, 1, 'reserved', run_id, ids, rejections, repeat('0', 64), at from b order by run_id, batch;
        insert into attempts (organisation_id, run_id, batch, try, step, epoch, bytes_hash, at)
            select 'bench', run_id, batch, 1, 'started', run_id, repeat('0', 64), at + interval '1 second' from b where claims > 0 order by run_id, batch;
        insert into attempts (organisation_id, run_id, batch, try, step, epoch, outcome, http_status, at)
            select 'bench', run_id, batch, 1, 'finished', run_id, 'accepted', 200, at + interval '2 seconds' from b where claims > 0 order by run_id, batch;
        insert into batches (organisation_id, run_id, batch, sha256, claims, lines, content)
            select 'bench', run_id, batch, repeat('0', 64), claims, claims, '\x00' from b order by run_id, batch;

        insert into run_requests (organisation_id, request_id, kind, trigger, scope, actor, when_busy, asked_hash, state, attempt, node, run_id, outcome, asked_at, taken_at, ended_at)
            select 'bench', run_id, 'sync', trigger, '{"{}"}', actor, 'queue', repeat('0', 64), 'done', 1, 'bench', run_id, '{"{"}"status":"finished","runId":' || run_id || '{"}"}', started_at, started_at, ended_at
            from runs where organisation_id = 'bench' order by run_id;
        insert into schedule_fires (organisation_id, integration, scheduled_at, fired_at, request_id)
            select 'bench', 'main', started_at, started_at, run_id from runs where organisation_id = 'bench' and trigger = 'schedule' order by run_id;

        create temporary table e as
            select row_number() over (order by r.run_id, a.place) as sequence, r.started_at + a.place * interval '10 seconds' as at, r.actor, a.action, 'run ' || r.run_id as subject
            from runs r cross join unnest(array['run_requested', 'run_started', 'batch_settled', 'run_finished']) with ordinality a(action, place) where r.organisation_id = 'bench';
        insert into audit_events (organisation_id, sequence, at, actor, action, subject, details, previous_hash, hash)
            select 'bench', (select sequence from audit_heads where organisation_id = 'bench') + sequence, at, actor, action, subject, '{"{}"}', repeat('0', 64), repeat('0', 64) from e order by sequence;
        update audit_heads set sequence = sequence + (select count(*) from e) where organisation_id = 'bench';
        vacuum analyze;
        checkpoint;
        """;
}
