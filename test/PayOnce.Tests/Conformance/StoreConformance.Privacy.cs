using System.Text;
using PayOnce.Audit;
using PayOnce.Claims;
using PayOnce.Claims.Forms;
using PayOnce.Guard;
using PayOnce.Privacy;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

/// <summary>Personal fields are erased; marks, sums and the trail stay whole, and the guard is as strong as before.</summary>
public abstract partial class StoreConformance
{
    [Fact]
    public async Task Erasure_takes_names_and_texts_and_leaves_marks_sums_and_hashes()
    {
        await HonorariumWithReceiptAsync();
        var run = await ExportAsync(A.Record("A-1", 700), A.Record("A-2"), A.Record("BAD-1"));
        await Forms.WithdrawAcknowledgementAsync(A.Org, 1, null, "Per Sjåfør har sluttet", "kari", Cancel);
        var before = await HistoryAsync("A-1");
        var marks = await Store.ListRunMarksAsync(A.Org, run.RunId, null, 100, Cancel);
        var file = await Store.FindFileAsync(A.Org, run.RunId, Cancel);
        var overview = await ((IHistoryStore)Store).FindRunRowAsync(A.Org, run.RunId, Cancel);

        var erasure = await EraseAsync();

        Assert.Equal(new ErasedCounts(4, 1, 1, 1, 1), erasure.Counts);
        foreach (var claimId in new[] { "A-1", "A-2", "BAD-1", FormScene.FormId })
        {
            var (claim, erasedAt) = ((await HistoryAsync(claimId)).Claim!, (await HistoryAsync(claimId)).ErasedAt);
            Assert.NotNull(erasedAt);
            Assert.Equal(("erased", "erased"), (claim.ClaimantName, claim.ApprovedBy));
            Assert.All(ClaimLines.Read(claim.Lines.Span), line => Assert.True(line is { Description: "", Dimensions.Count: 0 }));
        }
        var after = (await HistoryAsync("A-1")).Claim!;
        Assert.Equal(before.Claim!.PayloadHash.ToArray(), after.PayloadHash.ToArray());
        Assert.Equal((before.Claim.TotalMinor, before.Claim.ApprovedAt, before.Claim.Type, before.Claim.ExportKey), (after.TotalMinor, after.ApprovedAt, after.Type, after.ExportKey));
        Assert.Equal([(new DateOnly(2026, 1, 2), "mileage", 700L, 12.5m)], ClaimLines.Read(after.Lines.Span).Select(line => (line.Date, line.Category, line.AmountMinor, line.Quantity!.Value)));
        // The same claimant is the same in the sums, and nobody's number.
        Assert.Equal(after.ClaimantId, (await HistoryAsync("A-2")).Claim!.ClaimantId);
        Assert.NotEqual(after.ClaimantId, (await HistoryAsync(FormScene.FormId)).Claim!.ClaimantId);
        Assert.Matches("^erased-[0-9a-f]{24}$", after.ClaimantId);
        Assert.Equal(marks.Select(mark => mark.State == MarkState.Rejected ? mark with { Reason = "erased" } : mark), await Store.ListRunMarksAsync(A.Org, run.RunId, null, 100, Cancel));
        var erasedFile = await Store.FindFileAsync(A.Org, run.RunId, Cancel);
        Assert.NotNull(erasedFile!.ErasedAt);
        Assert.Equal((file!.Sha256, file.Name, file.Bytes), (erasedFile.Sha256, erasedFile.Name, erasedFile.Bytes));
        Assert.Equal(overview!.Exported, (await ((IHistoryStore)Store).FindRunRowAsync(A.Org, run.RunId, Cancel))!.Exported);
        Assert.Empty(await WaitingAsync());
        Assert.Empty(await Store.CheckAsync(Cancel));
        await AssertChainIsWholeAsync(Store, A.Org);
    }

    [Fact]
    public async Task Nothing_that_names_the_person_is_left_in_any_document()
    {
        await HonorariumWithReceiptAsync();
        var run = await ExportAsync(A.Record("A-1"), A.Record("BAD-1"));
        await Forms.WithdrawAcknowledgementAsync(A.Org, 1, null, "Per Sjåfør har sluttet", "kari", Cancel);

        await EraseAsync();

        Assert.Empty((await Dump.BytesAsync(Store, A.Org, run.RunId)));
        var form = (await Forms.FindFormAsync(A.Org, FormScene.FormId, Cancel))!;
        Assert.Equal(("erased", "", "erased", "erased", ""), (form.ClaimantName, form.UserId, form.DecidedBy, form.DecidedByName, form.Content.Reference));
        Assert.Equal(FormScene.Drive.Kilometres, form.Content.Kilometres);
        Assert.Equal(("erased", 64), (Assert.Single(form.Receipts).Name, form.Receipts[0].Sha256.Length));
        Assert.Null(await Forms.ReadReceiptAsync(A.Org, FormScene.FormId, 1, Cancel));
        var acknowledgement = (await Forms.FindAcknowledgementAsync(A.Org, 1, Cancel))!;
        Assert.Equal(("erased", "", "", "erased", null, 64), (acknowledgement.Name, acknowledgement.Text, acknowledgement.UserId, acknowledgement.Withdrawn!.Actor, acknowledgement.Withdrawn.Reason, acknowledgement.Sha256.Length));
        Assert.Equal(["BAD-1"], (await Store.ListRunRejectionsAsync(A.Org, run.RunId, Cancel)).Select(each => each.ClaimId));
        var all = await DumpAsync();
        var told = all.IndexOf("audit: ", StringComparison.Ordinal);
        foreach (var name in new[] { "Nordmann", "4711", "leder@example.org", "Møte", "oslo", "\"D-1\"", "Per S" }) Assert.DoesNotContain(name, all[..told], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_accounting_system_said_of_a_run_goes_with_the_run_and_never_into_the_trail()
    {
        const string quoting = "400: Kari Nordmann (4711) has no bank account";
        await TakeInAsync(A.Record("A-1"), A.Record("A-2"));
        await QueueAsync();
        var taken = await TakeRequestAsync();
        var run = await TestRun.TakeAsync(Store, LeaseFor(taken));
        await run.ReserveAsync(claimsPerBatch: 1);
        await run.StartTriesAsync(1, 2);
        await run.EndTriesAsync(run.Ended(1, MarkState.Exported), run.Ended(2, MarkState.Released) with { Error = quoting, Settled = run.Settled(2, MarkState.Released).ConvertAll(each => each with { Reason = quoting }) });
        await run.FinishAsync(RunState.Failed, quoting);
        var outcome = RequestOutcome.Of(await RunAsync(run.RunId));
        Assert.True(await Requests.EndRequestAsync(taken.AsTaken(), outcome.EndOf(taken, new NotificationSettings { Emails = ["ola@example.org"] }, A.Day(6)), Cancel));
        await WithdrawAsync("A-2");
        // One that asked and was refused, and carried nothing.
        var asking = await TestRun.TakeAsync(Store);
        await asking.FinishAsync(RunState.Failed, quoting);
        Assert.Equal((quoting, quoting), (RequestOutcome.FromStored((await Requests.FindRequestAsync(A.Org, 1, Cancel))!.OutcomeJson!).Failure, (await MarkAsync("A-2")).Reason));
        Assert.DoesNotContain("Nordmann", Assert.Single(await Requests.ListNotificationsAsync(A.Org, null, 10, Cancel)).PayloadJson, StringComparison.Ordinal);

        var erasure = await EraseAsync();

        Assert.Equal(new ErasedCounts(2, 0, 0, 0, 2), erasure.Counts);
        Assert.Equal((RunState.Failed, "erased", "erased"), ((await RunAsync(run.RunId)).State, (await RunAsync(run.RunId)).Failure, (await RunAsync(asking.RunId)).Failure));
        Assert.Equal(outcome with { Failure = "erased" }, RequestOutcome.FromStored((await Requests.FindRequestAsync(A.Org, 1, Cancel))!.OutcomeJson!));
        Assert.DoesNotContain("Nordmann", await DumpAsync(), StringComparison.Ordinal);
        Assert.Equal(default, (await EraseAsync()).Counts);
        Assert.Empty(await Store.CheckAsync(Cancel));
        await AssertChainIsWholeAsync(Store, A.Org);
    }

    [Fact]
    public async Task What_is_in_doubt_reserved_or_waiting_is_never_erased()
    {
        var doubtful = await LeaveInDoubtAsync(A.Record("DOUBT"));
        await ExportAsync(A.Record("AGAIN"));
        await TakeInAsync(A.Record("GOING"));
        var going = await TestRun.TakeAsync(Store);
        await going.ReserveAllAsync();
        await Store.RequestReExportAsync(A.Org, "AGAIN", "lost", "kari", Cancel);
        await TakeInAsync(A.Record("WAITS"));

        var counted = await Privacy.CountDueClaimsAsync(A.Org, A.Day(1), Later, Later, Cancel);
        var erasure = await EraseAsync();

        Assert.Equal((0, 1, 1, 2), (counted.Due, counted.InDoubt, counted.Reserved, counted.Waiting));
        Assert.Equal(0, erasure.Counts.Claims);
        foreach (var claimId in new[] { "DOUBT", "GOING", "AGAIN", "WAITS" }) Assert.Equal("Kari Nordmann", (await HistoryAsync(claimId)).Claim!.ClaimantName);
        // Its bytes may still be needed, and what the run under way has reserved is needed now.
        Assert.NotEmpty(await Dump.BytesAsync(Store, A.Org, doubtful.RunId));
        Assert.NotEmpty(await Dump.BytesAsync(Store, A.Org, going.RunId));
        await going.ConfirmAsync();
        await going.FinishAsync();
    }

    [Fact]
    public async Task Only_what_is_dated_before_the_moment_is_erased_and_the_run_counts_as_well_as_the_approval()
    {
        await ExportAsync(A.Record("OLD", approvedAt: A.Day(5)));
        await ExportAsync(A.Record("YOUNG", approvedAt: A.Day(20)));
        await Database.LetTimePassAsync();

        // Both runs are of now, which is behind the moment: nothing is due, however old the approval.
        Assert.Equal(0, (await EraseAsync(A.Day(10))).Counts.Claims);
        var counted = await Privacy.CountDueClaimsAsync(A.Org, A.Day(1), A.Day(10), A.Day(10), Cancel);
        Assert.Equal((0, 1), (counted.Due, counted.Later));
        Assert.Equal(A.Day(5), await Privacy.FindOldestApprovalAsync(A.Org, Cancel));

        Assert.Equal(2, (await EraseAsync()).Counts.Claims);
        Assert.Null(await Privacy.FindOldestApprovalAsync(A.Org, Cancel));
        Assert.Equal(0, (await EraseAsync()).Counts.Claims);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_erased_claim_is_never_taken_in_again_with_equal_content_or_other(bool withdrawn)
    {
        await TakeInAsync(A.Record("A-1"));
        if (withdrawn) await WithdrawAsync("A-1");
        else await TestRun.ExportEverythingAsync(Store);
        await EraseAsync();
        var before = (await HistoryAsync("A-1")).Claim;

        foreach (var again in new[] { A.Record("A-1"), A.Record("A-1", 999) }) Assert.IsType<IntakeOutcome.Erased>(Assert.Single(await TakeInAsync(again)));
        Assert.Equal([new IntakeOutcome.SameIdButCase("A-1")], await TakeInAsync(A.Record("a-1")));
        Assert.Equal([typeof(IntakeOutcome.Erased), typeof(IntakeOutcome.Added)], (await TakeInAsync(A.Record("A-1"), A.Record("A-3"))).Select(each => each.GetType()));

        AssertSame(before!, (await HistoryAsync("A-1")).Claim);
        Assert.Equal(["A-3"], (await TestRun.ExportEverythingAsync(Store)).Taken.Select(taken => taken.Claim.ClaimId));
    }

    [Fact]
    public async Task An_erased_claim_is_neither_exported_again_by_force_nor_by_a_roll_back()
    {
        var run = await ExportAsync(A.Record("A-1"), A.Record("BAD-1"));
        await EraseAsync();
        var guard = new DoubleExportGuard(Store);

        var forced = Assert.IsType<GuardAnswer<ReExportAnswer.Requested>.Refused>(await guard.ForceReExportAsync(A.Org, "A-1", "lost", "A-1", "kari", Cancel));
        var back = Assert.IsType<GuardAnswer<long>.Refused>(await guard.RollBackExportMarksAsync(A.Org, run.RunId, "wrong period", "kari", Cancel));
        var rejected = Assert.Single(await WithdrawAsync("BAD-1"));

        Assert.Contains("erased on", forced.Problem.Rule, StringComparison.Ordinal);
        Assert.Contains("erased", back.Problem.Rule, StringComparison.Ordinal);
        Assert.IsType<WithdrawOutcome.Already>(rejected);
        Assert.Empty((await TestRun.ExportEverythingAsync(Store)).Taken);
        Assert.Equal(MarkState.Exported, (await MarkAsync("A-1")).State);
    }

    [Fact]
    public async Task A_file_of_which_one_claim_is_erased_is_not_rolled_back_though_its_bytes_are_there()
    {
        var run = await ExportAsync(A.Record("A-1"), A.Record("A-2"));
        await Store.RequestReExportAsync(A.Org, "A-2", "lost", "kari", Cancel);
        await TakeInAsync();
        Assert.Equal(1, (await EraseAsync()).Counts.Claims);

        Assert.Contains("never leave again", Assert.IsType<RollBackAnswer.NotPossible>(await Store.RollBackAsync(A.Org, run.RunId, "wrong", "kari", Cancel)).Why, StringComparison.Ordinal);
        Assert.Equal(["A-2"], await WaitingAsync());
    }

    /// <summary>The process dies after any commit of the erasure: what is done is done whole, and whoever calls next goes on.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public async Task An_erasure_that_died_goes_on_where_it_was(int commits)
    {
        await HonorariumWithReceiptAsync();
        await ExportAsync([.. A.Records(5)]);
        var died = 0;
        Database.WhenCommitted(Store, _ => { if (++died == commits) throw new InvalidOperationException("The process died."); });
        await Assert.ThrowsAsync<InvalidOperationException>(() => EraseAsync(size: 2));
        Database.WhenCommitted(Store, null);

        var next = (IPrivacyStore)Open();
        var open = Assert.IsType<BeginErasureAnswer.GoesOn>(await next.BeginErasureAsync(A.Org, NewErasure(), Cancel)).Erasure;
        await AssertSoundAsync(Store);
        while (open.EndedAt is null) open = await next.EraseNextAsync(A.Org, open.Number, 2, "ola", Cancel);

        Assert.Equal(new ErasedCounts(6, 1, 1, 1, 1), open.Counts);
        var claims = new List<ClaimRecord>();
        foreach (var claimId in new[] { "A-0001", "A-0002", "A-0003", "A-0004", "A-0005" }) claims.Add((await HistoryAsync(claimId)).Claim!);
        Assert.Single(claims.Select(claim => claim.ClaimantId).Distinct());
        Assert.Equal(open, await next.EraseNextAsync(A.Org, open.Number, 2, "kari", Cancel));
        var told = (await AssertChainIsWholeAsync(Store, A.Org)).Where(each => each.Action is AuditActions.ErasureBegun or AuditActions.ErasureEnded);
        Assert.Equal([(AuditActions.ErasureBegun, "kari"), (AuditActions.ErasureEnded, "ola")], told.Select(each => (each.Action, each.Actor)));
    }

    [Fact]
    public async Task A_second_erasure_has_other_pseudonyms_and_another_organisation_notices_nothing()
    {
        await Store.TakeInAsync(A.OtherOrg, A.Records(1, organisationId: A.OtherOrg), "claims.json", "kari", Cancel);
        await TestRun.ExportEverythingAsync(Store, A.OtherOrg);
        var theirs = await DumpAsync(A.OtherOrg);
        await ExportAsync(A.Record("A-1"));
        await EraseAsync();
        await ExportAsync(A.Record("A-2"));
        Assert.IsType<BeginErasureAnswer.Begun>(await Privacy.BeginErasureAsync(A.Org, NewErasure() with { Salt = Encoding.UTF8.GetBytes("another salt of thirty-two bytes") }, Cancel));
        while ((await Privacy.EraseNextAsync(A.Org, 2, 100, "kari", Cancel)).EndedAt is null) { }

        Assert.NotEqual((await HistoryAsync("A-1")).Claim!.ClaimantId, (await HistoryAsync("A-2")).Claim!.ClaimantId);
        await AssertUnchangedAsync(theirs, A.OtherOrg);
    }

    [Fact]
    public async Task An_acknowledgement_that_still_counts_stays_and_a_draft_of_long_ago_goes()
    {
        await Scene.OpenAsync();
        await Scene.AcknowledgeAsync();
        await Access.AddUserAsync(A.NewUser("per"), isOperator: false, Cancel);
        await Access.SetMembershipAsync(new PayOnce.Access.Membership(A.Org, "per", PayOnce.Access.Role.Claimant, "D-1"), "kari", Cancel);
        await Scene.AddAsync("PO-DRAFT");
        await Scene.SubmittedAsync("PO-SENT");

        var erasure = await EraseAsync();

        Assert.Equal(new ErasedCounts(0, 1, 0, 0, 0), erasure.Counts);
        Assert.Equal(FormState.Discarded, (await Forms.FindFormAsync(A.Org, "PO-DRAFT", Cancel))!.State);
        Assert.Equal("Rute 7", (await Forms.FindFormAsync(A.Org, "PO-SENT", Cancel))!.Content.Reference);
        Assert.Equal("Per S.", (await Forms.FindAcknowledgementAsync(A.Org, 1, Cancel))!.Name);
        FormScene.Done(await Scene.ApproveAsync((await Forms.FindFormAsync(A.Org, "PO-SENT", Cancel))!));
    }

    [Fact]
    public async Task An_acknowledgement_of_somebody_with_nothing_but_their_access_stays_until_that_is_taken_away()
    {
        await Scene.OpenAsync();
        await Scene.AcknowledgeAsync();
        await Access.AddUserAsync(A.NewUser("per"), isOperator: false, Cancel);
        await Access.SetMembershipAsync(new PayOnce.Access.Membership(A.Org, "per", PayOnce.Access.Role.Claimant, "D-1"), "kari", Cancel);

        Assert.Equal(default, (await EraseAsync()).Counts);
        Assert.Equal("Per S.", (await Forms.FindAcknowledgementAsync(A.Org, 1, Cancel))!.Name);

        await Access.RemoveMembershipAsync(A.Org, "per", "kari", Cancel);
        Assert.Equal(new ErasedCounts(0, 0, 0, 1, 0), (await EraseAsync()).Counts);
    }

    [Fact]
    public async Task In_restore_mode_nothing_is_erased_and_afterwards_what_the_backup_brought_back_is_erased_again()
    {
        await ExportAsync(A.Record("A-1"));
        await Store.BeginRestoreAsync(A.Org, "Tuesday's backup", "kari", Cancel);
        Assert.IsType<BeginErasureAnswer.Restoring>(await Privacy.BeginErasureAsync(A.Org, NewErasure(), Cancel));
        await Store.EndRestoreAsync(A.Org, "asked for every claim", "kari", Cancel);
        Assert.Equal(1, (await EraseAsync()).Counts.Claims);

        // Restore mode asks for a claim that could only leave by force, and finds it: it stays what it is.
        await Store.BeginRestoreAsync(A.Org, "Tuesday's backup, of after the erasure", "kari", Cancel);
        var run = await TestRun.TakeAsync(Store);
        await Store.AdoptFoundAsync(run.Lease, [A.Found("A-1", 1)], Cancel);
        await run.FinishAsync();
        await Store.EndRestoreAsync(A.Org, "asked for every claim", "kari", Cancel);
        Assert.NotNull((await HistoryAsync("A-1")).ErasedAt);
        Assert.IsType<IntakeOutcome.Erased>(Assert.Single(await TakeInAsync(A.Record("A-1"))));
    }

    [Fact]
    public async Task The_trail_says_what_an_erasure_took_and_who_saw_whom_and_names_nobody_who_was_erased()
    {
        await ExportAsync(A.Record("A-1", 700), A.Record("A-2", 800));
        await EraseAsync();
        await Privacy.NoteViewAsync(A.Org, AuditEntries.PersonalDataViewed("claim", "claim A-1", "page", "ola"), Cancel);

        var told = await AssertChainIsWholeAsync(Store, A.Org);

        Assert.Equal([AuditActions.ErasureBegun, AuditActions.DocumentsErased, AuditActions.DocumentsErased, AuditActions.ErasureEnded, AuditActions.PersonalDataViewed], told.TakeLast(5).Select(each => each.Action));
        Assert.Equal("""{"claims":2,"forms":0,"receipts":0,"acknowledgements":0,"runs":0,"controlTotals":{"NOK":1500}}""", told[^4].Details);
        Assert.Equal(("claim A-1", "ola", """{"what":"claim","by":"page"}"""), (told[^1].Subject, told[^1].Actor, told[^1].Details));
        Assert.All(told, each => Assert.DoesNotContain("Nordmann", each.Details, StringComparison.Ordinal));
    }
}
