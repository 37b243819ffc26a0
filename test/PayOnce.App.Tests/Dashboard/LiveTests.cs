using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PayOnce.Access;
using PayOnce.App.Background;
using PayOnce.App.Tests.Support;
using PayOnce.Guard;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>A run followed as it goes on, executed by somebody else than the server that is asked.</summary>
public sealed class LiveTests(PostgresCluster cluster)
{
    private const string Events = "/api/v1/organisations/hlf/runs/1/events";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = Hang.Limit)]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_run_on_another_node_is_followed_to_its_end_and_whoever_saw_the_end_need_not_come_again(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, settings: RunScenes.Api);
        var run = await RunScenes.UnderWayAsync(world);
        using var client = await world.WithTokenAsync(Permission.Read);
        string last;
        await using (var events = await EventStream.OpenAsync(client, Events))
        {
            var now = await events.NextAsync("progress", state => true);
            Assert.Equal(0, now.GetProperty("handled").GetInt64());
            Assert.Equal(100, now.GetProperty("total").GetInt64());
            await run.EndTriesAsync(run.Ended(1, MarkState.Exported), run.Ended(2, MarkState.Rejected));
            var later = await events.NextAsync("progress", state => state.GetProperty("handled").GetInt64() == 50);
            Assert.Equal(25, later.GetProperty("rejected").GetInt64());
            last = events.LastId;
        }

        // The connection was lost; meanwhile the run went on and ended.
        await run.EndTriesAsync(run.Ended(3, MarkState.Exported), run.Ended(4, MarkState.Exported));
        await run.FinishAsync();
        await using (var events = await EventStream.OpenAsync(client, Events, last))
        {
            var end = await events.NextAsync("end", _ => true);
            Assert.Equal(75, end.GetProperty("exported").GetInt64());
            Assert.Equal("finished", end.GetProperty("state").GetString());
            Assert.True(long.Parse(events.LastId, System.Globalization.CultureInfo.InvariantCulture) > long.Parse(last, System.Globalization.CultureInfo.InvariantCulture));
            Assert.True(await events.IsOverAsync(), "Nothing comes behind the end.");
            last = events.LastId;
        }
        using var again = new HttpRequestMessage(HttpMethod.Get, Events);
        again.Headers.Add("Last-Event-ID", last);
        using var answer = await client.SendAsync(again, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task A_page_is_given_its_texts_in_the_persons_language()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, settings: RunScenes.Api);
        var run = await RunScenes.UnderWayAsync(world);
        await run.EndTriesAsync(run.Ended(1, MarkState.Exported));
        using var client = await world.SignedInAsync(Role.Auditor);
        client.DefaultRequestHeaders.Add("Accept-Language", "en");
        await using var events = await EventStream.OpenAsync(client, "/o/hlf/runs/1/live");
        var now = await events.NextAsync("progress", _ => true);
        Assert.Equal("Exported 25 of 100 claims.", now.GetProperty("first").GetString());
        Assert.Equal("Running – Run 1 – PayOnce", now.GetProperty("title").GetString());
        Assert.False(now.TryGetProperty("say", out _), "The page itself has just been read.");
        await run.EndTriesAsync(run.Ended(2, MarkState.Exported), run.Ended(3, MarkState.Exported), run.Ended(4, MarkState.Exported));
        await run.FinishAsync();
        var end = await events.NextAsync("end", _ => true);
        Assert.StartsWith("The run is over. Finished today", end.GetProperty("say").GetString(), StringComparison.Ordinal);
        Assert.Equal("Finished", end.GetProperty("state").GetString());
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task A_server_that_stops_ends_its_streams_at_once_and_nobody_is_watched_for_nobody()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, settings: RunScenes.Api);
        await RunScenes.UnderWayAsync(world);
        using var client = await world.WithTokenAsync(Permission.Read);
        var reader = world.Servers[0].Services.GetRequiredService<LiveReader>();
        Assert.Equal(0, reader.WatchedRuns);
        await using (var first = await EventStream.OpenAsync(client, Events))
        {
            await first.NextAsync("progress", _ => true);
            Assert.Equal(1, reader.WatchedRuns);
        }
        while (reader.WatchedRuns > 0) await Task.Delay(20, Cancel);
        await using var second = await EventStream.OpenAsync(client, Events);
        await second.NextAsync("progress", _ => true);
        var asked = TimeProvider.System.GetTimestamp();
        await world.Servers[0].StopAsync(Cancel);
        Assert.True(TimeProvider.System.GetElapsedTime(asked) < TimeSpan.FromSeconds(10), "It waited for the stream.");
        Assert.True(await second.IsOverAsync());
    }

    [Fact]
    public async Task A_run_that_is_not_there_cannot_be_followed()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var client = await world.WithTokenAsync(Permission.Read);
        using var answer = await client.GetAsync("/api/v1/organisations/hlf/runs/99/events", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    /// <summary>Server-sent events as they come over the wire.</summary>
    private sealed class EventStream(HttpResponseMessage answer, IAsyncEnumerator<System.Net.ServerSentEvents.SseItem<string>> items) : IAsyncDisposable
    {
        public string LastId { get; private set; } = "";

        public static async Task<EventStream> OpenAsync(HttpClient client, string address, string? lastId = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (lastId is not null) request.Headers.Add("Last-Event-ID", lastId);
            var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
            Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
            var parser = System.Net.ServerSentEvents.SseParser.Create(await answer.Content.ReadAsStreamAsync(Cancel));
            return new EventStream(answer, parser.EnumerateAsync(Cancel).GetAsyncEnumerator(Cancel));
        }

        public async Task<JsonElement> NextAsync(string type, Func<JsonElement, bool> wanted)
        {
            while (await items.MoveNextAsync())
            {
                LastId = items.Current.EventId ?? LastId;
                var data = JsonDocument.Parse(items.Current.Data).RootElement;
                if (items.Current.EventType == type && wanted(data)) return data;
            }
            throw new InvalidOperationException($"The stream ended without \"{type}\".");
        }

        public async Task<bool> IsOverAsync() => !await items.MoveNextAsync();

        public async ValueTask DisposeAsync()
        {
            answer.Dispose();
            try
            {
                await items.DisposeAsync();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
            {
                // The connection is gone: that is what was wanted.
            }
        }
    }
}
