using System.Threading.Channels;
using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Stores;

namespace PayOnce.Runs;

/// <summary>
/// The reserving part of a run over an API (P1): a page of several batches in one commit, ahead of the senders. What is reserved
/// and was not started provably never left, so running ahead costs no doubt.
/// </summary>
internal sealed class ReserveAhead(RunScene scene, IAccountingApi api, ProgressMeter meter)
{
    /// <summary>Claims in one reserve: below 1,000 the statement's own cost shows, above it the senders wait for the first page (docs/benchmarks.md).</summary>
    private const int ClaimsPerPage = 1_000;

    private readonly Channel<ReadyBatch> ready = Channel.CreateBounded<ReadyBatch>(new BoundedChannelOptions(Math.Max(2 * api.Parallel, ClaimsPerPage / api.ClaimsPerBatch)) { SingleWriter = true });
    private readonly List<ReadyBatch> overflow = [];
    private readonly List<ClaimRejection> rejections = [];

    /// <summary>Batches to send, in their order; completed when there are no more.</summary>
    public ChannelReader<ReadyBatch> Ready => ready.Reader;

    public IReadOnlyList<ClaimRejection> Rejections => rejections;

    public bool FencedOff { get; private set; }

    /// <summary>A person stopped it while candidates were left.</summary>
    public bool Stopped { get; private set; }

    /// <summary>No more is wanted: what is reserved and not taken yet is <see cref="Leftover"/>.</summary>
    public void End() => ready.Writer.TryComplete();

    /// <summary>What was reserved and nobody took. Call when the run has ended.</summary>
    public IEnumerable<ReadyBatch> Leftover()
    {
        while (ready.Reader.TryRead(out var batch)) yield return batch;
        foreach (var batch in overflow) yield return batch;
    }

    /// <summary>Reserves to the end of the scope, or until somebody ends it.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            PageCursor? after = null;
            var batch = 1;
            var voucher = scene.Lease.FirstVoucher;
            var perPage = Math.Max(1, ClaimsPerPage / api.ClaimsPerBatch) * api.ClaimsPerBatch;
            for (var remaining = scene.Scope.Limit ?? long.MaxValue; remaining > 0;)
            {
                Stopped = stop.IsCancellationRequested;
                if (Stopped) return;
                var size = (int)Math.Min(perPage, remaining);
                var end = await scene.Store.FindPageEndAsync(scene.Lease.OrganisationId, scene.Scope, after, size, CancellationToken.None);
                var request = new ReserveRequest(scene.Scope, batch, after, size, api.ClaimsPerBatch, voucher + size - 1);
                if (!await ReserveAsync(request, voucher)) return;
                if (end is null) return;
                after = end;
                remaining -= size;
                voucher += size;
                batch += (size + api.ClaimsPerBatch - 1) / api.ClaimsPerBatch;
            }
        }
        finally
        {
            ready.Writer.TryComplete();
        }
    }

    /// <summary>False if there is nothing more to reserve or nobody to take it.</summary>
    private async Task<bool> ReserveAsync(ReserveRequest request, long firstVoucher)
    {
        var taken = new Dictionary<int, List<TakenClaim>>();
        RenderedBatch Render(int number, IReadOnlyList<ReservedClaim> claims)
        {
            taken[number] = [.. claims.Select(TakenClaimOf)];
            return api.Renderer.Render(claims, firstVoucher + (long)(number - request.Batch) * api.ClaimsPerBatch);
        }

        var answer = await scene.Steps.Around(StepNames.Reserve, () => scene.Store.ReserveAsync(scene.Lease, request, Render, CancellationToken.None));
        FencedOff = answer is ReserveAnswer.FencedOff;
        if (answer is not ReserveAnswer.Reserved reserved) return false;
        rejections.AddRange(reserved.Rejections);
        meter.Add(reserved.Rejections.Count + reserved.Duplicates.Count);
        var wanted = true;
        foreach (var (number, rendered) in reserved.Batches.Where(batch => batch.Rendered.Claims > 0))
        {
            var left = rendered.Rejections.Select(rejection => rejection.ClaimId).ToHashSet(StringComparer.Ordinal);
            var ready = new ReadyBatch(number, rendered.Bytes.ToArray(), [.. taken[number].Where(claim => !left.Contains(claim.Expected.ClaimId))]);
            wanted = await PutAsync(ready);
        }
        foreach (var batch in reserved.Batches) batch.Rendered.Dispose();
        return wanted;
    }

    private async Task<bool> PutAsync(ReadyBatch batch)
    {
        while (!ready.Writer.TryWrite(batch))
        {
            if (await ready.Writer.WaitToWriteAsync()) continue;
            overflow.Add(batch);
            return false;
        }
        return true;
    }

    private static TakenClaim TakenClaimOf(ReservedClaim reserved) => new(
        reserved.Generation, reserved.Attempt,
        new ExpectedClaim(reserved.Claim.ClaimId, reserved.ExportKey, reserved.Claim.ClaimantId, reserved.Claim.Currency, reserved.Claim.TotalMinor, reserved.Claim.ApprovedAt, SentSince: null));
}
