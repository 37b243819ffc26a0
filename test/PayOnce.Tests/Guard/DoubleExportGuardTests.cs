using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Runs;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Guard;

/// <summary>What the guard answers to people, in the sentences they read: after a run that exported A-0001, left A-0002 in doubt and had A-0003 refused, while A-0004 waits.</summary>
public sealed class DoubleExportGuardTests
{
    private const string Exported = "A-0001", InDoubt = "A-0002", Rejected = "A-0003", Waiting = "A-0004", Nobody = "A-9999";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_filters_what_no_mark_holds_and_tells_which_run_has_the_others()
    {
        await using var scene = await SceneAsync();
        var guard = new DoubleExportGuard(scene.Store);
        var filter = await guard.FilterUnexportedClaimsAsync(A.Org, [Exported, InDoubt, Rejected, Waiting, Nobody], Cancel);
        Assert.Equal([Rejected, Waiting, Nobody], filter.Unexported);
        Assert.Equal([(Exported, 1L), (InDoubt, 1L)], filter.Held.Select(held => (held.ClaimId, held.RunId)));

        Assert.Equal((1L, MarkState.Exported), (await guard.GetExportRunForClaimAsync(A.Org, Exported, Cancel)) is { } mark ? (mark.RunId, mark.State) : default);
        Assert.Null(await guard.GetExportRunForClaimAsync(A.Org, Waiting, Cancel));
        Assert.Null(await guard.GetExportRunForClaimAsync(A.Org, Nobody, Cancel));

        // A generation that nobody has taken yet has no run.
        await guard.ForceReExportAsync(A.Org, Exported, "Paid to the wrong account", Exported, "kari", Cancel);
        Assert.Equal((1L, 0), (await guard.GetExportRunForClaimAsync(A.Org, Exported, Cancel)) is { } newest ? (newest.RunId, newest.Generation) : default);
    }

    [Theory]
    [InlineData(InDoubt, InDoubt, "claim", "It is in doubt. Settle it first: a claim that may have arrived must not be sent again.")]
    [InlineData(Rejected, Rejected, "claim", "It is rejected, not exported. There is nothing to repeat.")]
    [InlineData(Waiting, Waiting, "claim", "It has not been exported yet. The next run takes it.")]
    [InlineData(Nobody, Nobody, "claim", "No claim of this id was taken in.")]
    [InlineData(Exported, "a-0001", "confirm", "To confirm, give the claim's id: A-0001.")]
    public async Task A_re_export_is_refused_with_the_reason(string claimId, string confirmation, string field, string why)
    {
        await using var scene = await SceneAsync();
        var refused = Assert.IsType<GuardAnswer<ReExportAnswer.Requested>.Refused>(await new DoubleExportGuard(scene.Store).ForceReExportAsync(A.Org, claimId, "Lost", confirmation, "kari", Cancel));
        Assert.Equal((field, confirmation, why), (refused.Problem.Field, refused.Problem.Value, refused.Problem.Rule));
    }

    [Fact]
    public async Task A_re_export_is_asked_for_once_for_each_look_and_with_the_reason_as_it_was_meant()
    {
        await using var scene = await SceneAsync();
        var guard = new DoubleExportGuard(scene.Store);
        var first = Assert.IsType<GuardAnswer<ReExportAnswer.Requested>.Done>(await guard.ForceReExportAsync(A.Org, Exported, "  Lost in the bank ", Exported, "kari", Cancel, seenGeneration: 0));
        Assert.Equal((1, ExportKey.Derive(A.Org, Exported, 1)), (first.Value.Generation, first.Value.ExportKey));
        Assert.Equal("Lost in the bank", (await scene.Store.FindClaimAsync(A.Org, Exported, Cancel))!.Marks[^1].Reason);

        await EngineScene.EndOf(scene.RunAsync());
        var late = Assert.IsType<GuardAnswer<ReExportAnswer.Requested>.Refused>(await guard.ForceReExportAsync(A.Org, Exported, "Lost in the bank", Exported, "kari", Cancel, seenGeneration: 0));
        Assert.Equal(("claim", "It was exported again since you looked. Look at it once more."), Said(late.Problem));
    }

    [Fact]
    public async Task A_withdrawn_claim_is_not_exported_again()
    {
        await using var scene = await SceneAsync();
        var guard = new DoubleExportGuard(scene.Store);
        await guard.WithdrawAsync(A.Org, Waiting, "Not approved after all", "ola", Cancel);
        var refused = Assert.IsType<GuardAnswer<ReExportAnswer.Requested>.Refused>(await guard.ForceReExportAsync(A.Org, Waiting, "Lost", Waiting, "kari", Cancel));
        Assert.Equal(("claim", "It was withdrawn by ola. What is not approved does not leave."), Said(refused.Problem));
    }

    [Theory]
    [InlineData("", "must not be empty: it stays in the audit trail for whoever asks why.")]
    [InlineData(" ", "must not be empty: it stays in the audit trail for whoever asks why.")]
    [InlineData("Two\nlines", "must not have control characters.")]
    [InlineData(null, "must be at most 500 characters long.")]
    public async Task What_stays_in_the_audit_trail_is_a_sentence_of_bounded_length(string? text, string why)
    {
        await using var scene = await SceneAsync();
        var guard = new DoubleExportGuard(scene.Store);
        var reason = text ?? new string('x', DoubleExportGuard.LongestReason + 1);
        Assert.Equal(("reason", why), Said(Assert.IsType<GuardAnswer<ReExportAnswer.Requested>.Refused>(await guard.ForceReExportAsync(A.Org, Exported, reason, Exported, "kari", Cancel)).Problem));
        Assert.Equal(("reason", why), Said(Assert.IsType<GuardAnswer<long>.Refused>(await guard.RollBackExportMarksAsync(A.Org, 1, reason, "kari", Cancel)).Problem));
        Assert.Equal(("reason", why), Said(Assert.IsType<GuardAnswer<Withdrawal>.Refused>(await guard.WithdrawAsync(A.Org, Waiting, reason, "kari", Cancel)).Problem));
        Assert.Equal(("voucher", why), Said(Assert.IsType<GuardAnswer<long>.Refused>(await guard.RecordImportAsync(A.Org, 1, reason, "kari", Cancel)).Problem));
        Assert.Equal(("evidence", why), Said(Assert.IsType<GuardAnswer<Mark>.Refused>(await guard.DecideAsync(A.Org, InDoubt, MarkState.Exported, reason, "kari", Cancel)).Problem));
        Assert.Equal(("acknowledgement", why), Said(Assert.IsType<GuardAnswer<Mark>.Refused>(
            await guard.DecideAsync(A.Org, InDoubt, MarkState.Exported, "Seen there", "kari", Cancel, new DecisionDetails(Acknowledgement: reason))).Problem));
        Assert.Equal(MarkState.InDoubt, (await scene.Store.FindClaimAsync(A.Org, InDoubt, Cancel))!.Marks[^1].State);

        // The longest that is taken.
        Assert.IsType<GuardAnswer<Mark>.Done>(await guard.DecideAsync(A.Org, InDoubt, MarkState.Exported, new string('x', DoubleExportGuard.LongestReason), "kari", Cancel));
    }

    [Fact]
    public async Task A_withdrawal_takes_what_has_not_left_once_and_says_who_has_the_rest()
    {
        await using var scene = await SceneAsync();
        var guard = new DoubleExportGuard(scene.Store);
        var done = Assert.IsType<GuardAnswer<Withdrawal>.Done>(await guard.WithdrawAsync(A.Org, Waiting, " Not approved after all ", "ola", Cancel)).Value;
        Assert.Equal(("ola", "Not approved after all"), (done.By, done.Reason));
        Assert.Null(DoubleExportGuard.WhyNotWithdrawn(Waiting, new WithdrawOutcome.Withdrawn(done)));
        Assert.Null(DoubleExportGuard.WhyNotWithdrawn(Waiting, new WithdrawOutcome.Already(done)));
        Assert.Equal(done, Assert.IsType<GuardAnswer<Withdrawal>.Done>(await guard.WithdrawAsync(A.Org, Waiting, "Once more", "kari", Cancel)).Value);

        Assert.Equal("Run 1 has exported it. What has left is corrected where it went, and not withdrawn here.", await WhyAsync(Exported));
        Assert.Equal("It may have left with run 1, and is in doubt. Settle it first.", await WhyAsync(InDoubt));
        Assert.Equal("No claim of this id was taken in.", await WhyAsync(Nobody));

        async Task<string> WhyAsync(string claimId)
        {
            var problem = Assert.IsType<GuardAnswer<Withdrawal>.Refused>(await guard.WithdrawAsync(A.Org, claimId, "Not approved after all", "ola", Cancel)).Problem;
            Assert.Equal(("claim", claimId), (problem.Field, problem.Value));
            return problem.Rule;
        }
    }

    [Fact]
    public async Task What_a_run_has_in_its_hands_is_not_withdrawn()
    {
        var (sending, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        ScriptedSystem system = null!;
        system = new ScriptedSystem(ProofClass.Readable)
        {
            Answer = async (_, batch) =>
            {
                sending.TrySetResult();
                await goOn.Task;
                return system.Book(batch);
            },
        };
        await using var scene = await EngineScene.CreateAsync(system, claims: 1);
        var run = scene.RunAsync();
        await EngineScene.Soon(sending.Task);
        var refused = Assert.IsType<GuardAnswer<Withdrawal>.Refused>(await new DoubleExportGuard(scene.Store).WithdrawAsync(A.Org, Exported, "Not approved after all", "ola", Cancel));
        Assert.Equal("Run 1 is exporting it now. Try again when the run has ended.", refused.Problem.Rule);
        goOn.SetResult();
        Assert.Equal(RunState.Finished, (await EngineScene.EndOf(run)).Run.State);
    }

    [Theory]
    [InlineData(Exported, MarkState.Exported, "claim", Exported, "It is exported, not in doubt. There is nothing to settle.")]
    [InlineData(Rejected, MarkState.Released, "claim", Rejected, "It is rejected, not in doubt. There is nothing to settle.")]
    [InlineData(Waiting, MarkState.Exported, "claim", Waiting, "No run has taken it. There is nothing to settle.")]
    [InlineData(InDoubt, MarkState.Rejected, "as", "rejected", "A claim in doubt is settled as exported or as released.")]
    public async Task A_decision_is_about_a_doubt(string claimId, MarkState decision, string field, string value, string why)
    {
        await using var scene = await SceneAsync();
        var refused = Assert.IsType<GuardAnswer<Mark>.Refused>(await new DoubleExportGuard(scene.Store).DecideAsync(A.Org, claimId, decision, "Seen there", "kari", Cancel));
        Assert.Equal((field, value, why), (refused.Problem.Field, refused.Problem.Value, refused.Problem.Rule));
    }

    [Fact]
    public async Task A_decision_holds_for_the_doubt_that_was_looked_at()
    {
        await using var scene = await SceneAsync();
        var guard = new DoubleExportGuard(scene.Store);
        var seen = (await scene.Store.FindClaimAsync(A.Org, InDoubt, Cancel))!.Marks[^1];
        var another = new DecisionDetails(new DoubtSeen(0, seen.Attempt + 1, seen.InDoubtSince!.Value));
        Assert.Equal(
            ("claim", "It was settled and is in doubt anew since you looked. Look at it once more."),
            Said(Assert.IsType<GuardAnswer<Mark>.Refused>(await guard.DecideAsync(A.Org, InDoubt, MarkState.Released, "Not there", "kari", Cancel, another)).Problem));

        var details = new DecisionDetails(new DoubtSeen(0, seen.Attempt, seen.InDoubtSince!.Value), "V-7");
        Assert.Equal(seen, Assert.IsType<GuardAnswer<Mark>.Done>(await guard.DecideAsync(A.Org, InDoubt, MarkState.Exported, " Seen there ", "kari", Cancel, details)).Value);
        var settled = (await scene.Store.FindClaimAsync(A.Org, InDoubt, Cancel))!.Marks[^1];
        Assert.Equal((MarkState.Exported, "V-7", "Seen there"), (settled.State, settled.Acknowledgement, settled.Reason));
    }

    [Fact]
    public async Task A_file_is_rolled_back_until_somebody_has_imported_it()
    {
        await using var scene = await SceneAsync();
        var guard = new DoubleExportGuard(scene.Store);
        Assert.Equal(("run", "There is no such run."), Said(Assert.IsType<GuardAnswer<long>.Refused>(await guard.RollBackExportMarksAsync(A.Org, 9, "Wrong mapping", "kari", Cancel)).Problem));
        Assert.Equal("run", Assert.IsType<GuardAnswer<long>.Refused>(await guard.RollBackExportMarksAsync(A.Org, 1, "Wrong mapping", "kari", Cancel)).Problem.Field);
        Assert.Equal(("run", "It has no file that could have been imported."), Said(Assert.IsType<GuardAnswer<long>.Refused>(await guard.RecordImportAsync(A.Org, 1, "V-1", "kari", Cancel)).Problem));

        await scene.UseAsync(EngineScene.ByFile);
        var rolledBack = await EngineScene.EndOf(scene.RunAsync());
        Assert.Equal((rolledBack.Run.RunId, RunFileState.Available), (rolledBack.File!.RunId, rolledBack.File.State));
        Assert.Equal(rolledBack.Run.Counters.Exported, Assert.IsType<GuardAnswer<long>.Done>(await guard.RollBackExportMarksAsync(A.Org, rolledBack.Run.RunId, " Wrong mapping ", "kari", Cancel)).Value);
        Assert.Equal("Wrong mapping", (await scene.Store.FindClaimAsync(A.Org, Waiting, Cancel))!.Marks[^1].Reason);

        var imported = await EngineScene.EndOf(scene.RunAsync());
        Assert.Equal(imported.Run.Counters.Exported, Assert.IsType<GuardAnswer<long>.Done>(await guard.RecordImportAsync(A.Org, imported.Run.RunId, "V-1", "kari", Cancel)).Value);
        var late = Assert.IsType<GuardAnswer<long>.Refused>(await guard.RollBackExportMarksAsync(A.Org, imported.Run.RunId, "Wrong mapping", "kari", Cancel));
        Assert.Equal(("run", $"{imported.Run.RunId}"), (late.Problem.Field, late.Problem.Value));
        Assert.Equal(MarkState.Exported, (await scene.Store.FindClaimAsync(A.Org, Waiting, Cancel))!.Marks[^1].State);
    }

    [Fact]
    public void Each_state_and_each_evidence_has_one_text_and_comes_back_from_it()
    {
        Assert.All(Enum.GetValues<MarkState>(), state => Assert.Equal(state, MarkStates.State(state.Text())));
        Assert.All(Enum.GetValues<Evidence>(), evidence => Assert.Equal(evidence, MarkStates.Evidence(evidence.Text())));
        Assert.Throws<ArgumentOutOfRangeException>(() => MarkStates.State("gone"));
        Assert.Throws<ArgumentOutOfRangeException>(() => MarkStates.Evidence("gone"));
        Assert.Equal([MarkState.Rejected, MarkState.Released], Enum.GetValues<MarkState>().Where(state => state.MayBeReserved()));
    }

    private static (string? Field, string Rule) Said(Problem problem) => (problem.Field, problem.Rule);

    private static async Task<EngineScene> SceneAsync()
    {
        ScriptedSystem system = null!;
        system = new ScriptedSystem(ProofClass.Readable)
        {
            Answer = (_, batch) => Task.FromResult(batch.Claims[0].ClaimId switch
            {
                InDoubt => ScriptedSystem.Unknown("The answer was lost."),
                Rejected => new SendAnswer.Refused { HttpStatus = 422, Error = "The account is closed." },
                _ => system.Book(batch),
            }),
        };
        var scene = await EngineScene.CreateAsync(system, claims: 3);
        await EngineScene.EndOf(scene.RunAsync());
        await scene.TakeInAsync(4);
        return scene;
    }
}
