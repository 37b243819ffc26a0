using PayOnce.Audit;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

/// <summary>Stopping a run, and the kill switch.</summary>
public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_wish_to_stop_stands_beside_the_run_and_is_seen_by_whoever_runs_it()
    {
        var run = await TestRun.TakeAsync(Store, A.LeaseRequest(holder: "node-1"));
        Assert.Equal(new RunWatch(run.RunId, 0, null), await Requests.FindStopAsync(A.Org, "node-1", Cancel));

        var asked = Assert.IsType<StopAnswer.Asked>(await Requests.RequestStopAsync(A.Org, run.RunId, "ola", Cancel));
        var again = Assert.IsType<StopAnswer.Asked>(await Requests.RequestStopAsync(A.Org, run.RunId, "kari", Cancel));

        Assert.Equal(asked.Wish, again.Wish);
        Assert.Equal(asked.Wish, (await Requests.FindStopAsync(A.Org, "node-1", Cancel))!.Stop);
        Assert.Null(await Requests.FindStopAsync(A.Org, "node-2", Cancel));
        var told = (await AssertChainIsWholeAsync(Store, A.Org))[^1];
        Assert.Equal((AuditActions.RunStopRequested, "ola", "run 1"), (told.Action, told.Actor, told.Subject));
        await run.FinishAsync(RunState.Cancelled);
        Assert.Equal("ola", (await RunAsync(run.RunId)).Stop!.By);
    }

    [Fact]
    public async Task A_run_that_is_over_or_never_was_cannot_be_stopped()
    {
        var run = await TestRun.TakeAsync(Store);
        await run.FinishAsync();

        Assert.Equal(run.RunId, Assert.IsType<StopAnswer.NotRunning>(await Requests.RequestStopAsync(A.Org, run.RunId, "ola", Cancel)).Run.RunId);
        Assert.IsType<StopAnswer.NoSuchRun>(await Requests.RequestStopAsync(A.Org, 99, "ola", Cancel));
        Assert.Null(await Requests.FindStopAsync(A.Org, "node-1", Cancel));
    }

    [Fact]
    public async Task While_an_organisation_is_paused_nobody_starts_there_and_the_reason_is_told()
    {
        await QueueAsync();
        Assert.True(await Requests.PauseAsync(A.Org, "årsavslutning", "ola", Cancel));
        Assert.False(await Requests.PauseAsync(A.Org, "another reason", "kari", Cancel));
        Assert.Equal(("årsavslutning", "ola", false), Reason(await Requests.FindPauseAsync(A.Org, Cancel)));

        Assert.Equal(("årsavslutning", "ola", false), Reason(Assert.IsType<TakeRequestAnswer.Paused>(await TryTakeAsync()).Pause));
        Assert.Equal(("årsavslutning", "ola", false), Reason(Assert.IsType<LeaseAnswer.Paused>(await Store.TakeLeaseAsync(A.LeaseRequest(), _ => false, Cancel)).Pause));
        Assert.NotNull(Assert.IsType<QueueAnswer.Queued>(await Requests.QueueRequestAsync(Order(), _ => false, Cancel)).Pause);
        Assert.Null(await Requests.FindPauseAsync(A.OtherOrg, Cancel));
        await TestRun.TakeAsync(Store, A.LeaseRequest(A.OtherOrg));

        Assert.True(await Requests.ResumeAsync(A.Org, "kari", Cancel));
        Assert.False(await Requests.ResumeAsync(A.Org, "kari", Cancel));
        Assert.Equal(1, (await TakeRequestAsync()).RequestId);
        Assert.Equal([AuditActions.ExportPaused, AuditActions.RunRequested, AuditActions.ExportResumed], (await AssertChainIsWholeAsync(Store, A.Org))[^3..].Select(told => told.Action));
        Assert.True(await Requests.PauseAsync(A.Org, "again", "ola", Cancel));
    }

    [Fact]
    public async Task While_the_installation_is_paused_nobody_starts_anywhere()
    {
        await Requests.PauseAsync(A.Org, "own", "ola", Cancel);
        Assert.True(await Requests.PauseInstallationAsync("the server moves", "operator", Cancel));
        Assert.False(await Requests.PauseInstallationAsync("twice", "operator", Cancel));

        Assert.IsType<LeaseAnswer.Paused>(await Store.TakeLeaseAsync(A.LeaseRequest(A.OtherOrg), _ => false, Cancel));
        Assert.Equal(("the server moves", "operator", true), Reason(await Requests.FindPauseAsync(A.Org, Cancel)));
        Assert.Equal("the server moves", (await Requests.FindInstallationPauseAsync(Cancel))!.Reason);
        Assert.IsType<QueueAnswer.Paused>(await Requests.QueueRequestAsync(Order(whenBusy: WhenBusy.Reject), _ => false, Cancel));

        Assert.True(await Requests.ResumeInstallationAsync("operator", Cancel));
        Assert.False(await Requests.ResumeInstallationAsync("operator", Cancel));
        Assert.Equal(("own", "ola", false), Reason(await Requests.FindPauseAsync(A.Org, Cancel)));
        await TestRun.TakeAsync(Store, A.LeaseRequest(A.OtherOrg));
    }

    [Fact]
    public async Task A_pause_stops_no_run_that_goes_on()
    {
        var run = await TestRun.TakeAsync(Store);
        await Requests.PauseAsync(A.Org, "årsavslutning", "ola", Cancel);

        Assert.True(await Store.RenewLeaseAsync(run.Lease, TimeSpan.FromMinutes(1), Cancel));
        Assert.IsType<LeaseAnswer.Busy>(await Store.TakeLeaseAsync(A.LeaseRequest(), _ => false, Cancel));
        await run.FinishAsync();
    }

    private static (string, string, bool) Reason(Pause? pause) => (pause!.Reason, pause.Actor, pause.Installation);
}
