using System.Globalization;
using PayOnce.Guard;
using PayOnce.History;
using PayOnce.Runs;

namespace PayOnce.Stores;

/// <summary>What the register says of one batch.</summary>
/// <param name="ClaimIds">In the order in which the batch took them.</param>
internal sealed record RegisteredBatch(int Batch, IReadOnlyList<string> ClaimIds);

/// <summary>A claim as it is now, for a run that took it.</summary>
/// <param name="Mark">The mark that the run has, or else the newest.</param>
internal sealed record RegisteredClaim(string ClaimId, Mark? Mark, string? ClaimantId, string? Currency, long? TotalMinor);

/// <summary>
/// A run's claims by the append-only register, which lists them batch by batch in the order in which they were taken: a page reads
/// its own batches and nothing else, and no index has to be kept for it.
/// </summary>
/// <param name="batches">Reads up to so many batches from a number on, in the direction of the walk; where only rejected claims are asked for, no batch that rejected none need be among them.</param>
/// <param name="registered">Reads claims without a batch behind (or before) an id, in the direction of the walk.</param>
/// <param name="look">Reads how claims are now, in their order.</param>
/// <param name="rejections">Reads what the run rejected of a batch.</param>
internal sealed class RunClaimsWalk(
    long runId,
    RunClaims which,
    ListRequest request,
    Func<int, bool, int, Task<IReadOnlyList<RegisteredBatch>>> batches,
    Func<string?, bool, int, Task<IReadOnlyList<RegisteredClaim>>> registered,
    Func<IReadOnlyList<string>, Task<IReadOnlyList<RegisteredClaim>>> look,
    Func<int, Task<IReadOnlyList<ClaimRejection>>> rejections)
{
    private const int SmallBatch = 500;
    private const int BatchesAtOnce = 10;
    private const int ClaimsAtOnce = 2_000;

    private readonly List<RunClaim> found = [];
    private readonly bool backwards = request.Backwards;

    private bool IsFull => found.Count > request.Size;

    public async Task<ListPage<RunClaim>> PageAsync()
    {
        // Those without a batch come first, as batch 0.
        if (!backwards && request.At is null or { Number: 0 }) await WalkRegisteredAsync(request.At?.Id);
        if (!IsFull && !(backwards && request.At is { Number: 0 })) await WalkBatchesAsync();
        if (!IsFull && backwards && request.At is { Number: > 0 }) await WalkRegisteredAsync(null);
        return ListPage<RunClaim>.Cut(request, found, claim => claim.Place);
    }

    private async Task WalkRegisteredAsync(string? from)
    {
        // A page's worth first: most pages end here, and a run may have refused thousands.
        for (var size = request.Size + 1; ; size = Math.Min(ClaimsAtOnce, size * 2))
        {
            var read = await registered(from, backwards, size);
            foreach (var claim in read)
            {
                if (Shown(Row(claim, batch: 0, claim.ClaimId, [])) is { } row) found.Add(row);
                if (IsFull) return;
            }
            if (read.Count < size) return;
            from = read[^1].ClaimId;
        }
    }

    private async Task WalkBatchesAsync()
    {
        var from = request.At is { Number: > 0 and <= int.MaxValue } at ? (int)at.Number : backwards ? int.MaxValue : 1;
        for (var atOnce = 1; !IsFull;)
        {
            var read = await batches(from, backwards, atOnce);
            foreach (var batch in read)
            {
                await WalkBatchAsync(batch);
                if (IsFull) return;
            }
            if (read.Count < atOnce) return;
            from = read[^1].Batch + (backwards ? -1 : 1);
            atOnce = read[^1].ClaimIds.Count < SmallBatch ? BatchesAtOnce : 1;
        }
    }

    private async Task WalkBatchAsync(RegisteredBatch batch)
    {
        var ids = batch.ClaimIds;
        var inside = request.At is { } at && at.Number == batch.Batch && int.TryParse(at.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : (int?)null;
        // Places from 1.
        var next = backwards ? (inside ?? ids.Count + 1) - 1 : (inside ?? 0) + 1;
        IReadOnlyList<ClaimRejection>? rejected = null;
        for (var size = request.Size + 1; next >= 1 && next <= ids.Count; size = Math.Min(ClaimsAtOnce, size * 2))
        {
            var count = Math.Min(size, backwards ? next : ids.Count - next + 1);
            var places = Enumerable.Range(0, count).Select(i => backwards ? next - i : next + i).ToList();
            var claims = await look(places.ConvertAll(each => ids[each - 1]));
            for (var i = 0; i < claims.Count; i++)
            {
                var claim = claims[i];
                // Taken again by the same run: it stands with its last batch.
                if (claim.Mark is { } mark && mark.RunId == runId && mark.Batch != batch.Batch) continue;
                if (claim.Mark?.RunId != runId) rejected ??= await rejections(batch.Batch);
                if (Shown(Row(claim, batch.Batch, places[i].ToString(CultureInfo.InvariantCulture), rejected ?? [])) is { } row) found.Add(row);
                if (IsFull) return;
            }
            next += backwards ? -count : count;
        }
    }

    private RunClaim Row(RegisteredClaim claim, int batch, string place, IReadOnlyList<ClaimRejection> rejected)
    {
        if (claim.Mark is { } mark && mark.RunId == runId)
        {
            return new RunClaim(claim.ClaimId, mark.State, batch, claim.ClaimantId, claim.Currency, claim.TotalMinor, mark.Evidence, mark.Acknowledgement, mark.Reason, mark.ChangedAt, LaterRunId: null)
            { Place = (batch, place) };
        }
        // A later run has it: this one rejected it or gave it back.
        var refusal = rejected.FirstOrDefault(each => each.ClaimId == claim.ClaimId);
        return new RunClaim(
            claim.ClaimId, refusal is null ? MarkState.Released : MarkState.Rejected, batch, claim.ClaimantId, claim.Currency, claim.TotalMinor, Evidence: null, Acknowledgement: null,
            refusal is null ? null : StoredJson.Reason(refusal.Problem), ChangedAt: null, claim.Mark?.RunId is { } later && later > runId ? later : null)
        { Place = (batch, place) };
    }

    private RunClaim? Shown(RunClaim row) => which switch
    {
        RunClaims.All => true,
        RunClaims.Reserved => row.State == MarkState.Reserved,
        RunClaims.Exported => row.State == MarkState.Exported,
        RunClaims.Received => row.Evidence == Evidence.Received,
        RunClaims.Booked => row.Evidence == Evidence.Booked,
        RunClaims.InDoubt => row.State == MarkState.InDoubt,
        RunClaims.Rejected => row.State == MarkState.Rejected,
        RunClaims.Released => row.State == MarkState.Released,
        _ => throw new InvalidOperationException($"There is no choice of claims {which}."),
    } ? row : null;

    /// <summary>True where the run's counters say that there is no such claim.</summary>
    public static bool HasNone(Run run, RunClaims which) => which switch
    {
        RunClaims.Exported or RunClaims.Received or RunClaims.Booked => run.Counters.Exported == 0,
        RunClaims.InDoubt => run.Counters.InDoubt == 0,
        RunClaims.Rejected => run.Counters.Rejected == 0,
        RunClaims.Released => run.Counters.Released == 0,
        RunClaims.Reserved => run.State != RunState.Running,
        _ => false,
    };
}

/// <summary>Rejections of a run by reason.</summary>
internal static class RejectionGrouping
{
    private const int ExamplesEach = 3;

    public static RejectionGroups Group(IReadOnlyList<ClaimRejection> rejections)
    {
        var looked = rejections.Take(RejectionGroups.Most).ToList();
        return new(
            [
                .. looked.GroupBy(each => each.Problem.Rule, StringComparer.Ordinal)
                    .Select(group => new RejectionGroup(group.Key, group.Count(), [.. group.Take(ExamplesEach).Select(each => each.ClaimId)]))
                    .OrderByDescending(group => group.Claims).ThenBy(group => group.Reason, StringComparer.Ordinal),
            ],
            new RowCount(looked.Count, looked.Count < rejections.Count));
    }
}

/// <summary>Rows of the register as tries.</summary>
internal static class Tries
{
    /// <summary>One for each batch and try, newest first.</summary>
    public static IReadOnlyList<BatchTry> Of(IEnumerable<Attempt> rows) =>
    [
        .. rows.GroupBy(row => (row.RunId, row.Batch, row.Try)).OrderByDescending(each => each.Key).Select(each =>
        {
            var (reserved, started, finished) = (Step(each, AttemptStep.Reserved), Step(each, AttemptStep.Started), Step(each, AttemptStep.Finished));
            return new BatchTry(
                each.Key.RunId, each.Key.Batch, each.Key.Try, Claims: null, each.First().BytesHash, reserved?.At, started?.At, finished?.At, finished?.Outcome, finished?.HttpStatus, finished?.Error);
        }),
    ];

    private static Attempt? Step(IEnumerable<Attempt> rows, AttemptStep step) => rows.FirstOrDefault(row => row.Step == step);
}
