using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Output;
using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <param name="Value">The secret, 6 to 8,192 characters on one line. It is kept encrypted and never shown again.</param>
internal sealed record SecretBody(string Value);

/// <summary>What an integration signs in with: given once, kept encrypted, never shown.</summary>
internal static class Secrets
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var secrets = organisation.MapGroup("/integration/secrets").WithTags("Integration");
        secrets.MapGet("", ListAsync).WithName("listSecrets").Needs(Permission.Configure);
        secrets.MapPut("/{name}", SetAsync).WithName("setSecret").Needs(Permission.Configure).Refuses(Problems.BadInput, Problems.NotFound);
    }

    /// <summary>Which secrets are kept, since when and by whom; never what they are</summary>
    public static async Task<Ok<SecretsDocument>> ListAsync(Visit visit, IStore store, CancellationToken cancel)
    {
        var id = visit.Organisation.OrganisationId;
        var secrets = await store.ListSecretsAsync(id, cancel);
        return TypedResults.Ok(new SecretsDocument(id, [.. secrets.Select(each => new SecretDocument(each.Name, each.SetAt, each.SetBy))]));
    }

    /// <summary>Keep a secret, in place of any earlier one of its name</summary>
    public static async Task<Results<Ok<SecretSetDocument>, ProblemHttpResult>> SetAsync(string name, SecretBody body, Visit visit, IStore store, ServerParts parts, CancellationToken cancel)
    {
        var id = visit.Organisation.OrganisationId;
        if (!(await SecretRules.KnownAsync(store, id, cancel)).Contains(name, StringComparer.Ordinal)) return Problems.NotFound.Because("The integration has no secret of this name.");
        // The rule alone: what was sent may be a secret, or another one.
        if (SecretRules.Wrong(body.Value) is { } rule) return Problems.Refuse("value", null, rule);
        var again = await store.FindSecretAsync(id, name, cancel) is not null;
        await store.SetSecretAsync(id, name, parts.Vault.Protect(id, name, body.Value), visit.Actor, cancel);
        return TypedResults.Ok(new SecretSetDocument(id, name, again));
    }
}
