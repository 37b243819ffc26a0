using PayOnce.App.Host;
using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Runs;
using PayOnce.Sources;
using PayOnce.Stores;

namespace PayOnce.App.Server;

/// <summary>What the server works with; made by the command that starts it, or by a test.</summary>
/// <param name="Store">Opened and migrated; outlives the server.</param>
/// <param name="Engine">The engine over <paramref name="Store"/>, with everything outside it that this process has.</param>
/// <param name="Vault">What opens secrets, and what the keys of cookies are closed with.</param>
/// <param name="Connector">What opens an integration's API.</param>
/// <param name="Rules">Which addresses the server may be sent to, for webhooks.</param>
internal sealed record ServerParts(
    IServerStore Store, ExportEngine Engine, SecretVault Vault, IApiConnector Connector, EndpointRules Rules, Surroundings Surroundings, ISteps Steps)
{
    public ServerOptions Options { get; init; } = new();

    /// <summary>How often a password is hashed; a hash of fewer rounds is made anew at the next sign-in.</summary>
    /// <remarks>OWASP's figure for PBKDF2 with HMAC-SHA512 (Password Storage Cheat Sheet).</remarks>
    public int PasswordRounds { get; init; } = 210_000;

    /// <summary>Where organisations' claims are read from.</summary>
    public ClaimsSource Source { get; init; } = new(Store, Store, new SourceSecrets(Store, Vault), Rules, Surroundings.Clock);

    /// <summary>The parts over an opened store, with an engine that reaches all that lies outside it.</summary>
    public static ServerParts Over(IServerStore store, SecretVault vault, EndpointRules rules, IEpochWitness epochs, Surroundings surroundings, ISteps steps)
    {
        var connector = new ApiConnector(store, vault, rules, surroundings.Clock);
        var source = new ClaimsSource(store, store, new SourceSecrets(store, vault), rules, surroundings.Clock);
        var outside = new Outside(new PublishFolder(steps), connector, epochs, Random.Shared.NextDouble) { Source = source };
        return new ServerParts(store, new ExportEngine(store, outside, surroundings.Clock, surroundings.Node, steps), vault, connector, rules, surroundings, steps) { Source = source };
    }
}
