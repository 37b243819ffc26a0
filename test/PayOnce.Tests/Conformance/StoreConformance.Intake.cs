using PayOnce.Claims;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_claim_taken_in_is_kept_to_the_byte_and_waits()
    {
        var claim = A.Record("A-1", 12_345, A.Day(5).AddTicks(1_234_560));

        Assert.Equal([new IntakeOutcome.Added()], await TakeInAsync(claim));

        var history = await HistoryAsync("A-1");
        AssertSame(claim, history.Claim);
        Assert.True(history.Waiting);
        Assert.Empty(history.Marks);
        Assert.Empty(history.Attempts);
    }

    [Fact]
    public async Task Amounts_dates_and_texts_at_their_limits_are_kept()
    {
        var hostile = A.Claim("A-1", long.MaxValue, new DateTimeOffset(1, 1, 1, 0, 0, 0, TimeSpan.Zero)) with { ApprovedBy = "Åse 'x'; DROP TABLE marks; --", Type = "reise \"\\ \U0001F697" };
        var late = A.Claim("A-2", 1, new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero).AddTicks(9_999_990), currency: "EUR");
        ClaimRecord[] claims = [ClaimRecord.From(A.Org, hostile), ClaimRecord.From(A.Org, late)];

        await TakeInAsync(claims);

        foreach (var claim in claims) AssertSame(claim, (await HistoryAsync(claim.ClaimId)).Claim);
        Assert.Equal(["A-1", "A-2"], await WaitingAsync());
    }

    [Fact]
    public async Task The_same_chunk_twice_changes_nothing_and_is_no_event()
    {
        var claims = A.Records(20);
        await TakeInAsync(claims);
        var before = await DumpAsync();

        var outcomes = await TakeInAsync(claims);

        Assert.All(outcomes, outcome => Assert.IsType<IntakeOutcome.Unchanged>(outcome));
        Assert.Equal(20, outcomes.Count);
        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task A_chunk_of_five_thousand_claims_goes_in_at_once_and_is_one_event()
    {
        var head = await Store.GetAuditHeadAsync(A.Org, Cancel);

        var outcomes = await TakeInAsync(A.Records(5_000));

        Assert.Equal(5_000, outcomes.Count(outcome => outcome is IntakeOutcome.Added));
        Assert.Equal(5_000, (await Store.GetStatusAsync(A.Org, Cancel)).Waiting);
        Assert.Equal(head.Sequence + 1, (await Store.GetAuditHeadAsync(A.Org, Cancel)).Sequence);
    }

    [Fact]
    public async Task A_chunk_of_no_claims_is_no_event()
    {
        var before = await DumpAsync();
        Assert.Empty(await TakeInAsync());
        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task Each_claim_of_a_mixed_chunk_gets_its_own_outcome_in_the_order_given()
    {
        var exported = await ExportAsync(A.Record("LEFT"));
        await TakeInAsync(A.Record("SAME"), A.Record("CHANGED"), A.Record("Case"));

        var outcomes = await TakeInAsync(A.Record("NEW"), A.Record("LEFT", 999), A.Record("CASE"), A.Record("CHANGED", 777), A.Record("SAME"));

        Assert.Equal(
            [new IntakeOutcome.Added(), new IntakeOutcome.Left(MarkState.Exported, exported.RunId), new IntakeOutcome.SameIdButCase("Case"), new IntakeOutcome.Updated(), new IntakeOutcome.Unchanged()],
            outcomes);
        var told = (await AssertChainIsWholeAsync(Store, A.Org))[^1];
        Assert.Equal("""{"source":"claims.json","added":1,"updated":1}""", told.Details);
    }

    [Fact]
    public async Task A_waiting_claim_is_updated_and_the_work_list_follows_its_new_approval()
    {
        await TakeInAsync(A.Record("A-1", approvedAt: A.Day(5)), A.Record("A-2", approvedAt: A.Day(6)));
        var changed = A.Record("A-1", 99_900, A.Day(7), "EUR");

        Assert.Equal([new IntakeOutcome.Updated()], await TakeInAsync(changed));

        AssertSame(changed, (await HistoryAsync("A-1")).Claim);
        Assert.Equal(["A-2", "A-1"], await WaitingAsync());
        Assert.Equal([new ControlTotal("EUR", 99_900), new ControlTotal("NOK", 12_300)], (await Store.GetStatusAsync(A.Org, Cancel)).WaitingTotals);
        Assert.Empty(await WaitingAsync(new ClaimScope(From: A.Day(5), Before: A.Day(6))));
    }

    [Fact]
    public async Task An_exported_claim_cannot_be_changed_and_its_run_is_named()
    {
        var run = await ExportAsync(A.Record("A-1"));
        await AssertCannotBeChangedAsync(MarkState.Exported, run.RunId);
    }

    [Fact]
    public async Task A_reserved_claim_cannot_be_changed_and_its_run_is_named()
    {
        await TakeInAsync(A.Record("A-1"));
        var run = await TestRun.TakeAsync(Store);
        await run.ReserveAllAsync();
        await AssertCannotBeChangedAsync(MarkState.Reserved, run.RunId);
    }

    [Fact]
    public async Task A_claim_in_doubt_cannot_be_changed_and_its_run_is_named()
    {
        var run = await LeaveInDoubtAsync(A.Record("A-1"));
        await AssertCannotBeChangedAsync(MarkState.InDoubt, run.RunId);
    }

    private async Task AssertCannotBeChangedAsync(MarkState state, long runId)
    {
        var before = await DumpAsync();
        Assert.Equal([new IntakeOutcome.Left(state, runId)], await TakeInAsync(A.Record("A-1", 1_000_000, A.Day(9))));
        Assert.Equal([new IntakeOutcome.Unchanged()], await TakeInAsync(A.Record("A-1")));
        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task A_rejected_claim_can_be_corrected_and_waits_at_its_new_approval()
    {
        await ExportAsync(A.Record("BAD-1", approvedAt: A.Day(5)));
        await AssertCanBeCorrectedAsync("BAD-1", MarkState.Rejected);
    }

    [Fact]
    public async Task A_released_claim_can_be_corrected_and_waits_at_its_new_approval()
    {
        await TakeInAsync(A.Record("A-1"));
        var run = await TestRun.TakeAsync(Store);
        await run.ReserveAllAsync();
        Assert.True(await run.ReleaseAsync());
        await AssertCanBeCorrectedAsync("A-1", MarkState.Released);
        await run.FinishAsync(RunState.Failed, "the folder is full");
    }

    [Fact]
    public async Task A_claim_that_was_rolled_back_can_be_corrected_and_waits_at_its_new_approval()
    {
        var run = await ExportAsync(A.Record("A-1"));
        Assert.IsType<RollBackAnswer.RolledBack>(await Store.RollBackAsync(A.Org, run.RunId, "wrong period", "kari", Cancel));
        await AssertCanBeCorrectedAsync("A-1", MarkState.Released);
    }

    [Fact]
    public async Task A_claim_that_is_to_be_exported_again_can_be_corrected_and_keeps_its_new_generation()
    {
        await ExportAsync(A.Record("A-1"));
        Assert.IsType<ReExportAnswer.Requested>(await Store.RequestReExportAsync(A.Org, "A-1", "lost at the bank", "kari", Cancel));
        await AssertCanBeCorrectedAsync("A-1", MarkState.Released);
        Assert.Equal(1, Assert.Single(await Store.ReadCandidatesAsync(A.Org, new ClaimScope(ClaimId: "A-1"), null, 10, Cancel)).Generation);
    }

    private async Task AssertCanBeCorrectedAsync(string claimId, MarkState state)
    {
        await TakeInAsync(A.Record("Z-LATER", approvedAt: A.Day(8)));
        var corrected = A.Record(claimId, 55_500, A.Day(9));

        Assert.Equal([new IntakeOutcome.Updated()], await TakeInAsync(corrected));

        AssertSame(corrected, (await HistoryAsync(claimId)).Claim);
        await AssertMarkAsync(claimId, state, waiting: true);
        Assert.Equal(["Z-LATER", claimId], await WaitingAsync());
    }

    [Fact]
    public async Task An_id_that_differs_only_in_case_is_refused_with_the_stored_one()
    {
        await TakeInAsync(A.Record("Abc-1"));
        var before = await DumpAsync();

        Assert.Equal([new IntakeOutcome.SameIdButCase("Abc-1")], await TakeInAsync(A.Record("aBC-1", 77)));

        await AssertUnchangedAsync(before);
        Assert.Null(await Store.FindClaimAsync(A.Org, "aBC-1", Cancel));
    }

    [Fact]
    public async Task A_claim_adopted_earlier_is_added_and_does_not_wait()
    {
        Assert.IsType<AdoptAnswer.Adopted>(await Store.AdoptAsync(A.Org, [new AdoptedClaim("OLD-1", "V-77")], "cut-over", "kari", "node-1", Cancel));

        Assert.Equal([new IntakeOutcome.Added(), new IntakeOutcome.Added()], await TakeInAsync(A.Record("OLD-1"), A.Record("NEW-1")));

        Assert.Equal(["NEW-1"], await WaitingAsync());
        await AssertMarkAsync("OLD-1", MarkState.Exported, waiting: false);
    }

    /// <summary>The accounting system cannot tell the two ids apart, and both would have the one export key.</summary>
    [Fact]
    public async Task A_claim_adopted_under_an_id_of_other_case_cannot_come_in_to_be_paid_again()
    {
        await Store.AdoptAsync(A.Org, [new AdoptedClaim("Old-1", "V-77")], "cut-over", "kari", "node-1", Cancel);

        Assert.Equal([new IntakeOutcome.SameIdButCase("Old-1")], await TakeInAsync(A.Record("OLD-1")));

        Assert.Empty(await WaitingAsync());
    }

    [Fact]
    public async Task Ids_of_any_printable_character_survive_every_step()
    {
        string[] ids = ["NULL", "null", "'", "\"", "\\", "{a,b}", "[\"x\"]", "%", "_", "a'b\"c\\d", "--", "/*", "$1", "@p", ":p", "?", "0", "1e5", "true", "<&>", "~", "~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~", "a b"];
        ids = [.. ids.Where(id => id != "null").Order(StringComparer.Ordinal)];
        await TakeInAsync([.. ids.Select(id => A.Record(id))]);

        var run = await TestRun.ExportEverythingAsync(Store, size: 7);

        Assert.Equal(ids, run.Taken.Select(claim => claim.Claim.ClaimId));
        Assert.Equal(ids, (await Store.ListRunMarksAsync(A.Org, run.RunId, null, 100, Cancel)).Select(mark => mark.ClaimId));
        Assert.Equal(ids, (await Store.FindHeldAsync(A.Org, ids, Cancel)).Select(held => held.ClaimId).Order(StringComparer.Ordinal));
        var attempts = await Store.ListAttemptsAsync(A.Org, run.RunId, Cancel);
        Assert.Equal(ids, attempts.SelectMany(attempt => attempt.ClaimIds ?? []).Order(StringComparer.Ordinal));
        foreach (var id in ids)
        {
            var history = await HistoryAsync(id);
            Assert.Equal(MarkState.Exported, Assert.Single(history.Marks).State);
            Assert.Equal(2, history.Attempts.Count);
            Assert.IsType<ReExportAnswer.Requested>(await Store.RequestReExportAsync(A.Org, id, "again", "kari", Cancel));
        }
        Assert.Equal(ids, await WaitingAsync());
    }
}
