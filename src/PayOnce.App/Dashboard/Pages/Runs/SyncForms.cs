using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Background;
using PayOnce.App.Dashboard.Parts;
using PayOnce.App.Server;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard.Pages.Runs;

/// <summary>
/// "Sync now" and taking it back. A form's once-only id is the order's idempotency key, so that the server answers the second click:
/// the same form leads to the same run.
/// </summary>
internal static class SyncForms
{
    /// <summary>How long the answer to a click waits for its run to begin, so that people mostly land on the run itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public static void MapSyncForms(this IEndpointRouteBuilder app)
    {
        var forms = app.MapGroup("/o/{org}").Needs(Permission.Sync).ExcludeFromDescription();
        forms.MapPost("/sync", StartAsync);
        forms.MapPost("/requests/{request:long}/cancel", CancelAsync);
    }

    /// <param name="agreed"><c>yes</c> from the check page: what is unusual was read.</param>
    /// <param name="queue"><c>yes</c>: wait for our turn.</param>
    private static async Task<Results<RedirectHttpResult, BadRequest>> StartAsync(
        string org, [FromForm] string? act, [FromForm] string? agreed, [FromForm] string? queue, IRequestStore requests, SyncCheck check, RequestSignal dispatcher, Visit visit, INode node, TimeProvider clock, HttpContext http)
    {
        var cancel = http.RequestAborted;
        if (!OnceOnly.IsOne(act)) return TypedResults.BadRequest();
        if (agreed is not "yes" && (await check.ReadAsync(org, visit, cancel)).Unusual.Count > 0) return To($"{Addresses.Of(org)}/sync/check");
        var order = new RunOrder(org, RequestKind.Sync, RunTrigger.Manual, visit.Actor)
        {
            WhenBusy = queue is "yes" ? WhenBusy.Queue : WhenBusy.Reject,
            IdempotencyKey = $"page-{act}",
        };
        var answer = await requests.QueueRequestAsync(order, node.IsGone, cancel);
        if (answer is QueueAnswer.Queued) dispatcher.Work.Wake();
        return answer switch
        {
            QueueAnswer.Queued { Pause: not null } queued => To(Addresses.Request(org, queued.Request.RequestId)),
            QueueAnswer.Queued { Ahead: > 0 } queued => To(Addresses.Request(org, queued.Request.RequestId)),
            QueueAnswer.Queued queued => To(await PlaceOfAsync(requests, org, queued.Request.RequestId, clock, cancel)),
            QueueAnswer.Repeated again => To(PlaceOf(org, again.Request)),
            QueueAnswer.Conflict other => To(PlaceOf(org, other.Earlier)),
            QueueAnswer.Busy => To($"{Addresses.Of(org)}/sync/busy"),
            _ => To(Addresses.Of(org)),
        };
    }

    private static async Task<RedirectHttpResult> CancelAsync(string org, long request, IRequestStore requests, Visit visit, HttpContext http)
    {
        await requests.CancelRequestAsync(org, request, visit.Actor, http.RequestAborted);
        return To(Addresses.Request(org, request));
    }

    private static async Task<string> PlaceOfAsync(IRequestStore requests, string org, long request, TimeProvider clock, CancellationToken cancel)
    {
        var asked = clock.GetTimestamp();
        while (clock.GetElapsedTime(asked) < Patience)
        {
            if (await requests.FindRequestAsync(org, request, cancel) is { } found && (found.RunId is not null || found.EndedAt is not null)) return PlaceOf(org, found);
            await Task.Delay(Poll, clock, cancel);
        }
        return Addresses.Request(org, request);
    }

    private static string PlaceOf(string org, StoredRequest request) => request.RunId is { } run ? Addresses.Run(org, run) : Addresses.Request(org, request.RequestId);

    private static RedirectHttpResult To(string address) => TypedResults.LocalRedirect(address);
}
