using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Server;
using PayOnce.Guard;
using PayOnce.History;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard.Downloads;

/// <summary>The list of claims as a file, with the page's own filter.</summary>
internal static class ClaimDownloads
{
    public static void MapClaimDownloads(this IEndpointRouteBuilder app) =>
        app.MapGet("/o/{org}/claims.csv", Claims).Needs(Permission.Read);

    private static Attachment Claims(string org, HttpRequest request, IHistoryStore history, Visit visit, Words words)
    {
        var filter = ClaimQuery.Read(request.Query, visit.Zone).Filter;
        return new Attachment($"{org}-claims.csv", "text/csv; charset=utf-8", async (to, gone) =>
        {
            var csv = new CsvFile(to);
            await csv.HeadAsync(words.ClaimColumns(visit.Zone.Id), gone);
            ListCursor? at = null;
            do
            {
                var page = await history.PageClaimsAsync(org, filter, new ListRequest(ListRequest.MostRows, at), gone);
                foreach (var claim in page.Rows) await Row(csv, claim, words).EndAsync(gone);
                at = page.Next;
            }
            while (at is not null);
            await csv.FlushAsync(gone);
        });
    }

    private static CsvFile Row(CsvFile csv, ClaimSummary claim, Words words) => csv
        .Text(claim.ClaimId).Text(claim.ClaimantId).Text(claim.Type).Time(words.Machine(claim.ApprovedAt)).Amount(claim.TotalMinor).Text(claim.Currency)
        .Text(words.ClaimState(claim.Mark, claim.Waiting, claim.Withdrawal).Text).Number(claim.Mark is { RunId: > 0 and var run } ? run : null)
        .Text(claim.Mark?.ExportKey ?? claim.ExportKey).Text(claim.Mark?.Acknowledgement).Text(claim.Withdrawal?.Reason ?? (claim.Mark is { State: MarkState.Rejected or MarkState.InDoubt or MarkState.Released } mark ? mark.Reason : null));
}
