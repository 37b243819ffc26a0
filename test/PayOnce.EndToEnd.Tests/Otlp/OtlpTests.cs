using System.Text;
using Npgsql;
using PayOnce.Claims;
using PayOnce.Claims.Intake;
using PayOnce.EndToEnd.Tests.Nodes;
using PayOnce.EndToEnd.Tests.Support;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Generic;
using PayOnce.Tests.Support;

namespace PayOnce.EndToEnd.Tests.Otlp;

/// <summary>What the real server tells a collector over the wire, and what it keeps to itself.</summary>
public sealed class OtlpTests(PostgresCluster cluster)
{
    private const int Claims = 60;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Traces_and_metrics_of_a_run_reach_the_collector_with_their_values_and_without_a_claim_a_person_or_a_secret()
    {
        await using var collector = await OtlpReceiver.StartAsync(Cancel);
        var faults = new FaultPlan();
        await using var system = await SandboxServer.StartAsync(new GenericStandIn(new GenericBehaviour { Proof = GenericProof.Blind }), faults, cancel: Cancel);
        await using var world = await NodesWorld.CreateAsync(cluster, Claims, _ => ApiSettings.Generic(system.Address, GenericProof.Blind, quietSeconds: 1));
        world.Environment = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        };
        await world.StartAsync(1);

        // One request is put off and sent again, one claim is refused; the next run sends that one again, and its answer is lost for ever.
        faults.Script(new ScriptedFault(FaultKind.TooManyRequests, Path: "batches", Delay: TimeSpan.FromMilliseconds(20)), new ScriptedFault(FaultKind.PartialFailure));
        await SyncAsync(world);
        faults.Script(new ScriptedFault(FaultKind.AnswerLost, Path: "batches"));
        await SyncAsync(world);
        // What is told every now and then is told once more at the end.
        var first = world.Alive.Single();
        first.Process.Terminate();
        Assert.Equal(0, (await first.Process.EndAsync()).ExitCode);

        var told = collector.Points;
        string Org(string name, string tags = "") => $"{name} {tags}organisation={NodesWorld.Org}";
        Assert.Equal((1, 1), (told[Org("payonce.runs") + " state=finished_rejections trigger=manual"], told[Org("payonce.runs") + " state=in_doubt trigger=manual"]));
        Assert.Equal(2, told[Org("payonce.run.duration.count")]);
        Assert.True(told[Org("payonce.run.duration.sum")] > 0);
        Assert.Equal(2, told[Org("payonce.lease.wait.count")]);
        Assert.InRange(told[Org("payonce.lease.wait.sum")], 0, 60);
        Assert.Equal(
            (Claims - 1, 1, 1, Claims - 1),
            (told[Org("payonce.run.claims", "became=exported ")], told[Org("payonce.run.claims", "became=rejected ")], told[Org("payonce.run.claims", "became=in_doubt ")], told[Org("payonce.run.claims", "became=skipped ")]));
        Assert.Equal(
            (3, 1, 1),
            (told[Org("payonce.attempts") + " outcome=accepted status=200"], told[Org("payonce.attempts") + " outcome=refused status=429"], told[Org("payonce.attempts") + " outcome=unknown status="]));

        // Both runs are traced, with what they asked of the database below them.
        var runs = collector.Spans.Where(span => span is { Source: "PayOnce", Name: "run" }).ToList();
        Assert.Equal(2, runs.Count);
        Assert.All(runs, run => Assert.Contains(collector.Spans, span => span.Source == "Npgsql" && span.Trace == run.Trace && span.Parent == run.Id));

        // Where claims stand is read as a server starts, and now and then from there on.
        await world.StartAsync(1);
        await Until.TrueAsync(() => Task.FromResult(collector.Points.GetValueOrDefault(Org("payonce.in_doubt.age")) > 0), () => string.Join('\n', collector.Points));
        told = collector.Points;
        Assert.Equal(
            (0, 0, Claims - 1, 0, 1),
            (State("ready"), State("reserved"), State("exported"), State("rejected"), State("in_doubt")));
        double State(string state) => told[Org("payonce.claims") + $" state={state}"];

        // The same search finds what may be told.
        Assert.NotNull(Find(collector, NodesWorld.Org));
        Assert.All(Secrets(world), secret => Assert.Null(Find(collector, secret)));
    }

    private static async Task SyncAsync(NodesWorld world)
    {
        var asked = await world.Alive[^1].PostAsync("sync", "{}");
        Assert.Equal("done", (await world.OverAsync(asked.GetProperty("requestId").GetInt64())).GetProperty("state").GetString());
    }

    private static IEnumerable<string> Secrets(NodesWorld world)
    {
        var claims = ClaimsGenerator.Generate(Claims, NodesWorld.ClaimsSeed).ToList();
        IEnumerable<string> found = claims.SelectMany(claim => (string[])[claim.ClaimId, claim.Claimant.Name, claim.ApprovedBy, .. claim.Lines.Select(line => line.Description)]);
        return found.Concat(["sandbox-token", world.Token, world.Token.Split('_')[^1]]).Append(new NpgsqlConnectionStringBuilder(world.Connection).Password ?? "").Where(text => text.Length > 0).Distinct();
    }

    private static string? Find(OtlpReceiver collector, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return collector.Received.Any(each => each.AsSpan().IndexOf(bytes) >= 0) ? text : null;
    }
}
