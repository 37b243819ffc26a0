using PayOnce.Audit;
using PayOnce.Claims;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

/// <summary>What a read-back found, and what becomes of the claims it was about.</summary>
public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_claim_in_doubt_is_listed_with_all_that_a_read_back_needs()
    {
        await LeaveInDoubtAsync(A.Record("FILE"));
        var run = await DoubtfulAsync(3);

        var page = await Store.ListDoubtfulClaimsAsync(A.Org, null, 10, Cancel);

        Assert.Equal(["A-0001", "A-0002", "A-0003", "FILE"], page.Claims.Select(claim => claim.ClaimId));
        var (claim, mark) = (page.Claims[1], await MarkAsync("A-0002"));
        var started = (await Store.ListAttemptsAsync(A.Org, run.RunId, Cancel)).Single(attempt => attempt.Step == AttemptStep.Started);
        Assert.Equal(
            new DoubtfulClaim("A-0002", 0, 1, mark.ExportKey, run.RunId, "4711", "NOK", 102, A.Day(5).AddMinutes(2), mark.InDoubtSince!.Value, started.At, null, ByFile: false, mark.Reason),
            claim);
        Assert.True(page.Now >= claim.InDoubtSince);
        Assert.Equal((true, null), (page.Claims[3].ByFile, page.Claims[3].StartedAt));
        Assert.Equal(["A-0003", "FILE"], (await Store.ListDoubtfulClaimsAsync(A.Org, "A-0002", 10, Cancel)).Claims.Select(each => each.ClaimId));
        Assert.Equal(["A-0001", "A-0002"], (await Store.ListDoubtfulClaimsAsync(A.Org, null, 2, Cancel)).Claims.Select(each => each.ClaimId));
        Assert.Empty((await Store.ListDoubtfulClaimsAsync(A.Org, "FILE", 10, Cancel)).Claims);
    }

    [Fact]
    public async Task What_stands_at_the_accounting_system_is_exported_and_the_run_no_longer_failed()
    {
        var run = await DoubtfulAsync(2, RunState.Failed);
        var asking = await AskAsync();

        Assert.Equal(2, await SettleAsync(asking, doubt => new DoubtSettlement.Present(doubt, Evidence.Booked, "V-" + doubt.ClaimId)));

        var mark = await MarkAsync("A-0002");
        Assert.Equal((MarkState.Exported, Evidence.Booked, "V-A-0002", null, null), (mark.State, mark.Evidence, mark.Acknowledgement, mark.Reason, mark.InDoubtSince));
        Assert.Equal(run.RunId, mark.RunId);
        var settled = await RunAsync(run.RunId);
        Assert.Equal((RunState.Finished, null, new RunCounters(2, 0, 2, 2, 0, 0, 0)), (settled.State, settled.Failure, settled.Counters));
        Assert.Empty((await Store.ListDoubtfulClaimsAsync(A.Org, null, 10, Cancel)).Claims);
        var told = Assert.Single(await EventsAsync(AuditActions.DoubtsSettled));
        Assert.Equal((2, 0), (told.GetProperty("exported").GetInt32(), told.GetProperty("released").GetInt32()));
        Assert.Equal(["A-0001", "A-0002"], told.GetProperty("exportedClaims").EnumerateArray().Select(id => id.GetString()));
    }

    [Fact]
    public async Task The_first_time_a_claim_was_absent_is_kept_and_it_stays_in_doubt()
    {
        await DoubtfulAsync(1);
        var asking = await AskAsync();
        Assert.Equal(0, await SettleAsync(asking, doubt => new DoubtSettlement.Absent(doubt)));
        var first = Assert.Single((await Store.ListDoubtfulClaimsAsync(A.Org, null, 10, Cancel)).Claims);
        var before = await DumpAsync();
        await Database.LetTimePassAsync();

        Assert.Equal(0, await SettleAsync(asking, doubt => new DoubtSettlement.Absent(doubt)));

        await AssertUnchangedAsync(before);
        Assert.True(first.AbsentSince >= first.InDoubtSince);
        await AssertMarkAsync("A-0001", MarkState.InDoubt, waiting: false);
        Assert.Equal(1, Assert.Single(await EventsAsync(AuditActions.DoubtsSettled)).GetProperty("absent").GetInt32());
    }

    [Fact]
    public async Task What_is_provably_not_there_is_released_and_its_next_attempt_knows_nothing_of_the_absence()
    {
        var run = await DoubtfulAsync(2);
        var asking = await AskAsync();
        await SettleAsync(asking, doubt => new DoubtSettlement.Absent(doubt));

        Assert.Equal(2, await SettleAsync(asking, doubt => new DoubtSettlement.Release(doubt, "absent twice")));

        Assert.Equal(["A-0001", "A-0002"], await WaitingAsync());
        Assert.Equal("absent twice", (await MarkAsync("A-0001")).Reason);
        Assert.Equal(new RunCounters(2, 0, 2, 0, 0, 0, 2), (await RunAsync(run.RunId)).Counters);
        await asking.FinishAsync();
        await DoubtfulAgainAsync();
        var doubt = (await Store.ListDoubtfulClaimsAsync(A.Org, null, 10, Cancel)).Claims[0];
        Assert.Equal((2, null), (doubt.Attempt, doubt.AbsentSince));
    }

    [Fact]
    public async Task What_stands_there_otherwise_than_it_should_stays_in_doubt_for_a_person()
    {
        var run = await DoubtfulAsync(1);
        var asking = await AskAsync();
        await SettleAsync(asking, doubt => new DoubtSettlement.Absent(doubt));

        Assert.Equal(0, await SettleAsync(asking, doubt => new DoubtSettlement.Conflict(doubt, "It stands there with 99.00 NOK.")));
        var before = await DumpAsync();
        Assert.Equal(0, await SettleAsync(asking, doubt => new DoubtSettlement.Conflict(doubt, "It stands there with 99.00 NOK.")));

        await AssertUnchangedAsync(before);
        var doubt = Assert.Single((await Store.ListDoubtfulClaimsAsync(A.Org, null, 10, Cancel)).Claims);
        // It was found after all: two absences with this between them prove nothing.
        Assert.Equal(("It stands there with 99.00 NOK.", null), (doubt.Reason, doubt.AbsentSince));
        Assert.Equal(new RunCounters(1, 0, 1, 0, 0, 1, 0), (await RunAsync(run.RunId)).Counters);
    }

    /// <summary>
    /// A read-back began while one attempt was in doubt; by the time it answers, a person has released the claim, it was sent again,
    /// and that request is in doubt. What was found of the old attempt says nothing of the new one.
    /// </summary>
    [Fact]
    public async Task What_was_found_of_an_earlier_attempt_settles_nothing_of_a_later_one()
    {
        await DoubtfulAsync(1);
        var stale = Assert.Single((await Store.ListDoubtfulClaimsAsync(A.Org, null, 10, Cancel)).Claims);
        await Store.DecideAsync(A.Org, "A-0001", MarkState.Released, "not there", "kari", Cancel);
        await DoubtfulAgainAsync();
        var asking = await AskAsync();
        var before = await DumpAsync();

        await AssertSettlesNothingAsync(asking, stale);
        var now = Assert.Single((await Store.ListDoubtfulClaimsAsync(A.Org, null, 10, Cancel)).Claims);
        Assert.Equal((1, 2), (stale.Attempt, now.Attempt));
        await AssertSettlesNothingAsync(asking, stale with { Attempt = now.Attempt });
        await AssertSettlesNothingAsync(asking, now with { InDoubtSince = now.InDoubtSince.AddMicroseconds(1) });
        await AssertSettlesNothingAsync(asking, now with { Attempt = 3 });
        await AssertSettlesNothingAsync(asking, now with { Generation = 1 });

        await AssertUnchangedAsync(before);
        Assert.Equal(1, await SettleAsync(asking, doubt => new DoubtSettlement.Release(doubt, "absent twice")));
    }

    [Fact]
    public async Task A_claim_that_a_person_settled_meanwhile_stays_as_it_is()
    {
        await DoubtfulAsync(2);
        var stale = (await Store.ListDoubtfulClaimsAsync(A.Org, null, 10, Cancel)).Claims;
        await Store.DecideAsync(A.Org, "A-0001", MarkState.Exported, "V-1", "kari", Cancel);
        var asking = await AskAsync();

        Assert.Equal(1, await Store.SettleDoubtsAsync(asking.Lease, [.. stale.Select(doubt => new DoubtSettlement.Release(doubt, "absent twice"))], Cancel));

        await AssertMarkAsync("A-0001", MarkState.Exported, waiting: false);
        await AssertMarkAsync("A-0002", MarkState.Released, waiting: true);
        Assert.Equal(["A-0002"], Assert.Single(await EventsAsync(AuditActions.DoubtsSettled)).GetProperty("releasedClaims").EnumerateArray().Select(id => id.GetString()));
    }

    [Fact]
    public async Task Claims_of_several_runs_settle_in_one_commit_and_each_run_counts_its_own()
    {
        var first = await DoubtfulAsync(2, RunState.Failed);
        var second = await DoubtfulAsync(3, RunState.Failed, "B-");
        var asking = await AskAsync();

        Assert.Equal(4, await SettleAsync(asking, doubt => doubt.ClaimId switch
        {
            "A-0001" or "B-0001" => new DoubtSettlement.Present(doubt, Evidence.Received, "ACK"),
            "B-0002" => new DoubtSettlement.Absent(doubt),
            _ => new DoubtSettlement.Release(doubt, "absent twice"),
        }));

        var (one, other) = (await RunAsync(first.RunId), await RunAsync(second.RunId));
        Assert.Equal((RunState.Finished, null, new RunCounters(2, 0, 2, 1, 0, 0, 1)), (one.State, one.Failure, one.Counters));
        Assert.Equal((RunState.Failed, "no answer", new RunCounters(3, 2, 3, 1, 0, 1, 1)), (other.State, other.Failure, other.Counters));
        AssertBalanced(one.Counters);
        AssertBalanced(other.Counters);
        Assert.Equal(["A-0002", "B-0003"], await WaitingAsync());
    }

    [Fact]
    public async Task A_run_that_is_going_settles_its_own_doubts_and_goes_on()
    {
        var run = await SendingAsync(4, claimsPerBatch: 2, started: [1, 2]);
        await run.EndTriesAsync(run.Ended(1, MarkState.InDoubt));

        Assert.Equal(2, await SettleAsync(run, doubt => new DoubtSettlement.Present(doubt, Evidence.Received, "ACK")));
        await run.EndTriesAsync(run.Ended(2, MarkState.Exported));
        await run.FinishAsync();

        Assert.Equal((RunState.Finished, new RunCounters(4, 0, 4, 4, 0, 0, 0)), ((await RunAsync(run.RunId)).State, (await RunAsync(run.RunId)).Counters));
    }

    [Fact]
    public async Task Evidence_only_rises()
    {
        var run = await SendingAsync(2, claimsPerBatch: 2, started: [1]);
        await run.EndTriesAsync(run.Ended(1, MarkState.Exported));
        await ExportAfterAsync(run, A.Record("FILE"));
        await DoubtfulAsync(1, prefix: "D-");
        var asking = await AskAsync();
        EvidenceRise Rise(string claimId, Evidence evidence, int generation = 0) => new(claimId, generation, evidence, "V-" + claimId);

        Assert.Equal(2, await Store.RaiseEvidenceAsync(asking.Lease, [Rise("A-0001", Evidence.Booked), Rise("FILE", Evidence.Received), Rise("D-0001", Evidence.Booked), Rise("NOBODY", Evidence.Booked), Rise("A-0002", Evidence.Booked, 1)], Cancel));
        var before = await DumpAsync();
        Assert.Equal(0, await Store.RaiseEvidenceAsync(asking.Lease, [Rise("A-0001", Evidence.Booked), Rise("A-0001", Evidence.InFile), Rise("A-0002", Evidence.Received), Rise("FILE", Evidence.InFile)], Cancel));

        await AssertUnchangedAsync(before);
        Assert.Equal((Evidence.Booked, "V-A-0001"), ((await MarkAsync("A-0001")).Evidence, (await MarkAsync("A-0001")).Acknowledgement));
        Assert.Equal((Evidence.Received, "ACK-A-0002"), ((await MarkAsync("A-0002")).Evidence, (await MarkAsync("A-0002")).Acknowledgement));
        Assert.Equal(Evidence.Received, (await MarkAsync("FILE")).Evidence);
        var told = Assert.Single(await EventsAsync(AuditActions.EvidenceRaised));
        Assert.Equal((1, 1), (told.GetProperty("received").GetInt32(), told.GetProperty("booked").GetInt32()));
    }

    [Fact]
    public async Task Exported_claims_are_listed_in_pages_with_what_was_exported_of_them()
    {
        var run = await SendingAsync(3, claimsPerBatch: 3, started: [1]);
        await run.EndTriesAsync(run.Ended(1, MarkState.Exported));
        await ExportAfterAsync(run, A.Record("FILE"));
        await Store.AdoptAsync(A.Org, [new("OLD", "V-0")], "cut-over", "kari", "node-1", Cancel);
        await Store.RequestReExportAsync(A.Org, "A-0001", "lost", "kari", Cancel);
        await ExportAsync();
        var asking = await AskAsync();
        await Store.RaiseEvidenceAsync(asking.Lease, [new EvidenceRise("A-0002", 0, Evidence.Booked, "V-2")], Cancel);

        var all = await Store.ListExportedClaimsAsync(A.Org, belowBooked: false, null, 10, Cancel);

        Assert.Equal([("A-0001", 0), ("A-0001", 1), ("A-0002", 0), ("A-0003", 0), ("FILE", 0), ("OLD", 0)], all.Select(each => (each.ClaimId, each.Generation)));
        Assert.Equal(
            new ExportedClaim("A-0003", 0, ExportKey.Derive(A.Org, "A-0003", 0), run.RunId, Evidence.Received, "ACK-A-0003", new ExportedContent("4711", "NOK", 103, A.Day(5).AddMinutes(3))), all[3]);
        Assert.Null(all[5].Claim);
        Assert.Equal(all.Skip(1).Take(3), await Store.ListExportedClaimsAsync(A.Org, belowBooked: false, new ExportedCursor("A-0001", 0), 3, Cancel));
        Assert.Equal([("A-0001", 0), ("A-0003", 0)], (await Store.ListExportedClaimsAsync(A.Org, belowBooked: true, null, 10, Cancel)).Select(each => (each.ClaimId, each.Generation)));
    }

    [Fact]
    public async Task Export_keys_are_known_by_mark_or_by_claim()
    {
        await ExportAsync(A.Record("A-1"), A.Record("BAD-1"));
        await Store.RequestReExportAsync(A.Org, "A-1", "lost", "kari", Cancel);
        await Store.AdoptAsync(A.Org, [new("OLD", "V-0")], "cut-over", "kari", "node-1", Cancel);
        await TakeInAsync(A.Record("NEW"));
        string Key(string claimId, int generation = 0) => ExportKey.Derive(A.Org, claimId, generation);

        var known = await Store.FindKeysAsync(A.Org, [Key("NEW"), Key("A-1", 1), "BBBBBBBBBBBBBBBB", Key("OLD"), Key("A-1"), Key("NEW", 1), Key("BAD-1")], Cancel);

        Assert.Equal(
            [
                new KnownKey(Key("NEW"), "NEW", 0, null), new KnownKey(Key("A-1", 1), "A-1", 1, MarkState.Released), new KnownKey(Key("OLD"), "OLD", 0, MarkState.Exported),
                new KnownKey(Key("A-1"), "A-1", 0, MarkState.Exported), new KnownKey(Key("BAD-1"), "BAD-1", 0, MarkState.Rejected),
            ],
            known);
        Assert.Empty(await Store.FindKeysAsync(A.OtherOrg, [Key("NEW"), Key("A-1")], Cancel));
    }

    /// <summary>A run over an API whose one batch got no answer.</summary>
    private async Task<TestRun> DoubtfulAsync(int claims, RunState state = RunState.Finished, string prefix = "A-")
    {
        var run = await SendingAsync(claims, claims, started: [1], prefix);
        await run.EndTriesAsync(run.Ended(1, MarkState.InDoubt));
        await run.FinishAsync(state, state == RunState.Failed ? "no answer" : null);
        return run;
    }

    /// <summary>Sends what waits once more, and again no answer comes.</summary>
    private async Task DoubtfulAgainAsync()
    {
        await Database.LetTimePassAsync();
        var run = await TestRun.TakeAsync(Store);
        await run.CountAsync();
        await run.ReserveAsync(100, claimsPerBatch: 100);
        await run.StartTriesAsync(1);
        await run.EndTriesAsync(run.Ended(1, MarkState.InDoubt));
        await run.FinishAsync();
    }

    private async Task ExportAfterAsync(TestRun run, params ClaimRecord[] claims)
    {
        await run.FinishAsync();
        await ExportAsync(claims);
    }

    private Task<TestRun> AskAsync() => TestRun.TakeAsync(Store, A.LeaseRequest(trigger: RunTrigger.Reconcile));

    /// <summary>Settles every claim in doubt.</summary>
    private async Task<int?> SettleAsync(TestRun asking, Func<DoubtfulClaim, DoubtSettlement> found) =>
        await Store.SettleDoubtsAsync(asking.Lease, [.. (await Store.ListDoubtfulClaimsAsync(A.Org, null, 100, Cancel)).Claims.Select(found)], Cancel);

    private async Task AssertSettlesNothingAsync(TestRun asking, DoubtfulClaim stale)
    {
        foreach (var found in new DoubtSettlement[] { new DoubtSettlement.Absent(stale), new DoubtSettlement.Release(stale, "absent twice"), new DoubtSettlement.Present(stale, Evidence.Booked, "V-1"), new DoubtSettlement.Conflict(stale, "other amount") })
            Assert.Equal(0, await Store.SettleDoubtsAsync(asking.Lease, [found], Cancel));
    }
}
