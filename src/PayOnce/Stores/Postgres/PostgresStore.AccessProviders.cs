using Npgsql;
using PayOnce.Access;
using PayOnce.Audit;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    private const string ProviderColumns = "organisation_id, name, issuer, authorization_endpoint, token_endpoint, user_info_endpoint, client_id, scopes, secret_name, version";

    private static StoredSignInProvider ReadProvider(NpgsqlDataReader reader) => new(
        reader.GetString(0),
        new SignInProvider(
            reader.GetString(1), new Uri(reader.GetString(2)), new Uri(reader.GetString(3)), new Uri(reader.GetString(4)), new Uri(reader.GetString(5)), reader.GetString(6), reader.GetString(7), reader.Text(8)),
        reader.GetInt64(9));

    private static NpgsqlBatchCommand ProviderOf(string organisationId) => Sql.Of($"select {ProviderColumns} from payonce.sign_in_providers where organisation_id = $1", organisationId);

    public Task<SaveAnswer> SaveSignInProviderAsync(string organisationId, SignInProvider provider, long? knownVersion, string actor, CancellationToken cancel) =>
        StepAsync<SaveAnswer>(organisationId, async work =>
        {
            var (head, at) = await work.LockHeadAsync();
            var standing = await work.FirstAsync(ReadProvider, ProviderOf(organisationId));
            if (knownVersion is not null && knownVersion != (standing?.Version ?? 0)) return new SaveAnswer.Changed(standing?.Version ?? 0);
            if (standing is not null && AccessRules.Same(standing.Provider, provider)) return new SaveAnswer.Saved(standing.Version);
            var version = head.Sequence + 1;
            await work.AppendAsync(
                head, at, AuditEntries.SignInProviderChanged(provider, actor),
                Sql.Of("delete from payonce.sign_in_providers where organisation_id = $1", organisationId),
                Sql.Of(
                    $"insert into payonce.sign_in_providers ({ProviderColumns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                    organisationId, provider.Name, provider.Issuer.OriginalString, provider.AuthorizationEndpoint.OriginalString, provider.TokenEndpoint.OriginalString, provider.UserInfoEndpoint.OriginalString,
                    provider.ClientId, provider.Scopes, provider.SecretName, version));
            return new SaveAnswer.Saved(version);
        }, cancel);

    public Task<bool> RemoveSignInProviderAsync(string organisationId, string actor, CancellationToken cancel) =>
        StepAsync(organisationId, async work =>
        {
            var (head, at) = await work.LockHeadAsync();
            if (await work.FirstAsync(ReadProvider, ProviderOf(organisationId)) is not { } standing) return false;
            await work.AppendAsync(head, at, AuditEntries.SignInProviderRemoved(standing.Provider, actor), Sql.Of("delete from payonce.sign_in_providers where organisation_id = $1", organisationId));
            return true;
        }, cancel);

    public Task<StoredSignInProvider?> FindSignInProviderAsync(string organisationId, CancellationToken cancel) => AskFirstAsync(organisationId, ReadProvider, cancel, ProviderOf(organisationId));

    public async Task<IReadOnlyList<StoredSignInProvider>> ListSignInProvidersAsync(CancellationToken cancel) => await AskListAsync(Installation, ReadProvider, cancel, Sql.Of(
        $"select {ProviderColumns} from payonce.sign_in_providers order by organisation_id"));

    public Task<LinkIdentityAnswer> LinkIdentityAsync(string organisationId, Uri issuer, string subject, string userId, string actor, CancellationToken cancel) =>
        StepAsync<LinkIdentityAnswer>(organisationId, async work =>
        {
            var (head, at) = await work.LockHeadAsync();
            if (!await work.AnyAsync(MembershipOf(organisationId, userId))) return new LinkIdentityAnswer.NotAMember();
            var holder = await work.FirstAsync(reader => reader.GetString(0), IdentityOf(organisationId, issuer, subject));
            if (holder is not null) return holder == userId ? new LinkIdentityAnswer.Linked() : new LinkIdentityAnswer.Taken();
            await work.AppendAsync(head, at, AuditEntries.IdentityLinked(userId, issuer, actor), Sql.Of(
                "insert into payonce.external_identities (organisation_id, issuer, subject, user_id, linked_at) values ($1, $2, $3, $4, $5)", organisationId, issuer.OriginalString, subject, userId, at));
            return new LinkIdentityAnswer.Linked();
        }, cancel);

    public Task<bool> UnlinkIdentityAsync(string organisationId, Uri issuer, string subject, string actor, CancellationToken cancel) =>
        StepAsync(organisationId, async work =>
        {
            var (head, at) = await work.LockHeadAsync();
            var userId = await work.FirstAsync(reader => reader.GetString(0), Sql.Of(
                "delete from payonce.external_identities where organisation_id = $1 and issuer = $2 and subject = $3 returning user_id", organisationId, issuer.OriginalString, subject));
            if (userId is null) return false;
            await work.AppendAsync(head, at, AuditEntries.IdentityUnlinked(userId, issuer, actor));
            return true;
        }, cancel);

    public async Task<User?> FindUserByIdentityAsync(string organisationId, Uri issuer, string subject, CancellationToken cancel)
    {
        var userId = await AskFirstAsync(organisationId, reader => reader.GetString(0), cancel, Sql.Of(
            """
            select i.user_id from payonce.external_identities i join payonce.memberships m on m.organisation_id = $1 and m.user_id = i.user_id
            where i.organisation_id = $1 and i.issuer = $2 and i.subject = $3
            """, organisationId, issuer.OriginalString, subject));
        return userId is not null && await FindUserAsync(userId, cancel) is { Disabled: false } user ? user : null;
    }

    private static NpgsqlBatchCommand IdentityOf(string organisationId, Uri issuer, string subject) => Sql.Of(
        "select user_id from payonce.external_identities where organisation_id = $1 and issuer = $2 and subject = $3", organisationId, issuer.OriginalString, subject);

    public async Task<IReadOnlyList<ExternalIdentity>> ListIdentitiesAsync(string userId, CancellationToken cancel) =>
        await AskAsync(Installation, async reader =>
        {
            await reader.NextResultAsync(cancel);
            return await reader.ListAsync(row => new ExternalIdentity(row.GetString(0), new Uri(row.GetString(1)), row.GetString(2), row.GetString(3), row.Time(4)), cancel);
        }, cancel, InstallationStatements.Of(userId), Sql.Of(
            "select organisation_id, issuer, subject, user_id, linked_at from payonce.external_identities where user_id = $1 order by organisation_id, issuer, subject", userId));
}
