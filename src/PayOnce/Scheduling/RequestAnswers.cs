using PayOnce.Runs;

namespace PayOnce.Scheduling;

/// <summary>The answer to an order.</summary>
public abstract record QueueAnswer
{
    private QueueAnswer() { }

    /// <summary>The order is in the queue.</summary>
    /// <param name="Ahead">Requests of the organisation that come first, the running one with them.</param>
    /// <param name="Pause">Why it does not start yet, if export is paused; null otherwise.</param>
    public sealed record Queued(StoredRequest Request, int Ahead, Pause? Pause) : QueueAnswer;

    /// <summary>The same order came before under the same key: this is its request, wherever it is now. Nothing was added.</summary>
    public sealed record Repeated(StoredRequest Request) : QueueAnswer;

    /// <summary>Another order came before under the same key. Nothing was added.</summary>
    public sealed record Conflict(StoredRequest Earlier) : QueueAnswer;

    /// <summary>Somebody runs, or a request waits already, and the order does not want to wait. Nothing was added.</summary>
    /// <param name="Run">The run that goes on now; null if there is none yet.</param>
    /// <param name="First">The first of the requests before it; null if the run has none (the command line's).</param>
    /// <param name="Now">Database time, to tell the time left by.</param>
    public sealed record Busy(Run? Run, StoredRequest? First, DateTimeOffset Now) : QueueAnswer;

    /// <summary>Export is paused, and the order does not want to wait. Nothing was added.</summary>
    public sealed record Paused(Pause Pause) : QueueAnswer;
}

/// <summary>The answer to a node that looks for work in one organisation.</summary>
public abstract record TakeRequestAnswer
{
    private TakeRequestAnswer() { }

    /// <summary>The request is ours now, under its attempt.</summary>
    public sealed record Taken(StoredRequest Request) : TakeRequestAnswer;

    /// <summary>
    /// Its node is gone, but its run had come to its end by itself: nothing is left but to say so. The request is ours now, for
    /// <see cref="Stores.IRequestStore.EndRequestAsync"/>.
    /// </summary>
    public sealed record Over(StoredRequest Request, Run Run) : TakeRequestAnswer;

    /// <summary>Nothing waits, or a request or somebody without one runs.</summary>
    public sealed record Nothing : TakeRequestAnswer { public static Nothing Instance { get; } = new(); }

    /// <summary>Requests wait, and export is paused.</summary>
    public sealed record Paused(Pause Pause) : TakeRequestAnswer;
}

/// <summary>How a request ends.</summary>
/// <param name="State">Any state but queued and running.</param>
/// <param name="OutcomeJson">What is told of it, as JSON.</param>
/// <param name="RunId">The run that ended; null if none was started.</param>
/// <param name="Notifications">Who has to be told, in the same commit.</param>
public sealed record RequestEnd(RequestState State, string OutcomeJson, long? RunId, IReadOnlyList<NotificationDraft> Notifications);

/// <summary>The answer to a person who takes a waiting request back.</summary>
public abstract record CancelAnswer
{
    private CancelAnswer() { }

    public sealed record Cancelled : CancelAnswer { public static Cancelled Instance { get; } = new(); }

    public sealed record NoSuchRequest : CancelAnswer { public static NoSuchRequest Instance { get; } = new(); }

    /// <summary>It waits no more: it runs (stop its run instead) or is over.</summary>
    public sealed record NotWaiting(StoredRequest Request) : CancelAnswer;
}

/// <summary>Somebody wants a run to stop.</summary>
/// <param name="By">Who; stands beside the run for ever.</param>
public sealed record StopWish(DateTimeOffset At, string By);

/// <summary>The answer to a person who wants a run to stop.</summary>
public abstract record StopAnswer
{
    private StopAnswer() { }

    /// <summary>The wish is written down; the run ends between two batches.</summary>
    /// <param name="Wish">The first one, if somebody wished it before.</param>
    public sealed record Asked(StopWish Wish) : StopAnswer;

    /// <summary>It has ended already.</summary>
    public sealed record NotRunning(Run Run) : StopAnswer;

    public sealed record NoSuchRun : StopAnswer { public static NoSuchRun Instance { get; } = new(); }
}

/// <summary>The kill switch while it is on: no run starts, requests wait.</summary>
/// <param name="Installation">For every organisation; false for this one alone.</param>
public sealed record Pause(DateTimeOffset Since, string Reason, string Actor, bool Installation);

/// <summary>A run under way, as far as it matters for stopping it.</summary>
/// <param name="Rejected">Claims rejected so far.</param>
/// <param name="Stop">Null if nobody wants it to stop.</param>
public sealed record RunWatch(long RunId, long Rejected, StopWish? Stop);
