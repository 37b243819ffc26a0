using PayOnce.Runs;
using PayOnce.Scheduling;

namespace PayOnce.Stores;

/// <summary>Which request a node may take: decided alike in both stores, from what one transaction reads.</summary>
internal static class RequestRules
{
    /// <summary>The organisation as a transaction finds it.</summary>
    /// <param name="Unfinished">The running request, if any, and those that wait, by their number.</param>
    /// <param name="LeaseHeldByRun">The run that has the lease, its time not over and its holder not certainly gone; null if nobody has it.</param>
    /// <param name="RunOfRunning">The running request's run; null while it has none.</param>
    /// <param name="Now">Database time.</param>
    public sealed record Scene(IReadOnlyList<StoredRequest> Unfinished, long? LeaseHeldByRun, Run? RunOfRunning, Pause? Pause, DateTimeOffset Now);

    /// <summary>What may be done.</summary>
    public abstract record Decision
    {
        private Decision() { }

        /// <summary>Take it, for a run of its own.</summary>
        public sealed record Take(StoredRequest Request) : Decision;

        /// <summary>Take it, only to end it: this run of it had come to its end.</summary>
        public sealed record Close(StoredRequest Request, Run Run) : Decision;

        public sealed record Leave(TakeRequestAnswer Answer) : Decision;
    }

    public static StoredRequest? Running(IReadOnlyList<StoredRequest> unfinished) => unfinished.FirstOrDefault(each => each.State == RequestState.Running);

    /// <param name="patience">How long a living node may be silent where no lease speaks for it.</param>
    public static Decision Decide(Scene scene, Func<string, bool> isGone, TimeSpan patience)
    {
        var running = Running(scene.Unfinished);
        if (running is not null && !IsLeft(running, scene, isGone, patience)) return Nothing;
        if (running is not null && scene.RunOfRunning is { } run && CameToItsEnd(run)) return new Decision.Close(running, run);
        if ((running ?? (scene.Unfinished is [var first, ..] ? first : null)) is not { } next) return Nothing;
        if (scene.Pause is { } pause) return new Decision.Leave(new TakeRequestAnswer.Paused(pause));
        // Who does not want to wait is told so by the run that asks for the lease; but what has begun once is gone on with.
        var mayWait = next.WhenBusy == WhenBusy.Queue || next.Attempt > 0;
        return scene.LeaseHeldByRun is not null && mayWait ? Nothing : new Decision.Take(next);
    }

    private static Decision Nothing { get; } = new Decision.Leave(TakeRequestAnswer.Nothing.Instance);

    private static bool IsLeft(StoredRequest running, Scene scene, Func<string, bool> isGone, TimeSpan patience) => scene.RunOfRunning switch
    {
        { State: RunState.Running } run => scene.LeaseHeldByRun != run.RunId,
        null => isGone(running.Node!) || scene.Now - running.TakenAt!.Value >= patience,
        var over => isGone(running.Node!) || scene.Now - Later(over.EndedAt!.Value, running.TakenAt!.Value) >= patience,
    };

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    // Finished also where recovery found that nothing was left to do. A failed run is run again, which costs nothing if it fails
    // again; a cancelled one only where no person wanted it to stop: then its node was being stopped.
    private static bool CameToItsEnd(Run run) => run.State switch
    {
        RunState.Finished or RunState.RolledBack => true,
        RunState.Cancelled => run.Stop is not null,
        _ => false,
    };

    /// <summary>The answer to an order that was given before under the same key.</summary>
    public static QueueAnswer Again(StoredRequest earlier, string earlierHash, RunOrder order) =>
        string.Equals(earlierHash, order.Hash(), StringComparison.Ordinal) ? new QueueAnswer.Repeated(earlier) : new QueueAnswer.Conflict(earlier);

    /// <summary>The request as it is once a node has it.</summary>
    public static StoredRequest TakenBy(this StoredRequest request, string node, DateTimeOffset now, long? runId) =>
        request with { State = RequestState.Running, Attempt = request.Attempt + 1, Node = node, TakenAt = now, RunId = runId };

    public static StoredRequest New(RunOrder order, long requestId, DateTimeOffset now) => new(
        order.OrganisationId, requestId, order.Kind, order.Scope, order.Trigger, order.Actor, order.WhenBusy, order.IdempotencyKey, RequestState.Queued, 0, null, null, null, now, null, null);
}
