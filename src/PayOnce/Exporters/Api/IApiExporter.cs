namespace PayOnce.Exporters.Api;

/// <summary>An exporter's side that speaks to the accounting system's API.</summary>
public interface IApiExporter
{
    /// <summary>Names of the secrets it needs, as <c>integrations secret set</c> knows them: <c>token</c>, <c>client-secret</c>.</summary>
    IReadOnlyList<string> Secrets { get; }

    /// <summary>Everything that is wrong with the settings for transport <c>api</c>; empty if a run may use them.</summary>
    IReadOnlyList<Problem> Check(IntegrationSettings settings);

    /// <summary>Opens the API. Speaks to nobody yet.</summary>
    /// <param name="settings">Settings that <see cref="Check"/> found nothing wrong with.</param>
    /// <param name="secrets">A value for each name in <see cref="Secrets"/>.</param>
    IAccountingApi Open(IntegrationSettings settings, RenderContext context, IReadOnlyDictionary<string, string> secrets, AccountingClient client);
}

/// <summary>Opens an integration's API with its secrets: the host's part, which knows keys and networks. Null in a host that exports by file only.</summary>
public interface IApiConnector
{
    /// <summary>The opened API, or what is missing (a secret, a flag).</summary>
    Task<(IAccountingApi? Api, IReadOnlyList<Problem> Problems)> OpenAsync(IntegrationSettings settings, RenderContext context, CancellationToken cancel);
}
