using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

/// <summary>A database that was restored has forgotten marks. Restore mode asks for every open claim before anything is sent.</summary>
public abstract partial class StoreConformance
{
    [Fact]
    public async Task Restore_mode_is_told_in_the_trail_when_it_begins_and_ends()
    {
        Assert.Null(await Store.FindRestoreModeAsync(A.Org, Cancel));
        Assert.False(await Store.EndRestoreAsync(A.Org, "done", "kari", Cancel));

        await Store.BeginRestoreAsync(A.Org, "Tuesday's backup", "kari", Cancel);
        var mode = await Store.FindRestoreModeAsync(A.Org, Cancel);

        Assert.Equal(("Tuesday's backup", "kari"), (mode!.Reason, mode.Actor));
        Assert.Null(await Store.FindRestoreModeAsync(A.OtherOrg, Cancel));
        Assert.True(await Store.EndRestoreAsync(A.Org, "every claim was asked for", "kari", Cancel));
        Assert.Null(await Store.FindRestoreModeAsync(A.Org, Cancel));
        await Store.BeginRestoreAsync(A.Org, "another backup", "kari", Cancel);
        Assert.Equal(["Tuesday's backup", "another backup"], (await EventsAsync(AuditActions.RestoreBegun)).Select(told => told.GetProperty("reason").GetString()));
        Assert.Equal("every claim was asked for", Assert.Single(await EventsAsync(AuditActions.RestoreEnded)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_backup_that_was_made_in_restore_mode_and_is_put_back_begins_it_anew()
    {
        // The backup says that restore mode is on, and since when; a run that went on after it was made is still alive.
        await Store.BeginRestoreAsync(A.Org, "Tuesday's backup", "kari", Cancel);
        var earlier = await Store.FindRestoreModeAsync(A.Org, Cancel);
        var alive = await TestRun.TakeAsync(Store);
        await Database.LetTimePassAsync();

        await Store.BeginRestoreAsync(A.Org, "Wednesday's backup, made in restore mode", "ola", Cancel);

        var mode = (await Store.FindRestoreModeAsync(A.Org, Cancel))!;
        Assert.Equal(("Wednesday's backup, made in restore mode", "ola"), (mode.Reason, mode.Actor));
        // The quiet time counts from here: what was sent since the earlier beginning may still be on its way.
        Assert.True(mode.Since > earlier!.Since);
        Assert.False(await Store.RenewLeaseAsync(alive.Lease, TimeSpan.FromMinutes(1), Cancel));
        Assert.False(await Store.EndRestoreAsync(alive.Lease, "every claim was asked for", Cancel));
        Assert.Equal(2, (await EventsAsync(AuditActions.RestoreBegun)).Count);
    }

    [Fact]
    public async Task A_run_that_has_forgotten_claims_of_its_own_is_not_ended_but_recovered()
    {
        // Found by the simulator (seed 2980 with many backups): the run had settled them all, and a backup of its middle was put back under it.
        await TakeInAsync(A.Record("A-1"), A.Record("A-2"));
        var run = await TestRun.TakeAsync(Store);
        await run.CountAsync();
        await run.ReserveAsync(size: 2);

        Assert.False(await Store.FinishRunAsync(run.Lease, RunState.Finished, null, Cancel));
        Assert.Equal(RunState.Running, (await Store.FindRunAsync(A.Org, run.RunId, Cancel))!.State);

        var next = await TestRun.TakeOverAsync(Store);
        Assert.Equal((run.RunId, 2), Assert.Single((await Store.RecoverAsync(next.Lease, Cancel))!) is var recovered ? (recovered.Run.RunId, recovered.Released) : default);
        Assert.Equal(2, (await next.CountAsync()).Candidates);
        Assert.True(await Store.FinishRunAsync(next.Lease, RunState.Finished, null, Cancel));
    }

    [Fact]
    public async Task Restore_mode_that_a_person_begins_fences_off_whoever_still_runs()
    {
        // Found by the model (RestoreKeepsEpoch): the backup was made while this run was under way, and its process is still alive.
        await TakeInAsync(A.Record("A-1"));
        var run = await TestRun.TakeAsync(Store);
        await Store.BeginRestoreAsync(A.Org, "Tuesday's backup", "kari", Cancel);

        Assert.Null(await Store.CountScopeAsync(run.Lease, A.LeaseRequest().Scope, Cancel));
        Assert.False(await Store.RenewLeaseAsync(run.Lease, TimeSpan.FromMinutes(1), Cancel));
        // Nor is a later run given an epoch that a process of before the restore may have.
        var next = await TestRun.TakeOverAsync(Store);
        Assert.True(next.Lease.Epoch > run.Lease.Epoch + 100_000);
    }

    [Fact]
    public async Task A_run_ends_only_the_restore_mode_that_it_asked_for()
    {
        // Found by the model (RestoreEndedByAnyRun): the run has read everything back, stands still, and a backup is put back again.
        await Store.BeginRestoreAsync(A.Org, "Tuesday's backup", "kari", Cancel);
        var stale = await TestRun.TakeAsync(Store);
        Assert.True(await Store.EndRestoreAsync(A.Org, "done by hand", "kari", Cancel));
        await Store.BeginRestoreAsync(A.Org, "Tuesday's backup once more", "kari", Cancel);

        Assert.False(await Store.EndRestoreAsync(stale.Lease, "every claim was asked for", Cancel));
        Assert.Equal("Tuesday's backup once more", (await Store.FindRestoreModeAsync(A.Org, Cancel))!.Reason);

        var run = await TestRun.TakeOverAsync(Store);
        Assert.True(await Store.EndRestoreAsync(run.Lease, "every claim was asked for", Cancel));
        Assert.Null(await Store.FindRestoreModeAsync(A.Org, Cancel));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_store_that_is_behind_the_epoch_seen_outside_begins_behind_it_in_restore_mode(bool lose)
    {
        await ExportAsync(A.Record("A-1"));
        TestRun run;
        using (lose ? Database.LoseAnswers(Store) : null) run = await TestRun.TakeAsync(Store, A.LeaseRequest() with { KnownOutside = new WitnessedEpoch(17, null) });

        Assert.Equal((18, 2), (run.Lease.Epoch, run.RunId));
        Assert.Equal(18, (await RunAsync(run.RunId)).Epoch);
        var mode = await Store.FindRestoreModeAsync(A.Org, Cancel);
        Assert.Contains("epoch 17", mode!.Reason, StringComparison.Ordinal);
        Assert.Equal("kari", mode.Actor);
        Assert.Equal([AuditActions.RestoreBegun, AuditActions.RunStarted], (await AssertChainIsWholeAsync(Store, A.Org))[^2..].Select(told => told.Action));
        await run.FinishAsync();

        // It is on already, and a backup was put back again: its quiet time begins anew.
        await Database.LetTimePassAsync();
        Assert.Equal(20, (await TestRun.TakeAsync(Store, A.LeaseRequest() with { KnownOutside = new WitnessedEpoch(19, null) })).Lease.Epoch);
        Assert.Equal(2, (await EventsAsync(AuditActions.RestoreBegun)).Count);
        Assert.True((await Store.FindRestoreModeAsync(A.Org, Cancel))!.Since > mode.Since);
    }

    [Theory, InlineData(0), InlineData(1)]
    public async Task A_store_that_is_not_behind_begins_no_restore(long known)
    {
        await ExportAsync(A.Record("A-1"));
        Assert.Equal(2, (await TestRun.TakeAsync(Store, A.LeaseRequest() with { KnownOutside = new WitnessedEpoch(known, null) })).Lease.Epoch);
        Assert.Null(await Store.FindRestoreModeAsync(A.Org, Cancel));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_store_whose_epoch_another_run_has_had_is_in_restore_mode(bool another)
    {
        var request = A.LeaseRequest();
        await (await TestRun.TakeAsync(Store, request)).FinishAsync();

        var run = await TestRun.TakeAsync(Store, A.LeaseRequest() with { KnownOutside = new WitnessedEpoch(1, another ? "another" : request.Nonce) });

        Assert.Equal(2, run.Lease.Epoch);
        var mode = await Store.FindRestoreModeAsync(A.Org, Cancel);
        if (another) Assert.Contains("Another run than the database knows has had its epoch 1", mode!.Reason, StringComparison.Ordinal);
        else Assert.Null(mode);
    }

    /// <summary>Whoever adopts in a database that was put back makes up for its epochs, but not for its runs.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_store_that_adoptions_have_brought_past_the_known_epoch_is_in_restore_mode_only_if_its_own_run_of_it_is_another(bool putBack)
    {
        var request = A.LeaseRequest();
        if (!putBack) await (await TestRun.TakeAsync(Store, request)).FinishAsync();
        await Store.AdoptAsync(A.Org, [new("OLD-1", "V-1")], "cut-over", "kari", "node-1", Cancel);
        await Store.AdoptAsync(A.Org, [new("OLD-2", "V-2")], "cut-over", "kari", "node-1", Cancel);

        var run = await TestRun.TakeAsync(Store, A.LeaseRequest() with { KnownOutside = new WitnessedEpoch(1, request.Nonce) });

        Assert.Equal(putBack ? 3 : 4, run.Lease.Epoch);
        var mode = await Store.FindRestoreModeAsync(A.Org, Cancel);
        if (putBack) Assert.Contains("Another run than the database knows has had its epoch 1", mode!.Reason, StringComparison.Ordinal);
        else Assert.Null(mode);
    }

    [Fact]
    public async Task Adoptions_are_known_by_the_nonces_of_their_requests()
    {
        AdoptRequest Asked(string claimId, string nonce) => new(A.Org, [new AdoptedClaim(claimId, "V")], "cut-over", "kari", "node-1", nonce);
        Assert.IsType<AdoptAnswer.Adopted>(await Store.AdoptAsync(Asked("OLD-1", "first"), Cancel));
        await (await TestRun.TakeAsync(Store)).FinishAsync();
        Assert.IsType<AdoptAnswer.Adopted>(await Store.AdoptAsync(Asked("OLD-2", "second"), Cancel));

        Assert.Equal(["first", "second"], await Store.ListAdoptionsAsync(A.Org, Cancel));
    }

    [Fact]
    public async Task Restore_mode_that_a_person_began_and_ended_does_not_begin_again_for_the_runs_that_the_backup_has_forgotten()
    {
        await Store.BeginRestoreAsync(A.Org, "put back", "kari", Cancel);
        await Store.EndRestoreAsync(A.Org, "all of it was registered", "kari", Cancel);

        await TestRun.TakeAsync(Store, A.LeaseRequest() with { KnownOutside = new WitnessedEpoch(7, "forgotten") });

        Assert.Null(await Store.FindRestoreModeAsync(A.Org, Cancel));
    }

    [Fact]
    public async Task Every_claim_is_asked_for_by_the_generation_that_could_leave_next()
    {
        await DoubtfulAsync(1);
        await ExportAsync(A.Record("ONCE"), A.Record("TWICE"), A.Record("BAD-1"));
        await Store.RequestReExportAsync(A.Org, "TWICE", "lost", "kari", Cancel);
        await TakeInAsync(A.Record("NEW"));
        await Store.AdoptAsync(A.Org, [new("OLD", "V-0")], "cut-over", "kari", "node-1", Cancel);

        var page = await Store.ListRestoreCandidatesAsync(A.Org, null, 10, Cancel);

        Assert.Equal([("A-0001", 0), ("BAD-1", 0), ("NEW", 0), ("ONCE", 1), ("TWICE", 1)], page.Candidates.Select(each => (each.ClaimId, each.Generation)));
        Assert.All(page.Candidates, each => Assert.Equal(ExportKey.Derive(A.Org, each.ClaimId, each.Generation), each.ExportKey));
        Assert.Equal(new RestoreCandidate("NEW", 0, ExportKey.Derive(A.Org, "NEW", 0), "4711", "NOK", 12_300, A.Day(5)), page.Candidates[2]);
        Assert.True(page.Now >= (await RunAsync(1)).StartedAt);
        Assert.Equal(["NEW", "ONCE"], (await Store.ListRestoreCandidatesAsync(A.Org, "BAD-1", 2, Cancel)).Candidates.Select(each => each.ClaimId));
    }

    [Fact]
    public async Task A_claim_found_at_the_accounting_system_leaves_no_more()
    {
        await TakeInAsync(A.Records(3));
        var asking = await AskAsync();

        Assert.Equal(2, await Store.AdoptFoundAsync(asking.Lease, [A.Found("A-0001"), A.Found("A-0003")], Cancel));
        var before = await DumpAsync();
        Assert.Equal(0, await Store.AdoptFoundAsync(asking.Lease, [A.Found("A-0001"), A.Found("A-0003")], Cancel));

        await AssertUnchangedAsync(before);
        Assert.Equal(["A-0002"], await WaitingAsync());
        var mark = await MarkAsync("A-0003");
        Assert.Equal((MarkState.Exported, Evidence.Booked, "V-A-0003", asking.RunId, asking.Lease.Epoch), (mark.State, mark.Evidence, mark.Acknowledgement, mark.RunId, mark.Epoch));
        Assert.Equal(new RunCounters(2, 0, 2, 2, 0, 0, 0), (await RunAsync(asking.RunId)).Counters);
        Assert.Equal(["A-0001", "A-0003"], Assert.Single(await EventsAsync(AuditActions.ClaimsFound)).GetProperty("exportedClaims").EnumerateArray().Select(id => id.GetString()));
        await asking.FinishAsync();
        Assert.Equal(["A-0002"], (await ExportAsync()).Taken.Select(claim => claim.Claim.ClaimId));
    }

    [Fact]
    public async Task A_found_re_export_is_marked_only_behind_an_export()
    {
        // Found by the model: it was asked about where the first export was known, and another backup was put back since, in which that was rejected.
        await ExportAsync(A.Record("BAD-1"), A.Record("ONCE"));
        var asking = await AskAsync();

        Assert.Equal(1, await Store.AdoptFoundAsync(asking.Lease, [A.Found("BAD-1", 1), A.Found("ONCE", 1)], Cancel));

        Assert.Equal((0, MarkState.Rejected), ((await MarkAsync("BAD-1")).Generation, (await MarkAsync("BAD-1")).State));
        Assert.Equal((1, MarkState.Exported), ((await MarkAsync("ONCE")).Generation, (await MarkAsync("ONCE")).State));
        Assert.Equal(1, (await RunAsync(asking.RunId)).Counters.Exported);
    }

    [Fact]
    public async Task A_mark_that_is_there_already_becomes_exported_under_the_run_that_sent_it()
    {
        var sent = await DoubtfulAsync(2, RunState.Failed);
        await ExportAsync(A.Record("BAD-1"), A.Record("ONCE"));
        await Store.RequestReExportAsync(A.Org, "ONCE", "lost", "kari", Cancel);
        var asking = await AskAsync();
        await SettleAsync(asking, doubt => new DoubtSettlement.Absent(doubt));

        Assert.Equal(4, await Store.AdoptFoundAsync(asking.Lease, [A.Found("A-0001"), A.Found("A-0002"), A.Found("BAD-1"), A.Found("ONCE"), A.Found("ONCE", 1)], Cancel));

        Assert.Equal((MarkState.Exported, sent.RunId, 1, null), ((await MarkAsync("A-0002")).State, (await MarkAsync("A-0002")).RunId, (await MarkAsync("A-0002")).Batch, (await MarkAsync("A-0002")).InDoubtSince));
        Assert.Equal((RunState.Finished, new RunCounters(2, 0, 2, 2, 0, 0, 0)), ((await RunAsync(sent.RunId)).State, (await RunAsync(sent.RunId)).Counters));
        Assert.Equal((MarkState.Exported, asking.RunId), ((await MarkAsync("BAD-1")).State, (await MarkAsync("BAD-1")).RunId));
        Assert.NotEmpty((await HistoryAsync("BAD-1")).Attempts);
        Assert.Equal((1, MarkState.Exported, asking.RunId), ((await MarkAsync("ONCE")).Generation, (await MarkAsync("ONCE")).State, (await MarkAsync("ONCE")).RunId));
        Assert.Empty(await WaitingAsync());
        Assert.Equal(2, (await RunAsync(asking.RunId)).Counters.Exported);
    }

    [Fact]
    public async Task A_newer_generation_that_waits_goes_on_waiting_when_an_older_one_is_found()
    {
        await ExportAsync(A.Record("A-1"));
        await Store.RequestReExportAsync(A.Org, "A-1", "lost", "kari", Cancel);
        var asking = await AskAsync();

        Assert.Equal(0, await Store.AdoptFoundAsync(asking.Lease, [A.Found("A-1")], Cancel));

        await AssertMarkAsync("A-1", MarkState.Released, waiting: true);
    }

    [Fact]
    public async Task A_claim_that_was_never_taken_in_cannot_have_been_found()
    {
        await TakeInAsync(A.Record("A-1"));
        var asking = await AskAsync();
        var before = await DumpAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.AdoptFoundAsync(asking.Lease, [A.Found("A-1"), A.Found("NOBODY")], Cancel));
        await AssertUnchangedAsync(before);
    }
}
