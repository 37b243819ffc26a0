using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.Runs;

/// <summary>
/// Looks each second, by the injected clock, whether somebody wants this process's run of an organisation to stop, and then cancels
/// the run's stop token. It may begin before the lease is taken: it looks for whatever run this process has.
/// </summary>
/// <remarks>A store that cannot be reached is asked again: the run itself will say what it thinks of that.</remarks>
public sealed class StopSignal : IAsyncDisposable
{
    /// <summary>How long a wish to stop may go unseen.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IRequestStore store;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource stop;
    private readonly CancellationTokenSource over = new();
    private readonly Task looking;

    /// <param name="holder">Who we are in the lease (<see cref="INode.Holder"/>).</param>
    /// <param name="stopWhenRejected">More rejected claims than this are a wish to stop too, written down as <see cref="RejectionLimit"/>; null for no such limit.</param>
    /// <param name="outer">Stops the run as well: Ctrl-C, or the host's own end.</param>
    public StopSignal(IRequestStore store, string organisationId, string holder, TimeProvider clock, int? stopWhenRejected, CancellationToken outer)
    {
        (this.store, this.clock) = (store, clock);
        stop = CancellationTokenSource.CreateLinkedTokenSource(outer);
        looking = LookAsync(organisationId, holder, stopWhenRejected);
    }

    /// <summary>For the run.</summary>
    public CancellationToken Token => stop.Token;

    public async ValueTask DisposeAsync()
    {
        over.Cancel();
        await looking;
        over.Dispose();
        stop.Dispose();
    }

    private async Task LookAsync(string organisationId, string holder, int? stopWhenRejected)
    {
        while (true)
        {
            try
            {
                await Task.Delay(Interval, clock, over.Token);
                if (await WishAsync(organisationId, holder, stopWhenRejected) is null) continue;
                stop.Cancel();
                return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (StoreUnavailableException)
            {
                // Asked again.
            }
        }
    }

    private async Task<StopWish?> WishAsync(string organisationId, string holder, int? stopWhenRejected)
    {
        if (await store.FindStopAsync(organisationId, holder, over.Token) is not { } run) return null;
        if (run.Stop is not null || stopWhenRejected is not { } most || run.Rejected <= most) return run.Stop;
        var answer = await store.RequestStopAsync(organisationId, run.RunId, RejectionLimit.By(most), over.Token);
        return (answer as StopAnswer.Asked)?.Wish;
    }
}
