using PayOnce.Claims.Forms;
using PayOnce.Declarations;
using PayOnce.Guard;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

/// <summary>What claimants, approvers and administrators do at the same moment to forms and acknowledgements.</summary>
public abstract partial class StoreProtocol
{
    private const int FormRounds = 8;

    [Fact]
    public async Task Of_several_who_approve_a_form_at_the_same_moment_one_makes_the_claim()
    {
        var scene = new FormScene((IClaimFormStore)Store);
        await scene.OpenAsync();
        await scene.AcknowledgeAsync();
        var form = await scene.SubmittedAsync();

        var answers = await RaceAsync(4, (store, n) => scene.ApproveAsync(form, new FormPerson($"approver {n}", null, $"Approver {n}"), by: (IClaimFormStore)store));

        Assert.Single(answers, answer => answer is FormAnswer.Done);
        Assert.Equal(3, answers.Count(answer => answer is FormAnswer.Changed));
        Assert.Equal(1, await Store.CountWaitingAsync(A.Org, Cancel));
    }

    [Fact]
    public async Task A_form_that_is_taken_back_and_edited_while_it_is_approved_is_one_or_the_other()
    {
        var scene = new FormScene((IClaimFormStore)Store);
        await scene.OpenAsync();
        for (var round = 0; round < FormRounds; round++)
        {
            var id = $"PO-{round}";
            var form = await scene.SubmittedAsync(id, FormKind.Travel);

            var answers = await RaceAsync(2, (store, n) => n == 0
                ? scene.ApproveAsync(form, by: (IClaimFormStore)store)
                : ((IClaimFormStore)store).ChangeFormAsync(A.Org, id, form.Revision, FormChange.TakeBack.Instance, FormScene.Per, Cancel));

            Assert.Single(answers, answer => answer is FormAnswer.Done);
            var now = (await ((IClaimFormStore)Store).FindFormAsync(A.Org, id, Cancel))!;
            Assert.Equal(answers[0] is FormAnswer.Done ? FormState.Approved : FormState.Draft, now.State);
            Assert.Equal(now.State is FormState.Approved, await Store.FindClaimAsync(A.Org, id, Cancel) is not null);
        }
    }

    [Fact]
    public async Task An_acknowledgement_while_a_new_version_is_published_is_of_the_version_that_was_read_or_none()
    {
        var scene = new FormScene((IClaimFormStore)Store);
        await scene.OpenAsync();
        for (var version = 1; version <= FormRounds; version++)
        {
            var read = version;
            var answers = await RaceAsync<object>(2, async (store, n) => n == 0
                ? await ((IClaimFormStore)store).AcknowledgeAsync(A.Org, new NewAcknowledgement(read, "D-1", "per", "Per", $"text {read}"), "Per", Cancel)
                : await ((IClaimFormStore)store).SaveSettingAsync(A.Org, SettingTopics.Declaration, new DeclarationTemplate("nb", $"text {read + 1}").ToJson(), read, "kari", Cancel));

            Assert.Equal(new SaveAnswer.Saved(read + 1), answers[1]);
            if (answers[0] is AcknowledgeAnswer.Acknowledged kept) Assert.Equal((read, $"text {read}"), (kept.Now.Version, (await ((IClaimFormStore)Store).FindAcknowledgementAsync(A.Org, kept.Now.Number, Cancel))!.Text));
            else Assert.Equal(new AcknowledgeAnswer.Outdated(read + 1), answers[0]);
            // Whoever was first: what counts now is the new version, and nobody has acknowledged that.
            Assert.NotNull((await ((IClaimFormStore)Store).FindAcknowledgementStateAsync(A.Org, "D-1", Cancel)).Gap);
        }
    }

    [Fact]
    public async Task An_approval_while_the_acknowledgement_is_withdrawn_leaves_no_waiting_claim_without_one()
    {
        var scene = new FormScene((IClaimFormStore)Store);
        await scene.OpenAsync();
        for (var round = 1; round <= FormRounds; round++)
        {
            var number = Assert.IsType<AcknowledgeAnswer.Acknowledged>(await scene.AcknowledgeAsync()).Now.Number;
            var form = await scene.SubmittedAsync($"PO-{round}");

            await RaceAsync<object>(2, async (store, n) => n == 0
                ? await scene.ApproveAsync(form, by: (IClaimFormStore)store)
                : await ((IClaimFormStore)store).WithdrawAcknowledgementAsync(A.Org, number, "D-1", null, "Per", Cancel));

            Assert.Equal(0, await Store.CountWaitingAsync(A.Org, Cancel));
        }
    }

    [Fact]
    public async Task A_withdrawal_while_a_run_reserves_takes_the_claim_or_leaves_it_to_the_run()
    {
        var scene = new FormScene((IClaimFormStore)Store);
        await scene.OpenAsync();
        for (var round = 1; round <= FormRounds; round++)
        {
            var number = Assert.IsType<AcknowledgeAnswer.Acknowledged>(await scene.AcknowledgeAsync()).Now.Number;
            var id = $"PO-{round}";
            await scene.ApprovedAsync(id);
            var run = await TestRun.TakeAsync(Store);

            var answers = await RaceAsync<object?>(2, async (store, n) =>
            {
                if (n == 0) return await ((IClaimFormStore)store).WithdrawAcknowledgementAsync(A.Org, number, "D-1", null, "Per", Cancel);
                await run.ReserveAllAsync();
                return null;
            });

            var taken = ((WithdrawAnswer.Done)answers[0]!).Claims.Count == 1;
            await run.ConfirmAsync();
            await run.FinishAsync();
            var claim = (await Store.FindClaimAsync(A.Org, id, Cancel))!;
            Assert.Equal(taken, claim.Withdrawal is not null);
            MarkState? newest = claim.Marks is [.., var mark] ? mark.State : null;
            Assert.Equal(taken ? null : MarkState.Exported, newest);
        }
    }
}
