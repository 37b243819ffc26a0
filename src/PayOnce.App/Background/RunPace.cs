using PayOnce.History;
using PayOnce.Runs;

namespace PayOnce.App.Background;

/// <summary>How far a run is and how long it still takes, as it is told to people.</summary>
/// <param name="ByFile">Its claims go into a file: what is taken counts, since all of it is exported by the last commit.</param>
/// <param name="Handled">Claims whose fate in this run is decided; of a file, those that are in it.</param>
/// <param name="Left">Null while it is not known.</param>
/// <param name="Late">The time that was told last is over.</param>
/// <param name="Silent">For how long nothing has been settled, where that is longer than this run's own pace explains; null otherwise.</param>
/// <param name="At">When it was so.</param>
internal sealed record RunPace(LiveRun Progress, bool ByFile, long Handled, long Total, TimeSpan? Left, bool Late, TimeSpan? Silent, DateTimeOffset At)
{
    public RunCounters Counters => Progress.Counters;

    public bool IsOver => Progress.State is not RunState.Running;

    public bool Stopping => !IsOver && Progress.StopRequested;

    /// <summary>Claims that were taken and have no answer yet: some of them may have been sent.</summary>
    public long OnTheWay => Math.Max(0, Counters.Reserved - Counters.Exported - Counters.Rejected - Counters.InDoubt - Counters.Released);

    /// <summary>Claims handled so far, by the counters.</summary>
    public static long HandledOf(RunCounters c, bool byFile) => c.SkippedDuplicates + Settled(c, byFile);

    /// <summary>For somebody who looks once: from the counters alone.</summary>
    public static RunPace Glance(LiveRun progress, bool byFile, DateTimeOffset now)
    {
        var c = progress.Counters;
        var left = progress.State is RunState.Running ? TimeLeft.Estimate(now - progress.StartedAt, Settled(c, byFile), c.Candidates) : null;
        return new(progress, byFile, HandledOf(c, byFile), Math.Max(c.Total, HandledOf(c, byFile)), left, Late: false, Silent: null, now);
    }

    // Of those that this run had to take: skipped ones cost no time.
    internal static long Settled(RunCounters c, bool byFile) => byFile ? c.Reserved : c.Exported + c.Rejected + c.InDoubt + c.Released;
}

/// <summary>
/// Keeps the rules for the time that is told of one run while somebody watches it (facts on dashboards 2.0.5): it may fall at once,
/// rises only when two measurements agree, and gives way to other sentences when nothing comes or when it was too short.
/// </summary>
internal sealed class RunPaceMeter(bool byFile)
{
    private const int RememberedGaps = 15;
    private static readonly TimeSpan ShortestSilence = TimeSpan.FromSeconds(30);

    private readonly TimeLeft timeLeft = new();
    private readonly Queue<TimeSpan> gaps = new();
    private long settled = -1;
    private DateTimeOffset changedAt;
    private TimeSpan? left;
    private DateTimeOffset? promised;

    public RunPace Measure(LiveRun progress, DateTimeOffset now)
    {
        var c = progress.Counters;
        var done = RunPace.Settled(c, byFile);
        if (done != settled) Answered(done, c.Candidates, now - progress.StartedAt, now);
        var over = progress.State is not RunState.Running;
        TimeSpan? silent = !over && now - changedAt > SilenceLimit() ? now - changedAt : null;
        var late = !over && promised < now;
        var handled = RunPace.HandledOf(c, byFile);
        return new(progress, byFile, handled, Math.Max(c.Total, handled), over || silent is not null || late ? null : left, late, silent, now);
    }

    private void Answered(long done, long candidates, TimeSpan active, DateTimeOffset now)
    {
        if (settled >= 0)
        {
            gaps.Enqueue(now - changedAt);
            if (gaps.Count > RememberedGaps) gaps.Dequeue();
        }
        settled = done;
        changedAt = now;
        var before = left;
        left = timeLeft.Measure(active, done, candidates);
        // The same number again promises nothing new: it was due from the moment it was first told.
        if (left != before) promised = left is { } told ? now + told : null;
    }

    private TimeSpan SilenceLimit()
    {
        if (gaps.Count == 0) return ShortestSilence;
        var median = gaps.Order().ElementAt(gaps.Count / 2) * 4;
        return median > ShortestSilence ? median : ShortestSilence;
    }
}
