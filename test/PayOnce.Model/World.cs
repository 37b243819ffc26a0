using System.Runtime.CompilerServices;

namespace PayOnce.Model;

/// <summary>A mark's state, with what the store knows beside it.</summary>
public enum MarkIs : byte
{
    None,
    Reserved,

    /// <summary>Reserved, and its attempt was durably started.</summary>
    Started,
    Exported,

    /// <summary>Exported by file, and a person recorded the import: it cannot be rolled back any more.</summary>
    Imported,
    Rejected,
    InDoubt,
    Released,
}

/// <summary>How far time has gone for a mark in doubt.</summary>
public enum Quiet : byte
{
    No,

    /// <summary>The quiet time since it came into doubt is over.</summary>
    Over,

    /// <summary>It was absent once.</summary>
    AbsentOnce,

    /// <summary>It was absent once, and a quiet time has passed since.</summary>
    OverSinceAbsence,
}

/// <summary>Where a run is. Between two of them lies one step of the engine.</summary>
public enum At : byte
{
    Idle,
    Leased,
    Recovered,
    Asked,
    Settled,
    RestoreAsked,
    RestoreAdopted,
    Delivering,
    AskedAgain,
    Ending,
}

/// <summary>Where one claim of a run is, or what its accounting system said of it.</summary>
public enum Does : byte
{
    Nothing,
    Ready,
    Started,

    /// <summary>The deadline was looked at; the write comes next.</summary>
    Checked,

    /// <summary>The request is on its way and the sender waits.</summary>
    Out,
    Accepted,
    Refused,
    NotProcessed,
    Unknown,

    /// <summary>Read back: it is there.</summary>
    There,

    /// <summary>Read back: it is not there.</summary>
    Absent,

    /// <summary>Read back: it is not there, and that is enough to release it.</summary>
    Gone,
}

/// <summary>The guard's row for one claim and generation.</summary>
public struct Mark
{
    public MarkIs State;

    /// <summary>The epoch that reserved it; 0 where nothing compares it any more.</summary>
    public byte Epoch;
    public Quiet Quiet;
}

/// <summary>What is true outside about one export key.</summary>
public struct Key
{
    /// <summary>Bookings at the accounting system; 2 stands for more.</summary>
    public byte Booked;

    /// <summary>Requests under way that nobody waits for; of a file: copies out there and not imported. At most 2.</summary>
    public byte Late;

    /// <summary>A booking that a read-back may not show yet.</summary>
    public bool Unseen;

    /// <summary>The window in which a repeated key is refused has closed.</summary>
    public bool Closed;

    /// <summary>A person released it, or decided otherwise for it: on record.</summary>
    public bool Decided;
}

/// <summary>What a run is doing with one claim.</summary>
public struct Job
{
    public Does Does;

    /// <summary>Sending: an earlier try of the same bytes had no answer. Read back: the mark has moved on since the question.</summary>
    public bool Doubt;
    public byte Generation;
}

[InlineArray(4)]
public struct Marks { private Mark first; }

[InlineArray(4)]
public struct Keys { private Key first; }

[InlineArray(2)]
public struct Jobs { private Job first; }

[InlineArray(2)]
public struct Nodes { private Node first; }

/// <summary>The database.</summary>
public struct Store
{
    public byte Epoch;

    /// <summary>Who holds the lease: 0 nobody, otherwise the node's number + 1.</summary>
    public byte Holder;
    public bool Restoring;

    /// <summary>The quiet time since restore mode began is over.</summary>
    public bool RestoreQuiet;

    /// <summary>By claim × 2 + generation.</summary>
    public Marks Marks;
}

/// <summary>A process and its run, if it has one.</summary>
public struct Node
{
    public At At;
    public byte Epoch;

    /// <summary>The answer to its last commit was lost: before anything else it reads again.</summary>
    public bool Unsure;
    public Jobs Jobs;
}

/// <summary>Everything: one state of the search.</summary>
public struct World
{
    public Store Now;
    public Store Backup;
    public bool HasBackup;
    public byte Restores;

    /// <summary>The highest epoch that is known outside the database.</summary>
    public byte Witness;
    public Keys Keys;
    public Nodes Nodes;
}
