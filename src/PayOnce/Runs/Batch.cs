using PayOnce.Claims;
using PayOnce.Exporters;

namespace PayOnce.Runs;

/// <summary>Where a run has got to in the order of (approved at, claim id).</summary>
public sealed record PageCursor(DateTimeOffset ApprovedAt, string ClaimId);

/// <summary>A claim that the guard has just taken, with what rendering needs.</summary>
/// <param name="ExportKey">The key of this generation, to be written into the field the accounting system stores.</param>
public sealed record ReservedClaim(ClaimRecord Claim, int Generation, int Attempt, string ExportKey);

/// <summary>Asks for the next batch of a run.</summary>
/// <param name="Batch">The batch's number in the run, from 1; never used twice in a run.</param>
/// <param name="After">Candidates behind this place only; null from the start.</param>
/// <param name="Size">At most this many candidates: a page.</param>
/// <param name="ClaimsPerBatch">The page is cut into batches of this many, numbered from <paramref name="Batch"/>; null: it is one.</param>
/// <param name="LastVoucher">Over an API: the highest voucher number given out in the page, so that no later run uses it. Null: the file's confirmation says so.</param>
public sealed record ReserveRequest(ClaimScope Scope, int Batch, PageCursor? After, int Size, int? ClaimsPerBatch = null, long? LastVoucher = null);

/// <summary>The answer to a reserve.</summary>
public abstract record ReserveAnswer
{
    private ReserveAnswer() { }

    /// <summary>Committed: these claims are ours, their bytes are frozen, the rejected ones are marked so and wait again.</summary>
    /// <param name="Batches">In order of their numbers; a batch whose every candidate was a duplicate is left out.</param>
    /// <param name="Rejections">Claims that cannot be rendered, each with its first problem.</param>
    /// <param name="Duplicates">Candidates that another mark already holds.</param>
    public sealed record Reserved(IReadOnlyList<ReservedBatch> Batches, IReadOnlyList<ClaimRejection> Rejections, IReadOnlyList<HeldClaim> Duplicates) : ReserveAnswer;

    /// <summary>No candidate was left behind the cursor.</summary>
    public sealed record NothingLeft : ReserveAnswer;

    /// <summary>The lease has another epoch: we must stop.</summary>
    public sealed record FencedOff : ReserveAnswer;
}

/// <summary>A batch as it was frozen.</summary>
/// <param name="Rendered">What was frozen; a file's checksum is computed over it.</param>
public sealed record ReservedBatch(int Batch, RenderedBatch Rendered);

/// <summary>A claim that cannot leave now, and why.</summary>
public sealed record ClaimRejection(string ClaimId, Problem Problem);

/// <summary>A claim that a mark already holds: the guard's "no", with the run that has it.</summary>
public sealed record HeldClaim(string ClaimId, int Generation, Guard.MarkState State, long RunId);
