namespace PayOnce.Runs;

/// <summary>Counts a run's claims as their fate is decided, and tells whoever looks. May be told from two batches at the same time.</summary>
internal sealed class ProgressMeter(RunScene scene)
{
    private readonly Lock access = new();
    private readonly TimeLeft timeLeft = new();
    private readonly long startedAt = scene.Clock.GetTimestamp();
    private long processed;

    public void Add(int claims)
    {
        lock (access)
        {
            processed += claims;
            var total = Math.Max(scene.Candidates, processed);
            scene.Progress?.Invoke(new RunProgress(scene.Lease.RunId, processed, total, timeLeft.Measure(scene.Clock.GetElapsedTime(startedAt), processed, total)));
        }
    }
}
