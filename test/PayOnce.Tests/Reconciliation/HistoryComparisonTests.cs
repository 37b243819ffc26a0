using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Reconciliation;
using PayOnce.Stores;
using PayOnce.Tests.Runs;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Reconciliation;

/// <summary>Comparing what was exported with what the accounting system holds: stronger evidence is kept, differences are told, and no state changes.</summary>
public sealed class HistoryComparisonTests
{
    private static readonly string Key = ExportKey.Derive(A.Org, "A-0001", 0);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Evidence_rises_from_received_to_booked_and_is_not_asked_for_again()
    {
        var system = Received();
        await using var scene = await ExportedAsync(system, claims: 2);
        system.Finding = claim => new ReadBackFinding.Present(claim.ClaimId, claim.ClaimId == "A-0001" ? Evidence.Booked : Evidence.Received, "V-9");
        var report = await scene.ReconcileAsync();
        Assert.Equal((1, null), (report.Raised, report.Compared));
        Assert.Equal([new ExpectedClaim("A-0001", Key, "4711", "NOK", 101, A.Day(5).AddMinutes(1), null)], system.Asked[^1].Take(1));
        var (risen, same) = (await scene.MarkOf("A-0001"), await scene.MarkOf("A-0002"));
        Assert.Equal((Evidence.Booked, "V-9"), (risen.Evidence, risen.Acknowledgement));
        Assert.Equal((Evidence.Received, "line"), (same.Evidence, same.Acknowledgement));

        Assert.Equal(0, (await scene.ReconcileAsync()).Raised);
        Assert.Equal(["A-0002"], system.Asked[^1].Select(claim => claim.ClaimId));
    }

    [Fact]
    public async Task The_whole_history_is_compared_and_what_differs_is_told_and_left_as_it_is()
    {
        var system = new ScriptedSystem(ProofClass.Readable);
        await using var scene = await ExportedAsync(system, claims: 3);
        system.Finding = claim => claim.ClaimId switch
        {
            "A-0001" => new ReadBackFinding.Absent(claim.ClaimId),
            "A-0002" => new ReadBackFinding.Conflict(claim.ClaimId, "102.00 instead of 1.02"),
            _ => new ReadBackFinding.Present(claim.ClaimId, Evidence.Booked, "V-3"),
        };
        var report = await scene.ReconcileAsync(all: true);
        Assert.Equal((3L, 0, null), (report.Compared, report.Raised, report.Failure));
        Assert.Equal(
        [
            new Difference.MissingThere(Key, "A-0001", 0, 1),
            new Difference.NotAlike(ExportKey.Derive(A.Org, "A-0002", 0), "A-0002", 0, "102.00 instead of 1.02"),
        ], report.Differences);
        Assert.Equal(3, (await scene.Store.GetStatusAsync(A.Org, Cancel)).Exported);

        // Booked is the most there is: without the whole history, nothing is asked.
        var asked = system.Asked.Count;
        Assert.Empty((await scene.ReconcileAsync()).Differences);
        Assert.Equal(asked, system.Asked.Count);
    }

    [Fact]
    public async Task Without_the_whole_history_a_difference_is_not_told()
    {
        var system = Received();
        await using var scene = await ExportedAsync(system, claims: 1);
        system.Finding = claim => new ReadBackFinding.Absent(claim.ClaimId);
        system.Keys = _ => throw new InvalidOperationException("Nobody asks for the list.");
        Assert.Empty((await scene.ReconcileAsync()).Differences);
    }

    [Fact]
    public async Task What_the_accounting_system_holds_under_keys_of_our_form_and_no_export_explains_is_told()
    {
        var stranger = ExportKey.Derive("another", "A-0001", 0);
        var system = new ScriptedSystem(ProofClass.Readable);
        await using var scene = await ExportedAsync(system, claims: 2);
        Assert.IsType<ReExportAnswer.Requested>(await scene.Store.RequestReExportAsync(A.Org, "A-0001", "The voucher was deleted.", "kari", Cancel));
        var again = ExportKey.Derive(A.Org, "A-0001", 1);
        system.Keys = after => after switch
        {
            null => new KeyPageAnswer.Page([Held(Key), Held("INV-2026-1")], "2"),
            "2" => new KeyPageAnswer.Page([Held(stranger), Held(stranger)], "3"),
            _ => new KeyPageAnswer.Page([Held(again)], null),
        };
        var report = await scene.ReconcileAsync(all: true);
        Assert.Equal(
            [new Difference.UnknownHere(stranger, null, "at " + stranger), new Difference.UnknownHere(stranger, null, "at " + stranger), new Difference.UnknownHere(again, "A-0001", "at " + again)],
            report.Differences);
        Assert.Null(report.Failure);
    }

    [Fact]
    public async Task Of_many_differences_a_thousand_are_told()
    {
        var system = new ScriptedSystem(ProofClass.Readable);
        await using var scene = await ExportedAsync(system, claims: 1);
        system.Finding = claim => new ReadBackFinding.Absent(claim.ClaimId);
        var strangers = Enumerable.Range(0, 700).Select(number => Held(ExportKey.Derive("another", $"{number}", 0))).ToArray();
        system.Keys = after => new KeyPageAnswer.Page(strangers, after is null ? "2" : null);
        Assert.Equal(ReconcileReport.MostNamed, (await scene.ReconcileAsync(all: true)).Differences.Count);
    }

    [Fact]
    public async Task What_was_compared_before_the_answers_end_is_kept()
    {
        var system = Received();
        await using var scene = await ExportedAsync(system, claims: Reconciler.Page + 1);
        system.Finding = claim => new ReadBackFinding.Present(claim.ClaimId, Evidence.Booked, "V-1");
        system.BeforeReadBack = () =>
        {
            system.BeforeReadBack = () =>
            {
                system.Mute = "Nobody answers.";
                return Task.CompletedTask;
            };
            return Task.CompletedTask;
        };
        var report = await scene.ReconcileAsync(all: true);
        Assert.Equal((1000L, 1000, "Nobody answers."), (report.Compared, report.Raised, report.Failure));
    }

    [Fact]
    public async Task A_stop_ends_the_comparison_after_the_page_that_was_asked_for()
    {
        var system = new ScriptedSystem(ProofClass.Readable) { ClaimsPerBatch = 2000 };
        await using var scene = await ExportedAsync(system, claims: Reconciler.Page + 1);
        using var stop = new CancellationTokenSource();
        system.BeforeReadBack = () =>
        {
            stop.Cancel();
            return Task.CompletedTask;
        };
        system.Keys = _ => throw new InvalidOperationException("Nobody asks for the list.");
        Assert.Equal(1000L, (await scene.ReconcileAsync(all: true, stop)).Compared);
    }

    [Fact]
    public async Task What_was_adopted_without_ever_being_taken_in_is_not_compared()
    {
        var system = new ScriptedSystem(ProofClass.Readable);
        await using var scene = await EngineScene.CreateAsync(system, claims: 0);
        Assert.IsType<AdoptAnswer.Adopted>(await scene.First().AdoptAsync(A.Org, [new AdoptedClaim("OLD-1", "voucher 17")], "Exported before PayOnce came.", "kari"));
        var report = await scene.ReconcileAsync(all: true);
        Assert.Equal((0L, 0), (report.Compared, report.Differences.Count));
        Assert.Empty(system.Asked);
    }

    [Fact]
    public async Task Who_is_fenced_off_while_the_list_is_read_says_nothing_of_it()
    {
        var system = new ScriptedSystem(ProofClass.Readable);
        await using var scene = await ExportedAsync(system, claims: 1);
        system.Keys = after => new KeyPageAnswer.Page([], after is null ? "2" : null);
        scene.AtStep = async step =>
        {
            if (step != "read-back:after") return;
            scene.AtStep = null;
            scene.Clock.Advance(ExportEngine.LeaseDuration / 2);
            Assert.IsType<ReconcileOutcome.Ended>(await scene.Second(firstIsGone: true).ReconcileAsync(new ReconcileRequest(A.Org, "kari"), Cancel));
        };
        Assert.IsType<ReconcileOutcome.TakenOver>(await EngineScene.Soon(scene.First().ReconcileAsync(new ReconcileRequest(A.Org, "kari", All: true), Cancel)));
    }

    [Fact]
    public async Task Evidence_that_rises_after_another_has_taken_over_is_not_kept()
    {
        var system = Received();
        await using var scene = await ExportedAsync(system, claims: 1);
        system.Finding = claim => new ReadBackFinding.Present(claim.ClaimId, Evidence.Booked, "V-9");
        scene.TakeOverWhenAsked();
        Assert.IsType<ReconcileOutcome.TakenOver>(await EngineScene.Soon(scene.First().ReconcileAsync(new ReconcileRequest(A.Org, "kari"), Cancel)));
        Assert.Equal(Evidence.Received, (await scene.MarkOf("A-0001")).Evidence);
    }

    private static HeldKey Held(string key) => new(key, null, null, "at " + key);

    /// <summary>A system that says of each claim that it is an import line.</summary>
    private static ScriptedSystem Received() => new(ProofClass.Readable)
    {
        ClaimsPerBatch = 2000,
        Answer = (_, batch) => Task.FromResult<SendAnswer>(new SendAnswer.Answered([.. batch.Claims.Select(claim => new ClaimAnswer.Accepted(claim.ClaimId, Evidence.Received, "line"))]) { HttpStatus = 200 }),
    };

    private static async Task<EngineScene> ExportedAsync(ScriptedSystem system, int claims)
    {
        var scene = await EngineScene.CreateAsync(system, claims);
        Assert.Equal(claims, (await EngineScene.EndOf(scene.RunAsync())).Run.Counters.Exported);
        return scene;
    }
}
