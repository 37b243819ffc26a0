using PayOnce.Runs;

namespace PayOnce.Exporters.Generic;

/// <summary>A batch of the generic JSON as one complete request body: what <see cref="ClaimsJson"/> writes around a file stands around each batch.</summary>
internal sealed class ClaimsRequest(ClaimsJson json) : IBatchRenderer
{
    public string FileExtension => json.FileExtension;

    public string ContentType => json.ContentType;

    public ReadOnlyMemory<byte> Prologue => default;

    public ReadOnlyMemory<byte> Separator => default;

    public ReadOnlyMemory<byte> Epilogue => default;

    public RenderedBatch Render(IReadOnlyList<ReservedClaim> claims, long firstVoucher)
    {
        using var batch = json.Render(claims, firstVoucher);
        byte[] body = batch.Claims == 0 ? [] : [.. json.Prologue.Span, .. batch.Bytes.Span, .. json.Epilogue.Span];
        return new RenderedBatch(body, batch.Claims, batch.Lines, batch.ControlTotals, batch.Rejections);
    }
}
