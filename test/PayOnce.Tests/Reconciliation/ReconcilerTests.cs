using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Reconciliation;
using PayOnce.Runs;
using PayOnce.Tests.Runs;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Reconciliation;

/// <summary>What asking the accounting system makes of claims in doubt: when it settles them, and what a person is told of the others.</summary>
public sealed class ReconcilerTests
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_a_repeated_key_is_refused_an_absence_releases_when_the_quiet_time_is_over_and_not_before()
    {
        await using var scene = await InDoubtAsync(Unanswered(ProofClass.Unique));
        var since = (await scene.MarkOf("A-0001")).InDoubtSince!.Value;
        scene.Clock.Advance(Quiet - Moment);
        var early = await scene.ReconcileAsync();
        Assert.Equal((0, 0), (early.Found, early.Released));
        Assert.Equal(new StillInDoubt("A-0001", ExportKey.Derive(A.Org, "A-0001", 0), 1, since, "The answer was lost. Not at the accounting system yet; its request may still arrive.", since + Quiet), Assert.Single(early.InDoubt));

        scene.Clock.Advance(Moment);
        var late = await scene.ReconcileAsync();
        Assert.Equal((0, 1), (late.Found, late.Released));
        Assert.Empty(late.InDoubt);
        var mark = await scene.MarkOf("A-0001");
        Assert.Equal((MarkState.Released, "Not at the accounting system after the quiet time, and it refuses a repeated key: it may be sent again."), (mark.State, mark.Reason));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Elsewhere_an_absence_counts_twice_with_the_quiet_time_between_and_releases_where_the_integration_allows_it(bool automatic)
    {
        var system = Unanswered(ProofClass.Readable, automatic);
        await using var scene = await InDoubtAsync(system);
        var since = (await scene.MarkOf("A-0001")).InDoubtSince!.Value;
        // The run itself has asked for the first time, a moment after.
        var early = Assert.Single((await scene.ReconcileAsync()).InDoubt);
        Assert.Equal(since + Quiet, early.AskAgainAt);
        Assert.Equal("The answer was lost. Not at the accounting system yet; its request may still arrive.", early.Why);
        scene.Clock.Advance(Quiet - Moment);
        Assert.Equal(since + Quiet, Assert.Single((await scene.ReconcileAsync()).InDoubt).AskAgainAt);
        Assert.Equal(MarkState.InDoubt, (await scene.MarkOf("A-0001")).State);

        scene.Clock.Advance(Moment);
        var second = await scene.ReconcileAsync();
        var mark = await scene.MarkOf("A-0001");
        if (automatic)
        {
            Assert.Equal((1, MarkState.Released, "Twice not at the accounting system, with the quiet time between, and the integration allows automatic release."), (second.Released, mark.State, mark.Reason));
            return;
        }
        var held = Assert.Single(second.InDoubt);
        Assert.Equal(("Twice not at the accounting system, with the quiet time between. Look there for its key, then decide.", null), (held.Why, held.AskAgainAt));
        Assert.Equal(MarkState.InDoubt, mark.State);
    }

    [Fact]
    public async Task An_absence_that_is_found_late_is_the_first_one_and_another_quiet_time_has_to_pass()
    {
        var system = Unanswered(ProofClass.Readable, automatic: true);
        system.Mute = "Nobody answers.";
        await using var scene = await InDoubtAsync(system);
        scene.Clock.Advance(Quiet * 2);
        var now = scene.Clock.GetUtcNow();
        system.Mute = null;
        Assert.Equal(now + Quiet, Assert.Single((await scene.ReconcileAsync()).InDoubt).AskAgainAt);
        scene.Clock.Advance(Quiet - Moment);
        Assert.Equal(0, (await scene.ReconcileAsync()).Released);
        scene.Clock.Advance(Moment);
        Assert.Equal(1, (await scene.ReconcileAsync()).Released);
    }

    [Fact]
    public async Task What_is_found_is_exported_with_what_the_accounting_system_says_of_it_and_asked_for_as_it_was_sent()
    {
        var system = Unanswered(ProofClass.Readable);
        await using var scene = await InDoubtAsync(system);
        system.Finding = claim => new ReadBackFinding.Present(claim.ClaimId, Evidence.Received, "import line 7");
        var report = await scene.ReconcileAsync();
        Assert.Equal((1, 0), (report.Found, report.Released));
        Assert.Empty(report.InDoubt);
        var mark = await scene.MarkOf("A-0001");
        Assert.Equal((MarkState.Exported, Evidence.Received, "import line 7"), (mark.State, mark.Evidence, mark.Acknowledgement));
        var started = (await scene.Store.ListAttemptsAsync(A.Org, 1, Cancel)).Single(row => row.Step == AttemptStep.Started).At;
        Assert.Equal(new ExpectedClaim("A-0001", mark.ExportKey, "4711", "NOK", 101, A.Day(5).AddMinutes(1), started), system.Asked[1].Single());
    }

    [Fact]
    public async Task What_stands_there_otherwise_than_it_was_sent_is_for_a_person()
    {
        var system = Unanswered(ProofClass.Unique);
        await using var scene = await InDoubtAsync(system);
        system.Finding = claim => new ReadBackFinding.Conflict(claim.ClaimId, "twice.");
        scene.Clock.Advance(Quiet * 3);
        var held = Assert.Single((await scene.ReconcileAsync()).InDoubt);
        Assert.Equal(("It stands there, but not as it should: twice.", null), (held.Why, held.AskAgainAt));
        Assert.Equal(MarkState.InDoubt, (await scene.MarkOf("A-0001")).State);
    }

    [Fact]
    public async Task What_went_under_other_settings_is_not_released_by_the_silence_of_these()
    {
        var system = Unanswered(ProofClass.Unique);
        await using var scene = await InDoubtAsync(system);
        await scene.UseAsync("""{"exporter":"generic","transport":"api","format":"json","api":{"endpoint":"http://127.0.0.1:10/","proofClass":"unique"}}""");
        scene.Clock.Advance(Quiet * 3);
        var report = await scene.ReconcileAsync();
        Assert.Equal(0, report.Released);
        var held = Assert.Single(report.InDoubt);
        Assert.Equal(("Not at this accounting system, but it was sent under other settings of the integration, which may have led elsewhere. Look there for its key, then decide.", null), (held.Why, held.AskAgainAt));

        // Presence proves wherever it is found.
        system.Finding = claim => new ReadBackFinding.Present(claim.ClaimId, Evidence.Booked, "V-1");
        Assert.Equal(1, (await scene.ReconcileAsync()).Found);
    }

    [Theory]
    [InlineData("The answer was lost.", "The answer was lost. ")]
    [InlineData("the answer was lost", "the answer was lost. ")]
    [InlineData("What now?", "What now? ")]
    [InlineData("No!", "No! ")]
    [InlineData("It says:", "It says: ")]
    public async Task Where_nothing_can_be_asked_a_person_is_told_what_is_known_and_nothing_is_asked(string known, string told)
    {
        var system = Unanswered(ProofClass.Blind, why: known);
        await using var scene = await InDoubtAsync(system);
        scene.Clock.Advance(Quiet * 3);
        var report = await scene.ReconcileAsync(all: true);
        var held = Assert.Single(report.InDoubt);
        Assert.Equal((told + "This accounting system cannot be asked. Look there for its key, then decide.", null), (held.Why, held.AskAgainAt));
        Assert.Empty(system.Asked);
        Assert.Equal((0, null), (report.Raised, report.Compared));
    }

    [Fact]
    public async Task When_nobody_answers_it_may_be_asked_again_at_once()
    {
        var system = Unanswered(ProofClass.Readable);
        system.Mute = "Nobody answers.";
        await using var scene = await InDoubtAsync(system);
        scene.Clock.Advance(Quiet);
        var report = await scene.ReconcileAsync();
        Assert.Equal("Nobody answers.", report.Failure);
        var held = Assert.Single(report.InDoubt);
        Assert.Equal(("The answer was lost. The accounting system could not be asked: Nobody answers.", scene.Clock.GetUtcNow()), (held.Why, held.AskAgainAt));
    }

    [Fact]
    public async Task Who_is_fenced_off_while_they_ask_settles_nothing()
    {
        var system = Unanswered(ProofClass.Readable);
        await using var scene = await InDoubtAsync(system);
        system.Finding = claim => new ReadBackFinding.Present(claim.ClaimId, Evidence.Booked, "V-1");
        scene.TakeOverWhenAsked();
        Assert.IsType<ReconcileOutcome.TakenOver>(await EngineScene.Soon(scene.First().ReconcileAsync(new ReconcileRequest(A.Org, "kari"), Cancel)));
        Assert.Equal(MarkState.InDoubt, (await scene.MarkOf("A-0001")).State);
    }

    [Fact]
    public async Task More_than_a_page_is_asked_for_page_by_page_until_somebody_stops_it()
    {
        var system = Unanswered(ProofClass.Readable, batch: 2 * Reconciler.Page);
        system.Mute = "Not now.";
        await using var scene = await InDoubtAsync(system, claims: Reconciler.Page + 2);
        system.Mute = null;
        system.Finding = claim => new ReadBackFinding.Present(claim.ClaimId, Evidence.Booked, "V-1");
        using var stop = new CancellationTokenSource();
        system.BeforeReadBack = () =>
        {
            stop.Cancel();
            return Task.CompletedTask;
        };
        var before = system.Asked.Count;
        Assert.Equal(Reconciler.Page, (await scene.ReconcileAsync(stop: stop)).Found);
        Assert.Equal([Reconciler.Page], system.Asked.Skip(before).Select(asked => asked.Count));
        system.BeforeReadBack = null;
        system.Finding = null;
        var rest = await scene.ReconcileAsync();
        Assert.Equal(["A-1001", "A-1002"], rest.InDoubt.Select(held => held.ClaimId));
    }

    [Fact]
    public async Task Of_many_that_stay_in_doubt_a_thousand_are_named()
    {
        var system = Unanswered(ProofClass.Blind, batch: 2 * Reconciler.Page);
        await using var scene = await InDoubtAsync(system, claims: Reconciler.Page + 2);
        var ended = Assert.IsType<ReconcileOutcome.Ended>(await EngineScene.Soon(scene.First().ReconcileAsync(new ReconcileRequest(A.Org, "kari"), Cancel)));
        Assert.Equal((ReconcileReport.MostNamed, Reconciler.Page + 2L), (ended.Report.InDoubt.Count, ended.InDoubt));
    }

    private static ScriptedSystem Unanswered(ProofClass proof, bool automatic = false, string why = "The answer was lost.", int batch = 1) => new(proof)
    {
        QuietTime = Quiet,
        AutomaticRelease = automatic,
        ClaimsPerBatch = batch,
        Retry = new(1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), Jitter: 0),
        Answer = (_, _) => Task.FromResult(ScriptedSystem.Unknown(why)),
    };

    /// <summary>After a run whose requests had no answer.</summary>
    private static async Task<EngineScene> InDoubtAsync(ScriptedSystem system, int claims = 1)
    {
        var scene = await EngineScene.CreateAsync(system, claims);
        var report = await EngineScene.EndOf(scene.RunAsync());
        Assert.Equal(claims, report.Run.Counters.InDoubt);
        return scene;
    }
}
