using PayOnce.Runs;
using PayOnce.Scheduling;

namespace PayOnce.Stores.Sqlite;

/// <summary>Rows of requests, schedules and notifications as values.</summary>
internal static class RequestRows
{
    public const string Request = """
        q.organisation_id, q.request_id, q.kind, q.scope, q."trigger", q.actor, q.when_busy, q.idempotency_key, q.state, q.attempt, q.node, q.run_id, q.outcome,
        q.asked_at, q.taken_at, q.ended_at
        """;

    /// <summary>Columns of <see cref="Request"/>: what a select adds behind them begins here.</summary>
    public const int RequestWidth = 16;

    public const string Schedule = "s.organisation_id, s.integration, s.version, s.cron, s.enabled, s.options, s.next_at, s.changed_by, s.changed_at";

    /// <summary>Columns of <see cref="Schedule"/>.</summary>
    public const int ScheduleWidth = 9;

    public const string Notification = "organisation_id, notification_id, kind, channel, payload, state, tries, next_try_at, failure, created_at, sent_at";

    public static StoredRequest ReadRequest(SqliteStatement row) => new(
        row.Text(0), row.Long(1), RequestTexts.Kind(row.Text(2)), RequestScope.FromStored(row.Text(3)), RunTexts.Trigger(row.Text(4)), row.Text(5), RequestTexts.Choice(row.Text(6)),
        row.TextOrNull(7), RequestTexts.State(row.Text(8)), row.Int(9), row.TextOrNull(10), row.LongOrNull(11), row.TextOrNull(12), row.Time(13), row.TimeOrNull(14), row.TimeOrNull(15));

    public static Schedule ReadSchedule(SqliteStatement row) => new(
        row.Text(0), row.Text(1), row.Int(2), row.Text(3), row.Long(4) == 1, ScheduleOptions.FromStored(row.Text(5)), row.TimeOrNull(6), row.Text(7), row.Time(8));

    public static Notification ReadNotification(SqliteStatement row) => new(
        row.Text(0), row.Long(1), NotificationTexts.Kind(row.Text(2)), NotificationTexts.Channel(row.Text(3)), row.Text(4), NotificationTexts.State(row.Text(5)), row.Int(6),
        row.TimeOrNull(7), row.TextOrNull(8), row.Time(9), row.TimeOrNull(10));
}
