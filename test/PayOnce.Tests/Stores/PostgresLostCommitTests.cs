using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Stores.Postgres;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Stores;

/// <summary>A real connection that breaks in the middle of a commit, before the server heard of it or after it had committed.</summary>
public sealed class PostgresLostCommitTests(PostgresCluster cluster) : PostgresStoreTests(cluster)
{
    private TcpProxy proxy = null!;
    private PostgresStore remote = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        proxy = new TcpProxy(Cluster.Port);
        remote = Open(With(to => to.Port = proxy.Port));
        await Store.TakeInAsync(A.Org, A.Records(6), "claims.json", "kari", Cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await proxy.DisposeAsync();
    }

    [Theory, InlineData(LostCommit.AnswerSwallowed), InlineData(LostCommit.NeverArrives)]
    public async Task A_run_that_loses_a_commit_at_every_step_exports_each_claim_once(LostCommit how)
    {
        Lose(how);
        var run = await TestRun.TakeAsync(remote);
        Lose(how);
        Assert.Equal(6, (await run.CountAsync()).Candidates);
        Lose(how);
        Assert.True(await remote.RenewLeaseAsync(run.Lease, TimeSpan.FromHours(2), Cancel));
        Lose(how);
        Assert.IsType<ReserveAnswer.Reserved>(await run.ReserveAsync(4));
        Lose(how);
        Assert.IsType<ReserveAnswer.Reserved>(await run.ReserveAsync(4));
        Lose(how);
        Assert.NotNull(await run.StartAsync());
        Lose(how);
        Assert.NotNull(await run.ConfirmAsync());
        Lose(how);
        await run.FinishAsync();

        Assert.Equal(8, proxy.Lost);
        Assert.Equal(6, run.Taken.Count);
        Assert.Equal(new RunCounters(6, 0, 6, 6, 0, 0, 0), (await Store.FindRunAsync(A.Org, run.RunId, Cancel))!.Counters);
        Assert.All(await Store.ListRunMarksAsync(A.Org, run.RunId, null, 100, Cancel), mark => Assert.Equal((MarkState.Exported, 1), (mark.State, mark.Attempt)));
        Assert.Single(await Store.ListRunsAsync(A.Org, null, 100, Cancel));
        Assert.Empty(await Store.CheckAsync(Cancel));
    }

    [Theory, InlineData(LostCommit.AnswerSwallowed), InlineData(LostCommit.NeverArrives)]
    public async Task Claims_taken_in_while_the_commit_is_lost_are_told_as_added(LostCommit how)
    {
        Lose(how);
        var outcomes = await remote.TakeInAsync(A.Org, A.Records(3, "B-"), "claims.json", "kari", Cancel);
        Assert.All(outcomes, outcome => Assert.IsType<IntakeOutcome.Added>(outcome));
        Assert.Equal(9, (await Store.GetStatusAsync(A.Org, Cancel)).Waiting);
    }

    /// <summary>First the answer was swallowed: whatever else goes wrong while asking, the step is not done twice.</summary>
    [Fact]
    public async Task A_server_that_is_away_for_a_while_after_a_lost_answer_is_waited_for()
    {
        var run = await TestRun.TakeAsync(remote);
        Lose(LostCommit.AnswerSwallowed);
        proxy.Closed = true;
        var reserving = run.ReserveAsync();
        await WaitForLossAsync();
        await Task.Delay(700, Cancel);
        Assert.False(reserving.IsCompleted);
        proxy.Closed = false;

        Assert.Equal(6, Assert.Single(Assert.IsType<ReserveAnswer.Reserved>(await reserving).Batches).Rendered.Claims);
        Assert.Single(await Store.ListAttemptsAsync(A.Org, run.RunId, Cancel));
    }

    [Fact]
    public async Task A_step_that_breaks_twice_says_that_the_store_is_unavailable_and_can_be_done_later()
    {
        var run = await TestRun.TakeAsync(remote);
        Lose(LostCommit.NeverArrives, LostCommit.NeverArrives);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => run.ReserveAsync());

        Assert.Empty(await Store.ListAttemptsAsync(A.Org, run.RunId, Cancel));
        Assert.Equal(6, (await Store.GetStatusAsync(A.Org, Cancel)).Waiting);
        Assert.IsType<ReserveAnswer.Reserved>(await run.ReserveAsync());
    }

    [Fact]
    public async Task Connections_that_the_server_closed_meanwhile_are_not_noticed()
    {
        var run = await TestRun.TakeAsync(remote);
        await Database.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'payonce' and datname = current_database()");
        Assert.IsType<ReserveAnswer.Reserved>(await run.ReserveAsync());
        await Database.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'payonce' and datname = current_database()");
        Assert.Equal(6, (await remote.GetStatusAsync(A.Org, Cancel)).Reserved);
    }

    private void Lose(params LostCommit[] how) => proxy.LoseCommits(how);

    private async Task WaitForLossAsync()
    {
        var since = TimeProvider.System.GetTimestamp();
        while (proxy.Lost == 0)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(30), "No commit was lost within 30 seconds.");
            await Task.Delay(10, Cancel);
        }
    }
}
