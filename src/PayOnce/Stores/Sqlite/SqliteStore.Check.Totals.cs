namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <summary>
    /// Compares the sums that the commits keep with what they sum. Amounts are compared for runs whose claims are still as they were
    /// exported: one that was changed for a forced re-export tells its old amount no more.
    /// </summary>
    private static void CheckTotals(SqliteSession db, string organisationId, List<string> wrong)
    {
        wrong.AddRange(db.All("""
            with waits as (
                select c.currency, count(*) as claims, sum(c.total_minor) as amount_minor
                from pending p cross join claims c on c.organisation_id = p.organisation_id and c.claim_id = p.claim_id and c.approved_at = p.approved_at
                where p.organisation_id = ?1 and c.withdrawn_at is null and coalesce(
                    (select m.state from marks m where m.organisation_id = p.organisation_id and m.claim_id = p.claim_id order by m.generation desc limit 1), 'released') in ('released', 'rejected')
                group by c.currency),
            kept as (select currency, claims, amount_minor from waiting_totals where organisation_id = ?1)
            select currency from (
                select currency, claims, amount_minor from waits union all select currency, -claims, -amount_minor from kept)
            group by currency having sum(claims) <> 0 or sum(amount_minor) <> 0 order by currency
            """, row => $"The sums of the work list of {organisationId} in {row.Text(0)} are not those of its claims.", organisationId));
        wrong.AddRange(db.All("""
            select p.claim_id from pending p
            where p.organisation_id = ?1 and p.rejected <> (coalesce(
                (select m.state from marks m where m.organisation_id = p.organisation_id and m.claim_id = p.claim_id order by m.generation desc limit 1), 'none') = 'rejected')
            order by p.claim_id limit 20
            """, row => $"Claim {row.Text(0)} of {organisationId} waits as rejected or not, unlike its mark.", organisationId));

        const string Exported = """
            exported as (
                select m.run_id, coalesce(c.currency, '') as currency, count(*) as claims, coalesce(sum(c.total_minor), 0) as amount_minor,
                       min(coalesce(m.payload_hash = c.payload_hash, 0)) as same
                from marks m left join claims c on c.organisation_id = m.organisation_id and c.claim_id = m.claim_id
                where m.organisation_id = ?1 and m.state = 'exported'
                group by m.run_id, coalesce(c.currency, ''))
            """;
        wrong.AddRange(db.All($"""
            with {Exported}, compared as (
                select r.run_id, r.exported, coalesce((select sum(e.claims) from exported e where e.run_id = r.run_id), 0) as marks,
                       coalesce((select sum(t.claims) from run_totals t where t.organisation_id = r.organisation_id and t.run_id = r.run_id), 0) as summed
                from runs r where r.organisation_id = ?1)
            select run_id, exported, summed, marks from compared where exported <> marks or summed <> marks order by run_id limit 20
            """, row => FormattableString.Invariant($"Run {row.Long(0)} of {organisationId} counts {row.Long(1)} exported claims and sums {row.Long(2)}, but has {row.Long(3)}."), organisationId));
        wrong.AddRange(db.All($"""
            with {Exported}
            select e.run_id, e.currency, coalesce(t.amount_minor, 0), e.amount_minor
            from exported e left join run_totals t on t.organisation_id = ?1 and t.run_id = e.run_id and t.currency = e.currency
            where (select min(x.same) from exported x where x.run_id = e.run_id) = 1 and coalesce(t.amount_minor, 0) <> e.amount_minor order by e.run_id limit 20
            """, row => FormattableString.Invariant($"The sum of run {row.Long(0)} of {organisationId} in {row.Text(1)} is {row.Long(2)}, but its claims come to {row.Long(3)}."), organisationId));
        wrong.AddRange(db.All("""
            select month, currency from (
                select r.month, t.currency, t.claims, t.amount_minor from run_totals t cross join runs r on r.organisation_id = t.organisation_id and r.run_id = t.run_id where t.organisation_id = ?1
                union all select month, currency, -claims, -amount_minor from month_totals where organisation_id = ?1)
            group by month, currency having sum(claims) <> 0 or sum(amount_minor) <> 0 order by month, currency limit 20
            """, row => $"The sum of the month {row.Text(0)} of {organisationId} in {row.Text(1)} is not that of its runs.", organisationId));
        wrong.AddRange(db.All("""
            with there as (
                select strftime('%Y-%m-%d', (approved_at - (approved_at % 86400000000 + 86400000000) % 86400000000) / 1000000, 'unixepoch') as day, count(*) as claims
                from claims where organisation_id = ?1 group by 1)
            select day, sum(counted), sum(claims) from (
                select day, 0 as counted, claims from there union all select day, claims, 0 from approval_days where organisation_id = ?1)
            group by day having sum(counted) <> sum(claims) order by day limit 20
            """, row => FormattableString.Invariant($"Of {organisationId}, {row.Long(1)} claims are counted as approved on {row.Text(0)}, but {row.Long(2)} are there."), organisationId));
    }
}
