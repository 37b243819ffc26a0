using PayOnce.Simulator;

namespace PayOnce.Mutation;

/// <summary>
/// What each changed engine is tried against first: the simulator's judge over a few seeds of each accounting system. It takes seconds,
/// and there are a thousand changes; what it does not notice meets the crash tests over SQLite.
/// </summary>
public sealed class SeedTests
{
    private const long Seeds = 30;

    // Twice what the longest seed of many needs: a change by which nothing ends is told so by the judge, within a second or two, and not by a time-out.
    private const int MostSteps = 10_000;

    public static TheoryData<Target> Targets => [.. Enum.GetValues<Target>()];

    [Theory]
    [MemberData(nameof(Targets))]
    public void No_seed_breaks_a_rule(Target target)
    {
        var result = Campaign.Run(first: 1, Seeds, threads: 1, trialOf: seed => new Trial(seed) { Target = target, MostSteps = MostSteps }, mostFailures: 1);
        Assert.Empty(result.Failures.Select(failure => $"seed {failure.Trial.Seed}: {failure.Violation!.Rule}: {failure.Violation.What}"));
    }
}
