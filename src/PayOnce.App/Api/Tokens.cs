using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>What a token may do. Nothing that makes users or tokens: a stolen token makes no other.</summary>
internal enum TokenScope
{
    Read,
    BringClaims,
    Sync,
    Decide,
    Configure,
}

/// <param name="Name">The audit trail says "API key NAME".</param>
/// <param name="Scopes">What it may do; each once.</param>
/// <param name="Days">For how long it counts, 1 to 400.</param>
internal sealed record TokenBody(string Name, IReadOnlyList<TokenScope> Scopes, int Days = 365);

/// <summary>A token, without its secret.</summary>
internal sealed record TokenDocument(
    string TokenId, string Name, IReadOnlyList<string> Scopes, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt)
{
    public static TokenDocument Of(ApiToken token) =>
        new(token.TokenId, token.Name, token.Permissions.Text().Split(' '), token.CreatedBy, token.CreatedAt, token.ExpiresAt, token.LastUsedAt, token.RevokedAt);
}

/// <summary>The organisation's tokens, expired and revoked ones too, newest first.</summary>
internal sealed record TokensDocument(string OrganisationId, IReadOnlyList<TokenDocument> Tokens);

/// <summary>A new token.</summary>
/// <param name="Token">Shown this once. Send it as <c>Authorization: Bearer …</c>.</param>
internal sealed record TokenMadeDocument(TokenDocument Details, string Token);

/// <summary>Keys for programs.</summary>
internal static class Tokens
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var tokens = organisation.MapGroup("/tokens").WithTags("Access").Needs(Permission.ManageAccess);
        tokens.MapGet("", ListAsync).WithName("listTokens");
        tokens.MapPost("", AddAsync).WithName("addToken").Refuses(Problems.BadInput, Problems.Taken);
        tokens.MapDelete("/{token}", RevokeAsync).WithName("revokeToken").Refuses(Problems.NotFound);
    }

    /// <summary>The organisation's tokens</summary>
    public static async Task<Ok<TokensDocument>> ListAsync(Visit visit, IAccessStore access, CancellationToken cancel) => TypedResults.Ok(new TokensDocument(
        visit.Organisation.OrganisationId, [.. (await access.ListTokensAsync(visit.Organisation.OrganisationId, cancel)).Select(TokenDocument.Of)]));

    /// <summary>Make a token</summary>
    /// <remarks>The token is in this answer and nowhere else: PayOnce keeps its hash alone.</remarks>
    public static async Task<Results<Ok<TokenMadeDocument>, ProblemHttpResult>> AddAsync(TokenBody body, Visit visit, IAccessStore access, CancellationToken cancel)
    {
        const int longestName = 100, longestDays = 400;
        var faults = new Faults().Words("name", body.Name, longestName);
        if (body.Scopes.Count == 0 || body.Scopes.Distinct().Count() != body.Scopes.Count) faults.Add("scopes", null, "must name at least one scope, and each once");
        if (body.Days is < 1 or > longestDays) faults.Add("days", null, FormattableString.Invariant($"must be a whole number from 1 to {longestDays}"));
        if (faults.Problem is { } problem) return problem;
        var permissions = body.Scopes.Aggregate(Permission.None, (all, scope) => all | Of(scope));
        var tokenId = Secret.NewId();
        var token = TokenScheme.Write(tokenId, Secret.New());
        var added = await access.AddTokenAsync(
            visit.Organisation.OrganisationId, new NewApiToken(tokenId, body.Name.Trim(), Secret.Sha256(token), permissions, TimeSpan.FromDays(body.Days)), visit.Actor, cancel);
        return added switch
        {
            AddTokenAnswer.Added { Token: var kept } => TypedResults.Ok(new TokenMadeDocument(TokenDocument.Of(kept), token)),
            AddTokenAnswer.NameTaken => Problems.Taken.Because("A token of this name counts still: revoke it, or name this one otherwise."),
            _ => throw new InvalidOperationException("Unknown answer to a new token."),
        };
    }

    /// <summary>Revoke a token</summary>
    public static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(string token, Visit visit, IAccessStore access, CancellationToken cancel) =>
        await access.RevokeTokenAsync(visit.Organisation.OrganisationId, token, visit.Actor, cancel) ? TypedResults.NoContent() : Problems.NotFound.Because();

    private static Permission Of(TokenScope scope) => scope switch
    {
        TokenScope.Read => Permission.Read,
        TokenScope.BringClaims => Permission.BringClaims,
        TokenScope.Sync => Permission.Sync,
        TokenScope.Decide => Permission.Decide,
        TokenScope.Configure => Permission.Configure,
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, null),
    };
}
