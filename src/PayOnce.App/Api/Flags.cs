using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Output;
using PayOnce.App.Server;
using PayOnce.Exporters;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <param name="Flags">Name to on or off; what is not named stays as it is.</param>
internal sealed record FlagsBody(IReadOnlyDictionary<string, bool> Flags);

/// <summary>What is switched on for the organisation's integration.</summary>
/// <param name="Version">Of the integration, whose settings they are part of.</param>
/// <param name="Flags">Every flag that there is for such an integration, on or off.</param>
internal sealed record FlagsDocument(string OrganisationId, long Version, IReadOnlyDictionary<string, bool> Flags);

/// <summary>Feature flags. They stand in the integration's settings, so that a run's settings version says what was on.</summary>
internal static class Flags
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var flags = organisation.MapGroup("/flags").WithTags("Integration");
        flags.MapGet("", FindAsync).WithName("getFlags").Needs(Permission.Read).Refuses(Problems.NotFound);
        flags.MapPut("", SaveAsync).WithName("saveFlags").Needs(Permission.Configure).Refuses(Problems.BadInput, Problems.NotFound, Problems.ChangedMeanwhile, Problems.VersionNeeded).Conditional();
    }

    /// <summary>What is switched on</summary>
    public static async Task<Results<Ok<FlagsDocument>, ProblemHttpResult>> FindAsync(HttpContext http, Visit visit, IStore store, CancellationToken cancel)
    {
        var id = visit.Organisation.OrganisationId;
        if (await store.FindIntegrationAsync(id, cancel) is not { } stored) return Problems.NotFound.Because("The organisation has no integration yet.");
        Versions.Show(http, stored.Version);
        return TypedResults.Ok(Document(id, stored.Version, IntegrationSettings.FromStored(stored.SettingsJson)));
    }

    /// <summary>Switch flags on or off</summary>
    public static async Task<Results<Ok<FlagsDocument>, ProblemHttpResult>> SaveAsync(FlagsBody body, HttpContext http, Visit visit, IStore store, CancellationToken cancel)
    {
        var (known, version) = Versions.Asked(http.Request);
        if (version is not null) return version;
        var id = visit.Organisation.OrganisationId;
        if (await store.FindIntegrationAsync(id, cancel) is not { } stored) return Problems.NotFound.Because("The organisation has no integration yet.");
        // The whole settings are saved: what somebody changed meanwhile must not be taken back with them.
        if (known is { } asked && asked != stored.Version) return Versions.Changed(http, stored.Version);
        var settings = IntegrationSettings.FromStored(stored.SettingsJson);
        var faults = new Faults();
        foreach (var name in body.Flags.Keys) faults.OneOf($"flags.{name}", name, settings.Switches, Fault.Body);
        if (faults.Problem is { } problem) return problem;
        var changed = body.Flags.Aggregate(settings, (so, flag) => so.With(flag.Key, flag.Value));
        if (ExporterCatalogue.Get(changed.Exporter).Check(changed) is { Count: > 0 } wrong) return Problems.NotPossible.Because("With these flags the integration could not run.", [.. wrong.Select(each => Fault.Of(each, "settings"))]);
        var (saved, other) = await Integration.KeepAsync(http, visit, store, changed, stored.Version, cancel);
        return saved is null ? other! : TypedResults.Ok(Document(id, saved.Version, changed));
    }

    private static FlagsDocument Document(string id, long version, IntegrationSettings settings) =>
        new(id, version, settings.Switches.ToDictionary(flag => flag, settings.IsOn));
}
