using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Tests.App;

/// <summary>Runs and marks that were never in a store, for wording and exit codes.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 5, 11, 0, 0, TimeSpan.Zero);

    public static Run Run(RunState state = RunState.Finished, RunCounters counters = default, long runId = 12, string actor = "Kari", string? failure = null) =>
        new(runId, RunTrigger.Manual, state, actor, "node", 1, ClaimScope.Everything, "xledger", "gl02", 1, counters, Noon, state == RunState.Running ? null : Noon.AddMinutes(4), failure, 1);

    public static Mark Mark(MarkState state, Evidence? evidence = null, long runId = 12, int generation = 0) =>
        new("A-1", generation, state, 1, 1, runId, 1, "BCDFGHJKLMNPQRST", evidence, null, null, Noon, state == MarkState.InDoubt ? Noon : null);

    public static RunReport Report(Run run, IReadOnlyList<PayOnce.Stores.RecoveredRun>? recovered = null, IReadOnlyList<long>? proved = null) =>
        new(run, null, null, [], [], recovered ?? [], proved ?? [], null, 0);
}
