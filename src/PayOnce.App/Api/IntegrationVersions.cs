using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Output;
using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>Who kept a version of the settings, and when.</summary>
/// <param name="ChangedBy">The person or key.</param>
internal sealed record IntegrationVersionDocument(int Version, string ChangedBy, DateTimeOffset ChangedAt)
{
    public static IntegrationVersionDocument Of(IntegrationVersion kept) => new(kept.Version, kept.Actor, kept.At);
}

/// <summary>One version of the settings.</summary>
/// <param name="ChangedBy">The person or key.</param>
/// <param name="Settings">As they were kept: give them to <c>saveIntegration</c> to go back to them.</param>
internal sealed record KeptIntegrationDocument(string OrganisationId, int Version, string ChangedBy, DateTimeOffset ChangedAt, JsonElement Settings);

/// <summary>Earlier settings. None is ever changed or removed; a run names the version it used.</summary>
internal static class IntegrationVersions
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var versions = organisation.MapGroup("/integration/versions").WithTags("Integration");
        versions.MapGet("", ListAsync).WithName("listIntegrationVersions").Needs(Permission.Read).Refuses(Problems.BadInput);
        versions.MapGet("/{version:int:min(1)}", FindAsync).WithName("getIntegrationVersion").Needs(Permission.Read).Refuses(Problems.NotFound);
    }

    /// <summary>The versions of the settings, newest first</summary>
    /// <param name="cursor">Where to go on, as an earlier answer said.</param>
    /// <param name="limit">At most this many, 1 to 500; 50 if nothing is said.</param>
    public static async Task<Results<Ok<Part<IntegrationVersionDocument>>, ProblemHttpResult>> ListAsync(string? cursor, int? limit, Visit visit, IStore store, CancellationToken cancel)
    {
        var faults = new Faults();
        var (size, before) = faults.PartBefore(cursor, limit);
        if (faults.Problem is { } problem) return problem;
        var rows = await store.ListIntegrationVersionsAsync(visit.Organisation.OrganisationId, before is { } at ? (int)Math.Clamp(at, 0, int.MaxValue) : null, size, cancel);
        return TypedResults.Ok(Parts.Before([.. rows.Select(IntegrationVersionDocument.Of)], size, each => each.Version));
    }

    /// <summary>One version of the settings</summary>
    public static async Task<Results<Ok<KeptIntegrationDocument>, ProblemHttpResult>> FindAsync(int version, Visit visit, IStore store, CancellationToken cancel)
    {
        var id = visit.Organisation.OrganisationId;
        return await store.FindIntegrationVersionAsync(id, version, cancel) is { } kept
            ? TypedResults.Ok(new KeptIntegrationDocument(id, kept.About.Version, kept.About.Actor, kept.About.At, Json.Read(kept.SettingsJson)))
            : Problems.NotFound.Because();
    }
}
