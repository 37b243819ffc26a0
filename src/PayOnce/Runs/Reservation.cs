using PayOnce.Exporters;
using PayOnce.Stores;

namespace PayOnce.Runs;

/// <summary>
/// The reserving part of a run (P1): batch after batch until no candidate of the scope is left, the limit is reached, or a person
/// stops it. Where the store gains by it, two batches are reserved at the same time behind one shared cursor.
/// </summary>
/// <remarks>
/// Where claims arrive while it runs, a page may overlap the next (the unique key decides) or fall short of it (the claims that
/// fall through go with the next run). Rejected claims wait again behind the cursor, so that one run tries each claim once.
/// </remarks>
internal sealed class Reservation(RunScene scene, int batchSize, IBatchRenderer renderer) : IDisposable
{
    private readonly IStore store = scene.Store;
    private readonly Lease lease = scene.Lease;
    private readonly ClaimScope scope = scene.Scope;
    private readonly ProgressMeter meter = new(scene);
    // Batches that are being reserved or wait in memory for an earlier one. Without a bound, one batch that is held up (a lock, a
    // slow disk) would have all that pass it kept in memory.
    private const int BatchesAhead = 4;

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly SemaphoreSlim ahead = new(BatchesAhead, BatchesAhead);
    private readonly Lock access = new();
    private readonly List<ClaimRejection> rejections = [];
    private PageCursor? cursor;
    private long remaining = scene.Scope.Limit ?? long.MaxValue;
    private bool exhausted;
    private bool fencedOff;
    private bool failed;

    /// <summary>The run's file as its batches add it up.</summary>
    public FileAssembly File { get; } = new(renderer);

    /// <summary>In the order of the batches' answers.</summary>
    public IReadOnlyList<ClaimRejection> Rejections => rejections;

    /// <summary>Batches given out.</summary>
    public int Batches { get; private set; }

    /// <summary>The highest voucher number given out.</summary>
    public long LastVoucher { get; private set; } = scene.Lease.FirstVoucher - 1;

    /// <summary>A person stopped it while candidates were left.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Reserves to the end. False if we were fenced off.</summary>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        if (scene.Candidates > 0) await Task.WhenAll(Enumerable.Range(0, store.ReserveConcurrency).Select(_ => ReserveInTurnAsync(stop)));
        return !fencedOff;
    }

    public void Dispose()
    {
        turn.Dispose();
        ahead.Dispose();
    }

    private async Task ReserveInTurnAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await ahead.WaitAsync();
                if (await NextPageAsync(stop) is not var (request, firstVoucher)) break;
                var answer = await scene.Steps.Around(StepNames.Reserve, () => store.ReserveAsync(lease, request, (_, claims) => renderer.Render(claims, firstVoucher), CancellationToken.None));
                if (Take(request, answer) is > 0 and var placed) ahead.Release(placed);
            }
        }
        catch
        {
            // The other worker must not go on for an hour before the fault is told.
            failed = true;
            throw;
        }
        finally
        {
            // Whoever leaves, for whatever reason, gives back the place they took: the other must not wait for it for ever.
            ahead.Release();
        }
    }

    // Under the turn: where the next page begins, its batch number and its voucher numbers.
    private async Task<(ReserveRequest Request, long FirstVoucher)?> NextPageAsync(CancellationToken stop)
    {
        await turn.WaitAsync();
        try
        {
            if (exhausted || fencedOff || failed || remaining <= 0) return null;
            if (stop.IsCancellationRequested)
            {
                Stopped = true;
                return null;
            }
            if (!await scene.Watch.RenewIfDueAsync())
            {
                fencedOff = true;
                return null;
            }
            var size = (int)Math.Min(batchSize, remaining);
            var request = new ReserveRequest(scope, ++Batches, cursor, size);
            var end = await store.FindPageEndAsync(lease.OrganisationId, scope, cursor, size, CancellationToken.None);
            cursor = end ?? cursor;
            exhausted = end is null;
            remaining -= size;
            var firstVoucher = LastVoucher + 1;
            LastVoucher += size;
            return (request, firstVoucher);
        }
        finally
        {
            turn.Release();
        }
    }

    // Returns how many places ahead are free again by it.
    private int Take(ReserveRequest request, ReserveAnswer answer)
    {
        switch (answer)
        {
            case ReserveAnswer.Reserved reserved:
                // A page of a file is one batch; none where every candidate was a duplicate.
                var batch = reserved.Batches.SingleOrDefault();
                var placed = batch is null ? File.Skip(request.Batch) : File.Add(batch.Batch, batch.Rendered);
                lock (access) rejections.AddRange(reserved.Rejections);
                meter.Add((batch?.Rendered.Claims ?? 0) + reserved.Rejections.Count + reserved.Duplicates.Count);
                batch?.Rendered.Dispose();
                return placed;
            case ReserveAnswer.NothingLeft:
                return File.Skip(request.Batch);
            case ReserveAnswer.FencedOff:
                fencedOff = true;
                return 1;
            default:
                throw new InvalidOperationException("An answer of the store that the engine does not know.");
        }
    }
}
