using System.Diagnostics;
using System.Globalization;

namespace PayOnce.Bench;

/// <summary>Two sides measured in turn: whatever the machine does meanwhile, it does to both.</summary>
public static class Rounds
{
    /// <summary>Runs both sides <paramref name="rounds"/> times, the side that begins changing from round to round.</summary>
    /// <param name="prepare">Puts the same state in front of either side; not timed.</param>
    /// <returns>Each side's times, paired by round.</returns>
    public static async Task<(IReadOnlyList<double> Ours, IReadOnlyList<double> Floor)> AlternateAsync(int rounds, Func<Task> prepare, Func<Task> ours, Func<Task> floor, CancellationToken cancel)
    {
        double[] oursTimes = new double[rounds], floorTimes = new double[rounds];
        for (var round = 0; round < rounds; round++)
        {
            if (round % 2 == 0) floorTimes[round] = await TimeAsync(floor);
            oursTimes[round] = await TimeAsync(ours);
            if (round % 2 == 1) floorTimes[round] = await TimeAsync(floor);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  round {round + 1} of {rounds}: ours {oursTimes[round]:0.000} s, floor {floorTimes[round]:0.000} s, ratio {oursTimes[round] / floorTimes[round]:0.00}"));
        }
        return (oursTimes, floorTimes);

        async Task<double> TimeAsync(Func<Task> side)
        {
            cancel.ThrowIfCancellationRequested();
            await prepare();
            var start = Stopwatch.GetTimestamp();
            await side();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
