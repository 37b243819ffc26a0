using Npgsql;
using PayOnce.Access;
using PayOnce.Audit;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    private const string ProviderColumns = "organisation_id, name, issuer, client_id, scopes, secret_name, version";

    private static StoredSignInProvider ReadProvider(NpgsqlDataReader reader) => new(
        reader.GetString(0),
        new SignInProvider(reader.GetString(1), new Uri(reader.GetString(2)), reader.GetString(3), reader.GetString(4), reader.Text(5)),
        reader.GetInt64(6));

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
                    $"insert into payonce.sign_in_providers ({ProviderColumns}) values ($1, $2, $3, $4, $5, $6, $7)",
                    organisationId, provider.Name, provider.Issuer.OriginalString, provider.ClientId, provider.Scopes, provider.SecretName, version));
            return new SaveAnswer.Saved(version);
        }, cancel);

    public Task<bool> RemoveSignInProviderAsync(string organisationId, string actor, CancellationToken cancel) =>
        StepAsync(organisationId, async work =>
        {
            var (head, at) = await work.LockHeadAsync();
            if (await work.FirstAsync(ReadProvider, ProviderOf(organisationId)) is not { } standing) return false;
            var ended = await work.ForInstallationAsync(async () =>
            {
                // Alone: a sign-in that found the provider has its session before this looks, and none finds it after the commit.
                await work.LockInstallationAsync(alone: true);
                return (await work.ExecuteAsync(Sql.Of(
                    "update payonce.sessions set ended_at = $2 where only_organisation = $1 and ended_at is null and ends_at > $2", organisationId, at)))[0];
            });
            await work.AppendAsync(head, at, AuditEntries.SignInProviderRemoved(standing.Provider, ended, actor), Sql.Of("delete from payonce.sign_in_providers where organisation_id = $1", organisationId));
            return true;
        }, cancel);

    public Task<StoredSignInProvider?> FindSignInProviderAsync(string organisationId, CancellationToken cancel) => AskFirstAsync(organisationId, ReadProvider, cancel, ProviderOf(organisationId));

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

    public async Task<IdentityAnswer> FindUserByIdentityAsync(string organisationId, Uri issuer, string subject, CancellationToken cancel)
    {
        // The user's id, and whether they belong to the organisation.
        var found = await AskFirstAsync(organisationId, reader => (UserId: reader.GetString(0), Member: reader.GetBoolean(1)), cancel, Sql.Of(
            """
            select i.user_id, exists (select 1 from payonce.memberships m where m.organisation_id = $1 and m.user_id = i.user_id)
            from payonce.external_identities i where i.organisation_id = $1 and i.issuer = $2 and i.subject = $3
            """, organisationId, issuer.OriginalString, subject));
        if (found.UserId is null) return new IdentityAnswer.Nobody();
        return found.Member && await FindUserAsync(found.UserId, cancel) is { Disabled: false } user ? new IdentityAnswer.Known(user) : new IdentityAnswer.ShutOut(found.UserId);
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
