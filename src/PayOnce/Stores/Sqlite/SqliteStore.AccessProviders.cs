using PayOnce.Access;
using PayOnce.Audit;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    private const string ProviderColumns = "organisation_id, name, issuer, client_id, scopes, secret_name, version";

    private static StoredSignInProvider ReadProvider(SqliteStatement row) => new(
        row.Text(0),
        new SignInProvider(row.Text(1), new Uri(row.Text(2)), row.Text(3), row.Text(4), row.TextOrNull(5)),
        row.Long(6));

    /// <inheritdoc/>
    public Task<SaveAnswer> SaveSignInProviderAsync(string organisationId, SignInProvider provider, long? knownVersion, string actor, CancellationToken cancel) => WriteAsync<SaveAnswer>(db =>
    {
        var standing = ReadProvider(db, organisationId);
        if (knownVersion is not null && knownVersion != (standing?.Version ?? 0)) return new SaveAnswer.Changed(standing?.Version ?? 0);
        if (standing is not null && AccessRules.Same(standing.Provider, provider)) return new SaveAnswer.Saved(standing.Version);
        var version = ReadHead(db, organisationId).Sequence + 1;
        db.Run($"insert or replace into sign_in_providers ({ProviderColumns}) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            organisationId, provider.Name, provider.Issuer.OriginalString, provider.ClientId, provider.Scopes, provider.SecretName, version);
        Tell(db, organisationId, Now(), AuditEntries.SignInProviderChanged(provider, actor));
        return new SaveAnswer.Saved(version);
    }, cancel);

    /// <inheritdoc/>
    public Task<bool> RemoveSignInProviderAsync(string organisationId, string actor, CancellationToken cancel) => WriteAsync(db =>
    {
        if (ReadProvider(db, organisationId) is not { } standing) return false;
        var now = Now();
        db.Run("delete from sign_in_providers where organisation_id = ?1", organisationId);
        var ended = db.Run("update sessions set ended_at = ?2 where only_organisation = ?1 and ended_at is null and ends_at > ?2", organisationId, now);
        Tell(db, organisationId, now, AuditEntries.SignInProviderRemoved(standing.Provider, ended, actor));
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task<StoredSignInProvider?> FindSignInProviderAsync(string organisationId, CancellationToken cancel) => ReadAsync(db => ReadProvider(db, organisationId), cancel);

    private static StoredSignInProvider? ReadProvider(SqliteSession db, string organisationId) =>
        db.First($"select {ProviderColumns} from sign_in_providers where organisation_id = ?1", ReadProvider, organisationId);

    /// <inheritdoc/>
    public Task<LinkIdentityAnswer> LinkIdentityAsync(string organisationId, Uri issuer, string subject, string userId, string actor, CancellationToken cancel) => WriteAsync<LinkIdentityAnswer>(db =>
    {
        if (ReadMembership(db, organisationId, userId) is null) return new LinkIdentityAnswer.NotAMember();
        if (ReadIdentity(db, organisationId, issuer, subject) is { } holder) return holder == userId ? new LinkIdentityAnswer.Linked() : new LinkIdentityAnswer.Taken();
        var now = Now();
        db.Run("insert into external_identities (organisation_id, issuer, subject, user_id, linked_at) values (?1, ?2, ?3, ?4, ?5)", organisationId, issuer.OriginalString, subject, userId, now);
        Tell(db, organisationId, now, AuditEntries.IdentityLinked(userId, issuer, actor));
        return new LinkIdentityAnswer.Linked();
    }, cancel);

    /// <inheritdoc/>
    public Task<bool> UnlinkIdentityAsync(string organisationId, Uri issuer, string subject, string actor, CancellationToken cancel) => WriteAsync(db =>
    {
        if (ReadIdentity(db, organisationId, issuer, subject) is not { } userId) return false;
        db.Run("delete from external_identities where organisation_id = ?1 and issuer = ?2 and subject = ?3", organisationId, issuer.OriginalString, subject);
        Tell(db, organisationId, Now(), AuditEntries.IdentityUnlinked(userId, issuer, actor));
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task<IdentityAnswer> FindUserByIdentityAsync(string organisationId, Uri issuer, string subject, CancellationToken cancel) => ReadAsync<IdentityAnswer>(db =>
    {
        if (ReadIdentity(db, organisationId, issuer, subject) is not { } userId) return new IdentityAnswer.Nobody();
        return ReadMembership(db, organisationId, userId) is not null && ReadUser(db, userId) is { Disabled: false } user ? new IdentityAnswer.Known(user) : new IdentityAnswer.ShutOut(userId);
    }, cancel);

    private static string? ReadIdentity(SqliteSession db, string organisationId, Uri issuer, string subject) => db.First(
        "select user_id from external_identities where organisation_id = ?1 and issuer = ?2 and subject = ?3", row => row.Text(0), organisationId, issuer.OriginalString, subject);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ExternalIdentity>> ListIdentitiesAsync(string userId, CancellationToken cancel) => ReadAsync<IReadOnlyList<ExternalIdentity>>(db => db.All(
        "select organisation_id, issuer, subject, user_id, linked_at from external_identities where user_id = ?1 order by organisation_id, issuer, subject",
        row => new ExternalIdentity(row.Text(0), new Uri(row.Text(1)), row.Text(2), row.Text(3), row.Time(4)), userId), cancel);
}
