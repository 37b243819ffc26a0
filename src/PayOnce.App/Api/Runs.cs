using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Output;
using PayOnce.App.Server;
using PayOnce.Guard;
using PayOnce.History;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>A run in a list.</summary>
/// <param name="ExportedTotals">What its exported claims come to, by currency.</param>
internal sealed record RunRowDocument(RunDocument Run, IReadOnlyList<AmountDocument> ExportedTotals)
{
    public static RunRowDocument Of(RunRow row) => new(RunDocument.Of(row.Run), AmountDocument.Of(row.Exported));
}

/// <summary>One run.</summary>
/// <param name="File">Its file; null where it exported nothing, or over an API.</param>
/// <param name="Rejections">Its rejected claims by reason, most frequent first.</param>
internal sealed record RunAnswer(string OrganisationId, RunDocument Run, IReadOnlyList<AmountDocument> ExportedTotals, FileDocument? File, IReadOnlyList<RejectionGroupDocument> Rejections);

/// <summary>Claims that one run rejected for the same reason.</summary>
internal sealed record RejectionGroupDocument(string Reason, long Claims, IReadOnlyList<string> Examples);

/// <summary>Somebody wants the run to stop; it ends between two batches.</summary>
internal sealed record StopDocument(string OrganisationId, long RunId, DateTimeOffset AskedAt, string AskedBy);

/// <param name="Reason">Why; stays in the audit trail.</param>
/// <param name="Confirm">The run's number once more: its file must not be imported any more.</param>
internal sealed record RollBackBody(string Reason, long Confirm);

/// <param name="Voucher">The voucher or journal that the file became in the accounting system.</param>
internal sealed record ImportedBody(string Voucher);

/// <summary>Runs: the history, and what a person does to one.</summary>
internal static class Runs
{
    private static readonly string[] Statuses = ["running", "finished", "finished_rejections", "in_doubt", "failed", "cancelled", "rolled_back"];
    private static readonly Dictionary<string, RunTrigger> Triggers = Enum.GetValues<RunTrigger>().ToDictionary(each => each.Text(), StringComparer.Ordinal);

    public static void Map(IEndpointRouteBuilder organisation)
    {
        var runs = organisation.MapGroup("/runs").WithTags("Runs");
        runs.MapGet("", ListAsync).WithName("listRuns").Needs(Permission.Read).Refuses(Problems.BadInput);
        runs.MapGet("/{run:long:min(1)}", FindAsync).WithName("getRun").Needs(Permission.Read).Refuses(Problems.NotFound);
        runs.MapPost("/{run:long:min(1)}/stop", StopAsync).WithName("stopRun").Needs(Permission.Sync).Refuses(Problems.NotFound, Problems.NotPossible);
        runs.MapPost("/{run:long:min(1)}/roll-back", RollBackAsync).WithName("rollBackRun").Needs(Permission.Decide).Refuses(Problems.BadInput, Problems.NotFound, Problems.NotPossible);
        runs.MapPost("/{run:long:min(1)}/imported", RecordImportAsync).WithName("recordImport").Needs(Permission.Decide).Refuses(Problems.BadInput, Problems.NotFound, Problems.NotPossible);
    }

    /// <summary>The runs, newest first</summary>
    /// <param name="from">Only runs started on this day or later, in the organisation's time zone.</param>
    /// <param name="to">Only runs started on this day or earlier.</param>
    /// <param name="status">Only these; may stand several times: running, finished, finished_rejections, in_doubt, failed, cancelled, rolled_back.</param>
    /// <param name="trigger">Only these; may stand several times: manual, schedule, re-export, adopt, reconcile.</param>
    /// <param name="actor">Only runs that this person or program started, exactly.</param>
    /// <param name="exporter">Only runs to this accounting system: xledger, dynamics, generic.</param>
    /// <param name="cursor">Where to go on, as an earlier answer said.</param>
    /// <param name="limit">At most this many, 1 to 500; 50 if nothing is said.</param>
    public static async Task<Results<Ok<CountedPart<RunRowDocument>>, ProblemHttpResult>> ListAsync(
        Day? from, Day? to, [FromQuery] string[]? status, [FromQuery] string[]? trigger, string? actor, string? exporter, string? cursor, int? limit, Visit visit, IHistoryStore history, CancellationToken cancel)
    {
        var faults = new Faults().Period(from?.Date, to?.Date);
        foreach (var word in status ?? []) faults.OneOf("status", word, Statuses);
        foreach (var word in trigger ?? []) faults.OneOf("trigger", word, Triggers.Keys);
        var part = faults.Part(cursor, limit);
        if (faults.Problem is { } problem) return problem;
        var (after, before) = ApprovalPeriod.Of(from?.Date, to?.Date, visit.Zone);
        var filter = new RunFilter(after, before, status, trigger is null ? null : [.. trigger.Select(word => Triggers[word])], actor, exporter);
        var page = await history.PageRunsAsync(visit.Organisation.OrganisationId, filter, part, cancel);
        return TypedResults.Ok(page.Page.As(page.Total, RunRowDocument.Of));
    }

    /// <summary>One run</summary>
    /// <remarks>What it took, skipped, rejected and tried is listed at its own addresses, in parts.</remarks>
    public static async Task<Results<Ok<RunAnswer>, ProblemHttpResult>> FindAsync(long run, Visit visit, IStore store, IHistoryStore history, CancellationToken cancel)
    {
        var id = visit.Organisation.OrganisationId;
        if (await history.FindRunRowAsync(id, run, cancel) is not { } row) return Problems.NotFound.Because();
        var file = await store.FindFileAsync(id, run, cancel);
        var rejections = row.Run.Counters.Rejected == 0 ? [] : (await history.GroupRunRejectionsAsync(id, run, cancel)).Groups;
        return TypedResults.Ok(new RunAnswer(
            id, RunDocument.Of(row.Run), AmountDocument.Of(row.Exported), file is null ? null : FileDocument.Of(file),
            [.. rejections.Select(each => new RejectionGroupDocument(each.Reason, each.Claims, each.Examples))]));
    }

    /// <summary>Stop a run</summary>
    /// <remarks>It ends between two batches, within seconds: what was taken by then goes out, the rest waits.</remarks>
    /// <response code="202">The wish is written down; if somebody wished it before, that one is told.</response>
    public static async Task<Results<Accepted<StopDocument>, ProblemHttpResult>> StopAsync(long run, Visit visit, IRequestStore requests, CancellationToken cancel)
    {
        var id = visit.Organisation.OrganisationId;
        return await requests.RequestStopAsync(id, run, visit.Actor, cancel) switch
        {
            StopAnswer.Asked { Wish: var wish } => TypedResults.Accepted(FormattableString.Invariant($"{ApiSetup.Root}/organisations/{id}/runs/{run}"), new StopDocument(id, run, wish.At, wish.By)),
            StopAnswer.NotRunning { Run: var over } => Problems.NotPossible.Because($"It has ended already: {over.Status}."),
            _ => Problems.NotFound.Because(),
        };
    }

    /// <summary>Take back a run whose file nobody imported</summary>
    /// <remarks>Its claims wait again and the file is withdrawn. Whoever has a copy must not import it.</remarks>
    public static async Task<Results<Ok<RolledBackDocument>, ProblemHttpResult>> RollBackAsync(long run, RollBackBody body, Visit visit, IStore store, CancellationToken cancel)
    {
        if (new Faults().Words("reason", body.Reason).Repeats("confirm", Number(body.Confirm), Number(run)).Problem is { } problem) return problem;
        var id = visit.Organisation.OrganisationId;
        if (await store.FindRunAsync(id, run, cancel) is null) return Problems.NotFound.Because();
        return await new DoubleExportGuard(store).RollBackExportMarksAsync(id, run, body.Reason, visit.Actor, cancel) switch
        {
            GuardAnswer<long>.Done { Value: var released } => TypedResults.Ok(new RolledBackDocument(id, run, released, body.Reason.Trim())),
            GuardAnswer<long>.Refused refused => Problems.Of(refused.Problem),
            _ => throw new InvalidOperationException("Unknown answer of the guard."),
        };
    }

    /// <summary>Record that a run's file was imported</summary>
    /// <remarks>Its claims are booked, and it cannot be rolled back any more.</remarks>
    public static async Task<Results<Ok<ImportRecordedDocument>, ProblemHttpResult>> RecordImportAsync(long run, ImportedBody body, Visit visit, IStore store, CancellationToken cancel)
    {
        if (new Faults().Words("voucher", body.Voucher).Problem is { } problem) return problem;
        var id = visit.Organisation.OrganisationId;
        if (await store.FindRunAsync(id, run, cancel) is null) return Problems.NotFound.Because();
        return await new DoubleExportGuard(store).RecordImportAsync(id, run, body.Voucher, visit.Actor, cancel) switch
        {
            GuardAnswer<long>.Done { Value: var claims } => TypedResults.Ok(new ImportRecordedDocument(id, run, body.Voucher.Trim(), claims)),
            GuardAnswer<long>.Refused refused => Problems.Of(refused.Problem),
            _ => throw new InvalidOperationException("Unknown answer of the guard."),
        };
    }

    private static string Number(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
