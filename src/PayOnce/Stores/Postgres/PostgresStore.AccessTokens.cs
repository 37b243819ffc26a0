using Npgsql;
using PayOnce.Access;
using PayOnce.Audit;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    private const string TokenColumns = "t.organisation_id, t.token_id, t.name, t.permissions, t.created_by, t.created_at, t.expires_at, t.last_used_at, t.revoked_at";

    private static ApiToken ReadToken(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), reader.GetString(2), Roles.ParsePermissions(reader.GetString(3)), reader.GetString(4), reader.Time(5), reader.Time(6), reader.TimeOrNull(7), reader.TimeOrNull(8));

    public Task<AddTokenAnswer> AddTokenAsync(string organisationId, NewApiToken token, string actor, CancellationToken cancel)
    {
        AccessRules.RequireTokenPermissions(token.Permissions);
        return StepAsync<AddTokenAnswer>(organisationId, async work =>
        {
            var (head, at) = await work.LockHeadAsync();
            if (await work.AnyAsync(Sql.Of("select 1 from payonce.api_tokens where organisation_id = $1 and name = $2 and revoked_at is null", organisationId, token.Name))) return new AddTokenAnswer.NameTaken();
            var added = new ApiToken(organisationId, token.TokenId, token.Name, token.Permissions, actor, at, Whole(at + token.Lifetime), null, null);
            await work.AppendAsync(head, at, AuditEntries.TokenAdded(added, actor), Sql.Of(
                "insert into payonce.api_tokens (organisation_id, token_id, name, sha256, permissions, created_by, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
                organisationId, token.TokenId, token.Name, token.Sha256, token.Permissions.Text(), actor, at, added.ExpiresAt));
            return new AddTokenAnswer.Added(added);
        }, cancel);
    }

    public async Task<IReadOnlyList<ApiToken>> ListTokensAsync(string organisationId, CancellationToken cancel) => await AskListAsync(organisationId, ReadToken, cancel, Sql.Of(
        $"select {TokenColumns} from payonce.api_tokens t where t.organisation_id = $1 order by t.created_at desc, t.token_id", organisationId));

    public Task<bool> RevokeTokenAsync(string organisationId, string tokenId, string actor, CancellationToken cancel) =>
        StepAsync(organisationId, async work =>
        {
            var (head, at) = await work.LockHeadAsync();
            var name = await work.FirstAsync(reader => reader.GetString(0), Sql.Of(
                "update payonce.api_tokens set revoked_at = $3, revoked_by = $4 where organisation_id = $1 and token_id = $2 and revoked_at is null returning name", organisationId, tokenId, at, actor));
            if (name is null) return false;
            await work.AppendAsync(head, at, AuditEntries.TokenRevoked(tokenId, name, actor));
            return true;
        }, cancel);

    /// <summary>
    /// One round trip, asked with every request of a program. The transaction sees the token it names (policy <c>of_token</c>) and, once
    /// the secret is right, works for the token's organisation.
    /// </summary>
    public Task<TokenAnswer> FindTokenAsync(string tokenId, string sha256, CancellationToken cancel) =>
        AskAsync<TokenAnswer>(Installation, async reader =>
        {
            await reader.NextResultAsync(cancel);
            await reader.NextResultAsync(cancel);
            return await reader.ReadAsync(cancel) ? AccessRules.Worth(ReadToken(reader), reader.Time(9)) : new TokenAnswer.Unknown();
        },
        cancel,
        Sql.Of("select set_config('payonce.token', $1, true)", tokenId),
        Sql.Of($"select set_config('payonce.organisation', coalesce((select t.organisation_id from payonce.api_tokens t where {RightToken}), ''), true)", tokenId, sha256),
        Sql.Of(
            $"""
            update payonce.api_tokens t set last_used_at = clock_timestamp()
            where {RightToken} and t.revoked_at is null and t.expires_at > clock_timestamp() and coalesce(t.last_used_at <= clock_timestamp() - $3, true)
            """, tokenId, sha256, ApiToken.UsedEvery),
        Sql.Of($"select {TokenColumns}, clock_timestamp() from payonce.api_tokens t where {RightToken}", tokenId, sha256));

    private const string RightToken = "t.token_id = $1 and t.sha256 = $2";
}
