using PayOnce.Runs;

namespace PayOnce.Exporters;

/// <summary>What is the same for every claim of a run. Rendering is pure: the same context and claims give the same bytes.</summary>
/// <param name="RunDate">The date of the run in the organisation's time zone.</param>
public sealed record RenderContext(Organisation Organisation, long RunId, DateOnly RunDate);

/// <summary>The bytes of one batch, frozen before anything leaves.</summary>
/// <param name="Bytes">In the file's encoding; empty if every claim was rejected. Valid until <see cref="Dispose"/>.</param>
/// <param name="Claims">Claims in the bytes.</param>
/// <param name="Lines">Rows in the bytes.</param>
/// <param name="ControlTotals">Sum per currency of the claims in the bytes, ordered by currency.</param>
/// <param name="Rejections">Claims left out, each with its first problem, in the order given.</param>
public sealed record RenderedBatch(
    ReadOnlyMemory<byte> Bytes,
    int Claims,
    long Lines,
    IReadOnlyList<ControlTotal> ControlTotals,
    IReadOnlyList<ClaimRejection> Rejections) : IDisposable
{
    /// <summary>Takes the buffer under the bytes back; called at most once.</summary>
    internal Action? Return { get; init; }

    /// <summary>
    /// Says that nobody reads the bytes any more, so that the next batch may be written over them. Whoever does not say so costs
    /// memory, nothing else.
    /// </summary>
    public void Dispose() => Return?.Invoke();
}

/// <summary>Turns claims into the bytes of one format for one run. Safe to use from two batches at the same time.</summary>
public interface IBatchRenderer
{
    /// <summary>Without the dot: <c>csv</c>.</summary>
    string FileExtension { get; }

    string ContentType { get; }

    /// <summary>What stands before the first batch: byte order mark, header row, opening bracket.</summary>
    ReadOnlyMemory<byte> Prologue { get; }

    /// <summary>What stands between two batches that are not empty.</summary>
    ReadOnlyMemory<byte> Separator { get; }

    /// <summary>What stands after the last batch.</summary>
    ReadOnlyMemory<byte> Epilogue { get; }

    /// <summary>
    /// Renders a batch. A claim that breaks a limit of the target, or that the settings have no account for, is left out and
    /// named in <see cref="RenderedBatch.Rejections"/>; it does not hold up the others.
    /// </summary>
    /// <param name="firstVoucher">The voucher number of the first claim; the n-th claim given has <c>firstVoucher + n</c>, rejected or not.</param>
    RenderedBatch Render(IReadOnlyList<ReservedClaim> claims, long firstVoucher);
}

/// <summary>
/// The seam to one accounting system. What it can be sent is data (<see cref="IntegrationSettings"/>); what it refuses is known
/// here, so that nothing is published that the target's own documentation says it will not take.
/// </summary>
public interface IExporter
{
    /// <summary><c>xledger</c>, <c>dynamics</c> or <c>generic</c>.</summary>
    string Name { get; }

    /// <summary>The file formats it can render.</summary>
    IReadOnlyList<string> Formats { get; }

    /// <summary>Everything that is wrong with the settings for this exporter; empty if a run may use them.</summary>
    IReadOnlyList<Problem> Check(IntegrationSettings settings);

    /// <summary>A renderer for settings that <see cref="Check"/> found nothing wrong with.</summary>
    IBatchRenderer CreateRenderer(IntegrationSettings settings, RenderContext context);

    /// <summary>Its side that speaks to the API; null: by file only.</summary>
    Api.IApiExporter? Api { get; }
}
