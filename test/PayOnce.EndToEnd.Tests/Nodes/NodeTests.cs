using System.Globalization;
using System.Text.Json;
using PayOnce.EndToEnd.Tests.Support;
using PayOnce.Guard;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Generic;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.EndToEnd.Tests.Nodes;

/// <summary>
/// Several servers on one PostgreSQL, each a process of its own, and what happens to a run when the one that executes it is killed,
/// stands still or is stopped in the middle. A node stands still at a named step by itself, so the middle is the middle, however
/// quick the machine is.
/// </summary>
public sealed class NodeTests(PostgresCluster cluster)
{
    private const string WhenFree = """{"whenBusy":"queue"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_node_that_sends_is_killed_and_another_takes_the_run_over_and_nothing_is_booked_twice()
    {
        const int claims = 400;
        await using var system = await SandboxServer.StartAsync(new GenericStandIn(new GenericBehaviour { Proof = GenericProof.Readable }), cancel: Cancel);
        await using var world = await NodesWorld.CreateAsync(cluster, claims, _ => ApiSettings.Generic(system.Address, GenericProof.Readable, quietSeconds: 1));
        // Answered, and not yet recorded: what only the accounting system knows.
        await world.StartAsync(2, "send:after:3");
        var asked = await world.Alive[0].PostAsync("sync", WhenFree);
        var executes = await world.OneStandsStillAsync();
        var other = world.Alive.Single(node => node != executes);
        var before = await other.GetAsync("requests/1");
        Assert.Equal(("running", 1), (before.GetProperty("state").GetString(), before.GetProperty("attempt").GetInt32()));
        // A second one is asked for meanwhile, and must not get lost either.
        var later = await other.PostAsync("sync", WhenFree);
        var firstRun = other.FollowAsync(before.GetProperty("runId").GetInt64());

        await NodesWorld.KillAsync(executes);
        var over = await world.OverAsync(asked.GetProperty("requestId").GetInt64());
        Assert.Equal(("done", 2), (over.GetProperty("state").GetString(), over.GetProperty("attempt").GetInt32()));
        // Failed, until the read-back has found that all of what it sent arrived: then it is finished, since its failure was only that nobody knew.
        Assert.Contains((await firstRun).GetProperty("state").GetString(), (string[])["failed", "finished"]);
        var secondRun = await other.FollowAsync(over.GetProperty("runId").GetInt64());
        Assert.Equal("finished", secondRun.GetProperty("state").GetString());
        Assert.Equal(secondRun.GetProperty("total").GetInt64(), secondRun.GetProperty("handled").GetInt64());
        Assert.Equal("done", (await world.OverAsync(later.GetProperty("requestId").GetInt64())).GetProperty("state").GetString());

        await system.IdleAsync(Cancel);
        await EveryClaimIsExplainedAsync(world, claims, claims, store => Judge.JudgeBookAsync(store, NodesWorld.Org, system.StandIn.Bookings.Select(booking => booking.Key), Cancel));
    }

    [Fact]
    public async Task Nodes_die_one_after_the_other_and_each_claim_is_in_one_published_file()
    {
        const int claims = 6_000;
        await using var world = await NodesWorld.CreateAsync(cluster, claims, made => JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["exporter"] = "generic", ["transport"] = "file", ["format"] = "csv", ["folder"] = made.Outside,
        }));
        // Whichever takes the run over dies at a place of its own. The second link is the file's, behind its manifest's: once it is there, it is proof. Between the two all its claims would be in doubt.
        await world.StartAsync(4, "reserve:after:2", "publish:linked:2", "confirm:before", "reserve:after:1");
        var asked = await world.Alive[0].PostAsync("sync", WhenFree);
        var over = await world.OverAsync(asked.GetProperty("requestId").GetInt64(), mayDie: 3);
        Assert.Equal("done", over.GetProperty("state").GetString());
        Assert.True(over.GetProperty("attempt").GetInt32() == 5 - world.Alive.Count && world.Alive.Count < 4, $"{world.Alive.Count} nodes are left: {over}");
        await EveryClaimIsExplainedAsync(world, claims, mostInDoubt: 0, store => Judge.JudgeAsync(store, NodesWorld.Org, world.Outside, Cancel));
    }

    [Fact]
    public async Task A_node_that_stood_still_past_its_lease_wakes_in_the_middle_of_the_others_run_and_books_nothing_twice()
    {
        const int claims = 200;
        await using var system = await SandboxServer.StartAsync(new GenericStandIn(new GenericBehaviour { Proof = GenericProof.Unique }), cancel: Cancel);
        await using var world = await NodesWorld.CreateAsync(cluster, claims, _ => ApiSettings.Generic(system.Address, GenericProof.Unique, quietSeconds: 1));
        await world.StartAsync(2, "send:before:3");
        var asked = await world.Alive[0].PostAsync("sync", WhenFree);
        var slept = await world.OneStandsStillAsync();
        await world.ExpireLeaseAsync();
        var tookOver = await world.OneStandsStillAsync(apartFrom: slept);

        // It is told to stop as it wakes, so that its end says that nothing of it is left to come.
        slept.Process.Terminate();
        slept.Process.Resume();
        var ended = await slept.Process.EndAsync();
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.True(tookOver.Process.StandsStill);
        var over = await world.OverAsync(asked.GetProperty("requestId").GetInt64());
        Assert.Equal(("done", 2), (over.GetProperty("state").GetString(), over.GetProperty("attempt").GetInt32()));

        // What the sleeper had started is absent, which proves nothing before the quiet time is over: a quick machine has run by then.
        await Until.TrueAsync(async () =>
        {
            var status = await world.Store.GetStatusAsync(NodesWorld.Org, Cancel);
            if (status is { InDoubt: 0, Waiting: 0 }) return true;
            await world.OverAsync((await tookOver.PostAsync("sync", WhenFree)).GetProperty("requestId").GetInt64());
            return false;
        }, () => "What the sleeper had started stays in doubt.");

        await system.IdleAsync(Cancel);
        await EveryClaimIsExplainedAsync(world, claims, 0, store => Judge.JudgeBookAsync(store, NodesWorld.Org, system.StandIn.Bookings.Select(booking => booking.Key), Cancel));
    }

    [Fact]
    public async Task A_node_that_is_told_to_stop_waits_for_what_is_on_its_way_and_hands_the_rest_to_another()
    {
        const int claims = 200;
        await using var system = await SandboxServer.StartAsync(new GenericStandIn(new GenericBehaviour { Proof = GenericProof.Readable }), cancel: Cancel);
        await using var world = await NodesWorld.CreateAsync(cluster, claims, _ => ApiSettings.Generic(system.Address, GenericProof.Readable, quietSeconds: 1, claimsPerRequest: 10));
        await world.StartAsync(2, "send:after:1");
        var asked = await world.Alive[0].PostAsync("sync", WhenFree);
        var stopped = await world.OneStandsStillAsync();
        stopped.Process.Terminate();
        stopped.Process.Resume();
        var ended = await stopped.Process.EndAsync();
        Assert.True(ended.ExitCode == 0, ended.ToString());
        var sent = system.StandIn.Bookings.Count;
        // What its three senders had under way, and what they began before the signal reached the program.
        Assert.InRange(sent, 10, claims - 10);

        var over = await world.OverAsync(asked.GetProperty("requestId").GetInt64());
        Assert.Equal(("done", 2), (over.GetProperty("state").GetString(), over.GetProperty("attempt").GetInt32()));
        Assert.Equal(claims - sent, over.GetProperty("outcome").GetProperty("exported").GetInt64());
        var runs = (await world.Store.ListRunsAsync(NodesWorld.Org, null, 10, Cancel)).Select(run => (run.Status, run.Counters.InDoubt)).Order().ToList();
        Assert.Equal([("cancelled", 0), ("finished", 0)], runs);
        await EveryClaimIsExplainedAsync(world, claims, mostInDoubt: 0, store => Judge.JudgeBookAsync(store, NodesWorld.Org, system.StandIn.Bookings.Select(booking => booking.Key), Cancel));
    }

    [Fact]
    public async Task A_run_of_the_command_line_is_stopped_over_the_api_of_another_process_and_says_who_stopped_it()
    {
        // For seconds: the wish to stop is looked for each second.
        const int claims = 400;
        await using var system = await SandboxServer.StartAsync(new GenericStandIn(new GenericBehaviour { Proof = GenericProof.Readable, Latency = TimeSpan.FromMilliseconds(400) }), cancel: Cancel);
        await using var world = await NodesWorld.CreateAsync(cluster, claims, _ => ApiSettings.Generic(system.Address, GenericProof.Readable, quietSeconds: 1, claimsPerRequest: 5));
        await world.StartAsync(1);
        var sync = world.Command("send:after:3", "sync", NodesWorld.Org, "--as", "Kari");
        await Until.TrueAsync(() => Task.FromResult(sync.HasEnded || sync.StandsStill), () => "The run never sent anything.");
        Assert.False(sync.HasEnded);

        var stop = await world.Alive[0].PostAsync("runs/1/stop", "{}");
        sync.Resume();
        var ended = await sync.EndAsync();

        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Contains($"{stop.GetProperty("askedBy").GetString()} stopped run 1", ended.Output, StringComparison.Ordinal);
        var run = (await world.Store.FindRunAsync(NodesWorld.Org, 1, Cancel))!;
        Assert.Equal(("cancelled", "Kari", stop.GetProperty("askedBy").GetString(), 0L), (run.Status, run.Actor, run.Stop!.By, run.Counters.InDoubt));
        var sent = system.StandIn.Bookings.Count;
        Assert.InRange(sent, 3, claims - 1);
        Assert.Equal(sent, run.Counters.Exported);

        var next = await world.Command(null, "sync", NodesWorld.Org, "--json").EndAsync();
        Assert.Equal((0, (long)claims - sent), (next.ExitCode, next.Json.GetProperty("exported").GetInt64()));
        await EveryClaimIsExplainedAsync(world, claims, mostInDoubt: 0, store => Judge.JudgeBookAsync(store, NodesWorld.Org, system.StandIn.Bookings.Select(booking => booking.Key), Cancel));
    }

    [Fact]
    public async Task Four_nodes_make_no_more_than_one_run_of_a_time_that_the_schedule_is_due()
    {
        const int claims = 50;
        await using var world = await NodesWorld.CreateAsync(cluster, claims, _ => """{"exporter":"generic","transport":"file","format":"csv"}""");
        await world.StartAsync(4);
        await world.Alive[0].PutAsync("schedule", """{"cron":"* * * * * ?","enabled":true}""");
        await Until.TrueAsync(async () => (await world.Store.ListFiresAsync(NodesWorld.Org, Scheduling.Schedule.OnlyIntegration, null, 10, Cancel)).Count >= 3 && (await world.Store.GetStatusAsync(NodesWorld.Org, Cancel)).Exported == claims, () => "The schedule never fired, or exported nothing.");
        // Every node looks once more before it ends.
        foreach (var node in world.Alive) node.Process.Terminate();
        foreach (var node in world.Alive.ToList()) Assert.Equal(0, (await node.Process.EndAsync()).ExitCode);

        var fires = await world.Store.ListFiresAsync(NodesWorld.Org, Scheduling.Schedule.OnlyIntegration, null, 100, Cancel);
        var requests = await world.Store.ListRequestsAsync(NodesWorld.Org, null, 100, Cancel);
        Assert.Equal(fires.Count, fires.Select(fire => fire.ScheduledAt).Distinct().Count());
        // A time that comes while a request of the one before still waits is served by that one.
        Assert.Equal(fires.Select(fire => fire.Request!.RequestId).Distinct().Order(), requests.Select(request => request.RequestId).Order());
        var runs = await world.Store.ListRunsAsync(NodesWorld.Org, null, 100, Cancel);
        Assert.Equal(runs.Count, runs.Select(run => run.RequestId).Distinct().Count());
        Assert.Equal(claims, runs.Sum(run => run.Counters.Exported));
        Assert.Equal(1, runs.Count(run => run.Counters.Exported > 0));
    }

    private static async Task EveryClaimIsExplainedAsync(NodesWorld world, int claims, int mostInDoubt, Func<IStore, Task<Verdict>> judge)
    {
        var verdict = await judge(world.Store);
        Assert.Equal(claims, verdict.Exported + verdict.InDoubt);
        Assert.True(verdict.InDoubt <= mostInDoubt, verdict.ToString());
        var doubts = (await world.Store.ListClaimsAsync(NodesWorld.Org, new ClaimFilter { State = MarkState.InDoubt }, null, claims, Cancel)).ToList();
        Assert.Equal(verdict.InDoubt, doubts.Count);
        Assert.All(doubts, claim => Assert.False(string.IsNullOrWhiteSpace(claim.Mark!.Reason), claim.ClaimId));
        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"{verdict}"));
    }
}
