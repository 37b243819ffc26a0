using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Stores;

/// <summary>P1b for one batch over an API: from its commit on, the batch may have left.</summary>
/// <param name="Try">From 1.</param>
public sealed record TryStart(int Batch, int Try);

/// <summary>How one try of one batch ended.</summary>
/// <param name="Error">With secrets removed.</param>
/// <param name="Settled">What becomes of the batch's marks; empty while another try follows.</param>
public sealed record TryEnd(int Batch, int Try, AttemptOutcome Outcome, int? HttpStatus, string? Error, IReadOnlyList<ClaimSettlement> Settled);

/// <summary>P2 for one claim: where its mark goes from <c>reserved</c>.</summary>
/// <param name="Attempt">The mark's attempt as it was reserved; stands in the statement that writes.</param>
/// <param name="State">Exported, rejected, in doubt or released.</param>
/// <param name="Evidence">Of an exported claim: received or booked.</param>
/// <param name="Reason">Of any other; for an exported one null.</param>
public sealed record ClaimSettlement(string ClaimId, int Generation, int Attempt, MarkState State, Evidence? Evidence, string? Acknowledgement, string? Reason);

/// <summary>A claim in doubt with what a read-back needs. State, attempt and times come from one statement, and settling compares them all.</summary>
/// <param name="StartedAt">When the attempt that left it in doubt began to send; null where only a file was published.</param>
/// <param name="AbsentSince">When a read-back first found this attempt absent; null if none has.</param>
/// <param name="ByFile">It went by file: absence at the accounting system proves nothing, since the file may be imported tomorrow.</param>
public sealed record DoubtfulClaim(
    string ClaimId,
    int Generation,
    int Attempt,
    string ExportKey,
    long RunId,
    string ClaimantId,
    string Currency,
    long TotalMinor,
    DateTimeOffset ApprovedAt,
    DateTimeOffset InDoubtSince,
    DateTimeOffset? StartedAt,
    DateTimeOffset? AbsentSince,
    bool ByFile,
    string? Reason);

/// <summary>A page of claims in doubt, and what time it is by the store's clock, which the times in it are measured by.</summary>
public sealed record DoubtfulPage(IReadOnlyList<DoubtfulClaim> Claims, DateTimeOffset Now);

/// <summary>What becomes of a claim in doubt after a read-back.</summary>
public abstract record DoubtSettlement(DoubtfulClaim Claim)
{
    /// <summary>It stands there: exported.</summary>
    public sealed record Present(DoubtfulClaim Claim, Evidence Evidence, string Acknowledgement) : DoubtSettlement(Claim);

    /// <summary>Not there this time: stays in doubt; the first such time is kept.</summary>
    public sealed record Absent(DoubtfulClaim Claim) : DoubtSettlement(Claim);

    /// <summary>Provably not there: released, and waits again.</summary>
    public sealed record Release(DoubtfulClaim Claim, string Reason) : DoubtSettlement(Claim);

    /// <summary>There, but not as it should be: stays in doubt with the reason, for a person.</summary>
    public sealed record Conflict(DoubtfulClaim Claim, string What) : DoubtSettlement(Claim);
}

/// <summary>An exported claim with what a comparison needs.</summary>
/// <param name="Claim">Null for a claim that was only adopted: no amount is known.</param>
public sealed record ExportedClaim(string ClaimId, int Generation, string ExportKey, long RunId, Evidence? Evidence, string? Acknowledgement, ExportedContent? Claim);

/// <summary>What was exported of a claim.</summary>
public sealed record ExportedContent(string ClaimantId, string Currency, long TotalMinor, DateTimeOffset ApprovedAt);

/// <summary>Where a list of exported claims goes on.</summary>
public sealed record ExportedCursor(string ClaimId, int Generation);

/// <summary>Stronger evidence for an exported claim. Evidence only rises: a weaker one changes nothing.</summary>
public sealed record EvidenceRise(string ClaimId, int Generation, Evidence Evidence, string Acknowledgement);

/// <summary>Whose an export key is.</summary>
/// <param name="State">Null where the claim was taken in and no mark of this generation exists.</param>
public sealed record KnownKey(string ExportKey, string ClaimId, int Generation, MarkState? State);

/// <summary>Restore mode: the database may have forgotten marks, so nothing is sent until the accounting system was asked about every open claim.</summary>
/// <param name="Since">Store's clock. Absence counts only when it is asked for the quiet time later than this.</param>
public sealed record RestoreMode(DateTimeOffset Since, string Reason, string Actor);

/// <summary>A claim that restore mode asks about: the generation that would leave next, as far as this database knows.</summary>
public sealed record RestoreCandidate(string ClaimId, int Generation, string ExportKey, string ClaimantId, string Currency, long TotalMinor, DateTimeOffset ApprovedAt);

/// <summary>A page of candidates, and what time it is by the store's clock.</summary>
public sealed record RestorePage(IReadOnlyList<RestoreCandidate> Candidates, DateTimeOffset Now);

/// <summary>A claim found at the accounting system whose mark the database has forgotten.</summary>
public sealed record FoundClaim(string ClaimId, int Generation, string ExportKey, Evidence Evidence, string Acknowledgement);

/// <summary>A secret's name and story; its value is not in it.</summary>
public sealed record SecretInfo(string Name, DateTimeOffset SetAt, string SetBy);
