using System.Globalization;

namespace PayOnce.Exporters.Xledger;

/// <summary>
/// Keeps one token's requests within Xledger's burst limit, and counts them: a subscription includes so many a month and charges
/// for more. Xledger counts a request at some time between its leaving and its answer, so that a place becomes free only five
/// seconds after the answer: however slow the way, no more than twenty can fall into five seconds there.
/// </summary>
internal sealed class RequestBudget(TimeProvider clock, int? perMonth)
{
    /// <summary>Requests that Xledger takes within five seconds (noted by a public client; Xledger's own sample waits 5 s when it is over).</summary>
    public const int Burst = 20;

    /// <summary>Xledger's five seconds, and a little for clocks that do not run alike.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromSeconds(5.1);

    private readonly Lock gate = new();
    private readonly Queue<long> answered = new();
    private TaskCompletionSource<bool> change = NewChange();
    private int underWay;

    /// <summary>Requests so far.</summary>
    public int Requests { get; private set; }

    /// <summary>What a person who pays for the subscription would want to know; null if nothing.</summary>
    public string? Warning =>
        perMonth is { } month && Requests > month / 10
            ? string.Create(CultureInfo.InvariantCulture, $"This run used {Requests} of the {month} requests that the subscription includes in a month.")
            : null;

    /// <summary>Waits until another request fits, and counts it.</summary>
    /// <returns>To be disposed of when it was answered, or given up.</returns>
    public async Task<IDisposable> TakeAsync(CancellationToken cancel)
    {
        while (true)
        {
            Task wait;
            lock (gate)
            {
                while (answered.TryPeek(out var oldest) && clock.GetElapsedTime(oldest) >= Span) answered.Dequeue();
                if (underWay + answered.Count < Burst)
                {
                    underWay++;
                    Requests++;
                    return new Turn(this);
                }
                wait = answered.TryPeek(out var first) ? Task.Delay(WholeMilliseconds(Span - clock.GetElapsedTime(first)), clock, cancel) : change.Task.WaitAsync(cancel);
            }
            await wait;
        }
    }

    private void Answered()
    {
        lock (gate)
        {
            underWay--;
            answered.Enqueue(clock.GetTimestamp());
            change.SetResult(true);
            change = NewChange();
        }
    }

    // Timers count whole milliseconds: a rest below one would be no wait at all, again and again (found by the simulator).
    private static TimeSpan WholeMilliseconds(TimeSpan rest) => TimeSpan.FromMilliseconds(Math.Ceiling(rest.TotalMilliseconds));

    private static TaskCompletionSource<bool> NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Turn(RequestBudget budget) : IDisposable
    {
        private RequestBudget? budget = budget;

        public void Dispose() => Interlocked.Exchange(ref budget, null)?.Answered();
    }
}
