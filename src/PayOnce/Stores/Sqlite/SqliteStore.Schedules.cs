using PayOnce.Audit;
using PayOnce.Scheduling;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<Schedule?> FindScheduleAsync(string organisationId, string integration, CancellationToken cancel) => ReadAsync(db => ReadSchedule(db, organisationId, integration), cancel);

    /// <inheritdoc/>
    public Task<SaveAnswer<Schedule>> SaveScheduleAsync(ScheduleDraft draft, int version, string actor, CancellationToken cancel) => WriteAsync<SaveAnswer<Schedule>>(db =>
    {
        var earlier = ReadSchedule(db, draft.OrganisationId, draft.Integration);
        if ((earlier?.Version ?? 0) != version) return new SaveAnswer<Schedule>.Changed(earlier);
        var now = Now();
        var saved = new Schedule(draft.OrganisationId, draft.Integration, version + 1, draft.Cron, draft.Enabled, draft.Options, draft.NextAt, actor, now);
        db.Run("""
            insert into schedules (organisation_id, integration, version, cron, enabled, options, next_at, changed_by, changed_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            on conflict (organisation_id, integration) do update
            set version = excluded.version, cron = excluded.cron, enabled = excluded.enabled, options = excluded.options, next_at = excluded.next_at,
                changed_by = excluded.changed_by, changed_at = excluded.changed_at
            """, saved.OrganisationId, saved.Integration, saved.Version, saved.Cron, saved.Enabled ? 1 : 0, saved.Options.ToJson(), saved.NextAt, actor, now);
        Tell(db, draft.OrganisationId, now, AuditEntries.ScheduleChanged(draft, saved.Version, actor));
        return new SaveAnswer<Schedule>.Saved(saved);
    }, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DueSchedule>> FindDueSchedulesAsync(int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<DueSchedule>>(db =>
    {
        var now = Now();
        return db.All($"""
            select {RequestRows.Schedule}, o.time_zone from schedules s cross join organisations o on o.organisation_id = s.organisation_id
            where s.next_at is not null and s.next_at <= ?1 order by s.next_at, s.organisation_id, s.integration limit ?2
            """, row => new DueSchedule(RequestRows.ReadSchedule(row), row.Text(RequestRows.ScheduleWidth), now), now, size);
    }, cancel);

    /// <inheritdoc/>
    public Task<FireAnswer> FireAsync(FireDraft draft, CancellationToken cancel) => WriteAsync<FireAnswer>(db =>
    {
        var now = Now();
        var id = draft.OrganisationId;
        var schedule = ReadSchedule(db, id, draft.Integration);
        var fired = db.Any("select 1 from schedule_fires where organisation_id = ?1 and integration = ?2 and scheduled_at = ?3", id, draft.Integration, draft.ScheduledAt);
        if (schedule?.Version != draft.Version || fired) return FireAnswer.NotOurs.Instance;

        var request = draft.Order is null ? null : ReadWaitingOfSchedule(db, id) ?? InsertRequest(db, draft.Order, now);
        db.Run("insert into schedule_fires (organisation_id, integration, scheduled_at, fired_at, request_id) values (?1, ?2, ?3, ?4, ?5)", id, draft.Integration, draft.ScheduledAt, now, request?.RequestId);
        db.Run("update schedules set next_at = ?3 where organisation_id = ?1 and integration = ?2", id, draft.Integration, draft.NextAt);
        db.Proof = later => later.Any("select 1 from schedule_fires where organisation_id = ?1 and integration = ?2 and scheduled_at = ?3", id, draft.Integration, draft.ScheduledAt);
        return new FireAnswer.Fired(request);
    }, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ScheduleFire>> ListFiresAsync(string organisationId, string integration, DateTimeOffset? before, int size, CancellationToken cancel) =>
        ReadAsync<IReadOnlyList<ScheduleFire>>(db => db.All($"""
            select {RequestRows.Request}, f.scheduled_at, f.fired_at
            from schedule_fires f left join run_requests q on q.organisation_id = f.organisation_id and q.request_id = f.request_id
            where f.organisation_id = ?1 and f.integration = ?2 and f.scheduled_at < ?3 order by f.scheduled_at desc limit ?4
            """,
            row => new ScheduleFire(integration, row.Time(RequestRows.RequestWidth), row.Time(RequestRows.RequestWidth + 1), row.IsNull(0) ? null : RequestRows.ReadRequest(row)),
            organisationId, integration, before is { } bound ? SqliteTime.ToMicroseconds(bound) : long.MaxValue, size), cancel);

    private static Schedule? ReadSchedule(SqliteSession db, string organisationId, string integration) => db.First(
        $"select {RequestRows.Schedule} from schedules s where s.organisation_id = ?1 and s.integration = ?2", RequestRows.ReadSchedule, organisationId, integration);

    private static StoredRequest? ReadWaitingOfSchedule(SqliteSession db, string organisationId) => db.First(
        $"""select {RequestRows.Request} from run_requests q where q.organisation_id = ?1 and q.ended_at is null and q.state = 'queued' and q."trigger" = 'schedule' order by q.request_id limit 1""",
        RequestRows.ReadRequest, organisationId);
}
