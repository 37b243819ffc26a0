namespace PayOnce.Guard;

/// <summary>The guard's row for one claim and generation. Never deleted.</summary>
/// <param name="Attempt">How often this generation was reserved, from 1; 0 before the first time.</param>
/// <param name="Epoch">The lease epoch that wrote the row last.</param>
/// <param name="RunId">The run that took the claim last.</param>
/// <param name="Batch">The batch within that run, from 1.</param>
/// <param name="Acknowledgement">What the accounting system gave back for this claim; for a file it is the file's and stands there.</param>
/// <param name="Reason">Why it was rejected, released, or how a person settled it.</param>
public sealed record Mark(
    string ClaimId,
    int Generation,
    MarkState State,
    int Attempt,
    long Epoch,
    long RunId,
    int Batch,
    string ExportKey,
    Evidence? Evidence,
    string? Acknowledgement,
    string? Reason,
    DateTimeOffset ChangedAt,
    DateTimeOffset? InDoubtSince);

/// <summary>Where a mark is. The text of each state in the stores is <see cref="MarkStates"/>, held equal to their CHECK constraints by a test.</summary>
public enum MarkState
{
    /// <summary>Taken by a run; nothing is known to have left.</summary>
    Reserved,

    /// <summary>Handed over with proof. Terminal for its generation, except that a file nobody imported can be rolled back.</summary>
    Exported,

    /// <summary>Provably refused, with the reason. May be reserved again.</summary>
    Rejected,

    /// <summary>Sent, or perhaps sent, and no proof either way. Held.</summary>
    InDoubt,

    /// <summary>Provably not at the accounting system. May be reserved again.</summary>
    Released,
}

/// <summary>How far the proof of an export reaches; it only rises.</summary>
public enum Evidence
{
    /// <summary>Made available in a file.</summary>
    InFile,

    /// <summary>The accounting system took it: an import line, a draft.</summary>
    Received,

    /// <summary>It stands in the ledger, with a voucher number.</summary>
    Booked,
}

/// <summary>The one text constant of each state and evidence.</summary>
public static class MarkStates
{
    public static string Text(this MarkState state) => state switch
    {
        MarkState.Reserved => "reserved",
        MarkState.Exported => "exported",
        MarkState.Rejected => "rejected",
        MarkState.InDoubt => "in_doubt",
        MarkState.Released => "released",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static MarkState State(string text) => text switch
    {
        "reserved" => MarkState.Reserved,
        "exported" => MarkState.Exported,
        "rejected" => MarkState.Rejected,
        "in_doubt" => MarkState.InDoubt,
        "released" => MarkState.Released,
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, null),
    };

    public static string Text(this Evidence evidence) => evidence switch
    {
        Guard.Evidence.InFile => "in_file",
        Guard.Evidence.Received => "received",
        Guard.Evidence.Booked => "booked",
        _ => throw new ArgumentOutOfRangeException(nameof(evidence), evidence, null),
    };

    public static Evidence Evidence(string text) => text switch
    {
        "in_file" => Guard.Evidence.InFile,
        "received" => Guard.Evidence.Received,
        "booked" => Guard.Evidence.Booked,
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, null),
    };

    /// <summary>True where a new attempt may take the claim: the accounting system provably does not have it.</summary>
    public static bool MayBeReserved(this MarkState state) => state is MarkState.Rejected or MarkState.Released;
}
