using System.Text;
using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Confirming_makes_the_file_available_and_exports_exactly_its_claims()
    {
        await TakeInAsync(A.Record("A-1", 100), A.Record("A-2", 250, currency: "EUR"), A.Record("BAD-1"), A.Record("NEXT", approvedAt: A.Day(9)));
        var run = await TestRun.TakeAsync(Store, A.LeaseRequest(scope: new ClaimScope(Before: A.Day(9))));
        await run.CountAsync();
        await run.ReserveAllAsync(2);
        var draft = run.Draft();

        var file = await run.ConfirmAsync();

        Assert.NotNull(file);
        Assert.Equal(
            (draft.Name, draft.ContentType, draft.Sha256, draft.Bytes, 2L, 2L, RunFileState.Available, (string?)null),
            (file.Name, file.ContentType, file.Sha256, file.Bytes, file.Claims, file.Lines, file.State, file.Folder));
        Assert.Equal([new ControlTotal("EUR", 250), new ControlTotal("NOK", 100)], file.ControlTotals);
        Assert.Null(file.FetchedAt);
        Assert.Null(file.ImportedAs);
        Assert.Equal(Dump.Of(file), Dump.Of(await Store.FindFileAsync(A.Org, run.RunId, Cancel)));
        foreach (var claimId in (string[])["A-1", "A-2"])
        {
            var mark = await MarkAsync(claimId);
            Assert.Equal((MarkState.Exported, Evidence.InFile, run.RunId), (mark.State, mark.Evidence!.Value, mark.RunId));
        }
        await AssertMarkAsync("BAD-1", MarkState.Rejected, waiting: true);
        Assert.Equal(new RunCounters(3, 0, 3, 2, 1, 0, 0), (await RunAsync(run.RunId)).Counters);
        var attempts = await Store.ListAttemptsAsync(A.Org, run.RunId, Cancel);
        Assert.Equal([AttemptStep.Reserved, AttemptStep.Finished], attempts.Where(attempt => attempt.Batch == 1).Select(attempt => attempt.Step));
        Assert.All(attempts.Where(attempt => attempt.Step == AttemptStep.Finished), attempt => Assert.Equal(AttemptOutcome.Accepted, attempt.Outcome));
    }

    [Fact]
    public async Task The_stored_pieces_make_up_the_file_to_the_byte()
    {
        await TakeInAsync([A.Record("BAD-1", approvedAt: A.Day(1)), .. A.Records(5)]);
        var run = await TestRun.ExportEverythingAsync(Store, size: 1);
        var file = await Open().FindFileAsync(A.Org, run.RunId, Cancel);
        Assert.NotNull(file);

        var text = new StringBuilder(Encoding.UTF8.GetString(file.Prologue.Span));
        var first = true;
        await foreach (var piece in Store.ReadBatchesAsync(A.Org, run.RunId, Cancel))
        {
            if (!first) text.Append(Encoding.UTF8.GetString(file.Separator.Span));
            text.Append(Encoding.UTF8.GetString(piece.Span));
            first = false;
        }
        text.Append(Encoding.UTF8.GetString(file.Epilogue.Span));

        Assert.Equal(Encoding.UTF8.GetString(run.FileBytes()), text.ToString());
    }

    [Theory, InlineData(-1), InlineData(1)]
    public async Task A_file_whose_count_is_not_the_marks_count_is_a_bug_and_changes_nothing(int wrongBy)
    {
        await TakeInAsync(A.Records(3));
        var run = await TestRun.TakeAsync(Store);
        await run.ReserveAllAsync();
        var before = await DumpAsync();
        var draft = run.Draft();

        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.ConfirmFileAsync(run.Lease, draft with { Claims = draft.Claims + wrongBy }, _ => "{}"u8.ToArray(), Cancel));

        await AssertUnchangedAsync(before);
        Assert.NotNull(await run.ConfirmAsync());
    }

    [Fact]
    public async Task Starting_keeps_the_manifest_and_confirming_does_not_change_it()
    {
        await TakeInAsync(A.Records(3));
        var run = await TestRun.TakeAsync(Store);
        await run.ReserveAllAsync(2);

        var started = await run.StartAsync("/outside");
        var confirmed = await run.ConfirmAsync();

        Assert.NotNull(started);
        Assert.NotNull(confirmed);
        Assert.Equal((RunFileState.Publishing, "/outside"), (started.State, started.Folder));
        Assert.Equal(Dump.Of(started with { State = RunFileState.Available }), Dump.Of(confirmed));
        var steps = (await Store.ListAttemptsAsync(A.Org, run.RunId, Cancel)).Select(attempt => (attempt.Batch, attempt.Try, attempt.Step));
        Assert.Equal([(1, 1, AttemptStep.Reserved), (1, 1, AttemptStep.Started), (1, 1, AttemptStep.Finished), (2, 1, AttemptStep.Reserved), (2, 1, AttemptStep.Started), (2, 1, AttemptStep.Finished)], steps);
        Assert.Equal(3, (await RunAsync(run.RunId)).Counters.Exported);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_manifest_carries_the_head_of_the_trail_just_before_its_own_event(bool start)
    {
        await TakeInAsync(A.Records(3));
        var run = await TestRun.TakeAsync(Store);
        await run.ReserveAllAsync();
        AuditHead? given = null;
        ReadOnlyMemory<byte> Manifest(AuditHead head)
        {
            given = head;
            return "{\"a\":1}"u8.ToArray();
        }

        var file = start ? await Store.StartFileAsync(run.Lease, run.Draft("/outside"), Manifest, Cancel) : await Store.ConfirmFileAsync(run.Lease, run.Draft(), Manifest, Cancel);

        Assert.Equal("{\"a\":1}", Encoding.UTF8.GetString(file!.Manifest.Span));
        var events = await AssertChainIsWholeAsync(Store, A.Org);
        Assert.Equal(given, new AuditHead(events[^2].Sequence, events[^2].Hash));
        Assert.Equal(start ? AuditActions.FileStarted : AuditActions.FileExported, events[^1].Action);
        Assert.Contains(file.Sha256, events[^1].Details, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_manifest_that_cannot_be_made_leaves_nothing_behind(bool start)
    {
        await TakeInAsync(A.Records(3));
        var run = await TestRun.TakeAsync(Store);
        await run.ReserveAllAsync();
        var before = await DumpAsync();
        ReadOnlyMemory<byte> Manifest(AuditHead head) => throw new InvalidTimeZoneException("a bug");

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => start ? Store.StartFileAsync(run.Lease, run.Draft("/outside"), Manifest, Cancel) : Store.ConfirmFileAsync(run.Lease, run.Draft(), Manifest, Cancel));

        await AssertUnchangedAsync(before);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Releasing_puts_the_claims_back_and_withdraws_what_was_started(bool start)
    {
        await TakeInAsync([A.Record("BAD-1", approvedAt: A.Day(1)), .. A.Records(3)]);
        var run = await TestRun.TakeAsync(Store);
        await run.CountAsync();
        await run.ReserveAllAsync();
        if (start) await run.StartAsync();

        Assert.True(await run.ReleaseAsync("the folder is full"));
        await run.FinishAsync(RunState.Failed, "the folder is full");

        var mark = await MarkAsync("A-0001");
        Assert.Equal((MarkState.Released, "the folder is full", run.RunId), (mark.State, mark.Reason, mark.RunId));
        Assert.Equal(["BAD-1", "A-0001", "A-0002", "A-0003"], await WaitingAsync());
        var ended = await RunAsync(run.RunId);
        Assert.Equal(new RunCounters(4, 0, 4, 0, 1, 0, 3), ended.Counters);
        Assert.Equal((RunState.Failed, "the folder is full"), (ended.State, ended.Failure));
        Assert.Equal(start ? RunFileState.Withdrawn : null, (await Store.FindFileAsync(A.Org, run.RunId, Cancel))?.State);
        Assert.Equal(start ? [AttemptOutcome.Refused] : [], (await Store.ListAttemptsAsync(A.Org, run.RunId, Cancel)).Where(attempt => attempt.Step == AttemptStep.Finished).Select(attempt => attempt.Outcome!.Value));
    }

    [Fact]
    public async Task Doubt_holds_the_claims_and_tells_since_when()
    {
        await TakeInAsync(A.Records(3));
        var run = await TestRun.TakeAsync(Store);
        await run.CountAsync();
        await run.ReserveAllAsync();
        await run.StartAsync();

        Assert.True(await run.DoubtAsync("the folder did not answer"));
        await run.FinishAsync();

        var mark = await MarkAsync("A-0002");
        Assert.Equal((MarkState.InDoubt, "the folder did not answer", run.RunId), (mark.State, mark.Reason, mark.RunId));
        Assert.Equal(mark.ChangedAt, mark.InDoubtSince);
        Assert.Empty(await WaitingAsync());
        Assert.Equal(new RunCounters(3, 0, 3, 0, 0, 3, 0), (await RunAsync(run.RunId)).Counters);
        Assert.Equal(RunFileState.Publishing, (await Store.FindFileAsync(A.Org, run.RunId, Cancel))?.State);
        Assert.Equal(AttemptOutcome.Unknown, (await Store.ListAttemptsAsync(A.Org, run.RunId, Cancel))[^1].Outcome);
        Assert.Empty((await TestRun.ExportEverythingAsync(Store)).Taken);
    }

    [Fact]
    public async Task A_file_found_in_its_folder_proves_its_claims_exported()
    {
        var lost = await LeaveInDoubtAsync([A.Record("BAD-1", approvedAt: A.Day(1)), .. A.Records(3)]);
        var next = await TestRun.TakeAsync(Store);

        Assert.True(await Store.ProveFileAsync(next.Lease, lost.RunId, "found in /outside with our checksum", Cancel));
        await next.FinishAsync();

        var mark = await MarkAsync("A-0002");
        Assert.Equal((MarkState.Exported, Evidence.InFile, "found in /outside with our checksum", lost.RunId), (mark.State, mark.Evidence!.Value, mark.Reason, mark.RunId));
        Assert.Equal(RunFileState.Available, (await Store.FindFileAsync(A.Org, lost.RunId, Cancel))?.State);
        var run = await RunAsync(lost.RunId);
        Assert.Equal((RunState.Finished, new RunCounters(4, 0, 4, 3, 1, 0, 0)), (run.State, run.Counters));
        Assert.Equal(["BAD-1"], await WaitingAsync());
    }

    [Fact]
    public async Task Proving_a_file_twice_counts_its_claims_once()
    {
        var lost = await LeaveInDoubtAsync(A.Records(3));
        var next = await TestRun.TakeAsync(Store);
        await Store.ProveFileAsync(next.Lease, lost.RunId, "found", Cancel);
        var marks = Dump.Of(await Store.ListRunMarksAsync(A.Org, lost.RunId, null, 10, Cancel));

        await Store.ProveFileAsync(next.Lease, lost.RunId, "found once more", Cancel);

        Assert.Equal(new RunCounters(3, 0, 3, 3, 0, 0, 0), (await RunAsync(lost.RunId)).Counters);
        Assert.Equal(marks, Dump.Of(await Store.ListRunMarksAsync(A.Org, lost.RunId, null, 10, Cancel)));
    }

    [Fact]
    public async Task Proving_a_file_leaves_alone_what_a_person_has_settled_since()
    {
        var lost = await LeaveInDoubtAsync(A.Records(3));
        await Store.DecideAsync(A.Org, "A-0001", MarkState.Exported, "stands in the ledger as 4711", "ola", Cancel);
        await Store.DecideAsync(A.Org, "A-0002", MarkState.Released, "not in the ledger", "ola", Cancel);
        var (exported, released) = (await MarkAsync("A-0001"), await MarkAsync("A-0002"));
        var next = await TestRun.TakeAsync(Store);

        Assert.True(await Store.ProveFileAsync(next.Lease, lost.RunId, "found", Cancel));

        Assert.Equal((exported, released), (await MarkAsync("A-0001"), await MarkAsync("A-0002")));
        Assert.Equal((MarkState.Exported, Evidence.InFile), ((await MarkAsync("A-0003")).State, (await MarkAsync("A-0003")).Evidence!.Value));
        Assert.Equal(new RunCounters(3, 0, 3, 2, 0, 0, 1), (await RunAsync(lost.RunId)).Counters);
    }

    [Fact]
    public async Task A_file_is_noted_as_fetched_once_and_told_each_time()
    {
        var run = await ExportAsync(A.Records(3));
        Assert.Equal([run.RunId], (await Store.ListUnfetchedFilesAsync(A.Org, Cancel)).Select(file => file.RunId));

        await Store.NoteFetchedAsync(A.Org, run.RunId, "kari", Cancel);
        var first = (await Store.FindFileAsync(A.Org, run.RunId, Cancel))!.FetchedAt;
        await Database.LetTimePassAsync();
        await Store.NoteFetchedAsync(A.Org, run.RunId, "ola", Cancel);

        Assert.NotNull(first);
        Assert.Equal(first, (await Store.FindFileAsync(A.Org, run.RunId, Cancel))!.FetchedAt);
        Assert.Empty(await Store.ListUnfetchedFilesAsync(A.Org, Cancel));
        var told = (await AssertChainIsWholeAsync(Store, A.Org)).Where(audit => audit.Action == AuditActions.FileFetched);
        Assert.Equal(["kari", "ola"], told.Select(audit => audit.Actor));
    }

    [Fact]
    public async Task Unfetched_files_are_the_available_ones_that_were_not_published_oldest_first()
    {
        var first = await ExportAsync(A.Record("A-1"));
        var withdrawn = await ExportAsync(A.Record("A-2"));
        await Store.RollBackAsync(A.Org, withdrawn.RunId, "wrong", "kari", Cancel);
        await LeaveInDoubtAsync();
        await TakeInAsync(A.Record("A-3"));
        var published = await TestRun.TakeAsync(Store);
        await published.ReserveAllAsync();
        await published.StartAsync();
        await published.ConfirmAsync();
        await published.FinishAsync();
        var last = await ExportAsync(A.Record("A-4"));

        var files = await Store.ListUnfetchedFilesAsync(A.Org, Cancel);

        Assert.Equal([first.RunId, last.RunId], files.Select(file => file.RunId));
        Assert.Equal(Dump.Of(await Store.FindFileAsync(A.Org, last.RunId, Cancel)), Dump.Of(files[1]));
    }

    [Fact]
    public async Task Doubtful_files_are_those_whose_run_ended_with_claims_in_doubt_oldest_first()
    {
        var decided = await LeaveInDoubtAsync(A.Record("A-1"));
        await Store.DecideAsync(A.Org, "A-1", MarkState.Exported, "V-1", "ola", Cancel);
        var first = await LeaveInDoubtAsync(A.Record("B-1"), A.Record("B-2"));
        await Store.DecideAsync(A.Org, "B-1", MarkState.Exported, "V-2", "ola", Cancel);
        var rolledBack = await LeaveInDoubtAsync(A.Record("C-1"));
        await Store.RollBackAsync(A.Org, rolledBack.RunId, "not there", "ola", Cancel);
        var imported = await LeaveInDoubtAsync();
        await Store.RecordImportAsync(A.Org, imported.RunId, "V-3", "ola", Cancel);
        var second = await LeaveInDoubtAsync(A.Record("D-1"));
        await ExportAsync(A.Record("E-1"));
        await TakeInAsync(A.Record("F-1"));
        var going = await TestRun.TakeAsync(Store);
        await going.ReserveAllAsync();
        await going.StartAsync();
        await going.DoubtAsync();

        var files = await Store.ListDoubtfulFilesAsync(A.Org, Cancel);

        Assert.Equal([first.RunId, second.RunId], files.Select(file => file.RunId));
        Assert.Equal(Dump.Of(await Store.FindFileAsync(A.Org, first.RunId, Cancel)), Dump.Of(files[0]));
        await going.FinishAsync();
        Assert.Equal([first.RunId, second.RunId, going.RunId], (await Store.ListDoubtfulFilesAsync(A.Org, Cancel)).Select(file => file.RunId));
        Assert.DoesNotContain(files, file => file.RunId == decided.RunId);
    }

    [Fact]
    public async Task Voucher_numbers_go_on_where_the_last_file_ended()
    {
        await ExportAsync(A.Records(5));
        var empty = await TestRun.ExportEverythingAsync(Store);
        var second = await ExportAsync(A.Records(2, "B-"));
        var doubtful = await LeaveInDoubtAsync(A.Records(3, "C-"));
        var third = await ExportAsync(A.Records(1, "D-"));

        Assert.Equal([6L, 6L, 8L, 11L], [empty.Lease.FirstVoucher, second.Lease.FirstVoucher, doubtful.Lease.FirstVoucher, third.Lease.FirstVoucher]);
        Assert.Equal(11, (await RunAsync(third.RunId)).FirstVoucher);
    }
}
