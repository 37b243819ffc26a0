namespace PayOnce.Stores.Postgres;

/// <summary>Compares the sums that the commits keep with what they sum.</summary>
internal static class TotalsCheck
{
    /// <summary>
    /// Each row is a sentence about something wrong. Amounts are compared for runs whose claims are still as they were exported: one
    /// that was changed for a forced re-export tells its old amount no more.
    /// </summary>
    public static Npgsql.NpgsqlBatchCommand Rows(string organisationId) => Sql.Of(
        """
        with exported as (
            select m.run_id, coalesce(c.currency, '') as currency, count(*) as claims, coalesce(sum(c.total_minor), 0)::bigint as amount_minor,
                   coalesce(bool_and(m.payload_hash = c.payload_hash), false) as same
            from payonce.marks m left join payonce.claims c on c.organisation_id = $1 and c.claim_id = m.claim_id
            where m.organisation_id = $1 and m.state = 'exported'
            group by m.run_id, coalesce(c.currency, '')
        ), run_claims as (
            select r.run_id, r.month, r.exported,
                   coalesce((select sum(e.claims) from exported e where e.run_id = r.run_id), 0) as marks,
                   coalesce((select sum(t.claims) from payonce.run_totals t where t.organisation_id = $1 and t.run_id = r.run_id), 0) as summed,
                   coalesce((select bool_and(e.same) from exported e where e.run_id = r.run_id), true) as same
            from payonce.runs r where r.organisation_id = $1
        ), waits as (
            select c.currency, count(*) as claims, sum(c.total_minor)::bigint as amount_minor
            from payonce.pending p join payonce.claims c on c.organisation_id = $1 and c.claim_id = p.claim_id and c.approved_at = p.approved_at
            where p.organisation_id = $1 and c.withdrawn_at is null and coalesce(
                (select m.state from payonce.marks m where m.organisation_id = $1 and m.claim_id = p.claim_id order by m.generation desc limit 1), 'released') in ('released', 'rejected')
            group by c.currency
        ), months as (
            select r.month, t.currency, sum(t.claims) as claims, sum(t.amount_minor) as amount_minor
            from payonce.run_totals t join payonce.runs r on r.organisation_id = $1 and r.run_id = t.run_id
            where t.organisation_id = $1 group by r.month, t.currency
        )
        select s.sentence from (
            select format('The sums of the work list of %s in %s are %s claims and %s, but its claims come to %s and %s.', $1, currency,
                          coalesce(t.claims, 0), coalesce(t.amount_minor, 0), coalesce(w.claims, 0), coalesce(w.amount_minor, 0)) as sentence
            from waits w full join (select * from payonce.waiting_totals where organisation_id = $1) t using (currency)
            where (coalesce(w.claims, 0), coalesce(w.amount_minor, 0)) <> (coalesce(t.claims, 0), coalesce(t.amount_minor, 0))
            union all
            (select format('Claim %s of %s waits as rejected or not, unlike its mark.', p.claim_id, $1)
             from payonce.pending p
             where p.organisation_id = $1 and p.rejected <> (coalesce(
                 (select m.state from payonce.marks m where m.organisation_id = $1 and m.claim_id = p.claim_id order by m.generation desc limit 1), 'none') = 'rejected')
             order by p.claim_id limit 20)
            union all
            (select format('Run %s of %s counts %s exported claims and sums %s, but has %s.', c.run_id, $1, c.exported, c.summed, c.marks)
             from run_claims c where c.exported <> c.marks or c.summed <> c.marks order by c.run_id limit 20)
            union all
            (select format('The sum of run %s of %s in %s is %s, but its claims come to %s.', e.run_id, $1, e.currency, coalesce(t.amount_minor, 0), e.amount_minor)
             from exported e join run_claims c on c.run_id = e.run_id and c.same
             left join payonce.run_totals t on t.organisation_id = $1 and t.run_id = e.run_id and t.currency = e.currency
             where coalesce(t.amount_minor, 0) <> e.amount_minor order by e.run_id limit 20)
            union all
            (select format('The sum of the month %s of %s in %s is not that of its runs.', month, $1, currency)
             from months m full join (select * from payonce.month_totals where organisation_id = $1) t using (month, currency)
             where (coalesce(m.claims, 0), coalesce(m.amount_minor, 0)) <> (coalesce(t.claims, 0), coalesce(t.amount_minor, 0)) order by month limit 20)
            union all
            (select format('Of %s, %s claims are counted as approved on %s, but %s are there.', $1, coalesce(t.claims, 0), day, coalesce(c.claims, 0))
             from (select greatest((approved_at at time zone 'UTC')::date, '0001-01-01') as day, count(*) as claims from payonce.claims where organisation_id = $1 group by 1) c
             full join (select * from payonce.approval_days where organisation_id = $1) t using (day)
             where coalesce(c.claims, 0) <> coalesce(t.claims, 0) order by day limit 20)
        ) s
        order by s.sentence collate "C"
        """, organisationId);
}
