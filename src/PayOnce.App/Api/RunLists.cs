using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Server;
using PayOnce.Guard;
using PayOnce.History;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>A claim that a run took, as the run left it.</summary>
/// <param name="State">What became of it in this run: <c>reserved</c>, <c>exported</c>, <c>rejected</c>, <c>in_doubt</c> or <c>released</c>.</param>
/// <param name="Batch">The batch it travelled in; null where it did not travel.</param>
/// <param name="ClaimantId">Null, like currency and amount, for a claim that was never taken in.</param>
/// <param name="Evidence"><c>in_file</c>, <c>received</c> or <c>booked</c>.</param>
/// <param name="Acknowledgement">The accounting system's own id or voucher number; null where the run made a file, which is the acknowledgement.</param>
/// <param name="LaterRunId">The run that took it again since.</param>
internal sealed record RunClaimRow(
    string ClaimId, string State, int? Batch, string? ClaimantId, string? Currency, long? TotalMinor, string? Evidence, string? Acknowledgement, string? Reason, DateTimeOffset? ChangedAt, long? LaterRunId)
{
    public static RunClaimRow Of(RunClaim claim) => new(
        claim.ClaimId, claim.State.Text(), claim.Batch > 0 ? claim.Batch : null, claim.ClaimantId, claim.Currency, claim.TotalMinor, claim.Evidence?.Text(), claim.Acknowledgement, claim.Reason,
        claim.ChangedAt, claim.LaterRunId);
}

/// <summary>What the accounting system gave back for one claim of a run.</summary>
/// <param name="Acknowledgement">Its own id or voucher number; where the run made a file, the file's name and checksum.</param>
internal sealed record AcknowledgementDocument(string ClaimId, string Evidence, string? Acknowledgement, DateTimeOffset? At);

/// <summary>A claim that a run left out, with the reason.</summary>
internal sealed record RejectedRow(string ClaimId, string? Currency, long? TotalMinor, string? Reason, long? LaterRunId);

/// <summary>A claim of the run's scope that an earlier run holds: it was not sent again.</summary>
/// <param name="RunId">The run that holds it.</param>
internal sealed record DuplicateRow(string ClaimId, string State, long RunId, string Currency, long TotalMinor, string? Acknowledgement, DateTimeOffset ChangedAt);

/// <summary>One try to deliver one batch.</summary>
/// <param name="Outcome"><c>accepted</c>, <c>refused</c> or <c>unknown</c>; null while it is not known how it ended.</param>
/// <param name="Error">What went wrong, with secrets removed.</param>
internal sealed record TryDocument(
    long RunId, int Batch, int Try, int? Claims, string? BytesHash, DateTimeOffset? ReservedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, string? Outcome, int? HttpStatus, string? Error)
{
    public static TryDocument Of(BatchTry each) => new(
        each.RunId, each.Batch, each.Try, each.Claims, each.BytesHash, each.ReservedAt, each.StartedAt, each.FinishedAt, each.Outcome?.Text(), each.HttpStatus, each.Error);
}

/// <summary>What one run did, list by list.</summary>
internal static class RunLists
{
    private static readonly Dictionary<string, RunClaims> States = new(StringComparer.Ordinal)
    {
        ["reserved"] = RunClaims.Reserved, ["exported"] = RunClaims.Exported, ["received"] = RunClaims.Received, ["booked"] = RunClaims.Booked,
        ["in_doubt"] = RunClaims.InDoubt, ["rejected"] = RunClaims.Rejected, ["released"] = RunClaims.Released,
    };

    public static void Map(IEndpointRouteBuilder organisation)
    {
        var run = organisation.MapGroup("/runs/{run:long:min(1)}").WithTags("Runs");
        run.MapGet("/claims", ClaimsAsync).WithName("listRunClaims").Needs(Permission.Read).Refuses(Problems.BadInput, Problems.NotFound);
        run.MapGet("/acknowledgements", AcknowledgementsAsync).WithName("listRunAcknowledgements").Needs(Permission.Read).Refuses(Problems.BadInput, Problems.NotFound);
        run.MapGet("/rejected", RejectedAsync).WithName("listRunRejected").Needs(Permission.Read).Refuses(Problems.BadInput, Problems.NotFound);
        run.MapGet("/skipped-duplicates", DuplicatesAsync).WithName("listRunSkippedDuplicates").Needs(Permission.Read).Refuses(Problems.BadInput, Problems.NotFound);
        run.MapGet("/attempts", AttemptsAsync).WithName("listRunAttempts").Needs(Permission.Read).Refuses(Problems.BadInput, Problems.NotFound);
    }

    /// <summary>The claims that a run took</summary>
    /// <param name="state">Only those: reserved, exported (whatever the evidence), received, booked, in_doubt, rejected, released.</param>
    /// <param name="cursor">Where to go on, as an earlier answer said.</param>
    /// <param name="limit">At most this many, 1 to 500; 50 if nothing is said.</param>
    public static Task<Results<Ok<Part<RunClaimRow>>, ProblemHttpResult>> ClaimsAsync(long run, string? state, string? cursor, int? limit, Visit visit, IStore store, IHistoryStore history, CancellationToken cancel) =>
        PartAsync(run, cursor, limit, visit, store, faults => faults.OneOf("state", state, States.Keys), async (id, part) =>
            (await history.PageRunClaimsAsync(id, run, state is null ? RunClaims.All : States[state], part, cancel)).As(RunClaimRow.Of), cancel);

    /// <summary>What the accounting system gave back, claim by claim</summary>
    /// <param name="cursor">Where to go on, as an earlier answer said.</param>
    /// <param name="limit">At most this many, 1 to 500; 50 if nothing is said.</param>
    public static Task<Results<Ok<Part<AcknowledgementDocument>>, ProblemHttpResult>> AcknowledgementsAsync(long run, string? cursor, int? limit, Visit visit, IStore store, IHistoryStore history, CancellationToken cancel) =>
        PartAsync(run, cursor, limit, visit, store, null, async (id, part) =>
        {
            var file = await store.FindFileAsync(id, run, cancel);
            var ofFile = file is null ? null : $"{file.Name} sha256:{file.Sha256}";
            return (await history.PageRunClaimsAsync(id, run, RunClaims.Exported, part, cancel)).As(claim =>
                new AcknowledgementDocument(claim.ClaimId, (claim.Evidence ?? Evidence.InFile).Text(), claim.Acknowledgement ?? ofFile, claim.ChangedAt));
        }, cancel);

    /// <summary>The claims that a run rejected, each with its reason</summary>
    /// <param name="cursor">Where to go on, as an earlier answer said.</param>
    /// <param name="limit">At most this many, 1 to 500; 50 if nothing is said.</param>
    public static Task<Results<Ok<Part<RejectedRow>>, ProblemHttpResult>> RejectedAsync(long run, string? cursor, int? limit, Visit visit, IStore store, IHistoryStore history, CancellationToken cancel) =>
        PartAsync(run, cursor, limit, visit, store, null, async (id, part) =>
            (await history.PageRunClaimsAsync(id, run, RunClaims.Rejected, part, cancel)).As(claim => new RejectedRow(claim.ClaimId, claim.Currency, claim.TotalMinor, claim.Reason, claim.LaterRunId)), cancel);

    /// <summary>The claims that a run skipped, since an earlier run has them</summary>
    /// <param name="cursor">Where to go on, as an earlier answer said.</param>
    /// <param name="limit">At most this many, 1 to 500; 50 if nothing is said.</param>
    public static Task<Results<Ok<Part<DuplicateRow>>, ProblemHttpResult>> DuplicatesAsync(long run, string? cursor, int? limit, Visit visit, IStore store, IHistoryStore history, CancellationToken cancel) =>
        PartAsync(run, cursor, limit, visit, store, null, async (id, part) =>
            (await history.PageRunDuplicatesAsync(id, run, part, cancel)).As(each =>
                new DuplicateRow(each.ClaimId, each.State.Text(), each.RunId, each.Currency, each.TotalMinor, each.Acknowledgement, each.ChangedAt)), cancel);

    /// <summary>A run's attempts, newest first</summary>
    /// <param name="cursor">Where to go on, as an earlier answer said.</param>
    /// <param name="limit">At most this many, 1 to 500; 50 if nothing is said.</param>
    public static Task<Results<Ok<Part<TryDocument>>, ProblemHttpResult>> AttemptsAsync(long run, string? cursor, int? limit, Visit visit, IStore store, IHistoryStore history, CancellationToken cancel) =>
        PartAsync(run, cursor, limit, visit, store, null, async (id, part) => (await history.PageRunTriesAsync(id, run, part, cancel)).As(TryDocument.Of), cancel);

    private static async Task<Results<Ok<Part<T>>, ProblemHttpResult>> PartAsync<T>(
        long run, string? cursor, int? limit, Visit visit, IStore store, Action<Faults>? check, Func<string, ListRequest, Task<Part<T>>> read, CancellationToken cancel)
    {
        var faults = new Faults();
        check?.Invoke(faults);
        var part = faults.Part(cursor, limit);
        if (faults.Problem is { } problem) return problem;
        var id = visit.Organisation.OrganisationId;
        return await store.FindRunAsync(id, run, cancel) is null ? Problems.NotFound.Because() : TypedResults.Ok(await read(id, part));
    }
}
