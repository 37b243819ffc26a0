using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.App.Background;
using PayOnce.App.Output;
using PayOnce.App.Server;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>Puts an order into the queue and says what came of it: the same for everything that ends in a run.</summary>
internal static class Orders
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public static async Task<Results<Accepted<RequestDocument>, ProblemHttpResult>> QueueAsync(HttpContext http, Visit visit, IRequestStore requests, INode node, RunOrder order, CancellationToken cancel) =>
        await requests.QueueRequestAsync(order, node.IsGone, cancel) switch
        {
            QueueAnswer.Queued queued => await QueuedAsync(http, requests, queued, cancel),
            QueueAnswer.Repeated repeated => await AcceptedAsync(http, requests, repeated.Request, ahead: null, pause: null, cancel),
            QueueAnswer.Conflict conflict => Problems.KeyUsed.Because($"It stands for request {conflict.Earlier.RequestId.ToString(CultureInfo.InvariantCulture)}, which asks for something else."),
            QueueAnswer.Busy busy => Busy(http, visit, busy),
            QueueAnswer.Paused { Pause: var pause } => Paused(pause),
            _ => throw new InvalidOperationException("Unknown answer to an order."),
        };

    public static ProblemHttpResult Paused(Pause pause) =>
        Problems.Paused.Because($"{(pause.Installation ? "For every organisation, by" : "By")} {pause.Actor}: {pause.Reason}", more: new KeyValuePair<string, object?>("pause", PauseDocument.Of(pause)));

    private static ProblemHttpResult Busy(HttpContext http, Visit visit, QueueAnswer.Busy busy)
    {
        if (busy.Run is { } run)
        {
            var left = TimeLeft.Estimate(busy.Now - run.StartedAt, run.Counters.Reserved, run.Counters.Candidates);
            return Busy(http, run, left, new Moments(http.RequestServices.GetRequiredService<TimeProvider>(), visit.Zone));
        }
        RetryAfter(http, left: null);
        return busy.First is { } first
            ? Problems.Busy.Because($"{first.Actor}'s request {first.RequestId.ToString(CultureInfo.InvariantCulture)} comes first.", more: new KeyValuePair<string, object?>("request", RequestDocument.Of(first)))
            : Problems.Busy.Because();
    }

    /// <summary>Who runs, since when, how far and for how long still.</summary>
    public static ProblemHttpResult Busy(HttpContext http, Run run, TimeSpan? left, Moments moments)
    {
        RetryAfter(http, left);
        return Problems.Busy.Because(RunSentences.Going(run, left, moments), more: new KeyValuePair<string, object?>("running", RunSentences.Running(run, left)));
    }

    private static void RetryAfter(HttpContext http, TimeSpan? left)
    {
        const int shortest = 5, longest = 600;
        http.Response.Headers.RetryAfter = Math.Clamp((int)Math.Ceiling(left?.TotalSeconds ?? shortest), shortest, longest).ToString(CultureInfo.InvariantCulture);
    }

    private static async Task<Accepted<RequestDocument>> AcceptedAsync(HttpContext http, IRequestStore requests, StoredRequest request, int? ahead, Pause? pause, CancellationToken cancel)
    {
        if (Wait(http.Request) is { } wait)
        {
            http.Response.Headers["Preference-Applied"] = string.Create(CultureInfo.InvariantCulture, $"wait={(int)wait.TotalSeconds}");
            request = await StartedAsync(http, requests, request, wait, cancel);
        }
        return TypedResults.Accepted(Address(request), RequestDocument.Of(request) with { Ahead = ahead, Pause = pause is null ? null : PauseDocument.Of(pause) });
    }

    private static Task<Accepted<RequestDocument>> QueuedAsync(HttpContext http, IRequestStore requests, QueueAnswer.Queued queued, CancellationToken cancel)
    {
        http.RequestServices.GetRequiredService<RequestSignal>().Work.Wake();
        return AcceptedAsync(http, requests, queued.Request, queued.Ahead, queued.Pause, cancel);
    }

    public static string Address(StoredRequest request) => string.Create(CultureInfo.InvariantCulture, $"{ApiSetup.Root}/organisations/{request.OrganisationId}/requests/{request.RequestId}");

    private static async Task<StoredRequest> StartedAsync(HttpContext http, IRequestStore requests, StoredRequest request, TimeSpan wait, CancellationToken cancel)
    {
        var clock = http.RequestServices.GetRequiredService<TimeProvider>();
        var ending = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var begun = clock.GetTimestamp();
        while (request is { RunId: null, State: RequestState.Queued or RequestState.Running } && clock.GetElapsedTime(begun) < wait && !ending.IsCancellationRequested)
        {
            await Task.Delay(Poll, clock, cancel);
            request = await requests.FindRequestAsync(request.OrganisationId, request.RequestId, cancel) ?? request;
        }
        return request;
    }

    /// <summary>RFC 7240: a preference that is not understood is none.</summary>
    private static TimeSpan? Wait(HttpRequest request)
    {
        foreach (var preference in request.Headers.GetCommaSeparatedValues("Prefer"))
        {
            if (preference.StartsWith("wait=", StringComparison.OrdinalIgnoreCase) && int.TryParse(preference.AsSpan("wait=".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                return TimeSpan.FromSeconds(Math.Min(seconds, (int)LongestWait.TotalSeconds));
        }
        return null;
    }
}

/// <summary>The caller's own name for what is asked.</summary>
internal static class Idempotency
{
    public const string Header = "Idempotency-Key";

    public static void Check(Faults faults, string? key)
    {
        if (key is not null && (key.Length is 0 or > RunOrder.MaximumKeyLength || key.Any(c => c is < '!' or > '~')))
            faults.Add(Header, key, FormattableString.Invariant($"must be 1 to {RunOrder.MaximumKeyLength} printable ASCII characters without spaces"), Fault.Header);
    }
}
