using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    [Theory, InlineData(0), InlineData(1), InlineData(1_000)]
    public async Task The_guard_answers_for_any_number_of_claims(int count)
    {
        var run = await ExportAsync(A.Records(1_500));
        await TakeInAsync(A.Records(10, "NEW-"));
        var asked = A.Records(1_500).TakeLast(count).Select(claim => claim.ClaimId).ToArray();

        var held = await Store.FindHeldAsync(A.Org, [.. asked, .. count == 0 ? [] : (string[])["NEW-0001", "UNKNOWN", "a-0001"]], Cancel);

        Assert.Equal(asked.Select(claimId => new HeldClaim(claimId, 0, MarkState.Exported, run.RunId)), held.OrderBy(each => each.ClaimId, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_claim_is_held_by_its_newest_mark_alone()
    {
        await ExportAsync(A.Record("BAD-1", approvedAt: A.Day(1)), A.Record("AGAIN"), A.Record("TWICE"));
        await Store.RequestReExportAsync(A.Org, "TWICE", "lost", "ola", Cancel);
        var second = await TestRun.ExportEverythingAsync(Store);
        await Store.RequestReExportAsync(A.Org, "AGAIN", "lost", "ola", Cancel);
        var doubtful = await LeaveInDoubtAsync(A.Record("DOUBT"));
        await TakeInAsync(A.Record("RESERVED"), A.Record("RELEASED"));
        var released = await TestRun.TakeAsync(Store, A.LeaseRequest(scope: new ClaimScope(ClaimId: "RELEASED")));
        await released.ReserveAllAsync();
        await released.ReleaseAsync();
        await released.FinishAsync(RunState.Cancelled);
        var run = await TestRun.TakeAsync(Store, A.LeaseRequest(scope: new ClaimScope(ClaimId: "RESERVED")));
        await run.ReserveAllAsync();

        var held = await Store.FindHeldAsync(A.Org, ["AGAIN", "BAD-1", "DOUBT", "RELEASED", "RESERVED", "TWICE"], Cancel);

        // AGAIN went out with the run that was left in doubt, as generation 1.
        Assert.Equal(
            [new("AGAIN", 1, MarkState.InDoubt, doubtful.RunId), new("DOUBT", 0, MarkState.InDoubt, doubtful.RunId), new("RESERVED", 0, MarkState.Reserved, run.RunId), new("TWICE", 1, MarkState.Exported, second.RunId)],
            held.OrderBy(each => each.ClaimId, StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_history_of_a_claim_has_every_mark_and_every_attempt_that_held_it_and_no_other()
    {
        await TakeInAsync(A.Record("A-1", approvedAt: A.Day(1)), A.Record("B-1", approvedAt: A.Day(2)));
        var dead = await TestRun.TakeAsync(Store);
        await dead.ReserveAllAsync(1);
        await dead.StartAsync();
        var next = await TestRun.TakeOverAsync(Store);
        await Store.RecoverAsync(next.Lease, Cancel);
        await next.FinishAsync();
        await Store.DecideAsync(A.Org, "B-1", MarkState.Released, "not there", "ola", Cancel);
        var second = await TestRun.ExportEverythingAsync(Store);
        await Store.RequestReExportAsync(A.Org, "B-1", "lost", "ola", Cancel);
        var third = await TestRun.ExportEverythingAsync(Store);

        var history = await HistoryAsync("B-1");

        Assert.Equal([(0, MarkState.Exported, second.RunId, 2), (1, MarkState.Exported, third.RunId, 1)], history.Marks.Select(mark => (mark.Generation, mark.State, mark.RunId, mark.Attempt)));
        Assert.Equal(
            [
                (dead.RunId, 2, AttemptStep.Reserved, null), (dead.RunId, 2, AttemptStep.Started, null), (dead.RunId, 2, AttemptStep.Finished, AttemptOutcome.Unknown),
                (second.RunId, 1, AttemptStep.Reserved, null), (second.RunId, 1, AttemptStep.Finished, AttemptOutcome.Accepted),
                (third.RunId, 1, AttemptStep.Reserved, null), (third.RunId, 1, AttemptStep.Finished, (AttemptOutcome?)AttemptOutcome.Accepted),
            ],
            history.Attempts.Select(attempt => (attempt.RunId, attempt.Batch, attempt.Step, attempt.Outcome)));
        Assert.All(history.Attempts, attempt => Assert.Null(attempt.ClaimIds));
        Assert.Equal([(dead.RunId, 1)], (await HistoryAsync("A-1")).Attempts.Select(attempt => (attempt.RunId, attempt.Batch)).Distinct());
        Assert.Null(await Store.FindClaimAsync(A.Org, "B-2", Cancel));
    }

    [Fact]
    public async Task Claims_are_listed_by_state_by_waiting_and_by_approval()
    {
        await ExportAsync(A.Record("BAD-1", approvedAt: A.Day(3)), A.Record("GONE", approvedAt: A.Day(2)), A.Record("AGAIN", approvedAt: A.Day(2)));
        await Store.RequestReExportAsync(A.Org, "AGAIN", "lost", "ola", Cancel);
        await TakeInAsync(A.Record("NEW", approvedAt: A.Day(1)));
        await AdoptAsync(new AdoptedClaim("ONLY-ADOPTED", "V"));
        async Task<string[]> List(ClaimFilter filter) => [.. (await Store.ListClaimsAsync(A.Org, filter, null, 100, Cancel)).Select(claim => claim.ClaimId)];

        Assert.Equal(["NEW", "AGAIN", "GONE", "BAD-1"], await List(new ClaimFilter()));
        Assert.Equal(["GONE"], await List(new ClaimFilter(State: MarkState.Exported)));
        Assert.Equal(["BAD-1"], await List(new ClaimFilter(State: MarkState.Rejected)));
        Assert.Equal(["AGAIN"], await List(new ClaimFilter(State: MarkState.Released)));
        Assert.Empty(await List(new ClaimFilter(State: MarkState.InDoubt)));
        Assert.Equal(["NEW", "AGAIN", "BAD-1"], await List(new ClaimFilter(Waiting: true)));
        Assert.Equal(["AGAIN"], await List(new ClaimFilter(State: MarkState.Released, Waiting: true)));
        Assert.Equal(["AGAIN", "GONE"], await List(new ClaimFilter(From: A.Day(2), Before: A.Day(3))));
        Assert.Equal(["BAD-1"], await List(new ClaimFilter(From: A.Day(3))));
        Assert.Equal(["NEW"], await List(new ClaimFilter(Before: A.Day(2))));
    }

    [Fact]
    public async Task A_listed_claim_carries_its_newest_mark()
    {
        await ExportAsync(A.Record("A-1", 250, A.Day(2), "EUR"));
        await Store.RequestReExportAsync(A.Org, "A-1", "lost", "ola", Cancel);
        await TakeInAsync(A.Record("NEW", approvedAt: A.Day(3)));

        var listed = await Store.ListClaimsAsync(A.Org, new ClaimFilter(), null, 100, Cancel);

        Assert.Equal(new ClaimSummary("A-1", "4711", "travel", "EUR", 250, A.Day(2), ExportKey.Derive(A.Org, "A-1", 0), (await HistoryAsync("A-1")).Marks[1], true), listed[0]);
        Assert.Null(listed[1].Mark);
        Assert.True(listed[1].Waiting);
    }

    [Theory, InlineData(1), InlineData(3), InlineData(7), InlineData(100)]
    public async Task Paging_through_any_list_misses_nothing_and_repeats_nothing(int size)
    {
        await TakeInAsync([.. A.Records(5, "x-").Select(claim => claim with { ApprovedAt = A.Day(5) }), .. A.Records(5, "X.")]);
        var exported = await TestRun.ExportEverythingAsync(Store);
        for (var run = 0; run < 6; run++) await TestRun.ExportEverythingAsync(Store);
        var ids = exported.Taken.Select(taken => taken.Claim.ClaimId).ToList();

        var claims = new List<string>();
        for (PageCursor? after = null; ;)
        {
            var page = await Store.ListClaimsAsync(A.Org, new ClaimFilter(), after, size, Cancel);
            claims.AddRange(page.Select(claim => claim.ClaimId));
            if (page.Count < size) break;
            after = new PageCursor(page[^1].ApprovedAt, page[^1].ClaimId);
        }
        var runs = new List<long>();
        for (long? before = null; ;)
        {
            var page = await Store.ListRunsAsync(A.Org, before, size, Cancel);
            runs.AddRange(page.Select(run => run.RunId));
            if (page.Count < size) break;
            before = page[^1].RunId;
        }
        var marks = await PagedAsync(size, (after, take) => Store.ListRunMarksAsync(A.Org, exported.RunId, after, take, Cancel), mark => mark.ClaimId);
        var duplicates = await PagedAsync(size, (after, take) => Store.ListRunDuplicatesAsync(A.Org, 7, after, take, Cancel), held => held.ClaimId);

        Assert.Equal(ids, claims);
        Assert.Equal([7, 6, 5, 4, 3, 2, 1], runs);
        Assert.Equal(ids.Order(StringComparer.Ordinal), marks);
        Assert.Equal(ids.Order(StringComparer.Ordinal), duplicates);
    }

    private static async Task<List<string>> PagedAsync<T>(int size, Func<string?, int, Task<IReadOnlyList<T>>> read, Func<T, string> id)
    {
        var ids = new List<string>();
        while (true)
        {
            var page = await read(ids.Count == 0 ? null : ids[^1], size);
            Assert.True(page.Count <= size);
            ids.AddRange(page.Select(id));
            if (page.Count < size) return ids;
        }
    }

    [Fact]
    public async Task Candidates_can_be_looked_at_page_by_page_without_taking_them()
    {
        await ExportAsync(A.Record("AGAIN", approvedAt: A.Day(1)), A.Record("GONE", approvedAt: A.Day(1)));
        await Store.RequestReExportAsync(A.Org, "AGAIN", "lost", "ola", Cancel);
        var claims = A.Records(3);
        await TakeInAsync(claims);
        var before = await DumpAsync();

        var first = await Store.ReadCandidatesAsync(A.Org, ClaimScope.Everything, null, 2, Cancel);
        var second = await Store.ReadCandidatesAsync(A.Org, ClaimScope.Everything, new PageCursor(claims[0].ApprovedAt, claims[0].ClaimId), 2, Cancel);

        Assert.Equal([("AGAIN", 1, ExportKey.Derive(A.Org, "AGAIN", 1)), ("A-0001", 0, claims[0].ExportKey)], first.Select(each => (each.Claim.ClaimId, each.Generation, each.ExportKey)));
        Assert.Equal(["A-0002", "A-0003"], second.Select(each => each.Claim.ClaimId));
        AssertSame(claims[0], first[1].Claim);
        Assert.Equal(["A-0002"], await WaitingAsync(new ClaimScope(ClaimId: "A-0002")));
        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task What_a_run_rejected_stays_told_after_a_later_run_took_the_claim()
    {
        var first = await ExportAsync(A.Record("BAD-2"), A.Record("BAD-1"), A.Record("A-1"));
        var second = await TestRun.ExportEverythingAsync(Store, renderer: new TextRenderer(_ => false));

        var rejections = await Store.ListRunRejectionsAsync(A.Org, first.RunId, Cancel);

        Assert.Equal(["BAD-1", "BAD-2"], rejections.Select(rejection => rejection.ClaimId).Order(StringComparer.Ordinal));
        Assert.All(rejections, rejection => Assert.Contains(TextRenderer.Rule, rejection.Problem.ToString(), StringComparison.Ordinal));
        Assert.Empty(await Store.ListRunRejectionsAsync(A.Org, second.RunId, Cancel));
        Assert.Equal(2, (await RunAsync(first.RunId)).Counters.Rejected);
        Assert.Equal(["A-1"], (await Store.ListRunMarksAsync(A.Org, first.RunId, null, 10, Cancel)).Select(mark => mark.ClaimId));
    }

    [Fact]
    public async Task Skipped_duplicates_are_listed_with_the_run_that_has_them()
    {
        var first = await ExportAsync(A.Record("A-1", approvedAt: A.Day(1)), A.Record("A-2", approvedAt: A.Day(2)));
        var doubtful = await LeaveInDoubtAsync(A.Record("A-3", approvedAt: A.Day(3)));
        await TakeInAsync(A.Record("A-4", approvedAt: A.Day(4)), A.Record("BAD-5", approvedAt: A.Day(5)));
        var run = await TestRun.ExportEverythingAsync(Store, scope: new ClaimScope(From: A.Day(2)));
        await ExportAsync(A.Record("A-6", approvedAt: A.Day(6)));

        var duplicates = await Store.ListRunDuplicatesAsync(A.Org, run.RunId, null, 100, Cancel);

        Assert.Equal([new HeldClaim("A-2", 0, MarkState.Exported, first.RunId), new HeldClaim("A-3", 0, MarkState.InDoubt, doubtful.RunId)], duplicates);
        Assert.Equal(2, (await RunAsync(run.RunId)).Counters.SkippedDuplicates);
        Assert.Empty(await Store.ListRunDuplicatesAsync(A.Org, first.RunId, null, 100, Cancel));
    }

    [Fact]
    public async Task The_status_adds_up()
    {
        Assert.Equal(Dump.Of(new OrganisationStatus(0, 0, [], 0, 0, 0, 0, null, null)), Dump.Of(await Store.GetStatusAsync(A.Org, Cancel)));
        await ExportAsync(A.Record("BAD-1", 1_000), A.Record("GONE", 7));
        await LeaveInDoubtAsync(A.Record("DOUBT"), A.Record("DOUBT-2"));
        await AdoptAsync(new AdoptedClaim("OLD", "V"));
        await TakeInAsync(A.Record("RESERVED"), A.Record("NEW", 20, currency: "EUR"), A.Record("NEW-2", 300, currency: "EUR"));
        var run = await TestRun.TakeAsync(Store, A.LeaseRequest(scope: new ClaimScope(ClaimId: "RESERVED")));
        await run.ReserveAllAsync();

        var status = await Store.GetStatusAsync(A.Org, Cancel);
        Assert.Equal(status.Waiting, await Store.CountWaitingAsync(A.Org, Cancel));

        Assert.Equal((7L, 3L, 1L, 2L, 1L, 2L), (status.Claims, status.Waiting, status.Reserved, status.Exported, status.Rejected, status.InDoubt));
        Assert.Equal([new ControlTotal("EUR", 320), new ControlTotal("NOK", 1_000)], status.WaitingTotals);
        Assert.Equal(run.RunId, status.LastRun?.RunId);
        Assert.Equal(run.RunId, status.Running?.RunId);
        await run.ConfirmAsync();
        await run.FinishAsync();
        Assert.Null((await Store.GetStatusAsync(A.Org, Cancel)).Running);
        Assert.Equal(await RunAsync(run.RunId), (await Store.GetStatusAsync(A.Org, Cancel)).LastRun);
    }

    [Fact]
    public async Task Organisations_are_added_once_and_listed_in_order()
    {
        var organisation = new Organisation("a-first", "Først & sist", "Europe/Berlin");
        Assert.True(await Store.AddOrganisationAsync(organisation, "kari", Cancel));
        Assert.False(await Store.AddOrganisationAsync(organisation with { Name = "Another" }, "eve", Cancel));

        Assert.Equal(["a-first", A.OtherOrg, A.Org], (await Store.ListOrganisationsAsync(Cancel)).Select(each => each.OrganisationId));
        Assert.Equal(organisation, await Store.FindOrganisationAsync("a-first", Cancel));
        Assert.Null(await Store.FindOrganisationAsync("nobody", Cancel));
        Assert.Single(await AssertChainIsWholeAsync(Store, "a-first"));
    }

    [Fact]
    public async Task Integration_settings_are_versioned_and_the_same_text_keeps_its_version()
    {
        Assert.Null(await Store.FindIntegrationAsync(A.Org, Cancel));
        Assert.Equal(1, await Store.SaveIntegrationAsync(A.Org, """{"exporter":"xledger"}""", "kari", Cancel));
        Assert.Equal(1, await Store.SaveIntegrationAsync(A.Org, """{"exporter":"xledger"}""", "ola", Cancel));
        Assert.Equal(2, await Store.SaveIntegrationAsync(A.Org, """{"exporter":"generic", "ø": "æ"}""", "kari", Cancel));
        Assert.Equal(3, await Store.SaveIntegrationAsync(A.Org, """{"exporter":"xledger"}""", "kari", Cancel));
        Assert.Equal(new StoredIntegration(3, """{"exporter":"xledger"}"""), await Store.FindIntegrationAsync(A.Org, Cancel));
        Assert.Null(await Store.FindIntegrationAsync(A.OtherOrg, Cancel));
        Assert.Equal(4, (await AssertChainIsWholeAsync(Store, A.Org)).Count);
    }

    [Fact]
    public async Task What_one_process_wrote_another_reads_and_a_migration_again_changes_nothing()
    {
        await ExportAsync(A.Records(3));
        var before = await DumpAsync();
        var another = Open();
        await another.MigrateAsync(Cancel);
        Assert.Equal(before, await Dump.OfAsync(another));
    }
}
