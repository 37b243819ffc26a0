using System.Diagnostics;

namespace PayOnce.Simulator;

/// <summary>Many seeds on a few threads: one world at a time on each, and each world on its own thread alone.</summary>
public static class Campaign
{
    /// <summary>Plays seeds until they are used up, the time is over, or enough have failed.</summary>
    /// <param name="trialOf">What is different about each; null: nothing.</param>
    /// <param name="mostFailures">Then it ends: the same fault is found again and again.</param>
    public static CampaignResult Run(ulong first, long seeds, int threads, TimeSpan? longest = null, Func<ulong, Trial>? trialOf = null, int mostFailures = 10)
    {
        trialOf ??= seed => new Trial(seed);
        var began = Stopwatch.GetTimestamp();
        var gate = new Lock();
        var (next, played, failures, stats) = (0L, 0L, new List<Outcome>(), new Stats());
        Exception? broke = null;
        List<Thread> workers = [.. Enumerable.Range(0, Math.Max(1, threads)).Select(_ => new Thread(Work))];
        foreach (var worker in workers) worker.Start();
        foreach (var worker in workers) worker.Join();
        if (broke is not null) throw new InvalidOperationException("The simulator itself failed.", broke);
        return new CampaignResult(played, Stopwatch.GetElapsedTime(began), stats, [.. failures.OrderBy(failure => failure.Trial.Seed)]);

        void Work()
        {
            using var disk = new Disk();
            try
            {
                while (true)
                {
                    ulong seed;
                    lock (gate)
                    {
                        if (next >= seeds || failures.Count >= mostFailures || broke is not null || Stopwatch.GetElapsedTime(began) > longest) return;
                        seed = first + (ulong)next++;
                    }
                    var outcome = World.Play(trialOf(seed), disk);
                    lock (gate)
                    {
                        played++;
                        stats.Add(outcome.Stats);
                        if (outcome.Violation is not null) failures.Add(outcome);
                    }
                }
            }
            catch (Exception fault)
            {
                lock (gate) broke ??= fault;
            }
        }
    }

    /// <summary>Plays one trial, on a thread of its own.</summary>
    public static Outcome Play(Trial trial)
    {
        using var disk = new Disk();
        Outcome? outcome = null;
        Exception? broke = null;
        var thread = new Thread(() =>
        {
            try
            {
                outcome = World.Play(trial, disk);
            }
            catch (Exception fault)
            {
                broke = fault;
            }
        });
        thread.Start();
        thread.Join();
        return outcome ?? throw new InvalidOperationException("The simulator itself failed.", broke);
    }
}

/// <summary>What a campaign came to.</summary>
public sealed record CampaignResult(long Seeds, TimeSpan Time, Stats Stats, IReadOnlyList<Outcome> Failures);
