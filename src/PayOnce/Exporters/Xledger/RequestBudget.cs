using System.Globalization;

namespace PayOnce.Exporters.Xledger;

/// <summary>
/// Keeps one token's requests within Xledger's burst limit, and counts them: a subscription includes so many a month and charges
/// for more.
/// </summary>
internal sealed class RequestBudget(TimeProvider clock, int? perMonth)
{
    /// <summary>Requests that Xledger takes within five seconds (noted by a public client; Xledger's own sample waits 5 s when it is over).</summary>
    public const int Burst = 20;

    /// <summary>Half a second more than Xledger's five: requests do not arrive as evenly as they leave.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromSeconds(5.5);

    private readonly Lock gate = new();
    private readonly Queue<long> sent = new();

    /// <summary>Requests so far.</summary>
    public int Requests { get; private set; }

    /// <summary>What a person who pays for the subscription would want to know; null if nothing.</summary>
    public string? Warning =>
        perMonth is { } month && Requests > month / 10
            ? string.Create(CultureInfo.InvariantCulture, $"This run used {Requests} of the {month} requests that the subscription includes in a month.")
            : null;

    /// <summary>Waits until another request fits, and counts it.</summary>
    public async Task TakeAsync(CancellationToken cancel)
    {
        while (Reserve() is { } wait) await Task.Delay(wait, clock, cancel);
    }

    private TimeSpan? Reserve()
    {
        lock (gate)
        {
            while (sent.TryPeek(out var oldest) && clock.GetElapsedTime(oldest) >= Span) sent.Dequeue();
            if (sent.Count >= Burst) return Span - clock.GetElapsedTime(sent.Peek());
            sent.Enqueue(clock.GetTimestamp());
            Requests++;
            return null;
        }
    }
}
