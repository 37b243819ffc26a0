using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Access.Providers;
using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <param name="Name">On the button: "Sign in with NAME".</param>
/// <param name="Issuer">OpenID Connect's issuer, to the letter as the provider writes it. Where its endpoints are is asked of it.</param>
/// <param name="Scopes">With spaces between them; <c>openid</c> is always asked for.</param>
/// <param name="ClientSecret">Kept encrypted and never shown; null: the one that was given before for the same issuer, or none.</param>
internal sealed record SignInProviderBody(string Name, string Issuer, string ClientId, string Scopes = ProviderSettings.UsualScopes, string? ClientSecret = null);

/// <param name="HasClientSecret">What it is is never shown.</param>
internal sealed record SignInProviderDocument(string OrganisationId, long Version, string Name, string Issuer, string ClientId, string Scopes, bool HasClientSecret)
{
    public static SignInProviderDocument Of(StoredSignInProvider stored)
    {
        var provider = stored.Provider;
        return new(stored.OrganisationId, stored.Version, provider.Name, provider.Issuer.OriginalString, provider.ClientId, provider.Scopes, provider.SecretName is not null);
    }
}

/// <summary>An organisation's own OpenID Connect provider.</summary>
internal static class SignInProviders
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var provider = organisation.MapGroup("/sign-in-provider").WithTags("Access").Needs(Permission.ManageAccess);
        provider.MapGet("", FindAsync).WithName("getSignInProvider").Refuses(Problems.NotFound);
        provider.MapPut("", SaveAsync).WithName("saveSignInProvider").Refuses(Problems.BadInput, Problems.ChangedMeanwhile, Problems.VersionNeeded).Conditional();
        provider.MapDelete("", RemoveAsync).WithName("removeSignInProvider").Refuses(Problems.NotFound);
    }

    /// <summary>The sign-in provider</summary>
    public static async Task<Results<Ok<SignInProviderDocument>, ProblemHttpResult>> FindAsync(HttpContext http, Visit visit, IAccessStore access, CancellationToken cancel)
    {
        if (await access.FindSignInProviderAsync(visit.Organisation.OrganisationId, cancel) is not { } stored) return Problems.NotFound.Because("The organisation has no sign-in provider.");
        Versions.Show(http, stored.Version);
        return TypedResults.Ok(SignInProviderDocument.Of(stored));
    }

    /// <summary>Change the sign-in provider</summary>
    /// <remarks>With If-Match the version that is changed, with <c>If-None-Match: *</c> the first.</remarks>
    public static async Task<Results<Ok<SignInProviderDocument>, ProblemHttpResult>> SaveAsync(
        SignInProviderBody body, HttpContext http, Visit visit, IServerStore store, ServerParts parts, CancellationToken cancel)
    {
        var (known, version) = Versions.Asked(http.Request);
        if (version is not null) return version;
        var id = visit.Organisation.OrganisationId;
        var (provider, problem) = Read(body);
        if (provider is null) return problem!;
        if (await ProviderSettings.SaveAsync(store, parts, id, provider, body.ClientSecret, known, visit.Actor, cancel) is SaveAnswer.Changed changed) return Versions.Changed(http, changed.Version);
        return await FindAsync(http, visit, store, cancel);
    }

    /// <summary>Remove the sign-in provider</summary>
    /// <remarks>Nobody signs in by it any more, and whoever is signed in by it is signed out at once. Who was linked to it is linked again when it comes back.</remarks>
    public static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(Visit visit, IAccessStore access, CancellationToken cancel) =>
        await access.RemoveSignInProviderAsync(visit.Organisation.OrganisationId, visit.Actor, cancel) ? TypedResults.NoContent() : Problems.NotFound.Because();

    private static (SignInProvider? Provider, ProblemHttpResult? Problem) Read(SignInProviderBody body)
    {
        const int longest = 200;
        var faults = new Faults().Words("name", body.Name, longest).Words("clientId", body.ClientId, longest).Words("scopes", body.Scopes, longest);
        var issuer = ProviderAddress.Issuer(body.Issuer);
        if (issuer is null) faults.Add("issuer", body.Issuer, "must be an address that begins with https://, without a query");
        if (body.ClientSecret is { } secret && SecretRules.Wrong(secret) is { } rule) faults.Add("clientSecret", null, rule);
        return faults.Problem is { } problem ? (null, problem) : (new SignInProvider(body.Name.Trim(), issuer!, body.ClientId, body.Scopes.Trim(), SecretName: null), null);
    }
}
