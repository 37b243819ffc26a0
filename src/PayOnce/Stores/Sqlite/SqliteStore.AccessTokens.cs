using PayOnce.Access;
using PayOnce.Audit;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    private const string TokenColumns = "t.organisation_id, t.token_id, t.name, t.permissions, t.created_by, t.created_at, t.expires_at, t.last_used_at, t.revoked_at";

    private static ApiToken ReadToken(SqliteStatement row) => new(
        row.Text(0), row.Text(1), row.Text(2), Roles.ParsePermissions(row.Text(3)), row.Text(4), row.Time(5), row.Time(6), row.TimeOrNull(7), row.TimeOrNull(8));

    /// <inheritdoc/>
    public Task<AddTokenAnswer> AddTokenAsync(string organisationId, NewApiToken token, string actor, CancellationToken cancel)
    {
        AccessRules.RequireTokenPermissions(token.Permissions);
        return WriteAsync<AddTokenAnswer>(db =>
        {
            if (db.Any("select 1 from api_tokens where organisation_id = ?1 and name = ?2 and revoked_at is null", organisationId, token.Name)) return new AddTokenAnswer.NameTaken();
            var now = Now();
            var added = new ApiToken(organisationId, token.TokenId, token.Name, token.Permissions, actor, now, SqliteTime.Truncate(now + token.Lifetime), null, null);
            db.Run("insert into api_tokens (organisation_id, token_id, name, sha256, permissions, created_by, created_at, expires_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                organisationId, token.TokenId, token.Name, token.Sha256, token.Permissions.Text(), actor, now, added.ExpiresAt);
            Tell(db, organisationId, now, AuditEntries.TokenAdded(added, actor));
            return new AddTokenAnswer.Added(added);
        }, cancel);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ApiToken>> ListTokensAsync(string organisationId, CancellationToken cancel) => ReadAsync<IReadOnlyList<ApiToken>>(db => db.All(
        $"select {TokenColumns} from api_tokens t where t.organisation_id = ?1 order by t.created_at desc, t.token_id", ReadToken, organisationId), cancel);

    /// <inheritdoc/>
    public Task<bool> RevokeTokenAsync(string organisationId, string tokenId, string actor, CancellationToken cancel) => WriteAsync(db =>
    {
        if (db.First("select name from api_tokens where organisation_id = ?1 and token_id = ?2 and revoked_at is null", row => row.Text(0), organisationId, tokenId) is not { } name) return false;
        var now = Now();
        db.Run("update api_tokens set revoked_at = ?3, revoked_by = ?4 where organisation_id = ?1 and token_id = ?2", organisationId, tokenId, now, actor);
        Tell(db, organisationId, now, AuditEntries.TokenRevoked(tokenId, name, actor));
        return true;
    }, cancel);

    /// <inheritdoc/>
    public async Task<TokenAnswer> FindTokenAsync(string tokenId, string sha256, CancellationToken cancel)
    {
        var now = Now();
        if (await ReadAsync(db => db.First($"select {TokenColumns} from api_tokens t where t.token_id = ?1 and t.sha256 = ?2", ReadToken, tokenId, sha256), cancel) is not { } token) return new TokenAnswer.Unknown();
        var worth = AccessRules.Worth(token, now);
        if (worth is not TokenAnswer.Valid || token.LastUsedAt > now - ApiToken.UsedEvery) return worth;
        return await WriteAsync<TokenAnswer>(db =>
        {
            db.Run("update api_tokens set last_used_at = ?3 where organisation_id = ?1 and token_id = ?2", token.OrganisationId, tokenId, now);
            db.Proof = _ => true;
            return new TokenAnswer.Valid(token with { LastUsedAt = now });
        }, cancel);
    }
}
