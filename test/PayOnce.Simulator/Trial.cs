namespace PayOnce.Simulator;

/// <summary>What the protocol assumes of the world. A trial without one shows what it is good for.</summary>
[Flags]
public enum Assumption
{
    None = 0,

    /// <summary>A process does not stand still for long between its last look at the deadline and the write.</summary>
    NoStandInSend = 1,

    /// <summary>The store's clock does not jump forward over the quiet time.</summary>
    StoreClockRuns = 2,

    /// <summary>Whoever puts a backup back repeats, before anything runs, each move to another accounting system that it has forgotten.</summary>
    MovesAreRepeated = 4,
}

/// <summary>One seed, and what is different from the ordinary about it.</summary>
public sealed record Trial(ulong Seed)
{
    /// <summary>A guard that is taken out, around the engine and not in it.</summary>
    public Planted? Planted { get; init; }

    /// <summary>Assumptions that do not hold.</summary>
    public Assumption Without { get; init; }

    public Target? Target { get; init; }

    /// <summary>Whether backups are taken and put back all the time, and processes stand still oftener: where a search has found something, there is more to find.</summary>
    public bool ManyBackups { get; init; }

    /// <summary>Smaller worlds than the seed draws, for shrinking.</summary>
    public int? MostClaims { get; init; }

    public int? MostNodes { get; init; }

    /// <summary>
    /// A seed that needs more steps does not end. Of four thousand seeds, the longest needed 4,287; seed 100449051 needs half a million, since five
    /// runs wait for their turn behind one that waits two hours for a renewal.
    /// </summary>
    public int MostSteps { get; init; } = 2_000_000;

    /// <summary>Names of the faults and actions that may happen; null: all.</summary>
    public IReadOnlySet<string>? Kept { get; init; }

    /// <summary>Whether the log is kept as text; its hash always is.</summary>
    public bool KeepsLog { get; init; }
}

/// <summary>The rules that hold in every world.</summary>
public enum Rule
{
    /// <summary>A claim's generation is booked once, unless a person's recorded decision explains the second time.</summary>
    BookedOnce,

    /// <summary>What is exported stays so, but for a file that a person rolls back; and its evidence only rises.</summary>
    ExportedIsFinal,

    EpochsRise,

    /// <summary>Nobody writes under an epoch that is not the newest.</summary>
    OnlyTheNewestEpochWrites,

    /// <summary>What leaves is reserved durably with exactly these bytes, and its start is recorded.</summary>
    OnlyReservedBytesLeave,

    /// <summary>Nothing that may have left goes back to the work list without proof.</summary>
    ReleasedWithProof,

    /// <summary>A claim that is approved no longer is taken by nobody until it is approved again.</summary>
    NothingWithdrawnLeaves,

    /// <summary>A mark goes only from state to state as drawn in the guarantee, by the step it is drawn for.</summary>
    OnlyKnownTransitions,

    /// <summary>When it is calm, each claim is exported and booked, or in doubt with a reason, or rejected with a reason.</summary>
    EveryClaimEndsExplained,

    /// <summary>The audit trail verifies, and the store finds nothing wrong with itself.</summary>
    TheRegistersAgree,

    /// <summary>A run's counters are the marks it has.</summary>
    CountersAreMarks,

    NoBugThrows,

    /// <summary>A seed comes to an end.</summary>
    ItEnds,

    /// <summary>Nothing leaves the simulation's thread.</summary>
    OneThread,
}

/// <summary>A rule that was broken.</summary>
public sealed record Violation(Rule Rule, string What);

/// <summary>How a seed ended.</summary>
/// <param name="Hash">Over every line of its log.</param>
/// <param name="Happened">Names of the faults that struck and the actions that were taken, in their order.</param>
/// <param name="Climate">What kind of world it was, in words.</param>
public sealed record Outcome(Trial Trial, ulong Hash, Violation? Violation, IReadOnlyList<string> Happened, IReadOnlyList<Line> Log, Stats Stats, string Climate, TimeSpan VirtualTime);

/// <summary>A line of the log.</summary>
/// <param name="Detail">Left out of a story.</param>
public sealed record Line(TimeSpan At, string Who, string What, bool Detail)
{
    public override string ToString() => FormattableString.Invariant($"{At.TotalSeconds,10:0.000} s  {Who,-9} {What}");
}
