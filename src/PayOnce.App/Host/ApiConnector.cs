using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Stores;

namespace PayOnce.App.Host;

/// <summary>
/// Opens an integration's API: its secrets out of the store, a connection of its own that knows the endpoint rules, and a scrubber
/// that knows the secrets, through which everything that comes out of it goes.
/// </summary>
/// <param name="vault">Null: nobody said where the keys are.</param>
/// <param name="exporters">By name; those of this version, unless a test has its own.</param>
internal sealed class ApiConnector(IStore store, SecretVault? vault, EndpointRules rules, TimeProvider clock, Func<string, IExporter>? exporters = null) : IApiConnector
{
    public async Task<(IAccountingApi? Api, IReadOnlyList<Problem> Problems)> OpenAsync(IntegrationSettings settings, RenderContext context, CancellationToken cancel)
    {
        var exporter = (exporters ?? ExporterCatalogue.Get)(settings.Exporter);
        if (exporter.Check(settings) is { Count: > 0 } wrong) return (null, wrong);
        if (settings.Transport != "api" || exporter.Api is not { } api) return (null, [new Problem("is not \"api\"") { Field = "transport", Value = settings.Transport }]);

        var (secrets, problems) = await SecretsAsync(context.Organisation.OrganisationId, api.Secrets, cancel);
        if (problems.Count > 0) return (null, problems);
        var scrubber = new Scrubber(secrets.Values);
        var http = new HttpMessageInvoker(AccountingHandler.Create(rules));
        return (new ScrubbedApi(api.Open(settings, context, secrets, new AccountingClient(http, clock, scrubber)), scrubber, http), []);
    }

    private async Task<(Dictionary<string, string> Secrets, List<Problem> Problems)> SecretsAsync(string organisationId, IReadOnlyList<string> names, CancellationToken cancel)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        var problems = new List<Problem>();
        foreach (var name in names)
        {
            if (await store.FindSecretAsync(organisationId, name, cancel) is not { } closed)
                problems.Add(Missing(name, $"was never set: `payonce integrations secret set {organisationId} {name}`"));
            else if (vault is null)
                problems.Add(Missing(name, $"cannot be opened: say with --keys DIR or {SecretVault.Variable} where its keys are"));
            else if (vault.Unprotect(organisationId, name, closed.Span) is not { } secret)
                problems.Add(Missing(name, $"cannot be opened with the keys in {vault.Folder}: name the right folder with --keys DIR or {SecretVault.Variable}, or set the secret again"));
            else
                secrets.Add(name, secret);
        }
        return (secrets, problems);
    }

    private static Problem Missing(string name, string rule) => new(rule) { Field = $"secret {name}" };
}
