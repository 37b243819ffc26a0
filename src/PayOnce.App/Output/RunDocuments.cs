using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Output;

/// <summary><c>sync</c>, also with <c>--dry-run</c>, and <c>claims re-export</c></summary>
/// <param name="Status">A run's status, or <c>dry_run</c>, or <c>busy</c> when nothing was started.</param>
/// <param name="TotalClaims">Claims in the run's scope: those that were free to go and the skipped duplicates.</param>
/// <param name="Released">Claims taken and given back because the run ended before anything left.</param>
/// <param name="Waiting">Claims of the organisation that wait after the run.</param>
/// <param name="File">Absolute path where the file was published or saved, otherwise its name; null if there is none.</param>
/// <param name="Manifest">Absolute path of the manifest beside a saved file.</param>
/// <param name="Duplicates">Claims of the scope that earlier runs hold; at most 100 are named.</param>
/// <param name="Recovered">What earlier runs had left behind, as recovery found it.</param>
/// <param name="Proved">Earlier runs whose file was found in its folder: their claims in doubt are exported.</param>
/// <param name="Found">Over an API: claims in doubt that a read-back found at the accounting system; they are exported.</param>
/// <param name="Doubts">Over an API: claims still in doubt, with what is known; at most 1,000 are named.</param>
/// <param name="Unfetched">Earlier files that nobody has fetched.</param>
/// <param name="Message">What a person is told, in full sentences.</param>
internal sealed record SyncDocument(
    string OrganisationId,
    long? RunId,
    string Status,
    long TotalClaims,
    long Exported,
    long SkippedDuplicates,
    long Rejected,
    long InDoubt,
    long Released,
    long Waiting,
    string? File,
    string? FileName,
    string? Manifest,
    string? Sha256,
    IReadOnlyList<AmountDocument> ControlTotals,
    IReadOnlyList<RejectionDocument> Rejections,
    IReadOnlyList<HeldClaimDocument> Duplicates,
    IReadOnlyList<RecoveredDocument> Recovered,
    IReadOnlyList<long> Proved,
    int Found,
    IReadOnlyList<StillInDoubtDocument> Doubts,
    IReadOnlyList<UnfetchedDocument> Unfetched,
    ReExportDocument? ReExport,
    DryRunDocument? DryRun,
    RunningDocument? Busy,
    string? Failure,
    string Message);

/// <summary>What recovery found of one older run.</summary>
internal sealed record RecoveredDocument(long RunId, string Status, long Released, long InDoubt)
{
    public static RecoveredDocument Of(RecoveredRun recovered) =>
        new(recovered.Run.RunId, recovered.Run.Status, recovered.Released, recovered.InDoubt);
}

/// <summary>The new generation that a forced re-export made.</summary>
internal sealed record ReExportDocument(string ClaimId, int Generation, string ExportKey, string Reason);

/// <summary>What a run would export now.</summary>
/// <param name="Sample">The beginning of the file as it would be.</param>
internal sealed record DryRunDocument(long Claims, long Lines, long Bytes, string Sample);

/// <summary><c>runs list</c></summary>
internal sealed record RunsDocument(string OrganisationId, IAsyncEnumerable<RunDocument> Runs);

/// <summary><c>runs show</c></summary>
/// <param name="Duplicates">Claims of its scope that earlier runs hold; at most 100 are named without <c>--claims</c>.</param>
/// <param name="Claims">With <c>--claims</c> every claim the run took last; null otherwise.</param>
internal sealed record RunDetailsDocument(
    string OrganisationId,
    RunDocument Run,
    FileDocument? File,
    IReadOnlyList<RejectionDocument> Rejections,
    IReadOnlyList<HeldClaimDocument> Duplicates,
    IReadOnlyList<AttemptDocument> Attempts,
    IAsyncEnumerable<RunClaimDocument>? Claims);

/// <summary>A claim of a run, by its mark.</summary>
internal sealed record RunClaimDocument(string ClaimId, int Generation, string State, string? Evidence, string ExportKey, string? Acknowledgement, string? Reason);

/// <param name="Trigger"><c>manual</c>, <c>schedule</c>, <c>re-export</c>, <c>adopt</c> or <c>reconcile</c>.</param>
/// <param name="Status">Its state in one word: <c>running</c>, <c>finished</c>, <c>finished_rejections</c>, <c>in_doubt</c>, <c>failed</c>, <c>cancelled</c>, <c>rolled_back</c>.</param>
/// <param name="ApprovedFrom">Claims approved at or after this; null for no bound.</param>
/// <param name="ApprovedBefore">Claims approved before this; null for no bound.</param>
internal sealed record RunDocument(
    long RunId,
    string Trigger,
    string Status,
    string Actor,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? ApprovedFrom,
    DateTimeOffset? ApprovedBefore,
    int? Limit,
    string? ClaimId,
    string Exporter,
    string Format,
    int IntegrationVersion,
    long TotalClaims,
    long Exported,
    long SkippedDuplicates,
    long Rejected,
    long InDoubt,
    long Released,
    string? Failure)
{
    public static RunDocument Of(Run run) => new(
        run.RunId, run.Trigger.Text(), run.Status, run.Actor, run.StartedAt, run.EndedAt, run.Scope.From, run.Scope.Before, run.Scope.Limit, run.Scope.ClaimId,
        run.Exporter, run.Format, run.IntegrationVersion, run.Counters.Total, run.Counters.Exported, run.Counters.SkippedDuplicates, run.Counters.Rejected,
        run.Counters.InDoubt, run.Counters.Released, run.Failure);
}

/// <param name="State"><c>publishing</c>, <c>available</c> or <c>withdrawn</c>.</param>
/// <param name="Folder">The outside folder it was published to; null where it is fetched from PayOnce.</param>
/// <param name="ImportedAs">The voucher a person recorded for its import.</param>
internal sealed record FileDocument(
    string Name,
    string ContentType,
    string Sha256,
    long Bytes,
    long Claims,
    long Lines,
    IReadOnlyList<AmountDocument> ControlTotals,
    string? Folder,
    string State,
    DateTimeOffset? FetchedAt,
    string? ImportedAs)
{
    public static FileDocument Of(RunFile file) => new(
        file.Name, file.ContentType, file.Sha256, file.Bytes, file.Claims, file.Lines, AmountDocument.Of(file.ControlTotals), file.Folder,
        file.State.Text(), file.FetchedAt, file.ImportedAs);
}

/// <summary><c>runs file</c></summary>
/// <param name="File">Absolute path of the saved file.</param>
/// <param name="Manifest">Absolute path of the manifest beside it.</param>
internal sealed record SavedFileDocument(string OrganisationId, long RunId, string File, string Manifest, string FileName, string Sha256, long Bytes);

/// <summary><c>runs roll-back</c></summary>
internal sealed record RolledBackDocument(string OrganisationId, long RunId, long Released, string Reason);

/// <summary><c>runs imported</c></summary>
internal sealed record ImportRecordedDocument(string OrganisationId, long RunId, string Voucher, long Claims);
