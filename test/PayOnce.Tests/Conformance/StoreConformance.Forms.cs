using PayOnce.Access;
using PayOnce.Claims;
using PayOnce.Claims.Forms;
using PayOnce.Declarations;
using PayOnce.Guard;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_setting_has_versions_of_its_own_that_two_people_cannot_overwrite_unseen()
    {
        Assert.Null(await Forms.FindSettingAsync(A.Org, SettingTopics.Limits, Cancel));
        Assert.Equal(new SaveAnswer.Saved(1), await Forms.SaveSettingAsync(A.Org, SettingTopics.Limits, "one", 0, "kari", Cancel));
        Assert.Equal(new SaveAnswer.Saved(1), await Forms.SaveSettingAsync(A.Org, SettingTopics.Limits, "one", 0, "ola", Cancel));
        Assert.Equal(new SaveAnswer.Changed(1), await Forms.SaveSettingAsync(A.Org, SettingTopics.Limits, "two", 0, "ola", Cancel));
        Assert.Equal(new SaveAnswer.Saved(2), await Forms.SaveSettingAsync(A.Org, SettingTopics.Limits, "two", 1, "ola", Cancel));

        Assert.Equal([(2, "two", "ola"), (1, "one", "kari")], (await Forms.ListSettingsAsync(A.Org, SettingTopics.Limits, 10, Cancel)).Select(each => (each.Version, each.Value, each.ChangedBy)));
        Assert.Null(await Forms.FindSettingAsync(A.Org, SettingTopics.Rates, Cancel));
        Assert.Null(await Forms.FindSettingAsync(A.OtherOrg, SettingTopics.Limits, Cancel));
    }

    [Fact]
    public async Task The_trail_says_which_flag_was_switched_and_not_what_a_declaration_says()
    {
        await Scene.OpenAsync();
        await Forms.SaveSettingAsync(A.Org, SettingTopics.Flags, new OrganisationFlags([OrganisationFlags.ClaimForms]).ToJson(), null, "ola", Cancel);

        var told = (await AssertChainIsWholeAsync(Store, A.Org)).Where(each => each.Action == Audit.AuditActions.SettingChanged).ToList();

        Assert.Contains("\"driver-honorarium\":false", told[^1].Details, StringComparison.Ordinal);
        Assert.DoesNotContain("claim-forms", told[^1].Details, StringComparison.Ordinal);
        Assert.All(told, each => Assert.DoesNotContain("holder", each.Details, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_acknowledgement_counts_until_a_new_version_or_its_withdrawal_asks_again()
    {
        async Task<AcknowledgementGap?> GapAsync() => (await Forms.FindAcknowledgementStateAsync(A.Org, "D-1", Cancel)).Gap;
        Assert.Equal(AcknowledgementGap.NoDeclaration, await GapAsync());
        await Scene.OpenAsync();
        Assert.Equal(AcknowledgementGap.Never, await GapAsync());
        Assert.Equal(new AcknowledgeAnswer.Outdated(1), await Scene.AcknowledgeAsync(version: 2));
        var first = Assert.IsType<AcknowledgeAnswer.Acknowledged>(await Scene.AcknowledgeAsync()).Now;
        Assert.Null(await GapAsync());
        Assert.Equal(1, Assert.IsType<AcknowledgeAnswer.Already>(await Scene.AcknowledgeAsync()).Now.Number);

        await Scene.PublishAsync("Jeg holder helt tett.");
        Assert.Equal(AcknowledgementGap.Outdated, await GapAsync());
        Assert.Equal(new AcknowledgeAnswer.Outdated(2), await Scene.AcknowledgeAsync());
        Assert.IsType<AcknowledgeAnswer.Acknowledged>(await Scene.AcknowledgeAsync(version: 2));
        Assert.Null(await GapAsync());

        Assert.IsType<WithdrawAnswer.NotFound>(await Forms.WithdrawAcknowledgementAsync(A.Org, 2, "D-2", null, "eve", Cancel));
        var gone = Assert.IsType<WithdrawAnswer.Done>(await Forms.WithdrawAcknowledgementAsync(A.Org, 2, null, "sluttet", "kari", Cancel)).Now;
        Assert.Equal(("kari", "sluttet"), (gone.Withdrawn!.Actor, gone.Withdrawn.Reason));
        Assert.Equal(AcknowledgementGap.Withdrawn, await GapAsync());
        Assert.IsType<WithdrawAnswer.Already>(await Forms.WithdrawAcknowledgementAsync(A.Org, 2, "D-1", null, "per", Cancel));
        Assert.Equal(3, Assert.IsType<AcknowledgeAnswer.Acknowledged>(await Scene.AcknowledgeAsync(version: 2)).Now.Number);

        Assert.Equal([3, 2, 1], (await Forms.ListAcknowledgementsAsync(A.Org, "D-1", null, 10, Cancel)).Select(each => each.Number));
        Assert.Equal([1], (await Forms.ListAcknowledgementsAsync(A.Org, null, 2, 10, Cancel)).Select(each => each.Number));
        var kept = (await Forms.FindAcknowledgementAsync(A.Org, 1, Cancel))!;
        Assert.Equal(("Jeg, Per Sjåfør, holder tett. 1", first.Sha256), (kept.Text, A.Sha256(kept.Text)));
    }

    [Fact]
    public async Task A_form_goes_from_draft_to_claim_with_its_lines_and_what_it_rests_on()
    {
        await Acknowledged(Scene);
        var draft = await Scene.AddAsync();
        Assert.Equal((FormState.Draft, 1), (draft.State, draft.Revision));
        Assert.Equal(draft, await Scene.AddAsync(content: new FormContent()) with { Receipts = draft.Receipts });
        var edited = FormScene.Done(await Forms.ChangeFormAsync(A.Org, draft.FormId, 1, new FormChange.Edit(FormScene.Drive with { Kilometres = 100.5m }), FormScene.Per, Cancel));
        var submitted = FormScene.Done(await Forms.ChangeFormAsync(A.Org, draft.FormId, edited.Revision, FormChange.Submit.Instance, FormScene.Per, Cancel));
        var back = FormScene.Done(await Forms.ChangeFormAsync(A.Org, draft.FormId, submitted.Revision, new FormChange.SendBack("For langt"), FormScene.Kari, Cancel));
        Assert.Equal((FormState.SentBack, "For langt", "Kari Nordmann"), (back.State, back.Reason, back.DecidedByName));
        var again = FormScene.Done(await Forms.ChangeFormAsync(A.Org, draft.FormId, back.Revision, FormChange.Submit.Instance, FormScene.Per, Cancel));
        var taken = FormScene.Done(await Forms.ChangeFormAsync(A.Org, draft.FormId, again.Revision, FormChange.TakeBack.Instance, FormScene.Per, Cancel));
        var last = FormScene.Done(await Forms.ChangeFormAsync(A.Org, draft.FormId, taken.Revision, FormChange.Submit.Instance, FormScene.Per, Cancel));
        var approved = FormScene.Done(await Scene.ApproveAsync(last));

        Assert.Equal((FormState.Approved, 1L, 1), (approved.State, approved.AcknowledgementNumber, approved.RatesVersion));
        Assert.Equal(approved with { Receipts = [] }, (await Forms.FindFormAsync(A.Org, draft.FormId, Cancel))! with { Receipts = [] });
        var claim = (await Store.FindClaimAsync(A.Org, draft.FormId, Cancel))!;
        Assert.True(claim.Waiting);
        Assert.Equal(("D-1", "driver-honorarium", "Kari Nordmann"), (claim.Claim!.ClaimantId, claim.Claim.Type, claim.Claim.ApprovedBy));
        Assert.Equal(50_000 + 53_265 + 10_050 + 4_500, claim.Claim.TotalMinor);
        Assert.Equal(1, (await Forms.FindAcknowledgementOfClaimAsync(A.Org, draft.FormId, Cancel))!.Number);
        Assert.Equal([draft.FormId], (await Forms.ListFormsAsync(A.Org, new FormFilter("D-1", FormState.Approved), 10, Cancel)).Select(each => each.FormId));
        Assert.Empty(await Forms.ListFormsAsync(A.Org, new FormFilter("D-2"), 10, Cancel));
        Assert.Equal(["D-1"], await Forms.ListWaitingClaimantsAsync(A.Org, 10, Cancel));
    }

    [Fact]
    public async Task Nobody_approves_or_sends_back_their_own_claim_by_whichever_user_or_number_it_is_theirs()
    {
        await Acknowledged(Scene);
        var form = await Scene.SubmittedAsync();
        await Access.AddUserAsync(A.NewUser("second"), isOperator: false, Cancel);
        await Access.SetMembershipAsync(new Membership(A.Org, "second", Role.Coordinator, "D-1"), "ola", Cancel);

        // The same user without their number, the same number as another user, and a number that only the store knows of.
        foreach (var who in new[] { new FormPerson("per", null, "Per"), new FormPerson("other", "D-1", "Per"), new FormPerson("second", null, "Per") })
        {
            Assert.IsType<FormAnswer.OwnClaim>(await Scene.ApproveAsync(form, who));
            Assert.Equal(FormState.Submitted, (await Forms.FindFormAsync(A.Org, form.FormId, Cancel))!.State);
        }
        Assert.IsType<FormAnswer.OwnClaim>(await Forms.ChangeFormAsync(A.Org, form.FormId, form.Revision, new FormChange.SendBack("x"), new FormPerson("per", null, "Per"), Cancel));
        Assert.Null(await Store.FindClaimAsync(A.Org, form.FormId, Cancel));
    }

    [Fact]
    public async Task Another_claimant_sees_and_changes_nothing_of_a_form()
    {
        await Acknowledged(Scene);
        await Scene.AddAsync();
        var eve = new FormPerson("eve", "D-2", "Eve");

        Assert.IsType<FormAnswer.NotFound>(await Forms.AddFormAsync(A.Org, new NewForm(FormScene.FormId, FormKind.Travel, new FormContent()), eve, Cancel));
        foreach (FormChange change in new FormChange[] { new FormChange.Edit(new FormContent()), FormChange.Submit.Instance, FormChange.Discard.Instance, FormChange.TakeBack.Instance })
            Assert.IsType<FormAnswer.NotFound>(await Forms.ChangeFormAsync(A.Org, FormScene.FormId, 1, change, eve, Cancel));
        Assert.IsType<FormAnswer.NotFound>(await Forms.AddReceiptAsync(A.Org, FormScene.FormId, 1, new NewReceipt("x.png", ReceiptType.Png, FormScene.Png), eve, Cancel));
        Assert.IsType<FormAnswer.NotFound>(await Forms.RemoveReceiptAsync(A.Org, FormScene.FormId, 1, 1, eve, Cancel));
        Assert.Equal(1, (await Forms.FindFormAsync(A.Org, FormScene.FormId, Cancel))!.Revision);
    }

    [Fact]
    public async Task Without_an_acknowledgement_that_counts_an_honorarium_is_neither_submitted_nor_approved()
    {
        await Scene.OpenAsync();
        await Scene.AddAsync();
        Assert.Equal(new FormAnswer.NotAcknowledged(AcknowledgementGap.Never), await Forms.ChangeFormAsync(A.Org, FormScene.FormId, 1, FormChange.Submit.Instance, FormScene.Per, Cancel));
        await Scene.AcknowledgeAsync();
        var form = FormScene.Done(await Forms.ChangeFormAsync(A.Org, FormScene.FormId, 1, FormChange.Submit.Instance, FormScene.Per, Cancel));

        await Scene.PublishAsync("Ny tekst");
        Assert.Equal(new FormAnswer.NotAcknowledged(AcknowledgementGap.Outdated), await Scene.ApproveAsync(form));
        await Scene.AcknowledgeAsync(version: 2);
        await Forms.WithdrawAcknowledgementAsync(A.Org, 2, "D-1", null, "per", Cancel);
        Assert.Equal(new FormAnswer.NotAcknowledged(AcknowledgementGap.Withdrawn), await Scene.ApproveAsync(form));
        Assert.Null(await Store.FindClaimAsync(A.Org, form.FormId, Cancel));
        await Scene.AcknowledgeAsync(version: 2);
        Assert.Equal(3, FormScene.Done(await Scene.ApproveAsync(form)).AcknowledgementNumber);

        // A journey asks for none.
        Assert.Equal(FormState.Submitted, (await Scene.SubmittedAsync("PO-2", FormKind.Travel, who: new FormPerson("siv", "D-9", "Siv"))).State);
    }

    [Fact]
    public async Task An_approval_counts_for_the_revision_and_the_rates_that_were_seen_alone()
    {
        await Acknowledged(Scene);
        var form = await Scene.SubmittedAsync();
        Assert.IsType<FormAnswer.Changed>(await Scene.ApproveAsync(form with { Revision = form.Revision - 1 }));
        Assert.Equal(new FormAnswer.RatesChanged(1), await Scene.ApproveAsync(form, rates: 0));
        FormScene.Done(await Scene.ApproveAsync(form));
        Assert.Equal(FormState.Approved, Assert.IsType<FormAnswer.Changed>(await Scene.ApproveAsync(form)).Now.State);
        Assert.IsType<FormAnswer.NotFound>(await Scene.ApproveAsync(form with { FormId = "PO-NONE" }));
    }

    [Fact]
    public async Task A_claim_of_the_forms_id_that_came_from_elsewhere_is_not_overwritten()
    {
        await Acknowledged(Scene);
        var form = await Scene.SubmittedAsync();
        await TakeInAsync(A.Record(FormScene.FormId.ToLowerInvariant(), 7));

        Assert.IsType<FormAnswer.ClaimExists>(await Scene.ApproveAsync(form));

        Assert.Equal(FormState.Submitted, (await Forms.FindFormAsync(A.Org, form.FormId, Cancel))!.State);
        Assert.Equal(7, (await Store.FindClaimAsync(A.Org, FormScene.FormId.ToLowerInvariant(), Cancel))!.Claim!.TotalMinor);
    }

    [Fact]
    public async Task A_receipt_is_kept_byte_for_byte_and_stays_once_the_form_is_submitted()
    {
        await Acknowledged(Scene);
        await Scene.AddAsync();
        // Larger than one of the store's rows.
        byte[] large = [.. FormScene.Png, .. Enumerable.Range(0, 700_000).Select(n => (byte)(n % 251))];
        var one = FormScene.Done(await Scene.ReceiptAsync(1, content: large));
        var two = FormScene.Done(await Scene.ReceiptAsync(one.Revision));
        Assert.Equal([(1, (long)large.Length), (2, FormScene.Png.Length)], two.Receipts.Select(each => (each.Number, each.Bytes)));
        Assert.Equal(large, (await Forms.ReadReceiptAsync(A.Org, FormScene.FormId, 1, Cancel))!.Value.ToArray());
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(large)), two.Receipts[0].Sha256);
        var without = FormScene.Done(await Forms.RemoveReceiptAsync(A.Org, FormScene.FormId, two.Revision, 1, FormScene.Per, Cancel));
        Assert.Null(await Forms.ReadReceiptAsync(A.Org, FormScene.FormId, 1, Cancel));
        var third = FormScene.Done(await Scene.ReceiptAsync(without.Revision));
        Assert.Equal([2, 3], third.Receipts.Select(each => each.Number));

        var submitted = FormScene.Done(await Forms.ChangeFormAsync(A.Org, FormScene.FormId, third.Revision, FormChange.Submit.Instance, FormScene.Per, Cancel));
        Assert.IsType<FormAnswer.Changed>(await Scene.ReceiptAsync(submitted.Revision));
        Assert.IsType<FormAnswer.Changed>(await Forms.RemoveReceiptAsync(A.Org, FormScene.FormId, submitted.Revision, 2, FormScene.Per, Cancel));
        Assert.Null(await Forms.ReadReceiptAsync(A.OtherOrg, FormScene.FormId, 2, Cancel));
    }

    [Fact]
    public async Task A_form_holds_ten_receipts_and_no_more()
    {
        await Scene.OpenAsync();
        var form = await Scene.AddAsync();
        for (var i = 0; i < NewReceipt.MostReceipts; i++) form = FormScene.Done(await Scene.ReceiptAsync(form.Revision));
        Assert.IsType<FormAnswer.TooManyReceipts>(await Scene.ReceiptAsync(form.Revision));
        Assert.Equal(NewReceipt.MostReceipts, (await Forms.FindFormAsync(A.Org, form.FormId, Cancel))!.Receipts.Count);
    }

    [Fact]
    public async Task Forms_are_listed_part_by_part_without_a_gap_or_a_repetition()
    {
        for (var i = 0; i < 7; i++) await Scene.AddAsync($"PO-{i}", FormKind.Travel);
        var seen = new List<string>();
        FormPlace? place = null;
        while (true)
        {
            var part = await Forms.ListFormsAsync(A.Org, new FormFilter(Before: place), 3, Cancel);
            if (part.Count == 0) break;
            seen.AddRange(part.Select(each => each.FormId));
            place = new FormPlace(part[^1].ChangedAt, part[^1].FormId);
        }
        Assert.Equal(7, seen.Distinct().Count());
        Assert.Equal(7, seen.Count);
    }

    [Fact]
    public async Task An_imported_honorarium_needs_the_acknowledgement_while_the_flag_is_on_and_only_then()
    {
        ClaimRecord Honorarium(string id, string claimant, long total = 100) => ClaimRecord.From(A.Org, A.Claim(id, total, type: "driver-honorarium") with { Claimant = new Claimant(claimant, "Per") });
        Assert.IsType<IntakeOutcome.Added>((await TakeInAsync(Honorarium("H-0", "D-2")))[0]);
        await Acknowledged(Scene);
        var outcomes = await TakeInAsync(A.Record("T-1"), Honorarium("H-1", "D-1"), Honorarium("H-2", "D-2"), Honorarium("H-0", "D-2"), A.Record("T-2"));

        Assert.Equal([typeof(IntakeOutcome.Added), typeof(IntakeOutcome.Added), typeof(IntakeOutcome.NotAcknowledged), typeof(IntakeOutcome.Unchanged), typeof(IntakeOutcome.Added)], outcomes.Select(each => each.GetType()));
        Assert.Equal(new IntakeOutcome.NotAcknowledged(AcknowledgementGap.Never), outcomes[2]);
        Assert.Equal(1, (await Forms.FindAcknowledgementOfClaimAsync(A.Org, "H-1", Cancel))!.Number);
        Assert.Null(await Forms.FindAcknowledgementOfClaimAsync(A.Org, "T-1", Cancel));
        // Changed content is a new approval.
        Assert.IsType<IntakeOutcome.NotAcknowledged>((await TakeInAsync(Honorarium("H-0", "D-2", 200)))[0]);

        await Forms.SaveSettingAsync(A.Org, SettingTopics.Flags, OrganisationFlags.None.ToJson(), null, "kari", Cancel);
        Assert.IsType<IntakeOutcome.Added>((await TakeInAsync(Honorarium("H-2", "D-2")))[0]);
    }

    [Fact]
    public async Task The_years_claims_of_a_claimant_are_those_that_were_approved_in_it()
    {
        await TakeInAsync(A.Record("A-1", 100, A.Day(1)), A.Record("A-2", 200, A.Day(31)), A.Record("A-3", 300, A.Day(60)));
        var claimant = (await Store.FindClaimAsync(A.Org, "A-1", Cancel))!.Claim!.ClaimantId;

        var found = await Forms.ListYearClaimsAsync(A.Org, [claimant, "nobody"], A.Day(1), A.Day(60), Cancel);

        Assert.Equal(["A-1", "A-2"], found.Select(each => each.ClaimId));
        Assert.Equal(100, ClaimLines.Read(found[0].Lines.Span).Sum(line => line.AmountMinor));
    }

    [Fact]
    public async Task A_withdrawn_acknowledgement_takes_the_claims_that_rest_on_it_and_wait_and_no_others()
    {
        await Acknowledged(Scene);
        await Scene.ApprovedAsync();
        await Scene.SubmittedAsync("PO-TRAVEL", FormKind.Travel);
        FormScene.Done(await Scene.ApproveAsync((await Forms.FindFormAsync(A.Org, "PO-TRAVEL", Cancel))!));
        await Scene.PublishAsync("Ny tekst");
        await Scene.AcknowledgeAsync(version: 2);
        await Scene.ApprovedAsync("PO-LATER");

        var done = Assert.IsType<WithdrawAnswer.Done>(await Forms.WithdrawAcknowledgementAsync(A.Org, 1, "D-1", null, "Per", Cancel));

        Assert.Equal([FormScene.FormId], done.Claims);
        var claim = (await Store.FindClaimAsync(A.Org, FormScene.FormId, Cancel))!;
        Assert.False(claim.Waiting);
        Assert.Equal(("Per", "Acknowledgement 1 of the declaration, on which it rests, was withdrawn."), (claim.Withdrawal!.By, claim.Withdrawal.Reason));
        Assert.All(["PO-TRAVEL", "PO-LATER"], id => Assert.True(Store.FindClaimAsync(A.Org, id, Cancel).Result!.Waiting));
        var form = (await Forms.FindFormAsync(A.Org, FormScene.FormId, Cancel))!;
        Assert.Equal((FormState.SentBack, 1L), (form.State, form.AcknowledgementNumber));
        var run = await TestRun.ExportEverythingAsync(Store);
        Assert.Equal(["PO-LATER", "PO-TRAVEL"], (await Store.ListRunMarksAsync(A.Org, run.RunId, null, 10, Cancel)).Select(mark => mark.ClaimId));

        // The driver's second acknowledgement still counts: submitted anew, the claim rests on that.
        var again = FormScene.Done(await Forms.ChangeFormAsync(A.Org, form.FormId, form.Revision, FormChange.Submit.Instance, FormScene.Per, Cancel));
        Assert.Equal(2, FormScene.Done(await Scene.ApproveAsync(again)).AcknowledgementNumber);
        Assert.True((await Store.FindClaimAsync(A.Org, form.FormId, Cancel))!.Waiting);
        Assert.Equal(2, (await Forms.FindAcknowledgementOfClaimAsync(A.Org, form.FormId, Cancel))!.Number);
    }

    [Fact]
    public async Task What_is_reserved_when_its_acknowledgement_is_withdrawn_goes_with_its_run_and_the_rest_stays()
    {
        await Acknowledged(Scene);
        await Scene.ApprovedAsync();
        var run = await TestRun.TakeAsync(Store);
        await run.CountAsync();
        await run.ReserveAllAsync(1);
        await Scene.ApprovedAsync("PO-SECOND");

        var done = Assert.IsType<WithdrawAnswer.Done>(await Forms.WithdrawAcknowledgementAsync(A.Org, 1, "D-1", null, "Per", Cancel));

        Assert.Equal(["PO-SECOND"], done.Claims);
        Assert.NotNull(await run.ConfirmAsync());
        await run.FinishAsync();
        var left = (await Store.FindClaimAsync(A.Org, FormScene.FormId, Cancel))!;
        Assert.Equal((MarkState.Exported, null), (left.Marks[0].State, left.Withdrawal));
        Assert.Equal(FormState.Approved, (await Forms.FindFormAsync(A.Org, FormScene.FormId, Cancel))!.State);
        Assert.Empty(await TestRun.ExportEverythingAsync(Store) is var second ? await Store.ListRunMarksAsync(A.Org, second.RunId, null, 10, Cancel) : []);
    }

    [Fact]
    public async Task A_new_version_between_reserve_and_send_and_before_it_takes_nothing_back()
    {
        await Acknowledged(Scene);
        await Scene.ApprovedAsync();
        var run = await TestRun.TakeAsync(Store);
        await run.CountAsync();
        await run.ReserveAllAsync(1);
        await Scene.ApprovedAsync("PO-SECOND");

        await Scene.PublishAsync("Ny tekst");

        Assert.NotNull(await run.ConfirmAsync());
        await run.FinishAsync();
        await TestRun.ExportEverythingAsync(Store);
        foreach (var id in new[] { FormScene.FormId, "PO-SECOND" })
        {
            Assert.Equal(MarkState.Exported, (await Store.FindClaimAsync(A.Org, id, Cancel))!.Marks[0].State);
            Assert.Equal((1L, 1), await Forms.FindAcknowledgementOfClaimAsync(A.Org, id, Cancel) is { } rests ? (rests.Number, rests.Version) : default);
        }
    }

    [Fact]
    public async Task An_imported_honorarium_that_was_withdrawn_with_its_acknowledgement_comes_back_only_with_another()
    {
        await Acknowledged(Scene);
        var honorarium = ClaimRecord.From(A.Org, A.Claim("H-1", 100, type: "driver-honorarium") with { Claimant = new Claimant("D-1", "Per") });
        await TakeInAsync(honorarium);
        Assert.Equal(["H-1"], Assert.IsType<WithdrawAnswer.Done>(await Forms.WithdrawAcknowledgementAsync(A.Org, 1, null, "sluttet", "kari", Cancel)).Claims);

        Assert.Equal(new IntakeOutcome.NotAcknowledged(AcknowledgementGap.Withdrawn), (await TakeInAsync(honorarium))[0]);
        await Scene.AcknowledgeAsync();
        Assert.IsType<IntakeOutcome.Updated>((await TakeInAsync(honorarium))[0]);
        Assert.Equal(2, (await Forms.FindAcknowledgementOfClaimAsync(A.Org, "H-1", Cancel))!.Number);
    }
}
