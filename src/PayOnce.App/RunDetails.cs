using System.Runtime.CompilerServices;
using PayOnce.App.Output;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App;

/// <summary>Everything about one run: <c>runs show</c>.</summary>
internal static class RunDetails
{
    private const int Page = 500;

    public static async Task<Answer> AnswerAsync(Call call, IStore store, Organisation organisation, Run run, bool withClaims)
    {
        var id = organisation.OrganisationId;
        var file = await store.FindFileAsync(id, run.RunId, call.Stop);
        var rejections = await store.ListRunRejectionsAsync(id, run.RunId, call.Stop);
        var attempts = await store.ListAttemptsAsync(id, run.RunId, call.Stop);
        var duplicates = await DuplicatesAsync(store, id, run, withClaims ? int.MaxValue : RunReport.MaximumDuplicates, call.Stop);
        var marks = withClaims ? MarksAsync(store, id, run.RunId, call.Stop) : null;
        var document = new RunDetailsDocument(
            id,
            RunDocument.Of(run),
            file is null ? null : FileDocument.Of(file),
            [.. rejections.Select(RejectionDocument.Of)],
            [.. duplicates.Select(HeldClaimDocument.Of)],
            [.. attempts.Select(AttemptDocument.Of)],
            marks?.Select(m => new RunClaimDocument(m.ClaimId, m.Generation, m.State.Text(), m.Evidence?.Text(), m.ExportKey, Acknowledgement(m, file), m.Reason)));
        return new Answer(ExitCode.Done, document, screen => ShowAsync(screen, call.Moments(organisation), run, file, rejections, duplicates, attempts, marks));
    }

    /// <summary>What the accounting system gave back; for a claim in a file that is the file's name and checksum.</summary>
    public static string? Acknowledgement(Mark mark, RunFile? file) =>
        mark.Acknowledgement ?? (mark.State == MarkState.Exported && file is not null ? $"{file.Name} sha256:{file.Sha256}" : null);

    private static async Task ShowAsync(
        Screen screen,
        Moments moments,
        Run run,
        RunFile? file,
        IReadOnlyList<ClaimRejection> rejections,
        IReadOnlyList<HeldClaim> duplicates,
        IReadOnlyList<Attempt> attempts,
        IAsyncEnumerable<Mark>? marks)
    {
        var c = run.Counters;
        screen.Line($"Run {run.RunId}: {Wording.Status(run.Status)}");
        screen.Facts(
            ("Started", $"{moments.At(run.StartedAt)} by {run.Actor} ({run.Trigger.Text()})"),
            ("Ended", run.EndedAt is { } end ? $"{moments.At(end)}, after {Wording.Duration(end - run.StartedAt)}" : null),
            ("Integration", run.Exporter.Length == 0 ? null : $"{run.Exporter}, {run.Format}, version {run.IntegrationVersion}"),
            ("Scope", Scope(run.Scope, moments)),
            ("Claims", Wording.Number(c.Total)),
            ("Exported", Wording.Number(c.Exported)),
            ("Skipped", Wording.Number(c.SkippedDuplicates)),
            ("Rejected", Wording.Number(c.Rejected)),
            ("In doubt", Wording.Number(c.InDoubt)),
            ("Released", c.Released == 0 ? null : Wording.Number(c.Released)),
            ("Failure", run.Failure));
        if (file is not null)
        {
            screen.Line($"File: {file.Name}");
            screen.Facts(
                ("State", file.State.Text()),
                ("Holds", $"{Wording.Claims(file.Claims)}, {Wording.Count(file.Lines, "row")}, {Wording.Amounts(file.ControlTotals)}"),
                ("SHA-256", file.Sha256),
                ("Published to", file.Folder),
                ("Fetched", file.Folder is not null ? null : file.FetchedAt is { } fetched ? moments.At(fetched) : "not yet"),
                ("Imported as", file.ImportedAs));
        }
        Section(screen, "Rejected:", new Table("Claim", "Why"), rejections, r => [r.ClaimId, (r.Problem with { ClaimId = null }).ToString()]);
        Section(screen, "Skipped, since an earlier run has them:", new Table("Claim", "State", "Run#"), duplicates, d => [d.ClaimId, d.State.Text().Replace('_', ' '), Wording.Number(d.RunId)]);
        if (duplicates.Count < c.SkippedDuplicates) screen.Line($"and {Wording.Number(c.SkippedDuplicates - duplicates.Count)} more, shown with --claims.");
        Section(screen, "Attempts:", new Table("Batch#", "Try#", "Step", "Outcome", "When", "Error"), attempts,
            a => [Wording.Number(a.Batch), Wording.Number(a.Try), a.Step.Text(), a.Outcome?.Text() ?? "", moments.Exact(a.At), a.Error ?? ""]);
        if (marks is null) return;
        screen.Line("Claims:");
        var table = new Table("Claim", "State", "Export key", "Acknowledgement", "Reason");
        await foreach (var mark in marks)
        {
            table.Add(mark.ClaimId, Wording.State(mark, waiting: false), mark.ExportKey, mark.Acknowledgement, mark.Reason);
            screen.TableInPieces(table);
        }
        screen.Table(table);
    }

    private static void Section<T>(Screen screen, string title, Table table, IReadOnlyList<T> rows, Func<T, string?[]> cells)
    {
        if (rows.Count == 0) return;
        screen.Line(title);
        foreach (var row in rows) table.Add(cells(row));
        screen.Table(table);
    }

    private static string? Scope(ClaimScope scope, Moments moments)
    {
        var parts = new List<string>();
        if (scope.ClaimId is { } claim) parts.Add($"claim {claim}");
        if (scope.From is { } from) parts.Add($"approved from {moments.Short(from)}");
        if (scope.Before is { } before) parts.Add($"approved before {moments.Short(before)}");
        if (scope.Limit is { } limit) parts.Add($"at most {Wording.Number(limit)}");
        return parts.Count == 0 ? null : string.Join(", ", parts);
    }

    private static async Task<IReadOnlyList<HeldClaim>> DuplicatesAsync(IStore store, string organisation, Run run, int most, CancellationToken cancel)
    {
        if (run.Counters.SkippedDuplicates == 0) return [];
        var found = new List<HeldClaim>();
        while (found.Count < most)
        {
            var size = Math.Min(Page, most - found.Count);
            var page = await store.ListRunDuplicatesAsync(organisation, run.RunId, found.Count == 0 ? null : found[^1].ClaimId, size, cancel);
            found.AddRange(page);
            if (page.Count < size) break;
        }
        return found;
    }

    private static async IAsyncEnumerable<Mark> MarksAsync(IStore store, string organisation, long run, [EnumeratorCancellation] CancellationToken cancel)
    {
        string? after = null;
        while (true)
        {
            var marks = await store.ListRunMarksAsync(organisation, run, after, Page, cancel);
            foreach (var mark in marks) yield return mark;
            if (marks.Count < Page) yield break;
            after = marks[^1].ClaimId;
        }
    }
}
