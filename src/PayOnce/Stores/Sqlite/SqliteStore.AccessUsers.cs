using PayOnce.Access;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore : IAccessStore
{
    private const string UserColumns = """
        u.user_id, u.email, u.name, u.language, u.live_updates, u.operator, u.disabled, k.password_hash is not null, k.security_stamp, u.created_at, u.last_signed_in_at
        """;

    /// <summary>Columns of <see cref="UserColumns"/>.</summary>
    private const int UserWidth = 11;

    private const string UserTables = "users u join user_credentials k on k.user_id = u.user_id";

    private static User ReadUser(SqliteStatement row) => new(
        row.Text(0), row.Text(1), row.Text(2), row.TextOrNull(3), row.Int(4) != 0, row.Int(5) != 0, row.Int(6) != 0, row.Int(7) != 0, row.Text(8), row.Time(9), row.TimeOrNull(10));

    /// <inheritdoc/>
    public Task<bool> AnyUserAsync(CancellationToken cancel) => ReadAsync(AnyUser, cancel);

    private static bool AnyUser(SqliteSession db) => db.Any("select 1 from users limit 1");

    /// <inheritdoc/>
    public Task<UserAnswer> AddUserAsync(NewUser user, bool isOperator, CancellationToken cancel) => WriteAsync<UserAnswer>(db =>
    {
        if (!TryAddUser(db, user, user.Email, isOperator)) return new UserAnswer.EmailTaken();
        db.Proof = later => later.Any("select 1 from users where user_id = ?1", user.UserId);
        return new UserAnswer.Done(RequireUser(db, user.UserId));
    }, cancel);

    /// <summary>False if the address is another user's.</summary>
    private bool TryAddUser(SqliteSession db, NewUser user, string email, bool isOperator)
    {
        var key = User.EmailKey(email);
        if (db.Any("select 1 from users where email_key = ?1", key)) return false;
        db.Run("insert into users (user_id, email, email_key, name, language, live_updates, operator, disabled, created_at) values (?1, ?2, ?3, ?4, ?5, 1, ?6, 0, ?7)",
            user.UserId, email, key, user.Name, user.Language, isOperator ? 1 : 0, Now());
        db.Run("insert into user_credentials (user_id, password_hash, security_stamp) values (?1, ?2, ?3)", user.UserId, user.PasswordHash, user.SecurityStamp);
        return true;
    }

    /// <inheritdoc/>
    public Task<User?> FindUserAsync(string userId, CancellationToken cancel) => ReadAsync(db => ReadUser(db, userId), cancel);

    private static User? ReadUser(SqliteSession db, string userId) => db.First($"select {UserColumns} from {UserTables} where u.user_id = ?1", ReadUser, userId);

    private static User RequireUser(SqliteSession db, string userId) => ReadUser(db, userId) ?? throw new InvalidOperationException($"There is no user \"{userId}\".");

    /// <inheritdoc/>
    public Task<User?> FindUserByEmailAsync(string email, CancellationToken cancel) => ReadAsync(db =>
        db.First($"select {UserColumns} from {UserTables} where u.email_key = ?1", ReadUser, User.EmailKey(email)), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<User>> ListUsersAsync(string? afterEmail, int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<User>>(db =>
        db.All($"select {UserColumns} from {UserTables} where u.email_key > ?1 order by u.email_key limit ?2", ReadUser, User.EmailKey(afterEmail ?? ""), size), cancel);

    /// <inheritdoc/>
    public Task<UserAnswer> ChangeProfileAsync(string userId, string name, string? language, bool liveUpdates, CancellationToken cancel) => ChangeUserAsync(userId, (db, _) =>
    {
        db.Run("update users set name = ?2, language = ?3, live_updates = ?4 where user_id = ?1", userId, name, language, liveUpdates ? 1 : 0);
        return null;
    }, nameof(ChangeProfileAsync), cancel);

    /// <inheritdoc/>
    public Task<UserAnswer> ChangeEmailAsync(string userId, string email, CancellationToken cancel) => ChangeUserAsync(userId, (db, _) =>
    {
        var key = User.EmailKey(email);
        if (db.Any("select 1 from users where email_key = ?1 and user_id <> ?2", key, userId)) return new UserAnswer.EmailTaken();
        db.Run("update users set email = ?2, email_key = ?3 where user_id = ?1", userId, email, key);
        EndResets(db, userId);
        return null;
    }, nameof(ChangeEmailAsync), cancel);

    /// <inheritdoc/>
    public Task<UserAnswer> SetOperatorAsync(string userId, bool isOperator, CancellationToken cancel) => ChangeUserAsync(userId, (db, _) =>
    {
        if (!isOperator && IsLastOperator(db, userId)) return new UserAnswer.LastOperator();
        db.Run("update users set operator = ?2 where user_id = ?1", userId, isOperator ? 1 : 0);
        return null;
    }, nameof(SetOperatorAsync), cancel);

    /// <inheritdoc/>
    public Task<UserAnswer> SetDisabledAsync(string userId, bool disabled, CancellationToken cancel) => ChangeUserAsync(userId, (db, _) =>
    {
        if (disabled && IsLastOperator(db, userId)) return new UserAnswer.LastOperator();
        db.Run("update users set disabled = ?2 where user_id = ?1", userId, disabled ? 1 : 0);
        if (disabled)
        {
            EndSessions(db, userId, except: null);
            EndResets(db, userId);
        }
        return null;
    }, nameof(SetDisabledAsync), cancel);

    private static bool IsLastOperator(SqliteSession db, string userId) =>
        db.Any("select 1 from users where user_id = ?1 and operator = 1 and disabled = 0", userId)
        && !db.Any("select 1 from users where user_id <> ?1 and operator = 1 and disabled = 0", userId);

    /// <inheritdoc/>
    public Task<UserAnswer> SetPasswordAsync(string userId, string? passwordHash, string securityStamp, string? exceptSession, CancellationToken cancel) => ChangeUserAsync(userId, (db, _) =>
    {
        SetPassword(db, userId, passwordHash, securityStamp, exceptSession);
        return null;
    }, nameof(SetPasswordAsync), cancel);

    private void SetPassword(SqliteSession db, string userId, string? passwordHash, string securityStamp, string? exceptSession)
    {
        db.Run("update user_credentials set password_hash = ?2, security_stamp = ?3, failed_sign_ins = 0, locked_until = null where user_id = ?1", userId, passwordHash, securityStamp);
        EndSessions(db, userId, exceptSession);
        EndResets(db, userId);
    }

    /// <inheritdoc/>
    public Task<bool> RehashPasswordAsync(string userId, string knownHash, string passwordHash, CancellationToken cancel) => WriteAsync(db =>
    {
        if (db.Run("update user_credentials set password_hash = ?3 where user_id = ?1 and password_hash = ?2", userId, knownHash, passwordHash) == 0) return false;
        db.Proof = later => later.Any("select 1 from user_credentials where user_id = ?1 and password_hash = ?2", userId, passwordHash);
        return true;
    }, cancel);

    /// <param name="change">Null if it was done, otherwise why it was not.</param>
    private Task<UserAnswer> ChangeUserAsync(string userId, Func<SqliteSession, User, UserAnswer?> change, string step, CancellationToken cancel) => WriteAsync(db =>
    {
        if (ReadUser(db, userId) is not { } before) return new UserAnswer.NoSuchUser();
        if (change(db, before) is { } refusal) return refusal;
        var now = RequireUser(db, userId);
        // Each of them says how the user is to be: whoever finds them so has the answer.
        db.Proof = later => ReadUser(later, userId) == now;
        return new UserAnswer.Done(now);
    }, cancel, step);

    private void EndResets(SqliteSession db, string userId) =>
        db.Run("update one_time_links set ended_at = ?2 where user_id = ?1 and purpose = 'password_reset' and ended_at is null", userId, Now());
}
