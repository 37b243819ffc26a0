using System.Threading.Channels;

namespace PayOnce.App.Background;

/// <summary>Wakes this process's own worker at once, so that a click does not wait for the next look; other nodes look by themselves.</summary>
internal sealed class WorkSignal
{
    private readonly Channel<bool> woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Wake() => woken.Writer.TryWrite(true);

    /// <summary>Returns when woken, or after this time by the clock.</summary>
    /// <exception cref="OperationCanceledException">The host stops.</exception>
    public async Task WaitAsync(TimeSpan most, TimeProvider clock, CancellationToken stopping)
    {
        using var late = new CancellationTokenSource(most, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping);
        try
        {
            await woken.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // Nobody woke it: time for a look.
        }
    }
}

/// <summary>Wakes <see cref="RunDispatcher"/>: an order was put into the queue.</summary>
internal sealed class RequestSignal
{
    public WorkSignal Work { get; } = new();
}

/// <summary>Wakes <see cref="Notifier"/>: a notification was put into the outbox.</summary>
internal sealed class NotificationSignal
{
    public WorkSignal Work { get; } = new();
}

/// <summary>Wakes <see cref="SourceWorker"/>: a source was set or changed.</summary>
internal sealed class SourceSignal
{
    public WorkSignal Work { get; } = new();
}
