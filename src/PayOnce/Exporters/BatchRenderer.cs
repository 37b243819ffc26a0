using System.Collections.Concurrent;
using PayOnce.Exporters.Mapping;
using PayOnce.Runs;

namespace PayOnce.Exporters;

/// <summary>The loop over a batch's claims that every format shares: who is left out, what is counted, what stands between two claims.</summary>
internal abstract class BatchRenderer(RunFacts facts) : IBatchRenderer
{
    private const int SmallestBuffer = 64 * 1024;
    private const int LargestGuess = 64 * 1024 * 1024;

    // Buffers of batches that were let go of: as many as batches are rendered at the same time.
    private readonly ConcurrentBag<OutputBuffer> spare = [];

    // How many bytes a claim took in the last batch: only a guess at the next buffer's size, so a race over it is harmless.
    private int bytesPerClaim = 512;

    public abstract string FileExtension { get; }

    public abstract string ContentType { get; }

    public abstract ReadOnlyMemory<byte> Prologue { get; }

    public abstract ReadOnlyMemory<byte> Separator { get; }

    public abstract ReadOnlyMemory<byte> Epilogue { get; }

    protected RunFacts Facts => facts;

    public RenderedBatch Render(IReadOnlyList<ReservedClaim> claims, long firstVoucher)
    {
        var output = Rent(claims.Count);
        var cursor = new RenderCursor(facts);
        using var writer = CreateWriter();
        var totals = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var rejections = new List<ClaimRejection>();
        long rows = 0;
        for (var i = 0; i < claims.Count; i++)
        {
            var before = output.Length;
            if (before > 0) output.Append(Separator.Span);
            if (!cursor.Begin(claims[i], firstVoucher + i) || !writer.Write(cursor, output))
            {
                output.Truncate(before);
                rejections.Add(new ClaimRejection(claims[i].Claim.ClaimId, cursor.Problem ?? throw new InvalidOperationException("A claim was left out without a reason.")));
                continue;
            }
            rows += writer.RowsOf(cursor);
            var currency = claims[i].Claim.Currency;
            totals[currency] = totals.GetValueOrDefault(currency) + claims[i].Claim.TotalMinor;
        }
        var count = claims.Count - rejections.Count;
        if (count > 0) Volatile.Write(ref bytesPerClaim, output.Length / count + 1);
        return new RenderedBatch(output.Memory, count, rows, [.. totals.Select(total => new ControlTotal(total.Key, total.Value))], rejections) { Return = new Loan(this, output).Return };
    }

    private OutputBuffer Rent(int claims)
    {
        if (!spare.TryTake(out var output)) return new OutputBuffer((int)Math.Clamp((long)claims * Volatile.Read(ref bytesPerClaim) * 9 / 8, SmallestBuffer, LargestGuess));
        output.Truncate(0);
        return output;
    }

    // A batch that is given back twice must not lend its buffer to two others.
    private sealed class Loan(BatchRenderer renderer, OutputBuffer output)
    {
        private int returned;

        public void Return()
        {
            if (Interlocked.Exchange(ref returned, 1) == 0) renderer.spare.Add(output);
        }
    }

    /// <summary>What writes one claim after another in one call; it may keep buffers, since no two calls share it.</summary>
    protected abstract ClaimWriter CreateWriter();

    protected abstract class ClaimWriter : IDisposable
    {
        /// <summary>Appends the claim the cursor stands on; false with the cursor's problem if it cannot be written.</summary>
        public abstract bool Write(RenderCursor cursor, OutputBuffer output);

        /// <summary>How many rows the claim has in the file.</summary>
        public abstract int RowsOf(RenderCursor cursor);

        public abstract void Dispose();
    }
}
