using PayOnce.Simulator;

namespace PayOnce.Tests.Simulation;

/// <summary>The deterministic simulator: the first thousand seeds, and that it can be trusted. More: `dotnet run build.cs -- simulate`.</summary>
public sealed class SimulatorTests(ITestOutputHelper output)
{
    /// <summary>Those that a thousand seeds are sure to meet; a campaign meets them all.</summary>
    private static readonly string[] Transitions =
    [
        "(none) → reserved by Reserve", "(none) → rejected by Reserve", "(none) → released by RequestReExport", "(none) → exported by AdoptFound",
        "reserved → exported by RecordTries", "reserved → exported by ConfirmFile", "reserved → rejected by RecordTries", "reserved → released by Recover", "reserved → in_doubt by Recover",
        "reserved → in_doubt by RecordTries", "reserved → in_doubt by DoubtFile", "in_doubt → exported by SettleDoubts", "in_doubt → released by SettleDoubts", "in_doubt → exported by ProveFile",
        "exported → released by RollBack", "released → reserved by Reserve", "rejected → reserved by Reserve",
    ];

    public static TheoryData<string> PlantedFaults => [.. Planted.All.Select(planted => planted.Name)];

    [Fact]
    public void A_thousand_seeds_of_trouble_break_no_rule_and_reach_every_fault()
    {
        var result = Campaign.Run(first: 1, seeds: 1_000, Environment.ProcessorCount);

        output.WriteLine($"{result.Seeds} seeds in {result.Time.TotalSeconds:0.0} s");
        Assert.True(result.Failures.Count == 0, string.Join("\n\n", result.Failures.Take(1).Select(failure => string.Join('\n', Story.Tell(Shrinker.Shrink(failure, Campaign.Play).Smallest)))));
        Assert.Equal(1_000, result.Seeds);
        // No rule holds for want of trying.
        Assert.Empty(result.Stats.Faults.Where(fault => fault.Value == 0).Select(fault => fault.Key));
        Assert.Empty(Transitions.Except(result.Stats.Transitions.Keys));
    }

    [Fact]
    public void The_same_seed_gives_the_same_log_to_the_byte()
    {
        foreach (var target in Enum.GetValues<Target>())
        {
            for (var seed = 7UL; seed < 12; seed++)
            {
                var trial = new Trial(seed) { Target = target, KeepsLog = true };
                var (first, second) = (Campaign.Play(trial), Campaign.Play(trial));
                Assert.Equal(first.Log.Select(line => line.ToString()), second.Log.Select(line => line.ToString()));
                Assert.Equal(first.Hash, second.Hash);
                Assert.Equal(first.Hash, Campaign.Play(trial with { KeepsLog = false }).Hash);
            }
        }
    }

    [Fact]
    public void A_campaign_in_parts_adds_up_to_the_whole_and_no_seed_counts_twice()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("payonce-parts-").FullName, "campaign.jsonl");
        Part Play(ulong first, long seeds) => Part.Of(first, Campaign.Run(first, seeds, threads: 1), TimeSpan.FromSeconds(1));
        Play(9, 8).AppendTo(file);
        Play(1, 8).AppendTo(file);

        var (whole, total) = (Play(1, 16), Part.Total(file));
        Assert.Equal((whole.First, whole.Seeds, 2.0), (total.First, total.Seeds, total.ProcessorSeconds));
        Assert.Equal(whole.Stats.Transitions, total.Stats.Transitions);
        Assert.Equal(whole.Stats.Faults, total.Stats.Faults);

        Play(16, 1).AppendTo(file);
        Assert.Throws<InvalidDataException>(() => Part.Total(file));
    }

    /// <summary>docs/simulation.md tells what each of them was.</summary>
    [Theory]
    [InlineData(2000866, null)]
    [InlineData(2000978, Target.Xledger)]
    [InlineData(10001578, null)]
    [InlineData(10014440, null)]
    [InlineData(10017965, null)]
    [InlineData(10019515, null)]
    [InlineData(50021360, null)]
    [InlineData(50021652, null)]
    [InlineData(50029006, null)]
    [InlineData(60020144, null)]
    [InlineData(100113702, null)]
    [InlineData(100213688, null)]
    [InlineData(200000128, null)]
    public void A_seed_that_broke_a_rule_once_breaks_none_now(long seed, Target? target)
    {
        var outcome = Campaign.Play(new Trial((ulong)seed) { Target = target });
        Assert.Null(outcome.Violation);
    }

    [Theory]
    [MemberData(nameof(PlantedFaults))]
    public void A_guard_that_is_taken_out_is_missed_within_a_few_hundred_seeds(string name)
    {
        var planted = Planted.All.Single(each => each.Name == name);
        var result = Campaign.Run(first: 1, seeds: 500, threads: 1, trialOf: seed => new Trial(seed) { Planted = planted }, mostFailures: 1);

        var found = Assert.Single(result.Failures);
        output.WriteLine($"{planted.Words}: {result.Seeds} seeds, {found.Violation!.Rule}: {found.Violation.What}");
        Assert.Contains(found.Violation.Rule, new[] { Rule.BookedOnce, Rule.OnlyTheNewestEpochWrites, Rule.OnlyReservedBytesLeave, Rule.ReleasedWithProof });
    }

    [Fact]
    public void A_failing_seed_is_made_small_and_told_as_a_story()
    {
        var planted = Planted.All.Single(each => each.Name == "transport-retries");
        var failed = Assert.Single(Campaign.Run(first: 1, seeds: 500, threads: 1, trialOf: seed => new Trial(seed) { Planted = planted }, mostFailures: 1).Failures);

        var (smallest, runs) = Shrinker.Shrink(failed, Campaign.Play);
        var story = Story.Tell(smallest);

        output.WriteLine(string.Join('\n', story));
        Assert.InRange(runs, 1, Shrinker.MostRuns);
        Assert.InRange(smallest.Happened.Count, 1, Math.Min(3, failed.Happened.Count));
        Assert.Equal((failed.Violation!.Rule, Rule.BookedOnce), (smallest.Violation!.Rule, smallest.Violation.Rule));
        // What a person needs: the seed, what happened, that the claim was sent, and how it ended.
        Assert.Equal($"Seed {failed.Trial.Seed}: BookedOnce", story[0]);
        Assert.Contains(story, line => line.Contains("sends C-1 to", StringComparison.Ordinal));
        Assert.Contains(story, line => line.Contains("judge     BookedOnce: C-1 stands 2 times in the books", StringComparison.Ordinal));
        Assert.Equal($"To see the whole log: dotnet run build.cs -- simulate --seed {failed.Trial.Seed} --plant transport-retries", story[^1]);
    }
}
