using PayOnce.Audit;
using PayOnce.Exporters;
using PayOnce.Guard;
using PayOnce.Stores;

namespace PayOnce.Runs;

/// <summary>
/// A run's claims leave in one file: every batch is reserved with its bytes, and then the file is made available by the commit
/// that marks its claims, or published to an outside folder between two commits.
/// </summary>
internal sealed class FileDelivery(RunScene scene, RunPreparation prepared, IPublishFolder folder, DoubleExportGuard guard, int batchSize) : IDelivery
{
    private readonly Reservation reservation = new(scene, batchSize, prepared.CreateRenderer(scene.Lease.RunId, scene.Clock));

    public IReadOnlyList<ClaimRejection> Rejections => reservation.Rejections;

    public bool Stopped => reservation.Stopped;

    public string? Failure { get; private set; }

    private IStore Store => scene.Store;

    private Lease Lease => scene.Lease;

    public void Dispose() => reservation.Dispose();

    public async Task<bool> RunAsync(CancellationToken stop)
    {
        // P1: reserve batch after batch, each with its frozen bytes.
        if (!await reservation.RunAsync(stop)) return false;
        if (reservation.File.Claims == 0) return true;

        // N1 and P2: the file leaves, and its marks say so.
        var run = await Store.FindRunAsync(Lease.OrganisationId, Lease.RunId, CancellationToken.None) ?? throw new InvalidOperationException($"Run {Lease.RunId} is gone.");
        var settings = prepared.Settings;
        var draft = reservation.File.Draft(Lease.OrganisationId, Lease.RunId, settings.Format, settings.Folder, reservation.LastVoucher);
        var batches = reservation.Batches;
        ReadOnlyMemory<byte> WriteManifest(AuditHead head) => Manifest.Write(Lease.OrganisationId, run, draft, batches, scene.Clock.GetUtcNow(), head);
        var (exported, why) = draft.Folder is null
            ? (await GiveOutAsync(draft, WriteManifest), null)
            : await PublishAsync(draft, WriteManifest);
        Failure = why;
        return exported is not null || why is not null;
    }

    // A file that only PayOnce gives out: the commit that makes it available is the one that marks its claims, so until then it
    // provably reached nobody. Null: fenced off.
    private async Task<RunFile?> GiveOutAsync(FileDraft draft, Func<AuditHead, ReadOnlyMemory<byte>> manifest) =>
        await scene.Watch.HoldAsync() ? await ConfirmAsync(draft, manifest) : null;

    private Task<RunFile?> ConfirmAsync(FileDraft draft, Func<AuditHead, ReadOnlyMemory<byte>> manifest) =>
        scene.Steps.Around(StepNames.Confirm, () => guard.MarkClaimsAsExportedAsync(Lease, draft, manifest, CancellationToken.None));

    // A file for an outside folder. File and manifest are staged first, since staging may fail and leaves nothing; then the durable
    // start, the last look at the deadline, the links, and the marks. What lies between start and link is all that can end in doubt.
    // Both null: fenced off. A reason: it did not leave, or nobody knows.
    private async Task<(RunFile? File, string? Failure)> PublishAsync(FileDraft draft, Func<AuditHead, ReadOnlyMemory<byte>> manifest)
    {
        var frozen = manifest(await Store.GetAuditHeadAsync(Lease.OrganisationId, CancellationToken.None));
        var parcel = new Parcel(folder, draft, frozen);
        var content = RunFileContent.ReadAsync(Store, Lease.OrganisationId, draft.AsRunFile(Lease.RunId), CancellationToken.None);
        if (await parcel.StageAsync(content) is { } unstaged) return await ReleaseAsync(unstaged);

        if (await scene.Steps.Around(StepNames.Start, () => Store.StartFileAsync(Lease, draft, _ => frozen, CancellationToken.None)) is null)
        {
            parcel.Discard();
            return (null, null);
        }
        if (!await scene.Watch.MaySendAsync())
        {
            parcel.Discard();
            return await ReleaseAsync("The lease ran out before the file was published. Nothing left.");
        }
        return await scene.Steps.Around(StepNames.Publish, parcel.PublishAsync) switch
        {
            PublishAnswer.Published => (await ConfirmAsync(draft, manifest), null),
            PublishAnswer.Refused refused => await ReleaseAsync(refused.Why),
            PublishAnswer.Unknown unknown => await DoubtAsync(unknown.Why),
            _ => throw new InvalidOperationException("An answer of the folder that the engine does not know."),
        };
    }

    private async Task<(RunFile?, string?)> ReleaseAsync(string why) =>
        await scene.Steps.Around(StepNames.Release, () => Store.ReleaseFileAsync(Lease, why, CancellationToken.None)) ? (null, why) : (null, null);

    private async Task<(RunFile?, string?)> DoubtAsync(string why) =>
        await scene.Steps.Around(StepNames.Doubt, () => Store.DoubtFileAsync(Lease, why, CancellationToken.None)) ? (null, why) : (null, null);
}
