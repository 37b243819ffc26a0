using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using PayOnce.Access;
using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Access;

/// <summary>
/// A program's key, as <c>Authorization: Bearer po_ID_SECRET</c>. Forged, expired and revoked ones are answered alike: 401, with
/// nothing that tells them apart.
/// </summary>
internal sealed class TokenScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, IServerStore store)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string Name = "payonce-token";

    private const string Bearer = "Bearer ";
    private const string Prefix = "po_";
    private const int LongestId = 64;

    /// <summary>The token as it is given out, once.</summary>
    public static string Write(string id, string secret) => $"{Prefix}{id}_{secret}";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ } header] || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.Fail("No token.");
        var token = header[Bearer.Length..].Trim();
        if (IdOf(token) is not { } id) return AuthenticateResult.Fail("No token.");
        if (await store.FindTokenAsync(id, Secret.Sha256(token), Context.RequestAborted) is not TokenAnswer.Valid { Token: var found }) return AuthenticateResult.Fail("No valid token.");
        Context.Visit().CameByToken(found);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim("token", found.TokenId)], Name)), Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.Append(HeaderNames.WWWAuthenticate, "Bearer");
        return Task.CompletedTask;
    }

    private static string? IdOf(string token)
    {
        if (!token.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var end = token.IndexOf('_', Prefix.Length);
        var id = end < 0 ? "" : token[Prefix.Length..end];
        return id.Length is > 0 and <= LongestId && id.All(char.IsAsciiLetterOrDigit) ? id : null;
    }
}
