using System.Net;
using PayOnce.EndToEnd.Tests.Otlp;
using PayOnce.EndToEnd.Tests.Support;
using PayOnce.Tests.Support;

namespace PayOnce.EndToEnd.Tests.Nodes;

/// <summary>Ten thousand requests under way at the same moment.</summary>
public sealed class CrowdTests(PostgresCluster cluster)
{
    private const int Requests = 10_000;
    private const string Key = "Idempotency-Key: the-same-for-all\r\n";
    private const string Order = """{"whenBusy":"queue"}""";

    // What an answer must not tell of how the server is made.
    private static readonly string[] Details = ["Exception", "   at ", "Npgsql", "postgres", "select ", "payonce.runs", "/home/", ".cs:"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_requests_at_once_are_answered_rightly_change_nothing_and_leave_a_server_that_serves()
    {
        await using var meter = await OtlpReceiver.StartAsync(Cancel);
        await using var world = await NodesWorld.CreateAsync(cluster, claims: 3, _ => """{"exporter":"generic","transport":"file","format":"csv"}""");
        world.Environment = new Dictionary<string, string>
        {
            ["PAYONCE_REQUESTSPERSECOND"] = "100000",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = meter.Address,
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
            ["OTEL_TRACES_SAMPLER"] = "always_off",
        };
        await world.StartAsync(1);
        var node = world.Alive.Single();
        // One order, carried out: the same again gets the same answer.
        var first = await node.PostAsync("sync", Order, ("Idempotency-Key", "the-same-for-all"));
        await world.OverAsync(first.GetProperty("requestId").GetInt64());
        var before = await WhatIsThereAsync(world);

        using var crowd = await Crowd.GatherAsync(node.Address, world.Token, Requests, number => (number % 4) switch
        {
            0 => ("/api/v1/organisations/hlf/sync", """{"limit":0}""", ""),
            1 => ("/api/v1/organisations/hlf/claims/NOBODYS/re-export", """{"reason":"lost","confirm":"NOBODYS","generation":0}""", ""),
            _ => ("/api/v1/organisations/hlf/sync", Order, Key),
        });
        await crowd.WhileAsync(Until.TrueAsync(() => Task.FromResult(UnderWay(meter) >= Requests), () => $"{UnderWay(meter)} requests were under way, and {crowd.AskedAgain} had to ask again."));
        // Whoever comes now is served nevertheless.
        await crowd.WhileAsync(Until.TrueAsync(() => IsServedAsync(node), () => "Nobody was served any more."));
        var answers = await crowd.AnswersAsync();
        TestContext.Current.TestOutputHelper!.WriteLine($"{crowd.AskedAgain} had to ask again to be under way; {crowd.Unheard} were hung up on and asked again; {answers.Count(answer => answer.SaysUnavailable)} were told so at the end.");

        // Few, on however busy a machine.
        Assert.InRange(crowd.Unheard, 0, Requests / 20);
        HttpStatusCode[] right = [HttpStatusCode.BadRequest, HttpStatusCode.NotFound, HttpStatusCode.Accepted, HttpStatusCode.Accepted];
        // On a machine with much else to do, who waited too long for one of the few connections to the database is told so, as documented.
        Assert.All(answers, (answer, number) => Assert.True(answer.Status == right[number % right.Length] || answer.SaysUnavailable, answer.Text));
        Assert.All(right, status => Assert.Contains(answers, answer => answer.Status == status));
        Assert.All(answers.Select(answer => answer.Text).Distinct(), text => Assert.DoesNotContain(Details, detail => text.Contains(detail, StringComparison.OrdinalIgnoreCase)));
        Assert.Equal(before, await WhatIsThereAsync(world));
        Assert.Equal("done", (await node.GetAsync("requests/1")).GetProperty("state").GetString());
    }

    // At once, or, told that the database is unavailable, when they ask again.
    private static async Task<bool> IsServedAsync(ServerNode node)
    {
        try
        {
            return (await node.GetAsync("requests/1")).GetProperty("state").GetString() == "done";
        }
        catch (HttpRequestException refusal) when (refusal.StatusCode is HttpStatusCode.ServiceUnavailable)
        {
            return false;
        }
    }

    // The server's own count of what it has begun and not answered yet.
    private static double UnderWay(OtlpReceiver meter) =>
        meter.Points.Where(point => point.Key.StartsWith("http.server.active_requests ", StringComparison.Ordinal)).Sum(point => point.Value);

    /// <summary>Whatever a request changes stands in the trail.</summary>
    private static async Task<(string Trail, long Exported, int Runs, int Requests)> WhatIsThereAsync(NodesWorld world) =>
    (
        (await world.Store.GetAuditHeadAsync(NodesWorld.Org, Cancel)).Hash,
        (await world.Store.GetStatusAsync(NodesWorld.Org, Cancel)).Exported,
        (await world.Store.ListRunsAsync(NodesWorld.Org, null, 100, Cancel)).Count,
        (await world.Store.ListRequestsAsync(NodesWorld.Org, null, 100, Cancel)).Count
    );
}
