using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Runs;

/// <summary>What a run over an API starts, waits for and says, and when it ends. That nothing is booked twice is the crash tests' and the simulator's.</summary>
public sealed class ApiDeliveryTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_a_repeated_key_is_not_refused_a_batch_is_started_when_the_one_before_has_its_answer()
    {
        var (first, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        ScriptedSystem system = null!;
        system = new ScriptedSystem(ProofClass.Readable) { Answer = (number, batch) => Held(number, batch, system, first, goOn) };
        await using var scene = await EngineScene.CreateAsync(system, claims: 3);
        var run = scene.RunAsync();
        await EngineScene.Soon(first.Task);
        // Nothing is waited for here: a start that is not there cannot come later, and one that were would be a commit away.
        await Task.Delay(50, Cancel);
        Assert.Single(scene.Steps, "record:before");
        goOn.SetResult();
        Assert.Equal((RunState.Finished, 3), ((await EngineScene.EndOf(run)).Run.State, system.Sent.Count));
    }

    [Fact]
    public async Task Where_a_repeated_key_is_refused_one_batch_more_is_started_ahead()
    {
        var (first, goOn, ahead) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        ScriptedSystem system = null!;
        system = new ScriptedSystem(ProofClass.Unique) { Answer = (number, batch) => Held(number, batch, system, first, goOn) };
        await using var scene = await EngineScene.CreateAsync(system, claims: 4);
        scene.AtStep = _ =>
        {
            if (scene.Steps.Count(step => step == "record:after") == 2) ahead.TrySetResult();
            return Task.CompletedTask;
        };
        var run = scene.RunAsync();
        await EngineScene.Soon(first.Task);
        await EngineScene.Soon(ahead.Task);
        var started = (await scene.Store.ListAttemptsAsync(A.Org, 1, Cancel)).Where(row => row.Step == AttemptStep.Started);
        Assert.Equal([1, 2], started.Select(row => row.Batch));
        goOn.SetResult();
        Assert.Equal(RunState.Finished, (await EngineScene.EndOf(run)).Run.State);
    }

    [Fact]
    public async Task A_stop_that_comes_when_all_is_on_its_way_changes_nothing()
    {
        using var stop = new CancellationTokenSource();
        ScriptedSystem system = null!;
        system = new ScriptedSystem(ProofClass.Readable) { Answer = (_, batch) => StopAnd(stop, system.Book(batch)) };
        await using var scene = await EngineScene.CreateAsync(system, claims: 1);
        var report = await EngineScene.EndOf(scene.RunAsync(stop: stop));
        Assert.Equal((RunState.Finished, 0L), (report.Run.State, report.Waiting));
    }

    [Fact]
    public async Task What_a_stop_holds_back_says_so_and_waits()
    {
        using var stop = new CancellationTokenSource();
        ScriptedSystem system = null!;
        system = new ScriptedSystem(ProofClass.Unique) { Answer = (_, batch) => StopAnd(stop, system.Book(batch)) };
        await using var scene = await EngineScene.CreateAsync(system, claims: 4);
        var report = await EngineScene.EndOf(scene.RunAsync(stop: stop));
        Assert.Equal((RunState.Cancelled, null, 3L), (report.Run.State, report.Run.Failure, report.Waiting));
        var held = (await scene.EndsAsync()).Where(end => end.Outcome == AttemptOutcome.Refused).ToList();
        Assert.Equal(3, held.Count);
        Assert.All(held, end => Assert.Equal("The run was stopped before it was sent. Nothing left.", end.Error));
    }

    [Fact]
    public async Task A_stop_ends_the_wait_of_the_only_batch_and_the_run_was_stopped()
    {
        using var stop = new CancellationTokenSource();
        await using var scene = await EngineScene.CreateAsync(new ScriptedSystem(ProofClass.Readable) { Answer = (_, _) => StopAnd(stop, ScriptedSystem.NotNow(Long)) }, claims: 1);
        var report = await EngineScene.EndOf(scene.RunAsync(stop: stop));
        Assert.Equal((RunState.Cancelled, null, 1L), (report.Run.State, report.Run.Failure, report.Waiting));
    }

    [Fact]
    public async Task Three_batches_without_proof_in_a_row_end_the_run_and_what_was_not_sent_says_why()
    {
        var system = new ScriptedSystem(ProofClass.Blind) { Answer = (number, _) => Task.FromResult(ScriptedSystem.Unknown($"No answer to request {number}.")) };
        await using var scene = await EngineScene.CreateAsync(system, claims: 6);
        var report = await EngineScene.EndOf(scene.RunAsync());
        const string why = "3 batches in a row had no answer that proves anything; the last: No answer to request 3.";
        Assert.Equal((RunState.Failed, why, 3, 3L), (report.Run.State, report.Run.Failure, system.Sent.Count, report.Waiting));
        Assert.Equal([why, why, why], (await scene.EndsAsync()).Where(end => end.Outcome == AttemptOutcome.Refused).Select(end => end.Error));
    }

    [Fact]
    public async Task A_batch_that_is_proved_in_part_is_no_silence()
    {
        ScriptedSystem system = null!;
        system = new ScriptedSystem(ProofClass.Readable)
        {
            ClaimsPerBatch = 2,
            Answer = (_, batch) => Task.FromResult<SendAnswer>(new SendAnswer.Answered([.. ((SendAnswer.Answered)system.Book(batch)).Claims.Take(1)])),
        };
        await using var scene = await EngineScene.CreateAsync(system, claims: 10);
        var report = await EngineScene.EndOf(scene.RunAsync());
        Assert.Equal((RunState.Finished, null, 5, 5), (report.Run.State, report.Run.Failure, system.Sent.Count, report.Reconciled!.Found));
    }

    [Fact]
    public async Task A_run_that_ends_early_reserves_no_more()
    {
        var system = new ScriptedSystem(ProofClass.Blind) { ClaimsPerBatch = 500, Answer = (_, _) => Task.FromResult(ScriptedSystem.Unknown("No answer.")) };
        await using var scene = await EngineScene.CreateAsync(system, claims: 6_000);
        var report = await EngineScene.EndOf(scene.RunAsync());
        Assert.Equal((RunState.Failed, 3), (report.Run.State, system.Sent.Count));
        Assert.InRange(scene.Steps.Count(step => step == "reserve:after"), 1, 4);
        Assert.Equal(4_500, report.Waiting);
    }

    [Fact]
    public async Task The_first_reason_to_end_is_the_one_that_is_told()
    {
        var (both, told) = (new CountdownEvent(2), new TaskCompletionSource());
        var system = new ScriptedSystem(ProofClass.Readable)
        {
            Parallel = 2,
            Retry = new RetryOptions(1, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, Jitter: 0),
            Answer = async (number, _) =>
            {
                both.Signal();
                await Task.Run(() => both.Wait(Cancel), Cancel);
                if (number == 2) await told.Task;
                return ScriptedSystem.NotNow(TimeSpan.Zero, number == 1 ? "Closed for the night." : "Closed, too.");
            },
        };
        await using var scene = await EngineScene.CreateAsync(system, claims: 2);
        var report = await EngineScene.EndOf(scene.RunAsync(progress =>
        {
            if (progress.Processed > 0) told.TrySetResult();
        }));
        Assert.Equal((RunState.Failed, "The accounting system did not take what was sent: Closed for the night."), (report.Run.State, report.Run.Failure));
    }

    [Fact]
    public async Task Whoever_looks_sees_each_batch_counted()
    {
        List<(long Processed, long Total)> seen = [];
        await using var scene = await EngineScene.CreateAsync(new ScriptedSystem(ProofClass.Readable) { ClaimsPerBatch = 2 }, claims: 5);
        await EngineScene.EndOf(scene.RunAsync(progress => seen.Add((progress.Processed, progress.Total))));
        Assert.Equal([(0, 5), (2, 5), (4, 5), (5, 5)], seen.Distinct());
    }

    [Fact]
    public async Task A_run_ends_when_the_last_outcome_is_recorded()
    {
        await using var scene = await EngineScene.CreateAsync(new ScriptedSystem(ProofClass.Readable), claims: 2);
        // The last commit takes its time. Who did not wait for it would be through before.
        scene.AtStep = async step =>
        {
            if (step == "record:before" && scene.Steps.Count(known => known == "record:before") == 3) await Task.Delay(100, Cancel);
        };
        Assert.Equal(RunState.Finished, (await EngineScene.EndOf(scene.RunAsync())).Run.State);
        Assert.True(scene.Steps.ToList().LastIndexOf("record:after") < scene.Steps.ToList().IndexOf("finish:before"));
    }

    [Fact]
    public async Task While_an_answer_takes_long_the_lease_is_kept()
    {
        var (first, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        ScriptedSystem system = null!;
        system = new ScriptedSystem(ProofClass.Readable) { Answer = (number, batch) => Held(number, batch, system, first, goOn) };
        await using var scene = await EngineScene.CreateAsync(system, claims: 2);
        var run = scene.RunAsync();
        await EngineScene.Soon(first.Task);
        for (var waited = TimeSpan.Zero; waited < 2 * ExportEngine.LeaseDuration; waited += LeaseWatch.Interval)
        {
            await scene.TimersAsync(1);
            scene.Clock.Advance(LeaseWatch.Interval);
        }
        await scene.TimersAsync(1);
        Assert.IsType<RunOutcome.Busy>(await scene.Second().RunAsync(new RunRequest(A.Org, "ola"), null, Cancel));
        goOn.SetResult();
        Assert.Equal((RunState.Finished, 2), ((await EngineScene.EndOf(run)).Run.State, system.Sent.Count));
    }

    [Fact]
    public async Task Who_waits_to_try_again_notices_within_half_a_lease_that_another_has_taken_over()
    {
        ScriptedSystem system = null!;
        system = new ScriptedSystem(ProofClass.Readable) { Answer = (_, batch) => Task.FromResult(batch.RunId == 1 ? ScriptedSystem.NotNow(Long) : system.Book(batch)) };
        await using var scene = await EngineScene.CreateAsync(system, claims: 2);
        var run = scene.RunAsync();
        await scene.TimersAsync(2);
        await EngineScene.EndOf(scene.Second(firstIsGone: true).RunAsync(new RunRequest(A.Org, "ola"), null, Cancel));
        for (var looks = 0; looks < 3 && !run.IsCompleted; looks++) scene.Clock.Advance(LeaseWatch.Interval);
        await EngineScene.FencedOff(run);
        Assert.Single(system.Sent, batch => batch.RunId == 1);
    }

    [Fact]
    public async Task Who_comes_back_from_waiting_and_finds_another_run_sends_nothing_more()
    {
        ScriptedSystem system = null!;
        system = new ScriptedSystem(ProofClass.Readable) { Answer = (_, batch) => Task.FromResult(batch.RunId == 1 ? ScriptedSystem.NotNow(TimeSpan.FromSeconds(5)) : system.Book(batch)) };
        await using var scene = await EngineScene.CreateAsync(system, claims: 2);
        var run = scene.RunAsync();
        await scene.TimersAsync(2);
        await EngineScene.EndOf(scene.Second(firstIsGone: true).RunAsync(new RunRequest(A.Org, "ola"), null, Cancel));
        scene.Clock.Advance(TimeSpan.FromSeconds(5));
        await EngineScene.FencedOff(run);
        Assert.Single(system.Sent, batch => batch.RunId == 1);
    }

    [Fact]
    public async Task A_lost_answer_is_repeated_within_the_time_in_which_the_system_remembers()
    {
        ScriptedSystem system = null!;
        system = new ScriptedSystem(ProofClass.Windowed) { Answer = (number, batch) => Task.FromResult(number == 1 ? ScriptedSystem.Unknown("No answer.") : system.Book(batch)) };
        await using var scene = await EngineScene.CreateAsync(system, claims: 1);
        var run = scene.RunAsync();
        await scene.TimersAsync(2);
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await EngineScene.EndOf(run);
        Assert.Equal([1, 2], system.Sent.Select(batch => batch.Try));
        Assert.Equal([AttemptOutcome.Unknown, AttemptOutcome.Accepted], (await scene.EndsAsync()).Select(end => end.Outcome!.Value));
    }

    /// <summary>The process stands still while it records the next try: the verdict that it may be made was right when it was given.</summary>
    [Theory]
    [InlineData("?")]
    [InlineData("??")]
    [InlineData("?-")]
    public async Task A_lost_answer_is_not_repeated_after_that_time_whatever_came_since(string answers)
    {
        var system = new ScriptedSystem(ProofClass.Windowed)
        {
            Answer = (number, _) => Task.FromResult(answers[number - 1] == '?' ? ScriptedSystem.Unknown($"No answer to try {number}.") : ScriptedSystem.NotNow(TimeSpan.FromSeconds(1))),
        };
        await using var scene = await EngineScene.CreateAsync(system, claims: 1);
        scene.AtStep = step =>
        {
            if (step == "record:after" && scene.Steps.Count(known => known == "record:after") == answers.Length + 1) scene.Clock.Advance(2 * system.Window);
            return Task.CompletedTask;
        };
        var run = scene.RunAsync();
        for (var waits = 0; waits < answers.Length; waits++)
        {
            await scene.TimersAsync(2);
            scene.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        var report = await EngineScene.EndOf(run);
        Assert.Equal(answers.Length, system.Sent.Count);
        Assert.Equal(
            $"{(answers[^1] == '?' ? $"No answer to try {answers.Length}." : "The answer was 503.")} The time in which it could be repeated was over before it left again.",
            (await scene.EndsAsync())[^1].Error);
        Assert.Single(report.Reconciled!.InDoubt);
    }

    [Fact]
    public async Task A_fault_ends_the_run_at_once_though_others_wait()
    {
        EngineScene scene = null!;
        var system = new ScriptedSystem(ProofClass.Readable)
        {
            Parallel = 2,
            Answer = async (number, _) =>
            {
                if (number == 1) return ScriptedSystem.NotNow(Long);
                await scene.TimersAsync(2);
                throw new InvalidDataException("A fault of the exporter.");
            },
        };
        await using (scene = await EngineScene.CreateAsync(system, claims: 2))
        {
            Assert.Equal("A fault of the exporter.", (await Assert.ThrowsAsync<InvalidDataException>(() => EngineScene.Soon(scene.RunAsync()))).Message);
        }
    }

    [Fact]
    public async Task A_fault_of_the_store_while_an_outcome_is_recorded_ends_the_run()
    {
        var system = new ScriptedSystem(ProofClass.Readable) { Parallel = 2 };
        await using var scene = await EngineScene.CreateAsync(system, claims: 4);
        scene.AtStep = step => step == "record:before" && system.Sent.Count > 0 ? throw new InvalidDataException("The disk is gone.") : Task.CompletedTask;
        Assert.Equal("The disk is gone.", (await Assert.ThrowsAsync<InvalidDataException>(() => EngineScene.Soon(scene.RunAsync()))).Message);
    }

    [Fact]
    public async Task Outcomes_are_recorded_one_commit_at_a_time()
    {
        var system = new ScriptedSystem(ProofClass.Unique) { Parallel = 4 };
        await using var scene = await EngineScene.CreateAsync(system, claims: 12);
        scene.AtStep = async step =>
        {
            if (step.StartsWith("record:", StringComparison.Ordinal)) await Task.Delay(1, Cancel);
        };
        await EngineScene.EndOf(scene.RunAsync());
        var recorded = scene.Steps.Where(step => step.StartsWith("record:", StringComparison.Ordinal)).ToList();
        Assert.Equal(Enumerable.Range(0, recorded.Count).Select(n => n % 2 == 0 ? "record:before" : "record:after"), recorded);
    }

    private static async Task<SendAnswer> Held(int number, ApiBatch batch, ScriptedSystem system, TaskCompletionSource first, TaskCompletionSource goOn)
    {
        first.TrySetResult();
        if (number == 1) await goOn.Task;
        return system.Book(batch);
    }

    private static Task<SendAnswer> StopAnd(CancellationTokenSource stop, SendAnswer answer)
    {
        stop.Cancel();
        return Task.FromResult(answer);
    }
}
