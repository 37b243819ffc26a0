using PayOnce.App;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.Tests.App;

/// <summary>Each kind of answer over all its cases; a case that is added without an exit code fails here.</summary>
public sealed class ExitCodesTests
{
    private static readonly Run Run = Samples.Run();

    [Theory]
    [InlineData(RunState.Running, 0, 0, 1)]
    [InlineData(RunState.Finished, 0, 0, 0)]
    [InlineData(RunState.Finished, 2, 0, 3)]
    [InlineData(RunState.Finished, 0, 1, 4)]
    [InlineData(RunState.Finished, 2, 1, 4)]
    [InlineData(RunState.Cancelled, 0, 0, 0)]
    [InlineData(RunState.Cancelled, 1, 0, 3)]
    [InlineData(RunState.Cancelled, 1, 1, 4)]
    [InlineData(RunState.Failed, 0, 0, 1)]
    [InlineData(RunState.Failed, 1, 0, 1)]
    [InlineData(RunState.Failed, 0, 1, 4)]
    [InlineData(RunState.RolledBack, 0, 0, 0)]
    public void A_run_that_ended_answers_by_what_became_of_its_claims(RunState state, int rejected, int inDoubt, int exit) =>
        Assert.Equal((ExitCode)exit, ExitCodes.Of(new RunOutcome.Ended(Samples.Report(Samples.Run(state, new RunCounters(5, 0, 5, 2, rejected, inDoubt, 0))))));

    [Fact]
    public void Doubt_that_recovery_brought_to_light_counts_until_it_is_proved()
    {
        RecoveredRun[] recovered = [new(Samples.Run(RunState.Failed, new RunCounters(2, 0, 2, 0, 0, 2, 0), runId: 11), Released: 0, InDoubt: 2)];
        Assert.Equal(ExitCode.InDoubt, ExitCodes.Of(new RunOutcome.Ended(Samples.Report(Run, recovered))));
        Assert.Equal(ExitCode.Done, ExitCodes.Of(new RunOutcome.Ended(Samples.Report(Run, recovered, proved: [11]))));
    }

    [Fact]
    public void Every_outcome_of_a_run_has_its_code() => Covers<RunOutcome>(ExitCodes.Of, new()
    {
        [new RunOutcome.Ended(Samples.Report(Run))] = ExitCode.Done,
        [new RunOutcome.Busy(Run, null)] = ExitCode.Busy,
        [new RunOutcome.TakenOver(12)] = ExitCode.Fault,
        [new RunOutcome.NotReady([])] = ExitCode.Unusable,
        [new RunOutcome.Paused(new Pause(default, "årsavslutning", "ola", Installation: false))] = ExitCode.Busy,
        [new RunOutcome.RequestLost(new TakenRequest("hlf", 1, 1, "node-1"))] = ExitCode.Fault,
    });

    [Fact]
    public void Every_outcome_of_a_dry_run_has_its_code() => Covers<DryRunOutcome>(ExitCodes.Of, new()
    {
        [new DryRunOutcome.Rendered(new DryRunReport(1, 2, 3, [], [], default))] = ExitCode.Done,
        [new DryRunOutcome.Rendered(new DryRunReport(1, 2, 3, [], [new ClaimRejection("A-1", new Problem("must not"))], default))] = ExitCode.Refused,
        [new DryRunOutcome.NotReady([])] = ExitCode.Unusable,
    });

    [Fact]
    public void Every_answer_to_an_adoption_has_its_code() => Covers<AdoptAnswer>(ExitCodes.Of, new()
    {
        [new AdoptAnswer.Adopted(1, 1, 1, [])] = ExitCode.Done,
        [new AdoptAnswer.Adopted(1, 1, 1, [new HeldClaim("A-1", 0, MarkState.Exported, 1)])] = ExitCode.Refused,
        [new AdoptAnswer.Busy(Run)] = ExitCode.Busy,
    });

    private static void Covers<T>(Func<T, ExitCode> of, Dictionary<T, ExitCode> expected) where T : notnull
    {
        foreach (var (answer, exit) in expected) Assert.Equal(exit, of(answer));
        Assert.Equal(
            typeof(T).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(T))).Select(t => t.Name).Order(StringComparer.Ordinal),
            expected.Keys.Select(k => k.GetType().Name).Distinct().Order(StringComparer.Ordinal));
    }
}
