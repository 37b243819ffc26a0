using System.Text;
using PayOnce.Audit;
using PayOnce.Claims;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

/// <summary>A run over an API: several batches reserved in one commit, each sent in tries that are recorded.</summary>
public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_page_is_cut_into_batches_that_are_all_reserved_in_one_commit()
    {
        await TakeInAsync([.. A.Records(7), A.Record("BAD-1", approvedAt: A.Day(6))]);
        var run = await TestRun.TakeAsync(Store);
        await run.CountAsync();
        var commits = 0;
        Database.WhenCommitted(Store, _ => commits++);

        var page = Assert.IsType<ReserveAnswer.Reserved>(await run.ReserveAsync(8, claimsPerBatch: 3));

        Database.WhenCommitted(Store, null);
        Assert.Equal(1, commits);
        Assert.Equal([(1, 3), (2, 3), (3, 1)], page.Batches.Select(batch => (batch.Batch, batch.Rendered.Claims)));
        Assert.Equal("BAD-1", Assert.Single(page.Rejections).ClaimId);
        foreach (var (claimId, batch) in new[] { ("A-0001", 1), ("A-0003", 1), ("A-0004", 2), ("A-0007", 3), ("BAD-1", 3) }) Assert.Equal(batch, (await MarkAsync(claimId)).Batch);
        Assert.Equal([["A-0001", "A-0002", "A-0003"], ["A-0004", "A-0005", "A-0006"], ["A-0007", "BAD-1"]], (await Store.ListAttemptsAsync(A.Org, run.RunId, Cancel)).Select(attempt => attempt.ClaimIds));
        Assert.Equal(new RunCounters(8, 0, 8, 0, 1, 0, 0), (await RunAsync(run.RunId)).Counters);
        var pieces = new List<string>();
        await foreach (var piece in Store.ReadBatchesAsync(A.Org, run.RunId, Cancel)) pieces.Add(Encoding.UTF8.GetString(piece.Span));
        Assert.Equal(run.Batches.Select(batch => Encoding.UTF8.GetString(batch.Rendered.Bytes.Span)), pieces);
        Assert.Equal([1, 2, 3], (await EventsAsync(AuditActions.BatchReserved)).Select(told => told.GetProperty("batch").GetInt32()));
    }

    [Fact]
    public async Task A_page_of_several_batches_whose_answer_is_lost_is_reserved_once()
    {
        await TakeInAsync(A.Records(7));
        var run = await TestRun.TakeAsync(Store);
        await run.CountAsync();
        using (Database.LoseAnswers(Store)) await run.ReserveAsync(7, claimsPerBatch: 2);

        Assert.Equal([1, 2, 3, 4], run.Batches.Select(batch => batch.Batch));
        Assert.Equal(new RunCounters(7, 0, 7, 0, 0, 0, 0), (await RunAsync(run.RunId)).Counters);
        Assert.Equal(4, (await Store.ListAttemptsAsync(A.Org, run.RunId, Cancel)).Count);
    }

    [Fact]
    public async Task A_batch_of_duplicates_alone_is_left_out_and_its_number_with_it()
    {
        await ExportAsync(A.Records(2));
        await TakeInAsync(A.Records(2, "B-"));
        await Database.ExecuteAsync("INSERT INTO pending (organisation_id, approved_at, claim_id, generation) SELECT organisation_id, approved_at, claim_id, 0 FROM claims WHERE claim_id LIKE 'A-%'");
        // In the order of approval: A-0001, B-0001, A-0002, B-0002.
        var run = await TestRun.TakeAsync(Store);

        var page = Assert.IsType<ReserveAnswer.Reserved>(await run.ReserveAsync(4, claimsPerBatch: 1));

        Assert.Equal([2, 4], page.Batches.Select(batch => batch.Batch));
        Assert.Equal(["A-0001", "A-0002"], page.Duplicates.Select(held => held.ClaimId));
        Assert.Equal((2, 4), ((await MarkAsync("B-0001")).Batch, (await MarkAsync("B-0002")).Batch));
    }

    [Fact]
    public async Task Claims_that_were_refused_before_are_taken_again_in_their_place_of_the_page()
    {
        await ExportAsync(A.Record("BAD-1", approvedAt: A.Day(6)));
        await TakeInAsync(A.Records(3));
        var run = await TestRun.TakeAsync(Store, renderer: new TextRenderer(_ => false));
        await run.CountAsync();

        var page = Assert.IsType<ReserveAnswer.Reserved>(await run.ReserveAsync(4, claimsPerBatch: 2));

        Assert.Equal([1, 2], page.Batches.Select(batch => batch.Batch));
        var mark = await MarkAsync("BAD-1");
        Assert.Equal((MarkState.Reserved, 2, 2), (mark.State, mark.Attempt, mark.Batch));
    }

    [Fact]
    public async Task Voucher_numbers_given_out_over_an_API_are_given_to_no_later_run()
    {
        await TakeInAsync(A.Records(3));
        var run = await TestRun.TakeAsync(Store);
        await Store.ReserveAsync(run.Lease, new ReserveRequest(ClaimScope.Everything, 1, null, 2, 1, LastVoucher: 2), (batch, claims) => new TextRenderer().Render(claims, batch), Cancel);
        await Store.ReserveAsync(run.Lease, new ReserveRequest(ClaimScope.Everything, 3, null, 2, 1, LastVoucher: 1), (batch, claims) => new TextRenderer().Render(claims, batch), Cancel);

        Assert.Equal(3, (await TestRun.TakeOverAsync(Store)).Lease.FirstVoucher);
    }

    [Fact]
    public async Task A_started_try_stands_in_the_register_with_the_bytes_it_sends()
    {
        var run = await SendingAsync(4, claimsPerBatch: 2, started: [2]);

        var attempts = await Store.ListAttemptsAsync(A.Org, run.RunId, Cancel);

        Assert.Equal([(1, AttemptStep.Reserved), (2, AttemptStep.Reserved), (2, AttemptStep.Started)], attempts.Select(attempt => (attempt.Batch, attempt.Step)));
        Assert.Equal((attempts[1].BytesHash, 1, run.Lease.Epoch), (attempts[2].BytesHash, attempts[2].Try, attempts[2].Epoch));
        await AssertMarkAsync("A-0003", MarkState.Reserved, waiting: false);
        await Assert.ThrowsAnyAsync<Exception>(() => run.StartTriesAsync(2));
        await Assert.ThrowsAnyAsync<Exception>(() => run.StartTriesAsync(3));
    }

    [Fact]
    public async Task Each_claim_of_a_batch_goes_where_the_answer_sends_it()
    {
        var run = await SendingAsync(4, claimsPerBatch: 4, started: [1]);
        ClaimSettlement Claim(int n, MarkState state, Evidence? evidence = null, string? acknowledgement = null, string? reason = null) => new($"A-000{n}", 0, 1, state, evidence, acknowledgement, reason);

        await run.EndTriesAsync(new TryEnd(1, 1, AttemptOutcome.Unknown, 207, "Not every claim was spoken about.",
        [
            Claim(1, MarkState.Exported, Evidence.Booked, "V-17"), Claim(2, MarkState.Rejected, reason: "There is no account 7140."), Claim(3, MarkState.InDoubt, reason: "Nothing was said."),
            Claim(4, MarkState.Released, reason: "Never processed."),
        ]));

        var marks = await Store.ListRunMarksAsync(A.Org, run.RunId, null, 10, Cancel);
        Assert.Equal(
            [(MarkState.Exported, Evidence.Booked, "V-17", null), (MarkState.Rejected, null, null, "There is no account 7140."), (MarkState.InDoubt, null, null, "Nothing was said."), (MarkState.Released, default(Evidence?), default(string), "Never processed.")],
            marks.Select(mark => (mark.State, mark.Evidence, mark.Acknowledgement, mark.Reason)));
        Assert.Equal([false, false, true, false], marks.Select(mark => mark.InDoubtSince is not null));
        Assert.Equal(["A-0002", "A-0004"], await WaitingAsync());
        Assert.Equal(new RunCounters(4, 0, 4, 1, 1, 1, 1), (await RunAsync(run.RunId)).Counters);
        var rejection = Assert.Single(await Store.ListRunRejectionsAsync(A.Org, run.RunId, Cancel));
        Assert.Equal(("A-0002", "There is no account 7140."), (rejection.ClaimId, rejection.Problem.Rule));
        var finished = (await Store.ListAttemptsAsync(A.Org, run.RunId, Cancel))[^1];
        Assert.Equal((AttemptStep.Finished, AttemptOutcome.Unknown, 207, "Not every claim was spoken about."), (finished.Step, finished.Outcome, finished.HttpStatus, finished.Error));
        var told = Assert.Single(await EventsAsync(AuditActions.BatchSettled));
        Assert.Equal((1, 207, 1, 1, 1, 1), (told.GetProperty("batch").GetInt32(), told.GetProperty("httpStatus").GetInt32(), told.GetProperty("exported").GetInt32(), told.GetProperty("rejected").GetInt32(), told.GetProperty("inDoubt").GetInt32(), told.GetProperty("released").GetInt32()));
    }

    [Fact]
    public async Task Ends_of_several_batches_and_starts_of_others_are_one_commit()
    {
        var run = await SendingAsync(8, claimsPerBatch: 2, started: [1, 2]);
        var commits = 0;
        Database.WhenCommitted(Store, _ => commits++);

        Assert.True(await Store.RecordTriesAsync(run.Lease, [run.Ended(2, MarkState.Exported), run.Ended(1, MarkState.InDoubt)], [new TryStart(3, 1), new TryStart(4, 1)], Cancel));

        Database.WhenCommitted(Store, null);
        Assert.Equal(1, commits);
        Assert.Equal(new RunCounters(8, 0, 8, 2, 0, 2, 0), (await RunAsync(run.RunId)).Counters);
        Assert.Equal([2, 1], (await EventsAsync(AuditActions.BatchSettled)).Select(told => told.GetProperty("batch").GetInt32()));
        await AssertMarkAsync("A-0001", MarkState.InDoubt, waiting: false);
        await AssertMarkAsync("A-0003", MarkState.Exported, waiting: false);
        await AssertMarkAsync("A-0005", MarkState.Reserved, waiting: false);
    }

    [Fact]
    public async Task A_further_try_leaves_the_claims_reserved_and_is_found_by_each_of_them()
    {
        var run = await SendingAsync(2, claimsPerBatch: 2, started: [1]);
        Assert.True(await Store.RecordTriesAsync(run.Lease, [new TryEnd(1, 1, AttemptOutcome.Refused, 503, "The answer was 503.", [])], [new TryStart(1, 2)], Cancel));
        Assert.Empty(await EventsAsync(AuditActions.BatchSettled));
        await AssertMarkAsync("A-0001", MarkState.Reserved, waiting: false);

        await run.EndTriesAsync(run.Ended(1, MarkState.Exported, attempt: 2));

        Assert.Equal(
            [(1, AttemptStep.Reserved), (1, AttemptStep.Started), (1, AttemptStep.Finished), (2, AttemptStep.Started), (2, AttemptStep.Finished)],
            (await HistoryAsync("A-0002")).Attempts.Select(attempt => (attempt.Try, attempt.Step)));
        Assert.Equal((MarkState.Exported, "ACK-A-0002", 1), ((await MarkAsync("A-0002")).State, (await MarkAsync("A-0002")).Acknowledgement, (await MarkAsync("A-0002")).Attempt));
    }

    /// <summary>Whose epoch it is, theirs are the marks: what differs from what they say is a bug, and leaves nothing behind.</summary>
    [Fact]
    public async Task A_settlement_of_a_claim_that_is_not_reserved_by_this_attempt_changes_nothing()
    {
        var run = await SendingAsync(4, claimsPerBatch: 2, started: [1, 2]);
        await run.EndTriesAsync(run.Ended(1, MarkState.InDoubt));
        var before = await DumpAsync();
        var good = run.Settled(2, MarkState.Exported);
        TryEnd With(params ClaimSettlement[] settled) => new(2, 1, AttemptOutcome.Accepted, 200, null, settled);

        foreach (var wrong in new[] { With(good[0], good[1] with { Attempt = 2 }), With(good[0], good[1] with { Generation = 1 }), With(good[0], good[1] with { ClaimId = "A-0001" }), With(good[0], good[1] with { ClaimId = "NOBODY" }) })
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => run.EndTriesAsync(wrong));
            await AssertUnchangedAsync(before);
        }

        await run.EndTriesAsync(run.Ended(2, MarkState.Exported));
    }

    [Fact]
    public async Task A_process_that_lost_its_lease_can_settle_and_start_nothing()
    {
        var run = await SendingAsync(4, claimsPerBatch: 2, started: [1]);
        var next = await TestRun.TakeOverAsync(Open());
        var before = await DumpAsync();
        Assert.False(await Store.RecordTriesAsync(run.Lease, [run.Ended(1, MarkState.Exported)], [new TryStart(2, 1)], Cancel));
        await AssertUnchangedAsync(before);

        await Store.RecoverAsync(next.Lease, Cancel);
        before = await DumpAsync();
        Assert.False(await Store.RecordTriesAsync(run.Lease, [run.Ended(1, MarkState.Exported)], [new TryStart(2, 1)], Cancel));
        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task Of_several_batches_reserved_together_only_those_that_were_started_are_in_doubt_after_a_crash()
    {
        var dead = await SendingAsync(8, claimsPerBatch: 2, started: [1, 2, 3]);
        await dead.EndTriesAsync(dead.Ended(1, MarkState.Exported), dead.Ended(3, MarkState.Rejected));

        var next = await TestRun.TakeOverAsync(Open());
        var recovered = Assert.Single((await Store.RecoverAsync(next.Lease, Cancel))!);

        Assert.Equal((RunState.Failed, 2L, 2L), (recovered.Run.State, recovered.Released, recovered.InDoubt));
        Assert.Equal(new RunCounters(8, 0, 8, 2, 2, 2, 2), recovered.Run.Counters);
        AssertBalanced(recovered.Run.Counters);
        await AssertMarkAsync("A-0001", MarkState.Exported, waiting: false);
        await AssertMarkAsync("A-0003", MarkState.InDoubt, waiting: false);
        Assert.Equal(["A-0005", "A-0006", "A-0007", "A-0008"], await WaitingAsync());
        Assert.Equal([(1, AttemptOutcome.Accepted), (2, AttemptOutcome.Unknown), (3, AttemptOutcome.Refused)],
            (await Store.ListAttemptsAsync(A.Org, dead.RunId, Cancel)).Where(attempt => attempt.Step == AttemptStep.Finished).Select(attempt => (attempt.Batch, attempt.Outcome!.Value)));
    }

    [Fact]
    public async Task A_run_over_an_API_that_had_settled_everything_before_its_process_died_is_finished()
    {
        var dead = await SendingAsync(4, claimsPerBatch: 2, started: [1, 2]);
        await dead.EndTriesAsync(dead.Ended(1, MarkState.Exported), dead.Ended(2, MarkState.Rejected));

        var next = await TestRun.TakeOverAsync(Open());
        var recovered = Assert.Single((await Store.RecoverAsync(next.Lease, Cancel))!);

        Assert.Equal((RunState.Finished, null, 0L, 0L), (recovered.Run.State, recovered.Run.Failure, recovered.Released, recovered.InDoubt));
    }

    [Fact]
    public async Task A_run_over_an_API_cannot_be_rolled_back_and_says_why()
    {
        var run = await SendingAsync(2, claimsPerBatch: 2, started: [1]);
        await run.EndTriesAsync(run.Ended(1, MarkState.Exported));
        await run.FinishAsync();
        var before = await DumpAsync();

        var answer = Assert.IsType<RollBackAnswer.NotPossible>(await Store.RollBackAsync(A.Org, run.RunId, "wrong period", "kari", Cancel));

        Assert.Contains("API", answer.Why, StringComparison.Ordinal);
        await AssertUnchangedAsync(before);
    }

    [Theory, InlineData(MarkState.Exported), InlineData(MarkState.Released)]
    public async Task A_person_decides_a_claim_that_an_API_left_in_doubt(MarkState decision)
    {
        var run = await SendingAsync(2, claimsPerBatch: 2, started: [1]);
        await run.EndTriesAsync(run.Ended(1, MarkState.InDoubt));
        await run.FinishAsync();

        Assert.Equal(MarkState.InDoubt, (await Store.DecideAsync(A.Org, "A-0001", decision, "looked it up", "kari", Cancel))!.State);

        await AssertMarkAsync("A-0001", decision, waiting: decision == MarkState.Released);
        await AssertMarkAsync("A-0002", MarkState.InDoubt, waiting: false);
        Assert.Equal(decision == MarkState.Exported ? new RunCounters(2, 0, 2, 1, 0, 1, 0) : new RunCounters(2, 0, 2, 0, 0, 1, 1), (await RunAsync(run.RunId)).Counters);
    }

    /// <summary>A run over an API that has reserved everything, with some of its batches under way.</summary>
    private async Task<TestRun> SendingAsync(int claims, int claimsPerBatch, int[] started, string prefix = "A-")
    {
        await TakeInAsync(A.Records(claims, prefix));
        var run = await TestRun.TakeAsync(Store);
        await run.CountAsync();
        await run.ReserveAsync(100, claimsPerBatch);
        await run.StartTriesAsync(started);
        return run;
    }

    /// <summary>What the trail tells of one kind of event.</summary>
    private async Task<List<System.Text.Json.JsonElement>> EventsAsync(string action) =>
        [.. (await AssertChainIsWholeAsync(Store, A.Org)).Where(audit => audit.Action == action).Select(audit => System.Text.Json.JsonDocument.Parse(audit.Details).RootElement)];
}
