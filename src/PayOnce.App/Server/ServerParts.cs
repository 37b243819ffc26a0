using PayOnce.App.Host;
using PayOnce.Exporters.Api;
using PayOnce.Stores;

namespace PayOnce.App.Server;

/// <summary>What the server works with; made by the command that starts it, or by a test.</summary>
/// <param name="Store">Opened and migrated; outlives the server.</param>
/// <param name="Engine">The engine over <paramref name="Store"/>, with everything outside it that this process has.</param>
/// <param name="Apis">What opens an integration's API, to test and preview it.</param>
/// <param name="Vault">What opens secrets; null where nobody said where the keys are.</param>
internal sealed record ServerParts(IServerStore Store, ExportEngine Engine, IApiConnector Apis, SecretVault? Vault, Surroundings Surroundings, ISteps Steps)
{
    public ServerOptions Options { get; init; } = new();
}
