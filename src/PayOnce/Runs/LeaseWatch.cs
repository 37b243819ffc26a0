using PayOnce.Stores;

namespace PayOnce.Runs;

/// <summary>
/// Knows on a monotonic clock how long our lease still holds for certain, and renews it in time. The store fences by epoch; this
/// watch is for what the store cannot fence: the send itself.
/// </summary>
internal sealed class LeaseWatch(IStore store, TimeProvider clock, Lease lease, TimeSpan duration, TimeSpan margin, long takenAt)
{
    private long renewedAt = takenAt;

    /// <summary>How often whoever waits for something else looks whether the lease is due.</summary>
    public TimeSpan Interval => duration / 6;

    /// <summary>The deadline check of N1 on our own clock: enough of the lease is left to send.</summary>
    public bool HasTime => clock.GetElapsedTime(Interlocked.Read(ref renewedAt)) < duration - margin;

    /// <summary>Renews when a third of the lease is over. False if we are fenced off.</summary>
    public async Task<bool> RenewIfDueAsync() => clock.GetElapsedTime(Interlocked.Read(ref renewedAt)) < duration / 3 || await RenewAsync();

    /// <summary>The deadline check of N1 with a fresh renewal before it.</summary>
    public async Task<bool> MaySendAsync() => await RenewAsync() && HasTime;

    /// <summary>The deadline check of N1 where sends follow each other: renews until enough of the lease is left. False if we are fenced off.</summary>
    public async Task<bool> HoldAsync()
    {
        while (!HasTime)
        {
            if (!await RenewAsync()) return false;
        }
        return true;
    }

    // The lease runs from before the question, not from the answer: what the way back took is not ours.
    private async Task<bool> RenewAsync()
    {
        var asked = clock.GetTimestamp();
        if (!await store.RenewLeaseAsync(lease, duration, CancellationToken.None)) return false;
        // Two renewals may be under way: the later question is the one that counts, whichever answer comes last.
        for (var known = Interlocked.Read(ref renewedAt); known < asked;)
        {
            var seen = Interlocked.CompareExchange(ref renewedAt, asked, known);
            if (seen == known) break;
            known = seen;
        }
        return true;
    }
}
