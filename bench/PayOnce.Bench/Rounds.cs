using System.Diagnostics;

namespace PayOnce.Bench;

/// <summary>Two sides measured in turn: whatever the machine does meanwhile, it does to both.</summary>
public static class Rounds
{
    /// <summary>Runs both sides <paramref name="rounds"/> times, the side that begins changing from round to round.</summary>
    /// <param name="prepare">Puts the same state in front of either side; not timed.</param>
    /// <param name="check">Looks at what a side has done, and throws if it is not what both must do; not timed.</param>
    /// <returns>Each side's times, paired by round.</returns>
    public static async Task<Measured> AlternateAsync(int rounds, CpuMeter cpu, Func<Task> prepare, Func<Task> ours, Func<Task> floor, Func<Task> check, CancellationToken cancel)
    {
        Took[] oursTook = new Took[rounds], floorTook = new Took[rounds];
        for (var round = 0; round < rounds; round++)
        {
            if (round % 2 == 0) floorTook[round] = await TimeAsync(floor);
            oursTook[round] = await TimeAsync(ours);
            if (round % 2 == 1) floorTook[round] = await TimeAsync(floor);
            Took our = oursTook[round], theirs = floorTook[round];
            Progress.Say($"round {round + 1} of {rounds}: ours {our.Time:0.000} s, floor {theirs.Time:0.000} s, ratio {our.Time / theirs.Time:0.00}; processor {our.Cpu:0.00} s and {theirs.Cpu:0.00} s, ratio {our.Cpu / theirs.Cpu:0.00}");
        }
        return new Measured(
            [.. oursTook.Select(took => took.Time)], [.. floorTook.Select(took => took.Time)],
            Judgement.Median(oursTook.Zip(floorTook, (our, theirs) => our.Cpu / theirs.Cpu)));

        async Task<Took> TimeAsync(Func<Task> side)
        {
            cancel.ThrowIfCancellationRequested();
            await prepare();
            var before = cpu.Seconds();
            var start = Stopwatch.GetTimestamp();
            await side();
            var time = Stopwatch.GetElapsedTime(start).TotalSeconds;
            // A server's process ends a moment after its client.
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancel);
            var took = new Took(time, cpu.Seconds() - before);
            await check();
            return took;
        }
    }

    private readonly record struct Took(double Time, double Cpu);
}

/// <summary>What two sides took, by round.</summary>
/// <param name="CpuRatio">Our side's processor time in terms of the floor's, all processes together; the median of the rounds.</param>
public sealed record Measured(IReadOnlyList<double> Ours, IReadOnlyList<double> Floor, double CpuRatio);
