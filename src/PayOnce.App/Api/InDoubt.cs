using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Server;
using PayOnce.History;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>A claim in doubt: it was sent, or perhaps sent, and there is no proof either way.</summary>
/// <param name="Seen">Which doubt this is: a decision gives it back.</param>
/// <param name="ExportKey">What to look for in the accounting system.</param>
/// <param name="AbsentSince">Since when read-backs have not found it.</param>
/// <param name="LastTry">The newest try of its batch; null where the run made a file without one.</param>
internal sealed record DoubtDocument(
    string ClaimId, DoubtSeen Seen, string ExportKey, long RunId, string ClaimantId, string Currency, long TotalMinor, DateTimeOffset? AbsentSince, string? Reason, TryDocument? LastTry)
{
    public static DoubtDocument Of(DoubtRow row) => new(
        row.ClaimId, new DoubtSeen(row.Generation, row.Attempt, row.Since), row.ExportKey, row.RunId, row.ClaimantId, row.Currency, row.TotalMinor, row.AbsentSince, row.Reason, row.LastTry is { } last ? TryDocument.Of(last) : null);
}

/// <param name="All">Compare everything ever exported, not only what is in doubt or not booked yet.</param>
/// <param name="WhenBusy">While somebody else runs: <c>reject</c> says so and starts nothing, <c>queue</c> waits for its turn.</param>
internal sealed record ReconcileBody(bool All = false, WhenBusy WhenBusy = WhenBusy.Reject);

/// <summary>Claims in doubt, and asking the accounting system about them. A person's decision stands with the claim.</summary>
internal static class InDoubt
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        organisation.MapGet("/in-doubt", ListAsync).WithName("listInDoubt").WithTags("In doubt").Needs(Permission.Read).Refuses(Problems.BadInput);
        organisation.MapPost("/reconcile", ReconcileAsync).WithName("reconcile").WithTags("In doubt").Needs(Permission.Sync)
            .Refuses(Problems.BadInput, Problems.Busy, Problems.Paused, Problems.NotSetUp, Problems.KeyUsed);
    }

    /// <summary>The claims in doubt, those first that have been so longest</summary>
    /// <param name="cursor">Where to go on, as an earlier answer said.</param>
    /// <param name="limit">At most this many, 1 to 500; 50 if nothing is said.</param>
    public static async Task<Results<Ok<Part<DoubtDocument>>, ProblemHttpResult>> ListAsync(string? cursor, int? limit, Visit visit, IHistoryStore history, CancellationToken cancel)
    {
        var faults = new Faults();
        var part = faults.Part(cursor, limit);
        if (faults.Problem is { } problem) return problem;
        return TypedResults.Ok((await history.PageDoubtsAsync(visit.Organisation.OrganisationId, part, cancel)).As(DoubtDocument.Of));
    }

    /// <summary>Read back: ask the accounting system what it holds, and settle what is in doubt</summary>
    /// <remarks>Sends nothing. Also raises what was received to booked, and with <c>all</c> compares the whole history.</remarks>
    /// <response code="202">The request, wherever it is now. Its address stands in Location; its outcome tells what was found.</response>
    public static async Task<Results<Accepted<RequestDocument>, ProblemHttpResult>> ReconcileAsync(
        ReconcileBody body,
        [FromHeader(Name = Idempotency.Header), Description(Sync.KeyText)] string? key,
        HttpContext http,
        Visit visit,
        IStore store,
        IRequestStore requests,
        INode node,
        CancellationToken cancel)
    {
        var faults = new Faults();
        Idempotency.Check(faults, key);
        if (faults.Problem is { } problem) return problem;
        var id = visit.Organisation.OrganisationId;
        if (await store.FindIntegrationAsync(id, cancel) is null) return Sync.NoIntegration();
        var order = new RunOrder(id, RequestKind.Reconcile, RunTrigger.Reconcile, visit.Actor) { Scope = new RequestScope { All = body.All }, WhenBusy = body.WhenBusy, IdempotencyKey = key };
        return await Orders.QueueAsync(http, visit, requests, node, order, cancel);
    }
}
