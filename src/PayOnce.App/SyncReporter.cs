using PayOnce.App.Output;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App;

/// <summary>Runs the engine, saves a copy of the file where one is wanted, and tells what happened.</summary>
/// <param name="folder">Where <c>--out</c> says the file goes; null if it was not given.</param>
internal sealed class SyncReporter(Call call, IServerStore store, Organisation organisation, string? folder)
{
    private readonly Moments moments = call.Moments(organisation);
    private readonly List<string> sentences = [];

    private string Id => organisation.OrganisationId;

    public async Task<Answer> RunAsync(RunRequest request, ReExportDocument? reExport)
    {
        var engine = call.Engine(store);
        await using var signal = call.StopSignal(store, Id);
        var outcome = await new ProgressDisplay(call).ShowAsync(show => engine.RunAsync(request, progress => show(ProgressDisplay.Of(progress, moments)), signal.Token));
        return outcome switch
        {
            RunOutcome.Ended ended => await EndedAsync(ended, reExport),
            RunOutcome.Busy busy => Busy(busy, reExport),
            RunOutcome.TakenOver takenOver => Answer.Refused(ExitCodes.Of(outcome), RunSentences.TakenOver(takenOver.RunId)),
            RunOutcome.Paused paused => Answer.Refused(ExitCodes.Of(outcome), $"{RunSentences.Paused(paused.Pause, moments)} Nothing was started."),
            RunOutcome.NotReady notReady => Answer.Refused(ExitCodes.Of(outcome), "Nothing was started: there is nothing to run with.", notReady.Problems),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}."),
        };
    }

    private Answer Busy(RunOutcome.Busy busy, ReExportDocument? reExport)
    {
        var exit = ExitCodes.Of(busy);
        sentences.Add($"{RunSentences.Going(busy.Run, busy.Left, moments)} Nothing was started.");
        if (reExport is not null) sentences.Add($"Claim {reExport.ClaimId} waits as generation {reExport.Generation} and is exported by the next run.");
        return new Answer(exit, Empty("busy") with { ReExport = reExport, Busy = RunSentences.Running(busy.Run, busy.Left), Message = Message }, _ => { }) { Complaint = Message };
    }

    private async Task<Answer> EndedAsync(RunOutcome.Ended ended, ReExportDocument? reExport)
    {
        var report = ended.Report;
        var run = report.Run;
        // The run is over and durable: what is left is telling, which Ctrl-C no longer stops half-way.
        var cancel = CancellationToken.None;
        var status = await store.GetStatusAsync(Id, cancel);
        sentences.AddRange(report.Recovered.Select(RunSentences.Recovered));
        sentences.AddRange(report.Proved.Select(RunSentences.Proved));
        sentences.Add(RunSentences.Ended(run, report.File, await LastHolderAsync(report, cancel), allExported: status.InDoubt == 0, moments));
        if (run.Counters is { Candidates: > 0, SkippedDuplicates: > 0 and var skipped })
        {
            sentences.Add($"{Wording.Claims(skipped)} had been exported before and {(skipped == 1 ? "was" : "were")} not sent again.");
        }

        sentences.AddRange(report.Warnings);
        if (report.Reconciled is { } reconciled) sentences.AddRange(ReconcileSentences.Settled(reconciled));

        var (path, manifest, failure) = await SaveAsync(report, cancel);
        var unfetched = (await store.ListUnfetchedFilesAsync(Id, cancel)).Where(f => f.RunId != run.RunId).ToList();
        sentences.AddRange(unfetched.Select(f => RunSentences.Unfetched(Id, f)));
        if (status.InDoubt > 0) sentences.Add(RunSentences.InDoubt(Id, status.InDoubt));
        if (report.Waiting > 0) sentences.Add($"{Wording.Claims(report.Waiting)} {(report.Waiting == 1 ? "waits" : "wait")} for a later run.");

        var exit = failure is null ? ExitCodes.Of(ended) : ExitCode.Fault;
        var document = Empty(run.Status) with
        {
            RunId = run.RunId,
            TotalClaims = run.Counters.Total,
            Exported = run.Counters.Exported,
            SkippedDuplicates = run.Counters.SkippedDuplicates,
            Rejected = run.Counters.Rejected,
            InDoubt = run.Counters.InDoubt,
            Released = run.Counters.Released,
            Waiting = report.Waiting,
            File = path ?? report.File?.Name,
            FileName = report.File?.Name,
            Manifest = manifest,
            Sha256 = report.File?.Sha256,
            ControlTotals = report.File is null ? [] : AmountDocument.Of(report.File.ControlTotals),
            Rejections = [.. report.Rejections.Select(RejectionDocument.Of)],
            Duplicates = [.. report.Duplicates.Select(HeldClaimDocument.Of)],
            Recovered = [.. report.Recovered.Select(RecoveredDocument.Of)],
            Proved = report.Proved,
            Found = report.Reconciled?.Found ?? 0,
            Doubts = [.. (report.Reconciled?.InDoubt ?? []).Select(StillInDoubtDocument.Of)],
            Unfetched = [.. unfetched.Select(f => new UnfetchedDocument(f.RunId, f.Name, f.Claims))],
            ReExport = reExport,
            Failure = run.Failure,
            Message = Message,
        };
        return new Answer(exit, document, screen => Show(screen, report)) { Complaint = failure };
    }

    /// <summary>The path of the published or saved file, of its manifest if there is one, and what went wrong with saving it.</summary>
    private async Task<(string? Path, string? Manifest, string? Failure)> SaveAsync(RunReport report, CancellationToken cancel)
    {
        if (report.File is not { State: RunFileState.Available } file) return default;
        if (report.PublishedPath is { } published)
        {
            sentences.Add($"The file was published as {published}, SHA-256 {file.Sha256}.");
            if (folder is null) return (published, RunFiles.ManifestName(published), null);
        }
        var to = folder is not null ? call.Surroundings.Absolute(folder) : (call.Storage as Storage.Embedded)?.Files(Id);
        if (to is null)
        {
            sentences.Add($"The file {file.Name} lies in PayOnce, SHA-256 {file.Sha256}. Fetch it with `payonce runs file {Id} {file.RunId}`.");
            return default;
        }
        switch (await RunFiles.SaveAsync(store, Id, file, Path.Combine(to, file.Name), call.Actor, cancel))
        {
            case RunFiles.SaveAnswer.Saved saved:
                sentences.Add($"The file is {saved.Path}, SHA-256 {file.Sha256}.");
                return (saved.Path, saved.ManifestPath, null);
            case RunFiles.SaveAnswer.NotSaved notSaved:
                var failure = $"The run is finished, but no copy of its file was saved: {notSaved.Why}. Fetch it with `payonce runs file {Id} {file.RunId} --out DIR`.";
                return (report.PublishedPath, null, failure);
            default:
                throw new InvalidOperationException("Unknown answer to saving a file.");
        }
    }

    private void Show(Screen screen, RunReport report)
    {
        foreach (var sentence in sentences) screen.Line(sentence);
        Rejected(screen, "Rejected:", report.Rejections, $"`payonce runs show {Id} {report.Run.RunId}`");
    }

    /// <summary>The first of the claims that were left out, each with its reason, and where the others are named.</summary>
    public static void Rejected(Screen screen, string title, IReadOnlyList<ClaimRejection> rejections, string elsewhere)
    {
        const int most = 20;
        if (rejections.Count == 0) return;
        screen.Line(title);
        var table = new Table("Claim", "Why");
        foreach (var rejection in rejections.Take(most)) table.Add(rejection.ClaimId, (rejection.Problem with { ClaimId = null }).ToString());
        screen.Table(table);
        if (rejections.Count > most) screen.Line($"and {Wording.Number(rejections.Count - most)} more: {elsewhere}.");
    }

    private string Message => string.Join(' ', sentences);

    /// <summary>The newest run that has one of the skipped claims, where that can be told without reading all of them.</summary>
    private async Task<long?> LastHolderAsync(RunReport report, CancellationToken cancel)
    {
        var run = report.Run;
        if (run.Counters is not { Candidates: 0, SkippedDuplicates: > 0 and var skipped }) return null;
        if (report.Duplicates.Count == skipped) return report.Duplicates.Max(d => d.RunId);
        if (run.Scope is not { From: null, Before: null, ClaimId: null }) return null;
        const int page = 100;
        var earlier = await store.ListRunsAsync(Id, run.RunId, page, cancel);
        return earlier.FirstOrDefault(r => r.Counters.Exported > 0)?.RunId;
    }

    private SyncDocument Empty(string status) => Empty(Id, status);

    /// <summary>The document of a run that has not begun.</summary>
    public static SyncDocument Empty(string organisation, string status) => new(
        organisation, RunId: null, status, TotalClaims: 0, Exported: 0, SkippedDuplicates: 0, Rejected: 0, InDoubt: 0, Released: 0, Waiting: 0,
        File: null, FileName: null, Manifest: null, Sha256: null, ControlTotals: [], Rejections: [], Duplicates: [], Recovered: [], Proved: [], Found: 0, Doubts: [], Unfetched: [],
        ReExport: null, DryRun: null, Busy: null, Failure: null, Message: "");
}
