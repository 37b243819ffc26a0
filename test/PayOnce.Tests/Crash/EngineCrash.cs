using PayOnce.Runs;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Crash;

/// <summary>Every step of the engine dies once, and again while the next process recovers; no claim leaves twice or is lost.</summary>
public abstract partial class EngineCrash
{
    /// <summary>Every step, with the first occurrence; the reserve also at its later batches.</summary>
    public static TheoryData<string, int, bool> Deaths
    {
        get
        {
            var deaths = new TheoryData<string, int, bool>();
            foreach (var publishes in new[] { false, true })
                foreach (var (step, occurrence) in Points(publishes)) deaths.Add(step, occurrence, publishes);
            return deaths;
        }
    }

    protected abstract Task<StoreDatabase> NewDatabaseAsync();

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task A_process_that_dies_at_a_step_leaves_nothing_twice_and_nothing_lost(string step, int occurrence, bool publishes)
    {
        await using var world = await CrashWorld.CreateAsync(await NewDatabaseAsync(), publishes);
        Assert.Null(await world.StartProcess(step, occurrence).RunUntilDeadAsync());
        await world.JudgeAsync();

        await AssertEndedAsync(world);
        await AssertEverythingSettledAsync(world, publishes, step);
    }

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task A_process_that_stood_still_past_its_lease_finds_itself_fenced_off(string step, int occurrence, bool publishes)
    {
        await using var world = await CrashWorld.CreateAsync(await NewDatabaseAsync(), publishes);
        var paused = world.StartProcess(step, occurrence);
        var pausedRun = paused.RunAsync();
        await Task.WhenAny(paused.Reached, pausedRun);
        Assert.False(pausedRun.IsCompleted);
        paused.LooksDead();

        await AssertEndedAsync(world);
        paused.WakeUp();
        var outcome = await pausedRun;
        await paused.CloseAsync();

        // Only a process that stood before its first step, or behind its last, can have an end of its own; and one that finds its epoch with the witness already asks anew.
        if (step is not ("lease:before" or "lease:after" or "finish:after")) Assert.IsType<RunOutcome.TakenOver>(outcome);
        // It looks at its deadline once more before the file leaves.
        if (step == "start:after") Assert.DoesNotContain(Directory.EnumerateFiles(world.Folder), path => path.Contains("run000001", StringComparison.Ordinal));
        await world.JudgeAsync();
        await AssertEndedAsync(world);
        await AssertEverythingSettledAsync(world, publishes, step);
    }

    /// <summary>As over an API (<see cref="ApiEngineCrash"/>): the backup's epoch is the process's own, and only the witness knows of another run since.</summary>
    [Theory]
    [InlineData("reserve:after", 1, false)]
    [InlineData("reserve:after", 3, false)]
    [InlineData("reserve:after", 3, true)]
    [InlineData("start:after", 1, true)]
    public async Task A_process_that_stood_still_until_a_backup_of_its_own_run_was_put_back_gives_no_file_out(string step, int occurrence, bool publishes)
    {
        await using var before = await CrashWorld.CreateAsync(await NewDatabaseAsync(), publishes);
        await using var restored = await before.RestoreAsync(await NewDatabaseAsync());
        var clock = new JumpingTime();
        var paused = restored.StartProcess(step, occurrence, clock: clock);
        var pausedRun = paused.RunAsync();
        Assert.Same(paused.Reached, await Task.WhenAny(paused.Reached, pausedRun));
        Assert.IsType<RunOutcome.Ended>(await before.StartProcess().RunUntilDeadAsync());

        clock.Jump(TimeSpan.FromHours(1));
        paused.WakeUp();
        var outcome = await pausedRun;
        await paused.CloseAsync();
        Assert.True(outcome is RunOutcome.TakenOver or RunOutcome.Ended { Report: { Run.State: RunState.Failed, File: null } }, outcome.ToString());
        Assert.Equal((0, CrashWorld.Claims), (await restored.JudgeAsync() is var verdict ? (verdict.Exported, verdict.Claims) : default));
        Assert.Empty(Directory.EnumerateFileSystemEntries(restored.Folder));
    }

    // Where nothing can be proved: the attempt was started and the file is not in its folder.
    private static async Task AssertEverythingSettledAsync(CrashWorld world, bool publishes, params string[] deaths)
    {
        var verdict = await world.JudgeAsync();
        Assert.Equal(CrashWorld.Claims, verdict.Exported + verdict.InDoubt);
        if (!publishes || !deaths.Any(InsideTheSend)) Assert.Equal(0, verdict.InDoubt);
    }

    // The first link is the manifest's: the file itself is not there yet.
    private static bool InsideTheSend(string step) => step is "start:after" or "publish:before" or "publish:linked";

    private static async Task AssertEndedAsync(CrashWorld world)
    {
        var process = world.StartProcess();
        Assert.IsType<RunOutcome.Ended>(await process.RunUntilDeadAsync());
    }

    private static readonly string[] RecoveryPoints =
        ["lease:before", "lease:after", "recover:before", "recover:after", "settle:before", "settle:after", "reserve:after", "publish:linked", "confirm:before", "confirm:after", "finish:before"];

    private static IEnumerable<(string Step, int Occurrence)> Points(bool publishes)
    {
        string[] always = ["lease", "recover", "count", "reserve", "confirm", "finish"];
        string[] sending = ["start", "publish"];
        foreach (var step in publishes ? [.. always, .. sending] : always)
        {
            yield return (StepNames.Before(step), 1);
            yield return (StepNames.After(step), 1);
        }
        yield return (StepNames.Before(StepNames.Reserve), 3);
        yield return (StepNames.After(StepNames.Reserve), 2);
        if (!publishes) yield break;
        foreach (var step in new[] { StepNames.PublishWritten, StepNames.PublishSynced })
        {
            // The first is the file's own, the second its manifest's; nothing was started yet.
            yield return (step, 1);
            yield return (step, 2);
        }
        yield return (StepNames.PublishLinked, 1);
        yield return (StepNames.PublishLinked, 2);
    }
}
