using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Rolling_back_a_file_nobody_imported_releases_its_claims_and_withdraws_it()
    {
        var run = await ExportAsync([A.Record("BAD-1", approvedAt: A.Day(1)), .. A.Records(3)]);

        Assert.Equal(new RollBackAnswer.RolledBack(3), await Store.RollBackAsync(A.Org, run.RunId, "wrong period", "ola", Cancel));

        var mark = await MarkAsync("A-0002");
        Assert.Equal((MarkState.Released, "wrong period", run.RunId), (mark.State, mark.Reason, mark.RunId));
        Assert.Null(mark.Evidence);
        Assert.Equal(["BAD-1", "A-0001", "A-0002", "A-0003"], await WaitingAsync());
        var ended = await RunAsync(run.RunId);
        Assert.Equal((RunState.RolledBack, new RunCounters(4, 0, 4, 0, 1, 0, 3)), (ended.State, ended.Counters));
        Assert.Equal(RunFileState.Withdrawn, (await Store.FindFileAsync(A.Org, run.RunId, Cancel))?.State);
        var told = (await AssertChainIsWholeAsync(Store, A.Org))[^1];
        Assert.Equal((AuditActions.RunRolledBack, "ola"), (told.Action, told.Actor));
        Assert.Contains("wrong period", told.Details, StringComparison.Ordinal);
        var again = await TestRun.ExportEverythingAsync(Store);
        Assert.Equal(ExportKey.Derive(A.Org, "A-0001", 0), again.Taken.Single(taken => taken.Claim.ClaimId == "A-0001").ExportKey);
    }

    [Fact]
    public async Task A_run_in_doubt_can_be_rolled_back_by_a_person_who_knows_that_nothing_arrived()
    {
        var run = await LeaveInDoubtAsync(A.Records(3));

        Assert.Equal(new RollBackAnswer.RolledBack(3), await Store.RollBackAsync(A.Org, run.RunId, "the folder was empty", "ola", Cancel));

        await AssertMarkAsync("A-0001", MarkState.Released, waiting: true);
        Assert.Null((await MarkAsync("A-0001")).InDoubtSince);
        Assert.Equal((RunState.RolledBack, new RunCounters(3, 0, 3, 0, 0, 0, 3)), ((await RunAsync(run.RunId)).State, (await RunAsync(run.RunId)).Counters));
        Assert.Equal(RunFileState.Withdrawn, (await Store.FindFileAsync(A.Org, run.RunId, Cancel))?.State);
    }

    [Fact]
    public async Task What_cannot_be_rolled_back_is_refused_with_the_reason_and_unchanged()
    {
        var imported = await ExportAsync(A.Record("A-1"));
        await Store.RecordImportAsync(A.Org, imported.RunId, "V-1", "kari", Cancel);
        var rolledBack = await ExportAsync(A.Record("A-2"));
        await Store.RollBackAsync(A.Org, rolledBack.RunId, "wrong", "kari", Cancel);
        var withoutFile = await ExportAsync(A.Record("BAD-1", approvedAt: A.Day(1)));
        await Store.RollBackAsync(A.Org, withoutFile.RunId, "wrong", "kari", Cancel);
        var adopted = Assert.IsType<AdoptAnswer.Adopted>(await Store.AdoptAsync(A.Org, [new AdoptedClaim("OLD", "V")], "cut-over", "kari", "node-1", Cancel));
        var empty = await TestRun.ExportEverythingAsync(Store, scope: new ClaimScope(ClaimId: "NOBODY"));
        var running = await TestRun.TakeAsync(Store);
        await running.ReserveAllAsync();
        await running.StartAsync();
        var before = await DumpAsync();

        foreach (var runId in new[] { imported.RunId, rolledBack.RunId, adopted.RunId, empty.RunId, running.RunId })
        {
            var answer = await Store.RollBackAsync(A.Org, runId, "I think so", "ola", Cancel);
            Assert.False(string.IsNullOrWhiteSpace(Assert.IsType<RollBackAnswer.NotPossible>(answer).Why), FormattableString.Invariant($"run {runId}"));
        }
        Assert.IsType<RollBackAnswer.NoSuchRun>(await Store.RollBackAsync(A.Org, 4711, "I think so", "ola", Cancel));

        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task A_roll_back_while_another_run_is_going_touches_only_its_own_claims()
    {
        var first = await ExportAsync(A.Records(2));
        await TakeInAsync(A.Records(2, "B-"));
        var going = await TestRun.TakeAsync(Store);
        await going.CountAsync();
        await going.ReserveAllAsync();

        Assert.Equal(new RollBackAnswer.RolledBack(2), await Open().RollBackAsync(A.Org, first.RunId, "wrong", "ola", Cancel));

        Assert.NotNull(await going.ConfirmAsync());
        await going.FinishAsync();
        Assert.Equal(["A-0001", "A-0002"], await WaitingAsync());
        Assert.Equal(2, (await RunAsync(going.RunId)).Counters.Exported);
    }

    /// <summary>The newer generation has left already; taking back the older file must not open a third way out.</summary>
    [Fact]
    public async Task Rolling_back_a_run_whose_claim_was_exported_again_does_not_let_it_leave_once_more()
    {
        var first = await ExportAsync(A.Records(2));
        await Store.RequestReExportAsync(A.Org, "A-0001", "the bank lost it", "ola", Cancel);
        await TestRun.ExportEverythingAsync(Store);

        await Store.RollBackAsync(A.Org, first.RunId, "never imported", "ola", Cancel);

        Assert.DoesNotContain("A-0001", await WaitingAsync());
        Assert.DoesNotContain((await TestRun.ExportEverythingAsync(Store)).Taken, taken => taken.Claim.ClaimId == "A-0001");
        await AssertMarkAsync("A-0001", MarkState.Exported, waiting: false);
    }

    [Fact]
    public async Task Rolling_back_a_run_whose_claim_waits_to_be_exported_again_lets_it_leave_once()
    {
        var first = await ExportAsync(A.Record("A-1"));
        await Store.RequestReExportAsync(A.Org, "A-1", "the bank lost it", "ola", Cancel);

        await Store.RollBackAsync(A.Org, first.RunId, "never imported", "ola", Cancel);

        Assert.Equal(["A-1"], await WaitingAsync());
        await TestRun.ExportEverythingAsync(Store);
        Assert.Empty(await WaitingAsync());
        Assert.Empty((await TestRun.ExportEverythingAsync(Store)).Taken);
        Assert.Single((await HistoryAsync("A-1")).Marks, mark => mark.State == MarkState.Exported);
    }

    [Fact]
    public async Task A_claim_a_person_settled_is_not_rolled_back_with_its_run()
    {
        var run = await LeaveInDoubtAsync(A.Records(2));
        await Store.DecideAsync(A.Org, "A-0001", MarkState.Exported, "stands in the ledger as 4711", "ola", Cancel);

        Assert.Equal(new RollBackAnswer.RolledBack(1), await Store.RollBackAsync(A.Org, run.RunId, "the rest is not there", "ola", Cancel));

        await AssertMarkAsync("A-0001", MarkState.Exported, waiting: false);
        await AssertMarkAsync("A-0002", MarkState.Released, waiting: true);
        Assert.Equal(new RunCounters(2, 0, 2, 1, 0, 0, 1), (await RunAsync(run.RunId)).Counters);
    }

    [Fact]
    public async Task Recording_the_import_raises_the_evidence_and_rules_out_a_roll_back()
    {
        var run = await ExportAsync([A.Record("BAD-1", approvedAt: A.Day(1)), .. A.Records(3)]);

        Assert.Equal(3, await Store.RecordImportAsync(A.Org, run.RunId, "GL-2026-117", "ola", Cancel));

        var mark = await MarkAsync("A-0003");
        Assert.Equal((MarkState.Exported, Evidence.Booked, "GL-2026-117"), (mark.State, mark.Evidence!.Value, mark.Acknowledgement));
        await AssertMarkAsync("BAD-1", MarkState.Rejected, waiting: true);
        var file = await Store.FindFileAsync(A.Org, run.RunId, Cancel);
        Assert.Equal((RunFileState.Available, "GL-2026-117"), (file!.State, file.ImportedAs));
        Assert.Equal(new RunCounters(4, 0, 4, 3, 1, 0, 0), (await RunAsync(run.RunId)).Counters);
        Assert.IsType<RollBackAnswer.NotPossible>(await Store.RollBackAsync(A.Org, run.RunId, "after all not", "ola", Cancel));
        var before = await DumpAsync();
        Assert.Equal(0, await Store.RecordImportAsync(A.Org, run.RunId, "GL-OTHER", "eve", Cancel));
        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task A_file_that_is_out_can_be_imported_though_its_process_died_before_the_end_of_its_run()
    {
        await TakeInAsync(A.Records(3));
        var dead = await TestRun.TakeAsync(Store);
        await dead.CountAsync();
        await dead.ReserveAllAsync();
        await dead.ConfirmAsync();

        Assert.Equal(3, await Store.RecordImportAsync(A.Org, dead.RunId, "GL-1", "ola", Cancel));

        var next = await TestRun.TakeOverAsync(Store);
        Assert.Equal(RunState.Finished, Assert.Single((await Store.RecoverAsync(next.Lease, Cancel))!).Run.State);
        Assert.Equal((Evidence.Booked, "GL-1"), ((await MarkAsync("A-0001")).Evidence!.Value, (await MarkAsync("A-0001")).Acknowledgement));
        Assert.Equal(new RunCounters(3, 0, 3, 3, 0, 0, 0), (await RunAsync(dead.RunId)).Counters);
    }

    [Fact]
    public async Task Recording_the_import_of_a_file_in_doubt_settles_its_claims_as_exported()
    {
        var run = await LeaveInDoubtAsync(A.Records(3));

        Assert.Equal(3, await Store.RecordImportAsync(A.Org, run.RunId, "GL-1", "ola", Cancel));

        var mark = await MarkAsync("A-0001");
        Assert.Equal((MarkState.Exported, Evidence.Booked, "GL-1"), (mark.State, mark.Evidence!.Value, mark.Acknowledgement));
        Assert.Equal(new RunCounters(3, 0, 3, 3, 0, 0, 0), (await RunAsync(run.RunId)).Counters);
        Assert.Equal(RunFileState.Available, (await Store.FindFileAsync(A.Org, run.RunId, Cancel))?.State);
    }

    [Fact]
    public async Task An_import_can_only_be_recorded_of_a_file_that_is_out()
    {
        var withdrawn = await ExportAsync(A.Record("A-1"));
        await Store.RollBackAsync(A.Org, withdrawn.RunId, "wrong", "kari", Cancel);
        var adopted = Assert.IsType<AdoptAnswer.Adopted>(await Store.AdoptAsync(A.Org, [new AdoptedClaim("OLD", "V")], "cut-over", "kari", "node-1", Cancel));
        var running = await TestRun.TakeAsync(Store);
        await running.ReserveAllAsync();
        await running.StartAsync();
        var before = await DumpAsync();

        foreach (var runId in new[] { withdrawn.RunId, adopted.RunId, running.RunId, 4711 })
            Assert.Null(await Store.RecordImportAsync(A.Org, runId, "V-1", "ola", Cancel));

        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task A_person_settles_a_claim_in_doubt_as_exported()
    {
        var run = await LeaveInDoubtAsync(A.Records(2));
        var doubtful = await MarkAsync("A-0001");

        Assert.Equal(doubtful, await Store.DecideAsync(A.Org, "A-0001", MarkState.Exported, "voucher 4711", "ola", Cancel));

        var mark = await MarkAsync("A-0001");
        Assert.Equal((MarkState.Exported, Evidence.Booked, "voucher 4711"), (mark.State, mark.Evidence!.Value, mark.Reason));
        Assert.False((await HistoryAsync("A-0001")).Waiting);
        Assert.Equal(new RunCounters(2, 0, 2, 1, 0, 1, 0), (await RunAsync(run.RunId)).Counters);
        var told = (await AssertChainIsWholeAsync(Store, A.Org))[^1];
        Assert.Equal((AuditActions.ClaimDecided, "ola", "claim A-0001"), (told.Action, told.Actor, told.Subject));
    }

    [Fact]
    public async Task A_person_settles_a_claim_in_doubt_as_released()
    {
        var run = await LeaveInDoubtAsync(A.Records(2));

        Assert.Equal(MarkState.InDoubt, (await Store.DecideAsync(A.Org, "A-0002", MarkState.Released, "not in the ledger", "ola", Cancel))?.State);

        var mark = await MarkAsync("A-0002");
        Assert.Equal((MarkState.Released, "not in the ledger"), (mark.State, mark.Reason));
        Assert.Null(mark.Evidence);
        Assert.Equal(["A-0002"], await WaitingAsync());
        Assert.Equal(new RunCounters(2, 0, 2, 0, 0, 1, 1), (await RunAsync(run.RunId)).Counters);
    }

    [Fact]
    public async Task Nothing_but_a_claim_in_doubt_can_be_settled()
    {
        await ExportAsync(A.Record("EXPORTED"), A.Record("BAD-1"));
        await TakeInAsync(A.Record("RESERVED"));
        var run = await TestRun.TakeAsync(Store, A.LeaseRequest(scope: new ClaimScope(ClaimId: "RESERVED")));
        await run.ReserveAllAsync();
        await TakeInAsync(A.Record("NEW"));
        var before = await DumpAsync();

        foreach (var decision in (MarkState[])[MarkState.Exported, MarkState.Released])
        {
            foreach (var (claimId, state) in new[] { ("EXPORTED", MarkState.Exported), ("BAD-1", MarkState.Rejected), ("RESERVED", MarkState.Reserved) })
                Assert.Equal(state, (await Store.DecideAsync(A.Org, claimId, decision, "I think so", "ola", Cancel))?.State);
            Assert.Null(await Store.DecideAsync(A.Org, "NEW", decision, "I think so", "ola", Cancel));
            Assert.Null(await Store.DecideAsync(A.Org, "UNKNOWN", decision, "I think so", "ola", Cancel));
        }

        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task A_forced_re_export_is_a_new_generation_with_a_key_of_its_own_that_leaves_once()
    {
        var first = await ExportAsync(A.Record("A-1"));
        var key = ExportKey.Derive(A.Org, "A-1", 1);

        Assert.Equal(new ReExportAnswer.Requested(1, key), await Store.RequestReExportAsync(A.Org, "A-1", "the bank lost it", "ola", Cancel));

        var waiting = await HistoryAsync("A-1");
        Assert.True(waiting.Waiting);
        Assert.Equal([(0, MarkState.Exported, 1), (1, MarkState.Released, 0)], waiting.Marks.Select(mark => (mark.Generation, mark.State, mark.Attempt)));
        Assert.Equal((key, "the bank lost it", 0L, 0L), (waiting.Marks[1].ExportKey, waiting.Marks[1].Reason, waiting.Marks[1].RunId, waiting.Marks[1].Epoch));
        var told = (await AssertChainIsWholeAsync(Store, A.Org))[^1];
        Assert.Equal((AuditActions.ReExportForced, "ola", "claim A-1"), (told.Action, told.Actor, told.Subject));
        Assert.Contains("the bank lost it", told.Details, StringComparison.Ordinal);

        var second = await TestRun.ExportEverythingAsync(Store, scope: new ClaimScope(ClaimId: "A-1"));

        var taken = Assert.Single(second.Taken);
        Assert.Equal((1, 1, key), (taken.Generation, taken.Attempt, taken.ExportKey));
        Assert.Equal(
            [(0, MarkState.Exported, first.RunId, 1), (1, MarkState.Exported, second.RunId, 1)],
            (await HistoryAsync("A-1")).Marks.Select(mark => (mark.Generation, mark.State, mark.RunId, mark.Attempt)));
        Assert.Equal(new RunCounters(1, 0, 1, 1, 0, 0, 0), (await RunAsync(second.RunId)).Counters);
        Assert.Empty((await TestRun.ExportEverythingAsync(Store)).Taken);
        Assert.Equal(2, Assert.IsType<ReExportAnswer.Requested>(await Store.RequestReExportAsync(A.Org, "A-1", "again", "ola", Cancel)).Generation);
    }

    [Fact]
    public async Task What_is_not_exported_cannot_be_exported_again()
    {
        await ExportAsync(A.Record("TWICE"), A.Record("BAD-1"));
        Assert.IsType<ReExportAnswer.Requested>(await Store.RequestReExportAsync(A.Org, "TWICE", "lost", "ola", Cancel));
        await LeaveInDoubtAsync(A.Record("DOUBT", approvedAt: A.Day(1)));
        Assert.IsType<AdoptAnswer.Adopted>(await Store.AdoptAsync(A.Org, [new AdoptedClaim("ONLY-ADOPTED", "V")], "cut-over", "kari", "node-1", Cancel));
        await TakeInAsync(A.Record("NEW"), A.Record("RESERVED"));
        var run = await TestRun.TakeAsync(Store, A.LeaseRequest(scope: new ClaimScope(ClaimId: "RESERVED")));
        await run.ReserveAllAsync();
        var before = await DumpAsync();
        Task<ReExportAnswer> Ask(string claimId) => Store.RequestReExportAsync(A.Org, claimId, "lost", "ola", Cancel);

        Assert.Equal(new ReExportAnswer.NotExported(MarkState.InDoubt), await Ask("TWICE"));
        Assert.Equal(new ReExportAnswer.NotExported(MarkState.InDoubt), await Ask("DOUBT"));
        Assert.Equal(new ReExportAnswer.NotExported(MarkState.Rejected), await Ask("BAD-1"));
        Assert.Equal(new ReExportAnswer.NotExported(MarkState.Reserved), await Ask("RESERVED"));
        Assert.Equal(new ReExportAnswer.NotExported(null), await Ask("NEW"));
        Assert.IsType<ReExportAnswer.NoSuchClaim>(await Ask("UNKNOWN"));
        Assert.IsType<ReExportAnswer.NoSuchClaim>(await Ask("ONLY-ADOPTED"));

        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task A_re_export_asked_for_twice_is_one_re_export()
    {
        await ExportAsync(A.Record("A-1"));
        Assert.IsType<ReExportAnswer.Requested>(await Store.RequestReExportAsync(A.Org, "A-1", "lost", "ola", Cancel));
        var before = await DumpAsync();

        Assert.Equal(new ReExportAnswer.NotExported(MarkState.Released), await Store.RequestReExportAsync(A.Org, "A-1", "lost", "ola", Cancel));

        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task An_adopted_claim_that_was_taken_in_can_be_exported_again_by_force()
    {
        await Store.AdoptAsync(A.Org, [new AdoptedClaim("OLD", "V")], "cut-over", "kari", "node-1", Cancel);
        await TakeInAsync(A.Record("OLD"));

        Assert.Equal(1, Assert.IsType<ReExportAnswer.Requested>(await Store.RequestReExportAsync(A.Org, "OLD", "the old system lied", "ola", Cancel)).Generation);

        Assert.Equal(1, Assert.Single((await TestRun.ExportEverythingAsync(Store)).Taken).Generation);
    }
}
