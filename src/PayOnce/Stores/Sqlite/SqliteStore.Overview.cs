using PayOnce.History;
using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore : IHistoryStore
{
    /// <inheritdoc/>
    public Task<Overview> ReadOverviewAsync(string organisationId, CancellationToken cancel) => ReadAsync(db =>
    {
        var lease = ReadLease(db, organisationId);
        var ready = SumOf(db, "select currency, claims, amount_minor from waiting_totals where organisation_id = ?1 and claims <> 0 order by currency", organisationId);
        var doubt = SumOf(db, """
            select c.currency, count(*), sum(c.total_minor) from marks m cross join claims c on c.organisation_id = m.organisation_id and c.claim_id = m.claim_id
            where m.organisation_id = ?1 and m.in_doubt_since is not null group by c.currency order by c.currency
            """, organisationId);
        return new Overview(
            ready,
            db.Number("select count(*) from pending where organisation_id = ?1 and rejected = 1", organisationId),
            db.Number("select sum(reserved - exported - rejected - in_doubt - released) from runs where organisation_id = ?1 and state = 'running'", organisationId),
            db.Number("select sum(claims) from month_totals where organisation_id = ?1", organisationId),
            doubt,
            TimeOf(db, "select in_doubt_since from marks where organisation_id = ?1 and in_doubt_since is not null order by in_doubt_since limit 1", organisationId),
            lease.IsHeld(Now()) ? ReadRunRow(db, organisationId, RequireRun(db, organisationId, lease.RunId!.Value)) : null,
            db.First($"select {SqliteColumns.Run} from runs where organisation_id = ?1 and state <> 'running' order by run_id desc limit 1", SqliteColumns.ReadRun, organisationId) is { } ended
                ? ReadRunRow(db, organisationId, ended)
                : null,
            TimeOf(db, "select at from attempts where organisation_id = ?1 and http_status is not null order by at desc limit 1", organisationId))
        {
            Withdrawn = CountWithdrawn(db, organisationId),
        };
    }, cancel);

    /// <inheritdoc/>
    public Task<RowCount> CountDoubtsAsync(string organisationId, CancellationToken cancel) => ReadAsync(db => RowCount.Of(db.Number(
        $"select count(*) from (select 1 from marks where organisation_id = ?1 and in_doubt_since is not null limit {RowCount.Most + 1})", organisationId)), cancel);

    /// <inheritdoc/>
    public Task<RowCount> CountRunBookedAsync(string organisationId, long runId, CancellationToken cancel) => ReadAsync(db => db.All($"""
        select count(*), coalesce(sum(evidence = 'booked'), 0)
        from (select evidence from marks where organisation_id = ?1 and run_id = ?2 and state = 'exported' limit {RowCount.Most + 1})
        """, row => RowCount.OfPart(row.Long(1), row.Long(0)), organisationId, runId)[0], cancel);

    private static ClaimSum SumOf(SqliteSession db, string sql, string organisationId)
    {
        var rows = db.All(sql, row => (Total: new ControlTotal(row.Text(0), row.Long(2)), Claims: row.Long(1)), organisationId);
        return new ClaimSum(rows.Sum(row => row.Claims), rows.ConvertAll(row => row.Total));
    }

    private static DateTimeOffset? TimeOf(SqliteSession db, string sql, string organisationId)
    {
        using var rows = db.Query(sql, organisationId);
        return rows.Next() ? rows.Row.TimeOrNull(0) : null;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<MonthTotal>> ListMonthTotalsAsync(string organisationId, DateOnly from, CancellationToken cancel) => ReadAsync<IReadOnlyList<MonthTotal>>(db =>
        db.All("""
            select month, currency, claims, amount_minor from month_totals
            where organisation_id = ?1 and month >= ?2 and currency <> '' and claims <> 0 order by month, currency
            """, row => new MonthTotal(DateOnly.ParseExact(row.Text(0), MonthFormat, System.Globalization.CultureInfo.InvariantCulture), row.Text(1), row.Long(2), row.Long(3)),
            organisationId, from.ToString(MonthFormat, System.Globalization.CultureInfo.InvariantCulture)), cancel);

    private const string MonthFormat = "yyyy-MM-dd";

    /// <summary>With what the run's exports come to; one index probe.</summary>
    private static RunRow ReadRunRow(SqliteSession db, string organisationId, Run run) => new(run, db.All(
        "select currency, amount_minor from run_totals where organisation_id = ?1 and run_id = ?2 and claims <> 0 and currency <> '' order by currency",
        row => new ControlTotal(row.Text(0), row.Long(1)), organisationId, run.RunId));
}
