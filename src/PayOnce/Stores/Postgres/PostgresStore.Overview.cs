using Npgsql;
using PayOnce.History;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore : IHistoryStore
{
    /// <summary>A run with what its exports come to; one index probe a run.</summary>
    private const string RunRowColumns =
        $"""
        {Columns.Run},
        array(select t.currency from payonce.run_totals t where t.organisation_id = $1 and t.run_id = r.run_id and t.claims <> 0 and t.currency <> '' order by t.currency),
        array(select t.amount_minor from payonce.run_totals t where t.organisation_id = $1 and t.run_id = r.run_id and t.claims <> 0 and t.currency <> '' order by t.currency)
        """;

    public Task<Overview> ReadOverviewAsync(string organisationId, CancellationToken cancel) =>
        AskAsync(organisationId, async reader =>
        {
            var ready = await SumAsync();
            var rejected = await OneAsync(row => row.GetInt64(0));
            var reserved = await OneAsync(row => row.GetInt64(0));
            var exported = await OneAsync(row => row.GetInt64(0));
            var oldest = await OneAsync(row => row.TimeOrNull(0));
            var doubt = await SumAsync();
            var running = await OneAsync(ReadRunRow);
            var ended = await OneAsync(ReadRunRow);
            var contact = await OneAsync(row => row.TimeOrNull(0));
            var withdrawn = await OneAsync(row => row.GetInt64(0));
            return new Overview(ready, rejected, reserved, exported, doubt, oldest, running, ended, contact) { Withdrawn = withdrawn };

            async Task<T?> OneAsync<T>(Func<NpgsqlDataReader, T> row)
            {
                var value = await reader.FirstAsync(row, cancel);
                await reader.NextResultAsync(cancel);
                return value;
            }

            async Task<ClaimSum> SumAsync()
            {
                var rows = await reader.ListAsync(row => (Currency: row.GetString(0), Claims: row.GetInt64(1), Sum: row.GetInt64(2)), cancel);
                await reader.NextResultAsync(cancel);
                return new ClaimSum(rows.Sum(row => row.Claims), rows.ConvertAll(row => new ControlTotal(row.Currency, row.Sum)));
            }
        }, cancel,
            Sql.Of("select currency, claims, amount_minor from payonce.waiting_totals where organisation_id = $1 and claims <> 0 order by currency", organisationId),
            Sql.Of("select count(*) from payonce.pending where organisation_id = $1 and rejected", organisationId),
            Sql.Of("select coalesce(sum(reserved - exported - rejected - in_doubt - released), 0)::bigint from payonce.runs where organisation_id = $1 and state = 'running'", organisationId),
            Sql.Of("select coalesce(sum(claims), 0)::bigint from payonce.month_totals where organisation_id = $1", organisationId),
            Sql.Of("select in_doubt_since from payonce.marks where organisation_id = $1 and in_doubt_since is not null order by in_doubt_since limit 1", organisationId),
            Sql.Of(
                """
                select c.currency, count(*), sum(c.total_minor)::bigint
                from payonce.marks m
                cross join lateral (select c.currency, c.total_minor from payonce.claims c where c.organisation_id = $1 and c.claim_id = m.claim_id limit 1) c
                where m.organisation_id = $1 and m.in_doubt_since is not null
                group by c.currency order by c.currency
                """, organisationId),
            Sql.Of(
                $"""
                select {RunRowColumns} from payonce.run_leases l join payonce.runs r on r.organisation_id = $1 and r.run_id = l.run_id
                where l.organisation_id = $1 and l.holder is not null and l.expires_at > clock_timestamp() order by r.run_id limit 1
                """, organisationId),
            Sql.Of($"select {RunRowColumns} from payonce.runs r where r.organisation_id = $1 and r.state <> 'running' order by r.run_id desc limit 1", organisationId),
            Sql.Of("select at from payonce.attempts where organisation_id = $1 and http_status is not null order by at desc limit 1", organisationId),
            Sql.Of("select count(*) from payonce.claims where organisation_id = $1 and withdrawn_at is not null", organisationId));

    public Task<RowCount> CountDoubtsAsync(string organisationId, CancellationToken cancel) =>
        AskFirstAsync(organisationId, reader => RowCount.Of(reader.GetInt64(0)), cancel, Sql.Of(
            $"select count(*) from (select 1 from payonce.marks where organisation_id = $1 and in_doubt_since is not null limit {RowCount.Most + 1}) m", organisationId));

    public Task<RowCount> CountRunBookedAsync(string organisationId, long runId, CancellationToken cancel) =>
        AskFirstAsync(organisationId, reader => RowCount.OfPart(reader.GetInt64(1), reader.GetInt64(0)), cancel, Sql.Of(
            $"""
            select count(*), count(*) filter (where evidence = 'booked')
            from (select evidence from payonce.marks where organisation_id = $1 and run_id = $2 and state = 'exported' limit {RowCount.Most + 1}) m
            """, organisationId, runId));

    public async Task<IReadOnlyList<MonthTotal>> ListMonthTotalsAsync(string organisationId, DateOnly from, CancellationToken cancel) =>
        await AskListAsync(organisationId, row => new MonthTotal(row.GetFieldValue<DateOnly>(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3)), cancel, Sql.Of(
            """
            select month, currency, claims, amount_minor from payonce.month_totals
            where organisation_id = $1 and month >= $2 and currency <> '' and claims <> 0 order by month, currency
            """, organisationId, from));

    private static RunRow ReadRunRow(NpgsqlDataReader row)
    {
        var (currencies, amounts) = (row.GetFieldValue<string[]>(Columns.RunWidth), row.GetFieldValue<long[]>(Columns.RunWidth + 1));
        return new RunRow(Columns.ReadRun(row), [.. currencies.Zip(amounts, (currency, amount) => new ControlTotal(currency, amount))]);
    }
}
