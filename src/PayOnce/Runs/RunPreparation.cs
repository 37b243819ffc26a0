using System.Globalization;
using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Stores;

namespace PayOnce.Runs;

/// <summary>Everything a run needs to know before it asks for the lease: organisation, settings, exporter, scope.</summary>
internal sealed record RunPreparation(Organisation Organisation, IntegrationSettings Settings, int Version, IExporter Exporter, ClaimScope Scope)
{
    /// <summary>Looks up and checks; the problems say what is missing when the preparation is null.</summary>
    public static async Task<(RunPreparation? Prepared, IReadOnlyList<Problem> Problems)> PrepareAsync(IStore store, RunRequest request, CancellationToken cancel)
    {
        if (await store.FindOrganisationAsync(request.OrganisationId, cancel) is not { } organisation)
            return (null, [new Problem("There is no such organisation.") { Field = "organisation", Value = Problem.Printable(request.OrganisationId) }]);
        if (await store.FindIntegrationAsync(request.OrganisationId, cancel) is not { } stored)
            return (null, [new Problem($"{organisation.Name} has no integration yet. Set one first.") { Field = "integration" }]);
        var settings = IntegrationSettings.FromStored(stored.SettingsJson);
        if (ExporterCatalogue.Find(settings.Exporter) is not { } exporter)
            return (null, [new Problem("There is no exporter of this name.") { Field = "exporter", Value = Problem.Printable(settings.Exporter) }]);
        if (exporter.Check(settings) is { Count: > 0 } problems) return (null, problems);
        if (request.Limit is <= 0) return (null, [new Problem("must be at least 1.") { Field = "limit", Value = request.Limit.Value.ToString(CultureInfo.InvariantCulture) }]);
        if (request.From > request.To) return (null, [new Problem("must not be after the last day.") { Field = "from", Value = request.From!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) }]);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(organisation.TimeZone);
        var (from, before) = ApprovalPeriod.Of(request.From, request.To, zone);
        var scope = new ClaimScope(from, before, request.Limit, request.ClaimId);
        return (new RunPreparation(organisation, settings, stored.Version, exporter, scope), []);
    }

    /// <summary>What is missing to open the accounting system's API; empty where nothing is, or the integration exports by file.</summary>
    public async Task<IReadOnlyList<Problem>> MissingAsync(Outside outside, TimeProvider clock, CancellationToken cancel)
    {
        var (api, missing) = await OpenApiAsync(outside, runId: 0, clock, cancel);
        if (api is not null) await api.DisposeAsync();
        return missing;
    }

    /// <summary>The accounting system's API for a run, null where the integration exports by file; or what is missing to open it.</summary>
    public async Task<(IAccountingApi? Api, IReadOnlyList<Problem> Missing)> OpenApiAsync(Outside outside, long runId, TimeProvider clock, CancellationToken cancel)
    {
        if (Settings.Transport != "api") return (null, []);
        return outside.Apis is { } apis
            ? await apis.OpenAsync(Settings, Context(runId, clock), cancel)
            : (null, [new Problem("cannot be used here: this program was started for files only") { Field = "transport", Value = Settings.Transport }]);
    }

    public IBatchRenderer CreateRenderer(long runId, TimeProvider clock) => Exporter.CreateRenderer(Settings, Context(runId, clock));

    private RenderContext Context(long runId, TimeProvider clock)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(Organisation.TimeZone);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime);
        return new RenderContext(Organisation, runId, today);
    }

    /// <summary>Unique to one request of one process. The clock tells processes apart whose holder is the same, one after the other.</summary>
    public static string NonceOf(INode node, TimeProvider clock) => string.Create(CultureInfo.InvariantCulture, $"{node.Holder} {clock.GetTimestamp()} {node.NextNumber()}");

    public LeaseRequest LeaseRequest(RunRequest request, INode node, TimeSpan duration, TimeProvider clock) =>
        new(request.OrganisationId, request.Trigger, request.Actor, node.Holder, Scope, Settings.Exporter, Settings.Format, Version, duration,
            NonceOf(node, clock)) { Request = request.Request };
}
