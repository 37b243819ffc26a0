using System.Net;
using PayOnce.Access;
using PayOnce.App.Dashboard.Parts;
using PayOnce.App.Tests.Support;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>"Sync now", once and again, alone and beside somebody else; by forms alone.</summary>
public sealed class SyncTests(PostgresCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task The_first_export_is_checked_first_and_then_leads_to_its_run(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 30);
        using var client = await world.SignedInAsync(Role.Coordinator);
        using (var click = await client.SendFormAsync("/o/hlf", ("act", OnceOnly.Create()))) Assert.Equal("/o/hlf/sync/check", world.Here(click));
        Assert.Empty(await world.Store.ListRequestsAsync("hlf", null, 10, Cancel));
        Assert.Contains("Dette er første eksport.", await PageAsync(client, "/o/hlf/sync/check"), StringComparison.Ordinal);

        using var agreed = await client.SendFormAsync("/o/hlf/sync/check", ("agreed", "yes"));
        var run = await EndOfAsync(world, client, world.Here(agreed));
        Assert.Equal(30, run.Counters.Exported);
        Assert.Equal("Coordinator 1", run.Actor);

        // Nothing is unusual about the second: no question, and the answer says that nothing was sent.
        using var again = await client.SendFormAsync("/o/hlf", ("act", OnceOnly.Create()));
        var second = await EndOfAsync(world, client, world.Here(again));
        Assert.Equal(0, second.Counters.Exported);
    }

    [Fact]
    public async Task The_same_form_sent_twice_leads_to_the_same_run()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, claims: 3);
        using var client = await world.SignedInAsync(Role.Coordinator);
        var act = OnceOnly.Create();
        var page = await client.GetStringAsync("/o/hlf/sync/check", TestContext.Current.CancellationToken);
        using var first = await client.SendFormOfAsync("/o/hlf/sync/check", page, ("act", act), ("agreed", "yes"));
        using var second = await client.SendFormOfAsync("/o/hlf/sync/check", page, ("act", act), ("agreed", "yes"));
        await EndOfAsync(world, client, world.Here(first));
        await EndOfAsync(world, client, world.Here(second));
        Assert.Single(await world.Store.ListRequestsAsync("hlf", null, 10, Cancel));
        Assert.Single(await world.Store.ListRunsAsync("hlf", null, 10, Cancel));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("01234567890123456789012345678901234567890123456789")]
    public async Task A_form_without_the_id_of_a_page_of_ours_starts_nothing(string act)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, claims: 3);
        using var client = await world.SignedInAsync(Role.Coordinator);
        using var answer = await client.SendFormAsync("/o/hlf/sync/check", ("act", act), ("agreed", "yes"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(await world.Store.ListRequestsAsync("hlf", null, 10, Cancel));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task The_second_persons_click_is_told_who_runs_and_how_far_and_may_wait_in_the_queue(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, settings: RunScenes.Api);
        var going = await RunScenes.UnderWayAsync(world);
        await going.EndTriesAsync(going.Ended(1, MarkState.Exported));
        using var client = await world.SignedInAsync(Role.Coordinator);
        Assert.Contains("Eksportert 25 av 100 krav.", await PageAsync(client, "/o/hlf"), StringComparison.Ordinal);
        await world.Store.TakeInAsync("hlf", A.Records(1, prefix: "B-"), "claims.jsonl", "test", Cancel);

        // From a page that was loaded before the run began.
        using (var click = await client.SendFormAsync("/o/hlf/sync/check", ("act", OnceOnly.Create()), ("agreed", "yes"))) Assert.Equal("/o/hlf/sync/busy", world.Here(click));
        var busy = await PageAsync(client, "/o/hlf/sync/busy");
        Assert.Contains("av kari.", busy, StringComparison.Ordinal);
        Assert.Contains("Eksportert 25 av 100 krav.", busy, StringComparison.Ordinal);
        Assert.Contains("Vi startet ikke en ny.", busy, StringComparison.Ordinal);
        Assert.Empty(await world.Store.ListRequestsAsync("hlf", null, 10, Cancel));

        using var queued = await client.SendFormAsync("/o/hlf/sync/busy", ("queue", "yes"));
        Assert.Equal("/o/hlf/requests/1", world.Here(queued));
        Assert.Contains("Kjøringen står i kø bak kjøring 1.", await PageAsync(client, "/o/hlf/requests/1"), StringComparison.Ordinal);
        using (var taken = await client.SendFormAsync("/o/hlf/requests/1", ("act", "cancel"))) Assert.Equal("/o/hlf/requests/1", world.Here(taken));
        Assert.Equal(RequestState.Cancelled, (await world.Store.FindRequestAsync("hlf", 1, Cancel))!.State);
        Assert.Contains("Forespørselen ble tatt ut av køen. Ingenting ble sendt.", await PageAsync(client, "/o/hlf/requests/1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_is_stopped_after_being_told_what_that_means_whoever_executes_it()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, settings: RunScenes.Api);
        var going = await RunScenes.UnderWayAsync(world);
        await going.EndTriesAsync(going.Ended(1, MarkState.Exported));
        using var client = await world.SignedInAsync(Role.Coordinator);
        var question = await PageAsync(client, "/o/hlf/runs/1/stop");
        Assert.Contains("25 krav er eksportert og blir ikke angret.", question, StringComparison.Ordinal);
        Assert.Contains("75 krav er underveis", question, StringComparison.Ordinal);
        using (var stop = await client.SendFormAsync("/o/hlf/runs/1/stop", ("_handler", "confirm"))) Assert.Equal("/o/hlf/runs/1", world.Here(stop));
        Assert.Equal("Coordinator 1", (await world.Store.FindRunAsync("hlf", 1, Cancel))!.Stop!.By);
        Assert.Contains("Stopper.", await PageAsync(client, "/o/hlf/runs/1"), StringComparison.Ordinal);

        await going.EndTriesAsync(going.Ended(2, MarkState.Exported), going.Ended(3, MarkState.Released), going.Ended(4, MarkState.Released));
        await going.FinishAsync(RunState.Cancelled);
        Assert.Contains("Coordinator 1 stoppet kjøringen", await PageAsync(client, "/o/hlf/runs/1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_export_is_paused_the_overview_says_why_and_nothing_starts()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, claims: 3);
        Assert.True(await world.Store.PauseAsync("hlf", "årsavslutning", "Ola Hansen", Cancel));
        using var client = await world.SignedInAsync(Role.Coordinator);
        var overview = await PageAsync(client, "/o/hlf");
        Assert.Contains("av Ola Hansen", overview, StringComparison.Ordinal);
        Assert.Contains("årsavslutning", overview, StringComparison.Ordinal);
        Assert.DoesNotContain("Eksporter nå", overview, StringComparison.Ordinal);
        using var click = await client.SendFormAsync("/o/hlf/sync/check", ("act", OnceOnly.Create()), ("agreed", "yes"));
        Assert.Equal("/o/hlf", world.Here(click));
        Assert.Empty(await world.Store.ListRunsAsync("hlf", null, 10, Cancel));
    }

    /// <summary>Follows the answer to a click until its run is over, and the request for it too: until then the next click meets somebody who runs.</summary>
    private static async Task<Run> EndOfAsync(ServerWorld world, HttpClient client, string place)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            if (place.StartsWith("/o/hlf/requests/", StringComparison.Ordinal))
            {
                using var answer = await client.GetAsync(place, Cancel);
                if (answer.Headers.Location is not null) place = world.Here(answer);
            }
            else
            {
                Assert.StartsWith("/o/hlf/runs/", place, StringComparison.Ordinal);
                var run = (await world.Store.FindRunAsync("hlf", long.Parse(place["/o/hlf/runs/".Length..], System.Globalization.CultureInfo.InvariantCulture), Cancel))!;
                var requests = await world.Store.ListRequestsAsync("hlf", null, 10, Cancel);
                if (run.State is not RunState.Running && requests.All(request => request.State is not (RequestState.Queued or RequestState.Running))) return run;
            }
            await Task.Delay(50, Cancel);
        }
    }

    private static async Task<string> PageAsync(HttpClient client, string path) =>
        WebUtility.HtmlDecode(await client.GetStringAsync(path, Cancel)).Replace('\u00a0', ' ');
}
