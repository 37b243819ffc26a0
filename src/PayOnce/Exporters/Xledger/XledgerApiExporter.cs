using System.Globalization;
using PayOnce.Exporters.Api;
using PayOnce.Exporters.Mapping;
using PayOnce.Exporters.Settings;

namespace PayOnce.Exporters.Xledger;

/// <summary>Opens Xledger's GraphQL API for an integration.</summary>
public sealed class XledgerApiExporter : IApiExporter
{
    /// <summary>The API token, which an administrator makes in Xledger. It belongs to one entity, reaches those below it, and expires.</summary>
    public const string Token = "token";

    /// <summary>With two lines a claim, the fewest there can be, more would not fit one mutation.</summary>
    public const int MostClaimsPerRequest = ImportRequest.NodesPerMutation / 2;

    public IReadOnlyList<string> Secrets { get; } = [Token];

    public IReadOnlyList<Problem> Check(IntegrationSettings settings) =>
        [.. XledgerExporter.CheckVouchers(settings), .. ImportItemsJson.Check(settings), .. CheckApi(settings, settings.Api ?? new())];

    public IAccountingApi Open(IntegrationSettings settings, RenderContext context, IReadOnlyDictionary<string, string> secrets, AccountingClient client) =>
        new XledgerApi(settings, context, secrets[Token], client);

    private static IEnumerable<Problem> CheckApi(IntegrationSettings settings, ApiSettings api)
    {
        if (api.ClaimsPerRequest is { } claims and > MostClaimsPerRequest)
            yield return new Problem($"must be at most {MostClaimsPerRequest.ToString(CultureInfo.InvariantCulture)}: Xledger takes {ImportRequest.NodesPerMutation.ToString(CultureInfo.InvariantCulture)} lines at once, and a claim has at least two")
            {
                Field = "api.claimsPerRequest", Value = claims.ToString(CultureInfo.InvariantCulture),
            };
        if (api.Xledger?.Owner is { } owner && settings.Voucher.Entity is { } entity && owner != entity)
            yield return new Problem($"differs from voucher.entity (\"{Problem.Printable(entity)}\"); give one of the two") { Field = "api.xledger.owner", Value = Problem.Printable(owner) };
    }
}
