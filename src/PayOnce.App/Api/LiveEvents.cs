using System.ComponentModel;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Background;
using PayOnce.App.Dashboard;
using PayOnce.App.Dashboard.Pages.Runs;
using PayOnce.App.Server;
using PayOnce.Exporters;
using PayOnce.History;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>
/// A run as it goes on, as server-sent events: for programs in numbers, for pages in words. The events tell a state, not a log, so
/// whoever comes back is told how things are and has missed nothing; the id is the version of the run's row.
/// </summary>
internal static class LiveEvents
{
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(2);

    /// <summary>The text on a page changes no more often than this, apart from a change of state.</summary>
    private static readonly TimeSpan PageEvery = TimeSpan.FromSeconds(5);

    public static void Map(IEndpointRouteBuilder organisation) =>
        organisation.MapGet("/runs/{run:long:min(1)}/events", FollowAsync).WithName("followRun").WithTags("Runs").Needs(Permission.Read).Refuses(Problems.BadInput, Problems.NotFound);

    public static void MapLiveEvents(this IEndpointRouteBuilder app)
    {
        app.MapGet("/o/{org}/runs/{run:long}/live", PageAsync).Needs(Permission.Read).ExcludeFromDescription();
    }

    /// <summary>Follow a run while it goes on</summary>
    /// <remarks>
    /// Events of type <c>progress</c> hold the run's state as it is, at once and after each change; the last is of type <c>end</c>.
    /// The id is a version: it rises with each change. A client that comes back with the id of the end gets 204 and need not come again.
    /// </remarks>
    public static async Task<Results<ServerSentEventsResult<string>, NoContent, NotFound>> FollowAsync(
        string org, long run, [FromHeader(Name = "Last-Event-ID"), Description("The id of the last event that was seen.")] string? lastEventId, LiveReader reader, IServerStore store, IHistoryStore history, HttpContext http)
    {
        var key = new RunKey(org, run);
        if (await FindAsync(history, key, http.RequestAborted) is not { } progress) return TypedResults.NotFound();
        if (SawTheEnd(progress, lastEventId)) return TypedResults.NoContent();
        var byFile = await ByFileAsync(store, org, http.RequestAborted);
        return TypedResults.ServerSentEvents(EventsAsync(reader, key, byFile, http.RequestAborted));
    }

    private static async Task<Results<ServerSentEventsResult<string>, NoContent, NotFound>> PageAsync(
        string org, long run, [FromHeader(Name = "Last-Event-ID")] string? lastEventId, LiveReader reader, IServerStore store, IHistoryStore history, Words words, HttpContext http)
    {
        var key = new RunKey(org, run);
        if (await FindAsync(history, key, http.RequestAborted) is not { } progress) return TypedResults.NotFound();
        if (SawTheEnd(progress, lastEventId)) return TypedResults.NoContent();
        if (await history.FindRunRowAsync(org, run, http.RequestAborted) is not { } row) return TypedResults.NotFound();
        var byFile = await ByFileAsync(store, org, http.RequestAborted);
        var texts = new LiveTexts(words, row.Run);
        return TypedResults.ServerSentEvents(TextsAsync(reader, store, history, key, byFile, texts, http.RequestAborted));
    }

    /// <summary>Whether an organisation's runs make files now; a run that goes on has the settings of now or of just before.</summary>
    public static async Task<bool> ByFileAsync(IServerStore store, string org, CancellationToken cancel) =>
        await store.FindIntegrationAsync(org, cancel) is { } integration && IntegrationSettings.FromStored(integration.SettingsJson).Transport == "file";

    private static async Task<LiveRun?> FindAsync(IHistoryStore history, RunKey key, CancellationToken cancel) =>
        await history.ReadProgressAsync([key], cancel) is [var found] ? found : null;

    private static bool SawTheEnd(LiveRun progress, string? lastEventId) =>
        progress.State is not RunState.Running && lastEventId == Id(progress);

    private static string Id(LiveRun progress) => progress.Version.ToString(CultureInfo.InvariantCulture);

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(LiveReader reader, RunKey key, bool byFile, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var pace in reader.WatchAsync(key, byFile, cancel)) yield return Item(pace, pace.IsOver ? "end" : "progress", RunEvent.Json(pace));
    }

    private static async IAsyncEnumerable<SseItem<string>> TextsAsync(
        LiveReader reader, IServerStore store, IHistoryStore history, RunKey key, bool byFile, LiveTexts texts, [EnumeratorCancellation] CancellationToken cancel)
    {
        LiveText? told = null;
        var toldAt = DateTimeOffset.MinValue;
        await foreach (var pace in reader.WatchAsync(key, byFile, cancel))
        {
            if (pace.IsOver)
            {
                if (await history.FindRunRowAsync(key.OrganisationId, key.RunId, cancel) is { } row)
                {
                    var file = await store.FindFileAsync(key.OrganisationId, key.RunId, cancel);
                    yield return Item(pace, "end", texts.End(pace, row, file).Json());
                }
                yield break;
            }
            var text = texts.Going(pace);
            if (told is not null && told.State == text.State && text.Say is null && pace.At - toldAt < PageEvery) continue;
            (told, toldAt) = (text, pace.At);
            yield return Item(pace, "progress", text.Json());
        }
    }

    private static SseItem<string> Item(RunPace pace, string type, string json) => new(json, type) { EventId = Id(pace.Progress), ReconnectionInterval = Reconnect };

    /// <summary>A run as a program follows it.</summary>
    private sealed record RunEvent(
        long RunId, string State, bool Stopping, long Handled, long Total, long Exported, long Skipped, long Rejected, long InDoubt, long? SecondsLeft, DateTimeOffset At)
    {
        public static string Json(RunPace pace)
        {
            var c = pace.Counters;
            long? left = pace.Left is { } time ? (long)Math.Ceiling(time.TotalSeconds) : null;
            var run = new RunEvent(pace.Progress.Key.RunId, pace.Progress.State.Text(), pace.Stopping, pace.Handled, pace.Total, c.Exported, c.SkippedDuplicates, c.Rejected, c.InDoubt, left, pace.At);
            return JsonSerializer.Serialize(run, LiveJson.Options);
        }
    }
}

/// <summary>How events are written: one line each, text as it is.</summary>
internal static class LiveJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
