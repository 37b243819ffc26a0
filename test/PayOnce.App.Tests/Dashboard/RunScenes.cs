using PayOnce.App.Tests.Support;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>Runs as another node or the command line would leave them, for pages to be looked at.</summary>
internal static class RunScenes
{
    /// <summary>An integration over an API; nobody calls it here.</summary>
    public const string Api = """{"exporter":"generic","transport":"api","format":"json","api":{"endpoint":"http://127.0.0.1:9/claims","proofClass":"readable","quietSeconds":60}}""";

    /// <summary>
    /// A finished run over an API of 100 claims A-0001 …: of its four batches of 25 one was exported, one rejected, one is in doubt, and
    /// one was given back.
    /// </summary>
    public static async Task<TestRun> OfEveryKindAsync(ServerWorld world)
    {
        await world.Store.TakeInAsync("hlf", A.Records(100), "claims.jsonl", "test", TestContext.Current.CancellationToken);
        var run = await TestRun.TakeAsync(world.Store);
        await run.CountAsync();
        await run.ReserveAllAsync(size: 25);
        await run.StartTriesAsync(1, 2, 3, 4);
        await run.EndTriesAsync(run.Ended(1, MarkState.Exported), run.Ended(2, MarkState.Rejected), run.Ended(3, MarkState.InDoubt), run.Ended(4, MarkState.Released));
        await run.FinishAsync();
        return run;
    }

    /// <summary>A run under way on another node: 100 claims in four batches, of which none is answered yet.</summary>
    public static async Task<TestRun> UnderWayAsync(ServerWorld world)
    {
        await world.Store.TakeInAsync("hlf", A.Records(100), "claims.jsonl", "test", TestContext.Current.CancellationToken);
        var run = await TestRun.TakeAsync(world.Store);
        await run.CountAsync();
        await run.ReserveAllAsync(size: 25);
        await run.StartTriesAsync(1, 2, 3, 4);
        return run;
    }
}
