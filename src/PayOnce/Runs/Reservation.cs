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
    private readonly SemaphoreSlim turn = new(1, 1);
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

    public void Dispose() => turn.Dispose();

    private async Task ReserveInTurnAsync(CancellationToken stop)
    {
        try
        {
            while (await NextPageAsync(stop) is var (request, firstVoucher))
            {
                Take(request, await scene.Steps.Around(StepNames.Reserve, () => store.ReserveAsync(lease, request, (_, claims) => renderer.Render(claims, firstVoucher), CancellationToken.None)));
            }
        }
        catch
        {
            // The other worker must not go on for an hour before the fault is told.
            failed = true;
            throw;
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

    private void Take(ReserveRequest request, ReserveAnswer answer)
    {
        switch (answer)
        {
            case ReserveAnswer.Reserved reserved:
                var claims = reserved.Rejections.Count + reserved.Duplicates.Count;
                foreach (var batch in reserved.Batches)
                {
                    File.Add(batch.Batch, batch.Rendered);
                    claims += batch.Rendered.Claims;
                    batch.Rendered.Dispose();
                }
                if (reserved.Batches.Count == 0) File.Skip(request.Batch);
                lock (access) rejections.AddRange(reserved.Rejections);
                meter.Add(claims);
                break;
            case ReserveAnswer.NothingLeft:
                File.Skip(request.Batch);
                break;
            case ReserveAnswer.FencedOff:
                fencedOff = true;
                break;
            default:
                throw new InvalidOperationException("An answer of the store that the engine does not know.");
        }
    }
}
