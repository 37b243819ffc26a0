using PayOnce.Audit;
using PayOnce.Exporters;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce;

/// <summary>
/// THE FLOW: lease → recover → count → reserve → send → confirm → finish. Read it from top to bottom; each step is one call
/// through a seam, with a stable name before and after it.
/// </summary>
/// <param name="store">Storage, with the guard as its unique key.</param>
/// <param name="folder">The outside folder that an integration may publish its files to.</param>
/// <param name="clock">Deadlines and dates for people; leases live by the store's own clock.</param>
/// <param name="node">Who we are in the lease, and whether another is certainly gone.</param>
/// <param name="steps">Told before and after each step.</param>
/// <param name="batchSize">Candidates in one batch; null for what the store does best.</param>
/// <remarks>
/// A step that changes marks is never cancelled half way: <c>stop</c> ends the run between two batches. No exception is caught
/// here to go on as if nothing had been: what a fault leaves behind is what a crash leaves behind, and the next epoch recovers both.
/// </remarks>
public sealed class ExportEngine(IStore store, IPublishFolder folder, TimeProvider clock, INode node, ISteps steps, int? batchSize = null)
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
    /// <param name="stop">A person's wish to stop: what is reserved by then still goes out, the rest waits.</param>
    /// <exception cref="StoreUnavailableException">The store went away. What was done by then is recovered by the next run.</exception>
    public async Task<RunOutcome> RunAsync(RunRequest request, Action<RunProgress>? progress, CancellationToken stop)
    {
        var (prepared, problems) = await RunPreparation.PrepareAsync(store, request, CancellationToken.None);
        if (prepared is null) return new RunOutcome.NotReady(problems);

        // P0: one run at a time, under an epoch that only rises.
        var leaseTakenAt = clock.GetTimestamp();
        var answer = await TakeLeaseAsync(request, prepared, stop);
        if (answer is LeaseAnswer.Busy busy)
            return new RunOutcome.Busy(busy.Run, TimeLeft.Estimate(busy.Now - busy.Run.StartedAt, busy.Run.Counters.Reserved, busy.Run.Counters.Candidates));
        var lease = ((LeaseAnswer.Taken)answer).Lease;
        var watch = new LeaseWatch(store, clock, lease, LeaseDuration, LeaseMargin, leaseTakenAt);

        // Recovery: nothing that may have left goes back to the queue, nothing that cannot have left stays away from it.
        var recovered = await Step(StepNames.Recover, () => store.RecoverAsync(lease, CancellationToken.None));
        if (recovered is null) return new RunOutcome.TakenOver(lease.RunId);
        if (await ProveDoubtfulFilesAsync(lease) is not { } proved) return new RunOutcome.TakenOver(lease.RunId);

        // P1: reserve batch after batch, each with its frozen bytes.
        if (await Step(StepNames.Count, () => store.CountScopeAsync(lease, prepared.Scope, CancellationToken.None)) is not { } counted) return new RunOutcome.TakenOver(lease.RunId);
        var renderer = prepared.CreateRenderer(lease.RunId, clock);
        using var reservation = new Reservation(store, steps, clock, lease, watch, prepared.Scope, batchSize ?? store.ReserveSize, renderer, counted.Candidates, progress);
        if (!await reservation.RunAsync(stop)) return new RunOutcome.TakenOver(lease.RunId);

        // N1 and P2: the file leaves, and its marks say so.
        string? failure = null;
        if (reservation.File.Claims > 0)
        {
            var run = await store.FindRunAsync(lease.OrganisationId, lease.RunId, CancellationToken.None) ?? throw new InvalidOperationException($"Run {lease.RunId} is gone.");
            var draft = reservation.File.Draft(lease.OrganisationId, lease.RunId, prepared.Settings.Format, prepared.Settings.Folder, reservation.LastVoucher);
            var batches = reservation.Batches;
            ReadOnlyMemory<byte> WriteManifest(AuditHead head) => Manifest.Write(lease.OrganisationId, run, draft, batches, clock.GetUtcNow(), head);
            var (exported, why) = draft.Folder is null
                ? (await ConfirmAsync(lease, draft, WriteManifest), null)
                : await PublishAsync(lease, watch, draft, WriteManifest);
            if (exported is null && why is null) return new RunOutcome.TakenOver(lease.RunId);
            failure = why;
        }

        var state = failure is not null ? RunState.Failed : reservation.Stopped ? RunState.Cancelled : RunState.Finished;
        if (!await Step(StepNames.Finish, () => store.FinishRunAsync(lease, state, failure, CancellationToken.None))) return new RunOutcome.TakenOver(lease.RunId);
        return new RunOutcome.Ended(await ReportAsync(lease, reservation, recovered, proved));
    }

    /// <summary>Renders everything the request is about and validates it; sends and marks nothing.</summary>
    public async Task<DryRunOutcome> DryRunAsync(RunRequest request, CancellationToken stop)
    {
        var (prepared, problems) = await RunPreparation.PrepareAsync(store, request, stop);
        return prepared is null
            ? new DryRunOutcome.NotReady(problems)
            : new DryRunOutcome.Rendered(await DryRun.RenderAsync(store, request.OrganisationId, prepared.Scope, prepared.CreateRenderer(runId: 0, clock), batchSize ?? store.ReserveSize, stop));
    }

    private async Task<LeaseAnswer> TakeLeaseAsync(RunRequest request, RunPreparation prepared, CancellationToken stop)
    {
        while (true)
        {
            var ask = prepared.LeaseRequest(request, node.Holder, LeaseDuration, clock);
            var answer = await Step(StepNames.Lease, () => store.TakeLeaseAsync(ask, node.IsGone, CancellationToken.None));
            if (answer is LeaseAnswer.Taken || !request.WaitWhenBusy || stop.IsCancellationRequested) return answer;
            try
            {
                await Task.Delay(BusyPoll, clock, stop);
            }
            catch (OperationCanceledException)
            {
                return answer;
            }
        }
    }

    // A file that a dead process was publishing: if it stands in its folder with our checksum, it left. Absence proves nothing
    // where others empty the folder, so then its claims stay in doubt, in front of a person.
    private async Task<IReadOnlyList<long>?> ProveDoubtfulFilesAsync(Lease lease)
    {
        var proved = new List<long>();
        foreach (var file in await store.ListDoubtfulFilesAsync(lease.OrganisationId, CancellationToken.None))
        {
            if (await folder.FindAsync(file.Folder!, file.Name, file.Sha256, CancellationToken.None) is not FolderFinding.Present) continue;
            if (!await Step(StepNames.Settle, () => store.ProveFileAsync(lease, file.RunId, $"{file.Name} was found in {file.Folder} with its checksum.", CancellationToken.None))) return null;
            folder.Discard(file.Folder!, file.Name);
            proved.Add(file.RunId);
        }
        return proved;
    }

    // A file that only PayOnce gives out: the commit that makes it available is the one that marks its claims, so until then it
    // provably reached nobody.
    private Task<RunFile?> ConfirmAsync(Lease lease, FileDraft draft, Func<AuditHead, ReadOnlyMemory<byte>> manifest) =>
        Step(StepNames.Confirm, () => guard.MarkClaimsAsExportedAsync(lease, draft, manifest, CancellationToken.None));

    // A file for an outside folder. File and manifest are staged first, since staging may fail and leaves nothing; then the durable
    // start, the last look at the deadline, the links, and the marks. What lies between start and link is all that can end in doubt.
    // Both null: fenced off. A reason: it did not leave, or nobody knows.
    private async Task<(RunFile? File, string? Failure)> PublishAsync(Lease lease, LeaseWatch watch, FileDraft draft, Func<AuditHead, ReadOnlyMemory<byte>> manifest)
    {
        var frozen = manifest(await store.GetAuditHeadAsync(lease.OrganisationId, CancellationToken.None));
        var parcel = new Parcel(folder, draft, frozen);
        var content = RunFileContent.ReadAsync(store, lease.OrganisationId, draft.AsRunFile(lease.RunId), CancellationToken.None);
        if (await parcel.StageAsync(content) is { } unstaged) return await ReleaseAsync(lease, unstaged);

        if (await Step(StepNames.Start, () => store.StartFileAsync(lease, draft, _ => frozen, CancellationToken.None)) is null)
        {
            parcel.Discard();
            return (null, null);
        }
        if (!await watch.MaySendAsync())
        {
            parcel.Discard();
            return await ReleaseAsync(lease, "The lease ran out before the file was published. Nothing left.");
        }
        return await Step(StepNames.Publish, parcel.PublishAsync) switch
        {
            PublishAnswer.Published => (await ConfirmAsync(lease, draft, manifest), null),
            PublishAnswer.Refused refused => await ReleaseAsync(lease, refused.Why),
            PublishAnswer.Unknown unknown => await DoubtAsync(lease, unknown.Why),
            _ => throw new InvalidOperationException("An answer of the folder that the engine does not know."),
        };
    }

    private async Task<(RunFile?, string?)> ReleaseAsync(Lease lease, string why) =>
        await Step(StepNames.Release, () => store.ReleaseFileAsync(lease, why, CancellationToken.None)) ? (null, why) : (null, null);

    private async Task<(RunFile?, string?)> DoubtAsync(Lease lease, string why) =>
        await Step(StepNames.Doubt, () => store.DoubtFileAsync(lease, why, CancellationToken.None)) ? (null, why) : (null, null);

    private async Task<RunReport> ReportAsync(Lease lease, Reservation reservation, IReadOnlyList<RecoveredRun> recovered, IReadOnlyList<long> proved)
    {
        var organisation = lease.OrganisationId;
        var run = await store.FindRunAsync(organisation, lease.RunId, CancellationToken.None) ?? throw new InvalidOperationException($"Run {lease.RunId} is gone.");
        var file = await store.FindFileAsync(organisation, lease.RunId, CancellationToken.None);
        var duplicates = run.Counters.SkippedDuplicates == 0 ? [] : await store.ListRunDuplicatesAsync(organisation, lease.RunId, null, RunReport.MaximumDuplicates, CancellationToken.None);
        var status = await store.GetStatusAsync(organisation, CancellationToken.None);
        var path = file is { Folder: { } outside, State: RunFileState.Available } ? Path.Combine(outside, file.Name) : null;
        return new RunReport(run, file is { State: RunFileState.Withdrawn } ? null : file, path, reservation.Rejections, duplicates, recovered, proved, status.Waiting);
    }

    private async Task<T> Step<T>(string name, Func<Task<T>> call)
    {
        await steps.At(StepNames.Before(name));
        var answer = await call();
        await steps.At(StepNames.After(name));
        return answer;
    }
}
