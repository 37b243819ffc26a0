using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Output;
using PayOnce.App.Server;
using PayOnce.Exporters;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <param name="Settings">Exporter, transport, format and what differs from the defaults: as in a file for <c>integrations set</c>.</param>
internal sealed record IntegrationBody(JsonElement Settings);

/// <summary>Which accounting system an organisation's claims go to, and how.</summary>
internal static class Integration
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var integration = organisation.MapGroup("/integration").WithTags("Integration");
        integration.MapGet("", FindAsync).WithName("getIntegration").Needs(Permission.Read).Refuses(Problems.NotFound);
        integration.MapPut("", SaveAsync).WithName("saveIntegration").Needs(Permission.Configure).Refuses(Problems.BadInput, Problems.ChangedMeanwhile, Problems.VersionNeeded).Conditional();
    }

    /// <summary>The settings as they are now</summary>
    /// <remarks>The ETag is their version: give it as If-Match with a change.</remarks>
    public static async Task<Results<Ok<IntegrationDocument>, ProblemHttpResult>> FindAsync(HttpContext http, Visit visit, IStore store, CancellationToken cancel)
    {
        if (await store.FindIntegrationAsync(visit.Organisation.OrganisationId, cancel) is not { } stored) return Problems.NotFound.Because("The organisation has no integration yet.");
        Versions.Show(http, stored.Version);
        return TypedResults.Ok(Document(visit.Organisation, stored.Version, changed: false, stored.SettingsJson));
    }

    /// <summary>Check settings and keep them as a new version</summary>
    /// <remarks>With If-Match the version that is changed, with <c>If-None-Match: *</c> the first. The same settings again keep the version.</remarks>
    public static async Task<Results<Ok<IntegrationDocument>, ProblemHttpResult>> SaveAsync(IntegrationBody body, HttpContext http, Visit visit, IStore store, CancellationToken cancel)
    {
        var (known, version) = Versions.Asked(http.Request);
        if (version is not null) return version;
        var (settings, problem) = Read(body.Settings);
        if (settings is null) return problem!;
        var (saved, changed) = await KeepAsync(http, visit, store, settings, known, cancel);
        return saved is null ? changed! : TypedResults.Ok(saved);
    }

    /// <summary>Settings out of a body, checked, or what is wrong with them.</summary>
    public static (IntegrationSettings? Settings, ProblemHttpResult? Problem) Read(JsonElement given)
    {
        if (given.ValueKind != JsonValueKind.Object) return (null, Problems.Refuse("settings", null, "must be an object"));
        var (settings, problems) = IntegrationSettings.Parse("settings", Encoding.UTF8.GetBytes(given.GetRawText()));
        return settings is null ? (null, Problems.BadInput.Because(errors: [.. problems.Select(each => Fault.Of(each with { Field = each.Field is { } field ? $"settings.{field}" : "settings", Line = null }))])) : (settings, null);
    }

    /// <summary>Keeps settings if the version is still the known one; what was saved, or who was first.</summary>
    public static async Task<(IntegrationDocument? Saved, ProblemHttpResult? Changed)> KeepAsync(HttpContext http, Visit visit, IStore store, IntegrationSettings settings, long? known, CancellationToken cancel)
    {
        var id = visit.Organisation.OrganisationId;
        var json = settings.ToJson();
        var before = (await store.FindIntegrationAsync(id, cancel))?.Version;
        switch (await store.SaveIntegrationAsync(id, json, known, visit.Actor, cancel))
        {
            case SaveAnswer.Saved saved:
                Versions.Show(http, saved.Version);
                return (Document(visit.Organisation, (int)saved.Version, saved.Version != before, json), null);
            case SaveAnswer.Changed changed:
                return (null, Versions.Changed(http, changed.Version));
            default:
                throw new InvalidOperationException("Unknown answer to a change.");
        }
    }

    private static IntegrationDocument Document(Organisation organisation, int version, bool changed, string json) => new(organisation.OrganisationId, version, changed, Json.Read(json));
}
