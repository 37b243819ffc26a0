using PayOnce.Stores;

namespace PayOnce.Runs;

/// <summary>
/// Knows on a monotonic clock how long our lease still holds for certain, and renews it in time. The store fences by epoch; this
/// watch is for what the store cannot fence: the send itself.
/// </summary>
internal sealed class LeaseWatch(IStore store, TimeProvider clock, Lease lease, TimeSpan duration, TimeSpan margin, long takenAt)
{
    private long renewedAt = takenAt;

    /// <summary>Renews when a third of the lease is over. False if we are fenced off.</summary>
    public async Task<bool> RenewIfDueAsync() => clock.GetElapsedTime(renewedAt) < duration / 3 || await RenewAsync();

    /// <summary>The deadline check of N1: a fresh renewal, and enough time left on our own clock after its answer.</summary>
    public async Task<bool> MaySendAsync() => await RenewAsync() && clock.GetElapsedTime(renewedAt) < duration - margin;

    // The lease runs from before the question, not from the answer: what the way back took is not ours.
    private async Task<bool> RenewAsync()
    {
        var asked = clock.GetTimestamp();
        if (!await store.RenewLeaseAsync(lease, duration, CancellationToken.None)) return false;
        renewedAt = asked;
        return true;
    }
}
