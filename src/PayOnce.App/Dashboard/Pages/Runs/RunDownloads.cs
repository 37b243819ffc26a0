using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Dashboard.Downloads;
using PayOnce.App.Server;
using PayOnce.History;
using PayOnce.Runs;
using PayOnce.Stores;
using Missing = Microsoft.AspNetCore.Http.HttpResults.NotFound;

namespace PayOnce.App.Dashboard.Pages.Runs;

/// <summary>What is downloaded from the pages about runs. Nothing here changes a state; that a file was fetched is noted.</summary>
internal static class RunDownloads
{
    private const string CsvType = "text/csv; charset=utf-8";

    public static void MapRunDownloads(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("/o/{org}").Needs(Permission.Read).ExcludeFromDescription();
        pages.MapGet("/runs.csv", List);
        pages.MapGet("/runs/{run:long}/report.csv", ReportAsync);
        pages.MapGet("/runs/{run:long}/file", FileAsync);
        pages.MapGet("/runs/{run:long}/manifest", ManifestAsync);
    }

    private static PushStreamHttpResult List(string org, HttpRequest request, IHistoryStore history, Words words, Visit visit)
    {
        var filter = RunsQuery.Read(request.Query).Filter(visit.Zone);
        var cancel = request.HttpContext.RequestAborted;
        return TypedResults.Stream(async body =>
        {
            var csv = new CsvFile(body);
            var zone = visit.Zone.Id;
            await csv.HeadAsync([words.RunColumn, $"{words.Started} ({zone})", $"{words.Ended} ({zone})", words.StartedByColumn, words.KindColumn, words.State, words.AccountingSystem,
                words.ClaimsHeading, words.ExportedColumn, words.SkippedColumn, words.RejectedColumn, words.InDoubtColumn, words.NotSent, words.Amount(), words.Currency], cancel);
            await WholeAsync(async at => (await history.PageRunsAsync(org, filter, at, cancel)).Page, row => RowsAsync(csv, row, words, cancel));
            await csv.FlushAsync(cancel);
        }, CsvType, $"payonce-{org}-{words.Runs.ToLowerInvariant()}.csv");
    }

    // A run in several currencies has a line for each: a sum of kroner and euros is no sum.
    private static async Task RowsAsync(CsvFile csv, RunRow row, Words words, CancellationToken cancel)
    {
        var (run, c) = (row.Run, row.Run.Counters);
        foreach (var total in row.Exported.Cast<ControlTotal?>().DefaultIfEmpty())
        {
            await csv.Number(run.RunId).Time(words.Machine(run.StartedAt)).Time(run.EndedAt is { } end ? words.Machine(end) : null)
                .Text(words.StartedBy(run.Trigger, run.Actor)).Text(words.Kind(run.Trigger)).Text(words.RunState(run.Status).Text).Text(run.Exporter.Length == 0 ? null : words.SystemName(run.Exporter))
                .Number(c.Total).Number(c.Exported).Number(c.SkippedDuplicates).Number(c.Rejected).Number(c.InDoubt).Number(Words.Unsent(c))
                .Amount(total?.AmountMinor).Text(total?.Currency).EndAsync(cancel);
        }
    }

    private static async Task<Results<PushStreamHttpResult, Missing>> ReportAsync(string org, long run, IServerStore store, IHistoryStore history, Words words, Visit visit, HttpContext http)
    {
        var cancel = http.RequestAborted;
        if (await store.FindRunAsync(org, run, cancel) is not { } found) return TypedResults.NotFound();
        var file = await store.FindFileAsync(org, run, cancel);
        return TypedResults.Stream(async body =>
        {
            var csv = new CsvFile(body);
            await csv.HeadAsync([words.Claim, words.State, words.Payee, words.Amount(), words.Currency, words.Acknowledgement, words.Cause, words.RunColumn, words.Batch, $"{words.TimeColumn} ({visit.Zone.Id})"], cancel);
            await WholeAsync(at => history.PageRunClaimsAsync(org, run, RunClaims.All, at, cancel), claim => csv
                .Text(claim.ClaimId).Text(words.ClaimState(claim.State, claim.Evidence, waiting: false).Text).Text(claim.ClaimantId).Amount(claim.TotalMinor).Text(claim.Currency)
                .Text(claim.Acknowledgement ?? (claim.State is Guard.MarkState.Exported ? file?.ImportedAs ?? file?.Name : null)).Text(claim.Reason)
                .Number(run).Number(claim.Batch).Time(claim.ChangedAt is { } at ? words.Machine(at) : null).EndAsync(cancel));
            if (found.Counters.SkippedDuplicates > 0)
            {
                await WholeAsync(at => history.PageRunDuplicatesAsync(org, run, at, cancel), claim => csv
                    .Text(claim.ClaimId).Text(words.Skipped.Text).Text(null).Amount(claim.TotalMinor).Text(claim.Currency)
                    .Text(claim.Acknowledgement).Text(null).Number(claim.RunId).Text(null).Time(words.Machine(claim.ChangedAt)).EndAsync(cancel));
            }
            await csv.FlushAsync(cancel);
        }, CsvType, FormattableString.Invariant($"payonce-{org}-{words.Run(run).ToLowerInvariant().Replace(' ', '-')}.csv"));
    }

    private static async Task WholeAsync<T>(Func<ListRequest, Task<ListPage<T>>> read, Func<T, Task> write)
    {
        var at = new ListRequest(ListRequest.MostRows);
        while (true)
        {
            var page = await read(at);
            foreach (var row in page.Rows) await write(row);
            if (page.Next is null) return;
            at = at with { At = page.Next };
        }
    }

    // The same bytes each time. Damaged ones break the connection off: half a file is noticed, a wrong one is not.
    private static async Task<Results<PushStreamHttpResult, Missing>> FileAsync(string org, long run, IServerStore store, Visit visit, HttpContext http)
    {
        var cancel = http.RequestAborted;
        if (await store.FindFileAsync(org, run, cancel) is not { State: RunFileState.Available, ErasedAt: null } file) return TypedResults.NotFound();
        http.Response.ContentLength = file.Bytes;
        return TypedResults.Stream(async body =>
        {
            await foreach (var piece in RunFileContent.ReadAsync(store, org, file, cancel)) await body.WriteAsync(piece, cancel);
            await store.NoteFetchedAsync(org, run, visit.Actor, cancel);
        }, file.ContentType, file.Name);
    }

    private static async Task<Results<FileContentHttpResult, Missing>> ManifestAsync(string org, long run, IServerStore store, HttpContext http) =>
        await store.FindFileAsync(org, run, http.RequestAborted) is { State: RunFileState.Available } file
            ? TypedResults.File(file.Manifest.ToArray(), MediaTypeNames.Application.Json, RunFiles.ManifestName(file.Name))
            : TypedResults.NotFound();
}
