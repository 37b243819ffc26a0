using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Output;
using PayOnce.App.Server;
using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <param name="Settings">Settings to try out, not kept; null: those that are kept.</param>
/// <param name="Claims">How many of the claims approved last to show, 1 to 20.</param>
internal sealed record PreviewBody(JsonElement? Settings = null, int Claims = 5);

/// <summary>The claims approved last, as these settings would send them. Nothing was sent and nothing was kept.</summary>
/// <param name="Extension">Of the file, without the dot.</param>
/// <param name="Text">The whole file or request body, read in its encoding.</param>
internal sealed record PreviewDocument(
    string OrganisationId, string ContentType, string Extension, int Claims, long Lines, IReadOnlyList<AmountDocument> ControlTotals, string Text, IReadOnlyList<RejectionDocument> Rejections);

/// <summary>Tries an integration out, without leaving anything that is paid.</summary>
internal static class IntegrationChecks
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var integration = organisation.MapGroup("/integration").WithTags("Integration");
        integration.MapPost("/test", TestAsync).WithName("testConnection").Needs(Permission.Configure).RequireRateLimiting(RateLimits.Heavy).Refuses(Problems.NotSetUp, Problems.NotPossible);
        integration.MapPost("/preview", PreviewAsync).WithName("previewMapping").Needs(Permission.Configure).RequireRateLimiting(RateLimits.Heavy).Refuses(Problems.BadInput, Problems.NotSetUp);
    }

    /// <summary>Test the connection</summary>
    /// <remarks>Tries address, sign-in, rights and the declared proof class of the accounting system's API. What is wrong is told check by check.</remarks>
    public static async Task<Results<Ok<ConnectionDocument>, ProblemHttpResult>> TestAsync(Visit visit, IStore store, IApiConnector connector, TimeProvider clock, CancellationToken cancel)
    {
        var organisation = visit.Organisation;
        if (await store.FindIntegrationAsync(organisation.OrganisationId, cancel) is not { } stored) return Sync.NoIntegration();
        var settings = IntegrationSettings.FromStored(stored.SettingsJson);
        if (settings.Transport != "api") return Problems.NotPossible.Because($"It exports by {settings.Transport}: there is no connection to test.");
        var (api, problems) = await connector.OpenAsync(settings, Context(visit, clock), cancel);
        if (api is null) return Sync.NotReady(problems);
        await using var opened = api;
        List<CheckDocument> checks = [.. (await api.TestConnectionAsync(cancel)).Select(check => new CheckDocument(check.What, check.Trouble is null ? Doctor.Ok : Doctor.Fault, check.Trouble ?? ""))];
        return TypedResults.Ok(new ConnectionDocument(organisation.OrganisationId, stored.Version, settings.Exporter, checks.TrueForAll(check => check.Result == Doctor.Ok), checks));
    }

    /// <summary>Show the latest claims as settings would send them</summary>
    /// <remarks>By the exporter that also sends, over the organisation's own claims approved last.</remarks>
    public static async Task<Results<Ok<PreviewDocument>, ProblemHttpResult>> PreviewAsync(
        PreviewBody body, Visit visit, IStore store, IHistoryStore history, IApiConnector connector, TimeProvider clock, CancellationToken cancel)
    {
        const int most = 20;
        if (body.Claims is < 1 or > most) return Problems.Refuse("claims", null, FormattableString.Invariant($"must be a whole number from 1 to {most}"));
        var id = visit.Organisation.OrganisationId;
        IntegrationSettings settings;
        if (body.Settings is { } given)
        {
            var (read, problem) = Integration.Read(given);
            if (read is null) return problem!;
            settings = read;
        }
        else
        {
            if (await store.FindIntegrationAsync(id, cancel) is not { } stored) return Sync.NoIntegration();
            settings = IntegrationSettings.FromStored(stored.SettingsJson);
            if (ExporterCatalogue.Get(settings.Exporter).Check(settings) is { Count: > 0 } wrong) return Sync.NotReady(wrong);
        }
        var claims = await history.ListRecentClaimsAsync(id, body.Claims, cancel);
        if (settings.Transport != "api") return TypedResults.Ok(Preview(id, ExporterCatalogue.Get(settings.Exporter).CreateRenderer(settings, Context(visit, clock)), claims));
        var (api, missing) = await connector.OpenAsync(settings, Context(visit, clock), cancel);
        if (api is null) return Sync.NotReady(missing);
        await using var opened = api;
        return TypedResults.Ok(Preview(id, api.Renderer, claims));
    }

    private static PreviewDocument Preview(string id, IBatchRenderer renderer, IReadOnlyList<PayOnce.Claims.ClaimRecord> claims)
    {
        using var batch = renderer.Render([.. claims.Select(claim => new ReservedClaim(claim, Generation: 0, Attempt: 1, claim.ExportKey))], firstVoucher: 1);
        var encoding = renderer.ContentType.Contains("windows-1252", StringComparison.OrdinalIgnoreCase) ? CodePagesEncodingProvider.Instance.GetEncoding(1252)! : Encoding.UTF8;
        var text = string.Concat(new[] { renderer.Prologue, batch.Bytes, renderer.Epilogue }.Select(part => encoding.GetString(part.Span)));
        return new PreviewDocument(
            id, renderer.ContentType, renderer.FileExtension, batch.Claims, batch.Lines, AmountDocument.Of(batch.ControlTotals), text.TrimStart('\uFEFF'), [.. batch.Rejections.Select(RejectionDocument.Of)]);
    }

    private static RenderContext Context(Visit visit, TimeProvider clock) =>
        new(visit.Organisation, RunId: 0, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), visit.Zone).DateTime));
}
