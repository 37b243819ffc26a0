namespace PayOnce.Model;

/// <summary>An assumption, and what it costs to be without it.</summary>
/// <param name="Words">What happens without it, for people.</param>
/// <param name="PaidTwice">The systems at which a claim is then booked twice; at all others nothing is.</param>
public sealed record WeakPoint(Without Without, string Words, IReadOnlyList<AccountingSystem> PaidTwice, RestoreNotice Restore = RestoreNotice.NoRestore);

/// <summary>A guard taken out.</summary>
/// <param name="System">Where the search looks for it.</param>
/// <param name="Broken">The first rule that the search finds broken; null where another guard covers it.</param>
/// <param name="PaidTwice">Whether a claim is then booked twice, or only a guard is slipped past that another one backs.</param>
public sealed record PlantedFault(Mutant Mutant, string Words, AccountingSystem System, Rule? Broken, bool PaidTwice, RestoreNotice Restore = RestoreNotice.NoRestore, int Generations = 1)
{
    /// <summary>How often the backup is put back: once is enough for most of those with two generations.</summary>
    public int Restores { get; init; } = Generations == 2 ? 1 : 2;

    /// <summary>Found by the full search alone.</summary>
    public bool TakesMinutes => Generations == 2 && Restores == 2;
}

/// <summary>What is searched: with everything in place, without one assumption, and without one guard.</summary>
public static class Catalogue
{
    public static IReadOnlyList<AccountingSystem> Systems { get; } = Enum.GetValues<AccountingSystem>();

    /// <summary>Seconds: one claim through everything, and two where that is quick.</summary>
    public static IReadOnlyList<Scope> Small { get; } =
    [
        .. Of(AccountingSystem.Unique, AccountingSystem.Windowed, AccountingSystem.WindowedHeld).Select(system => new Scope(system, Claims: 1, Generations: 1, LostCommitAnswers: false)),
        .. Of(AccountingSystem.Readable, AccountingSystem.ReadableReleased, AccountingSystem.Blind, AccountingSystem.Published, AccountingSystem.Fetched).Select(system => new Scope(system, Claims: 1)),
        .. Of(AccountingSystem.Readable, AccountingSystem.Blind, AccountingSystem.Published, AccountingSystem.Fetched)
            .Select(system => new Scope(system, Claims: 1, Generations: system == AccountingSystem.Readable ? 2 : 1, RestoreNotice.Witness, LostCommitAnswers: false) { MostRestores = 1 }),
        .. Of(AccountingSystem.Blind, AccountingSystem.Fetched).Select(system => new Scope(system, Claims: 2, Generations: 1, LostCommitAnswers: false)),
        new(AccountingSystem.Fetched, Claims: 1, Generations: 1, RestoreNotice.Announced, LostCommitAnswers: false),
    ];

    /// <summary>
    /// Minutes: two runs, two claims, two generations; where a repeated key is refused, and so far more can be under way, two claims
    /// and two generations one after the other. And one claim through a backup that is put back twice.
    /// </summary>
    public static IReadOnlyList<Scope> Full { get; } =
    [
        .. Systems.Select(system => new Scope(system, Generations: RefusesTwice(system) ? 1 : 2, LostCommitAnswers: false)),
        .. Systems.Select(system => new Scope(system, Claims: 1)),
        .. Systems.Select(system => new Scope(system, Claims: 1, Generations: 1, RestoreNotice.Witness)),
        .. Systems.Select(system => new Scope(system, Claims: 1, Generations: 1, RestoreNotice.Announced, LostCommitAnswers: false)),
        .. Of(AccountingSystem.Readable, AccountingSystem.Blind, AccountingSystem.Published, AccountingSystem.Fetched).Select(system => new Scope(system, Claims: 1, Generations: 2, RestoreNotice.Witness, LostCommitAnswers: false)),
    ];

    public static IReadOnlyList<WeakPoint> WeakPoints { get; } =
    [
        new(Without.ImportOnce, "a person imports the same file twice", Of(AccountingSystem.Published, AccountingSystem.Fetched)),
        new(Without.TrueReadBack, "the accounting system answers a read-back wrongly", Of(AccountingSystem.Windowed, AccountingSystem.ReadableReleased)),
        new(Without.KeptKeys, "the accounting system forgets a key before its time", Of(AccountingSystem.Unique, AccountingSystem.Windowed, AccountingSystem.WindowedHeld)),
        new(Without.PromptWrite, "a process stands still between its last look at the deadline and the write",
            [.. Systems.Where(system => system is not (AccountingSystem.Unique or AccountingSystem.Fetched))]),
        new(Without.QuietTimeLongEnough, "a request arrives after the quiet time",
            [.. Systems.Where(system => system is not (AccountingSystem.Unique or AccountingSystem.Published or AccountingSystem.Fetched))]),
        new(Without.NoticedRestore, "a backup is put back, its witness with it, and nobody says so",
            [.. Systems.Where(system => system is not AccountingSystem.Unique)], RestoreNotice.Witness),
        new(Without.BackupBeforeLatestRun, "a backup of the middle of the latest run is put back, and nobody says so",
            [.. Systems.Where(system => system is not AccountingSystem.Unique)], RestoreNotice.Witness),
        new(Without.CarefulPerson, "a person decides without looking; the decision is on record, and only so is anything booked twice", []),
    ];

    public static IReadOnlyList<PlantedFault> PlantedFaults { get; } =
    [
        new(Mutant.NoEpochCheck, "no epoch is compared", AccountingSystem.Readable, Rule.Fenced, PaidTwice: false),
        new(Mutant.NoCompareAndSet, "the mark is not compared where the epoch is", AccountingSystem.Readable, null, PaidTwice: false),
        new(Mutant.NoEpochCheck | Mutant.NoCompareAndSet, "neither is compared", AccountingSystem.Readable, Rule.Fenced, PaidTwice: true),
        new(Mutant.NoStartBeforeSend, "no start is recorded before a send", AccountingSystem.Readable, Rule.SentAfterStart, PaidTwice: true),
        new(Mutant.NoQuietTime, "an absence counts at once", AccountingSystem.ReadableReleased, Rule.SentAfterProof, PaidTwice: true),
        new(Mutant.StaleAbsence, "settling compares the epoch, but not the attempt", AccountingSystem.ReadableReleased, null, PaidTwice: false),
        new(Mutant.SettleUnfenced, "settling compares the attempt, but not the epoch", AccountingSystem.ReadableReleased, Rule.Fenced, PaidTwice: false),
        new(Mutant.StaleAbsence | Mutant.SettleUnfenced, "settling compares neither: a stale absence releases", AccountingSystem.ReadableReleased, Rule.Fenced, PaidTwice: true),
        new(Mutant.UnknownSentAgain, "an unknown outcome is sent again", AccountingSystem.Readable, Rule.BookedOnce, PaidTwice: true),
        new(Mutant.LeaseReused, "a take-over keeps the epoch", AccountingSystem.Readable, Rule.EpochsRise, PaidTwice: false),
        new(Mutant.NoDeadline, "nobody looks at the deadline", AccountingSystem.Readable, Rule.SentAfterStart, PaidTwice: true),
        new(Mutant.RecoveryReleasesStarted, "recovery releases what was started", AccountingSystem.Readable, Rule.SentAfterProof, PaidTwice: true),
        new(Mutant.DoubtForgotten, "a later refusal hides an earlier doubt", AccountingSystem.Unique, Rule.RejectedIsNotThere, PaidTwice: false),
        new(Mutant.WindowWithoutQuietTime, "repeated up to the end of the key's window", AccountingSystem.Windowed, Rule.BookedOnce, PaidTwice: true),
        new(Mutant.RestoreKeepsEpoch, "`restore begin` fences nobody off", AccountingSystem.Readable, Rule.EpochsRise, PaidTwice: true, RestoreNotice.Announced),
        new(Mutant.RestoreEndedByAnyRun, "a run ends a restore mode that it did not ask for", AccountingSystem.Readable, Rule.SentAfterProof, PaidTwice: true, RestoreNotice.Witness),
        new(Mutant.KeysNotListed, "restore mode ends without a list of the keys there", AccountingSystem.Readable, Rule.SentAfterProof, PaidTwice: true, RestoreNotice.Witness, Generations: 2),
        new(Mutant.AskedNotListed, "a key counts as asked about because it is known by now", AccountingSystem.Readable, Rule.SentAfterProof, PaidTwice: true, RestoreNotice.Witness, Generations: 2),
        new(Mutant.LateLeaseUnwitnessed, "a lease that had run out is renewed without asking the witness", AccountingSystem.Readable, Rule.SentAfterStart, PaidTwice: true, RestoreNotice.Witness),
        new(Mutant.ReExportFoundAnywhere, "a re-export that was found is marked behind whatever stands there", AccountingSystem.Readable, Rule.RejectedIsNotThere, PaidTwice: false, RestoreNotice.Witness, Generations: 2) { Restores = 2 },
    ];

    /// <summary>One claim of one generation, judged by what is booked alone: the shortest way to a second payment.</summary>
    public static Scope Of(WeakPoint point, AccountingSystem system) =>
        new(system, Claims: 1, Generations: 1, point.Restore, LostCommitAnswers: false) { Without = point.Without, PaymentsOnly = true };

    public static Scope Of(PlantedFault fault, bool paymentsOnly) =>
        new(fault.System, Claims: 1, fault.Generations, fault.Restore, LostCommitAnswers: false) { Mutant = fault.Mutant, PaymentsOnly = paymentsOnly, MostRestores = fault.Restores };

    private static bool RefusesTwice(AccountingSystem system) => system is AccountingSystem.Unique or AccountingSystem.Windowed or AccountingSystem.WindowedHeld;

    private static AccountingSystem[] Of(params AccountingSystem[] systems) => systems;
}
