using Microsoft.Extensions.Logging.Abstractions;
using PayOnce.App.Background;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.App.Background;

/// <summary>Nodes at one queue, over each store.</summary>
public abstract class RunDispatcherTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract Task<StoreDatabase> NewDatabaseAsync();

    private async Task<DispatchWorld> WorldAsync(params string[] organisations) => await DispatchWorld.CreateAsync(await NewDatabaseAsync(), organisations);

    [Fact]
    public async Task A_request_is_run_to_its_end_and_says_how_it_ended()
    {
        await using var world = await WorldAsync();
        await world.StartNodeAsync();

        var (request, outcome) = await world.EndOfAsync(await world.AskAsync());

        Assert.Equal((RequestState.Done, 1L), (request.State, request.RunId));
        Assert.Equal(("finished", 60L, 0L, 0L), (outcome.Status, outcome.Exported, outcome.Rejected, outcome.Waiting));
        Assert.Equal(DispatchWorld.Claims, (await world.JudgeAsync()).Exported);
    }

    [Fact]
    public async Task Two_nodes_and_one_due_time_make_one_run()
    {
        await using var world = await WorldAsync();
        await world.Requests.SaveScheduleAsync(new ScheduleDraft(A.Org, Schedule.OnlyIntegration, "0 0 6 * * ?", Enabled: true, new ScheduleOptions { CatchUpMinutes = 2_000 }, A.Day(5)), 0, "kari", Cancel);
        var nodes = new[] { await world.StartNodeAsync(), await world.StartNodeAsync() };
        var clocks = nodes.Select(node => new ScheduleClock((IRequestStore)node.Store, TimeProvider.System, node.Woken, NullLogger<ScheduleClock>.Instance)).ToList();

        await Task.WhenAll(clocks.Select(clock => Task.Run(() => clock.FireWhatIsDueAsync(Cancel), Cancel)));

        await world.EndOfAsync(1);
        Assert.Single(await world.Requests.ListRequestsAsync(A.Org, null, 10, Cancel));
        var run = Assert.Single(await world.Store.ListRunsAsync(A.Org, null, 10, Cancel));
        Assert.Equal((RunTrigger.Schedule, "schedule"), (run.Trigger, run.Actor));
        Assert.Equal(RequestState.Done, Assert.Single(await world.Requests.ListFiresAsync(A.Org, Schedule.OnlyIntegration, null, 10, Cancel)).Request!.State);
    }

    [Theory]
    [InlineData("lease:before"), InlineData("lease:after"), InlineData("reserve:after"), InlineData("confirm:before"), InlineData("confirm:after"), InlineData("finish:after")]
    public async Task A_node_killed_in_the_middle_leaves_a_request_that_runs_on_and_nothing_twice(string step)
    {
        await using var world = await WorldAsync();
        var request = await world.AskAsync(new RequestScope { Limit = 10 });
        var first = await world.StartNodeAsync(step);
        await first.Reached;
        await world.KillAsync(first);
        await world.StartNodeAsync();

        var (ended, _) = await world.EndOfAsync(request);

        Assert.Equal((RequestState.Done, 2, "node-2"), (ended.State, ended.Attempt, ended.Node));
        // Ten over all runs of the request, wherever the first one died.
        Assert.Equal((10, 50), ((await world.JudgeAsync()).Exported, (await world.JudgeAsync()).Waiting));
        Assert.All(await world.Store.ListRunsAsync(A.Org, null, 10, Cancel), run => Assert.Equal(request, run.RequestId));
    }

    [Fact]
    public async Task A_node_that_is_stopped_hands_its_request_over()
    {
        await using var world = await WorldAsync();
        var request = await world.AskAsync();
        var first = await world.StartNodeAsync("reserve:after");
        await first.Reached;

        var stopping = first.Dispatcher.StopAsync(Cancel);
        first.GoOn();
        await stopping;

        Assert.Equal((RequestState.Queued, null), ((await world.Requests.FindRequestAsync(A.Org, request, Cancel))!.State, (await world.Requests.FindRequestAsync(A.Org, request, Cancel))!.RunId));
        await world.StartNodeAsync();
        Assert.Equal(RequestState.Done, (await world.EndOfAsync(request)).Request.State);
        Assert.Equal(DispatchWorld.Claims, (await world.JudgeAsync()).Exported);
        Assert.Equal(2, (await world.Store.ListRunsAsync(A.Org, null, 10, Cancel)).Count);
    }

    [Fact]
    public async Task A_person_stops_a_run_between_two_batches_and_the_run_says_who()
    {
        await using var world = await WorldAsync();
        var request = await world.AskAsync();
        var node = await world.StartNodeAsync("reserve:after");
        await node.Reached;

        Assert.IsType<StopAnswer.Asked>(await world.Requests.RequestStopAsync(A.Org, 1, "ola", Cancel));
        // Longer than the signal takes to look.
        await Task.Delay(StopSignal.Interval * 2.5, Cancel);
        node.GoOn();

        var (ended, outcome) = await world.EndOfAsync(request);
        Assert.Equal((RequestState.Cancelled, "ola", "cancelled"), (ended.State, outcome.StoppedBy, outcome.Status));
        var run = (await world.Store.FindRunAsync(A.Org, 1, Cancel))!;
        Assert.Equal((RunState.Cancelled, "ola"), (run.State, run.Stop!.By));
        var verdict = await world.JudgeAsync();
        Assert.True(verdict is { Exported: >= 5 and < DispatchWorld.Claims, InDoubt: 0 } && verdict.Exported + verdict.Waiting == DispatchWorld.Claims);
    }

    [Fact]
    public async Task While_export_is_paused_a_request_waits_and_goes_on_afterwards()
    {
        await using var world = await WorldAsync();
        await world.Requests.PauseAsync(A.Org, "årsavslutning", "ola", Cancel);
        var request = await world.AskAsync();
        var node = await world.StartNodeAsync();
        await Task.Delay(RunDispatcher.Interval * 1.5, Cancel);
        Assert.Equal(RequestState.Queued, (await world.Requests.FindRequestAsync(A.Org, request, Cancel))!.State);
        Assert.Empty(await world.Store.ListRunsAsync(A.Org, null, 10, Cancel));

        await world.Requests.ResumeAsync(A.Org, "ola", Cancel);
        node.Woken.Work.Wake();
        Assert.Equal(RequestState.Done, (await world.EndOfAsync(request)).Request.State);
    }

    [Fact]
    public async Task Organisations_run_beside_each_other_and_one_that_stands_still_holds_up_nobody_else()
    {
        await using var world = await WorldAsync(A.Org, A.OtherOrg);
        var first = await world.AskAsync();
        var node = await world.StartNodeAsync("reserve:after");
        await node.Reached;

        Assert.Equal(RequestState.Done, (await world.EndOfAsync(await world.AskAsync(organisationId: A.OtherOrg), A.OtherOrg)).Request.State);
        Assert.Equal(RequestState.Running, (await world.Requests.FindRequestAsync(A.Org, first, Cancel))!.State);
        node.GoOn();
        await world.EndOfAsync(first);
    }

    [Fact]
    public async Task A_request_that_cannot_be_started_is_refused_says_why_and_tells_people()
    {
        await using var world = await WorldAsync();
        await world.Store.AddOrganisationAsync(A.Organisation("empty"), "test", Cancel);
        await world.Requests.SaveNotificationSettingsAsync("empty", new NotificationSettings { WebhookUrl = "https://example.org/", WebhookSecret = "hook", Emails = ["kari@example.org"] }, 0, "kari", Cancel);
        await world.StartNodeAsync();

        var loud = await world.EndOfAsync(await world.AskAsync(organisationId: "empty"), "empty");
        var silent = await world.EndOfAsync(await world.AskAsync(new RequestScope { Notify = false }, "empty"), "empty");

        Assert.Equal((RequestState.Refused, "not_ready"), (loud.Request.State, loud.Outcome.Status));
        Assert.Contains("no integration", Assert.Single(loud.Outcome.Problems!), StringComparison.Ordinal);
        Assert.Equal(RequestState.Refused, silent.Request.State);
        var outbox = await world.Requests.ListNotificationsAsync("empty", null, 10, Cancel);
        Assert.Equal([NotificationChannel.Email, NotificationChannel.Webhook], outbox.Select(each => each.Channel));
        Assert.All(outbox, each => Assert.Equal((NotificationKind.RunNotStarted, 1L), (each.Kind, NotificationPayload.FromStored(each.PayloadJson).Data.Request)));
    }
}

public sealed class SqliteRunDispatcherTests : RunDispatcherTests
{
    protected override Task<StoreDatabase> NewDatabaseAsync() => Task.FromResult<StoreDatabase>(new SqliteDatabase(TimeProvider.System));
}

public sealed class PostgresRunDispatcherTests(PostgresCluster cluster) : RunDispatcherTests
{
    protected override async Task<StoreDatabase> NewDatabaseAsync() => await PostgresDatabase.CreateAsync(cluster);
}
