using PayOnce.Exporters;
using PayOnce.Runs;
using PayOnce.Sources;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Sources;

/// <summary>What an organisation's own database is told of its claims, and runs that read it first.</summary>
public sealed class WriteBackTests(PostgresCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Exports_are_told_once_their_run_has_ended_and_what_becomes_of_them_afterwards(string kind)
    {
        await using var scene = await SourceScene.MakeAsync(cluster, kind);
        await scene.ApproveAsync(3);
        await scene.SaveAsync(scene.Settings with { WriteBackTable = "payonce_exports" });
        await scene.ReadAsync();
        await scene.Store.TakeInAsync(A.Org, [A.Record("BAD-1")], "claims.json", "kari", Cancel);
        var run = await TestRun.TakeAsync(scene.Store);
        await run.CountAsync();
        await run.ReserveAllAsync();
        Assert.NotNull(await run.StartAsync());
        await TellAsync(scene);
        Assert.Empty(await scene.ToldAsync());

        Assert.NotNull(await run.ConfirmAsync());
        await run.FinishAsync();
        await TellAsync(scene);
        Assert.Equal(["C-0001 exported 1 hlf-run-1.txt at", "C-0002 exported 1 hlf-run-1.txt at", "C-0003 exported 1 hlf-run-1.txt at"], await scene.ToldAsync());

        await scene.Store.RecordImportAsync(A.Org, run.RunId, "V-77", "kari", Cancel);
        await scene.TheirsAsync("delete from payonce_exports where claim_id = 'C-0003'");
        await TellAsync(scene);
        Assert.Equal(["C-0001 booked 1 V-77 at", "C-0002 booked 1 V-77 at", "C-0003 booked 1 V-77 at"], await scene.ToldAsync());
        Assert.NotNull((await scene.Store.FindSourceAsync(A.Org, Cancel))!.WriteBack.WrittenAt);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_file_that_is_taken_back_is_told_and_the_run_that_sends_the_claims_again(string kind)
    {
        await using var scene = await SourceScene.MakeAsync(cluster, kind);
        await scene.ApproveAsync(2);
        await scene.SaveAsync(scene.Settings with { WriteBackTable = "payonce_exports" });
        await scene.ReadAsync();
        var first = await TestRun.ExportEverythingAsync(scene.Store);
        await TellAsync(scene);
        await scene.Store.RollBackAsync(A.Org, first.RunId, "wrong period", "kari", Cancel);
        await TellAsync(scene);
        Assert.Equal(["C-0001 taken_back 1", "C-0002 taken_back 1"], await scene.ToldAsync());

        await TestRun.ExportEverythingAsync(scene.Store, scope: new ClaimScope(ClaimId: "C-0001"));
        await TellAsync(scene);
        Assert.Equal(["C-0001 exported 2 hlf-run-2.txt at", "C-0002 taken_back 1"], await scene.ToldAsync());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_could_not_be_told_is_told_later_and_the_waits_grow(string kind)
    {
        await using var scene = await SourceScene.MakeAsync(cluster, kind);
        await scene.ApproveAsync(2);
        await scene.SaveAsync(scene.Settings with { WriteBackTable = "payonce_exports" });
        await scene.ReadAsync();
        await TestRun.ExportEverythingAsync(scene.Store);
        await scene.TheirsAsync("alter table payonce_exports rename to elsewhere");
        var waits = new List<TimeSpan>();
        for (var tries = 1; tries <= 3; tries++)
        {
            Assert.Contains("payonce_exports", await TryToTellAsync(scene), StringComparison.Ordinal);
            var state = (await scene.Store.FindSourceAsync(A.Org, Cancel))!.WriteBack;
            Assert.Equal(tries, state.Tries);
            waits.Add(state.NextAt!.Value - TimeProvider.System.GetUtcNow());
        }
        Assert.True(waits[0] < waits[1] && waits[1] < waits[2], string.Join(' ', waits));

        await scene.TheirsAsync("alter table elsewhere rename to payonce_exports");
        await TellAsync(scene);
        Assert.Equal(2, (await scene.ToldAsync()).Count);
        Assert.Equal(0, (await scene.Store.FindSourceAsync(A.Org, Cancel))!.WriteBack.Tries);
    }

    [Fact]
    public async Task A_run_reads_the_source_first_and_does_not_begin_behind_one_that_cannot_be_read()
    {
        await using var scene = await SourceScene.MakeAsync(cluster, "sqlite");
        await scene.Store.SaveIntegrationAsync(A.Org, """{"exporter":"generic","transport":"file","format":"csv"}""", "kari", Cancel);
        await scene.ApproveAsync(3);
        await scene.SaveAsync();
        var outside = Outside.FilesOnly(new PublishFolder(NoSteps.Instance)) with { Source = scene.Source() };
        var engine = new ExportEngine(scene.Store, outside, TimeProvider.System, new Node(), NoSteps.Instance);
        await scene.TheirsAsync("update expense_claims set withdrawn_at = now() where id = 'C-0002'");

        Assert.Equal(2, Assert.IsType<RunOutcome.Ended>(await engine.RunAsync(new RunRequest(A.Org, "kari"), null, Cancel)).Report.Run.Counters.Exported);

        await scene.ApproveAsync(1, "N-", "2026-01-06Z");
        var connection = scene.Connection;
        scene.Connection = "postgres://a:b@127.0.0.1:9/claims";
        var refused = Assert.IsType<RunOutcome.NotReady>(await engine.RunAsync(new RunRequest(A.Org, "kari"), null, Cancel));
        Assert.Equal("source", Assert.Single(refused.Problems).Field);
        await scene.SaveAsync(scene.Settings with { Enabled = false });
        Assert.Equal(0, Assert.IsType<RunOutcome.Ended>(await engine.RunAsync(new RunRequest(A.Org, "kari"), null, Cancel)).Report.Run.Counters.Exported);
        scene.Connection = connection;
        await scene.SaveAsync(scene.Settings with { Enabled = true });
        // Stopped while it reads: nothing leaves, and the next run need not wait for a reading that nobody goes on with.
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Equal(0, Assert.IsType<RunOutcome.Ended>(await engine.RunAsync(new RunRequest(A.Org, "kari"), null, stop.Token)).Report.Run.Counters.Exported);
        Assert.Equal(1, Assert.IsType<RunOutcome.Ended>(await engine.RunAsync(new RunRequest(A.Org, "kari"), null, Cancel)).Report.Run.Counters.Exported);
    }

    private static async Task TellAsync(SourceScene scene) => Assert.Null(await TryToTellAsync(scene));

    // Saved anew, it is due at once.
    private static async Task<string?> TryToTellAsync(SourceScene scene)
    {
        var tries = (await scene.Store.FindSourceAsync(A.Org, Cancel))!.WriteBack.Tries;
        await scene.SaveAsync();
        Assert.Equal(tries, (await scene.Store.FindSourceAsync(A.Org, Cancel))!.WriteBack.Tries);
        return await scene.Source().WriteBackAsync(A.Org, Cancel);
    }

    private sealed class Node : INode
    {
        private long numbers;

        public string Holder => "node-1";

        public bool IsGone(string holder) => false;

        public long NextNumber() => Interlocked.Increment(ref numbers);
    }
}
