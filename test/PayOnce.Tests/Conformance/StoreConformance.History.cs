using System.Globalization;
using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.History;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

/// <summary>What pages list, sum and find, held against plain lists of everything.</summary>
public abstract partial class StoreConformance
{
    private IHistoryStore History => (IHistoryStore)Store;

    /// <summary>
    /// An organisation with something of everything: files exported, imported, rolled back, a claim refused here, claims in doubt,
    /// batches accepted, refused and given back over an API, claims adopted and re-exported, and some that wait. Another
    /// organisation has claims of the same ids.
    /// </summary>
    private async Task MakeHistoryAsync()
    {
        await Store.TakeInAsync(A.OtherOrg, A.Records(9, organisationId: A.OtherOrg), "claims.json", "ola", Cancel);
        await TestRun.ExportEverythingAsync(Store, A.OtherOrg);
        await ExportAsync([.. A.Records(9), A.Record("BAD-1", 5_000, A.Day(6)), A.Record("E-1", 700, A.Day(7), "EUR")]);
        await Store.AdoptAsync(A.Org, [new("OLD-1", "V-1"), new("OLD-2", "V-2")], "cut-over", "ola", "node-1", Cancel);
        var rolledBack = await ExportAsync(A.Records(3, "B-"));
        await Store.RollBackAsync(A.Org, rolledBack.RunId, "wrong period", "kari", Cancel);
        await LeaveInDoubtAsync(A.Record("D-1", 900, A.Day(8)), A.Record("D-2", 800, A.Day(8), "EUR"));
        await Database.LetTimePassAsync();
        var refused = await TestRun.TakeAsync(Store);
        await refused.FinishAsync(RunState.Failed, "the key is not accepted");
        await TakeInAsync(A.Records(7, "F-"));
        var api = await TestRun.TakeAsync(Store, A.LeaseRequest(trigger: RunTrigger.Schedule) with { Exporter = "xledger", Actor = "schedule" });
        await api.CountAsync();
        await api.ReserveAsync(7, claimsPerBatch: 2);
        await api.StartTriesAsync(1, 2, 3);
        await api.EndTriesAsync(api.Ended(1, MarkState.Exported), api.Ended(2, MarkState.Rejected), api.Ended(3, MarkState.InDoubt));
        await api.EndTriesAsync(api.Ended(4, MarkState.Released));
        await api.FinishAsync();
        await Store.RequestReExportAsync(A.Org, "A-0001", "the voucher was deleted", "kari", Cancel);
        await ExportAsync();
        await TakeInAsync(A.Record("with. dots 1", 50, A.Day(9)), A.Record("W-1", 60, A.Day(9)));
    }

    /// <summary>Reads a list to its end in pages and back again; both ways must show each row once, in the same order.</summary>
    private static async Task<List<T>> PagesAsync<T>(Func<ListRequest, Task<ListPage<T>>> read, int size = 2)
    {
        var (forward, backward) = (new List<T>(), new List<T>());
        var page = await read(new ListRequest(size));
        Assert.Null(page.Previous);
        for (; ;)
        {
            Assert.True(page.Rows.Count <= size);
            forward.AddRange(page.Rows);
            if (page.Next is null) break;
            Assert.Equal(size, page.Rows.Count);
            page = await read(new ListRequest(size, ListCursor.Parse(page.Next.Text)));
            Assert.NotEmpty(page.Rows);
            Assert.NotNull(page.Previous);
        }
        for (var last = page; ;)
        {
            backward.InsertRange(0, last.Rows);
            if (last.Previous is null) break;
            last = await read(new ListRequest(size, ListCursor.Parse(last.Previous.Text)));
            Assert.NotNull(last.Next);
        }
        Assert.Equal(forward.Select(row => Dump.Of(row)), backward.Select(row => Dump.Of(row)));
        return forward;
    }

    public static TheoryData<string> RunFilters => ["any", "failed", "in_doubt", "finished finished_rejections", "rolled_back", "schedule", "people", "ola", "xledger", "since", "before"];

    [Theory]
    [MemberData(nameof(RunFilters))]
    public async Task Runs_are_filtered_and_paged_as_a_plain_list_would_be(string filtered)
    {
        await MakeHistoryAsync();
        var all = (await Store.ListRunsAsync(A.Org, null, 1_000, Cancel)).ToList();
        var middle = all.Max(run => run.StartedAt);
        var (filter, keeps) = filtered switch
        {
            "any" => (RunFilter.Any, (Func<Run, bool>)(_ => true)),
            "schedule" => (new RunFilter(Triggers: [RunTrigger.Schedule]), run => run.Trigger == RunTrigger.Schedule),
            "people" => (new RunFilter(Triggers: [RunTrigger.Manual, RunTrigger.ReExport, RunTrigger.Adopt]), run => run.Trigger != RunTrigger.Schedule),
            "ola" => (new RunFilter(Actor: "ola"), run => run.Actor == "ola"),
            "xledger" => (new RunFilter(Exporter: "xledger"), run => run.Exporter == "xledger"),
            "since" => (new RunFilter(From: middle), run => run.StartedAt >= middle),
            "before" => (new RunFilter(Before: middle), run => run.StartedAt < middle),
            _ => (new RunFilter(Statuses: filtered.Split(' ')), run => filtered.Split(' ').Contains(run.Status)),
        };
        var expected = all.Where(keeps).ToList();

        var listed = await PagesAsync(async request => (await History.PageRunsAsync(A.Org, filter, request, Cancel)).Page);

        Assert.NotEmpty(expected);
        Assert.Equal(expected, listed.Select(row => row.Run));
        Assert.Equal(new RowCount(expected.Count, false), (await History.PageRunsAsync(A.Org, filter, new(2), Cancel)).Total);
    }

    [Fact]
    public async Task A_run_comes_to_what_its_exported_claims_come_to()
    {
        await MakeHistoryAsync();
        var claims = (await Store.ListClaimsAsync(A.Org, new ClaimFilter(), null, 1_000, Cancel)).ToDictionary(claim => claim.ClaimId);
        foreach (var run in await Store.ListRunsAsync(A.Org, null, 1_000, Cancel))
        {
            var expected = (await Store.ListRunMarksAsync(A.Org, run.RunId, null, 1_000, Cancel)).Where(mark => mark.State == MarkState.Exported && claims.ContainsKey(mark.ClaimId))
                .GroupBy(mark => claims[mark.ClaimId].Currency).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new ControlTotal(group.Key, group.Sum(mark => claims[mark.ClaimId].TotalMinor)));
            var row = await History.FindRunRowAsync(A.Org, run.RunId, Cancel);
            Assert.Equal(run, row!.Run);
            Assert.Equal(expected, row.Exported);
        }
        Assert.Null(await History.FindRunRowAsync(A.Org, 10_000, Cancel));
    }

    [Fact]
    public async Task The_months_add_up_to_the_runs()
    {
        await MakeHistoryAsync();
        var rows = await PagesAsync(async request => (await History.PageRunsAsync(A.Org, RunFilter.Any, request, Cancel)).Page);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(PayOnce.Organisation.DefaultTimeZone);
        var expected = rows.SelectMany(row => row.Exported, (row, total) => (Month: TimeZoneInfo.ConvertTime(row.Run.StartedAt, zone).ToString("yyyy-MM", CultureInfo.InvariantCulture), total.Currency, total.AmountMinor))
            .GroupBy(each => (each.Month, each.Currency)).Select(group => (group.Key.Month, group.Key.Currency, group.Sum(each => each.AmountMinor))).Order();

        var months = await History.ListMonthTotalsAsync(A.Org, new DateOnly(2000, 1, 1), Cancel);

        Assert.Equal(expected, months.Select(each => (each.Month.ToString("yyyy-MM", CultureInfo.InvariantCulture), each.Currency, each.AmountMinor)));
        Assert.Empty(await History.ListMonthTotalsAsync(A.Org, months[^1].Month.AddMonths(1), Cancel));
    }

    [Fact]
    public async Task The_overview_says_what_a_count_of_everything_would()
    {
        await MakeHistoryAsync();
        await CompareOverviewAsync(A.Org);
        await CompareOverviewAsync(A.OtherOrg);
        var overview = await History.ReadOverviewAsync(A.Org, Cancel);
        Assert.Equal((7, 101 + 102 + 103 + 900 + 105 + 106), ((int)overview.InDoubt.Claims, overview.InDoubt.Totals.Single(total => total.Currency == "NOK").AmountMinor));
        Assert.Null(overview.Running);
        Assert.NotNull(overview.LastContact);
        Assert.Null((await History.ReadOverviewAsync(A.OtherOrg, Cancel)).LastContact);

        var running = await TestRun.TakeAsync(Store);
        // The first of the three is refused again.
        await running.ReserveAsync(2);
        overview = await History.ReadOverviewAsync(A.Org, Cancel);
        Assert.Equal((1, running.RunId), (overview.Reserved, overview.Running!.Run.RunId));
        await CompareOverviewAsync(A.Org);
        await running.ReleaseAsync();
        await running.FinishAsync(RunState.Failed, "the folder is full");
    }

    private async Task CompareOverviewAsync(string organisationId)
    {
        var overview = await History.ReadOverviewAsync(organisationId, Cancel);
        var status = await Store.GetStatusAsync(organisationId, Cancel);
        Assert.Equal((status.Waiting, status.Rejected, status.Reserved, status.InDoubt), (overview.Ready.Claims, overview.Rejected, overview.Reserved, overview.InDoubt.Claims));
        Assert.Equal(status.WaitingTotals, overview.Ready.Totals);
        Assert.Equal(status.Running, overview.Running?.Run);
        var runs = await Store.ListRunsAsync(organisationId, null, 1_000, Cancel);
        var claims = await Store.ListClaimsAsync(organisationId, new ClaimFilter(), null, 1_000, Cancel);
        long With(MarkState state) => claims.LongCount(claim => claim.Mark?.State == state && claim.Withdrawal is null);
        Assert.Equal((claims.Count, claims.LongCount(claim => claim.Waiting)), (status.Claims, status.Waiting));
        // Adopted ones that were never taken in stand in no list of claims.
        var adopted = 0;
        foreach (var run in runs.Where(run => run.Trigger == RunTrigger.Adopt))
            adopted += (await Store.ListRunMarksAsync(organisationId, run.RunId, null, 1_000, Cancel)).Count(mark => claims.All(claim => claim.ClaimId != mark.ClaimId));
        Assert.Equal((With(MarkState.Reserved), With(MarkState.Exported) + adopted, With(MarkState.Rejected), With(MarkState.InDoubt)), (status.Reserved, status.Exported, status.Rejected, status.InDoubt));
        Assert.Equal(runs.Sum(run => run.Counters.Exported), overview.Exported);
        Assert.Equal(runs.FirstOrDefault(run => run.State != RunState.Running), overview.LastEnded?.Run);
        var doubts = (await Store.ListDoubtfulClaimsAsync(organisationId, null, 1_000, Cancel)).Claims;
        Assert.Equal(doubts.Count == 0 ? null : doubts.Min(doubt => doubt.InDoubtSince), overview.OldestDoubt);
        Assert.Equal(new RowCount(doubts.Count, More: false), await History.CountDoubtsAsync(organisationId, Cancel));
        foreach (var run in runs)
        {
            var marks = await Store.ListRunMarksAsync(organisationId, run.RunId, null, 1_000, Cancel);
            Assert.Equal(new RowCount(marks.Count(mark => mark.Evidence == Evidence.Booked), More: false), await History.CountRunBookedAsync(organisationId, run.RunId, Cancel));
        }
    }

    [Theory]
    [InlineData(RunClaims.All)]
    [InlineData(RunClaims.Reserved)]
    [InlineData(RunClaims.Exported)]
    [InlineData(RunClaims.Received)]
    [InlineData(RunClaims.Booked)]
    [InlineData(RunClaims.InDoubt)]
    [InlineData(RunClaims.Rejected)]
    [InlineData(RunClaims.Released)]
    public async Task A_runs_claims_are_those_that_it_took_with_what_became_of_them(RunClaims which)
    {
        await MakeHistoryAsync();
        foreach (var run in await Store.ListRunsAsync(A.Org, null, 1_000, Cancel))
        {
            var marks = (await Store.ListRunMarksAsync(A.Org, run.RunId, null, 1_000, Cancel)).ToDictionary(mark => mark.ClaimId);
            var rejected = (await Store.ListRunRejectionsAsync(A.Org, run.RunId, Cancel)).Select(each => each.ClaimId).ToHashSet();
            var taken = (await Store.ListAttemptsAsync(A.Org, run.RunId, Cancel)).SelectMany(attempt => attempt.ClaimIds ?? []).Union(marks.Keys).Distinct();
            var expected = taken.Select(id => (Id: id, State: marks.TryGetValue(id, out var mark) ? mark.State : rejected.Contains(id) ? MarkState.Rejected : MarkState.Released, marks.GetValueOrDefault(id)?.Evidence))
                .Where(each => which switch
                {
                    RunClaims.All => true,
                    RunClaims.Received => each.Evidence == Evidence.Received,
                    RunClaims.Booked => each.Evidence == Evidence.Booked,
                    RunClaims.Reserved => each.State == MarkState.Reserved,
                    RunClaims.Exported => each.State == MarkState.Exported,
                    RunClaims.InDoubt => each.State == MarkState.InDoubt,
                    RunClaims.Rejected => each.State == MarkState.Rejected,
                    _ => each.State == MarkState.Released,
                }).ToList();

            var listed = await PagesAsync(request => History.PageRunClaimsAsync(A.Org, run.RunId, which, request, Cancel));

            Assert.Equal(expected.Select(each => (each.Id, each.State, each.Evidence)).Order(), listed.Select(row => (row.ClaimId, row.State, row.Evidence)).Order());
            Assert.All(listed, row => Assert.Equal(marks.GetValueOrDefault(row.ClaimId)?.Acknowledgement, row.Acknowledgement));
            Assert.All(listed, row => Assert.True(row.LaterRunId is null or > 0 && row.LaterRunId != run.RunId));
        }
    }

    [Fact]
    public async Task A_runs_duplicates_and_rejections_are_those_of_the_whole_lists()
    {
        await MakeHistoryAsync();
        foreach (var run in await Store.ListRunsAsync(A.Org, null, 1_000, Cancel))
        {
            var duplicates = await PagesAsync(request => History.PageRunDuplicatesAsync(A.Org, run.RunId, request, Cancel));
            if (run.Counters.SkippedDuplicates > 0) Assert.Equal((await Store.ListRunDuplicatesAsync(A.Org, run.RunId, null, 1_000, Cancel)).Select(each => (each.ClaimId, each.RunId)).Order(), duplicates.Select(each => (each.ClaimId, each.RunId)).Order());
            var groups = await History.GroupRunRejectionsAsync(A.Org, run.RunId, Cancel);
            var rejections = await Store.ListRunRejectionsAsync(A.Org, run.RunId, Cancel);
            Assert.Equal(new RowCount(rejections.Count, false), groups.Counted);
            Assert.Equal(rejections.GroupBy(each => each.Problem.Rule).Select(each => (each.Key, (long)each.Count())).Order(), groups.Groups.Select(each => (each.Reason, each.Claims)).Order());
        }
    }

    [Fact]
    public async Task Tries_are_told_newest_first_with_how_they_ended()
    {
        await MakeHistoryAsync();
        foreach (var run in await Store.ListRunsAsync(A.Org, null, 1_000, Cancel))
        {
            var rows = await Store.ListAttemptsAsync(A.Org, run.RunId, Cancel);
            var expected = rows.Select(row => (row.Batch, row.Try)).Distinct().OrderDescending().ToList();
            var tries = await PagesAsync(request => History.PageRunTriesAsync(A.Org, run.RunId, request, Cancel));
            Assert.Equal(expected, tries.Select(each => (each.Batch, each.Try)));
            foreach (var each in tries)
            {
                var own = rows.Where(row => (row.Batch, row.Try) == (each.Batch, each.Try)).ToDictionary(row => row.Step);
                Assert.Equal((own.GetValueOrDefault(AttemptStep.Started)?.At, own.GetValueOrDefault(AttemptStep.Finished)?.At), (each.StartedAt, each.FinishedAt));
                Assert.Equal((own.GetValueOrDefault(AttemptStep.Finished)?.Outcome, own.GetValueOrDefault(AttemptStep.Finished)?.HttpStatus), (each.Outcome, each.HttpStatus));
            }
        }
        var refused = Assert.Single(await History.ListClaimTriesAsync(A.Org, "F-0003", Cancel), each => each.HttpStatus is not null);
        Assert.Equal((422, AttemptOutcome.Refused, "The answer was 422."), (refused.HttpStatus, refused.Outcome, refused.Error));
        Assert.Empty(await History.ListClaimTriesAsync(A.Org, "nobody's", Cancel));
    }

    public static TheoryData<ClaimPlace?, string> ClaimFilters
    {
        get
        {
            var data = new TheoryData<ClaimPlace?, string>();
            foreach (var place in new ClaimPlace?[] { null, ClaimPlace.Ready, ClaimPlace.Reserved, ClaimPlace.Exported, ClaimPlace.Rejected, ClaimPlace.InDoubt })
            {
                foreach (var further in new[] { "", "from", "before", "claimant", "prefix" }) data.Add(place, further);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(ClaimFilters))]
    public async Task Claims_are_filtered_and_paged_as_a_plain_list_would_be(ClaimPlace? place, string further)
    {
        await MakeHistoryAsync();
        var running = await TestRun.TakeAsync(Store);
        await running.ReserveAsync(2);
        var filter = further switch
        {
            "from" => new ClaimListFilter(place, From: A.Day(5).AddMinutes(3)),
            "before" => new ClaimListFilter(place, Before: A.Day(5).AddMinutes(4)),
            "claimant" => new ClaimListFilter(place, ClaimantId: "4711"),
            "prefix" => new ClaimListFilter(place, IdPrefix: "F-"),
            _ => new ClaimListFilter(place),
        };
        var expected = (await Store.ListClaimsAsync(A.Org, new ClaimFilter(), null, 1_000, Cancel)).Where(claim =>
            (filter.From is null || claim.ApprovedAt >= filter.From) && (filter.Before is null || claim.ApprovedAt < filter.Before)
            && claim.ClaimId.StartsWith(filter.IdPrefix ?? "", StringComparison.Ordinal) && place switch
            {
                null => true,
                ClaimPlace.Ready => claim.Waiting && claim.Mark?.State != MarkState.Rejected,
                ClaimPlace.Reserved => claim.Mark?.State == MarkState.Reserved,
                ClaimPlace.Exported => claim.Mark?.State == MarkState.Exported,
                ClaimPlace.Rejected => claim.Mark?.State == MarkState.Rejected,
                _ => claim.Mark?.State == MarkState.InDoubt,
            }).ToList();

        var listed = await PagesAsync(request => History.PageClaimsAsync(A.Org, filter, request, Cancel), size: 3);

        Assert.Equal(expected.Select(claim => Dump.Of(claim)).Order(StringComparer.Ordinal), listed.Select(claim => Dump.Of(claim)).Order(StringComparer.Ordinal));
        if (further == "prefix") Assert.Equal(listed.OrderBy(claim => claim.ClaimId, StringComparer.Ordinal), listed);
        else if (further.Length > 0 || place is not (ClaimPlace.Exported or ClaimPlace.Reserved))
            Assert.Equal(listed.OrderByDescending(claim => claim.ApprovedAt).ThenByDescending(claim => claim.ClaimId, StringComparer.Ordinal), listed);
        await running.ReleaseAsync();
        await running.FinishAsync(RunState.Failed, "the folder is full");
    }

    [Fact]
    public async Task Claims_in_doubt_are_listed_oldest_first_with_what_happened()
    {
        await MakeHistoryAsync();
        var doubts = await PagesAsync(request => History.PageDoubtsAsync(A.Org, request, Cancel));
        Assert.Equal(["B-0001", "B-0002", "B-0003", "D-1", "D-2", "F-0005", "F-0006"], doubts.Select(doubt => doubt.ClaimId));
        Assert.Equal(doubts.OrderBy(doubt => doubt.Since), doubts);
        Assert.Equal(("No answer came in time.", AttemptOutcome.Unknown), (doubts[^1].LastTry!.Error, doubts[^1].LastTry!.Outcome));
    }

    public static TheoryData<string> AuditFilters => ["any", "ola", "actions", "subject", "claim", "since", "before", "both"];

    [Theory]
    [MemberData(nameof(AuditFilters))]
    public async Task Events_are_filtered_and_paged_newest_first(string filtered)
    {
        await MakeHistoryAsync();
        var all = await AssertChainIsWholeAsync(Store, A.Org);
        var middle = all.Max(each => each.At);
        var filter = filtered switch
        {
            "ola" => new AuditFilter(Actor: "ola"),
            "actions" => new AuditFilter(Actions: [AuditActions.RunStarted, AuditActions.RunFinished, AuditActions.RunStarted]),
            "subject" => new AuditFilter(Subject: "run 1"),
            "claim" => new AuditFilter(Subject: "claim A-0001"),
            "since" => new AuditFilter(From: middle),
            "before" => new AuditFilter(Before: middle),
            "both" => new AuditFilter(Actor: "kari", Actions: [AuditActions.RunStarted, AuditActions.RunRolledBack], From: all[2].At),
            _ => AuditFilter.Any,
        };
        var expected = all.Where(each => (filter.Actor is null || each.Actor == filter.Actor) && (filter.Actions?.Contains(each.Action) ?? true) && (filter.Subject is null || each.Subject == filter.Subject)
            && (filter.From is null || each.At >= filter.From) && (filter.Before is null || each.At < filter.Before)).OrderByDescending(each => each.Sequence).ToList();

        var listed = await PagesAsync(async request => (await History.PageAuditAsync(A.Org, filter, request, Cancel)).Page);

        Assert.NotEmpty(expected);
        Assert.Equal(expected, listed);
        Assert.Equal(new RowCount(expected.Count, false), (await History.PageAuditAsync(A.Org, filter, new(2), Cancel)).Total);
    }

    [Theory]
    [InlineData("a-0001", "Claim { ClaimId = A-0001, By = Id, State = Exported, Withdrawn = False }")]
    [InlineData(" A-00 01 ", "Claim { ClaimId = A-0001, By = Id, State = Exported, Withdrawn = False }")]
    [InlineData("WITHDOTS1", "Claim { ClaimId = with. dots 1, By = Id, State = , Withdrawn = False }")]
    [InlineData("old-1", "Claim { ClaimId = OLD-1, By = Id, State = Exported, Withdrawn = False }")]
    [InlineData("V-2", "Claim { ClaimId = OLD-2, By = Acknowledgement, State = Exported, Withdrawn = False }")]
    [InlineData("ACK-F-0001", "Claim { ClaimId = F-0001, By = Acknowledgement, State = Exported, Withdrawn = False }")]
    [InlineData("2", "OfRun { RunId = 2, By = Number, Status = finished }")]
    [InlineData("hlf-run-1.txt", "OfRun { RunId = 1, By = FileName, Status = finished_rejections }")]
    [InlineData("4711", "Claimant { ClaimantId = 4711 }")]
    [InlineData("V-77", "OfRun { RunId = 1, By = Voucher, Status = finished_rejections }")]
    [InlineData("nothing", null)]
    [InlineData("  . ", null)]
    public async Task Whatever_has_the_text_as_its_id_is_found(string text, string? expected)
    {
        await MakeHistoryAsync();
        await Store.RecordImportAsync(A.Org, 1, "V-77", "kari", Cancel);
        Assert.Equal(expected is null ? [] : [expected], (await History.SearchAsync(A.Org, text, Cancel)).Select(hit => hit.ToString()));
    }

    [Fact]
    public async Task A_claim_is_found_by_the_export_key_of_each_generation_and_by_nobody_else()
    {
        await MakeHistoryAsync();
        foreach (var generation in new[] { 0, 1 })
        {
            var hit = Assert.Single(await History.SearchAsync(A.Org, ExportKey.Derive(A.Org, "A-0001", generation).ToLowerInvariant(), Cancel));
            Assert.Equal(new SearchHit.Claim("A-0001", ClaimName.ExportKey, MarkState.Exported), hit);
            Assert.Empty(await History.SearchAsync(A.OtherOrg, ExportKey.Derive(A.Org, "A-0001", generation), Cancel));
        }
        Assert.Empty(await History.SearchAsync(A.OtherOrg, "F-0001", Cancel));
    }
}
