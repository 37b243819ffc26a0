using System.Globalization;

namespace PayOnce.Simulator;

/// <summary>The simulator's command line.</summary>
internal static class Command
{
    private const string Usage = """
        usage: PayOnce.Simulator [--seeds N] [--first S] [--minutes M] [--threads T]   a campaign, then each planted fault until it is found
               PayOnce.Simulator --sum FILE [--seeds N] [--first S] ...                a part of a campaign, without the planted faults: its figures become a line of the file
               PayOnce.Simulator --lines Guard/,Runs/ [--seeds N] ...                  a campaign, and which lines of these files of the engine it reached
               PayOnce.Simulator --total FILE                                          the figures of all parts in the file
               PayOnce.Simulator --seed S [--plant NAME] [--without NAME] [--target T]  one seed: its log, and if it fails its story
               with [--target T] only to this accounting system; with [--many backups] backups are taken and put back all the time
        """;

    // A planted fault that was not found in so many seeds is not found.
    private const int MostSeedsForAPlant = 20_000;

    public static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i + 1 < args.Length; i += 2) options[args[i]] = args[i + 1];
        if (args.Length % 2 != 0 || options.Keys.Except(["--seeds", "--first", "--minutes", "--threads", "--seed", "--plant", "--without", "--target", "--many", "--sum", "--total", "--lines"]).Any() || options.GetValueOrDefault("--many", "backups") != "backups") return WrongUsage();
        if (options.TryGetValue("--total", out var parts))
        {
            Report.Print(Part.Total(parts));
            return 0;
        }
        if (options.ContainsKey("--lines") && !Lines.IsThis) return Lines.Run(args);
        var threads = Number(options, "--threads") ?? Environment.ProcessorCount;
        return options.TryGetValue("--seed", out var seed)
            ? ulong.TryParse(seed, out var number) ? One(TrialOf(options, number)) : WrongUsage()
            : Many((ulong)(Number(options, "--first") ?? 1), Number(options, "--seeds") ?? 1_000, Number(options, "--minutes"), (int)threads, options);
    }

    private static int One(Trial trial)
    {
        var outcome = Campaign.Play(trial with { KeepsLog = true });
        foreach (var line in outcome.Log) Console.WriteLine(line);
        Console.WriteLine();
        if (outcome.Violation is not null) return Tell(outcome);
        Console.WriteLine($"Seed {trial.Seed}: every rule holds. {outcome.Climate}; {outcome.Happened.Count} faults and actions, {outcome.VirtualTime.TotalMinutes:0} minutes of its own time, log {outcome.Hash:x16}.");
        return 0;
    }

    private static int Many(ulong first, long seeds, long? minutes, int threads, Dictionary<string, string> options)
    {
        var before = Environment.CpuUsage.TotalTime;
        var result = Campaign.Run(first, seeds, threads, minutes is { } most ? TimeSpan.FromMinutes(most) : null, seed => TrialOf(options, seed));
        var part = Part.Of(first, result, Environment.CpuUsage.TotalTime - before);
        foreach (var failure in result.Failures) Tell(failure);
        Report.Print(part);
        if (options.TryGetValue("--sum", out var sum)) part.AppendTo(sum);
        if (options.TryGetValue("--lines", out var lines)) Lines.Print(lines.Split(','));
        if (sum is not null || lines is not null || options.ContainsKey("--plant") || options.ContainsKey("--without")) return result.Failures.Count == 0 ? 0 : 1;
        var fine = result.Failures.Count == 0;
        Console.WriteLine();
        Console.WriteLine("Planted faults, each found after so many seeds:");
        foreach (var planted in Planted.All)
        {
            var found = Campaign.Run(first, MostSeedsForAPlant, threads: 1, trialOf: seed => new Trial(seed) { Planted = planted }, mostFailures: 1);
            Console.WriteLine($"  {planted.Name,-18} {planted.Words,-60} {(found.Failures is [var failure] ? $"{found.Seeds} seeds, {found.Time.TotalSeconds:0.0} s: {failure.Violation!.Rule}" : "NOT found")}");
            fine &= found.Failures.Count == 1;
        }
        return fine ? 0 : 1;
    }

    private static int Tell(Outcome failed)
    {
        var (smallest, runs) = Shrinker.Shrink(failed, Campaign.Play);
        foreach (var line in Story.Tell(smallest)) Console.WriteLine(line);
        Console.WriteLine($"Made small in {runs} runs: {failed.Happened.Count} faults and actions, now {smallest.Happened.Count}.");
        Console.WriteLine();
        return 1;
    }

    private static Trial TrialOf(Dictionary<string, string> options, ulong seed) => new(seed)
    {
        Planted = options.TryGetValue("--plant", out var plant) ? Planted.All.FirstOrDefault(each => each.Name == plant) : null,
        Without = options.TryGetValue("--without", out var without) && Enum.TryParse<Assumption>(without, out var assumption) ? assumption : Assumption.None,
        ManyBackups = options.ContainsKey("--many"),
        Target = options.TryGetValue("--target", out var target) && Enum.TryParse<Target>(target, ignoreCase: true, out var named) ? named : null,
    };

    private static long? Number(Dictionary<string, string> options, string name) =>
        options.TryGetValue(name, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int WrongUsage()
    {
        Console.Error.WriteLine(Usage);
        return 2;
    }
}
