using PayOnce.Sources;
using PayOnce.Stores;

namespace PayOnce.App.Host;

/// <summary>The connection string of an organisation's source, out of the vault.</summary>
/// <param name="vault">Null: nobody said where the keys are.</param>
internal sealed class SourceSecrets(IStore store, SecretVault? vault) : ISourceSecrets
{
    public async Task<(string? Connection, string? Trouble)> FindAsync(string organisationId, CancellationToken cancel)
    {
        if (await store.FindSecretAsync(organisationId, SourceSettings.Secret, cancel) is not { } closed) return (null, "The connection string was never set.");
        if (vault is null) return (null, $"The connection string cannot be opened: say with --keys DIR or {SecretVault.Variable} where its keys are.");
        return vault.Unprotect(organisationId, SourceSettings.Secret, closed.Span) is { } connection
            ? (connection, null)
            : (null, "The connection string cannot be opened with the keys that are here. Set it again.");
    }
}
