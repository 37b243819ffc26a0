using PayOnce.Audit;
using PayOnce.Scheduling;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<StoredNotificationSettings?> FindNotificationSettingsAsync(string organisationId, CancellationToken cancel) => ReadAsync(db => ReadNotificationSettings(db, organisationId), cancel);

    /// <inheritdoc/>
    public Task<SaveAnswer<StoredNotificationSettings>> SaveNotificationSettingsAsync(string organisationId, NotificationSettings settings, int version, string actor, CancellationToken cancel) =>
        WriteAsync<SaveAnswer<StoredNotificationSettings>>(db =>
        {
            var earlier = ReadNotificationSettings(db, organisationId);
            if ((earlier?.Version ?? 0) != version) return new SaveAnswer<StoredNotificationSettings>.Changed(earlier);
            var now = Now();
            db.Run("insert into notification_settings (organisation_id, version, settings, changed_by, changed_at) values (?1, ?2, ?3, ?4, ?5)", organisationId, version + 1, settings.ToJson(), actor, now);
            Tell(db, organisationId, now, AuditEntries.NotificationsChanged(version + 1, settings, actor));
            return new SaveAnswer<StoredNotificationSettings>.Saved(new StoredNotificationSettings(version + 1, settings, actor, now));
        }, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> FindNotificationWorkAsync(int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<string>>(db =>
        db.All("select organisation_id from notifications where next_try_at is not null and next_try_at <= ?1 group by organisation_id order by min(next_try_at), organisation_id limit ?2",
            row => row.Text(0), Now(), size), cancel);

    /// <inheritdoc/>
    public Task<Notification?> TakeNotificationAsync(string organisationId, TimeSpan holdFor, CancellationToken cancel) => WriteAsync(db =>
    {
        var now = Now();
        var due = db.First($"""
            select {RequestRows.Notification} from notifications
            where organisation_id = ?1 and next_try_at is not null and next_try_at <= ?2 order by next_try_at, notification_id limit 1
            """, RequestRows.ReadNotification, organisationId, now);
        if (due is null) return null;
        var taken = due with { Tries = due.Tries + 1, NextTryAt = now + holdFor };
        db.Run("update notifications set tries = ?3, next_try_at = ?4 where organisation_id = ?1 and notification_id = ?2", organisationId, taken.NotificationId, taken.Tries, taken.NextTryAt);
        db.Proof = later => later.Any("select 1 from notifications where organisation_id = ?1 and notification_id = ?2 and tries >= ?3", organisationId, taken.NotificationId, taken.Tries);
        return taken;
    }, cancel);

    /// <inheritdoc/>
    public Task<bool> EndNotificationTryAsync(Notification taken, NotificationTry end, CancellationToken cancel) => WriteAsync(db =>
    {
        var now = Now();
        var (state, next, failure, sent) = StoreAnswers.Ended(taken, end, now);
        if (db.Run("""
            update notifications set state = ?4, next_try_at = ?5, failure = ?6, sent_at = ?7
            where organisation_id = ?1 and notification_id = ?2 and tries = ?3 and state = 'waiting'
            """, taken.OrganisationId, taken.NotificationId, taken.Tries, state.Text(), next, failure, sent) == 0) return false;
        db.Proof = later => later.Any("select 1 from notifications where organisation_id = ?1 and notification_id = ?2 and (tries > ?3 or (state = ?4 and next_try_at is ?5))",
            taken.OrganisationId, taken.NotificationId, taken.Tries, state.Text(), next);
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Notification>> ListNotificationsAsync(string organisationId, long? before, int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<Notification>>(db =>
        db.All($"select {RequestRows.Notification} from notifications where organisation_id = ?1 and notification_id < ?2 order by notification_id desc limit ?3",
            RequestRows.ReadNotification, organisationId, before ?? long.MaxValue, size), cancel);

    private static StoredNotificationSettings? ReadNotificationSettings(SqliteSession db, string organisationId) => db.First(
        "select version, settings, changed_by, changed_at from notification_settings where organisation_id = ?1 order by version desc limit 1",
        row => new StoredNotificationSettings(row.Int(0), NotificationSettings.FromStored(row.Text(1)), row.Text(2), row.Time(3)), organisationId);
}
