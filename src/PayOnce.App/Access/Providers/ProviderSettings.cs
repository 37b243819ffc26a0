using PayOnce.Access;
using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Access.Providers;

/// <summary>Keeps an organisation's provider with its client secret; the same for the API and the page.</summary>
internal static class ProviderSettings
{
    /// <summary>What providers need to name a person to that person.</summary>
    public const string UsualScopes = "openid email profile";

    /// <param name="provider">Its <see cref="SignInProvider.SecretName"/> is not looked at.</param>
    /// <param name="secret">
    /// A new client secret; null keeps the one there is, but only for the same issuer: one that was given to one house is not sent to
    /// another because somebody changed an address.
    /// </param>
    public static async Task<SaveAnswer> SaveAsync(IServerStore store, ServerParts parts, string organisationId, SignInProvider provider, string? secret, long? knownVersion, string actor, CancellationToken cancel)
    {
        var before = await store.FindSignInProviderAsync(organisationId, cancel);
        var same = before?.Provider.Issuer.OriginalString == provider.Issuer.OriginalString;
        var named = provider with { SecretName = secret is not null ? ProviderSignIns.SecretName : same ? before!.Provider.SecretName : null };
        var answer = await store.SaveSignInProviderAsync(organisationId, named, knownVersion, actor, cancel);
        // Only now: nothing of a refused change may stay, least of all a secret.
        if (answer is SaveAnswer.Saved && secret is not null)
            await store.SetSecretAsync(organisationId, ProviderSignIns.SecretName, parts.Vault.Protect(organisationId, ProviderSignIns.SecretName, secret), actor, cancel);
        return answer;
    }
}
