using PayOnce.Exporters.Api;
using PayOnce.Reconciliation;
using PayOnce.Runs;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Runs;

/// <summary>What the engine answers to whoever asks it: a run, a dry run or a reconciliation over an API.</summary>
public sealed class ExportEngineTests
{
    private static readonly RunRequest Everything = new(A.Org, "kari");
    private static readonly ReconcileRequest Reconcile = new(A.Org, "kari");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_secret_nothing_begins_and_what_is_missing_is_told()
    {
        await using var scene = await EngineScene.CreateAsync(new ScriptedSystem(ProofClass.Readable), claims: 1);
        scene.Missing = [new Problem("is missing") { Field = "token" }];
        Assert.Equal(scene.Missing, Assert.IsType<RunOutcome.NotReady>(await scene.RunAsync()).Problems);
        Assert.Equal(scene.Missing, Assert.IsType<DryRunOutcome.NotReady>(await scene.First().DryRunAsync(Everything, Cancel)).Problems);
        Assert.Equal(scene.Missing, Assert.IsType<ReconcileOutcome.NotReady>(await scene.First().ReconcileAsync(Reconcile, Cancel)).Problems);
        Assert.Null(await scene.Store.FindRunAsync(A.Org, 1, Cancel));
    }

    [Fact]
    public async Task An_organisation_that_is_not_there_is_told_so()
    {
        await using var scene = await EngineScene.CreateAsync(new ScriptedSystem(ProofClass.Readable), claims: 1);
        Assert.NotEmpty(Assert.IsType<RunOutcome.NotReady>(await scene.First().RunAsync(Everything with { OrganisationId = "nobody" }, null, Cancel)).Problems);
        Assert.NotEmpty(Assert.IsType<DryRunOutcome.NotReady>(await scene.First().DryRunAsync(Everything with { OrganisationId = "nobody" }, Cancel)).Problems);
        Assert.NotEmpty(Assert.IsType<ReconcileOutcome.NotReady>(await scene.First().ReconcileAsync(Reconcile with { OrganisationId = "nobody" }, Cancel)).Problems);
    }

    [Fact]
    public async Task A_dry_run_over_an_api_shows_what_would_be_sent_and_sends_and_marks_nothing()
    {
        var system = new ScriptedSystem(ProofClass.Readable) { ClaimsPerBatch = 2 };
        await using var scene = await EngineScene.CreateAsync(system, claims: 5);
        var report = Assert.IsType<DryRunOutcome.Rendered>(await scene.First().DryRunAsync(Everything, Cancel)).Report;
        // The renderer that the API would be given bytes by, with a separator between the batches of its size.
        var sample = System.Text.Encoding.UTF8.GetString(report.Sample.Span);
        Assert.Equal(5, report.Claims);
        Assert.StartsWith("voucher key claim", sample, StringComparison.Ordinal);
        Assert.Equal(report.Bytes, system.Renderer.Prologue.Length + (2 * system.Renderer.Separator.Length) + system.Renderer.Epilogue.Length + (sample.Length - system.Renderer.Prologue.Length));
        Assert.Empty(system.Sent);
        Assert.Equal(5, (await scene.Store.GetStatusAsync(A.Org, Cancel)).Waiting);
    }

    [Fact]
    public async Task A_dry_run_by_file_shows_the_file()
    {
        await using var scene = await EngineScene.CreateAsync(new ScriptedSystem(ProofClass.Readable), claims: 5);
        await scene.UseAsync(EngineScene.ByFile);
        var report = Assert.IsType<DryRunOutcome.Rendered>(await scene.First().DryRunAsync(Everything, Cancel)).Report;
        Assert.Equal((5, report.Sample.Length), (report.Claims, report.Bytes));
        Assert.Null(await scene.Store.FindRunAsync(A.Org, 1, Cancel));
    }

    [Fact]
    public async Task A_reconciliation_is_a_run_that_says_so_and_settles_what_is_found()
    {
        ScriptedSystem system = null!;
        system = new ScriptedSystem(ProofClass.Readable)
        {
            Answer = (_, batch) =>
            {
                system.Book(batch);
                return Task.FromResult(ScriptedSystem.Unknown("The answer was lost."));
            },
        };
        await using var scene = await EngineScene.CreateAsync(system, claims: 2);
        system.Mute = "Nobody answers.";
        var unproved = await EngineScene.EndOf(scene.RunAsync());
        Assert.Equal(2, unproved.Reconciled!.InDoubt.Count);

        system.Mute = null;
        var ended = Assert.IsType<ReconcileOutcome.Ended>(await scene.First().ReconcileAsync(Reconcile with { All = true }, Cancel));
        Assert.Equal((RunTrigger.Reconcile, RunState.Finished, null), (ended.Run.Trigger, ended.Run.State, ended.Run.Failure));
        Assert.Equal((2, 0L, 0L, null), (ended.Report.Found, ended.InDoubt, ended.Waiting, ended.Report.Failure));
        Assert.Equal(2, ended.Report.Compared);
        Assert.Empty(ended.Report.Differences);
    }

    [Fact]
    public async Task A_reconciliation_that_could_not_ask_has_failed_and_says_why_first_of_what_is_in_doubt()
    {
        var system = new ScriptedSystem(ProofClass.Readable) { Answer = (_, _) => Task.FromResult(ScriptedSystem.Unknown("The answer was lost.")), MuteList = "The list is closed." };
        await using var scene = await EngineScene.CreateAsync(system, claims: 1);
        await EngineScene.EndOf(scene.RunAsync());

        var listless = Assert.IsType<ReconcileOutcome.Ended>(await scene.First().ReconcileAsync(Reconcile with { All = true }, Cancel));
        Assert.Equal((RunState.Failed, "The list is closed."), (listless.Run.State, listless.Report.Failure));

        system.Mute = "Nobody answers.";
        var mute = Assert.IsType<ReconcileOutcome.Ended>(await scene.First().ReconcileAsync(Reconcile with { All = true }, Cancel));
        Assert.Equal((RunState.Failed, "Nobody answers.", mute.Report.Failure), (mute.Run.State, mute.Report.Failure, mute.Run.Failure));
    }

    [Fact]
    public async Task Who_comes_while_another_runs_is_told_or_waits_for_their_turn_until_they_are_stopped()
    {
        var (first, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        ScriptedSystem system = null!;
        system = new ScriptedSystem(ProofClass.Readable)
        {
            Answer = async (number, batch) =>
            {
                first.TrySetResult();
                if (number == 1) await goOn.Task;
                return system.Book(batch);
            },
        };
        await using var scene = await EngineScene.CreateAsync(system, claims: 1);
        var run = scene.RunAsync();
        await EngineScene.Soon(first.Task);

        Assert.IsType<RunOutcome.Busy>(await EngineScene.Soon(scene.Second().RunAsync(Everything, null, Cancel)));
        Assert.IsType<ReconcileOutcome.Busy>(await EngineScene.Soon(scene.Second().ReconcileAsync(Reconcile, Cancel)));

        using var stop = new CancellationTokenSource();
        var stopped = scene.Second().RunAsync(Everything with { WaitWhenBusy = true }, null, stop.Token);
        await scene.TimersAsync(2);
        stop.Cancel();
        Assert.IsType<RunOutcome.Busy>(await EngineScene.Soon(stopped));
        Assert.IsType<RunOutcome.Busy>(await EngineScene.Soon(scene.Second().RunAsync(Everything with { WaitWhenBusy = true }, null, stop.Token)));

        var waiting = scene.Second().RunAsync(Everything with { WaitWhenBusy = true }, null, Cancel);
        await scene.TimersAsync(2);
        goOn.SetResult();
        await EngineScene.EndOf(run);
        await scene.TimersAsync(1);
        scene.Clock.Advance(ExportEngine.BusyPoll);
        Assert.Equal(2, (await EngineScene.EndOf(waiting)).Run.RunId);
    }

    [Fact]
    public async Task What_an_earlier_run_holds_is_named_in_the_report_and_not_sent_again()
    {
        var system = new ScriptedSystem(ProofClass.Readable);
        await using var scene = await EngineScene.CreateAsync(system, claims: 2);
        Assert.Empty((await EngineScene.EndOf(scene.RunAsync())).Duplicates);
        var again = await EngineScene.EndOf(scene.First().RunAsync(Everything with { ClaimId = "A-0001" }, null, Cancel));
        Assert.Equal(["A-0001"], again.Duplicates.Select(held => held.ClaimId));
        Assert.Equal(2, system.Sent.Count);
    }
}
