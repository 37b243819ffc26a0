using PayOnce.Stores;

namespace PayOnce.Runs;

/// <summary>
/// Knows on a monotonic clock how long our lease still holds for certain, and renews it in time. The store fences by epoch; this
/// watch is for what the store cannot fence: the send itself.
/// </summary>
/// <param name="nonce">Of the request that the lease was given to.</param>
/// <param name="takenAt">The clock's timestamp before that request.</param>
internal sealed class LeaseWatch(IStore store, IEpochWitness epochs, TimeProvider clock, Lease lease, string nonce, long takenAt)
{
    private long renewedAt = takenAt;

    /// <summary>How often whoever waits for something else looks whether the lease is due.</summary>
    public static TimeSpan Interval => ExportEngine.LeaseDuration / 6;

    /// <summary>The deadline check of N1 on our own clock: enough of the lease is left to send.</summary>
    public bool HasTime => clock.GetElapsedTime(Interlocked.Read(ref renewedAt)) < ExportEngine.LeaseDuration - ExportEngine.LeaseMargin;

    /// <summary>Renews when a third of the lease is over. False if we are fenced off: another has the lease, or has had one since.</summary>
    public async Task<bool> RenewIfDueAsync() => clock.GetElapsedTime(Interlocked.Read(ref renewedAt)) < ExportEngine.LeaseDuration / 3 || await RenewAsync();

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
        var before = Interlocked.Read(ref renewedAt);
        if (!await store.RenewLeaseAsync(lease, ExportEngine.LeaseDuration, CancellationToken.None)) return false;
        // Ours had run out: another may have run, and a backup that says nothing of it may have been put back since (decision 0024).
        if (clock.GetElapsedTime(before) >= ExportEngine.LeaseDuration && await AnotherHasRunAsync()) return false;
        // Two renewals may be under way: the later question is the one that counts, whichever answer comes last.
        for (var known = Interlocked.Read(ref renewedAt); known < asked;)
        {
            var seen = Interlocked.CompareExchange(ref renewedAt, asked, known);
            if (seen == known) break;
            known = seen;
        }
        return true;
    }

    private async Task<bool> AnotherHasRunAsync() =>
        StoreAnswers.Forgot(lease.Epoch, nonce, await epochs.HighestAsync(lease.OrganisationId, CancellationToken.None)) is not null;
}
