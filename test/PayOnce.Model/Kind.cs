namespace PayOnce.Model;

/// <summary>Every kind of transition. A search that never takes one of those that its scope has proves less than it seems.</summary>
public enum Kind : byte
{
    TakeLease,
    TakeLeaseFromTheDead,
    TakeExpiredLease,
    NoticeRestore,
    FencedOff,
    FencedOffByWitness,
    Recover,
    RecoverIntoDoubt,
    RecoverUnsent,
    ReadBack,
    ReadBackFails,
    FindFile,
    Settle,
    SettlePresent,
    SettleRelease,
    SettleStale,
    RestoreReadBack,
    AdoptFound,
    EndRestore,
    RestoreStaysOn,
    Reserve,
    NotSent,
    Start,
    LookAtDeadline,
    Write,
    WriteRefused,
    Link,
    LinkUnknown,
    AnswerAccepted,
    AnswerRefused,
    AnswerNotProcessed,
    AnswerExists,
    AnswerLost,
    RequestDuplicated,
    TimeOut,
    TryAgain,
    TryAgainUnknown,
    RecordExported,
    RecordRejected,
    RecordReleased,
    RecordInDoubt,
    ConfirmFile,
    ReleaseFile,
    FinishRun,
    CommitAnswerLost,
    ReadAgain,
    Crash,
    LateArrives,
    LateMerged,
    LateLost,
    Import,
    ImportAgain,
    BecomesVisible,
    QuietTimePasses,
    WindowCloses,
    Backup,
    Restore,
    RestoreQuietTimePasses,
    DecideExported,
    DecideReleased,
    RollBack,
    RecordImport,
    ForceReExport,
    PersonEndsRestore,
}

/// <summary>A transition out of a state.</summary>
/// <param name="Node">Who, where it is a node's.</param>
/// <param name="Key">Which claim and generation (claim × 2 + generation), where it is about one.</param>
/// <param name="Broken">What it breaks, null if nothing.</param>
public readonly record struct Move(Kind Kind, byte Node, byte Key, World Next, Rule? Broken);

/// <summary>What must hold.</summary>
public enum Rule : byte
{
    /// <summary>At most one booking for each generation of a claim, unless a person released it on record.</summary>
    BookedOnce,

    /// <summary>Where persons look before they decide: at most one booking for each generation, whatever was released.</summary>
    BookedOnceWithCare,

    /// <summary>Exported is final for its generation, unless a person rolls a file back.</summary>
    ExportedIsFinal,

    /// <summary>A new epoch is higher than every epoch that anybody still knows.</summary>
    EpochsRise,

    /// <summary>Nothing is sent that was not durably reserved and started by the run that sends it.</summary>
    SentAfterStart,

    /// <summary>A first try begins only where every earlier delivery left nothing behind, unless a person released it.</summary>
    SentAfterProof,

    /// <summary>No write of the protocol by an epoch that is not the newest.</summary>
    Fenced,

    /// <summary>Exported stands at the accounting system, or lies in a file for it.</summary>
    ExportedIsThere,

    /// <summary>Rejected stands nowhere and nothing of it is under way.</summary>
    RejectedIsNotThere,

    /// <summary>From every state an end is reached without faults and without a person: exported, rejected, or held before a person.</summary>
    Ends,
}
