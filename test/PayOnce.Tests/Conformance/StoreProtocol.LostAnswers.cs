using PayOnce.Runs;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreProtocol
{
    [Fact]
    public async Task A_recovery_of_several_runs_survives_losing_each_answer()
    {
        await TakeInAsync(A.Records(6));
        var first = await TestRun.TakeAsync(Store);
        await first.ReserveAsync(2);
        await first.StartAsync();
        var second = await TestRun.TakeOverAsync(Store);
        await second.ReserveAsync(2);
        var third = await TestRun.TakeOverAsync(Store);

        IReadOnlyList<RunState> states;
        using (var lost = Database.LoseAnswers(Store))
        {
            var recovered = await Store.RecoverAsync(third.Lease, Cancel);
            states = [.. recovered!.Select(each => each.Run.State)];
            Assert.Equal([(0L, 2L), (2L, 0L)], recovered!.Select(each => (each.Released, each.InDoubt)));
            Assert.True(lost.Steps.Count >= 2);
        }

        Assert.Equal([RunState.Failed, RunState.Failed], states);
        Assert.Equal(new RunCounters(2, 0, 2, 0, 0, 2, 0), (await RunAsync(first.RunId)).Counters);
        Assert.Equal(["A-0003", "A-0004", "A-0005", "A-0006"], await WaitingAsync());
    }

    [Fact]
    public async Task A_whole_export_that_loses_every_answer_exports_each_claim_once()
    {
        await TakeInAsync([.. A.Records(10), A.Record("BAD-1")]);
        TestRun run;
        using (Database.LoseAnswers(Store)) run = await TestRun.ExportEverythingAsync(Store, size: 3);

        Assert.Equal(new RunCounters(11, 0, 11, 10, 1, 0, 0), (await RunAsync(run.RunId)).Counters);
        Assert.Equal(run.Batches.SelectMany(batch => batch.Rendered.Bytes.ToArray()).ToArray(), await Dump.BytesAsync(Store, A.Org, run.RunId));
        Assert.Equal(["BAD-1"], await WaitingAsync());
    }
}
