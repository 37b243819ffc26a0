using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Forms;
using PayOnce.App.Output;
using PayOnce.App.Server;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>What to export now.</summary>
/// <param name="WhenBusy">While somebody else runs: <c>reject</c> says so and starts nothing, <c>queue</c> waits for its turn.</param>
/// <param name="From">First day of approval, in the organisation's time zone.</param>
/// <param name="To">Last day of approval, included.</param>
/// <param name="Limit">At most this many claims, oldest approval first.</param>
/// <param name="ClaimId">This claim alone.</param>
/// <param name="StopWhenRejected">The run is stopped once more than this many claims were rejected.</param>
internal sealed record SyncBody(WhenBusy WhenBusy = WhenBusy.Reject, DateOnly? From = null, DateOnly? To = null, int? Limit = null, string? ClaimId = null, int? StopWhenRejected = null);

/// <summary>What a dry run is about: as for a run.</summary>
internal sealed record DryRunBody(DateOnly? From = null, DateOnly? To = null, int? Limit = null, string? ClaimId = null);

/// <summary>What a run would export now. Nothing was sent and nothing was marked.</summary>
/// <param name="Sample">The beginning of the file, or of the first request, at most 4 KiB.</param>
internal sealed record DryRunAnswer(string OrganisationId, long Claims, long Lines, long Bytes, IReadOnlyList<AmountDocument> ControlTotals, IReadOnlyList<RejectionDocument> Rejections, string Sample, IReadOnlyList<YearWarningDocument> YearWarnings);

/// <summary>Export now.</summary>
internal static class Sync
{
    public const string KeyText = "A name of your own for this order, 1 to 255 printable ASCII characters: the same order under it again gets the first answer and starts nothing.";

    public static void Map(IEndpointRouteBuilder organisation)
    {
        organisation.MapPost("/sync", StartAsync).WithName("startSync").WithTags("Runs").Needs(Permission.Sync)
            .Refuses(Problems.BadInput, Problems.Busy, Problems.Paused, Problems.NotSetUp, Problems.KeyUsed);
        organisation.MapPost("/sync/dry-run", DryRunAsync).WithName("dryRun").WithTags("Runs").Needs(Permission.Sync).RequireRateLimiting(RateLimits.Heavy)
            .Refuses(Problems.BadInput, Problems.NotSetUp);
    }

    /// <summary>Export what is approved and was not exported yet</summary>
    /// <remarks>
    /// Puts a request into the organisation's queue and answers with its address; poll it, or follow the run's events. With
    /// <c>Prefer: wait=5</c> the answer waits up to that many seconds (10 at most) until the run has a number or the request is over.
    /// </remarks>
    /// <response code="202">The request, wherever it is now. Its address stands in Location.</response>
    public static async Task<Results<Accepted<RequestDocument>, ProblemHttpResult>> StartAsync(
        SyncBody body,
        [FromHeader(Name = Idempotency.Header), Description(KeyText)] string? key,
        HttpContext http,
        Visit visit,
        IStore store,
        IRequestStore requests,
        INode node,
        CancellationToken cancel)
    {
        var scope = new RequestScope { From = body.From, To = body.To, Limit = body.Limit, ClaimId = body.ClaimId, StopWhenRejected = body.StopWhenRejected };
        if (Wrong(scope, key).Problem is { } problem) return problem;
        var id = visit.Organisation.OrganisationId;
        if (await store.FindIntegrationAsync(id, cancel) is null) return NoIntegration();
        var order = new RunOrder(id, RequestKind.Sync, RunTrigger.Manual, visit.Actor) { Scope = scope, WhenBusy = body.WhenBusy, IdempotencyKey = key };
        return await Orders.QueueAsync(http, visit, requests, node, order, cancel);
    }

    /// <summary>Say what a run would export now</summary>
    /// <remarks>Renders everything the run would be about and checks it. Nothing is sent, nothing is marked.</remarks>
    public static async Task<Results<Ok<DryRunAnswer>, ProblemHttpResult>> DryRunAsync(DryRunBody body, Visit visit, ExportEngine engine, FormDesk desk, CancellationToken cancel)
    {
        var scope = new RequestScope { From = body.From, To = body.To, Limit = body.Limit, ClaimId = body.ClaimId };
        if (Wrong(scope, key: null).Problem is { } problem) return problem;
        var request = new RunRequest(visit.Organisation.OrganisationId, visit.Actor) { From = body.From, To = body.To, Limit = body.Limit, ClaimId = body.ClaimId };
        return await engine.DryRunAsync(request, cancel) switch
        {
            DryRunOutcome.Rendered { Report: var report } => TypedResults.Ok(new DryRunAnswer(
                request.OrganisationId, report.Claims, report.Lines, report.Bytes, AmountDocument.Of(report.ControlTotals), [.. report.Rejections.Select(RejectionDocument.Of)],
                System.Text.Encoding.UTF8.GetString(report.Sample.Span), [.. (await desk.WaitingWarningsAsync(visit, cancel)).Select(YearWarningDocument.Of)])),
            DryRunOutcome.NotReady { Problems: var problems } => NotReady(problems),
            _ => throw new InvalidOperationException("Unknown outcome of a dry run."),
        };
    }

    public static ProblemHttpResult NoIntegration() => Problems.NotSetUp.Because("The organisation has no integration yet.");

    public static ProblemHttpResult NotReady(IReadOnlyList<Problem> problems) => Problems.NotSetUp.Because(errors: [.. problems.Select(each => Fault.Of(each, "settings"))]);

    private static Faults Wrong(RequestScope scope, string? key)
    {
        const int longestId = 64;
        var faults = new Faults().Period(scope.From, scope.To, Fault.Body);
        if (scope.Limit is < 1) faults.Add("limit", scope.Limit.Value.ToString(CultureInfo.InvariantCulture), "must be at least 1");
        if (scope.StopWhenRejected is < 0) faults.Add("stopWhenRejected", scope.StopWhenRejected.Value.ToString(CultureInfo.InvariantCulture), "must not be negative");
        if (scope.ClaimId is { } claim) faults.Words("claimId", claim, longestId);
        Idempotency.Check(faults, key);
        return faults;
    }
}
