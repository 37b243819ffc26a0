using PayOnce.Claims;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Scheduling;

namespace PayOnce.Stores;

/// <summary>The store cannot be reached or has no room; the message is for people and names what to look at. Nothing is half done.</summary>
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException() { }

    public StoreUnavailableException(string message) : base(message) { }

    public StoreUnavailableException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>One version of an organisation's integration settings.</summary>
public sealed record StoredIntegration(int Version, string SettingsJson);

/// <summary>Who kept a version of an organisation's integration settings, and when.</summary>
public sealed record IntegrationVersion(int Version, DateTimeOffset At, string Actor);

/// <summary>A version of the settings with who kept it.</summary>
public sealed record KeptIntegration(IntegrationVersion About, string SettingsJson);

/// <summary>What became of one claim at intake.</summary>
public abstract record IntakeOutcome
{
    private IntakeOutcome() { }

    public sealed record Added : IntakeOutcome { public static Added Instance { get; } = new(); }

    /// <summary>Its content was replaced, or it was withdrawn and is approved again: it waits.</summary>
    public sealed record Updated : IntakeOutcome { public static Updated Instance { get; } = new(); }

    public sealed record Unchanged : IntakeOutcome { public static Unchanged Instance { get; } = new(); }

    /// <summary>It has other content than before, but has already left (or may have), or is being exported now.</summary>
    public sealed record Left(MarkState State, long RunId) : IntakeOutcome;

    /// <summary>It was final, and its personal data was erased: taken in with whatever content, it would be there again.</summary>
    public sealed record Erased(DateTimeOffset At) : IntakeOutcome;

    /// <summary>A claim is stored whose id differs only in case.</summary>
    public sealed record SameIdButCase(string StoredClaimId) : IntakeOutcome;

    /// <summary>It is a driver's honorarium, and the organisation asks for an acknowledgement that its claimant has not given.</summary>
    public sealed record NotAcknowledged(Declarations.AcknowledgementGap Gap) : IntakeOutcome;
}

/// <summary>That a claim is approved no longer: since when, by whom, and why.</summary>
public sealed record Withdrawal(DateTimeOffset At, string By, string Reason);

/// <summary>What became of one claim that was to be withdrawn.</summary>
public abstract record WithdrawOutcome
{
    private WithdrawOutcome() { }

    /// <summary>No run takes it until it is taken in again.</summary>
    public sealed record Withdrawn(Withdrawal Withdrawal) : WithdrawOutcome;

    /// <summary>It was withdrawn before; nothing changed.</summary>
    public sealed record Already(Withdrawal Withdrawal) : WithdrawOutcome;

    /// <summary>A run has it, or has exported it: it stays.</summary>
    public sealed record Held(MarkState State, long RunId) : WithdrawOutcome;

    /// <summary>No claim of this id was taken in.</summary>
    public sealed record NoSuchClaim : WithdrawOutcome { public static NoSuchClaim Instance { get; } = new(); }
}

/// <summary>A claim exported before PayOnce came.</summary>
/// <param name="Reference">Its voucher or other reference at the accounting system.</param>
public sealed record AdoptedClaim(string ClaimId, string Reference);

/// <summary>What is asked for when claims are adopted.</summary>
/// <param name="Nonce">Unique to this request, as a lease request's.</param>
public sealed record AdoptRequest(string OrganisationId, IReadOnlyList<AdoptedClaim> Claims, string Reason, string Actor, string Holder, string Nonce)
{
    /// <summary>As <see cref="LeaseRequest.KnownOutside"/>.</summary>
    public WitnessedEpoch KnownOutside { get; init; }
}

/// <summary>The answer to an adoption.</summary>
public abstract record AdoptAnswer
{
    private AdoptAnswer() { }

    /// <param name="AlreadyHeld">Claims that a mark held already; untouched.</param>
    /// <param name="Epoch">The adoption's own: whoever had the lease before can change nothing more.</param>
    public sealed record Adopted(long RunId, long Epoch, int Count, IReadOnlyList<HeldClaim> AlreadyHeld) : AdoptAnswer;

    public sealed record Busy(Run Run) : AdoptAnswer;
}

/// <summary>What recovery found of one older run.</summary>
/// <param name="Run">As recovery left it.</param>
/// <param name="Released">Marks that provably never left; they wait again.</param>
/// <param name="InDoubt">Marks whose attempt was started.</param>
public sealed record RecoveredRun(Run Run, long Released, long InDoubt);

/// <summary>A file as the engine knows it when its last batch is reserved.</summary>
/// <param name="LastVoucher">The highest voucher number given out in it.</param>
public sealed record FileDraft(
    string Name,
    string ContentType,
    string Sha256,
    long Bytes,
    long Claims,
    long Lines,
    IReadOnlyList<ControlTotal> ControlTotals,
    ReadOnlyMemory<byte> Prologue,
    ReadOnlyMemory<byte> Separator,
    ReadOnlyMemory<byte> Epilogue,
    string? Folder,
    long LastVoucher)
{
    /// <summary>The file before its row exists, so that its bytes can be read back and staged.</summary>
    public RunFile AsRunFile(long runId) =>
        new(runId, Name, ContentType, Sha256, Bytes, Claims, Lines, ControlTotals, Prologue, Separator, Epilogue, ReadOnlyMemory<byte>.Empty, Folder, RunFileState.Publishing);
}

/// <summary>The answer to a roll back.</summary>
public abstract record RollBackAnswer
{
    private RollBackAnswer() { }

    public sealed record RolledBack(long Released) : RollBackAnswer;

    public sealed record NoSuchRun : RollBackAnswer;

    /// <param name="Why">For people: it is still running, its file was recorded as imported, it exported nothing by file.</param>
    public sealed record NotPossible(string Why) : RollBackAnswer;
}

/// <summary>What a person's decision about a claim in doubt says beyond itself.</summary>
/// <param name="Seen">The doubt the person saw; null: whichever there is. Between looking and deciding somebody else may have settled it, and a newer request may be on the wire.</param>
/// <param name="Acknowledgement">The voucher number or id it was found under; only for a claim that is settled as exported.</param>
public sealed record DecisionDetails(DoubtSeen? Seen = null, string? Acknowledgement = null);

/// <summary>One doubt of a claim, told from its earlier and later ones by generation, attempt and since when.</summary>
public sealed record DoubtSeen(int Generation, int Attempt, DateTimeOffset Since)
{
    /// <summary>Whether the mark is in this doubt.</summary>
    public bool Is(Mark mark) => mark is { State: MarkState.InDoubt } && mark.Generation == Generation && mark.Attempt == Attempt && mark.InDoubtSince == Since;
}

/// <summary>The answer to a forced re-export.</summary>
public abstract record ReExportAnswer
{
    private ReExportAnswer() { }

    public sealed record Requested(int Generation, string ExportKey) : ReExportAnswer;

    /// <summary>No claim of this id was taken in (one that was only adopted has no content to send).</summary>
    public sealed record NoSuchClaim : ReExportAnswer;

    /// <summary>Its newest mark is not exported: there is nothing to repeat. Null state: it was never reserved.</summary>
    public sealed record NotExported(MarkState? State) : ReExportAnswer;

    /// <summary>It is withdrawn: whoever wants it paid approves it again first.</summary>
    public sealed record Withdrawn(Withdrawal Withdrawal) : ReExportAnswer;

    /// <summary>Its personal data was erased: there is nobody left to pay.</summary>
    public sealed record Erased(DateTimeOffset At) : ReExportAnswer;

    /// <summary>A newer generation was exported since the person looked: a form that was sent twice must not pay twice.</summary>
    public sealed record ExportedSince(int Generation) : ReExportAnswer;
}

/// <summary>Everything known of one claim.</summary>
/// <param name="Claim">Null for a claim that was only adopted.</param>
/// <param name="Marks">By generation.</param>
/// <param name="Attempts">The reserved rows of every attempt that held it, and their started and finished rows; oldest first. Their claim ids are left out.</param>
/// <param name="Waiting">It is in the work list: the next run takes it.</param>
public sealed record ClaimHistory(ClaimRecord? Claim, IReadOnlyList<Mark> Marks, IReadOnlyList<Attempt> Attempts, bool Waiting)
{
    /// <summary>Null unless the claim is withdrawn. No mark holds it then.</summary>
    public Withdrawal? Withdrawal { get; init; }

    /// <summary>When its personal data was erased; null while it is there.</summary>
    public DateTimeOffset? ErasedAt { get; init; }
}

/// <summary>A claim in a list, with its newest mark.</summary>
public sealed record ClaimSummary(string ClaimId, string ClaimantId, string Type, string Currency, long TotalMinor, DateTimeOffset ApprovedAt, string ExportKey, Mark? Mark, bool Waiting)
{
    /// <summary>Null unless the claim is withdrawn. No mark holds it then.</summary>
    public Withdrawal? Withdrawal { get; init; }
}

/// <summary>Which claims to list. Null means any.</summary>
/// <param name="State">Of their newest mark; withdrawn claims are in none.</param>
/// <param name="Waiting">Only those that the next run would take.</param>
/// <param name="Withdrawn">Only those that are withdrawn.</param>
public sealed record ClaimFilter(MarkState? State = null, bool Waiting = false, DateTimeOffset? From = null, DateTimeOffset? Before = null, bool Withdrawn = false);

/// <summary>An organisation at a glance.</summary>
/// <param name="Claims">Claims taken in.</param>
/// <param name="Waiting">Claims that the next run would take, with their sums.</param>
/// <param name="Exported">Claims whose newest mark is exported (adopted ones with them).</param>
/// <param name="Running">The run that holds the lease now, if any.</param>
public sealed record OrganisationStatus(
    long Claims,
    long Waiting,
    IReadOnlyList<ControlTotal> WaitingTotals,
    long Reserved,
    long Exported,
    long Rejected,
    long InDoubt,
    Run? LastRun,
    Run? Running)
{
    /// <summary>Claims that are approved no longer.</summary>
    public long Withdrawn { get; init; }
}

/// <summary>Sentences that both stores tell alike.</summary>
internal static class StoreAnswers
{
    /// <summary>Stands for the whole installation where an organisation's id would; no valid id, and before all of them.</summary>
    public const string Installation = "*";

    /// <summary>A notification's columns after a try.</summary>
    public static (NotificationState State, DateTimeOffset? NextTryAt, string? Failure, DateTimeOffset? SentAt) Ended(Notification taken, NotificationTry end, DateTimeOffset now) => end switch
    {
        NotificationTry.Sent => (NotificationState.Sent, null, taken.Failure, now),
        NotificationTry.Again again => (NotificationState.Waiting, now + again.After, again.Why, null),
        NotificationTry.GivenUp given => (NotificationState.GivenUp, null, given.Why, null),
        _ => throw new InvalidOperationException("An end of a try that the store does not know."),
    };

    /// <summary>
    /// How far `restore begin` raises the epoch: more than all runs since the backup can have raised it, one a minute for nearly two
    /// years. Whoever still runs is fenced off, and no later run is given an epoch that a process of before the restore may have.
    /// </summary>
    public const long EpochsForgotten = 1_000_000;

    /// <summary>Why a database must have forgotten runs, which begins restore mode by itself; null if nothing says so.</summary>
    /// <remarks>
    /// A database that is put back can come past what this process's witness knows: another process's runs raise its epoch too, and know another witness. Its own run of that epoch is another one all
    /// the same. That it has none of that epoch says nothing where its own is higher: <see cref="EpochsForgotten"/> leaves a gap.
    /// </remarks>
    /// <param name="epoch">Its own.</param>
    /// <param name="nonce">Of the run that has the known epoch in it; null if none has.</param>
    public static string? Forgot(long epoch, string? nonce, WitnessedEpoch known)
    {
        const string why = "it was restored from a backup, or failed over to a copy that was behind.";
        if (epoch < known.Epoch) return FormattableString.Invariant($"The database is at epoch {epoch}, and epoch {known.Epoch} has been seen: {why}");
        if (known.Nonce is null || known.Nonce == nonce || (nonce is null && epoch > known.Epoch)) return null;
        return FormattableString.Invariant($"Another run than the database knows has had its epoch {known.Epoch}: {why}");
    }

    /// <summary>Whose epoch it is, theirs are the marks and the register: anything else is a bug, and nothing may stay of it.</summary>
    public static InvalidOperationException NotOurs(Lease lease, int asked, long found) =>
        new(FormattableString.Invariant($"Run {lease.RunId} recorded {asked} claims or tries, but {found} are as it says. Nothing was changed."));

    /// <summary>Only claims that were taken in can be asked for: anything else found is a bug of whoever asked.</summary>
    public static InvalidOperationException NeverTakenIn(int claims) =>
        new(FormattableString.Invariant($"{claims} claims were found at the accounting system that were never taken in. Nothing was changed."));

    /// <summary>A claim with the generation that could leave next.</summary>
    /// <param name="newest">Its newest mark; null if it has none.</param>
    public static RestoreCandidate Candidate(
        string organisationId, string claimId, string exportKey, string claimantId, string currency, long totalMinor, DateTimeOffset approvedAt, (int Generation, MarkState State, string ExportKey)? newest) => newest switch
        {
            null => new(claimId, 0, exportKey, claimantId, currency, totalMinor, approvedAt),
            { State: MarkState.Exported } left => new(claimId, left.Generation + 1, ExportKey.Derive(organisationId, claimId, left.Generation + 1), claimantId, currency, totalMinor, approvedAt),
            { } mark => new(claimId, mark.Generation, mark.ExportKey, claimantId, currency, totalMinor, approvedAt),
        };

    /// <summary>Whether a run whose process died had done its work: its file was available, or over an API each of its candidates had left or been refused.</summary>
    /// <param name="before">As recovery found it.</param>
    public static bool WasDone(Run before, RunFile? file, long released, long inDoubt) => file is not null
        ? file.State == RunFileState.Available
        : before.Trigger != RunTrigger.Reconcile && released + inDoubt == 0 && before.Counters is { Exported: > 0, InDoubt: 0, Released: 0 } counters && counters.Reserved >= counters.Candidates;

    /// <summary>Why a claim is in doubt whose run's process died.</summary>
    public static string DiedSending(RunFile? file) => file is null ? "its process ended while the request was under way" : "its process ended after publishing had started";

    /// <summary>Why a run cannot be rolled back; null if it can. The only thing that can be taken back is a file nobody imported.</summary>
    /// <param name="erased">Personal data of one of its claims was erased: that claim can never leave again.</param>
    public static string? WhyNotRollBack(Run run, RunFile? file, bool erased) => (run, file) switch
    {
        _ when erased => "the personal data of its claims was erased, and they can never leave again",
        ({ State: RunState.Running }, _) => "it is still running",
        ({ Trigger: RunTrigger.Adopt }, _) => "it registered claims that left before PayOnce came, and exported nothing itself",
        ({ Trigger: RunTrigger.Reconcile }, _) => "it asked the accounting system what is there, and exported nothing itself",
        ({ State: RunState.RolledBack }, _) or (_, { State: RunFileState.Withdrawn }) => "its file is withdrawn already",
        ({ Counters: { Exported: > 0 } or { InDoubt: > 0 } }, null) => "it was sent over the accounting system's API, from where nothing can be taken back; correct it in the accounting system",
        (_, null) => "it exported nothing by file",
        (_, { ImportedAs: { } voucher }) => $"its file was recorded as imported as {voucher}",
        _ => null,
    };

    /// <summary>The claims that the accounting system refused in this try, for the register.</summary>
    public static IReadOnlyList<ClaimRejection> Rejections(this TryEnd ended) =>
        [.. ended.Settled.Where(each => each.State == MarkState.Rejected).Select(each => new ClaimRejection(each.ClaimId, new Problem(each.Reason ?? "") { ClaimId = each.ClaimId }))];
}

/// <summary>How many claims went where.</summary>
internal readonly struct SettlementCounts(IReadOnlyList<ClaimSettlement> settled)
{
    public int Exported { get; } = settled.Count(each => each.State == MarkState.Exported);

    public int Rejected { get; } = settled.Count(each => each.State == MarkState.Rejected);

    public int InDoubt { get; } = settled.Count(each => each.State == MarkState.InDoubt);

    public int Released { get; } = settled.Count(each => each.State == MarkState.Released);
}
