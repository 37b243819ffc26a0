using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Output;

/// <summary><c>claims import</c></summary>
/// <param name="Unreadable">The file itself is at fault and was read only up to the last problem's place.</param>
/// <param name="ProblemCount">All problems; at most 1000 of them are named.</param>
/// <param name="Problems">Why claims were not taken in; each refused claim is named at least once.</param>
/// <param name="Warnings">Claims that were taken in although something about them should be looked at; at most 1000.</param>
internal sealed record ImportDocument(
    string OrganisationId,
    string File,
    long Added,
    long Updated,
    long Unchanged,
    long Refused,
    bool Unreadable,
    long ProblemCount,
    IReadOnlyList<ProblemDocument> Problems,
    long WarningCount,
    IReadOnlyList<ProblemDocument> Warnings);

/// <summary><c>claims adopt</c></summary>
/// <param name="RunId">The run that stands for the adoption.</param>
/// <param name="AlreadyHeld">Claims that a run had already; they were left as they were.</param>
internal sealed record AdoptDocument(string OrganisationId, long RunId, long Adopted, IReadOnlyList<HeldClaimDocument> AlreadyHeld);

/// <summary><c>claims generate</c></summary>
internal sealed record GenerateDocument(string File, long Count, ulong Seed);

/// <summary>A claim that a mark already holds.</summary>
internal sealed record HeldClaimDocument(string ClaimId, int Generation, string State, long RunId)
{
    public static HeldClaimDocument Of(HeldClaim held) => new(held.ClaimId, held.Generation, held.State.Text(), held.RunId);
}

/// <summary>A claim that a run left out, with the reason.</summary>
internal sealed record RejectionDocument(string ClaimId, ProblemDocument Problem)
{
    public static RejectionDocument Of(ClaimRejection rejection) => new(rejection.ClaimId, ProblemDocument.Of(rejection.Problem));
}

/// <summary><c>claims list</c></summary>
internal sealed record ClaimsDocument(string OrganisationId, IAsyncEnumerable<ClaimRowDocument> Claims);

/// <summary>A claim with its newest mark; the mark's fields are null while no run has taken it.</summary>
/// <param name="Waiting">The next run takes it.</param>
/// <param name="Withdrawal">Null unless it is approved no longer.</param>
internal sealed record ClaimRowDocument(
    string ClaimId,
    string ClaimantId,
    string Type,
    string Currency,
    long TotalMinor,
    DateTimeOffset ApprovedAt,
    string ExportKey,
    string? State,
    string? Evidence,
    int? Generation,
    long? RunId,
    string? Reason,
    bool Waiting,
    WithdrawalDocument? Withdrawal)
{
    public static ClaimRowDocument Of(ClaimSummary claim) => new(
        claim.ClaimId, claim.ClaimantId, claim.Type, claim.Currency, claim.TotalMinor, claim.ApprovedAt, claim.Mark?.ExportKey ?? claim.ExportKey,
        claim.Mark?.State.Text(), claim.Mark?.Evidence?.Text(), claim.Mark?.Generation, Place(claim.Mark), claim.Mark?.Reason, claim.Waiting,
        claim.Withdrawal is { } withdrawal ? WithdrawalDocument.Of(withdrawal) : null);

    private static long? Place(Mark? mark) => mark is { RunId: > 0 } ? mark.RunId : null;
}

/// <summary><c>claims show</c></summary>
/// <param name="Claim">Null for a claim that was only adopted.</param>
/// <param name="Withdrawal">Null unless it is approved no longer.</param>
/// <param name="Withdrawals">Each time it was withdrawn, oldest first; also where it was approved again afterwards.</param>
/// <param name="ErasedAt">When its personal data was erased; null while it is there. It can never be exported again.</param>
internal sealed record ClaimHistoryDocument(
    string OrganisationId, string ClaimId, bool Waiting, ClaimContentDocument? Claim, IReadOnlyList<MarkDocument> Marks, WithdrawalDocument? Withdrawal,
    IReadOnlyList<WithdrawalDocument> Withdrawals, DateTimeOffset? ErasedAt);

/// <summary>That a claim is approved no longer.</summary>
/// <param name="By">Who withdrew it.</param>
internal sealed record WithdrawalDocument(DateTimeOffset At, string By, string Reason)
{
    public static WithdrawalDocument Of(Withdrawal withdrawal) => new(withdrawal.At, withdrawal.By, withdrawal.Reason);
}

/// <summary><c>claims withdraw</c></summary>
/// <param name="Withdrawal">This one; or the earlier one, where it was withdrawn already.</param>
internal sealed record WithdrawnDocument(string OrganisationId, string ClaimId, WithdrawalDocument Withdrawal);

/// <summary><c>claims withdraw --file</c></summary>
/// <param name="Withdrawn">How many are withdrawn now and were not before.</param>
/// <param name="Already">How many were withdrawn before; nothing changed for them.</param>
/// <param name="Refused">How many stay as they are: a run has them or has exported them, or there is no such claim.</param>
/// <param name="Items">One for each claim, in the order in which they were given.</param>
internal sealed record ClaimsWithdrawnDocument(string OrganisationId, int Withdrawn, int Already, int Refused, IReadOnlyList<ClaimWithdrawnDocument> Items)
{
    public static ClaimsWithdrawnDocument Of(string organisationId, IReadOnlyList<string> claimIds, IReadOnlyList<WithdrawOutcome> outcomes) => new(
        organisationId, outcomes.Count(each => each is WithdrawOutcome.Withdrawn), outcomes.Count(each => each is WithdrawOutcome.Already),
        outcomes.Count(each => each is not (WithdrawOutcome.Withdrawn or WithdrawOutcome.Already)), [.. claimIds.Zip(outcomes, ClaimWithdrawnDocument.Of)]);
}

/// <summary>What became of one claim that was to be withdrawn.</summary>
/// <param name="Outcome"><c>withdrawn</c>, <c>already</c> or <c>refused</c>.</param>
/// <param name="Withdrawal">This one or the earlier one; null where it was refused.</param>
/// <param name="Problem">Why it was refused; null otherwise.</param>
internal sealed record ClaimWithdrawnDocument(string ClaimId, string Outcome, WithdrawalDocument? Withdrawal, string? Problem)
{
    public static ClaimWithdrawnDocument Of(string claimId, WithdrawOutcome outcome) => outcome switch
    {
        WithdrawOutcome.Withdrawn done => new(claimId, "withdrawn", WithdrawalDocument.Of(done.Withdrawal), null),
        WithdrawOutcome.Already already => new(claimId, "already", WithdrawalDocument.Of(already.Withdrawal), null),
        _ => new(claimId, "refused", null, DoubleExportGuard.WhyNotWithdrawn(claimId, outcome)!.Rule),
    };
}

internal sealed record ClaimContentDocument(
    string ClaimantId,
    string ClaimantName,
    string Type,
    string Currency,
    long TotalMinor,
    DateTimeOffset ApprovedAt,
    string ApprovedBy,
    string ExportKey,
    IReadOnlyList<ClaimLineDocument> Lines);

internal sealed record ClaimLineDocument(
    string Date,
    string Category,
    string Description,
    long AmountMinor,
    decimal? Quantity,
    string? Unit,
    IReadOnlyDictionary<string, string> Dimensions);

/// <summary>The guard's row for one generation of the claim.</summary>
/// <param name="RunId">The run that took it last; null if none has.</param>
/// <param name="Acknowledgement">The accounting system's own reference, or the file's name and checksum.</param>
/// <param name="Attempt">How often this generation was reserved.</param>
internal sealed record MarkDocument(
    int Generation,
    string State,
    string? Evidence,
    long? RunId,
    int? Batch,
    int Attempt,
    string ExportKey,
    string? Acknowledgement,
    string? Reason,
    DateTimeOffset ChangedAt,
    DateTimeOffset? InDoubtSince,
    IReadOnlyList<AttemptDocument> Attempts)
{
    public static MarkDocument Of(Mark mark, string? acknowledgement, IReadOnlyList<AttemptDocument> attempts) => new(
        mark.Generation, mark.State.Text(), mark.Evidence?.Text(), mark.RunId > 0 ? mark.RunId : null, mark.Batch > 0 ? mark.Batch : null, mark.Attempt,
        mark.ExportKey, acknowledgement, mark.Reason, mark.ChangedAt, mark.InDoubtSince, attempts);
}

/// <summary>A row of the append-only register of attempts.</summary>
internal sealed record AttemptDocument(long RunId, int Batch, int Try, string Step, string? Outcome, int? HttpStatus, string? Error, string? BytesHash, DateTimeOffset At)
{
    public static AttemptDocument Of(Attempt attempt) => new(
        attempt.RunId, attempt.Batch, attempt.Try, attempt.Step.Text(), attempt.Outcome?.Text(), attempt.HttpStatus, attempt.Error, attempt.BytesHash, attempt.At);
}

/// <summary><c>claims resolve</c></summary>
internal sealed record ResolvedDocument(string OrganisationId, string ClaimId, int Generation, string Before, string State, string Evidence);
