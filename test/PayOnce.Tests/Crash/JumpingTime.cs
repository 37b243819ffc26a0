namespace PayOnce.Tests.Crash;

/// <summary>The machine's clock as a process sees it that was not there for a while: time has passed, and its timers have not gone off yet.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long ahead;

    public void Jump(TimeSpan by) => Interlocked.Add(ref ahead, (long)(by.TotalSeconds * TimestampFrequency));

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref ahead);
}
