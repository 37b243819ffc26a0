using PayOnce.Audit;
using PayOnce.Scheduling;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    public Task<Schedule?> FindScheduleAsync(string organisationId, string integration, CancellationToken cancel) =>
        AskFirstAsync(organisationId, RequestRows.ReadSchedule, cancel, RequestRows.FindSchedule(organisationId, integration));

    public Task<SaveAnswer<Schedule>> SaveScheduleAsync(ScheduleDraft draft, int version, string actor, CancellationToken cancel) =>
        StepAsync<SaveAnswer<Schedule>>(draft.OrganisationId, async work =>
        {
            // The head's lock makes changes come one after the other.
            var (head, at) = await ShareAndLockHeadAsync(work);
            var earlier = await ReadScheduleAsync(work, draft.Integration);
            if ((earlier?.Version ?? 0) != version) return new SaveAnswer<Schedule>.Changed(earlier);
            var saved = new Schedule(draft.OrganisationId, draft.Integration, version + 1, draft.Cron, draft.Enabled, draft.Options, draft.NextAt, actor, at);
            await work.AppendAsync(head, at, AuditEntries.ScheduleChanged(draft, saved.Version, actor), Sql.Of(
                """
                insert into payonce.schedules (organisation_id, integration, version, cron, enabled, options, next_at, changed_by, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                on conflict (organisation_id, integration) do update
                set version = excluded.version, cron = excluded.cron, enabled = excluded.enabled, options = excluded.options, next_at = excluded.next_at,
                    changed_by = excluded.changed_by, changed_at = excluded.changed_at
                """, saved.OrganisationId, saved.Integration, saved.Version, saved.Cron, saved.Enabled, saved.Options.ToJson(), saved.NextAt, actor, at));
            return new SaveAnswer<Schedule>.Saved(saved);
        }, cancel);

    public async Task<IReadOnlyList<DueSchedule>> FindDueSchedulesAsync(int size, CancellationToken cancel) =>
        await AskListAsync(EveryOrganisation, reader => new DueSchedule(RequestRows.ReadSchedule(reader), reader.GetString(RequestRows.ScheduleWidth), reader.Time(RequestRows.ScheduleWidth + 1)), cancel, Sql.Of(
            $"""
            select {RequestRows.Schedule}, o.time_zone, clock_timestamp() from payonce.schedules s join payonce.organisations o on o.organisation_id = s.organisation_id
            where s.next_at is not null and s.next_at <= clock_timestamp() order by s.next_at, s.organisation_id, s.integration limit $1
            """, size));

    public Task<FireAnswer> FireAsync(FireDraft draft, CancellationToken cancel) =>
        StepAsync<FireAnswer>(draft.OrganisationId, async work =>
        {
            var id = draft.OrganisationId;
            var (head, at) = await ShareAndLockHeadAsync(work);
            if ((await ReadScheduleAsync(work, draft.Integration))?.Version != draft.Version) return FireAnswer.NotOurs.Instance;

            var waiting = draft.Order is null ? null : await FindWaitingOfScheduleAsync(work);
            var request = draft.Order is null ? null : waiting ?? RequestRules.New(draft.Order, await NextRequestIdAsync(work), at);
            var fired = await work.ExecuteAsync(Sql.Of(
                """
                insert into payonce.schedule_fires (organisation_id, integration, scheduled_at, fired_at, request_id) values ($1, $2, $3, $4, $5)
                on conflict (organisation_id, integration, scheduled_at) do nothing
                """, id, draft.Integration, draft.ScheduledAt, at, request?.RequestId));
            if (fired[0] == 0) return FireAnswer.NotOurs.Instance;
            var next = Sql.Of("update payonce.schedules set next_at = $3 where organisation_id = $1 and integration = $2", id, draft.Integration, draft.NextAt);
            if (draft.Order is { } order && waiting is null)
            {
                await work.AppendAsync(head, at, AuditEntries.RunRequested(request!.RequestId, order), next, RequestRows.Insert(request, order.Hash()));
            }
            else
            {
                await work.ExecuteAsync(next);
                work.ProvedBy(() => Sql.Of(
                    "select 1 from payonce.schedule_fires where organisation_id = $1 and integration = $2 and scheduled_at = $3", id, draft.Integration, draft.ScheduledAt));
            }
            return new FireAnswer.Fired(request);
        }, cancel);

    public async Task<IReadOnlyList<ScheduleFire>> ListFiresAsync(string organisationId, string integration, DateTimeOffset? before, int size, CancellationToken cancel) =>
        await AskListAsync(organisationId,
            reader => new ScheduleFire(integration, reader.Time(RequestRows.RequestWidth), reader.Time(RequestRows.RequestWidth + 1), reader.IsDBNull(0) ? null : RequestRows.ReadRequest(reader)), cancel, Sql.Of(
                $"""
                select {RequestRows.Request}, f.scheduled_at, f.fired_at
                from payonce.schedule_fires f left join payonce.run_requests q on q.organisation_id = $1 and q.request_id = f.request_id
                where f.organisation_id = $1 and f.integration = $2 and ($3::timestamptz is null or f.scheduled_at < $3) order by f.scheduled_at desc limit $4
                """, organisationId, integration, before, size));

    private static async Task<Schedule?> ReadScheduleAsync(PostgresTransaction work, string integration) =>
        (await work.ListAsync(RequestRows.ReadSchedule, RequestRows.FindSchedule(work.OrganisationId, integration))).SingleOrDefault();

    private static async Task<StoredRequest?> FindWaitingOfScheduleAsync(PostgresTransaction work) => (await work.ListAsync(RequestRows.ReadRequest, Sql.Of(
        $"""
        select {RequestRows.Request} from payonce.run_requests q
        where q.organisation_id = $1 and q.ended_at is null and q.state = 'queued' and q.trigger = 'schedule' order by q.request_id limit 1
        """, work.OrganisationId))).SingleOrDefault();
}
