using PayOnce.Audit;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

/// <summary>The queue of requests, and how a request is bound to its run.</summary>
public abstract partial class StoreConformance
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private IRequestStore Requests => (IRequestStore)Store;

    private static RunOrder Order(string organisationId = A.Org, WhenBusy whenBusy = WhenBusy.Queue, string? key = null, RequestScope? scope = null) =>
        new(organisationId, RequestKind.Sync, RunTrigger.Manual, "kari") { WhenBusy = whenBusy, IdempotencyKey = key, Scope = scope ?? RequestScope.Everything };

    private async Task<StoredRequest> QueueAsync(RunOrder? order = null) => Assert.IsType<QueueAnswer.Queued>(await Requests.QueueRequestAsync(order ?? Order(), _ => false, Cancel)).Request;

    private Task<TakeRequestAnswer> TryTakeAsync(string node = "node-1", Func<string, bool>? isGone = null, TimeSpan? patience = null) =>
        Requests.TakeRequestAsync(A.Org, node, isGone ?? (_ => false), patience ?? Patience, Cancel);

    private async Task<StoredRequest> TakeRequestAsync(string node = "node-1", Func<string, bool>? isGone = null, TimeSpan? patience = null) =>
        Assert.IsType<TakeRequestAnswer.Taken>(await TryTakeAsync(node, isGone, patience)).Request;

    private static LeaseRequest LeaseFor(StoredRequest request, TimeSpan? duration = null) => A.LeaseRequest(holder: request.Node!, duration: duration) with { Request = request.AsTaken() };

    private static RequestEnd Done(long? runId = null, params NotificationDraft[] told) => new(RequestState.Done, """{"status":"finished"}""", runId, told);

    [Fact]
    public async Task An_order_waits_in_its_turn_and_is_told_in_the_trail()
    {
        var first = await QueueAsync(Order(scope: new RequestScope { From = new DateOnly(2026, 1, 1), Limit = 5, Notify = false }));
        var second = Assert.IsType<QueueAnswer.Queued>(await Requests.QueueRequestAsync(Order() with { Actor = "ola" }, _ => false, Cancel));

        Assert.Equal((1, RequestState.Queued, 0), (first.RequestId, first.State, first.Attempt));
        Assert.Equal((2, 1, null), (second.Request.RequestId, second.Ahead, second.Pause));
        Assert.Equal(first, await Requests.FindRequestAsync(A.Org, 1, Cancel));
        Assert.Equal([1L, 2L], (await Requests.ListUnfinishedRequestsAsync(A.Org, Cancel)).Select(each => each.RequestId));
        Assert.Equal([A.Org], await Requests.FindRequestWorkAsync(10, Cancel));
        var told = (await AssertChainIsWholeAsync(Store, A.Org))[^1];
        Assert.Equal((AuditActions.RunRequested, "ola", "request 2"), (told.Action, told.Actor, told.Subject));
    }

    [Fact]
    public async Task Another_organisations_requests_are_not_seen_and_not_taken()
    {
        await QueueAsync(Order(A.OtherOrg));

        Assert.Empty(await Requests.ListRequestsAsync(A.Org, null, 10, Cancel));
        Assert.Null(await Requests.FindRequestAsync(A.Org, 1, Cancel));
        Assert.IsType<TakeRequestAnswer.Nothing>(await TryTakeAsync());
        Assert.IsType<CancelAnswer.NoSuchRequest>(await Requests.CancelRequestAsync(A.Org, 1, "eve", Cancel));
    }

    [Fact]
    public async Task The_same_order_under_the_same_key_is_the_same_request_and_another_order_is_a_conflict()
    {
        var first = await QueueAsync(Order(key: "click-1"));

        var again = await Requests.QueueRequestAsync(Order(key: "click-1") with { Actor = "ola" }, _ => false, Cancel);
        var other = await Requests.QueueRequestAsync(Order(key: "click-1", scope: new RequestScope { Limit = 1 }), _ => false, Cancel);
        Assert.Equal(first, Assert.IsType<QueueAnswer.Repeated>(again).Request);
        Assert.Equal(first, Assert.IsType<QueueAnswer.Conflict>(other).Earlier);
        Assert.Equal(first, await Requests.FindRequestByKeyAsync(A.Org, "click-1", Cancel));
        Assert.Null(await Requests.FindRequestByKeyAsync(A.Org, "click-2", Cancel));
        Assert.Null(await Requests.FindRequestByKeyAsync(A.OtherOrg, "click-1", Cancel));

        // Also when it is long over, and though somebody runs.
        var taken = await TakeRequestAsync();
        var run = await TestRun.TakeAsync(Store, LeaseFor(taken));
        Assert.Equal(run.RunId, Assert.IsType<QueueAnswer.Repeated>(await Requests.QueueRequestAsync(Order(key: "click-1"), _ => false, Cancel)).Request.RunId);
        Assert.Single(await Requests.ListRequestsAsync(A.Org, null, 10, Cancel));
        Assert.Equal(1, (await QueueAsync(Order(A.OtherOrg, key: "click-1"))).RequestId);
    }

    [Fact]
    public async Task Of_the_same_order_given_many_times_at_once_one_is_kept()
    {
        var answers = await RaceAsync(6, (store, _) => ((IRequestStore)store).QueueRequestAsync(Order(key: "click-1"), _ => false, Cancel));

        Assert.Single(answers.OfType<QueueAnswer.Queued>());
        Assert.Equal(5, answers.OfType<QueueAnswer.Repeated>().Count());
        Assert.Single(await Requests.ListRequestsAsync(A.Org, null, 10, Cancel));
    }

    [Fact]
    public async Task Who_does_not_want_to_wait_is_told_who_runs_and_leaves_nothing_behind()
    {
        var run = await TestRun.TakeAsync(Store);
        Assert.Equal(run.RunId, Assert.IsType<QueueAnswer.Busy>(await Requests.QueueRequestAsync(Order(whenBusy: WhenBusy.Reject), _ => false, Cancel)).Run!.RunId);
        // A holder that is certainly gone makes nobody wait.
        Assert.IsType<QueueAnswer.Queued>(await Requests.QueueRequestAsync(Order(whenBusy: WhenBusy.Reject), _ => true, Cancel));

        var behind = Assert.IsType<QueueAnswer.Busy>(await Requests.QueueRequestAsync(Order(whenBusy: WhenBusy.Reject), _ => true, Cancel));
        Assert.Equal((null, 1L), (behind.Run, behind.First!.RequestId));
        Assert.Single(await Requests.ListRequestsAsync(A.Org, null, 10, Cancel));
    }

    [Fact]
    public async Task Of_many_nodes_one_takes_a_request_and_no_other_of_the_organisation_until_it_is_over()
    {
        await QueueAsync();
        await QueueAsync();

        var answers = await RaceAsync(6, (store, number) => ((IRequestStore)store).TakeRequestAsync(A.Org, FormattableString.Invariant($"node-{number}"), _ => false, Patience, Cancel));

        var taken = Assert.Single(answers.OfType<TakeRequestAnswer.Taken>()).Request;
        Assert.Equal((1L, 1, RequestState.Running), (taken.RequestId, taken.Attempt, taken.State));
        Assert.Equal(taken, await Requests.FindRequestAsync(A.Org, 1, Cancel));
        Assert.IsType<TakeRequestAnswer.Nothing>(await TryTakeAsync());
        Assert.True(await Requests.EndRequestAsync(taken.AsTaken(), Done(), Cancel));
        Assert.Equal(2, (await TakeRequestAsync()).RequestId);
    }

    [Fact]
    public async Task The_leases_commit_writes_the_run_to_its_request_and_the_request_to_its_run()
    {
        await QueueAsync();
        var taken = await TakeRequestAsync();

        var run = await TestRun.TakeAsync(Store, LeaseFor(taken));

        Assert.Equal(1, (await RunAsync(run.RunId)).RequestId);
        Assert.Equal(run.RunId, (await Requests.FindRequestAsync(A.Org, 1, Cancel))!.RunId);
        await run.FinishAsync();
        Assert.True(await Requests.EndRequestAsync(taken.AsTaken(), Done(run.RunId), Cancel));
        var over = (await Requests.FindRequestAsync(A.Org, 1, Cancel))!;
        Assert.Equal((RequestState.Done, run.RunId, """{"status":"finished"}"""), (over.State, over.RunId, over.OutcomeJson));
        Assert.NotNull(over.EndedAt);
        Assert.Empty(await Requests.FindRequestWorkAsync(10, Cancel));
        Assert.False(await Requests.EndRequestAsync(taken.AsTaken(), Done(), Cancel));
    }

    [Fact]
    public async Task A_node_whose_request_was_taken_from_it_gets_no_lease_and_changes_nothing()
    {
        await QueueAsync();
        var slow = await TakeRequestAsync("node-1");
        var quick = await TakeRequestAsync("node-2", isGone: node => node == "node-1");
        var before = await DumpAsync();

        Assert.Equal(2, quick.Attempt);
        Assert.IsType<LeaseAnswer.RequestLost>(await Store.TakeLeaseAsync(LeaseFor(slow), _ => false, Cancel));
        Assert.False(await Requests.EndRequestAsync(slow.AsTaken(), Done(), Cancel));
        Assert.False(await Requests.ReleaseRequestAsync(slow.AsTaken(), Cancel));
        await AssertUnchangedAsync(before);
        await TestRun.TakeAsync(Store, LeaseFor(quick));
        // One lease an attempt: the same node cannot begin a second run with it.
        Assert.IsType<LeaseAnswer.RequestLost>(await Store.TakeLeaseAsync(LeaseFor(quick), _ => true, Cancel));
    }

    [Fact]
    public async Task A_request_that_was_taken_and_got_no_lease_is_free_again_after_a_time()
    {
        await QueueAsync();
        await TakeRequestAsync("node-1");

        Assert.IsType<TakeRequestAnswer.Nothing>(await TryTakeAsync("node-2"));
        await Database.LetTimePassAsync();
        Assert.Equal(2, (await TakeRequestAsync("node-2", patience: TimeSpan.FromMilliseconds(1))).Attempt);
    }

    [Fact]
    public async Task A_dead_nodes_request_runs_on_once_its_lease_has_run_out_or_the_node_is_certainly_gone()
    {
        await QueueAsync();
        await TestRun.TakeAsync(Store, LeaseFor(await TakeRequestAsync("node-1")));
        Assert.IsType<TakeRequestAnswer.Nothing>(await TryTakeAsync("node-2", patience: TimeSpan.Zero));

        var second = await TakeRequestAsync("node-2", isGone: node => node == "node-1");
        Assert.Equal((2, null), (second.Attempt, second.RunId));
        await TestRun.TakeAsync(Store, LeaseFor(second, TimeSpan.Zero), isGone: node => node == "node-1");
        await Database.LetTimePassAsync();

        var third = await TakeRequestAsync("node-3");
        var run = await TestRun.TakeAsync(Store, LeaseFor(third));
        Assert.Equal(2, (await Store.RecoverAsync(run.Lease, Cancel))!.Count);
        Assert.Equal([1L, 1L, 1L], (await Store.ListRunsAsync(A.Org, null, 10, Cancel)).Select(each => each.RequestId));
    }

    [Fact]
    public async Task A_run_that_ended_while_its_node_died_makes_no_second_run()
    {
        await QueueAsync();
        var run = await TestRun.TakeAsync(Store, LeaseFor(await TakeRequestAsync("node-1")));
        await run.FinishAsync();
        Assert.IsType<TakeRequestAnswer.Nothing>(await TryTakeAsync("node-2"));

        var over = Assert.IsType<TakeRequestAnswer.Over>(await TryTakeAsync("node-2", isGone: node => node == "node-1"));

        Assert.Equal((run.RunId, run.RunId), (over.Run.RunId, over.Request.RunId));
        Assert.True(await Requests.EndRequestAsync(over.Request.AsTaken(), Done(run.RunId), Cancel));
    }

    [Fact]
    public async Task A_run_that_was_cut_off_by_its_node_and_not_by_a_person_is_gone_on_with()
    {
        await QueueAsync();
        var run = await TestRun.TakeAsync(Store, LeaseFor(await TakeRequestAsync("node-1")));
        await run.FinishAsync(RunState.Cancelled);

        Assert.Equal(2, (await TakeRequestAsync("node-2", isGone: _ => true)).Attempt);
    }

    [Fact]
    public async Task A_released_request_keeps_its_place_in_the_queue()
    {
        await QueueAsync();
        await QueueAsync();
        var taken = await TakeRequestAsync("node-1");

        Assert.True(await Requests.ReleaseRequestAsync(taken.AsTaken(), Cancel));

        Assert.IsType<LeaseAnswer.RequestLost>(await Store.TakeLeaseAsync(LeaseFor(taken), _ => false, Cancel));
        var again = await TakeRequestAsync("node-2");
        Assert.Equal((1L, 2), (again.RequestId, again.Attempt));
    }

    [Fact]
    public async Task While_somebody_without_a_request_runs_a_request_that_may_wait_waits()
    {
        await QueueAsync();
        var run = await TestRun.TakeAsync(Store);

        Assert.IsType<TakeRequestAnswer.Nothing>(await TryTakeAsync());
        await run.FinishAsync();
        await TakeRequestAsync();
    }

    [Fact]
    public async Task A_person_takes_a_waiting_request_back_and_not_a_running_one()
    {
        await QueueAsync();
        Assert.IsType<CancelAnswer.Cancelled>(await Requests.CancelRequestAsync(A.Org, 1, "kari", Cancel));
        Assert.Equal(RequestState.Cancelled, (await Requests.FindRequestAsync(A.Org, 1, Cancel))!.State);
        Assert.Equal(AuditActions.RequestCancelled, (await AssertChainIsWholeAsync(Store, A.Org))[^1].Action);

        await QueueAsync();
        await TakeRequestAsync();
        Assert.Equal(2, Assert.IsType<CancelAnswer.NotWaiting>(await Requests.CancelRequestAsync(A.Org, 2, "kari", Cancel)).Request.RequestId);
    }

    [Fact]
    public async Task What_the_runs_of_a_request_took_and_did_not_give_back_is_counted()
    {
        await TakeInAsync(A.Records(5));
        await QueueAsync();
        var run = await TestRun.TakeAsync(Store, LeaseFor(await TakeRequestAsync("node-1")));
        await run.CountAsync();
        await run.ReserveAsync(3);
        Assert.Equal(3, await Store.CountTakenForRequestAsync(A.Org, 1, Cancel));
        await run.ReleaseAsync();
        Assert.Equal(0, await Store.CountTakenForRequestAsync(A.Org, 1, Cancel));
        Assert.Equal(0, await Store.CountTakenForRequestAsync(A.Org, 2, Cancel));
    }
}
