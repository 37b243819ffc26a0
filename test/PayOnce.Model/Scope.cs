namespace PayOnce.Model;

/// <summary>What the claims are handed to; it decides what may be done about a delivery of which nobody knows the outcome.</summary>
public enum AccountingSystem
{
    /// <summary>Refuses or merges a repeated export key for ever.</summary>
    Unique,

    /// <summary>Does so for a time, can be asked, and the integration allows automatic release.</summary>
    Windowed,

    /// <summary>The same, and a claim that is not there is held for a person.</summary>
    WindowedHeld,

    /// <summary>Can be asked for an export key; what is not there is held for a person.</summary>
    Readable,

    /// <summary>Can be asked, and the integration allows automatic release.</summary>
    ReadableReleased,

    /// <summary>Can do neither.</summary>
    Blind,

    /// <summary>A file published to a folder outside, which others empty and import.</summary>
    Published,

    /// <summary>A file that a person fetches from PayOnce and imports.</summary>
    Fetched,
}

/// <summary>How a database that was put back from a backup comes to be known as such.</summary>
public enum RestoreNotice
{
    /// <summary>No backup is ever put back.</summary>
    NoRestore,

    /// <summary>The epochs' witness outside the database notices at the next lease.</summary>
    Witness,

    /// <summary>A person says so before anything runs, with `payonce restore begin`.</summary>
    Announced,
}

/// <summary>What the guarantee takes for granted. Each is switched off by name to see what it was for.</summary>
[Flags]
public enum Without
{
    Nothing = 0,

    /// <summary>A process may stand still between its last look at the deadline and the write itself, for as long as it likes.</summary>
    PromptWrite = 1,

    /// <summary>The accounting system may deny what it holds, or claim what it does not.</summary>
    TrueReadBack = 2,

    /// <summary>The accounting system may forget an export key before the time it promised.</summary>
    KeptKeys = 4,

    /// <summary>A person may import a file twice.</summary>
    ImportOnce = 8,

    /// <summary>A request may arrive, or a booking become visible, after the quiet time.</summary>
    QuietTimeLongEnough = 16,

    /// <summary>A backup may be put back and nobody says so, and the witness with it.</summary>
    NoticedRestore = 32,

    /// <summary>The backup that only the witness could notice may be of the middle of the latest run.</summary>
    BackupBeforeLatestRun = 64,

    /// <summary>A person may decide against what stands at the accounting system; their decision is recorded.</summary>
    CarefulPerson = 128,
}

/// <summary>A guard of the protocol taken out, to see that the search finds it missing. Some are only missed together.</summary>
[Flags]
public enum Mutant
{
    None = 0,

    /// <summary>Reserve, start and record do not compare the lease's epoch.</summary>
    NoEpochCheck = 1,

    /// <summary>Nothing is recorded before a send.</summary>
    NoStartBeforeSend = 2,

    /// <summary>An absence counts at once.</summary>
    NoQuietTime = 4,

    /// <summary>Settling compares the state alone, not the attempt that the question was about.</summary>
    StaleAbsence = 8,

    /// <summary>Settling does not compare the lease's epoch.</summary>
    SettleUnfenced = 16,

    /// <summary>An unknown outcome is sent again although a repeated key is not refused.</summary>
    UnknownSentAgain = 32,

    /// <summary>A take-over keeps the epoch of the lease.</summary>
    LeaseReused = 64,

    /// <summary>Nobody looks at the deadline before sending.</summary>
    NoDeadline = 128,

    /// <summary>Recovery releases what was started.</summary>
    RecoveryReleasesStarted = 256,

    /// <summary>The outcome is written without comparing state, attempt and epoch of the mark.</summary>
    NoCompareAndSet = 512,

    /// <summary>A refusal counts although an earlier try of the same bytes had no answer.</summary>
    DoubtForgotten = 1024,

    /// <summary>A request is repeated until the key's window closes, as if none could arrive later than its time-out.</summary>
    WindowWithoutQuietTime = 2048,

    /// <summary>`restore begin` leaves the epoch where the backup had it, and so does not fence off who still runs.</summary>
    RestoreKeepsEpoch = 4096,

    /// <summary>A run that asked about every claim ends restore mode, be it another than the one it asked for.</summary>
    RestoreEndedByAnyRun = 8192,

    /// <summary>Restore mode ends without a list of the keys that the accounting system holds.</summary>
    KeysNotListed = 16384,

    /// <summary>The list is looked through for keys that nobody here knows, and not for those that came in after the question.</summary>
    AskedNotListed = 32768,

    /// <summary>A lease that had run out is renewed without asking the witness.</summary>
    LateLeaseUnwitnessed = 65536,

    /// <summary>A re-export that was found is marked whatever the mark before it says.</summary>
    ReExportFoundAnywhere = 131072,
}

/// <summary>What one search covers.</summary>
/// <param name="Claims">1 or 2.</param>
/// <param name="Generations">1 or 2.</param>
/// <param name="LostCommitAnswers">Whether a commit's own answer may be lost.</param>
public sealed record Scope(AccountingSystem System, int Claims = 2, int Generations = 2, RestoreNotice Restore = RestoreNotice.NoRestore, bool LostCommitAnswers = true)
{
    /// <summary>Assumptions that are switched off.</summary>
    public Without Without { get; init; }

    public Mutant Mutant { get; init; }

    /// <summary>Only bookings are judged: what a fault costs, and not only which guard it slips past.</summary>
    public bool PaymentsOnly { get; init; }

    /// <summary>How often the one backup may be put back.</summary>
    public int Restores => Restore == RestoreNotice.NoRestore ? 0 : MostRestores;

    public int MostRestores { get; init; } = 2;

    public bool IsFile => System is AccountingSystem.Published or AccountingSystem.Fetched;

    /// <summary>Whether an export key can be looked up.</summary>
    public bool CanRead => System is not (AccountingSystem.Blind or AccountingSystem.Published or AccountingSystem.Fetched);

    public bool IsWindowed => System is AccountingSystem.Windowed or AccountingSystem.WindowedHeld;

    public bool ReleasesItself => System is AccountingSystem.Windowed or AccountingSystem.ReadableReleased;

    public bool Lacks(Without assumption) => (Without & assumption) != 0;

    public bool Has(Mutant mutant) => (Mutant & mutant) != 0;
}
