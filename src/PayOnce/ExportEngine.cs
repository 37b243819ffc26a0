using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Reconciliation;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce;

/// <summary>
/// THE FLOW: lease → recover → reconcile → count → reserve → send → confirm → reconcile → finish. Read it from top to bottom; each
/// step is one call through a seam, with a stable name before and after it. How claims leave stands in <see cref="FileDelivery"/>
/// and <see cref="ApiDelivery"/>.
/// </summary>
/// <param name="store">Storage, with the guard as its unique key.</param>
/// <param name="outside">What lies outside the store: folders, accounting systems, the epochs' witness, chance.</param>
/// <param name="clock">Deadlines and dates for people; leases live by the store's own clock.</param>
/// <param name="node">Who we are in the lease, and whether another is certainly gone.</param>
/// <param name="steps">Told before and after each step.</param>
/// <param name="batchSize">Candidates in one batch of a file; null for what the store does best.</param>
/// <remarks>
/// A step that changes marks is never cancelled half way: <c>stop</c> ends the run between two batches. No exception is caught
/// here to go on as if nothing had been: what a fault leaves behind is what a crash leaves behind, and the next epoch recovers both.
/// </remarks>
public sealed class ExportEngine(IStore store, Outside outside, TimeProvider clock, INode node, ISteps steps, int? batchSize = null)
{
    /// <summary>How long a lease holds without renewal. Long enough for the slowest batch; a dead process on this machine is noticed at once.</summary>
    public static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(60);

    /// <summary>The last part of a lease in which nothing is sent any more.</summary>
    public static readonly TimeSpan LeaseMargin = TimeSpan.FromSeconds(15);

    /// <summary>How often somebody who waits for the lease asks again.</summary>
    public static readonly TimeSpan BusyPoll = TimeSpan.FromMilliseconds(500);

    private readonly DoubleExportGuard guard = new(store);

    /// <summary>Runs an export to its end.</summary>
    /// <param name="progress">Called after each batch; null if nobody looks.</param>
    /// <param name="stop">A person's wish to stop: what is on its way is waited for, and a file gets what is reserved; the rest waits.</param>
    /// <exception cref="StoreUnavailableException">The store went away. What was done by then is recovered by the next run.</exception>
    public async Task<RunOutcome> RunAsync(RunRequest request, Action<RunProgress>? progress, CancellationToken stop)
    {
        using var activity = Telemetry.Activities.StartActivity("run");
        var (prepared, problems) = await RunPreparation.PrepareAsync(store, request, CancellationToken.None);
        if (prepared is null) return new RunOutcome.NotReady(problems);
        if (await prepared.MissingAsync(outside, clock, CancellationToken.None) is { Count: > 0 } missing) return new RunOutcome.NotReady(missing);

        // What was approved or withdrawn where the claims come from, up to now. Before the lease: nobody waits for somebody else's database.
        if (outside.Source is { } source && await source.ReadBeforeRunAsync(request.OrganisationId, stop) is { } unread) return new RunOutcome.NotReady([unread]);

        // P0: one run at a time, under an epoch that only rises.
        var (answer, watch) = await TakeLeaseAsync(request, prepared, stop);
        if (answer is LeaseAnswer.Busy busy) return new RunOutcome.Busy(busy.Run, LeftOf(busy));
        if (answer is LeaseAnswer.Paused paused) return new RunOutcome.Paused(paused.Pause);
        if (answer is LeaseAnswer.RequestLost lost) return new RunOutcome.RequestLost(lost.Request);
        var lease = ((LeaseAnswer.Taken)answer).Lease;
        var takenOver = new RunOutcome.TakenOver(lease.RunId);
        var scene = new RunScene(store, steps, clock, lease, watch!, prepared.Scope, Candidates: 0, progress);
        var (api, gone) = await prepared.OpenApiAsync(outside, lease.RunId, clock, CancellationToken.None);
        await using var opened = api;
        if (gone.Count > 0) return await FinishAsync(scene, RunState.Failed, string.Join("; ", gone), [], [], [], null);

        // Recovery: nothing that may have left goes back to the queue, nothing that cannot have left stays away from it.
        if (await steps.Around(StepNames.Recover, () => store.RecoverAsync(lease, CancellationToken.None)) is not { } recovered) return takenOver;
        if (await new DoubtfulFiles(scene, outside.Folder).ProveAsync() is not { } proved) return takenOver;
        ReconcileReport? reconciled = null;
        if (api is not null && (reconciled = await new Reconciler(scene, api).SettleDoubtsAsync(stop)) is null) return takenOver;

        // What earlier runs of the same request took counts against its limit; what they gave back does not.
        if (request.Request is { } asked && scene.Scope.Limit is { } limit)
        {
            var taken = await store.CountTakenForRequestAsync(lease.OrganisationId, asked.RequestId, CancellationToken.None);
            scene = scene with { Scope = scene.Scope with { Limit = (int)Math.Max(0, limit - taken) } };
        }

        // A database that forgot marks sends nothing before the accounting system was asked.
        if (await RestoredAsync(scene, api) is not { } restored) return takenOver;
        if (restored is RestoreAnswer.Open { Why: var why }) return await FinishAsync(scene, RunState.Failed, why, [], recovered, proved, reconciled);

        // P1, N1, P2: reserve, send, confirm.
        if (await steps.Around(StepNames.Count, () => store.CountScopeAsync(lease, scene.Scope, CancellationToken.None)) is not { } counted) return takenOver;
        scene = scene with { Candidates = counted.Candidates };
        using IDelivery delivery = api is null ? new FileDelivery(scene, prepared, outside.Folder, guard, batchSize ?? store.ReserveSize) : new ApiDelivery(scene, api, outside.Jitter);
        if (!await delivery.RunAsync(stop)) return takenOver;

        // What had no answer may have arrived: presence proves at once.
        if (api is not null)
        {
            if (await new Reconciler(scene, api).SettleDoubtsAsync(CancellationToken.None) is not { } settled) return takenOver;
            reconciled = ReconcileReport.Join(reconciled, settled);
        }
        var state = delivery.Failure is not null ? RunState.Failed : delivery.Stopped ? RunState.Cancelled : RunState.Finished;
        var finished = await FinishAsync(scene, state, delivery.Failure, delivery.Rejections, recovered, proved, reconciled);
        return finished is RunOutcome.Ended { Report: var report } && api is not null ? new RunOutcome.Ended(report with { Warnings = api.Warnings }) : finished;
    }

    /// <summary>Renders everything the request is about and validates it; sends and marks nothing.</summary>
    public async Task<DryRunOutcome> DryRunAsync(RunRequest request, CancellationToken stop)
    {
        var (prepared, problems) = await RunPreparation.PrepareAsync(store, request, stop);
        if (prepared is null) return new DryRunOutcome.NotReady(problems);
        var (api, missing) = await prepared.OpenApiAsync(outside, runId: 0, clock, stop);
        await using var opened = api;
        if (missing.Count > 0) return new DryRunOutcome.NotReady(missing);
        var (renderer, size) = api is null ? (prepared.CreateRenderer(runId: 0, clock), batchSize ?? store.ReserveSize) : (api.Renderer, api.ClaimsPerBatch);
        return new DryRunOutcome.Rendered(await DryRun.RenderAsync(store, request.OrganisationId, prepared.Scope, renderer, size, stop));
    }

    /// <summary>Asks the accounting system what it holds and settles what is in doubt; sends nothing.</summary>
    /// <param name="stop">A person's wish to stop: what was answered by then stays settled.</param>
    public async Task<ReconcileOutcome> ReconcileAsync(ReconcileRequest asked, CancellationToken stop)
    {
        var request = new RunRequest(asked.OrganisationId, asked.Actor) { Trigger = RunTrigger.Reconcile, Request = asked.Request };
        var (prepared, problems) = await RunPreparation.PrepareAsync(store, request, CancellationToken.None);
        if (prepared is null) return new ReconcileOutcome.NotReady(problems);
        var (api, missing) = await prepared.OpenApiAsync(outside, runId: 0, clock, CancellationToken.None);
        await using var opened = api;
        if (missing.Count > 0) return new ReconcileOutcome.NotReady(missing);

        var (answer, watch) = await TakeLeaseAsync(request, prepared, stop);
        if (answer is LeaseAnswer.Busy busy) return new ReconcileOutcome.Busy(busy.Run, LeftOf(busy));
        if (answer is LeaseAnswer.Paused paused) return new ReconcileOutcome.Paused(paused.Pause);
        if (answer is LeaseAnswer.RequestLost lost) return new ReconcileOutcome.RequestLost(lost.Request);
        var lease = ((LeaseAnswer.Taken)answer).Lease;
        var takenOver = new ReconcileOutcome.TakenOver(lease.RunId);
        var scene = new RunScene(store, steps, clock, lease, watch!, prepared.Scope, Candidates: 0, Progress: null);

        if (await steps.Around(StepNames.Recover, () => store.RecoverAsync(lease, CancellationToken.None)) is null) return takenOver;
        if (await new DoubtfulFiles(scene, outside.Folder).ProveAsync() is not { } proved) return takenOver;
        var report = new ReconcileReport { ProvedFiles = proved };
        if (api is not null)
        {
            if (await new Reconciler(scene, api).SettleDoubtsAsync(stop) is not { } settled) return takenOver;
            if (await new HistoryComparison(scene, api).RunAsync(asked.All, stop) is not { } history) return takenOver;
            report = settled with { ProvedFiles = proved, Raised = history.Raised, Compared = history.Compared, Differences = history.Differences, Failure = settled.Failure ?? history.Failure };
        }
        if (await RestoredAsync(scene, api) is not { } restored) return takenOver;
        if (restored is RestoreAnswer.Open { Why: var why }) report = report with { Failure = report.Failure ?? why };
        var state = report.Failure is null ? RunState.Finished : RunState.Failed;
        if (!await steps.Around(StepNames.Finish, () => store.FinishRunAsync(lease, state, report.Failure, CancellationToken.None))) return takenOver;
        var status = await store.GetStatusAsync(lease.OrganisationId, CancellationToken.None);
        return new ReconcileOutcome.Ended(await RunOfAsync(lease), report, status.InDoubt, status.Waiting);
    }

    /// <summary>Registers claims that left before PayOnce came (<see cref="IStore.AdoptAsync"/>), as a run of its own that sends nothing.</summary>
    /// <exception cref="StoreUnavailableException">The store went away. All or nothing is adopted.</exception>
    public async Task<AdoptAnswer> AdoptAsync(string organisationId, IReadOnlyList<AdoptedClaim> claims, string reason, string actor)
    {
        while (true)
        {
            var known = await outside.Epochs.HighestAsync(organisationId, CancellationToken.None);
            var request = new AdoptRequest(organisationId, claims, reason, actor, node.Holder, RunPreparation.NonceOf(node, clock)) { KnownOutside = known };
            var answer = await store.AdoptAsync(request, CancellationToken.None);
            if (answer is not AdoptAnswer.Adopted { Epoch: var epoch }) return answer;
            // A backup of before it has forgotten that they left, and is noticed from here on; one that was put back meanwhile is adopted into anew.
            await outside.Epochs.AdoptedAsync(organisationId, new WitnessedEpoch(epoch, request.Nonce), CancellationToken.None);
            if ((await store.ListAdoptionsAsync(organisationId, CancellationToken.None)).Contains(request.Nonce)) return answer;
        }
    }

    private async Task<(LeaseAnswer Answer, LeaseWatch? Watch)> TakeLeaseAsync(RunRequest request, RunPreparation prepared, CancellationToken stop)
    {
        var came = clock.GetTimestamp();
        while (true)
        {
            var asked = clock.GetTimestamp();
            var known = await outside.Epochs.HighestAsync(request.OrganisationId, CancellationToken.None);
            var ask = prepared.LeaseRequest(request, node, LeaseDuration, clock) with { KnownOutside = known };
            var answer = await steps.Around(StepNames.Lease, () => store.TakeLeaseAsync(ask, node.IsGone, CancellationToken.None));
            if (answer is LeaseAnswer.Taken { Lease: var lease })
            {
                // A database that was put back since the look at the witness gives out an epoch that another run has had (found by the simulator).
                // Nothing is sent under it; the next look tells by the nonce.
                if ((await outside.Epochs.HighestAsync(lease.OrganisationId, CancellationToken.None)).Epoch >= lease.Epoch)
                {
                    await steps.Around(StepNames.Finish, () => store.FinishRunAsync(lease, RunState.Failed, "The database was put back from a backup while the run began. Nothing was sent.", CancellationToken.None));
                    continue;
                }
                await outside.Epochs.RaiseAsync(lease.OrganisationId, new WitnessedEpoch(lease.Epoch, ask.Nonce), CancellationToken.None);
                Telemetry.LeaseTaken(lease.OrganisationId, clock.GetElapsedTime(came));
                return (answer, new LeaseWatch(store, outside.Epochs, clock, lease, ask.Nonce, asked));
            }
            if (answer is not LeaseAnswer.Busy || !request.WaitWhenBusy || stop.IsCancellationRequested) return (answer, null);
            try
            {
                await Task.Delay(BusyPoll, clock, stop);
            }
            catch (OperationCanceledException)
            {
                return (answer, null);
            }
        }
    }

    /// <summary>Whether sending may begin; null if we are fenced off.</summary>
    private async Task<RestoreAnswer?> RestoredAsync(RunScene scene, IAccountingApi? api) =>
        await store.FindRestoreModeAsync(scene.Lease.OrganisationId, CancellationToken.None) is { } mode
            ? await new Restoration(scene, api, outside.Epochs).RunAsync(mode)
            : new RestoreAnswer.Closed(0);

    private async Task<RunOutcome> FinishAsync(
        RunScene scene, RunState state, string? failure, IReadOnlyList<ClaimRejection> rejections, IReadOnlyList<RecoveredRun> recovered, IReadOnlyList<long> proved, ReconcileReport? reconciled)
    {
        var lease = scene.Lease;
        if (!await steps.Around(StepNames.Finish, () => store.FinishRunAsync(lease, state, failure, CancellationToken.None))) return new RunOutcome.TakenOver(lease.RunId);
        var organisation = lease.OrganisationId;
        var run = await RunOfAsync(lease);
        Telemetry.RunEnded(organisation, run);
        var file = await store.FindFileAsync(organisation, lease.RunId, CancellationToken.None);
        var duplicates = run.Counters.SkippedDuplicates == 0 ? [] : await store.ListRunDuplicatesAsync(organisation, lease.RunId, null, RunReport.MaximumDuplicates, CancellationToken.None);
        var waiting = await store.CountWaitingAsync(organisation, CancellationToken.None);
        var path = file is { Folder: { } elsewhere, State: RunFileState.Available } ? Path.Combine(elsewhere, file.Name) : null;
        return new RunOutcome.Ended(new RunReport(run, file is { State: RunFileState.Withdrawn } ? null : file, path, rejections, duplicates, recovered, proved, reconciled, waiting));
    }

    private async Task<Run> RunOfAsync(Lease lease) =>
        await store.FindRunAsync(lease.OrganisationId, lease.RunId, CancellationToken.None) ?? throw new InvalidOperationException($"Run {lease.RunId} is gone.");

    private static TimeSpan? LeftOf(LeaseAnswer.Busy busy) => TimeLeft.Estimate(busy.Now - busy.Run.StartedAt, busy.Run.Counters.Reserved, busy.Run.Counters.Candidates);
}
