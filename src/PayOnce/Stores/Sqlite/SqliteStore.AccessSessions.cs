using PayOnce.Access;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    private const string SessionColumns = "s.session_sha256, s.user_id, s.only_organisation, s.client, s.created_at, s.last_seen_at, s.ends_at";

    /// <summary>?2 is now, ?3 the time since which it must have been seen.</summary>
    private const string SessionCounts = "s.ended_at is null and s.ends_at > ?2 and s.last_seen_at > ?3";

    private static Session ReadSession(SqliteStatement row) =>
        new(row.Text(0), row.Text(1), row.TextOrNull(2), row.TextOrNull(3), row.Time(4), row.Time(5), row.Time(6));

    /// <inheritdoc/>
    public Task<SignInTry> TrySignInAsync(string email, LockOut rule, CancellationToken cancel) => WriteAsync<SignInTry>(db =>
    {
        var found = db.First(
            $"select {UserColumns}, k.password_hash, k.failed_sign_ins, k.locked_until from {UserTables} where u.email_key = ?1",
            row => new Credentials(ReadUser(row), row.TextOrNull(UserWidth), row.Int(UserWidth + 1), row.TimeOrNull(UserWidth + 2)), User.EmailKey(email));
        if (found is not { User: { Disabled: false } user, PasswordHash: { } hash }) return new SignInTry.Nobody();
        var now = Now();
        if (found.LockedUntil is { } until && until > now) return new SignInTry.Locked(until);
        var (tries, locked) = found.CountTry(rule, now);
        db.Run("update user_credentials set failed_sign_ins = ?2, locked_until = ?3 where user_id = ?1", user.UserId, tries, locked);
        db.Proof = later => later.Any("select 1 from user_credentials where user_id = ?1 and failed_sign_ins >= ?2", user.UserId, tries);
        return new SignInTry.Compare(user, hash);
    }, cancel);

    /// <inheritdoc/>
    public Task<bool> SignInAsync(string userId, string securityStamp, NewSession session, CancellationToken cancel) => WriteAsync(db =>
    {
        if (ReadUser(db, userId) is not { Disabled: false } user || user.SecurityStamp != securityStamp) return false;
        if (session.OnlyOrganisation is { } only && ReadProvider(db, only) is null) return false;
        var now = Now();
        db.Run("insert into sessions (session_sha256, user_id, only_organisation, client, created_at, last_seen_at, ends_at) values (?1, ?2, ?3, ?4, ?5, ?5, ?6)",
            session.Sha256, userId, session.OnlyOrganisation, session.Client, now, now + session.Duration);
        db.Run("update users set last_signed_in_at = ?2 where user_id = ?1", userId, now);
        db.Run("update user_credentials set failed_sign_ins = 0, locked_until = null where user_id = ?1", userId);
        db.Proof = later => later.Any("select 1 from sessions where session_sha256 = ?1", session.Sha256);
        return true;
    }, cancel);

    /// <inheritdoc/>
    public async Task<SignedInPerson?> FindSessionAsync(string sessionSha256, TimeSpan idle, CancellationToken cancel)
    {
        var now = Now();
        var found = await ReadAsync(db => FindSession(db, sessionSha256, now, idle), cancel);
        if (found is null || found.Session.LastSeenAt > now - Session.SeenEvery) return found;
        return await WriteAsync(db =>
        {
            db.Run("update sessions set last_seen_at = ?2 where session_sha256 = ?1 and last_seen_at < ?2", sessionSha256, now);
            db.Proof = _ => true;
            return FindSession(db, sessionSha256, now, idle);
        }, cancel);
    }

    private static SignedInPerson? FindSession(SqliteSession db, string sessionSha256, DateTimeOffset now, TimeSpan idle)
    {
        if (db.First($"select {SessionColumns} from sessions s where s.session_sha256 = ?1 and {SessionCounts}", ReadSession, sessionSha256, now, now - idle) is not { } session) return null;
        if (ReadUser(db, session.UserId) is not { Disabled: false } user) return null;
        return AccessRules.Reached(session, user, ReadMemberships(db, user.UserId));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Session>> ListSessionsAsync(string userId, TimeSpan idle, CancellationToken cancel) => ReadAsync<IReadOnlyList<Session>>(db =>
    {
        var now = Now();
        return db.All($"select {SessionColumns} from sessions s where s.user_id = ?1 and {SessionCounts} order by s.last_seen_at desc, s.session_sha256", ReadSession, userId, now, now - idle);
    }, cancel);

    /// <inheritdoc/>
    public Task<bool> EndSessionAsync(string userId, string sessionSha256, CancellationToken cancel) => WriteAsync(db =>
    {
        if (db.Run("update sessions set ended_at = ?3 where user_id = ?1 and session_sha256 = ?2 and ended_at is null", userId, sessionSha256, Now()) == 0) return false;
        db.Proof = later => later.Any("select 1 from sessions where session_sha256 = ?1 and ended_at is not null", sessionSha256);
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task<int> EndSessionsAsync(string userId, string? exceptSession, CancellationToken cancel) => WriteAsync(db =>
    {
        var ended = EndSessions(db, userId, exceptSession);
        if (ended > 0) db.Proof = later => !later.Any($"select 1 from sessions where {OpenSessionsOfUser}", userId, exceptSession);
        return ended;
    }, cancel);

    private const string OpenSessionsOfUser = "user_id = ?1 and session_sha256 is not ?2 and ended_at is null";

    private int EndSessions(SqliteSession db, string userId, string? except) =>
        db.Run($"update sessions set ended_at = ?3 where {OpenSessionsOfUser}", userId, except, Now());

    /// <inheritdoc/>
    public Task<int> RemoveExpiredAsync(TimeSpan keep, CancellationToken cancel) => WriteAsync(db =>
    {
        var before = Now() - keep;
        var removed = db.Run("delete from sessions where min(ends_at, coalesce(ended_at, ends_at)) < ?1", before)
                      + db.Run("delete from one_time_links where min(expires_at, coalesce(ended_at, expires_at)) < ?1", before);
        if (removed > 0) db.Proof = later => !later.Any("select 1 from sessions where min(ends_at, coalesce(ended_at, ends_at)) < ?1 union all select 1 from one_time_links where min(expires_at, coalesce(ended_at, expires_at)) < ?1", before);
        return removed;
    }, cancel);
}
