using Npgsql;
using PayOnce.Runs;
using PayOnce.Scheduling;

namespace PayOnce.Stores.Postgres;

/// <summary>Rows of requests, schedules and notifications as values, and the statements that several steps share.</summary>
internal static class RequestRows
{
    public const string Request = """
        q.organisation_id, q.request_id, q.kind, q.scope, q.trigger, q.actor, q.when_busy, q.idempotency_key, q.state, q.attempt, q.node, q.run_id, q.outcome,
        q.asked_at, q.taken_at, q.ended_at
        """;

    /// <summary>Columns of <see cref="Request"/>: what a select adds behind them begins here.</summary>
    public const int RequestWidth = 16;

    public const string Schedule = "s.organisation_id, s.integration, s.version, s.cron, s.enabled, s.options, s.next_at, s.changed_by, s.changed_at";

    /// <summary>Columns of <see cref="Schedule"/>.</summary>
    public const int ScheduleWidth = 9;

    public const string Notification = "n.organisation_id, n.notification_id, n.kind, n.channel, n.payload, n.state, n.tries, n.next_try_at, n.failure, n.created_at, n.sent_at";

    public static StoredRequest ReadRequest(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetInt64(1), RequestTexts.Kind(reader.GetString(2)), RequestScope.FromStored(reader.GetString(3)), RunTexts.Trigger(reader.GetString(4)),
        reader.GetString(5), RequestTexts.Choice(reader.GetString(6)), reader.Text(7), RequestTexts.State(reader.GetString(8)), reader.GetInt32(9), reader.Text(10), reader.Long(11),
        reader.Text(12), reader.Time(13), reader.TimeOrNull(14), reader.TimeOrNull(15));

    public static Schedule ReadSchedule(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), reader.GetBoolean(4), ScheduleOptions.FromStored(reader.GetString(5)),
        reader.TimeOrNull(6), reader.GetString(7), reader.Time(8));

    public static Notification ReadNotification(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetInt64(1), NotificationTexts.Kind(reader.GetString(2)), NotificationTexts.Channel(reader.GetString(3)), reader.GetString(4),
        NotificationTexts.State(reader.GetString(5)), reader.GetInt32(6), reader.TimeOrNull(7), reader.Text(8), reader.Time(9), reader.TimeOrNull(10));

    public static Pause ReadPause(NpgsqlDataReader reader) => new(reader.Time(0), reader.GetString(1), reader.GetString(2), reader.GetString(3) == StoreAnswers.Installation);

    public static NpgsqlBatchCommand Find(string organisationId, long requestId) => Sql.Of(
        $"select {Request} from payonce.run_requests q where q.organisation_id = $1 and q.request_id = $2", organisationId, requestId);

    public static NpgsqlBatchCommand Unfinished(string organisationId) => Sql.Of(
        $"select {Request} from payonce.run_requests q where q.organisation_id = $1 and q.ended_at is null order by q.state <> 'running', q.request_id", organisationId);

    public static NpgsqlBatchCommand FindSchedule(string organisationId, string integration) => Sql.Of(
        $"select {Schedule} from payonce.schedules s where s.organisation_id = $1 and s.integration = $2", organisationId, integration);

    /// <summary>The installation's before the organisation's own: its name comes before every valid id.</summary>
    public static NpgsqlBatchCommand FindPause(string organisationId) => Sql.Of(
        "select since, reason, actor, organisation_id from payonce.pauses where organisation_id in ('*', $1) and ended_at is null order by organisation_id limit 1", organisationId);

    public static NpgsqlBatchCommand Insert(StoredRequest request, string hash) => Sql.Of(
        """
        insert into payonce.run_requests (organisation_id, request_id, kind, trigger, scope, actor, when_busy, idempotency_key, asked_hash, state, asked_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', $10)
        """, request.OrganisationId, request.RequestId, request.Kind.Text(), request.Trigger.Text(), request.Scope.ToJson(), request.Actor, request.WhenBusy.Text(), request.IdempotencyKey, hash, request.AskedAt);
}
