using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Sandbox;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Crash;

/// <summary>
/// Over an API: every step of the engine dies once, and again while the next process recovers; the answer is lost, late or broken;
/// a process stands still past its lease. No claim is booked twice, none is lost, and each is exported or held with a reason.
/// </summary>
public abstract partial class ApiEngineCrash
{
    public static TheoryData<string, int, ProofClass> Deaths
    {
        get
        {
            var deaths = new TheoryData<string, int, ProofClass>();
            foreach (var proof in Enum.GetValues<ProofClass>())
                foreach (var (step, occurrence) in Points) deaths.Add(step, occurrence, proof);
            return deaths;
        }
    }

    protected abstract Task<StoreDatabase> NewDatabaseAsync();

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task A_process_that_dies_at_a_step_books_nothing_twice_and_loses_nothing(string step, int occurrence, ProofClass proof)
    {
        await using var world = await ApiWorld.CreateAsync(await NewDatabaseAsync(), proof);
        Assert.Null(await world.StartProcess(step, occurrence).RunUntilDeadAsync());
        await world.JudgeAsync();

        await world.RunAsync();
        var verdict = await SettledAsync(world, proof);
        // What was not in the middle of a send when the process died is never in doubt.
        if (!InsideTheSend(step)) Assert.Equal(ApiWorld.Claims, verdict.Exported);
    }

    [Theory]
    [InlineData(ProofClass.Unique)]
    [InlineData(ProofClass.Readable)]
    public async Task A_second_process_may_die_while_it_recovers_from_the_first(ProofClass proof)
    {
        foreach (var second in SecondDeaths)
        {
            await using var world = await ApiWorld.CreateAsync(await NewDatabaseAsync(), proof);
            Assert.Null(await world.StartProcess("send:after", 2).RunUntilDeadAsync());
            await world.StartProcess(second).RunUntilDeadAsync();
            await world.JudgeAsync();
            await world.RunAsync();
            await SettledAsync(world, proof);
        }
    }

    [Theory]
    [InlineData("record:after", 1)]
    [InlineData("send:before", 1)]
    [InlineData("send:before", 2)]
    [InlineData("send:after", 1)]
    [InlineData("record:before", 2)]
    [InlineData("read-back:after", 1)]
    public async Task A_process_that_stood_still_past_its_lease_books_nothing_twice(string step, int occurrence)
    {
        // Unique: what the sleeper sends after all is refused as a repeated key. Readable: it is held, and found when it arrived.
        foreach (var proof in new[] { ProofClass.Unique, ProofClass.Readable })
        {
            await using var world = await ApiWorld.CreateAsync(await NewDatabaseAsync(), proof);
            // Without a doubt nobody asks.
            if (step.StartsWith("read-back", StringComparison.Ordinal)) world.Sandbox.Faults.Script(new ScriptedFault(FaultKind.RequestLost, Times: 6, Path: "/batches"));
            var paused = world.StartProcess(step, occurrence);
            var pausedRun = paused.RunAsync(CancellationToken.None);
            await Task.WhenAny(paused.Reached, pausedRun);
            Assert.False(pausedRun.IsCompleted);
            paused.LooksDead();
            await world.RunAsync();
            paused.WakeUp();
            var outcome = await pausedRun;
            await paused.CloseAsync();
            Assert.IsType<RunOutcome.TakenOver>(outcome);
            await world.RunAsync();
            await SettledAsync(world, proof);
        }
    }

    /// <summary>The last look before bytes leave is at the process's own clock: what the store cannot fence.</summary>
    [Fact]
    public async Task A_process_whose_lease_ran_out_while_it_stood_still_sends_nothing_more()
    {
        await using var world = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Readable);
        var clock = new JumpingTime();
        var paused = world.StartProcess("record:after", clock: clock);
        var pausedRun = paused.RunAsync(CancellationToken.None);
        await paused.Reached;
        paused.LooksDead();
        await world.RunAsync();
        var before = await world.JudgeAsync();
        // What it had started is in doubt, and would be booked after all if it were sent now.
        Assert.True(before.InDoubt > 0);

        clock.Jump(TimeSpan.FromHours(1));
        paused.WakeUp();
        Assert.IsType<RunOutcome.TakenOver>(await pausedRun);
        await paused.CloseAsync();
        var after = await world.JudgeAsync();
        Assert.Equal(before, after);
        Assert.Equal(after.Exported, world.Sandbox.StandIn.Bookings.Count);
    }

    [Theory]
    [InlineData(FaultKind.AnswerLost)]
    [InlineData(FaultKind.RequestLost)]
    [InlineData(FaultKind.ResetMidBody)]
    [InlineData(FaultKind.ErrorBefore)]
    [InlineData(FaultKind.ErrorAfter)]
    [InlineData(FaultKind.Truncated)]
    [InlineData(FaultKind.Garbled)]
    [InlineData(FaultKind.Redirect)]
    [InlineData(FaultKind.TooManyRequests)]
    [InlineData(FaultKind.Unavailable)]
    [InlineData(FaultKind.HalfDone)]
    [InlineData(FaultKind.IncompleteAnswer)]
    [InlineData(FaultKind.PartialFailure)]
    public async Task What_goes_wrong_on_the_wire_books_nothing_twice_and_loses_nothing(FaultKind kind)
    {
        foreach (var proof in Enum.GetValues<ProofClass>())
        {
            await using var world = await ApiWorld.CreateAsync(await NewDatabaseAsync(), proof);
            world.Sandbox.Faults.Script(new ScriptedFault(kind, After: 1, Path: "/batches", Delay: TimeSpan.FromMilliseconds(1)));
            await world.RunAsync();
            await world.JudgeAsync();
            await world.RunAsync();
            var verdict = await SettledAsync(world, proof);
            if (kind is FaultKind.TooManyRequests or FaultKind.Unavailable or FaultKind.PartialFailure) Assert.Equal(ApiWorld.Claims, verdict.Exported);
        }
    }

    [Fact]
    public async Task An_answer_lost_after_the_booking_is_found_by_the_read_back_of_the_same_run()
    {
        foreach (var proof in new[] { ProofClass.Unique, ProofClass.Windowed, ProofClass.Readable })
        {
            await using var world = await ApiWorld.CreateAsync(await NewDatabaseAsync(), proof);
            world.Sandbox.Faults.Script(new ScriptedFault(FaultKind.AnswerLost, Path: "/batches"));
            var report = await world.RunAsync();
            Assert.Equal((RunState.Finished, (long)ApiWorld.Claims), (report.Run.State, report.Run.Counters.Exported));
            Assert.Equal(ApiWorld.Claims, (await world.JudgeAsync()).Exported);
        }
    }

    [Fact]
    public async Task A_request_that_never_arrived_is_held_where_nothing_refuses_a_repeated_key_and_goes_again_where_it_is_allowed()
    {
        await using var held = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Readable);
        held.Sandbox.Faults.Script(new ScriptedFault(FaultKind.RequestLost, Path: "/batches"));
        await held.RunAsync();
        await held.RunAsync();
        var report = await held.RunAsync();
        Assert.Equal(3, (await held.JudgeAsync()).InDoubt);
        Assert.All(report.Reconciled!.InDoubt, doubt => Assert.Null(doubt.AskAgainAt));

        await using var released = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Readable, automaticRelease: true);
        released.Sandbox.Faults.Script(new ScriptedFault(FaultKind.RequestLost, Path: "/batches"));
        await released.RunAsync();
        await released.RunAsync();
        await released.RunAsync();
        Assert.Equal(ApiWorld.Claims, (await released.JudgeAsync()).Exported);
    }

    [Theory]
    [InlineData(ProofClass.Unique)]
    [InlineData(ProofClass.Readable)]
    public async Task Before_the_quiet_time_is_over_an_absence_releases_nothing_however_often_it_is_asked(ProofClass proof)
    {
        const int lost = 6;
        await using var world = await ApiWorld.CreateAsync(await NewDatabaseAsync(), proof, automaticRelease: true, quietSeconds: 3_600);
        world.Sandbox.Faults.Script(new ScriptedFault(FaultKind.RequestLost, Times: lost, Path: "/batches"));
        await world.RunAsync();
        // What that run did not come to goes now, and arrives.
        world.Sandbox.Faults.Clear();
        var inDoubt = (await world.JudgeAsync()).InDoubt;
        Assert.True(inDoubt > 0);
        for (var again = 0; again < 3; again++)
        {
            var report = await world.RunAsync();
            Assert.Equal(inDoubt, (await world.JudgeAsync()).InDoubt);
            Assert.All(report.Reconciled!.InDoubt, doubt => Assert.NotNull(doubt.AskAgainAt));
        }
    }

    [Fact]
    public async Task A_claim_in_doubt_is_not_released_by_another_integration_that_does_not_know_it()
    {
        await using var world = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Readable);
        world.Sandbox.Faults.Script(new ScriptedFault(FaultKind.RequestLost, Path: "/batches"));
        await world.RunAsync();
        await using (var store = world.Open())
        {
            // The organisation turns to a system that refuses repeated keys, where an absence would release.
            var settings = (await store.FindIntegrationAsync(A.Org, ApiWorld.Cancel))!.SettingsJson;
            await store.SaveIntegrationAsync(A.Org, settings.Replace("\"readable\"", "\"unique\"", StringComparison.Ordinal), "test", ApiWorld.Cancel);
        }
        await world.RunAsync();
        await world.RunAsync();
        Assert.Equal(3, (await world.JudgeAsync()).InDoubt);
    }

    [Fact]
    public async Task A_refusal_that_a_windowed_system_replays_for_the_same_request_does_not_outlive_its_run()
    {
        await using var world = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Windowed, claims: 1);
        world.Sandbox.Faults.Script(new ScriptedFault(FaultKind.PartialFailure));
        var refused = await world.RunAsync();
        Assert.Equal("A-0001", Assert.Single(refused.Rejections).ClaimId);
        await world.RunAsync();
        Assert.Equal(1, (await world.JudgeAsync()).Exported);
    }

    [Fact]
    public async Task An_accounting_system_that_cannot_be_reached_leaves_every_claim_waiting_and_says_so()
    {
        await using var world = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Readable);
        world.Sandbox.Faults.Script(new ScriptedFault(FaultKind.Unavailable, Times: 1_000, Path: "/batches", Delay: TimeSpan.FromMilliseconds(1)));
        var report = await world.RunAsync();
        Assert.Equal(RunState.Failed, report.Run.State);
        Assert.Contains("did not take", report.Run.Failure, StringComparison.Ordinal);
        Assert.Equal((0, ApiWorld.Claims), ((await world.JudgeAsync()).InDoubt, (await world.JudgeAsync()).Waiting));

        world.Sandbox.Faults.Clear();
        await world.RunAsync();
        Assert.Equal(ApiWorld.Claims, (await world.JudgeAsync()).Exported);
    }

    [Fact]
    public async Task A_run_that_gets_no_answers_stops_before_it_puts_everything_in_doubt()
    {
        await using var world = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Readable, claims: 60);
        world.Sandbox.Faults.Script(new ScriptedFault(FaultKind.ErrorBefore, Times: 1_000, Path: "/batches", Status: 500));
        var report = await world.RunAsync();
        Assert.Equal(RunState.Failed, report.Run.State);
        var verdict = await world.JudgeAsync();
        // Three in a row, and what the other sender had under way.
        Assert.InRange(verdict.InDoubt, 3 * ApiDelivery.MostUnknownInRow, 3 * (ApiDelivery.MostUnknownInRow + 1));
        Assert.Equal(60 - verdict.InDoubt, verdict.Waiting);
    }

    [Theory]
    [InlineData(ProofClass.Unique)]
    [InlineData(ProofClass.Blind)]
    public async Task A_run_that_is_stopped_waits_for_what_is_on_its_way_and_sends_no_more(ProofClass proof)
    {
        // All of it is reserved when the first batch leaves.
        await using var world = await ApiWorld.CreateAsync(await NewDatabaseAsync(), proof, claims: 60);
        await StopAtTheFirstAnswerAsync(world);
        var verdict = await world.JudgeAsync();
        // The batch that had been answered, and what the other sender had under way.
        Assert.InRange(verdict.Exported, 3, 6);
        Assert.Equal((60 - verdict.Exported, 0, 0), (verdict.Waiting, verdict.InDoubt, verdict.Reserved));

        Assert.Equal(RunState.Finished, (await world.RunAsync()).Run.State);
        Assert.Equal(60, (await world.JudgeAsync()).Exported);
    }

    [Fact]
    public async Task A_run_that_is_stopped_while_it_waits_to_try_again_ends_at_once_and_is_no_failure()
    {
        await using var world = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Readable);
        world.Sandbox.Faults.Script(new ScriptedFault(FaultKind.Unavailable, Times: 1_000, Path: "/batches", Delay: TimeSpan.FromSeconds(15)));
        await StopAtTheFirstAnswerAsync(world);
        Assert.Equal((0, ApiWorld.Claims), ((await world.JudgeAsync()).InDoubt, (await world.JudgeAsync()).Waiting));

        world.Sandbox.Faults.Clear();
        await world.RunAsync();
        Assert.Equal(ApiWorld.Claims, (await world.JudgeAsync()).Exported);
    }

    private static async Task StopAtTheFirstAnswerAsync(ApiWorld world)
    {
        using var stop = new CancellationTokenSource();
        var process = world.StartProcess("send:after", 1);
        var run = process.RunAsync(stop.Token);
        await process.Reached;
        stop.Cancel();
        process.WakeUp();
        var report = Assert.IsType<RunOutcome.Ended>(await run).Report;
        await process.CloseAsync();
        Assert.Equal((RunState.Cancelled, null), (report.Run.State, report.Run.Failure));
    }

    // Blind and readable hold what nobody can prove; the others end with everything exported.
    private static async Task<Verdict> SettledAsync(ApiWorld world, ProofClass proof)
    {
        var verdict = await world.JudgeAsync();
        for (var again = 0; verdict.Exported < verdict.Claims && again < 3; again++)
        {
            await world.RunAsync();
            verdict = await world.JudgeAsync();
        }
        Assert.Equal(verdict.Claims, verdict.Exported + verdict.InDoubt);
        if (proof == ProofClass.Unique) Assert.Equal(0, verdict.InDoubt);
        return verdict;
    }

    // From the commit that started the batch to the one that settled it.
    private static bool InsideTheSend(string step) => step is "record:after" or "send:before" or "send:after" or "record:before";

    private static readonly string[] SecondDeaths = ["recover:before", "recover:after", "read-back:before", "read-back:after", "settle:before", "settle:after", "reserve:after", "record:after", "send:after"];

    /// <summary>Steps that only an export over an API has, each of which a process dies at here.</summary>
    public static IReadOnlyList<string> OwnSteps { get; } = [.. new[] { StepNames.Record, StepNames.Send, StepNames.ReadBack, StepNames.AdoptFound }.SelectMany(name => new[] { StepNames.Before(name), StepNames.After(name) })];

    private static readonly (string Step, int Occurrence)[] Points =
    [
        .. new[] { "lease", "recover", "count", "reserve", "record", "send", "finish" }.SelectMany(name => new[] { (StepNames.Before(name), 1), (StepNames.After(name), 1) }),
        ("record:before", 3), ("record:after", 3), ("send:before", 4), ("send:after", 4),
    ];
}
