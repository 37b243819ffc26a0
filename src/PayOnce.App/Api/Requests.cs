using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Server;
using PayOnce.History;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>A request for a run: in the queue, being carried out, or over.</summary>
/// <param name="Kind"><c>sync</c>, <c>re-export</c> or <c>reconcile</c>.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>done</c>, <c>refused</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Trigger">What asked: <c>manual</c>, <c>schedule</c>, <c>re-export</c> or <c>reconcile</c>.</param>
/// <param name="All">For a reconcile: the whole history is compared.</param>
/// <param name="Attempt">How often it was taken: more than once after a server died or was stopped.</param>
/// <param name="RunId">The run; null while there is none.</param>
/// <param name="Outcome">How it ended; null until then.</param>
/// <param name="Ahead">When it was asked for: how many requests come first.</param>
/// <param name="Pause">When it was asked for: why nothing starts yet.</param>
internal sealed record RequestDocument(
    string OrganisationId,
    long RequestId,
    string Kind,
    string State,
    string Trigger,
    string Actor,
    string WhenBusy,
    DateOnly? From,
    DateOnly? To,
    int? Limit,
    string? ClaimId,
    bool All,
    int Attempt,
    long? RunId,
    DateTimeOffset AskedAt,
    DateTimeOffset? TakenAt,
    DateTimeOffset? EndedAt,
    JsonElement? Outcome,
    int? Ahead = null,
    PauseDocument? Pause = null)
{
    public static RequestDocument Of(StoredRequest request) => new(
        request.OrganisationId, request.RequestId, request.Kind.Text(), request.State.Text(), request.Trigger.Text(), request.Actor, request.WhenBusy.Text(),
        request.Scope.From, request.Scope.To, request.Scope.Limit, request.Scope.ClaimId, request.Scope.All, request.Attempt, request.RunId,
        request.AskedAt, request.TakenAt, request.EndedAt, request.OutcomeJson is { } json ? Json.Read(json) : null);
}

/// <summary>Requests for runs: what became of a sync that was asked for.</summary>
internal static class Requests
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var requests = organisation.MapGroup("/requests").WithTags("Runs");
        requests.MapGet("", ListAsync).WithName("listRequests").Needs(Permission.Read).Refuses(Problems.BadInput);
        requests.MapGet("/{request:long:min(1)}", FindAsync).WithName("getRequest").Needs(Permission.Read).Refuses(Problems.NotFound);
        requests.MapDelete("/{request:long:min(1)}", CancelAsync).WithName("cancelRequest").Needs(Permission.Sync).Refuses(Problems.NotFound, Problems.NotPossible);
    }

    /// <summary>The requests for runs, newest first</summary>
    /// <param name="cursor">Where to go on, as an earlier answer said.</param>
    /// <param name="limit">At most this many, 1 to 500; 50 if nothing is said.</param>
    public static async Task<Results<Ok<Part<RequestDocument>>, ProblemHttpResult>> ListAsync(string? cursor, int? limit, Visit visit, IRequestStore requests, CancellationToken cancel)
    {
        var faults = new Faults();
        var (size, before) = faults.PartBefore(cursor, limit);
        if (faults.Problem is { } problem) return problem;
        var found = await requests.ListRequestsAsync(visit.Organisation.OrganisationId, before, size, cancel);
        return TypedResults.Ok(Parts.Before([.. found.Select(RequestDocument.Of)], size, request => request.RequestId));
    }

    /// <summary>One request for a run</summary>
    public static async Task<Results<Ok<RequestDocument>, ProblemHttpResult>> FindAsync(long request, Visit visit, IRequestStore requests, CancellationToken cancel) =>
        await requests.FindRequestAsync(visit.Organisation.OrganisationId, request, cancel) is { } found ? TypedResults.Ok(RequestDocument.Of(found)) : Problems.NotFound.Because();

    /// <summary>Take a request that waits out of the queue</summary>
    /// <remarks>One that runs already is ended by stopping its run.</remarks>
    public static async Task<Results<NoContent, ProblemHttpResult>> CancelAsync(long request, Visit visit, IRequestStore requests, CancellationToken cancel) =>
        await requests.CancelRequestAsync(visit.Organisation.OrganisationId, request, visit.Actor, cancel) switch
        {
            CancelAnswer.Cancelled => TypedResults.NoContent(),
            CancelAnswer.NotWaiting { Request: var found } => Problems.NotPossible.Because(found.State == RequestState.Running ? "It runs already: stop its run." : $"It is over: {found.State.Text()}."),
            _ => Problems.NotFound.Because(),
        };
}

/// <summary>JSON that a store or the engine keeps as text.</summary>
internal static class Json
{
    public static JsonElement Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
