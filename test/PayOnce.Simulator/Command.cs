using System.Diagnostics;
using System.Globalization;

namespace PayOnce.Simulator;

/// <summary>The simulator's command line.</summary>
internal static class Command
{
    public static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var seed = ulong.Parse(args[0], CultureInfo.InvariantCulture);
        var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1;
        var folder = Directory.CreateTempSubdirectory("payonce-sim-").FullName;
        var clock = Stopwatch.StartNew();
        var broken = 0;
        var stats = new Stats();
        for (var i = 0; i < count; i++)
        {
            var outcome = World.Play(new Trial(seed + (ulong)i) { KeepsLog = count == 1, Target = args.Length > 2 ? Enum.Parse<Target>(args[2]) : null }, folder);
            stats.Add(outcome.Stats);
            if (count == 1) foreach (var line in outcome.Log) Console.WriteLine(line);
            if (outcome.Violation is { } v && broken++ < 20) Console.WriteLine($"{outcome.Trial.Seed}: {outcome.Climate}: {v.Rule}: {v.What}");
        }
        Console.WriteLine($"{count} seeds, {broken} broken, {count / clock.Elapsed.TotalSeconds:0} /s");
        if (count > 1) foreach (var (title, d) in new[] { ("faults", stats.Faults), ("transitions", stats.Transitions), ("ends", stats.Ends), ("counts", stats.Counts) }) Console.WriteLine(title + ": " + string.Join(", ", d.Select(p => $"{p.Key} {p.Value}")));
        Directory.Delete(folder, true);
        return broken == 0 ? 0 : 1;
    }
}
