namespace PayOnce.Stores.Sqlite;

/// <summary>
/// How this process waits for another one that is writing, and gives way to it. SQLite's lock has no queue: who asks at the right
/// moment gets it. So a waiting process asks every millisecond, and a writing one pauses a little longer than that after each
/// transaction that kept the others out for a while.
/// </summary>
/// <remarks>
/// The pauses are in real time, not by the injected clock: what is waited for happens in another process, and a clock that
/// stands still must not make the wait endless. Within one process there is a queue, and nothing here is ever waited for.
/// </remarks>
internal sealed class SqliteLockWait(TimeProvider clock, TimeSpan patience)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongTransaction = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    // Never released: waiting for it is a pause that a cancellation ends.
    private static readonly SemaphoreSlim Never = new(0, 1);

    public Wait Begin() => new(this, clock.GetTimestamp());

    /// <summary>Called between two transactions, with the lock free.</summary>
    public void GiveWay(long transactionStart)
    {
        if (clock.GetElapsedTime(transactionStart) >= LongTransaction) Never.Wait(Pause);
    }

    /// <summary>One wait for the lock.</summary>
    public struct Wait(SqliteLockWait owner, long start)
    {
        private int waits;

        /// <summary>False when patience has run out, by the clock or, should that stand still, by the number of waits.</summary>
        public bool Again(CancellationToken cancel)
        {
            if (waits++ >= owner.MostWaits || owner.Waited(start)) return false;
            Never.Wait(Poll, cancel);
            return true;
        }
    }

    private int MostWaits => (int)(patience / Poll);

    private bool Waited(long start) => clock.GetElapsedTime(start) >= patience;
}
