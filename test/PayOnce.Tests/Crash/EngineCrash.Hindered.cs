using PayOnce.Runs;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Crash;

public abstract partial class EngineCrash
{
    /// <summary>The steps by which a run tells that its file did not leave, or that nobody knows.</summary>
    public static TheoryData<string, Hindrance> HinderedDeaths
    {
        get
        {
            var deaths = new TheoryData<string, Hindrance>();
            foreach (var (step, hindrance) in HinderedPoints) deaths.Add(step, hindrance);
            return deaths;
        }
    }

    [Theory]
    [InlineData(Hindrance.NoRoom, 0), InlineData(Hindrance.NameRefused, 0), InlineData(Hindrance.NoProofAndThere, 0), InlineData(Hindrance.NoProofAndAbsent, CrashWorld.Claims)]
    public async Task A_hindered_file_leaves_its_claims_waiting_or_in_doubt_and_the_next_run_proves_what_can_be_proved(Hindrance hindrance, int doubtful)
    {
        await using var world = await CrashWorld.CreateAsync(await NewDatabaseAsync(), publishes: true);
        var outcome = Assert.IsType<RunOutcome.Ended>(await world.StartProcess(hindrance: hindrance).RunUntilDeadAsync());
        Assert.Equal(RunState.Failed, outcome.Report.Run.State);
        Assert.NotNull(outcome.Report.Run.Failure);
        var held = await world.JudgeAsync();
        Assert.Equal(LeavesDoubt(hindrance) ? new Verdict(0, CrashWorld.Claims, 0, 0) : new Verdict(0, 0, CrashWorld.Claims, 0), held);

        await AssertEndedAsync(world);
        Assert.Equal(new Verdict(CrashWorld.Claims - doubtful, doubtful, 0, 0), await world.JudgeAsync());
    }

    [Theory]
    [MemberData(nameof(HinderedDeaths))]
    public async Task A_process_that_dies_as_it_tells_what_hindered_it_leaves_nothing_twice_and_nothing_lost(string step, Hindrance hindrance)
    {
        await using var world = await CrashWorld.CreateAsync(await NewDatabaseAsync(), publishes: true);
        Assert.Null(await world.StartProcess(step, hindrance: hindrance).RunUntilDeadAsync());
        await world.JudgeAsync();

        await AssertEndedAsync(world);
        Assert.Equal(Settled(step, hindrance), await world.JudgeAsync());
    }

    [Theory]
    [MemberData(nameof(HinderedDeaths))]
    public async Task A_process_that_stood_still_as_it_told_what_hindered_it_finds_itself_fenced_off(string step, Hindrance hindrance)
    {
        await using var world = await CrashWorld.CreateAsync(await NewDatabaseAsync(), publishes: true);
        var paused = world.StartProcess(step, hindrance: hindrance);
        var pausedRun = paused.RunAsync();
        await Task.WhenAny(paused.Reached, pausedRun);
        Assert.False(pausedRun.IsCompleted);
        paused.LooksDead();

        await AssertEndedAsync(world);
        paused.WakeUp();
        Assert.IsType<RunOutcome.TakenOver>(await pausedRun);
        await paused.CloseAsync();

        Assert.Equal(Settled(step, hindrance), await world.JudgeAsync());
    }

    [Fact]
    public void Every_named_step_is_one_at_which_a_process_dies_here() =>
        Assert.Equal(
            StepNames.All.Order(StringComparer.Ordinal),
            Points(publishes: true).Select(point => point.Step).Concat(HinderedPoints.Select(point => point.Step)).Concat(RecoveryPoints).Concat(ApiEngineCrash.OwnSteps).Distinct().Order(StringComparer.Ordinal));

    private static readonly (string Step, Hindrance Hindrance)[] HinderedPoints =
    [
        ("release:before", Hindrance.NoRoom), ("release:after", Hindrance.NoRoom),
        ("release:before", Hindrance.NameRefused), ("release:after", Hindrance.NameRefused),
        ("doubt:before", Hindrance.NoProofAndThere), ("doubt:after", Hindrance.NoProofAndThere),
        ("doubt:before", Hindrance.NoProofAndAbsent), ("doubt:after", Hindrance.NoProofAndAbsent),
    ];

    private static bool LeavesDoubt(Hindrance hindrance) => hindrance is Hindrance.NoProofAndThere or Hindrance.NoProofAndAbsent;

    // A refusal that died with its process is proof no more: the file was started, and it is not in its folder.
    private static Verdict Settled(string step, Hindrance hindrance) =>
        (step, hindrance) is ("release:before", Hindrance.NameRefused) or (_, Hindrance.NoProofAndAbsent)
            ? new Verdict(0, CrashWorld.Claims, 0, 0)
            : new Verdict(CrashWorld.Claims, 0, 0, 0);
}
