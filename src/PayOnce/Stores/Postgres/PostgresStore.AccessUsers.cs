using Npgsql;
using PayOnce.Access;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore : IAccessStore
{
    private const string Installation = InstallationStatements.Installation;

    private const string UserColumns =
        "u.user_id, u.email, u.name, u.language, u.live_updates, u.operator, u.disabled, k.password_hash is not null, k.security_stamp, u.created_at, u.last_signed_in_at";

    /// <summary>Columns of <see cref="UserColumns"/>.</summary>
    private const int UserWidth = 11;

    private const string UserTables = "payonce.users u join payonce.user_credentials k on k.user_id = u.user_id";

    private static User ReadUser(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.Text(3), reader.GetBoolean(4), reader.GetBoolean(5), reader.GetBoolean(6), reader.GetBoolean(7), reader.GetString(8),
        reader.Time(9), reader.TimeOrNull(10));

    private static NpgsqlBatchCommand UserOf(string userId) => Sql.Of($"select {UserColumns} from {UserTables} where u.user_id = $1", userId);

    public async Task<bool> AnyUserAsync(CancellationToken cancel) => await AskFirstAsync(Installation, reader => reader.GetBoolean(0), cancel, AnyUser());

    private static NpgsqlBatchCommand AnyUser() => Sql.Of("select exists (select 1 from payonce.users)");

    public Task<UserAnswer> AddUserAsync(NewUser user, bool isOperator, CancellationToken cancel) =>
        StepAsync<UserAnswer>(Installation, async work =>
        {
            if (!await TryAddUserAsync(work, user, user.Email, isOperator)) return new UserAnswer.EmailTaken();
            work.ProvedForInstallationBy(() => Sql.Of("select 1 from payonce.users where user_id = $1", user.UserId));
            return new UserAnswer.Done(await RequireUserAsync(work, user.UserId));
        }, cancel);

    /// <summary>False if the address is another user's. In a transaction, or a part of one, for the installation.</summary>
    private static async Task<bool> TryAddUserAsync(PostgresTransaction work, NewUser user, string email, bool isOperator)
    {
        var at = await work.LockInstallationAsync();
        var added = await work.ExecuteAsync(Sql.Of(
            """
            insert into payonce.users (user_id, email, email_key, name, language, live_updates, operator, disabled, created_at)
            values ($1, $2, $3, $4, $5, true, $6, false, $7) on conflict (email_key) do nothing
            """, user.UserId, email, User.EmailKey(email), user.Name, user.Language, isOperator, at));
        if (added[0] == 0) return false;
        await work.ExecuteAsync(Sql.Of("insert into payonce.user_credentials (user_id, password_hash, security_stamp) values ($1, $2, $3)", user.UserId, user.PasswordHash, user.SecurityStamp));
        return true;
    }

    public Task<User?> FindUserAsync(string userId, CancellationToken cancel) => AskFirstAsync(Installation, ReadUser, cancel, UserOf(userId));

    private static async Task<User> RequireUserAsync(PostgresTransaction work, string userId) =>
        await work.FirstAsync(ReadUser, UserOf(userId)) ?? throw new InvalidOperationException($"There is no user \"{userId}\".");

    public Task<User?> FindUserByEmailAsync(string email, CancellationToken cancel) => AskFirstAsync(Installation, ReadUser, cancel, Sql.Of(
        $"select {UserColumns} from {UserTables} where u.email_key = $1", User.EmailKey(email)));

    public async Task<IReadOnlyList<User>> ListUsersAsync(string? afterEmail, int size, CancellationToken cancel) => await AskListAsync(Installation, ReadUser, cancel, Sql.Of(
        $"select {UserColumns} from {UserTables} where u.email_key > $1 order by u.email_key limit $2", User.EmailKey(afterEmail ?? ""), size));

    public Task<UserAnswer> ChangeProfileAsync(string userId, string name, string? language, bool liveUpdates, CancellationToken cancel) => ChangeUserAsync(userId, async (work, _, _) =>
    {
        await work.ExecuteAsync(Sql.Of("update payonce.users set name = $2, language = $3, live_updates = $4 where user_id = $1", userId, name, language, liveUpdates));
        return null;
    }, nameof(ChangeProfileAsync), cancel);

    public Task<UserAnswer> ChangeEmailAsync(string userId, string email, CancellationToken cancel) => ChangeUserAsync(userId, async (work, _, at) =>
    {
        var key = User.EmailKey(email);
        if (await work.AnyAsync(Sql.Of("select 1 from payonce.users where email_key = $1 and user_id <> $2", key, userId))) return new UserAnswer.EmailTaken();
        await work.ExecuteAsync(Sql.Of("update payonce.users set email = $2, email_key = $3 where user_id = $1", userId, email, key), EndResets(userId, at));
        return null;
    }, nameof(ChangeEmailAsync), cancel);

    public Task<UserAnswer> SetOperatorAsync(string userId, bool isOperator, CancellationToken cancel) => ChangeUserAsync(userId, async (work, _, _) =>
    {
        if (!isOperator && await IsLastOperatorAsync(work, userId)) return new UserAnswer.LastOperator();
        await work.ExecuteAsync(Sql.Of("update payonce.users set operator = $2 where user_id = $1", userId, isOperator));
        return null;
    }, nameof(SetOperatorAsync), cancel);

    public Task<UserAnswer> SetDisabledAsync(string userId, bool disabled, CancellationToken cancel) => ChangeUserAsync(userId, async (work, _, at) =>
    {
        if (disabled && await IsLastOperatorAsync(work, userId)) return new UserAnswer.LastOperator();
        await work.ExecuteAsync(Sql.Of("update payonce.users set disabled = $2 where user_id = $1", userId, disabled));
        if (disabled) await work.ExecuteAsync(EndSessions(userId, null, at), EndResets(userId, at));
        return null;
    }, nameof(SetDisabledAsync), cancel);

    private static async Task<bool> IsLastOperatorAsync(PostgresTransaction work, string userId) => await work.AnyAsync(Sql.Of(
        """
        select 1 where exists (select 1 from payonce.users where user_id = $1 and operator and not disabled)
        and not exists (select 1 from payonce.users where user_id <> $1 and operator and not disabled)
        """, userId));

    public Task<UserAnswer> SetPasswordAsync(string userId, string? passwordHash, string securityStamp, string? exceptSession, CancellationToken cancel) => ChangeUserAsync(userId, async (work, _, at) =>
    {
        await work.ExecuteAsync(SetPassword(userId, passwordHash, securityStamp, exceptSession, at));
        return null;
    }, nameof(SetPasswordAsync), cancel);

    private static NpgsqlBatchCommand[] SetPassword(string userId, string? passwordHash, string securityStamp, string? exceptSession, DateTimeOffset at) =>
    [
        Sql.Of("update payonce.user_credentials set password_hash = $2, security_stamp = $3, failed_sign_ins = 0, locked_until = null where user_id = $1", userId, passwordHash, securityStamp),
        EndSessions(userId, exceptSession, at),
        EndResets(userId, at),
    ];

    public Task<bool> RehashPasswordAsync(string userId, string knownHash, string passwordHash, CancellationToken cancel) =>
        StepAsync(Installation, async work =>
        {
            await work.LockInstallationAsync();
            if ((await work.ExecuteAsync(Sql.Of("update payonce.user_credentials set password_hash = $3 where user_id = $1 and password_hash = $2", userId, knownHash, passwordHash)))[0] == 0) return false;
            work.ProvedForInstallationBy(() => Sql.Of("select 1 from payonce.user_credentials where user_id = $1 and password_hash = $2", userId, passwordHash));
            return true;
        }, cancel);

    /// <param name="change">Null if it was done, otherwise why it was not.</param>
    private Task<UserAnswer> ChangeUserAsync(string userId, Func<PostgresTransaction, User, DateTimeOffset, Task<UserAnswer?>> change, string step, CancellationToken cancel) =>
        StepAsync(Installation, async work =>
        {
            // Alone: an address that is nobody's and an operator who is not the last must stay so until the commit.
            var at = await work.LockInstallationAsync(alone: true);
            if (await work.FirstAsync(ReadUser, UserOf(userId)) is not { } before) return new UserAnswer.NoSuchUser();
            if (await change(work, before, at) is { } refusal) return refusal;
            var now = await RequireUserAsync(work, userId);
            // Each of them says how the user is to be: whoever finds them so has the answer.
            work.ProvedForInstallationBy(() => Sql.Of(
                $"""
                select 1 from {UserTables} where u.user_id = $1 and u.email = $2 and u.name = $3 and u.language is not distinct from $4 and u.live_updates = $5 and u.operator = $6 and u.disabled = $7
                and k.security_stamp = $8
                """, userId, now.Email, now.Name, now.Language, now.LiveUpdates, now.Operator, now.Disabled, now.SecurityStamp));
            return new UserAnswer.Done(now);
        }, cancel, step);

    private static NpgsqlBatchCommand EndResets(string userId, DateTimeOffset at) =>
        Sql.Of("update payonce.one_time_links set ended_at = $2 where user_id = $1 and purpose = 'password_reset' and ended_at is null", userId, at);
}
