using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.History;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

/// <summary>A claim that is approved no longer.</summary>
public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_withdrawn_claim_waits_no_more_and_says_who_withdrew_it_when_and_why()
    {
        await TakeInAsync(A.Records(3));

        Assert.IsType<WithdrawOutcome.Withdrawn>(Assert.Single(await WithdrawAsync("A-0002")));

        Assert.Equal(["A-0001", "A-0003"], await WaitingAsync());
        var withdrawal = (await HistoryAsync("A-0002")).Withdrawal;
        Assert.Equal(("kari", "approved by mistake"), (withdrawal?.By, withdrawal?.Reason));
        var told = (await AssertChainIsWholeAsync(Store, A.Org))[^1];
        Assert.Equal((AuditActions.ClaimsWithdrawn, "claim A-0002", "kari"), (told.Action, told.Subject, told.Actor));
        Assert.InRange(told.At - withdrawal!.At, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Contains("approved by mistake", told.Details, StringComparison.Ordinal);
        var run = await TestRun.ExportEverythingAsync(Store);
        Assert.Equal(["A-0001", "A-0003"], run.Taken.Select(taken => taken.Claim.ClaimId));
        Assert.Equal(new RunCounters(2, 0, 2, 2, 0, 0, 0), (await RunAsync(run.RunId)).Counters);
        Assert.Empty(await Store.CheckAsync(Cancel));
    }

    [Fact]
    public async Task Each_withdrawal_of_a_claim_is_listed_in_time_order_alone_or_with_others_and_also_where_it_was_approved_again()
    {
        await HonorariumWithReceiptAsync();
        await TakeInAsync(A.Record("A-1"), A.Record("A-10"), A.Record("a\"b"));
        await WithdrawAsync("A-1");
        await TakeInAsync(A.Record("A-1"));
        await Store.WithdrawAsync(A.Org, ["A-10", "A-1", "a\"b"], "A-2", "ola", Cancel);
        await Forms.WithdrawAcknowledgementAsync(A.Org, 1, null, "has left", "per", Cancel);

        var both = await History.ListWithdrawalsAsync(A.Org, "A-1", Cancel);
        Assert.Equal([("kari", "approved by mistake"), ("ola", "A-2")], both.Select(each => (each.By, each.Reason)));
        Assert.True(both[0].At <= both[1].At);
        Assert.InRange(both[1].At - (await HistoryAsync("A-1")).Withdrawal!.At, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        foreach (var claimId in new[] { "A-10", "a\"b" }) Assert.Equal(["ola"], (await History.ListWithdrawalsAsync(A.Org, claimId, Cancel)).Select(each => each.By));
        var standing = (await HistoryAsync(FormScene.FormId)).Withdrawal!;
        Assert.Equal([("per", standing.Reason)], (await History.ListWithdrawalsAsync(A.Org, FormScene.FormId, Cancel)).Select(each => (each.By, each.Reason)));
        // Named in a reason, and withdrawn by nobody; and another organisation's claim.
        Assert.Empty(await History.ListWithdrawalsAsync(A.Org, "A-2", Cancel));
        Assert.Empty(await History.ListWithdrawalsAsync(A.OtherOrg, "A-1", Cancel));
    }

    [Fact]
    public async Task Withdrawing_twice_changes_nothing_and_an_unknown_claim_is_named_as_unknown()
    {
        await TakeInAsync(A.Records(1));
        await WithdrawAsync("A-0001");
        var withdrawal = (await HistoryAsync("A-0001")).Withdrawal!;
        var before = await DumpAsync();

        Assert.Equal([new WithdrawOutcome.Already(withdrawal), new WithdrawOutcome.NoSuchClaim()], await Store.WithdrawAsync(A.Org, ["A-0001", "NOBODY"], "once more", "ola", Cancel));
        Assert.Equal([new WithdrawOutcome.NoSuchClaim()], await Store.WithdrawAsync(A.OtherOrg, ["A-0001"], "theirs", "ola", Cancel));

        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task What_a_run_has_or_has_exported_is_not_withdrawn_and_the_run_is_named()
    {
        var exported = await ExportAsync(A.Record("OUT"));
        var doubtful = await LeaveInDoubtAsync(A.Record("DOUBT"));
        await TakeInAsync(A.Record("GOING"));
        var going = await TestRun.TakeAsync(Store);
        await going.ReserveAllAsync();
        var before = await DumpAsync();

        Assert.Equal(
            [new WithdrawOutcome.Held(MarkState.Exported, exported.RunId), new WithdrawOutcome.Held(MarkState.InDoubt, doubtful.RunId), new WithdrawOutcome.Held(MarkState.Reserved, going.RunId)],
            await WithdrawAsync("OUT", "DOUBT", "GOING"));

        await AssertUnchangedAsync(before);
    }

    [Theory, InlineData("released"), InlineData("rejected")]
    public async Task A_claim_that_a_run_gave_back_can_be_withdrawn_and_no_later_run_takes_it(string state)
    {
        var claimId = state == "rejected" ? "BAD-1" : "A-1";
        var run = await ExportAsync(A.Record(claimId), A.Record("A-2"));
        if (state == "released") await Store.RollBackAsync(A.Org, run.RunId, "wrong period", "kari", Cancel);

        Assert.IsType<WithdrawOutcome.Withdrawn>(Assert.Single(await WithdrawAsync(claimId)));

        Assert.DoesNotContain(claimId, (await TestRun.ExportEverythingAsync(Store)).Taken.Select(taken => taken.Claim.ClaimId));
        Assert.Equal(MarkStates.State(state), (await MarkAsync(claimId)).State);
        Assert.Empty(await Store.CheckAsync(Cancel));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Taking_a_withdrawn_claim_in_again_approves_it_again(bool changed)
    {
        await TakeInAsync(A.Records(2));
        await WithdrawAsync("A-0001");
        var again = changed ? A.Record("A-0001", 999, A.Day(20)) : A.Records(1)[0];

        Assert.Equal([new IntakeOutcome.Updated()], await TakeInAsync(again));
        Assert.Equal([new IntakeOutcome.Unchanged()], await TakeInAsync(again));

        Assert.Null((await HistoryAsync("A-0001")).Withdrawal);
        AssertSame(again, (await HistoryAsync("A-0001")).Claim);
        Assert.Contains("\"approvedAgainClaims\":[\"A-0001\"]", (await AssertChainIsWholeAsync(Store, A.Org))[^1].Details, StringComparison.Ordinal);
        Assert.Equal(changed ? ["A-0002", "A-0001"] : ["A-0001", "A-0002"], (await TestRun.ExportEverythingAsync(Store)).Taken.Select(taken => taken.Claim.ClaimId));
        Assert.Empty(await Store.CheckAsync(Cancel));
    }

    [Fact]
    public async Task A_forced_re_export_can_be_withdrawn_and_approving_the_claim_again_does_not_export_it_a_second_time()
    {
        var first = await ExportAsync(A.Record("A-1"));
        await Store.RequestReExportAsync(A.Org, "A-1", "lost", "kari", Cancel);

        Assert.IsType<WithdrawOutcome.Withdrawn>(Assert.Single(await WithdrawAsync("A-1")));

        Assert.Equal([new IntakeOutcome.Unchanged()], await TakeInAsync(A.Record("A-1")));
        Assert.Equal([new IntakeOutcome.Left(MarkState.Exported, first.RunId)], await TakeInAsync(A.Record("A-1", 999)));
        Assert.IsType<ReExportAnswer.Withdrawn>(await Store.RequestReExportAsync(A.Org, "A-1", "lost", "kari", Cancel));
        Assert.Empty(await WaitingAsync());
        Assert.Empty((await TestRun.ExportEverythingAsync(Store)).Taken);
        Assert.Empty(await Store.CheckAsync(Cancel));
    }

    [Fact]
    public async Task A_withdrawn_claim_that_stands_in_the_books_is_exported_and_withdrawn_no_more()
    {
        await TakeInAsync(A.Records(2));
        await WithdrawAsync("A-0001", "A-0002");

        Assert.IsType<AdoptAnswer.Adopted>(await Store.AdoptAsync(A.Org, [new AdoptedClaim("A-0001", "V-1")], "cut-over", "kari", "node-1", Cancel));
        var run = await TestRun.TakeAsync(Store);
        Assert.Equal(1, await Store.AdoptFoundAsync(run.Lease, [A.Found("A-0002")], Cancel));
        await run.FinishAsync();

        foreach (var claimId in new[] { "A-0001", "A-0002" })
        {
            Assert.Equal(MarkState.Exported, (await MarkAsync(claimId)).State);
            Assert.Null((await HistoryAsync(claimId)).Withdrawal);
        }
        Assert.Empty(await Store.CheckAsync(Cancel));
    }

    [Fact]
    public async Task Withdrawn_claims_are_a_list_and_a_count_of_their_own_and_in_no_other()
    {
        await ExportAsync([A.Record("BAD-1"), .. A.Records(4)]);
        await TakeInAsync(A.Records(3, "B-"));
        await WithdrawAsync("BAD-1", "B-0002");

        Assert.Equal(["B-0002", "BAD-1"], await PlaceAsync(new ClaimListFilter(ClaimPlace.Withdrawn)));
        Assert.Equal(["B-0002"], await PlaceAsync(new ClaimListFilter(ClaimPlace.Withdrawn, IdPrefix: "B-")));
        foreach (var prefix in new[] { null, "B" })
        {
            Assert.Equal(["B-0001", "B-0003"], (await PlaceAsync(new ClaimListFilter(ClaimPlace.Ready, IdPrefix: prefix))).Order(StringComparer.Ordinal));
            Assert.Empty(await PlaceAsync(new ClaimListFilter(ClaimPlace.Rejected, IdPrefix: prefix)));
        }
        Assert.Equal(["BAD-1", "B-0002"], (await Store.ListClaimsAsync(A.Org, new ClaimFilter(Withdrawn: true), null, 10, Cancel)).Select(claim => claim.ClaimId));
        Assert.Empty(await Store.ListClaimsAsync(A.Org, new ClaimFilter(State: MarkState.Rejected), null, 10, Cancel));
        Assert.Equal((2, 2), ((await History.ReadOverviewAsync(A.Org, Cancel)).Withdrawn, (await Store.GetStatusAsync(A.Org, Cancel)).Withdrawn));
        Assert.True(Assert.IsType<SearchHit.Claim>(Assert.Single(await History.SearchAsync(A.Org, "B-0002", Cancel))).Withdrawn);

        async Task<List<string>> PlaceAsync(ClaimListFilter filter)
        {
            var page = await History.PageClaimsAsync(A.Org, filter, new ListRequest(10), Cancel);
            Assert.All(page.Rows, row => Assert.Equal(filter.Place == ClaimPlace.Withdrawn, row.Withdrawal is not null));
            return [.. page.Rows.Select(row => row.ClaimId)];
        }
    }

    private Task<IReadOnlyList<WithdrawOutcome>> WithdrawAsync(params string[] claimIds) => Store.WithdrawAsync(A.Org, claimIds, "approved by mistake", "kari", Cancel);
}
