using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Background;
using PayOnce.App.Output;
using PayOnce.App.Server;
using PayOnce.History;
using PayOnce.Scheduling;
using PayOnce.Sources;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <param name="Enabled">Whether anything is read or told back.</param>
/// <param name="View">The view that claims are read from, with its schema if it has one.</param>
/// <param name="OverlapMinutes">How far each reading goes back behind the last one, 1 to 10,080.</param>
/// <param name="BatchSize">Rows in one query, 100 to 10,000.</param>
/// <param name="EveryMinutes">How often it is read by itself, 1 to 10,080; null: only before a run and when somebody asks.</param>
/// <param name="StatementSeconds">How long one query may take, 1 to 300.</param>
/// <param name="WriteBackTable">The table that exports are told back to; null: none.</param>
/// <param name="Connection">A new connection string; null keeps the one there is. It is kept encrypted and never shown.</param>
internal sealed record SourceBody(
    bool Enabled = true, string View = "payonce_claims", int OverlapMinutes = 60, int BatchSize = 2_000, int? EveryMinutes = 15, int StatementSeconds = 30, string? WriteBackTable = null, string? Connection = null)
{
    public SourceSettings Settings => new()
    {
        Enabled = Enabled, View = View, OverlapMinutes = OverlapMinutes, BatchSize = BatchSize, EveryMinutes = EveryMinutes, StatementSeconds = StatementSeconds, WriteBackTable = WriteBackTable,
    };
}

/// <summary>Claims read from an organisation's own PostgreSQL database (docs/claims-source.md).</summary>
internal static class Sources
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var source = organisation.MapGroup("/source").WithTags("Source");
        source.MapGet("", FindAsync).WithName("getSource").Needs(Permission.Read).Refuses(Problems.NotFound);
        source.MapPut("", SaveAsync).WithName("saveSource").Needs(Permission.Configure).Refuses(Problems.BadInput, Problems.ChangedMeanwhile, Problems.VersionNeeded).Conditional();
        source.MapPost("/test", TestAsync).WithName("testSource").Needs(Permission.Configure).RequireRateLimiting(RateLimits.Heavy).Refuses(Problems.NotSetUp);
        source.MapPost("/read", ReadAsync).WithName("readSource").Needs(Permission.BringClaims).RequireRateLimiting(RateLimits.Heavy).Refuses(Problems.NotSetUp, Problems.NotPossible);
        source.MapGet("/refused", RefusedAsync).WithName("listRefusedRows").Needs(Permission.Read).Refuses(Problems.BadInput);
    }

    /// <summary>Where claims are read from, and how the last reading went</summary>
    public static async Task<Results<Ok<SourceDocument>, ProblemHttpResult>> FindAsync(HttpContext http, Visit visit, IStore store, ISourceStore sources, CancellationToken cancel)
    {
        var id = visit.Organisation.OrganisationId;
        if (await sources.FindSourceAsync(id, cancel) is not { } found) return Problems.NotFound.Because("Claims of the organisation are not read from anywhere.");
        Versions.Show(http, found.Version);
        return TypedResults.Ok(SourceDocument.Of(found, await HasConnectionAsync(store, id, cancel)));
    }

    /// <summary>Change where claims are read from</summary>
    /// <remarks>With If-Match the version that is changed, with <c>If-None-Match: *</c> the first. Another view is read from its beginning; what is in already stays as it is.</remarks>
    public static async Task<Results<Ok<SourceDocument>, ProblemHttpResult>> SaveAsync(
        SourceBody body, HttpContext http, Visit visit, IStore store, ISourceStore sources, ServerParts parts, SourceSignal worker, CancellationToken cancel)
    {
        var (known, version) = Versions.Asked(http.Request);
        if (version is not null) return version;
        var (id, settings) = (visit.Organisation.OrganisationId, body.Settings);
        var faults = new Faults();
        foreach (var problem in settings.Check()) faults.Add(problem.Field!, problem.Value, problem.Rule);
        // The rule alone: what was sent holds a password.
        if (body.Connection is { } given && SourceRules.WrongConnection(given) is { } rule) faults.Add("connection", null, rule);
        if (faults.Problem is { } wrong) return wrong;
        var asked = known ?? (await sources.FindSourceAsync(id, cancel))?.Version ?? 0;
        switch (await sources.SaveSourceAsync(id, settings, (int)Math.Min(asked, int.MaxValue), visit.Actor, cancel))
        {
            case SaveAnswer<StoredSource>.Saved { Now: var saved }:
                if (body.Connection is { } connection) await store.SetSecretAsync(id, SourceSettings.Secret, parts.Vault.Protect(id, SourceSettings.Secret, connection), visit.Actor, CancellationToken.None);
                worker.Work.Wake();
                Versions.Show(http, saved.Version);
                return TypedResults.Ok(SourceDocument.Of(saved, await HasConnectionAsync(store, id, CancellationToken.None)));
            case SaveAnswer<StoredSource>.Changed { Now: var other }:
                return Versions.Changed(http, other?.Version ?? 0);
            default:
                throw new InvalidOperationException("Unknown answer to a change.");
        }
    }

    /// <summary>Test the source</summary>
    /// <remarks>Tries connection, rights, and the columns of the view and of the table to write back to; reads no claim.</remarks>
    public static async Task<Results<Ok<SourceTestDocument>, ProblemHttpResult>> TestAsync(Visit visit, ISourceStore sources, ClaimsSource source, CancellationToken cancel)
    {
        var id = visit.Organisation.OrganisationId;
        if (await sources.FindSourceAsync(id, cancel) is not { } found) return NotSetUp();
        var wrong = await source.TestAsync(id, found.Settings, cancel);
        return TypedResults.Ok(new SourceTestDocument(id, wrong.Count == 0, wrong));
    }

    /// <summary>Read the source now</summary>
    /// <remarks>Everything that is new, withdrawn, or was refused before. Runs read it by themselves before they begin.</remarks>
    public static async Task<Results<Ok<ReadingDocument>, ProblemHttpResult>> ReadAsync(Visit visit, ClaimsSource source, CancellationToken cancel) =>
        await source.ReadAsync(visit.Organisation.OrganisationId, cancel) switch
        {
            SourceAnswer.Done { Report: var report } => TypedResults.Ok(ReadingDocument.Of(report)),
            SourceAnswer.Failed failed => Problems.NotPossible.Because(failed.Why),
            SourceAnswer.Busy => Problems.NotPossible.Because("It is being read already."),
            _ => NotSetUp(),
        };

    /// <summary>Rows of the source that could not be taken in, with why</summary>
    /// <param name="cursor">Where to go on, as an earlier answer said.</param>
    /// <param name="limit">At most this many, 1 to 500; 50 if nothing is said.</param>
    public static async Task<Results<Ok<Part<RefusalDocument>>, ProblemHttpResult>> RefusedAsync(string? cursor, int? limit, Visit visit, ISourceStore sources, CancellationToken cancel)
    {
        var faults = new Faults();
        var (size, at) = faults.Part(cursor, limit);
        if (at is { Backwards: true } or { Number: not 0 }) faults.Add("cursor", cursor, "must be a cursor that an earlier answer gave", Fault.Query);
        if (faults.Problem is { } problem) return problem;
        var found = await sources.ListRefusalsAsync(visit.Organisation.OrganisationId, at?.Id, size, cancel);
        var next = found.Count == size ? new ListCursor(Backwards: false, 0, found[^1].ClaimId).Text : null;
        return TypedResults.Ok(new Part<RefusalDocument>([.. found.Select(RefusalDocument.Of)], next, Previous: null));
    }

    private static ProblemHttpResult NotSetUp() => Problems.NotSetUp.Because("Claims of the organisation are not read from anywhere, or the source is off.");

    private static async Task<bool> HasConnectionAsync(IStore store, string organisationId, CancellationToken cancel) =>
        (await store.ListSecretsAsync(organisationId, cancel)).Any(secret => secret.Name == SourceSettings.Secret);
}
