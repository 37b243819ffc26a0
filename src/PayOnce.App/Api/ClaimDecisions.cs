using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Background;
using PayOnce.App.Output;
using PayOnce.App.Server;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <param name="Reason">Why it must go once more; stays in the audit trail.</param>
/// <param name="Confirm">The claim's id once more: it may be booked and paid twice.</param>
/// <param name="Generation">The exported generation that you saw. If a newer one was exported since, as by this very request before its answer was lost, nothing is made.</param>
internal sealed record ReExportBody(string Reason, string Confirm, int Generation);

/// <param name="Reason">Why the claim is approved no longer; stays with it and in the audit trail.</param>
internal sealed record WithdrawBody(string Reason);

/// <param name="ClaimIds">From 1 to 10,000 claims, each once.</param>
/// <param name="Reason">Why they are approved no longer; stays with them and in the audit trail.</param>
internal sealed record WithdrawManyBody(IReadOnlyList<string> ClaimIds, string Reason);

/// <param name="Decision"><c>exported</c>: it stands in the accounting system. <c>released</c>: it does not, and is sent again.</param>
/// <param name="Evidence">What was seen there, such as the voucher number; stays in the audit trail.</param>
/// <param name="Confirm">The claim's id once more.</param>
/// <param name="Seen">The doubt that you looked into, as it was listed. If the claim was sent anew since, nothing is settled.</param>
internal sealed record DecisionBody(Settlement Decision, string Evidence, string Confirm, DoubtSeen Seen);

/// <summary>How a person settles a claim in doubt.</summary>
internal enum Settlement
{
    /// <summary>It stands in the accounting system.</summary>
    Exported,

    /// <summary>It does not, and is sent again.</summary>
    Released,
}

/// <summary>A claim goes out once more.</summary>
/// <param name="Generation">Counted from 0 for the first export.</param>
/// <param name="ExportKey">The new generation's own.</param>
internal sealed record ReExportAnswerDocument(string OrganisationId, string ClaimId, int Generation, string ExportKey, RequestDocument Request);

/// <summary>What a person decides about one claim.</summary>
internal static class ClaimDecisions
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        organisation.MapPost("/claims/withdraw", WithdrawManyAsync).WithTags("Claims").WithName("withdrawClaims").Needs(Permission.BringClaims).RequireRateLimiting(RateLimits.Heavy).Refuses(Problems.BadInput, Problems.TooLarge);
        var claim = organisation.MapGroup("/claims/{claim}").WithTags("Claims");
        claim.MapPost("/re-export", ReExportAsync).WithName("reExportClaim").Needs(Permission.Decide).Refuses(Problems.BadInput, Problems.NotFound, Problems.NotPossible, Problems.KeyUsed);
        claim.MapPost("/withdraw", WithdrawAsync).WithName("withdrawClaim").Needs(Permission.BringClaims).Refuses(Problems.BadInput, Problems.NotFound, Problems.NotPossible);
        claim.MapPost("/decision", DecideAsync).WithName("decideClaim").Needs(Permission.Decide).Refuses(Problems.BadInput, Problems.NotFound, Problems.NotPossible);
    }

    /// <summary>Force a claim's re-export</summary>
    /// <remarks>
    /// The one way in which PayOnce pays twice on purpose: a new generation with a key of its own, and a request for a run of it. The same
    /// request again makes nothing new, with an Idempotency-Key or without: until the new generation is sent it is answered alike, and
    /// afterwards it is refused, since the generation you saw is not the newest any more.
    /// </remarks>
    /// <response code="202">The claim waits as a new generation; the request's address stands in Location.</response>
    public static async Task<Results<Accepted<ReExportAnswerDocument>, ProblemHttpResult>> ReExportAsync(
        string claim,
        ReExportBody body,
        [FromHeader(Name = Idempotency.Header), Description(Sync.KeyText)] string? key,
        HttpContext http,
        Visit visit,
        IStore store,
        IRequestStore requests,
        INode node,
        RequestSignal dispatcher,
        CancellationToken cancel)
    {
        var (id, claimId) = (visit.Organisation.OrganisationId, ClaimIds.Of(http, claim));
        var faults = new Faults().Words("reason", body.Reason).Repeats("confirm", body.Confirm, claimId).NotNegative("generation", body.Generation);
        Idempotency.Check(faults, key);
        if (faults.Problem is { } problem) return problem;
        if (await store.FindClaimAsync(id, claimId, cancel) is null) return Problems.NotFound.Because();

        var order = ReExports.Order(id, claimId, body.Generation + 1, visit.Actor, key);
        // A generation is made by the guard, and not by the queue: a key that came before must be known before anything is made.
        if (key is not null && await requests.FindRequestByKeyAsync(id, key, cancel) is { } earlier)
            return earlier.Kind == order.Kind && earlier.Scope == order.Scope ? Accepted(order, earlier) : Problems.KeyUsed.Because();
        if (await new DoubleExportGuard(store).ForceReExportAsync(id, claimId, body.Reason, body.Confirm, visit.Actor, cancel, body.Generation) is GuardAnswer<ReExportAnswer.Requested>.Refused refused
            && !await ReExports.WasMadeAsync(store, id, claimId, body.Generation + 1, cancel))
        {
            return Problems.Of(refused.Problem);
        }
        // Not cancelled by a caller who goes away: the generation is there, and so shall its run be.
        var answer = await requests.QueueRequestAsync(order, node.IsGone, CancellationToken.None);
        dispatcher.Work.Wake();
        return answer switch
        {
            QueueAnswer.Queued queued => Accepted(order, queued.Request),
            QueueAnswer.Repeated repeated => Accepted(order, repeated.Request),
            // Nothing is lost: the claim waits, and the next run takes it.
            QueueAnswer.Conflict => Problems.KeyUsed.Because("The claim waits as a new generation all the same; the next run takes it."),
            _ => throw new InvalidOperationException("An order that may wait was refused."),
        };
    }

    /// <summary>Withdraw a claim that is approved no longer</summary>
    /// <remarks>
    /// No run takes it until it is taken in again, with equal content or other: that approves it again. The same request again changes
    /// nothing. A claim that a run has or has exported is refused, and the run is named.
    /// </remarks>
    public static async Task<Results<Ok<WithdrawnDocument>, ProblemHttpResult>> WithdrawAsync(string claim, WithdrawBody body, HttpContext http, Visit visit, IStore store, CancellationToken cancel)
    {
        var (id, claimId) = (visit.Organisation.OrganisationId, ClaimIds.Of(http, claim));
        if (new Faults().Words("reason", body.Reason).Problem is { } problem) return problem;
        if (await store.FindClaimAsync(id, claimId, cancel) is null) return Problems.NotFound.Because();
        return await new DoubleExportGuard(store).WithdrawAsync(id, claimId, body.Reason, visit.Actor, cancel) switch
        {
            GuardAnswer<Withdrawal>.Done { Value: var withdrawal } => TypedResults.Ok(new WithdrawnDocument(id, claimId, WithdrawalDocument.Of(withdrawal))),
            GuardAnswer<Withdrawal>.Refused refused => Problems.Of(refused.Problem),
            _ => throw new InvalidOperationException("Unknown answer of the guard."),
        };
    }

    /// <summary>Withdraw several claims that are approved no longer</summary>
    /// <remarks>
    /// In one step, but each for itself: what a run has or has exported, and what there is not, is named and stays as it is. The same
    /// request again changes nothing.
    /// </remarks>
    /// <response code="200">What became of each claim. Those that are not refused are withdrawn.</response>
    public static async Task<Results<Ok<ClaimsWithdrawnDocument>, ProblemHttpResult>> WithdrawManyAsync(WithdrawManyBody body, Visit visit, IStore store, ApiLimits limits, CancellationToken cancel)
    {
        var faults = new Faults().Words("reason", body.Reason);
        if (body.ClaimIds.Count == 0 || body.ClaimIds.Count > limits.MostInBulk || body.ClaimIds.Any(string.IsNullOrEmpty)) faults.Add("claimIds", null, FormattableString.Invariant($"must be from 1 to {limits.MostInBulk} ids of claims"));
        else if (body.ClaimIds.GroupBy(each => each, StringComparer.Ordinal).FirstOrDefault(each => each.Count() > 1) is { } twice) faults.Add("claimIds", twice.Key, "stands twice; it must stand once");
        if (faults.Problem is { } problem) return problem;
        return await new DoubleExportGuard(store).WithdrawAsync(visit.Organisation.OrganisationId, body.ClaimIds, body.Reason, visit.Actor, cancel) switch
        {
            GuardAnswer<IReadOnlyList<WithdrawOutcome>>.Done { Value: var outcomes } => TypedResults.Ok(ClaimsWithdrawnDocument.Of(visit.Organisation.OrganisationId, body.ClaimIds, outcomes)),
            GuardAnswer<IReadOnlyList<WithdrawOutcome>>.Refused refused => Problems.Of(refused.Problem),
            _ => throw new InvalidOperationException("Unknown answer of the guard."),
        };
    }

    /// <summary>Settle a claim in doubt, after somebody looked in the accounting system</summary>
    public static async Task<Results<Ok<ResolvedDocument>, ProblemHttpResult>> DecideAsync(string claim, DecisionBody body, HttpContext http, Visit visit, IStore store, CancellationToken cancel)
    {
        var (id, claimId) = (visit.Organisation.OrganisationId, ClaimIds.Of(http, claim));
        if (new Faults().Words("evidence", body.Evidence).Repeats("confirm", body.Confirm, claimId).NotNegative("seen.generation", body.Seen.Generation).NotNegative("seen.attempt", body.Seen.Attempt).Problem is { } problem) return problem;
        if (await store.FindClaimAsync(id, claimId, cancel) is null) return Problems.NotFound.Because();
        var state = body.Decision == Settlement.Exported ? MarkState.Exported : MarkState.Released;
        return await new DoubleExportGuard(store).DecideAsync(id, claimId, state, body.Evidence, visit.Actor, cancel, new DecisionDetails(body.Seen)) switch
        {
            GuardAnswer<Mark>.Done { Value: var before } => TypedResults.Ok(new ResolvedDocument(id, claimId, before.Generation, before.State.Text(), state.Text(), body.Evidence.Trim())),
            GuardAnswer<Mark>.Refused refused => Problems.Of(refused.Problem),
            _ => throw new InvalidOperationException("Unknown answer of the guard."),
        };
    }

    private static Accepted<ReExportAnswerDocument> Accepted(RunOrder order, StoredRequest request)
    {
        var (claimId, generation) = (order.Scope.ClaimId!, order.Scope.Generation!.Value);
        return TypedResults.Accepted(Orders.Address(request), new ReExportAnswerDocument(
            order.OrganisationId, claimId, generation, ExportKey.Derive(order.OrganisationId, claimId, generation), RequestDocument.Of(request)));
    }
}
