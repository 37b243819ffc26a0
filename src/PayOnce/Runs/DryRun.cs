using PayOnce.Exporters;
using PayOnce.Stores;

namespace PayOnce.Runs;

/// <summary>Renders what a run would export, page by page, and keeps nothing of it but the sums and the beginning.</summary>
internal static class DryRun
{
    private const int SampleBytes = 4_096;

    public static async Task<DryRunReport> RenderAsync(IStore store, string organisationId, ClaimScope scope, IBatchRenderer renderer, int batchSize, CancellationToken cancel)
    {
        var file = new FileAssembly(renderer);
        var sample = new MemoryStream();
        var rejections = new List<ClaimRejection>();
        Sample(sample, renderer.Prologue);
        PageCursor? after = null;
        long remaining = scope.Limit ?? long.MaxValue, voucher = 1;
        for (var batch = 1; remaining > 0; batch++)
        {
            var claims = await store.ReadCandidatesAsync(organisationId, scope, after, (int)Math.Min(batchSize, remaining), cancel);
            if (claims.Count == 0) break;
            using var rendered = renderer.Render(claims, voucher);
            file.Add(batch, rendered);
            rejections.AddRange(rendered.Rejections);
            Sample(sample, rendered.Bytes);
            voucher += claims.Count;
            remaining -= claims.Count;
            after = new PageCursor(claims[^1].Claim.ApprovedAt, claims[^1].Claim.ClaimId);
        }
        var draft = file.Draft(organisationId, 0, "dry-run", folder: null, lastVoucher: voucher - 1);
        return new DryRunReport(draft.Claims, draft.Lines, draft.Bytes, draft.ControlTotals, rejections, sample.ToArray());
    }

    private static void Sample(MemoryStream sample, ReadOnlyMemory<byte> bytes) =>
        sample.Write(bytes.Span[..(int)Math.Min(bytes.Length, SampleBytes - sample.Length)]);
}
