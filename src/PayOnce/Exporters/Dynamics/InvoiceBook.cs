using PayOnce.Exporters.Api;

namespace PayOnce.Exporters.Dynamics;

/// <summary>Finds, posts and takes back purchase invoices by their export key.</summary>
internal sealed class InvoiceBook(BcClient client)
{
    /// <summary>Every invoice with one of the keys, drafts and posted ones, of whatever vendor; null with the reason if that is not known.</summary>
    public async Task<(List<InvoiceRow>? Rows, BcReply? Failed)> FindAsync(IEnumerable<string> keys, TryTime time, CancellationToken cancel) =>
        await ReadAsync($"purchaseInvoices?$filter={OData.AnyOf("vendorInvoiceNumber", keys)}&{InvoiceRow.Select}", time, cancel);

    /// <summary>What a send looks up before it creates anything.</summary>
    public async Task<(List<InvoiceRow>? Rows, BcReply? Failed)> FindAsync(ExpectedClaim claim, TryTime time, CancellationToken cancel) =>
        await ReadAsync($"purchaseInvoices?$filter=vendorNumber eq {OData.Text(claim.ClaimantId)} and vendorInvoiceNumber eq {OData.Text(claim.ExportKey)}&{InvoiceRow.Select}", time, cancel);

    public Task<BcReply> CreateAsync(ReadOnlyMemory<byte> body, TryTime time, CancellationToken cancel) => client.PostAsync("purchaseInvoices", body, time, cancel);

    /// <summary>Posts a draft and says what it came to, which only its status tells: an error may come after the ledger was written, and success may mean scheduled.</summary>
    public async Task<Posting> PostAsync(InvoiceRow draft, TryTime time, CancellationToken cancel)
    {
        var posted = await client.PostAsync($"purchaseInvoices({draft.Id:D})/Microsoft.NAV.post", ReadOnlyMemory<byte>.Empty, time, cancel);
        if (!posted.IsOk && !posted.IsRefusal) return new Posting.Unclear(posted);
        // The id is the draft's own also after posting.
        var settled = await client.GetAsync($"purchaseInvoices({draft.Id:D})?{InvoiceRow.Select}", time, cancel);
        if (!settled.IsOk) return new Posting.Unclear(settled);
        if (settled.Body is not { } body || InvoiceRow.Read(body) is not { } row || row.Id != draft.Id) return new Posting.Unclear(BcClient.Unreadable(settled));
        if (row.IsPosted) return new Posting.Booked(row);
        return posted.IsOk ? new Posting.Scheduled(row) : new Posting.Refused(row, posted.Message ?? "Business Central does not post it.");
    }

    /// <summary>Deletes a draft as it was read: had anybody changed or posted it since, its ETag would be another.</summary>
    public Task<BcReply> DeleteAsync(InvoiceRow draft, TryTime time, CancellationToken cancel) => client.DeleteAsync($"purchaseInvoices({draft.Id:D})", draft.ETag, time, cancel);

    private async Task<(List<InvoiceRow>? Rows, BcReply? Failed)> ReadAsync(string path, TryTime time, CancellationToken cancel)
    {
        var (entities, failed) = await client.ListAsync(path, time, cancel);
        if (entities is null) return (null, failed);
        var rows = new List<InvoiceRow>(entities.Count);
        foreach (var entity in entities)
        {
            if (InvoiceRow.Read(entity) is not { } row) return (null, new BcReply(WireClass.Unknown, null, null, "Business Central's answer could not be read.", null, null));
            rows.Add(row);
        }
        return (rows, null);
    }

    /// <summary>What posting a draft came to.</summary>
    public abstract record Posting
    {
        private Posting() { }

        public sealed record Booked(InvoiceRow Row) : Posting;

        /// <summary>Taken, but still a draft: a job queue or an approval stands in between.</summary>
        public sealed record Scheduled(InvoiceRow Row) : Posting;

        /// <summary>Refused, and read to be still a draft afterwards.</summary>
        public sealed record Refused(InvoiceRow Row, string Why) : Posting;

        public sealed record Unclear(BcReply Reply) : Posting;
    }
}
