using PayOnce.Audit;
using PayOnce.Claims;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

/// <summary>Every method of the contract, so that what must hold for each of them is said once.</summary>
public abstract partial class StoreConformance
{
    /// <param name="Event">The audit event it must append; null for none.</param>
    /// <param name="Prepare">Brings the store to where the step can be done, and returns the step.</param>
    private sealed record WritingStep(string? Event, Func<StoreConformance, Task<Func<CancellationToken, Task<object?>>>> Prepare);

    public static TheoryData<string> WritingStepNames => [.. WritingSteps.Keys];

    /// <summary>Methods that write, by name; what follows a space tells cases of one method apart.</summary>
    private static readonly Dictionary<string, WritingStep> WritingSteps = new()
    {
        // Its event is the first of the new organisation's own trail.
        ["AddOrganisationAsync"] = Step(null, Nothing, (store, _, cancel) => store.AddOrganisationAsync(A.Organisation("third"), "kari", cancel)),
        ["SaveIntegrationAsync"] = Step(AuditActions.IntegrationChanged, Nothing, (store, _, cancel) => store.SaveIntegrationAsync(A.Org, """{"exporter":"generic"}""", "kari", cancel)),
        ["TakeInAsync"] = Step(AuditActions.ClaimsTakenIn, Exported, (store, _, cancel) => store.TakeInAsync(A.Org, [.. A.Records(4), A.Record("BAD-1", 9), A.Record("a-0002"), A.Record("A-0001", 5)], "claims.csv", "kari", cancel)),
        ["WithdrawAsync"] = Step(AuditActions.ClaimsWithdrawn, Leased, (store, _, cancel) => store.WithdrawAsync(A.Org, ["B-0001", "B-0002", "BAD-1", "A-0001", "A-0002", "NOBODY"], "approved by mistake", "kari", cancel)),
        ["AdoptAsync"] = Step(AuditActions.ClaimsAdopted, Exported, (store, _, cancel) => store.AdoptAsync(A.Org, [new("A-0001", "V"), new("OLD", "V")], "cut-over", "kari", "node-1", cancel)),
        ["TakeLeaseAsync"] = Step(AuditActions.RunStarted, Exported, (store, _, cancel) => store.TakeLeaseAsync(A.LeaseRequest(), _ => false, cancel)),
        ["TakeLeaseAsync taking over"] = Step(AuditActions.RunStarted, Reserved, (store, _, cancel) => store.TakeLeaseAsync(A.LeaseRequest(holder: "node-2"), _ => true, cancel)),
        ["RenewLeaseAsync"] = Step(null, Reserved, (store, run, cancel) => store.RenewLeaseAsync(run.Lease, TimeSpan.FromHours(2), cancel)),
        ["RecoverAsync of reserved claims"] = Step(AuditActions.RunRecovered, suite => TakenOver(suite, Reserved), (store, run, cancel) => store.RecoverAsync(run.Lease, cancel)),
        ["RecoverAsync of a started file"] = Step(AuditActions.RunRecovered, suite => TakenOver(suite, Started), (store, run, cancel) => store.RecoverAsync(run.Lease, cancel)),
        ["RecoverAsync of a confirmed file"] = Step(AuditActions.RunRecovered, suite => TakenOver(suite, Confirmed), (store, run, cancel) => store.RecoverAsync(run.Lease, cancel)),
        ["CountScopeAsync"] = Step(null, Leased, (store, run, cancel) => store.CountScopeAsync(run.Lease, ClaimScope.Everything, cancel)),
        ["ReserveAsync"] = Step(AuditActions.BatchReserved, Leased, (store, run, cancel) => store.ReserveAsync(run.Lease, new(ClaimScope.Everything, 1, null, 4), (_, claims) => new TextRenderer().Render(claims, 1), cancel)),
        ["RecordTriesAsync starting"] = Step(null, Reserved, (store, run, cancel) => store.RecordTriesAsync(run.Lease, [], [new TryStart(1, 1), new TryStart(2, 1)], cancel)),
        ["RecordTriesAsync to go on with the next try"] = Step(null, Sending, (store, run, cancel) => store.RecordTriesAsync(run.Lease, [new TryEnd(1, 1, AttemptOutcome.Unknown, 500, "The answer was 500.", [])], [new TryStart(1, 2)], cancel)),
        ["RecordTriesAsync ending without a next try"] = Step(null, Sending, (store, run, cancel) => store.RecordTriesAsync(run.Lease, [new TryEnd(1, 1, AttemptOutcome.Unknown, 500, "The answer was 500.", [])], [], cancel)),
        ["RecordTriesAsync settling"] = Step(AuditActions.BatchSettled, Sending, (store, run, cancel) => store.RecordTriesAsync(run.Lease, [run.Ended(1, MarkState.Exported)], [new TryStart(3, 1)], cancel)),
        ["SettleDoubtsAsync"] = Step(AuditActions.DoubtsSettled, Asking, async (store, run, cancel) =>
        {
            var doubts = (await store.ListDoubtfulClaimsAsync(A.Org, null, 100, cancel)).Claims;
            return await store.SettleDoubtsAsync(run.Lease, [new DoubtSettlement.Present(doubts[0], Evidence.Booked, "V-1"), new DoubtSettlement.Release(doubts[1], "absent twice"), new DoubtSettlement.Absent(doubts[2])], cancel);
        }),
        ["RaiseEvidenceAsync"] = Step(AuditActions.EvidenceRaised, async suite =>
        {
            await Exported(suite);
            return await TestRun.TakeAsync(suite.Store);
        }, (store, run, cancel) => store.RaiseEvidenceAsync(run.Lease, [new EvidenceRise("A-0001", 0, Evidence.Booked, "V-1")], cancel)),
        ["AdoptFoundAsync"] = Step(AuditActions.ClaimsFound, Leased, (store, run, cancel) => store.AdoptFoundAsync(run.Lease, [A.Found("B-0001"), A.Found("B-0002"), A.Found("BAD-1"), A.Found("A-0001")], cancel)),
        ["BeginRestoreAsync"] = Step(AuditActions.RestoreBegun, Nothing, async (store, _, cancel) =>
        {
            await store.BeginRestoreAsync(A.Org, "restored from Tuesday's backup", "kari", cancel);
            return true;
        }),
        ["EndRestoreAsync"] = Step(AuditActions.RestoreEnded, async suite =>
        {
            await suite.Store.BeginRestoreAsync(A.Org, "restored from Tuesday's backup", "kari", Cancel);
            return null!;
        }, (store, _, cancel) => store.EndRestoreAsync(A.Org, "every claim was asked for", "kari", cancel)),
        ["EndRestoreAsync of a run"] = Step(AuditActions.RestoreEnded, async suite =>
        {
            await suite.Store.BeginRestoreAsync(A.Org, "restored from Tuesday's backup", "kari", Cancel);
            return await TestRun.TakeAsync(suite.Store);
        }, (store, run, cancel) => store.EndRestoreAsync(run.Lease, "every claim was asked for", cancel)),
        ["SetSecretAsync"] = Step(AuditActions.SecretSet, Nothing, async (store, _, cancel) =>
        {
            await store.SetSecretAsync(A.Org, "token", new byte[] { 1, 2, 3 }, "kari", cancel);
            return true;
        }),
        ["StartFileAsync"] = Step(AuditActions.FileStarted, Reserved, (store, run, cancel) => store.StartFileAsync(run.Lease, run.Draft("/outside"), _ => "{}"u8.ToArray(), cancel)),
        ["ConfirmFileAsync"] = Step(AuditActions.FileExported, Reserved, (store, run, cancel) => store.ConfirmFileAsync(run.Lease, run.Draft(), _ => "{}"u8.ToArray(), cancel)),
        ["ConfirmFileAsync of a started file"] = Step(AuditActions.FileExported, Started, (store, run, cancel) => store.ConfirmFileAsync(run.Lease, run.Draft("/outside"), _ => "{}"u8.ToArray(), cancel)),
        ["ReleaseFileAsync"] = Step(AuditActions.FileReleased, Reserved, (store, run, cancel) => store.ReleaseFileAsync(run.Lease, "no room", cancel)),
        ["ReleaseFileAsync of a started file"] = Step(AuditActions.FileReleased, Started, (store, run, cancel) => store.ReleaseFileAsync(run.Lease, "no room", cancel)),
        ["DoubtFileAsync"] = Step(AuditActions.FileInDoubt, Started, (store, run, cancel) => store.DoubtFileAsync(run.Lease, "no answer", cancel)),
        ["ProveFileAsync"] = Step(AuditActions.FileProved, async suite =>
        {
            await InDoubt(suite);
            return await TestRun.TakeAsync(suite.Store);
        }, (store, run, cancel) => store.ProveFileAsync(run.Lease, run.RunId - 2, "found", cancel)),
        ["FinishRunAsync"] = Step(AuditActions.RunFinished, Confirmed, (store, run, cancel) => store.FinishRunAsync(run.Lease, RunState.Finished, null, cancel)),
        ["FinishRunAsync as failed"] = Step(AuditActions.RunFinished, Leased, (store, run, cancel) => store.FinishRunAsync(run.Lease, RunState.Failed, "no room", cancel)),
        ["RollBackAsync"] = Step(AuditActions.RunRolledBack, Exported, (store, run, cancel) => store.RollBackAsync(A.Org, run.RunId, "wrong period", "kari", cancel)),
        ["RollBackAsync of a run in doubt"] = Step(AuditActions.RunRolledBack, InDoubt, (store, run, cancel) => store.RollBackAsync(A.Org, run.RunId, "nothing arrived", "kari", cancel)),
        ["RecordImportAsync"] = Step(AuditActions.FileImported, Exported, (store, run, cancel) => store.RecordImportAsync(A.Org, run.RunId, "V-1", "kari", cancel)),
        ["RecordImportAsync of a run in doubt"] = Step(AuditActions.FileImported, InDoubt, (store, run, cancel) => store.RecordImportAsync(A.Org, run.RunId, "V-1", "kari", cancel)),
        ["DecideAsync as exported"] = Step(AuditActions.ClaimDecided, InDoubt, (store, _, cancel) => store.DecideAsync(A.Org, "A-0001", MarkState.Exported, "V-1", "kari", cancel)),
        ["DecideAsync as released"] = Step(AuditActions.ClaimDecided, InDoubt, (store, _, cancel) => store.DecideAsync(A.Org, "A-0001", MarkState.Released, "not there", "kari", cancel)),
        ["RequestReExportAsync"] = Step(AuditActions.ReExportForced, Exported, (store, _, cancel) => store.RequestReExportAsync(A.Org, "A-0001", "lost", "kari", cancel)),
        ["NoteFetchedAsync"] = Step(AuditActions.FileFetched, Exported, async (store, run, cancel) =>
        {
            await store.NoteFetchedAsync(A.Org, run.RunId, "kari", cancel);
            return true;
        }),
    };

    /// <summary>Methods that only ask.</summary>
    private static readonly Dictionary<string, Func<StoreConformance, string, long, string, Task<object?>>> Questions = new()
    {
        ["ListOrganisationsAsync"] = async (suite, _, _, _) => await suite.Store.ListOrganisationsAsync(Cancel),
        ["FindOrganisationAsync"] = async (suite, org, _, _) => await suite.Store.FindOrganisationAsync(org, Cancel),
        ["FindIntegrationAsync"] = async (suite, org, _, _) => await suite.Store.FindIntegrationAsync(org, Cancel),
        ["ListIntegrationVersionsAsync"] = async (suite, org, _, _) => await suite.Store.ListIntegrationVersionsAsync(org, null, 100, Cancel),
        ["FindIntegrationVersionAsync"] = async (suite, org, _, _) => await suite.Store.FindIntegrationVersionAsync(org, 1, Cancel),
        ["ListIntegrationsInUseAsync"] = async (suite, org, _, _) => await suite.Store.ListIntegrationsInUseAsync(org, DateTimeOffset.UnixEpoch, Cancel),
        ["FindPageEndAsync"] = async (suite, org, _, _) => await suite.Store.FindPageEndAsync(org, ClaimScope.Everything, null, 1, Cancel),
        ["ListDoubtfulClaimsAsync"] = async (suite, org, _, _) => (await suite.Store.ListDoubtfulClaimsAsync(org, null, 100, Cancel)).Claims,
        ["ListExportedClaimsAsync"] = async (suite, org, _, _) => await suite.Store.ListExportedClaimsAsync(org, belowBooked: false, null, 100, Cancel),
        ["FindKeysAsync"] = async (suite, org, _, claim) => await suite.Store.FindKeysAsync(org, [ExportKey.Derive(A.Org, claim, 0)], Cancel),
        ["ListAdoptionsAsync"] = async (suite, org, _, _) => await suite.Store.ListAdoptionsAsync(org, Cancel),
        ["FindRestoreModeAsync"] = async (suite, org, _, _) => await suite.Store.FindRestoreModeAsync(org, Cancel),
        ["ListRestoreCandidatesAsync"] = async (suite, org, _, _) => (await suite.Store.ListRestoreCandidatesAsync(org, null, 100, Cancel)).Candidates,
        ["FindSecretAsync"] = async (suite, org, _, _) => (await suite.Store.FindSecretAsync(org, "token", Cancel))?.ToArray(),
        ["ListSecretsAsync"] = async (suite, org, _, _) => await suite.Store.ListSecretsAsync(org, Cancel),
        ["FindHeldAsync"] = async (suite, org, _, claim) => await suite.Store.FindHeldAsync(org, [claim], Cancel),
        ["ReadCandidatesAsync"] = async (suite, org, _, _) => await suite.Store.ReadCandidatesAsync(org, ClaimScope.Everything, null, 100, Cancel),
        ["FindClaimAsync"] = async (suite, org, _, claim) => await suite.Store.FindClaimAsync(org, claim, Cancel),
        ["ListClaimsAsync"] = async (suite, org, _, _) => await suite.Store.ListClaimsAsync(org, new ClaimFilter(), null, 100, Cancel),
        ["ListRunsAsync"] = async (suite, org, _, _) => await suite.Store.ListRunsAsync(org, null, 100, Cancel),
        ["FindRunAsync"] = async (suite, org, run, _) => await suite.Store.FindRunAsync(org, run, Cancel),
        ["ListRunMarksAsync"] = async (suite, org, run, _) => await suite.Store.ListRunMarksAsync(org, run, null, 100, Cancel),
        ["ListRunRejectionsAsync"] = async (suite, org, run, _) => await suite.Store.ListRunRejectionsAsync(org, run, Cancel),
        ["ListRunDuplicatesAsync"] = async (suite, org, run, _) => await suite.Store.ListRunDuplicatesAsync(org, run, null, 100, Cancel),
        ["ListAttemptsAsync"] = async (suite, org, run, _) => await suite.Store.ListAttemptsAsync(org, run, Cancel),
        ["FindFileAsync"] = async (suite, org, run, _) => await suite.Store.FindFileAsync(org, run, Cancel),
        ["ListDoubtfulFilesAsync"] = async (suite, org, _, _) => await suite.Store.ListDoubtfulFilesAsync(org, Cancel),
        ["ListUnfetchedFilesAsync"] = async (suite, org, _, _) => await suite.Store.ListUnfetchedFilesAsync(org, Cancel),
        ["ReadBatchesAsync"] = async (suite, org, run, _) => await Dump.BytesAsync(suite.Store, org, run),
        ["CountTakenForRequestAsync"] = async (suite, org, _, _) => await suite.Store.CountTakenForRequestAsync(org, 1, Cancel),
        ["CountWaitingAsync"] = async (suite, org, _, _) => await suite.Store.CountWaitingAsync(org, Cancel),
        ["GetStatusAsync"] = async (suite, org, _, _) => await suite.Store.GetStatusAsync(org, Cancel),
        ["ReadAuditAsync"] = async (suite, org, _, _) => await AssertChainIsWholeAsync(suite.Store, org),
        ["GetAuditHeadAsync"] = async (suite, org, _, _) => await suite.Store.GetAuditHeadAsync(org, Cancel),
        ["CheckAsync"] = async (suite, _, _, _) => await suite.Store.CheckAsync(Cancel),
    };

    private static WritingStep Step<T>(string? told, Func<StoreConformance, Task<TestRun>> prepare, Func<IStore, TestRun, CancellationToken, Task<T>> act) =>
        new(told, async suite =>
        {
            var run = await prepare(suite);
            return async cancel => await act(suite.Store, run, cancel);
        });

    private static Task<TestRun> Nothing(StoreConformance suite) => Task.FromResult<TestRun>(null!);

    /// <summary>Three claims exported in a run, a fourth rejected.</summary>
    private static Task<TestRun> Exported(StoreConformance suite) => suite.ExportAsync([.. A.Records(3), A.Record("BAD-1")]);

    private static Task<TestRun> InDoubt(StoreConformance suite) => suite.LeaveInDoubtAsync([.. A.Records(3), A.Record("BAD-1")]);

    /// <summary>A run that has the lease and eleven claims before it, one of which cannot be rendered and one of which is a new generation.</summary>
    private static async Task<TestRun> Leased(StoreConformance suite)
    {
        await Exported(suite);
        await suite.Store.RequestReExportAsync(A.Org, "A-0001", "lost", "kari", Cancel);
        await suite.TakeInAsync(A.Records(9, "B-"));
        return await TestRun.TakeAsync(suite.Store);
    }

    private static async Task<TestRun> Reserved(StoreConformance suite)
    {
        var run = await Leased(suite);
        await run.CountAsync();
        await run.ReserveAllAsync(4);
        return run;
    }

    private static async Task<TestRun> Started(StoreConformance suite)
    {
        var run = await Reserved(suite);
        Assert.NotNull(await run.StartAsync());
        return run;
    }

    /// <summary>A run over an API whose first two batches are under way.</summary>
    private static async Task<TestRun> Sending(StoreConformance suite)
    {
        var run = await Reserved(suite);
        await run.StartTriesAsync(1, 2);
        return run;
    }

    /// <summary>A run that only asks, with three claims in doubt before it.</summary>
    private static async Task<TestRun> Asking(StoreConformance suite)
    {
        await InDoubt(suite);
        return await TestRun.TakeAsync(suite.Store, A.LeaseRequest(trigger: RunTrigger.Reconcile));
    }

    private static async Task<TestRun> Confirmed(StoreConformance suite)
    {
        var run = await Started(suite);
        Assert.NotNull(await run.ConfirmAsync());
        return run;
    }

    private static async Task<TestRun> TakenOver(StoreConformance suite, Func<StoreConformance, Task<TestRun>> dead)
    {
        await dead(suite);
        return await TestRun.TakeOverAsync(suite.Store);
    }
}
