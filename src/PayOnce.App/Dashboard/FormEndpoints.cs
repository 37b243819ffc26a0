using Microsoft.AspNetCore.Mvc;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Dashboard.Downloads;
using PayOnce.App.Dashboard.Uploads;
using PayOnce.App.Server;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard;

/// <summary>What the dashboard's pages post to or link to and what is no page itself.</summary>
internal static class FormEndpoints
{
    public static void MapDashboardForms(this IEndpointRouteBuilder app)
    {
        app.MapPost("/o/{org}/in-doubt-search", SearchAgainAsync).Needs(Permission.Sync);
        app.MapClaimDownloads();
        app.MapAuditDownloads();
        app.MapPersonDownloads();
        app.MapImportUploads();
        app.MapAdoptUploads();
        app.MapReceipts();
        app.MapMappingFiles();
    }

    /// <summary>Has the accounting system asked; sends nothing. Somebody who asks while it is asked already gets that search.</summary>
    private static async Task<IResult> SearchAgainAsync(string org, [FromForm] string? claim, IRequestStore requests, INode node, Visit visit, CancellationToken gone)
    {
        var asked = (await requests.ListUnfinishedRequestsAsync(org, gone)).FirstOrDefault(request => request.Kind == RequestKind.Reconcile)?.RequestId;
        if (asked is null)
        {
            var order = new RunOrder(org, RequestKind.Reconcile, RunTrigger.Reconcile, visit.Actor) { WhenBusy = WhenBusy.Queue };
            if (await requests.QueueRequestAsync(order, node.IsGone, CancellationToken.None) is QueueAnswer.Queued queued) asked = queued.Request.RequestId;
        }
        var page = string.IsNullOrEmpty(claim) ? Addresses.Of(org) + "/in-doubt" : Addresses.Doubt(org, claim);
        return Results.LocalRedirect(asked is null ? page : FormattableString.Invariant($"{page}?asked={asked}"));
    }
}
