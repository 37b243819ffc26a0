using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreProtocol
{
    [Fact]
    public async Task What_was_reserved_and_never_started_is_released_and_waits_again()
    {
        await TakeInAsync([A.Record("BAD-1", approvedAt: A.Day(1)), .. A.Records(10)]);
        var dead = await TestRun.TakeAsync(Store);
        await dead.CountAsync();
        await dead.ReserveAsync(4);
        await dead.ReserveAsync(4);

        var next = await TestRun.TakeOverAsync(Open());
        var recovered = Assert.Single((await Store.RecoverAsync(next.Lease, Cancel))!);

        Assert.Equal((dead.RunId, 7L, 0L), (recovered.Run.RunId, recovered.Released, recovered.InDoubt));
        Assert.Empty(await Store.ListDoubtfulFilesAsync(A.Org, Cancel));
        Assert.Equal(await RunAsync(dead.RunId), recovered.Run);
        Assert.Equal((RunState.Failed, new RunCounters(11, 0, 8, 0, 1, 0, 7)), (recovered.Run.State, recovered.Run.Counters));
        Assert.Contains("its process ended before it was done", recovered.Run.Failure, StringComparison.Ordinal);
        Assert.NotNull(recovered.Run.EndedAt);
        await AssertMarkAsync("A-0001", MarkState.Released, waiting: true);
        Assert.Equal(dead.RunId, (await MarkAsync("A-0001")).RunId);
        Assert.Equal(11, (await WaitingAsync()).Length);
        Assert.DoesNotContain(await Store.ListAttemptsAsync(A.Org, dead.RunId, Cancel), attempt => attempt.Step == AttemptStep.Finished);
    }

    [Fact]
    public async Task What_was_started_is_in_doubt_and_does_not_wait()
    {
        await TakeInAsync([A.Record("BAD-1", approvedAt: A.Day(1)), .. A.Records(5)]);
        var dead = await TestRun.TakeAsync(Store);
        await dead.CountAsync();
        await dead.ReserveAllAsync(3);
        var started = await dead.StartAsync();

        var next = await TestRun.TakeOverAsync(Open());
        var recovered = Assert.Single((await Store.RecoverAsync(next.Lease, Cancel))!);

        Assert.Equal((dead.RunId, 0L, 5L), (recovered.Run.RunId, recovered.Released, recovered.InDoubt));
        Assert.Equal(Dump.Of(started), Dump.Of(Assert.Single(await Store.ListDoubtfulFilesAsync(A.Org, Cancel))));
        Assert.Equal((RunState.Failed, new RunCounters(6, 0, 6, 0, 1, 5, 0)), (recovered.Run.State, recovered.Run.Counters));
        AssertBalanced(recovered.Run.Counters);
        var mark = await MarkAsync("A-0003");
        Assert.Equal((MarkState.InDoubt, dead.RunId), (mark.State, mark.RunId));
        Assert.NotNull(mark.InDoubtSince);
        Assert.Equal(["BAD-1"], await WaitingAsync());
        var finished = (await Store.ListAttemptsAsync(A.Org, dead.RunId, Cancel)).Where(attempt => attempt.Step == AttemptStep.Finished);
        Assert.Equal([(1, AttemptOutcome.Unknown), (2, AttemptOutcome.Unknown)], finished.Select(attempt => (attempt.Batch, attempt.Outcome!.Value)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_run_that_had_confirmed_is_finished(bool start)
    {
        await TakeInAsync(A.Records(3));
        var dead = await TestRun.TakeAsync(Store);
        await dead.CountAsync();
        await dead.ReserveAllAsync();
        if (start) await dead.StartAsync();
        await dead.ConfirmAsync();

        var next = await TestRun.TakeOverAsync(Open());
        var recovered = Assert.Single((await Store.RecoverAsync(next.Lease, Cancel))!);

        Assert.Equal((RunState.Finished, 0L, 0L), (recovered.Run.State, recovered.Released, recovered.InDoubt));
        Assert.Equal(new RunCounters(3, 0, 3, 3, 0, 0, 0), recovered.Run.Counters);
        Assert.NotNull(recovered.Run.EndedAt);
        await AssertMarkAsync("A-0001", MarkState.Exported, waiting: false);
        Assert.Equal(RunFileState.Available, (await Store.FindFileAsync(A.Org, dead.RunId, Cancel))?.State);
    }

    [Fact]
    public async Task A_run_that_took_nothing_is_failed_and_leaves_nothing()
    {
        await TakeInAsync(A.Records(3));
        var dead = await TestRun.TakeAsync(Store);
        await dead.CountAsync();

        var next = await TestRun.TakeOverAsync(Open());
        var recovered = Assert.Single((await Store.RecoverAsync(next.Lease, Cancel))!);

        Assert.Equal((RunState.Failed, 0L, 0L), (recovered.Run.State, recovered.Released, recovered.InDoubt));
        Assert.False(string.IsNullOrEmpty(recovered.Run.Failure));
        Assert.Equal(3, (await WaitingAsync()).Length);
    }

    [Fact]
    public async Task A_run_that_was_released_or_doubted_before_its_process_died_keeps_its_counters()
    {
        await TakeInAsync(A.Records(2));
        var doubted = await TestRun.TakeAsync(Store);
        await doubted.CountAsync();
        await doubted.ReserveAllAsync();
        await doubted.StartAsync();
        await doubted.DoubtAsync();
        await TakeInAsync(A.Records(3, "B-"));
        var released = await TestRun.TakeOverAsync(Store);
        await released.CountAsync();
        await released.ReserveAllAsync();
        await released.ReleaseAsync();

        var next = await TestRun.TakeOverAsync(Store);
        var recovered = (await Store.RecoverAsync(next.Lease, Cancel))!;

        Assert.Equal([(doubted.RunId, 0L, 0L), (released.RunId, 0L, 0L)], recovered.Select(each => (each.Run.RunId, each.Released, each.InDoubt)));
        Assert.Equal(new RunCounters(2, 0, 2, 0, 0, 2, 0), recovered[0].Run.Counters);
        Assert.Equal(new RunCounters(3, 2, 3, 0, 0, 0, 3), recovered[1].Run.Counters);
        Assert.All(recovered, each => Assert.NotEqual(RunState.Running, each.Run.State));
        Assert.Equal(doubted.RunId, Assert.Single(await Store.ListDoubtfulFilesAsync(A.Org, Cancel)).RunId);
    }

    [Fact]
    public async Task Several_dead_runs_are_recovered_oldest_first_even_when_the_recoverers_died_too()
    {
        await TakeInAsync(A.Records(6));
        var first = await TestRun.TakeAsync(Store);
        await first.ReserveAsync(2);
        await first.StartAsync();
        var second = await TestRun.TakeOverAsync(Open());
        await second.ReserveAsync(2);
        var third = await TestRun.TakeOverAsync(Open());
        await third.ReserveAllAsync();
        await third.ConfirmAsync();
        var fourth = await TestRun.TakeOverAsync(Open());

        var recovered = (await Store.RecoverAsync(fourth.Lease, Cancel))!;

        Assert.Equal(
            [(first.RunId, RunState.Failed, 0L, 2L), (second.RunId, RunState.Failed, 2L, 0L), (third.RunId, RunState.Finished, 0L, 0L)],
            recovered.Select(each => (each.Run.RunId, each.Run.State, each.Released, each.InDoubt)));
        Assert.Equal(["A-0003", "A-0004"], await WaitingAsync());
    }

    [Fact]
    public async Task Recovering_again_finds_nothing_and_changes_nothing()
    {
        await LeaveInDoubtAsync(A.Records(3));
        var run = await TestRun.TakeAsync(Store);
        var before = await DumpAsync();

        Assert.Empty((await Store.RecoverAsync(run.Lease, Cancel))!);
        Assert.Empty((await Store.RecoverAsync(run.Lease, Cancel))!);

        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task Recovery_leaves_the_claims_of_its_own_run_alone()
    {
        await TakeInAsync(A.Records(3));
        var run = await TestRun.TakeAsync(Store);
        await run.CountAsync();
        await run.ReserveAllAsync();
        var before = await DumpAsync();
        Assert.Empty((await Store.RecoverAsync(run.Lease, Cancel))!);
        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task A_claim_that_died_twice_and_was_exported_the_third_time_left_once()
    {
        await TakeInAsync(A.Records(3));
        for (var death = 0; death < 2; death++)
        {
            var dead = await TestRun.TakeOverAsync(Open());
            await Store.RecoverAsync(dead.Lease, Cancel);
            await dead.ReserveAllAsync();
        }
        var last = await TestRun.TakeOverAsync(Open());
        await Store.RecoverAsync(last.Lease, Cancel);
        await last.CountAsync();
        await last.ReserveAllAsync(2);
        await last.ConfirmAsync();
        await last.FinishAsync();

        var history = await HistoryAsync("A-0003");
        var mark = Assert.Single(history.Marks);
        Assert.Equal((MarkState.Exported, 3, last.RunId, 2), (mark.State, mark.Attempt, mark.RunId, mark.Batch));
        Assert.Equal([(1L, AttemptStep.Reserved), (2L, AttemptStep.Reserved), (3L, AttemptStep.Reserved), (3L, AttemptStep.Finished)], history.Attempts.Select(attempt => (attempt.RunId, attempt.Step)));
    }
}
