using Npgsql;
using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

/// <summary>The statements of reconciliation.</summary>
internal static class ReconcileStatements
{
    private const string Ours = "exists (select 1 from payonce.run_leases l where l.organisation_id = $1 and l.epoch = $2 and l.run_id = $3)";

    /// <summary>By way of the index over claims in doubt alone, whose condition must stand here word for word.</summary>
    public static NpgsqlBatchCommand Doubtful(string organisationId, string? afterClaimId, int size) => Sql.Of(
        """
        select m.claim_id, m.generation, m.attempt, m.export_key, m.run_id, c.claimant_id, c.currency, c.total_minor, c.approved_at, m.in_doubt_since,
               case when not f.by_file then (
                   select min(a.at) from payonce.attempts a where a.organisation_id = $1 and a.run_id = m.run_id and a.batch = m.batch and a.step = 'started') end,
               m.absent_since, f.by_file, m.reason
        from (
            select * from payonce.marks m
            where m.organisation_id = $1 and m.in_doubt_since is not null and m.claim_id > $2
            order by m.claim_id, m.generation
            limit $3) m
        cross join lateral (
            select c.claimant_id, c.currency, c.total_minor, c.approved_at from payonce.claims c where c.organisation_id = $1 and c.claim_id = m.claim_id limit 1) c
        cross join lateral (select exists (select 1 from payonce.files f where f.organisation_id = $1 and f.run_id = m.run_id) as by_file) f
        order by m.claim_id, m.generation
        """, organisationId, afterClaimId ?? "", size);

    public static DoubtfulClaim ReadDoubtful(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetString(3), reader.GetInt64(4), reader.GetString(5), reader.GetString(6), reader.GetInt64(7), reader.Time(8),
        reader.Time(9), reader.TimeOrNull(10), reader.TimeOrNull(11), reader.GetBoolean(12), reader.Text(13));

    /// <summary>
    /// in_doubt → exported or released, or a note of what was found, by compare-and-set on state, attempt and the time since when.
    /// What says nothing new writes nothing. A row for each claim that was written: its place in the list from 1, and its run.
    /// </summary>
    public static NpgsqlBatchCommand Settle(Lease lease, IReadOnlyList<DoubtSettlement> settlements) => Sql.Of(
        $"""
        with settled as (
            update payonce.marks m
            set state = case x.finding when 'present' then 'exported' when 'release' then 'released' else m.state end,
                evidence = x.evidence, acknowledgement = x.acknowledgement,
                reason = case x.finding when 'absent' then m.reason else x.reason end,
                changed_at = case x.finding when 'absent' then m.changed_at else now() end,
                in_doubt_since = case when x.finding in ('absent', 'conflict') then m.in_doubt_since end,
                absent_since = case x.finding when 'absent' then now() end
            from (
                select i.*, t.ctid as stored
                from unnest($4::text[], $5::int[], $6::int[], $7::timestamptz[], $8::text[], $9::text[], $10::text[], $11::text[]) with ordinality
                     as i(claim_id, generation, attempt, in_doubt_since, finding, evidence, acknowledgement, reason, place)
                cross join lateral (
                    select t.ctid from payonce.marks t where t.organisation_id = $1 and t.claim_id = i.claim_id and t.generation = i.generation limit 1) t) x
            where m.ctid = x.stored and m.state = 'in_doubt' and m.attempt = x.attempt and m.in_doubt_since = x.in_doubt_since and {Ours}
              and not (x.finding = 'absent' and m.absent_since is not null)
              and not (x.finding = 'conflict' and m.absent_since is null and m.reason is not distinct from x.reason)
            returning x.place, m.run_id, m.claim_id, m.generation, m.state
        ), {PendingStatements.Return("select s.claim_id, s.generation, false as rejected from settled s where s.state = 'released'")}
        select s.place, s.run_id from settled s order by s.place
        """,
        lease.OrganisationId, lease.Epoch, lease.RunId,
        Sql.Texts(settlements.Select(each => each.Claim.ClaimId).ToArray()), settlements.Select(each => each.Claim.Generation).ToArray(),
        settlements.Select(each => each.Claim.Attempt).ToArray(), settlements.Select(each => each.Claim.InDoubtSince.ToUniversalTime()).ToArray(),
        Sql.Texts(settlements.Select(Finding).ToArray()), Sql.Texts(settlements.Select(each => (each as DoubtSettlement.Present)?.Evidence.Text()).ToArray()),
        Sql.Texts(settlements.Select(each => (each as DoubtSettlement.Present)?.Acknowledgement).ToArray()), Sql.Texts(settlements.Select(Reason).ToArray()));

    /// <summary>Moves a run's counters, and takes its failure back if all that failed was that nobody knew, and now everybody does.</summary>
    public static NpgsqlBatchCommand[] SettleRun(string organisationId, long runId, long exported, long released) => exported + released == 0
        ? []
        : [MarkStatements.Count(organisationId, runId, exported: exported, inDoubt: -exported - released, released: released), MarkStatements.TakeFailureBack(organisationId, runId)];

    /// <summary>
    /// Few marks are still below booked, which the planner takes for a reason to read every organisation's marks and sort what is left.
    /// Ends with the transaction.
    /// </summary>
    public static NpgsqlBatchCommand ByKey() => Sql.Of("select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)");

    /// <summary>In the order of the guard's key, which needs no sort and begins anywhere. Comes behind <see cref="ByKey"/>.</summary>
    public static NpgsqlBatchCommand Exported(string organisationId, bool belowBooked, ExportedCursor? after, int size) => Sql.Of(
        $"""
        select m.claim_id, m.generation, m.export_key, m.run_id, m.evidence, m.acknowledgement, c.claimant_id, c.currency, c.total_minor, c.approved_at
        from (
            select * from payonce.marks m
            where m.organisation_id = $1 and (m.claim_id, m.generation) > ($2, $3) and m.state = 'exported' {(belowBooked ? "and m.evidence = 'received'" : "")}
            order by m.claim_id, m.generation
            limit $4) m
        left join lateral (
            select c.claimant_id, c.currency, c.total_minor, c.approved_at from payonce.claims c where c.organisation_id = $1 and c.claim_id = m.claim_id limit 1) c on true
        order by m.claim_id, m.generation
        """, organisationId, after?.ClaimId ?? "", after?.Generation ?? -1, size);

    public static ExportedClaim ReadExported(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetInt64(3), reader.Text(4) is { } evidence ? MarkStates.Evidence(evidence) : null, reader.Text(5),
        reader.IsDBNull(6) ? null : new ExportedContent(reader.GetString(6), reader.GetString(7), reader.GetInt64(8), reader.Time(9)));

    /// <summary>A row for each mark whose evidence rose: its place in the list from 1.</summary>
    public static NpgsqlBatchCommand Raise(Lease lease, IReadOnlyList<EvidenceRise> rises) => Sql.Of(
        $"""
        with risen as (
            update payonce.marks m set evidence = x.evidence, acknowledgement = x.acknowledgement, changed_at = now()
            from (
                select i.*, t.ctid as stored
                from unnest($4::text[], $5::int[], $6::text[], $7::text[]) with ordinality as i(claim_id, generation, evidence, acknowledgement, place)
                cross join lateral (
                    select t.ctid from payonce.marks t where t.organisation_id = $1 and t.claim_id = i.claim_id and t.generation = i.generation limit 1) t) x
            where m.ctid = x.stored and m.state = 'exported' and {Ours}
              and array_position(array['in_file', 'received', 'booked'], m.evidence) < array_position(array['in_file', 'received', 'booked'], x.evidence)
            returning x.place
        )
        select place from risen order by place
        """,
        lease.OrganisationId, lease.Epoch, lease.RunId,
        Sql.Texts(rises.Select(each => each.ClaimId).ToArray()), rises.Select(each => each.Generation).ToArray(), Sql.Texts(rises.Select(each => each.Evidence.Text()).ToArray()),
        Sql.Texts(rises.Select(each => each.Acknowledgement).ToArray()));

    /// <summary>Gives the rows of the runs that have these claims another version: whoever watches them looks again.</summary>
    public static NpgsqlBatchCommand Touch(string organisationId, IReadOnlyList<EvidenceRise> risen) => Sql.Of(
        """
        update payonce.runs r set exported = r.exported
        where r.organisation_id = $1 and r.run_id in (
            select m.run_id from unnest($2::text[], $3::int[]) as i(claim_id, generation)
            cross join lateral (
                select m.run_id from payonce.marks m where m.organisation_id = $1 and m.claim_id = i.claim_id and m.generation = i.generation limit 1) m)
        """, organisationId, Sql.Texts(risen.Select(each => each.ClaimId).ToArray()), risen.Select(each => each.Generation).ToArray());

    private static string Finding(DoubtSettlement settlement) => settlement switch
    {
        DoubtSettlement.Present => "present",
        DoubtSettlement.Absent => "absent",
        DoubtSettlement.Release => "release",
        DoubtSettlement.Conflict => "conflict",
        _ => throw new ArgumentOutOfRangeException(nameof(settlement), settlement, null),
    };

    private static string? Reason(DoubtSettlement settlement) => settlement switch
    {
        DoubtSettlement.Release release => release.Reason,
        DoubtSettlement.Conflict conflict => conflict.What,
        _ => null,
    };
}
