using PayOnce.Runs;

namespace PayOnce.Scheduling;

/// <summary>A request for a run as it stands in the queue, and afterwards in the history.</summary>
/// <param name="RequestId">Counted from 1 within the organisation.</param>
/// <param name="Attempt">How often it was taken so far: more than 1 after a node died, was stopped, or somebody else ran.</param>
/// <param name="Node">The process that has taken it (<see cref="INode.Holder"/>), or had it last; null before the first.</param>
/// <param name="RunId">The run of the present attempt; null while it has none. Earlier attempts' runs name the request themselves.</param>
/// <param name="OutcomeJson">How it ended, as JSON; null until then.</param>
public sealed record StoredRequest(
    string OrganisationId,
    long RequestId,
    RequestKind Kind,
    RequestScope Scope,
    RunTrigger Trigger,
    string Actor,
    WhenBusy WhenBusy,
    string? IdempotencyKey,
    RequestState State,
    int Attempt,
    string? Node,
    long? RunId,
    string? OutcomeJson,
    DateTimeOffset AskedAt,
    DateTimeOffset? TakenAt,
    DateTimeOffset? EndedAt)
{
    /// <summary>What its node holds in its hand: with it alone the request is given back or ended.</summary>
    public TakenRequest AsTaken() => new(OrganisationId, RequestId, Attempt, Node ?? throw new InvalidOperationException($"Request {RequestId} was never taken."));
}

/// <summary>A request in the hands of a node. A later attempt, of whatever node, makes it void.</summary>
public sealed record TakenRequest(string OrganisationId, long RequestId, int Attempt, string Node);

/// <summary>What a request asks for.</summary>
public enum RequestKind
{
    /// <summary>Export what is approved and was not exported yet.</summary>
    Sync,

    /// <summary>Export one claim whose re-export was forced.</summary>
    ReExport,

    /// <summary>Ask the accounting system what it holds and settle what is in doubt; nothing is sent.</summary>
    Reconcile,
}

/// <summary>Where a request is.</summary>
public enum RequestState
{
    /// <summary>Waits for a node.</summary>
    Queued,

    /// <summary>A node has taken it. One request of an organisation at a time.</summary>
    Running,

    /// <summary>Its run ended; the run says how.</summary>
    Done,

    /// <summary>Nothing was started: somebody else ran, or there was nothing to run with.</summary>
    Refused,

    /// <summary>Its run could not do its work.</summary>
    Failed,

    /// <summary>A person stopped its run, or took it out of the queue.</summary>
    Cancelled,
}

/// <summary>What to do with a request when somebody else runs or is before it.</summary>
public enum WhenBusy
{
    /// <summary>Say so, and start nothing.</summary>
    Reject,

    /// <summary>Wait for our turn.</summary>
    Queue,
}

/// <summary>The one text constant of each kind, state and choice.</summary>
public static class RequestTexts
{
    public static string Text(this RequestKind kind) => kind switch
    {
        RequestKind.Sync => "sync",
        RequestKind.ReExport => "re-export",
        RequestKind.Reconcile => "reconcile",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static RequestKind Kind(string text) => text switch
    {
        "sync" => RequestKind.Sync,
        "re-export" => RequestKind.ReExport,
        "reconcile" => RequestKind.Reconcile,
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, null),
    };

    public static string Text(this RequestState state) => state switch
    {
        RequestState.Queued => "queued",
        RequestState.Running => "running",
        RequestState.Done => "done",
        RequestState.Refused => "refused",
        RequestState.Failed => "failed",
        RequestState.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static RequestState State(string text) => text switch
    {
        "queued" => RequestState.Queued,
        "running" => RequestState.Running,
        "done" => RequestState.Done,
        "refused" => RequestState.Refused,
        "failed" => RequestState.Failed,
        "cancelled" => RequestState.Cancelled,
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, null),
    };

    public static string Text(this WhenBusy choice) => choice switch
    {
        WhenBusy.Reject => "reject",
        WhenBusy.Queue => "queue",
        _ => throw new ArgumentOutOfRangeException(nameof(choice), choice, null),
    };

    public static WhenBusy Choice(string text) => text switch
    {
        "reject" => WhenBusy.Reject,
        "queue" => WhenBusy.Queue,
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, null),
    };
}
