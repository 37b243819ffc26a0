using PayOnce.Audit;
using PayOnce.Scheduling;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    private const string NewestNotificationSettings = "select version, settings, changed_by, changed_at from payonce.notification_settings where organisation_id = $1 order by version desc limit 1";

    public Task<StoredNotificationSettings?> FindNotificationSettingsAsync(string organisationId, CancellationToken cancel) =>
        AskFirstAsync(organisationId, ReadNotificationSettings, cancel, Sql.Of(NewestNotificationSettings, organisationId));

    public Task<SaveAnswer<StoredNotificationSettings>> SaveNotificationSettingsAsync(string organisationId, NotificationSettings settings, int version, string actor, CancellationToken cancel) =>
        StepAsync<SaveAnswer<StoredNotificationSettings>>(organisationId, async work =>
        {
            var (head, at) = await ShareAndLockHeadAsync(work);
            var earlier = (await work.ListAsync(ReadNotificationSettings, Sql.Of(NewestNotificationSettings, organisationId))).SingleOrDefault();
            if ((earlier?.Version ?? 0) != version) return new SaveAnswer<StoredNotificationSettings>.Changed(earlier);
            await work.AppendAsync(head, at, AuditEntries.NotificationsChanged(version + 1, settings, actor), Sql.Of(
                "insert into payonce.notification_settings (organisation_id, version, settings, changed_by, changed_at) values ($1, $2, $3, $4, $5)",
                organisationId, version + 1, settings.ToJson(), actor, at));
            return new SaveAnswer<StoredNotificationSettings>.Saved(new StoredNotificationSettings(version + 1, settings, actor, at));
        }, cancel);

    public async Task<IReadOnlyList<string>> FindNotificationWorkAsync(int size, CancellationToken cancel) =>
        await AskListAsync(EveryOrganisation, reader => reader.GetString(0), cancel, Sql.Of(
            """
            select organisation_id from payonce.notifications where next_try_at is not null and next_try_at <= clock_timestamp()
            group by organisation_id order by min(next_try_at), organisation_id limit $1
            """, size));

    public Task<Notification?> TakeNotificationAsync(string organisationId, TimeSpan holdFor, CancellationToken cancel) =>
        StepAsync(organisationId, async work =>
        {
            await work.AnyAsync(LeaseStatements.Share(organisationId));
            var taken = (await work.ListAsync(RequestRows.ReadNotification, Sql.Of(
                $"""
                with due as materialized (
                    select organisation_id, notification_id from payonce.notifications
                    where organisation_id = $1 and next_try_at is not null and next_try_at <= clock_timestamp()
                    order by next_try_at, notification_id limit 1 for update skip locked)
                update payonce.notifications n set tries = n.tries + 1, next_try_at = clock_timestamp() + $2
                from due where n.organisation_id = due.organisation_id and n.notification_id = due.notification_id
                returning {RequestRows.Notification}
                """, organisationId, holdFor))).SingleOrDefault();
            if (taken is null) return null;
            work.ProvedBy(() => Sql.Of(
                "select 1 from payonce.notifications where organisation_id = $1 and notification_id = $2 and tries >= $3", organisationId, taken.NotificationId, taken.Tries));
            return taken;
        }, cancel);

    public Task<bool> EndNotificationTryAsync(Notification taken, NotificationTry end, CancellationToken cancel) =>
        StepAsync(taken.OrganisationId, async work =>
        {
            var now = (await work.ListAsync(reader => reader.Time(0), Sql.Of("select clock_timestamp()")))[0];
            var (state, next, failure, sent) = StoreAnswers.Ended(taken, end, now);
            if (!await ChangeTakenAsync(work, Sql.Of(
                """
                update payonce.notifications set state = $4, next_try_at = $5, failure = $6, sent_at = $7
                where organisation_id = $1 and notification_id = $2 and tries = $3 and state = 'waiting'
                """, taken.OrganisationId, taken.NotificationId, taken.Tries, state.Text(), next, failure, sent))) return false;
            work.ProvedBy(() => Sql.Of(
                "select 1 from payonce.notifications where organisation_id = $1 and notification_id = $2 and (tries > $3 or (state = $4 and next_try_at is not distinct from $5))",
                taken.OrganisationId, taken.NotificationId, taken.Tries, state.Text(), next));
            return true;
        }, cancel);

    public async Task<IReadOnlyList<Notification>> ListNotificationsAsync(string organisationId, long? before, int size, CancellationToken cancel) =>
        await AskListAsync(organisationId, RequestRows.ReadNotification, cancel, Sql.Of(
            $"select {RequestRows.Notification} from payonce.notifications n where n.organisation_id = $1 and n.notification_id < $2 order by n.notification_id desc limit $3",
            organisationId, before ?? long.MaxValue, size));

    private static StoredNotificationSettings ReadNotificationSettings(Npgsql.NpgsqlDataReader reader) =>
        new(reader.GetInt32(0), NotificationSettings.FromStored(reader.GetString(1)), reader.GetString(2), reader.Time(3));
}
