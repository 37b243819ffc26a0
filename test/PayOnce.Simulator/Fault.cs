namespace PayOnce.Simulator;

/// <summary>What the simulator does to the engine. Each is drawn by itself, so that a failing seed can be shrunk by leaving some out.</summary>
public enum Fault
{
    /// <summary>No connection: provably nothing left.</summary>
    ConnectionRefused,

    /// <summary>The request left and never arrives; no answer comes.</summary>
    RequestDropped,

    /// <summary>The connection is reset and the request never arrives.</summary>
    RequestReset,

    /// <summary>Processed; no answer comes.</summary>
    AnswerDropped,

    /// <summary>Processed; the connection is reset in the middle of the answer.</summary>
    AnswerReset,

    /// <summary>The request arrives late, after the sender has given it up perhaps, and after requests that left later.</summary>
    LateArrival,

    /// <summary>Processed at once, answered late.</summary>
    LateAnswer,

    /// <summary>The network delivers the request twice. Only where a repeated key is refused or merged: nobody else can promise anything then.</summary>
    Duplicate,

    TooManyRequests,
    Unavailable,
    ErrorBefore,
    ErrorAfter,
    Truncated,
    Garbled,
    Redirect,
    PartialFailure,
    HalfDone,
    IncompleteAnswer,
    LaggingRead,
    DelayedPosting,
    TokenExpired,
    LimitReached,

    /// <summary>The store refuses before it did anything: locked, full, not to be reached.</summary>
    StoreDown,

    /// <summary>The store did it, and the caller learns nothing.</summary>
    StoreAnswerLost,

    /// <summary>The commit's own answer is lost inside the store, which then must find out.</summary>
    CommitAnswerLost,

    /// <summary>A statement that a dead process had sent is executed after its death.</summary>
    CommitAfterDeath,
    SlowStore,

    /// <summary>A process dies: no finally, no using, no catch.</summary>
    Crash,

    /// <summary>A process stands still, perhaps past its lease.</summary>
    Pause,

    /// <summary>The clock of the store jumps, by less than the quiet time leaves room for.</summary>
    StoreClockJump,

    /// <summary>A process's wall clock jumps, by days.</summary>
    WallClockJump,

    /// <summary>No room in the outside folder.</summary>
    FolderFull,
    NameRefused,
    PublishUnknownThere,
    PublishUnknownAbsent,
}

/// <summary>The faults' names for people.</summary>
internal static class Faults
{
    public static string Text(this Fault fault) =>
        string.Concat(fault.ToString().Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : " ") + char.ToLowerInvariant(c) : c.ToString()));
}
