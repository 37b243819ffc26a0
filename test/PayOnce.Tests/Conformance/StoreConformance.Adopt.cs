using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    private Task<AdoptAnswer> AdoptAsync(params AdoptedClaim[] claims) => Store.AdoptAsync(A.Org, claims, "cut-over from the old system", "kari", "node-1", Cancel);

    [Fact]
    public async Task An_adopted_claim_is_exported_with_its_reference_and_no_longer_waits()
    {
        await TakeInAsync(A.Record("OLD-1"), A.Record("NEW-1"));

        var adopted = Assert.IsType<AdoptAnswer.Adopted>(await AdoptAsync(new("OLD-1", "V-1"), new("OLD-2", "V-2")));

        Assert.Equal((1L, 2, 0), (adopted.RunId, adopted.Count, adopted.AlreadyHeld.Count));
        var mark = await MarkAsync("OLD-1");
        Assert.Equal(
            (0, MarkState.Exported, Evidence.Booked, "V-1", 1L, ExportKey.Derive(A.Org, "OLD-1", 0)),
            (mark.Generation, mark.State, mark.Evidence!.Value, mark.Acknowledgement, mark.RunId, mark.ExportKey));
        Assert.Equal(0, mark.Attempt);
        Assert.Null((await HistoryAsync("OLD-2")).Claim);
        Assert.Equal(["NEW-1"], await WaitingAsync());
        var run = await RunAsync(adopted.RunId);
        Assert.Equal((RunTrigger.Adopt, RunState.Finished, "kari", "node-1", 2L), (run.Trigger, run.State, run.Actor, run.Holder, run.Counters.Exported));
        Assert.NotNull(run.EndedAt);
        Assert.Equal(["NEW-1"], (await TestRun.ExportEverythingAsync(Store)).Taken.Select(taken => taken.Claim.ClaimId));
        Assert.Contains("cut-over from the old system", Assert.Single(await AssertChainIsWholeAsync(Store, A.Org), told => told.Action == AuditActions.ClaimsAdopted).Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_claim_that_a_mark_holds_already_is_named_and_not_touched_by_an_adoption()
    {
        var exported = await ExportAsync(A.Record("GONE"));
        var doubtful = await LeaveInDoubtAsync(A.Record("DOUBT"));
        var first = Assert.IsType<AdoptAnswer.Adopted>(await AdoptAsync(new AdoptedClaim("OLD-1", "V-1")));
        var (gone, doubt, old) = (await MarkAsync("GONE"), await MarkAsync("DOUBT"), await MarkAsync("OLD-1"));

        var adopted = Assert.IsType<AdoptAnswer.Adopted>(await AdoptAsync(new("DOUBT", "X"), new("GONE", "X"), new("OLD-1", "X"), new("OLD-2", "V-2")));

        Assert.Equal(1, adopted.Count);
        Assert.Equal(
            [new HeldClaim("DOUBT", 0, MarkState.InDoubt, doubtful.RunId), new HeldClaim("GONE", 0, MarkState.Exported, exported.RunId), new HeldClaim("OLD-1", 0, MarkState.Exported, first.RunId)],
            adopted.AlreadyHeld.OrderBy(held => held.ClaimId, StringComparer.Ordinal));
        Assert.Equal((gone, doubt, old), (await MarkAsync("GONE"), await MarkAsync("DOUBT"), await MarkAsync("OLD-1")));
        Assert.Equal(1, (await RunAsync(adopted.RunId)).Counters.Exported);
    }

    [Fact]
    public async Task Adopting_is_refused_while_a_run_is_going_and_changes_nothing()
    {
        await TakeInAsync(A.Records(2));
        var run = await TestRun.TakeAsync(Store);
        await run.ReserveAllAsync();
        var before = await DumpAsync();

        var busy = Assert.IsType<AdoptAnswer.Busy>(await Open().AdoptAsync(A.Org, [new AdoptedClaim("A-0001", "V")], "cut-over", "ola", "node-2", Cancel));

        Assert.Equal(await RunAsync(run.RunId), busy.Run);
        await AssertUnchangedAsync(before);
        await run.ConfirmAsync();
        await run.FinishAsync();
        Assert.IsType<AdoptAnswer.Adopted>(await AdoptAsync(new AdoptedClaim("OLD-1", "V")));
    }

    [Fact]
    public async Task Five_thousand_claims_are_adopted_in_one_step()
    {
        var claims = Enumerable.Range(1, 5_000).Select(number => new AdoptedClaim(FormattableString.Invariant($"A-{number:0000}"), FormattableString.Invariant($"V-{number}"))).ToArray();
        await TakeInAsync(A.Records(3));

        Assert.Equal(5_000, Assert.IsType<AdoptAnswer.Adopted>(await AdoptAsync(claims)).Count);

        Assert.Empty(await WaitingAsync());
        Assert.Equal("V-3", (await MarkAsync("A-0003")).Acknowledgement);
        Assert.Equal(5_000, (await Store.GetStatusAsync(A.Org, Cancel)).Exported);
    }

    [Fact]
    public async Task A_rejected_or_released_claim_that_is_adopted_does_not_leave_any_more()
    {
        await ExportAsync(A.Record("BAD-1"));

        var answer = Assert.IsType<AdoptAnswer.Adopted>(await AdoptAsync(new AdoptedClaim("BAD-1", "V-1")));

        // Its mark does not hold it, so the adoption is the newer word: the claim was paid by other means.
        Assert.Equal((1, 0), (answer.Count, answer.AlreadyHeld.Count));
        await AssertMarkAsync("BAD-1", MarkState.Exported, waiting: false);
    }

    /// <summary>The accounting system cannot tell the two ids apart: what was adopted as one must not be paid as the other.</summary>
    [Fact]
    public async Task A_waiting_claim_whose_id_was_adopted_in_other_case_does_not_leave()
    {
        await TakeInAsync(A.Record("A-1"), A.Record("B-1"));

        await AdoptAsync(new AdoptedClaim("a-1", "V-1"));

        var run = await TestRun.ExportEverythingAsync(Store);
        Assert.Equal(["B-1"], run.Taken.Select(taken => taken.Claim.ClaimId));
        Assert.Empty(await WaitingAsync());
    }
}
