using PayOnce.Exporters.Api;
using PayOnce.Exporters.Mapping;
using PayOnce.Exporters.Settings;

namespace PayOnce.Exporters.Generic;

/// <summary>The generic exporter's side that speaks to an endpoint of the contract in docs/generic-endpoint.openapi.yaml.</summary>
internal sealed class GenericApiExporter : IApiExporter
{
    /// <summary>The bearer token.</summary>
    public const string Token = "token";

    public IReadOnlyList<string> Secrets { get; } = [Token];

    public IReadOnlyList<Problem> Check(IntegrationSettings settings) => [.. GenericExporter.Unused(settings)];

    public IAccountingApi Open(IntegrationSettings settings, RenderContext context, IReadOnlyDictionary<string, string> secrets, AccountingClient client)
    {
        var api = settings.Api ?? new ApiSettings();
        var address = api.Endpoint ?? throw new ArgumentException("The generic exporter has no address of its own.", nameof(settings));
        var renderer = new ClaimsRequest(new ClaimsJson(new RunFacts(settings, settings.Accounts, context)));
        var endpoint = new GenericEndpoint(address, secrets[Token], api.Timeout, client);
        return new GenericApi(api, renderer, endpoint, new GenericProbe(settings, context.Organisation, endpoint, client.Clock));
    }
}
