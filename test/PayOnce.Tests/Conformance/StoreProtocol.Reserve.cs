using System.Security.Cryptography;
using System.Text;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreProtocol
{
    [Fact]
    public async Task Claims_are_taken_in_the_order_of_approval_and_then_of_id()
    {
        await TakeInAsync(A.Record("b", approvedAt: A.Day(6)), A.Record("Z", approvedAt: A.Day(6)), A.Record("_", approvedAt: A.Day(6)), A.Record("A-10", approvedAt: A.Day(6)),
            A.Record("A-9", approvedAt: A.Day(6)), A.Record("last", approvedAt: A.Day(7)), A.Record("first", approvedAt: A.Day(5).AddMicroseconds(1)), A.Record("zero", approvedAt: A.Day(5)));
        string[] inOrder = ["zero", "first", "A-10", "A-9", "Z", "_", "b", "last"];
        Assert.Equal(inOrder, await WaitingAsync());

        var run = await TestRun.ExportEverythingAsync(Store, size: 3);

        Assert.Equal(inOrder, run.Taken.Select(claim => claim.Claim.ClaimId));
        Assert.Equal([3, 3, 2], run.Batches.Select(batch => batch.Rendered.Claims));
        Assert.Equal([1, 2, 3], run.Batches.Select(batch => batch.Batch));
    }

    [Fact]
    public async Task Counting_tells_what_is_free_and_what_earlier_runs_have_and_writes_both_to_the_run()
    {
        await ExportAsync(A.Records(4));
        await TakeInAsync(A.Records(6, "B-"));
        var run = await TestRun.TakeAsync(Store, A.LeaseRequest(scope: new ClaimScope(Limit: 5)));

        var counters = await run.CountAsync();

        Assert.Equal(new RunCounters(5, 4, 0, 0, 0, 0, 0), counters);
        Assert.Equal(counters, (await RunAsync(run.RunId)).Counters);
    }

    [Fact]
    public async Task A_scope_of_dates_includes_its_first_instant_and_not_its_last()
    {
        var scope = new ClaimScope(A.Day(5), A.Day(6));
        await TakeInAsync(A.Record("BEFORE", approvedAt: A.Day(5).AddMicroseconds(-1)), A.Record("FIRST", approvedAt: A.Day(5)),
            A.Record("LAST", approvedAt: A.Day(6).AddMicroseconds(-1)), A.Record("AFTER", approvedAt: A.Day(6)));

        var run = await TestRun.ExportEverythingAsync(Store, scope: scope);

        Assert.Equal(["FIRST", "LAST"], run.Taken.Select(claim => claim.Claim.ClaimId));
        Assert.Equal(2, (await RunAsync(run.RunId)).Counters.Candidates);
        Assert.Equal(["BEFORE", "AFTER"], await WaitingAsync());
        Assert.Equal(["BEFORE"], await WaitingAsync(new ClaimScope(Before: A.Day(6))));
        Assert.Equal(["AFTER"], await WaitingAsync(new ClaimScope(From: A.Day(5))));
        var again = await TestRun.TakeAsync(Store, A.LeaseRequest(scope: scope));
        Assert.Equal(new RunCounters(0, 2, 0, 0, 0, 0, 0), await again.CountAsync());
        Assert.IsType<ReserveAnswer.NothingLeft>(await again.ReserveAsync());
    }

    /// <summary>Whole days are not counted claim by claim: wherever a period begins and ends, the sum must be what counting would find.</summary>
    [Fact]
    public async Task What_of_a_scope_waits_and_what_earlier_runs_have_is_right_wherever_its_period_begins_and_ends()
    {
        var moment = TimeSpan.FromMicroseconds(1);
        DateTimeOffset[] times =
        [
            new(1969, 12, 31, 23, 59, 59, TimeSpan.Zero), DateTimeOffset.UnixEpoch, A.Day(5) - moment, A.Day(5), A.Day(5) + moment, A.Day(5, hour: 12), A.Day(6) - moment, A.Day(6), A.Day(7, hour: 22), A.Day(9),
        ];
        // One of them was approved anew at another time before it left, as a claim may be.
        await TakeInAsync(A.Record("LEFT-3", 1, A.Day(8, hour: 3)));
        var left = times.Select((time, n) => A.Record($"LEFT-{n}", approvedAt: time)).ToArray();
        var waits = times.Where((_, n) => n % 3 == 0).Select((time, n) => A.Record($"WAITS-{n}", approvedAt: time)).ToArray();
        await ExportAsync(left);
        await TakeInAsync(waits);
        Assert.Empty(await Store.CheckAsync(Cancel));
        var run = await TestRun.TakeAsync(Store);

        foreach (var from in (DateTimeOffset?[])[null, .. times, A.Day(4, hour: 23), DateTimeOffset.MaxValue])
        {
            foreach (var before in (DateTimeOffset?[])[null, .. times, A.Day(8), A.Day(9, hour: 1)])
            {
                bool In(PayOnce.Claims.ClaimRecord claim) => (from is null || claim.ApprovedAt >= from) && (before is null || claim.ApprovedAt < before);
                var counters = await Store.CountScopeAsync(run.Lease, new ClaimScope(from, before), Cancel);
                Assert.Equal((from, before, waits.Count(In), left.Count(In)), (from, before, counters!.Value.Candidates, counters.Value.SkippedDuplicates));
            }
        }
    }

    [Fact]
    public async Task A_scope_of_one_claim_looks_at_that_claim_alone()
    {
        await ExportAsync(A.Record("GONE"));
        await TakeInAsync(A.Records(3));

        var run = await TestRun.TakeAsync(Store, A.LeaseRequest(scope: new ClaimScope(ClaimId: "A-0002")));
        Assert.Equal(new RunCounters(1, 0, 0, 0, 0, 0, 0), await run.CountAsync());
        await run.ReserveAllAsync();
        Assert.Equal(["A-0002"], run.Taken.Select(claim => claim.Claim.ClaimId));
        Assert.NotNull(await run.ConfirmAsync());
        await run.FinishAsync();

        foreach (var (claimId, duplicates) in new[] { ("GONE", 1), ("A-0002", 1), ("UNKNOWN", 0), ("a-0001", 0) })
        {
            var other = await TestRun.TakeAsync(Store, A.LeaseRequest(scope: new ClaimScope(ClaimId: claimId)));
            Assert.Equal(new RunCounters(0, duplicates, 0, 0, 0, 0, 0), await other.CountAsync());
            Assert.IsType<ReserveAnswer.NothingLeft>(await other.ReserveAsync());
            await other.FinishAsync();
        }
        Assert.Equal(["A-0001", "A-0003"], await WaitingAsync());
    }

    [Fact]
    public async Task The_end_of_a_page_is_the_place_of_its_last_candidate()
    {
        await ExportAsync(A.Record("GONE", approvedAt: A.Day(1)));
        var claims = A.Records(5);
        await TakeInAsync(claims);
        PageCursor Place(int number) => new(claims[number - 1].ApprovedAt, claims[number - 1].ClaimId);
        Task<PageCursor?> Find(PageCursor? after, int size, ClaimScope? scope = null) => Store.FindPageEndAsync(A.Org, scope ?? ClaimScope.Everything, after, size, Cancel);

        Assert.Equal(Place(2), await Find(null, 2));
        Assert.Equal(Place(4), await Find(Place(2), 2));
        Assert.Null(await Find(Place(4), 2));
        Assert.Equal(Place(5), await Find(null, 5));
        Assert.Null(await Find(null, 6));
        Assert.Equal(Place(3), await Find(null, 1, new ClaimScope(From: claims[2].ApprovedAt)));
        Assert.Null(await Find(null, 3, new ClaimScope(Before: claims[2].ApprovedAt)));
        Assert.Equal(Place(4), await Find(null, 1, new ClaimScope(ClaimId: "A-0004")));
    }

    [Fact]
    public async Task Reserving_behind_a_cursor_leaves_what_stands_before_it()
    {
        var claims = A.Records(5);
        await TakeInAsync(claims);
        var run = await TestRun.TakeAsync(Store);
        var after = await Store.FindPageEndAsync(A.Org, ClaimScope.Everything, null, 3, Cancel);

        var answer = await Store.ReserveAsync(run.Lease, new ReserveRequest(ClaimScope.Everything, 2, after, 100), (_, taken) => new TextRenderer().Render(taken, 4), Cancel);

        Assert.Equal(2, Assert.Single(Assert.IsType<ReserveAnswer.Reserved>(answer).Batches).Rendered.Claims);
        Assert.Equal(["A-0001", "A-0002", "A-0003"], await WaitingAsync());
    }

    [Fact]
    public async Task A_reserved_claim_carries_run_batch_epoch_attempt_and_its_derived_key()
    {
        await TakeInAsync(A.Records(3));
        var run = await TestRun.TakeAsync(Store);
        await run.CountAsync();
        await run.ReserveAsync(2);
        await run.ReserveAsync(2);

        var mark = await MarkAsync("A-0003");

        Assert.Equal(new Mark("A-0003", 0, MarkState.Reserved, 1, run.Lease.Epoch, run.RunId, 2, ExportKey.Derive(A.Org, "A-0003", 0), null, null, null, mark.ChangedAt, null), mark);
        Assert.All(run.Taken, taken => Assert.Equal((0, 1, ExportKey.Derive(A.Org, taken.Claim.ClaimId, 0)), (taken.Generation, taken.Attempt, taken.ExportKey)));
        AssertSame(A.Records(3)[2], run.Taken[2].Claim);
        Assert.Equal(new RunCounters(3, 0, 3, 0, 0, 0, 0), (await RunAsync(run.RunId)).Counters);
        Assert.Empty(await WaitingAsync());
    }

    [Fact]
    public async Task The_frozen_bytes_come_back_as_they_were_rendered()
    {
        await TakeInAsync([.. A.Records(250), A.Record("Z-LAST", approvedAt: A.Day(9))]);
        var run = await TestRun.ExportEverythingAsync(Store, size: 100);

        var expected = run.Batches.SelectMany(batch => batch.Rendered.Bytes.ToArray()).ToArray();
        Assert.Equal(expected, await Dump.BytesAsync(Open(), A.Org, run.RunId));
        var attempts = (await Store.ListAttemptsAsync(A.Org, run.RunId, Cancel)).Where(attempt => attempt.Step == AttemptStep.Reserved).ToList();
        Assert.Equal(run.Batches.Select(batch => Convert.ToHexStringLower(SHA256.HashData(batch.Rendered.Bytes.Span))), attempts.Select(attempt => attempt.BytesHash));
        Assert.Equal(run.Taken.Select(taken => taken.Claim.ClaimId), attempts.SelectMany(attempt => attempt.ClaimIds!));
    }

    [Fact]
    public async Task Bytes_of_any_kind_and_of_megabytes_are_frozen_unchanged()
    {
        await TakeInAsync(A.Record("A-1"), A.Record("A-2"));
        var random = new Random(4711);
        var noise = new byte[5_000_000];
        random.NextBytes(noise);
        var every = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        var run = await TestRun.TakeAsync(Store);

        foreach (var (batch, bytes) in new[] { (1, every), (2, noise) })
            Assert.IsType<ReserveAnswer.Reserved>(await Store.ReserveAsync(run.Lease, new ReserveRequest(ClaimScope.Everything, batch, null, 1), (_, _) => new(bytes, 1, 1, [], []), Cancel));

        byte[] expected = [.. every, .. noise];
        Assert.Equal(expected, await Dump.BytesAsync(Store, A.Org, run.RunId));
    }

    [Fact]
    public async Task A_claim_that_cannot_be_rendered_is_rejected_with_the_reason_and_holds_up_nobody()
    {
        await TakeInAsync(A.Record("A-1"), A.Record("BAD-1"), A.Record("C-1"));
        var run = await TestRun.TakeAsync(Store);
        await run.CountAsync();

        var answer = Assert.IsType<ReserveAnswer.Reserved>(await run.ReserveAsync());

        var batch = Assert.Single(answer.Batches);
        Assert.Equal((1, 2), (batch.Batch, batch.Rendered.Claims));
        Assert.Equal("BAD-1", Assert.Single(answer.Rejections).ClaimId);
        var mark = await MarkAsync("BAD-1");
        Assert.Equal((MarkState.Rejected, 1, run.RunId, 1), (mark.State, mark.Attempt, mark.RunId, mark.Batch));
        Assert.Contains(TextRenderer.Rule, mark.Reason, StringComparison.Ordinal);
        Assert.Equal(["BAD-1"], await WaitingAsync());
        Assert.Equal(new RunCounters(3, 0, 3, 0, 1, 0, 0), (await RunAsync(run.RunId)).Counters);
        Assert.Equal(["A-1", "BAD-1", "C-1"], Assert.Single(await Store.ListAttemptsAsync(A.Org, run.RunId, Cancel)).ClaimIds);
        Assert.IsType<ReserveAnswer.NothingLeft>(await run.ReserveAsync());
    }

    [Fact]
    public async Task A_batch_in_which_nothing_could_be_rendered_is_kept_without_bytes()
    {
        await TakeInAsync(A.Record("BAD-1", approvedAt: A.Day(1)), A.Record("BAD-2", approvedAt: A.Day(1)), A.Record("A-1", approvedAt: A.Day(2)));
        var run = await TestRun.ExportEverythingAsync(Store, size: 2);

        Assert.Equal([0, 1], run.Batches.Select(batch => batch.Rendered.Claims));
        var pieces = 0;
        await foreach (var piece in Store.ReadBatchesAsync(A.Org, run.RunId, Cancel)) pieces += piece.Length > 0 ? 1 : 100;
        Assert.Equal(1, pieces);
        Assert.Equal(new RunCounters(3, 0, 3, 1, 2, 0, 0), (await RunAsync(run.RunId)).Counters);
        Assert.Equal(["BAD-1", "BAD-2"], (await Store.ListRunRejectionsAsync(A.Org, run.RunId, Cancel)).Select(rejection => rejection.ClaimId));
    }

    [Fact]
    public async Task A_renderer_that_throws_leaves_nothing_behind()
    {
        await TakeInAsync(A.Records(5));
        var run = await TestRun.TakeAsync(Store);
        await run.CountAsync();
        await run.ReserveAsync(2);
        var before = await DumpAsync();

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Store.ReserveAsync(run.Lease, new ReserveRequest(ClaimScope.Everything, 2, run.After, 100), (_, _) => throw new InvalidTimeZoneException("a bug"), Cancel));

        await AssertUnchangedAsync(before);
        await run.ReserveAllAsync();
        Assert.NotNull(await run.ConfirmAsync());
        await run.FinishAsync();
        Assert.Equal(5, (await RunAsync(run.RunId)).Counters.Exported);
    }

    [Fact]
    public async Task A_batch_number_used_twice_takes_nothing()
    {
        await TakeInAsync(A.Records(5));
        var run = await TestRun.TakeAsync(Store);
        await run.ReserveAsync(2);
        var before = await DumpAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => Store.ReserveAsync(run.Lease, new ReserveRequest(ClaimScope.Everything, 1, run.After, 100), (_, claims) => new TextRenderer().Render(claims, 3), Cancel));

        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task When_nothing_is_left_nothing_is_written()
    {
        await ExportAsync(A.Records(3));
        var run = await TestRun.TakeAsync(Store);
        var before = await DumpAsync();
        Assert.IsType<ReserveAnswer.NothingLeft>(await run.ReserveAsync());
        await AssertUnchangedAsync(before);
    }

    /// <summary>The work list is never the guard: whatever gets into it, the mark's key decides.</summary>
    [Theory, InlineData(MarkState.Exported), InlineData(MarkState.InDoubt)]
    public async Task A_stray_row_in_the_work_list_is_told_as_a_duplicate_and_never_exported_again(MarkState state)
    {
        var holder = state == MarkState.Exported ? await ExportAsync(A.Record("STRAY")) : await LeaveInDoubtAsync(A.Record("STRAY"));
        await TakeInAsync(A.Record("A-1"), A.Record("Z-1"));
        await Database.ExecuteAsync("INSERT INTO pending (organisation_id, approved_at, claim_id, generation) SELECT organisation_id, approved_at, claim_id, 0 FROM claims WHERE claim_id = 'STRAY'");
        Assert.NotEmpty(await Store.CheckAsync(Cancel));
        var markBefore = Dump.Of(await MarkAsync("STRAY"));
        var run = await TestRun.TakeAsync(Store);
        Assert.Equal(3, (await run.CountAsync()).Candidates);

        var answer = Assert.IsType<ReserveAnswer.Reserved>(await run.ReserveAsync());

        var batch = Assert.Single(answer.Batches);
        Assert.Equal(2, batch.Rendered.Claims);
        Assert.Equal([new HeldClaim("STRAY", 0, state, holder.RunId)], answer.Duplicates);
        Assert.DoesNotContain("STRAY", Encoding.UTF8.GetString(batch.Rendered.Bytes.Span), StringComparison.Ordinal);
        Assert.Equal(["A-1", "Z-1"], Assert.Single(await Store.ListAttemptsAsync(A.Org, run.RunId, Cancel)).ClaimIds);
        Assert.Equal(markBefore, Dump.Of(await MarkAsync("STRAY")));
        Assert.Empty(await WaitingAsync());
        Assert.Equal(new RunCounters(2, 1, 2, 0, 0, 0, 0), (await RunAsync(run.RunId)).Counters);
    }

    [Fact]
    public async Task A_page_of_stray_rows_alone_takes_nothing_and_clears_the_work_list()
    {
        var holder = await ExportAsync(A.Record("A-1"), A.Record("A-2"));
        await Database.ExecuteAsync("INSERT INTO pending (organisation_id, approved_at, claim_id, generation) SELECT organisation_id, approved_at, claim_id, 0 FROM claims");
        var run = await TestRun.TakeAsync(Store);
        Assert.Equal(2, (await run.CountAsync()).Candidates);

        var answer = Assert.IsType<ReserveAnswer.Reserved>(await run.ReserveAsync());

        Assert.Empty(answer.Batches);
        Assert.Equal([new HeldClaim("A-1", 0, MarkState.Exported, holder.RunId), new HeldClaim("A-2", 0, MarkState.Exported, holder.RunId)], answer.Duplicates);
        Assert.Empty(await WaitingAsync());
        Assert.Empty(await Store.ListAttemptsAsync(A.Org, run.RunId, Cancel));
        Assert.Equal(new RunCounters(0, 2, 0, 0, 0, 0, 0), (await RunAsync(run.RunId)).Counters);
    }

    /// <summary>A further generation has its mark before it waits: without one nobody forced it, and the work list alone makes none.</summary>
    [Fact]
    public async Task A_stray_row_of_a_generation_that_was_never_made_takes_nothing_and_the_rest_goes_on()
    {
        await TakeInAsync(A.Record("A-1"), A.Record("STRAY"), A.Record("Z-1"));
        await Database.ExecuteAsync("UPDATE pending SET generation = 1 WHERE claim_id = 'STRAY'");

        var run = await TestRun.ExportEverythingAsync(Store);

        Assert.Equal(["A-1", "Z-1"], run.Taken.Select(claim => claim.Claim.ClaimId));
        Assert.Empty((await Store.FindClaimAsync(A.Org, "STRAY", Cancel))!.Marks);
        Assert.Contains(await Store.CheckAsync(Cancel), wrong => wrong.Contains("STRAY", StringComparison.Ordinal));
        await Database.ExecuteAsync("INSERT INTO pending (organisation_id, approved_at, claim_id, generation) SELECT organisation_id, approved_at, claim_id, 0 FROM claims WHERE claim_id = 'STRAY'");
    }

    [Fact]
    public async Task A_rejected_claim_is_taken_again_with_the_next_attempt_and_the_same_key()
    {
        await ExportAsync(A.Record("BAD-1"));
        var before = await MarkAsync("BAD-1");

        var run = await TestRun.ExportEverythingAsync(Store, renderer: new TextRenderer(_ => false));

        var mark = await MarkAsync("BAD-1");
        Assert.Equal((before.Generation, before.ExportKey, 2), (mark.Generation, mark.ExportKey, mark.Attempt));
        Assert.Equal((MarkState.Exported, run.RunId, run.Lease.Epoch), (mark.State, mark.RunId, mark.Epoch));
        Assert.Null(mark.Reason);
        Assert.Equal((2, before.ExportKey), (run.Taken[0].Attempt, run.Taken[0].ExportKey));
        Assert.Equal(new RunCounters(1, 0, 1, 1, 0, 0, 0), (await RunAsync(run.RunId)).Counters);
    }

    [Fact]
    public async Task A_released_claim_is_taken_again_with_the_next_attempt_and_nothing_left_of_the_last()
    {
        var first = await LeaveInDoubtAsync(A.Record("A-1"));
        Assert.NotNull(await Store.DecideAsync(A.Org, "A-1", MarkState.Released, "not in the ledger", "kari", Cancel));

        var run = await TestRun.TakeAsync(Store);
        await run.ReserveAllAsync();

        var mark = await MarkAsync("A-1");
        Assert.Equal(new Mark("A-1", 0, MarkState.Reserved, 2, run.Lease.Epoch, run.RunId, 1, ExportKey.Derive(A.Org, "A-1", 0), null, null, null, mark.ChangedAt, null), mark);
        Assert.NotEqual(first.RunId, run.RunId);
    }
}
