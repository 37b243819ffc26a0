using Npgsql;
using PayOnce.Access;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    private const string SessionColumns = "s.session_sha256, s.user_id, s.only_organisation, s.client, s.created_at, s.last_seen_at, s.ends_at";

    /// <summary>$2 is how long it may go unseen.</summary>
    private const string SessionCounts = "s.ended_at is null and s.ends_at > clock_timestamp() and s.last_seen_at > clock_timestamp() - $2";

    private static Session ReadSession(NpgsqlDataReader reader) =>
        new(reader.GetString(0), reader.GetString(1), reader.Text(2), reader.Text(3), reader.Time(4), reader.Time(5), reader.Time(6));

    public Task<SignInTry> TrySignInAsync(string email, LockOut rule, CancellationToken cancel) =>
        StepAsync<SignInTry>(Installation, async work =>
        {
            var at = await work.LockInstallationAsync();
            var found = await work.FirstAsync(
                reader => new Credentials(ReadUser(reader), reader.Text(UserWidth), reader.GetInt32(UserWidth + 1), reader.TimeOrNull(UserWidth + 2)),
                Sql.Of($"select {UserColumns}, k.password_hash, k.failed_sign_ins, k.locked_until from {UserTables} where u.email_key = $1 for update of k", User.EmailKey(email)));
            if (found is not { User: { Disabled: false } user, PasswordHash: { } hash }) return new SignInTry.Nobody();
            if (found.LockedUntil is { } until && until > at) return new SignInTry.Locked(until);
            var (tries, locked) = found.CountTry(rule, at);
            await work.ExecuteAsync(Sql.Of("update payonce.user_credentials set failed_sign_ins = $2, locked_until = $3 where user_id = $1", user.UserId, tries, locked));
            work.ProvedForInstallationBy(() => Sql.Of("select 1 from payonce.user_credentials where user_id = $1 and failed_sign_ins >= $2", user.UserId, tries));
            return new SignInTry.Compare(user, hash);
        }, cancel);

    public Task<bool> SignInAsync(string userId, string securityStamp, NewSession session, CancellationToken cancel) =>
        StepAsync(Installation, async work =>
        {
            var at = await work.LockInstallationAsync();
            if (await work.FirstAsync(ReadUser, UserOf(userId)) is not { Disabled: false } user || user.SecurityStamp != securityStamp) return false;
            if (session.OnlyOrganisation is { } only && !await work.ForOrganisationAsync(only, () => work.AnyAsync(ProviderOf(only)))) return false;
            await work.ExecuteAsync(
                Sql.Of("insert into payonce.sessions (session_sha256, user_id, only_organisation, client, created_at, last_seen_at, ends_at) values ($1, $2, $3, $4, $5, $5, $6)",
                    session.Sha256, userId, session.OnlyOrganisation, session.Client, at, at + session.Duration),
                Sql.Of("update payonce.users set last_signed_in_at = $2 where user_id = $1", userId, at),
                Sql.Of("update payonce.user_credentials set failed_sign_ins = 0, locked_until = null where user_id = $1", userId));
            work.ProvedForInstallationBy(() => Sql.Of("select 1 from payonce.sessions where session_sha256 = $1", session.Sha256));
            return true;
        }, cancel);

    /// <summary>One round trip, and asked with every request: the time it was seen is written by the same one, mostly nothing.</summary>
    public Task<SignedInPerson?> FindSessionAsync(string sessionSha256, TimeSpan idle, CancellationToken cancel) =>
        AskAsync<SignedInPerson?>(Installation, async reader =>
        {
            await reader.NextResultAsync(cancel);
            if (!await reader.ReadAsync(cancel)) return null;
            var session = ReadSession(reader);
            await reader.NextResultAsync(cancel);
            if (await reader.FirstAsync(ReadUser, cancel) is not { Disabled: false } user) return null;
            await reader.NextResultAsync(cancel);
            return AccessRules.Reached(session, user, await reader.ListAsync(ReadMembershipOfUser, cancel));
        },
        cancel,
        Sql.Of("select set_config('payonce.user', coalesce((select s.user_id from payonce.sessions s where s.session_sha256 = $1), ''), true)", sessionSha256),
        Sql.Of($"update payonce.sessions s set last_seen_at = clock_timestamp() where s.session_sha256 = $1 and {SessionCounts} and s.last_seen_at <= clock_timestamp() - $3", sessionSha256, idle, Session.SeenEvery),
        Sql.Of($"select {SessionColumns} from payonce.sessions s where s.session_sha256 = $1 and {SessionCounts}", sessionSha256, idle),
        Sql.Of($"select {UserColumns} from {UserTables} where u.user_id = (select current_setting('payonce.user', true))"),
        MembershipsOfUser());

    public async Task<IReadOnlyList<Session>> ListSessionsAsync(string userId, TimeSpan idle, CancellationToken cancel) => await AskListAsync(Installation, ReadSession, cancel, Sql.Of(
        $"select {SessionColumns} from payonce.sessions s where s.user_id = $1 and {SessionCounts} order by s.last_seen_at desc, s.session_sha256", userId, idle));

    public Task<bool> EndSessionAsync(string userId, string sessionSha256, CancellationToken cancel) =>
        StepAsync(Installation, async work =>
        {
            var at = await work.LockInstallationAsync();
            if ((await work.ExecuteAsync(Sql.Of("update payonce.sessions set ended_at = $3 where user_id = $1 and session_sha256 = $2 and ended_at is null", userId, sessionSha256, at)))[0] == 0) return false;
            work.ProvedForInstallationBy(() => Sql.Of("select 1 from payonce.sessions where session_sha256 = $1 and ended_at is not null", sessionSha256));
            return true;
        }, cancel);

    public Task<int> EndSessionsAsync(string userId, string? exceptSession, CancellationToken cancel) =>
        StepAsync(Installation, async work =>
        {
            var at = await work.LockInstallationAsync();
            var ended = (await work.ExecuteAsync(EndSessions(userId, exceptSession, at)))[0];
            if (ended > 0) work.ProvedForInstallationBy(() => Sql.Of($"select 1 where not exists (select 1 from payonce.sessions where {OpenSessionsOfUser})", userId, exceptSession));
            return ended;
        }, cancel);

    private const string OpenSessionsOfUser = "user_id = $1 and session_sha256 is distinct from $2 and ended_at is null";

    private static NpgsqlBatchCommand EndSessions(string userId, string? except, DateTimeOffset at) =>
        Sql.Of($"update payonce.sessions set ended_at = $3 where {OpenSessionsOfUser}", userId, except, at);

    public Task<int> RemoveExpiredAsync(TimeSpan keep, CancellationToken cancel) =>
        StepAsync(Installation, async work =>
        {
            var before = await work.LockInstallationAsync() - keep;
            var removed = (await work.ExecuteAsync(Sql.Of($"delete from payonce.sessions where {OldSession}", before), Sql.Of($"delete from payonce.one_time_links where {OldLink}", before))).Sum();
            if (removed > 0) work.ProvedForInstallationBy(() => Sql.Of(
                $"select 1 where not exists (select 1 from payonce.sessions where {OldSession}) and not exists (select 1 from payonce.one_time_links where {OldLink})", before));
            return removed;
        }, cancel);

    private const string OldSession = "least(ends_at, ended_at) < $1";
    private const string OldLink = "least(expires_at, ended_at) < $1";
}
