using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreProtocol
{
    [Fact]
    public async Task The_first_taker_gets_the_lease_and_the_run_tells_everything_it_asked_for()
    {
        var scope = new ClaimScope(A.Day(1), A.Day(32), 500, "A-7");
        var request = A.LeaseRequest(scope: scope, holder: "node-9", trigger: RunTrigger.ReExport) with { Actor = "ola", Exporter = "xledger", Format = "gl02", IntegrationVersion = 3 };

        var lease = Assert.IsType<LeaseAnswer.Taken>(await Store.TakeLeaseAsync(request, _ => false, Cancel)).Lease;

        Assert.Equal((A.Org, 1L, "ola", 1L), (lease.OrganisationId, lease.RunId, lease.Actor, lease.FirstVoucher));
        Assert.True(lease.Epoch > 0);
        var run = await RunAsync(1);
        Assert.Equal(
            new Run(1, RunTrigger.ReExport, RunState.Running, "ola", "node-9", lease.Epoch, scope, "xledger", "gl02", 3, default, run.StartedAt, null, null, 1), run);
        Assert.Equal(run, (await Store.GetStatusAsync(A.Org, Cancel)).Running);
    }

    [Fact]
    public async Task The_second_taker_is_told_who_runs_since_when_and_how_far_and_nothing_changes()
    {
        await TakeInAsync(A.Records(5));
        var first = await TestRun.TakeAsync(Store, A.LeaseRequest(duration: TimeSpan.FromMinutes(10)));
        await first.CountAsync();
        await first.ReserveAsync(3);
        var before = await DumpAsync();

        var busy = Assert.IsType<LeaseAnswer.Busy>(await Open().TakeLeaseAsync(A.LeaseRequest(holder: "node-2"), _ => false, Cancel));

        Assert.Equal(await RunAsync(first.RunId), busy.Run);
        Assert.Equal(("node-1", 5L, 3L), (busy.Run.Holder, busy.Run.Counters.Candidates, busy.Run.Counters.Reserved));
        Assert.InRange(busy.ExpiresAt - busy.Now, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        Assert.InRange(busy.Now, busy.Run.StartedAt, busy.Run.StartedAt.AddMinutes(1));
        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task An_expired_lease_is_taken_over_with_a_higher_epoch_and_another_run()
    {
        var first = await TestRun.TakeAsync(Store, A.LeaseRequest(duration: TimeSpan.Zero));

        var second = await TestRun.TakeAsync(Open(), A.LeaseRequest(holder: "node-2"));

        Assert.True(second.Lease.Epoch > first.Lease.Epoch);
        Assert.Equal(first.RunId + 1, second.RunId);
        Assert.Equal(RunState.Running, (await RunAsync(first.RunId)).State);
        Assert.Equal(second.RunId, (await Store.GetStatusAsync(A.Org, Cancel)).Running?.RunId);
    }

    [Fact]
    public async Task A_lease_whose_process_is_certainly_gone_is_taken_over_at_once()
    {
        var first = await TestRun.TakeAsync(Store, A.LeaseRequest(holder: "host-a 4711"));
        var asked = new List<string>();

        var second = await TestRun.TakeAsync(Open(), A.LeaseRequest(holder: "host-a 4712"), holder =>
        {
            asked.Add(holder);
            return holder == "host-a 4711";
        });

        Assert.Equal(["host-a 4711"], asked.Distinct());
        Assert.True(second.Lease.Epoch > first.Lease.Epoch);
        Assert.IsType<LeaseAnswer.Busy>(await Store.TakeLeaseAsync(A.LeaseRequest(), holder => holder == "host-a 4711", Cancel));
    }

    [Fact]
    public async Task A_lease_given_back_is_free_at_once()
    {
        var first = await TestRun.TakeAsync(Store);
        await first.FinishAsync();
        Assert.Null((await Store.GetStatusAsync(A.Org, Cancel)).Running);

        var second = await TestRun.TakeAsync(Open());

        Assert.True(second.Lease.Epoch > first.Lease.Epoch);
    }

    [Fact]
    public async Task Epochs_only_rise_and_run_ids_count_up_whatever_happens()
    {
        var epochs = new List<long>();
        var runs = new List<long>();
        for (var round = 0; round < 3; round++)
        {
            var finished = await TestRun.TakeAsync(Store);
            await finished.FinishAsync();
            var adopted = Assert.IsType<AdoptAnswer.Adopted>(await Store.AdoptAsync(A.Org, [new AdoptedClaim(FormattableString.Invariant($"OLD-{round}"), "V")], "cut-over", "kari", "node-1", Cancel));
            var crashed = await TestRun.TakeAsync(Store, A.LeaseRequest(duration: TimeSpan.Zero));
            var next = await TestRun.TakeAsync(Store);
            await Store.RecoverAsync(next.Lease, Cancel);
            await next.FinishAsync(RunState.Cancelled);
            epochs.AddRange([finished.Lease.Epoch, crashed.Lease.Epoch, next.Lease.Epoch]);
            runs.AddRange([finished.RunId, adopted.RunId, crashed.RunId, next.RunId]);
        }

        Assert.Equal(Enumerable.Range(1, 12).Select(number => (long)number), runs);
        Assert.Equal(epochs.Distinct().Order(), epochs);
    }

    [Fact]
    public async Task Renewing_moves_the_end_of_the_lease()
    {
        var run = await TestRun.TakeAsync(Store, A.LeaseRequest(duration: TimeSpan.Zero));

        Assert.True(await Store.RenewLeaseAsync(run.Lease, TimeSpan.FromMinutes(30), Cancel));

        var busy = Assert.IsType<LeaseAnswer.Busy>(await Open().TakeLeaseAsync(A.LeaseRequest(holder: "node-2"), _ => false, Cancel));
        Assert.InRange(busy.ExpiresAt - busy.Now, TimeSpan.FromMinutes(29), TimeSpan.FromMinutes(30));
        Assert.True(await Store.RenewLeaseAsync(run.Lease, TimeSpan.Zero, Cancel));
        Assert.IsType<LeaseAnswer.Taken>(await Open().TakeLeaseAsync(A.LeaseRequest(holder: "node-2"), _ => false, Cancel));
    }

    [Fact]
    public async Task An_expired_lease_that_nobody_took_still_carries_its_run_to_the_end()
    {
        await TakeInAsync(A.Records(3));
        var run = await TestRun.TakeAsync(Store, A.LeaseRequest(duration: TimeSpan.Zero));
        Assert.Null((await Store.GetStatusAsync(A.Org, Cancel)).Running);

        await run.CountAsync();
        await run.ReserveAllAsync();
        Assert.NotNull(await run.StartAsync());
        Assert.NotNull(await run.ConfirmAsync());
        await run.FinishAsync();

        Assert.Equal(3, (await RunAsync(run.RunId)).Counters.Exported);
    }

    [Fact]
    public async Task One_organisation_running_does_not_keep_another_waiting()
    {
        await TestRun.TakeAsync(Store);
        var other = await TestRun.TakeAsync(Open(), A.LeaseRequest(A.OtherOrg));
        Assert.Equal(1, other.RunId);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_process_that_lost_its_lease_can_change_nothing(bool started)
    {
        var stale = await RunInTheMiddleAsync(started);
        await TestRun.TakeOverAsync(Open());
        await AssertFencedOffAsync(stale);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_process_whose_run_was_recovered_can_change_nothing(bool started)
    {
        var stale = await RunInTheMiddleAsync(started);
        var next = await TestRun.TakeOverAsync(Open());
        Assert.NotEmpty(await Store.RecoverAsync(next.Lease, Cancel) ?? []);
        await AssertFencedOffAsync(stale);
        await next.FinishAsync();
        await AssertFencedOffAsync(stale);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_run_that_has_ended_can_change_nothing_more(bool started)
    {
        var run = await RunInTheMiddleAsync(started);
        Assert.True(await run.ReleaseAsync());
        await run.FinishAsync(RunState.Cancelled);
        await AssertFencedOffAsync(run);
    }

    [Fact]
    public async Task A_lease_of_one_organisation_opens_nothing_in_another()
    {
        await Store.TakeInAsync(A.OtherOrg, [A.Record("A-0001", organisationId: A.OtherOrg)], "claims.json", "kari", Cancel);
        var run = await RunInTheMiddleAsync(started: false);
        await AssertFencedOffAsync(new TestRun(Store, run.Lease with { OrganisationId = A.OtherOrg }, ClaimScope.Everything));
    }

    /// <summary>Run 1 in doubt, run 3 with a batch reserved and claims left over.</summary>
    private async Task<TestRun> RunInTheMiddleAsync(bool started)
    {
        await LeaveInDoubtAsync(A.Record("DOUBT"));
        await TakeInAsync(A.Records(5));
        var run = await TestRun.TakeAsync(Store);
        await run.CountAsync();
        await run.ReserveAsync(3);
        if (started) Assert.NotNull(await run.StartAsync());
        return run;
    }

    /// <summary>Tries every step of the protocol: each must say no, and after each everything must be as before.</summary>
    private async Task AssertFencedOffAsync(TestRun stale)
    {
        var before = (await DumpAsync(), await DumpAsync(A.OtherOrg));
        var doubts = (await Store.ListDoubtfulClaimsAsync(A.Org, null, 10, Cancel)).Claims;
        var steps = new (string Name, Func<Task<bool>> IsRefused)[]
        {
            ("RenewLease", async () => !await Store.RenewLeaseAsync(stale.Lease, TimeSpan.FromHours(9), Cancel)),
            ("Recover", async () => await Store.RecoverAsync(stale.Lease, Cancel) is null),
            ("CountScope", async () => await Store.CountScopeAsync(stale.Lease, ClaimScope.Everything, Cancel) is null),
            ("Reserve", async () => await stale.ReserveAsync() is ReserveAnswer.FencedOff),
            ("ConfirmFile", async () => await stale.ConfirmAsync() is null),
            ("StartFile", async () => await stale.StartAsync() is null),
            ("ReleaseFile", async () => !await stale.ReleaseAsync()),
            ("DoubtFile", async () => !await stale.DoubtAsync()),
            ("ProveFile", async () => !await Store.ProveFileAsync(stale.Lease, 1, "found in its folder", Cancel)),
            ("RecordTries", async () => !await Store.RecordTriesAsync(stale.Lease, [], [new TryStart(1, 1)], Cancel)),
            ("RecordTries that ended", async () => !await Store.RecordTriesAsync(stale.Lease, [new TryEnd(1, 1, AttemptOutcome.Accepted, 200, null, [new ClaimSettlement("A-0001", 0, 1, MarkState.Exported, Evidence.Received, "ACK", null)])], [new TryStart(2, 1)], Cancel)),
            ("SettleDoubts", async () => await Store.SettleDoubtsAsync(stale.Lease, [.. doubts.Select(doubt => new DoubtSettlement.Present(doubt, Evidence.Booked, "V-1"))], Cancel) is null),
            ("RaiseEvidence", async () => await Store.RaiseEvidenceAsync(stale.Lease, [new EvidenceRise("A-0001", 0, Evidence.Booked, "V-1")], Cancel) is null),
            ("AdoptFound", async () => await Store.AdoptFoundAsync(stale.Lease, [A.Found("A-0001")], Cancel) is null),
            ("FinishRun", async () => !await Store.FinishRunAsync(stale.Lease, RunState.Finished, null, Cancel)),
        };
        foreach (var (name, isRefused) in steps)
        {
            Assert.True(await isRefused(), $"{name} was let through.");
            Assert.Equal((name, before), (name, (await DumpAsync(), await DumpAsync(A.OtherOrg))));
        }
    }
}
