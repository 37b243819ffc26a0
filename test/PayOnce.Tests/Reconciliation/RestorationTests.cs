using System.Text.Json.Nodes;
using PayOnce.Audit;
using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.History;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Runs;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Reconciliation;

/// <summary>A database that was put back from a backup: what has to be known before anything is sent, and what a person is told until it is.</summary>
public sealed class RestorationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_accounting_system_holds_is_marked_exported_and_only_the_rest_is_sent()
    {
        var system = new ScriptedSystem(ProofClass.Readable);
        await using var scene = await PutBackAsync(system, claims: 3);
        system.Finding = claim => claim.ClaimId == "A-0002" ? new ReadBackFinding.Present(claim.ClaimId, Evidence.Booked, "V-2") : new ReadBackFinding.Absent(claim.ClaimId);
        var report = await EngineScene.EndOf(scene.RunAsync());
        Assert.Equal((RunState.Finished, null), (report.Run.State, report.Run.Failure));
        Assert.Equal(["A-0001", "A-0003"], system.Sent.SelectMany(batch => batch.Claims).Select(claim => claim.ClaimId).Order());
        var found = await scene.MarkOf("A-0002");
        Assert.Equal((MarkState.Exported, Evidence.Booked, "V-2"), (found.State, found.Evidence, found.Acknowledgement));
        // When they were sent is forgotten: the search is not narrowed by time.
        Assert.Equal([("A-0001", null), ("A-0002", null), ("A-0003", (DateTimeOffset?)null)], system.Asked[0].Select(claim => (claim.ClaimId, claim.SentSince)));
        Assert.Equal(new ExpectedClaim("A-0001", ExportKey.Derive(A.Org, "A-0001", 0), "4711", "NOK", 101, A.Day(5).AddMinutes(1), null), system.Asked[0][0]);
        Assert.Null(await scene.Store.FindRestoreModeAsync(A.Org, Cancel));
    }

    [Fact]
    public async Task What_stands_there_otherwise_keeps_restore_mode_on_and_five_are_named()
    {
        var system = new ScriptedSystem(ProofClass.Readable);
        await using var scene = await PutBackAsync(system, claims: 6);
        system.Finding = claim => new ReadBackFinding.Conflict(claim.ClaimId, "twice");
        await IsHeldAsync(scene, system, "claims stand at the accounting system, but not as they should (claim A-0001: twice; claim A-0002: twice; claim A-0003: twice; claim A-0004: twice; claim A-0005: twice). Register them with `payonce claims adopt`, then run again.");
    }

    [Fact]
    public async Task Keys_that_no_claim_here_has_keep_it_on_and_five_are_named()
    {
        var system = new ScriptedSystem(ProofClass.Readable);
        await using var scene = await PutBackAsync(system, claims: 1);
        var strangers = Enumerable.Range(1, 6).Select(number => ExportKey.Derive(A.Org, $"LATER-{number}", 0)).ToArray();
        system.Keys = _ => new KeyPageAnswer.Page([.. strangers.Select(key => new HeldKey(key, null, null, "V"))], null);
        await IsHeldAsync(scene, system, $"6 references of PayOnce's form stand at the accounting system that no claim here has ({string.Join(", ", strangers.Take(5).Select(key => $"{key} as V"))}): claims taken in after the backup. "
            + "Import those again and run again; or end restore mode with `payonce restore end`.");
    }

    [Fact]
    public async Task A_claim_that_is_there_in_the_list_and_was_not_found_by_its_key_keeps_it_on()
    {
        var system = new ScriptedSystem(ProofClass.Readable);
        await using var scene = await PutBackAsync(system, claims: 2);
        system.Keys = _ => new KeyPageAnswer.Page([new HeldKey(ExportKey.Derive(A.Org, "A-0002", 0), null, null, "V")], null);
        await IsHeldAsync(scene, system, "1 claims stand at the accounting system that could leave here and were not found when it was asked. Run again.");
    }

    [Fact]
    public async Task While_nobody_answers_it_stays_on()
    {
        var system = new ScriptedSystem(ProofClass.Readable) { Mute = "Nobody answers." };
        await using var scene = await PutBackAsync(system, claims: 1);
        await IsHeldAsync(scene, system, "the accounting system could not be asked: Nobody answers.");
        system.Mute = null;
        system.MuteList = "The list is closed.";
        await IsHeldAsync(scene, system, "the accounting system could not be asked: The list is closed.");
    }

    [Fact]
    public async Task Absence_counts_when_the_quiet_time_since_it_was_put_back_is_over_and_not_before()
    {
        var quiet = TimeSpan.FromMinutes(10);
        var system = new ScriptedSystem(ProofClass.Readable) { QuietTime = quiet };
        await using var scene = await PutBackAsync(system, claims: 1);
        var over = scene.Clock.GetUtcNow() + quiet;
        await IsHeldAsync(scene, system, FormattableString.Invariant($"absence at the accounting system proves nothing before {over:HH:mm:ss} UTC. Run again then."));
        scene.Clock.Advance(quiet - TimeSpan.FromMilliseconds(1));
        Assert.Equal(RunState.Failed, (await EngineScene.EndOf(scene.RunAsync())).Run.State);
        scene.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(RunState.Finished, (await EngineScene.EndOf(scene.RunAsync())).Run.State);
    }

    [Fact]
    public async Task Where_nothing_can_be_asked_a_person_has_to_end_it()
    {
        var system = new ScriptedSystem(ProofClass.Blind);
        await using var scene = await PutBackAsync(system, claims: 1);
        await IsHeldAsync(scene, system, "this integration cannot be asked what it holds. Register what was exported since the backup with `payonce claims adopt`, then end restore mode with `payonce restore end`.");
        Assert.True(await scene.Store.EndRestoreAsync(A.Org, "looked there", "kari", Cancel));
        Assert.Equal(RunState.Finished, (await EngineScene.EndOf(scene.RunAsync())).Run.State);
    }

    [Fact]
    public async Task Where_the_settings_lead_elsewhere_now_their_silence_proves_nothing()
    {
        var system = new ScriptedSystem(ProofClass.Readable);
        await using var scene = await EngineScene.CreateAsync(system, claims: 1);
        await EngineScene.EndOf(scene.RunAsync());
        await scene.TakeInAsync(2);
        await scene.PutBackAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await scene.UseAsync("""{"exporter":"generic","transport":"api","format":"json","api":{"endpoint":"http://127.0.0.1:10/","proofClass":"unique"}}""");
        var report = await EngineScene.EndOf(scene.RunAsync());
        Assert.EndsWith(
            "): what was exported since the backup may have gone to generic at http://127.0.0.1:9/, where these settings do not lead. Ask there, register what was exported since with `payonce claims adopt`, then end restore mode with `payonce restore end`.",
            report.Run.Failure, StringComparison.Ordinal);
        Assert.Single(system.Sent);
    }

    [Fact]
    public async Task Claims_that_were_adopted_since_the_backup_are_registered_again_by_a_person()
    {
        var system = new ScriptedSystem(ProofClass.Readable);
        await using var scene = await PutBackAsync(system, claims: 1);
        await scene.AdoptedElsewhereAsync();
        await IsHeldAsync(scene, system, "what the accounting system holds was found and marked exported. But claims were adopted since the backup as well, which it cannot be asked for: "
            + "register them again with `payonce claims adopt`, then end restore mode with `payonce restore end`.");
    }

    [Fact]
    public async Task By_file_nothing_can_be_asked_either()
    {
        var system = new ScriptedSystem(ProofClass.Readable);
        await using var scene = await PutBackAsync(system, claims: 1);
        await scene.UseAsync(EngineScene.ByFile);
        await IsHeldAsync(scene, system, "this integration cannot be asked what it holds. Register what was exported since the backup with `payonce claims adopt`, then end restore mode with `payonce restore end`.");
    }

    [Fact]
    public async Task A_reconciliation_ends_it_as_a_run_does_and_says_until_then_why_it_cannot()
    {
        var system = new ScriptedSystem(ProofClass.Readable);
        await using var scene = await PutBackAsync(system, claims: 2);
        system.Finding = claim => new ReadBackFinding.Conflict(claim.ClaimId, "twice");
        Assert.Contains("claim A-0001: twice; claim A-0002: twice", (await scene.ReconcileAsync()).Failure, StringComparison.Ordinal);
        system.Finding = null;
        Assert.Null((await scene.ReconcileAsync()).Failure);
        Assert.Null(await scene.Store.FindRestoreModeAsync(A.Org, Cancel));
        Assert.Empty(system.Sent);
    }

    [Fact]
    public async Task More_claims_than_a_page_are_asked_for_page_by_page_and_counted_in_the_trail()
    {
        var system = new ScriptedSystem(ProofClass.Readable) { ClaimsPerBatch = 2000 };
        await using var scene = await PutBackAsync(system, claims: 1002);
        system.Finding = claim => claim.ClaimId is "A-0001" or "A-1002" ? new ReadBackFinding.Present(claim.ClaimId, Evidence.Booked, "V") : new ReadBackFinding.Absent(claim.ClaimId);
        await EngineScene.EndOf(scene.RunAsync());
        Assert.Equal(1000, system.Sent.Sum(batch => batch.Claims.Count));
        Assert.Equal([1000, 2], system.Asked.Take(2).Select(asked => asked.Count));
        var ended = Assert.Single((await ((IHistoryStore)scene.Store).PageAuditAsync(A.Org, new AuditFilter(Actions: [AuditActions.RestoreEnded]), new ListRequest(10), Cancel)).Page.Rows);
        Assert.Equal("every claim's key was read back: 1002 asked for, 2 found and marked exported", JsonNode.Parse(ended.Details)!["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Who_is_fenced_off_while_they_ask_marks_nothing()
    {
        var system = new ScriptedSystem(ProofClass.Readable);
        await using var scene = await PutBackAsync(system, claims: 1);
        system.Finding = claim => new ReadBackFinding.Present(claim.ClaimId, Evidence.Booked, "V-1");
        scene.TakeOverWhenAsked();
        await EngineScene.FencedOff(scene.RunAsync());
        Assert.Empty((await scene.Store.FindClaimAsync(A.Org, "A-0001", Cancel))!.Marks);
        Assert.NotNull(await scene.Store.FindRestoreModeAsync(A.Org, Cancel));
    }

    /// <summary>A run sends nothing, and says so with these words.</summary>
    private static async Task IsHeldAsync(EngineScene scene, ScriptedSystem system, string why)
    {
        var report = await EngineScene.EndOf(scene.RunAsync());
        var mode = await scene.Store.FindRestoreModeAsync(A.Org, Cancel);
        Assert.NotNull(mode);
        Assert.Equal((RunState.Failed, $"Nothing is sent in restore mode ({mode.Reason}): {why}"), (report.Run.State, report.Run.Failure));
        Assert.Empty(system.Sent);
    }

    private static async Task<EngineScene> PutBackAsync(ScriptedSystem system, int claims)
    {
        var scene = await EngineScene.CreateAsync(system, claims);
        await scene.PutBackAsync();
        return scene;
    }
}
