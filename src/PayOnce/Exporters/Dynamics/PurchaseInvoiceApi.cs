using PayOnce.Exporters.Api;
using PayOnce.Exporters.Settings;
using PayOnce.Guard;

namespace PayOnce.Exporters.Dynamics;

/// <summary>
/// A claim as a purchase invoice of its claimant, with the export key as the vendor's invoice number. Business Central posts such a
/// number once per vendor and refuses it afterwards, but it takes any number of equal drafts: so a creation whose answer was lost is
/// never repeated, only looked for (<see cref="ProofClass.Readable"/>), while posting what was found is harmless to repeat.
/// </summary>
internal sealed class PurchaseInvoiceApi : BusinessCentralApi
{
    /// <summary>Keys in one look-up: some 2,500 characters of address.</summary>
    private const int KeysPerLookUp = 40;

    private readonly InvoiceBook book;
    private readonly Vendors vendors;
    private readonly bool posts;
    private readonly string localCurrency;

    public PurchaseInvoiceApi(IntegrationSettings settings, IBatchRenderer renderer, BcClient client) : base(settings, renderer, client)
    {
        var dynamics = settings.Api!.Dynamics!;
        (book, vendors, posts, localCurrency) = (new InvoiceBook(client), new Vendors(client, dynamics.CreateVendors), dynamics.Post, settings.LocalCurrency);
    }

    protected override async Task<SendAnswer> SendAsync(ExpectedClaim claim, IReadOnlyList<ReadOnlyMemory<byte>> bodies, TryTime time, CancellationToken cancel)
    {
        switch (await vendors.FindAsync(claim.ClaimantId, bodies.Count > 1 ? bodies[1] : default, time, cancel))
        {
            case Vendors.Finding.Unusable unusable: return Refused(claim, unusable.Reason, status: null);
            case Vendors.Finding.Unclear unclear: return NothingSent(unclear.Reply, "Looking up the vendor");
        }
        var (there, failed) = await book.FindAsync(claim, time, cancel);
        if (there is null) return NothingSent(failed!, "Looking for an earlier invoice");
        if (there.Count > 0) return Unknown(claim, $"Purchase invoice {there[0].Number} with this key is there already.", status: null);

        var created = await book.CreateAsync(bodies[0], time, cancel);
        if (created.Class == WireClass.NotProcessed) return NothingSent(created, "Creating the invoice");
        if (created.IsRefusal) return await ProveRefusedAsync(claim, created, time, cancel);
        if (!created.IsOk || created.Body is not { } body || InvoiceRow.Read(body) is not { } draft) return Unknown(claim, created.Trouble("Creating the invoice"), created.Status);
        if (draft.Differs(claim, localCurrency) is { } difference)
            return await TakeBackAsync(claim, draft, $"{difference} Business Central counts otherwise than the claim: look at the accounts' tax set-up.", created.Status, time, cancel);
        if (!posts) return Accepted(claim, Evidence.Received, draft.Number, created.Status);

        return await book.PostAsync(draft, time, cancel) switch
        {
            InvoiceBook.Posting.Booked booked => Accepted(claim, Evidence.Booked, booked.Row.Number, 204),
            InvoiceBook.Posting.Scheduled scheduled => Accepted(claim, Evidence.Received, scheduled.Row.Number, 204),
            InvoiceBook.Posting.Refused refused => await TakeBackAsync(claim, refused.Row, refused.Why, 400, time, cancel),
            InvoiceBook.Posting.Unclear unclear => Unknown(claim, unclear.Reply.Trouble("Posting the invoice"), unclear.Reply.Status),
            _ => throw new InvalidOperationException("There is no other outcome of a posting."),
        };
    }

    // The creation was undone by its own answer; a look-up afterwards makes sure that nothing of it stands there.
    private async Task<SendAnswer> ProveRefusedAsync(ExpectedClaim claim, BcReply refusal, TryTime time, CancellationToken cancel)
    {
        var (there, _) = await book.FindAsync([claim.ExportKey], time, cancel);
        return there is { Count: 0 } ? Refused(claim, refusal.Message!, refusal.Status) : Unknown(claim, refusal.Trouble("Creating the invoice"), refusal.Status);
    }

    // Only a deletion that was said to be done, and a look-up that finds nothing else, prove that the claim left nothing there.
    private async Task<SendAnswer> TakeBackAsync(ExpectedClaim claim, InvoiceRow draft, string why, int? status, TryTime time, CancellationToken cancel)
    {
        if ((await book.DeleteAsync(draft, time, cancel)).IsOk && await book.FindAsync([claim.ExportKey], time, cancel) is { Rows.Count: 0 }) return Refused(claim, why, status);
        return Unknown(claim, $"{why} Draft {draft.Number} could not be taken back for certain.", status);
    }

    public override async Task<ReadBackAnswer> ReadBackAsync(IReadOnlyList<ExpectedClaim> claims, CancellationToken cancel)
    {
        var findings = new List<ReadBackFinding>(claims.Count);
        foreach (var part in claims.Chunk(KeysPerLookUp))
        {
            var (rows, failed) = await book.FindAsync(part.Select(claim => claim.ExportKey), Client.Begin(), cancel);
            if (rows is null) return new ReadBackAnswer.Failed(failed!.Trouble("Looking for the invoices"), failed.Status);
            var byKey = rows.ToLookup(row => row.Key, StringComparer.OrdinalIgnoreCase);
            foreach (var claim in part)
            {
                var (finding, trouble) = await SettleAsync(claim, [.. byKey[claim.ExportKey]], cancel);
                if (finding is null) return new ReadBackAnswer.Failed(trouble!.Trouble("Finishing an invoice that was found"), trouble.Status);
                findings.Add(finding);
            }
        }
        return new ReadBackAnswer.Answered(findings);
    }

    /// <summary>What the invoices with a claim's key come to. Surplus drafts of ours are deleted, and a draft left on its own is posted.</summary>
    private async Task<(ReadBackFinding? Finding, BcReply? Trouble)> SettleAsync(ExpectedClaim claim, List<InvoiceRow> rows, CancellationToken cancel)
    {
        if (rows.Count == 0) return (new ReadBackFinding.Absent(claim.ClaimId), null);
        if (rows.Select(row => row.Differs(claim, localCurrency)).FirstOrDefault(difference => difference is not null) is { } other) return Conflict(claim, other);
        if (rows.Find(row => row.IsUndone) is { } undone) return Conflict(claim, $"Purchase invoice {undone.Number} was {undone.Status.ToLowerInvariant()} in Business Central.");
        var posted = rows.FindAll(row => row.IsPosted);
        if (posted.Count > 1) return Conflict(claim, $"It is posted {posted.Count} times: purchase invoices {string.Join(", ", posted.Select(row => row.Number))}.");

        var drafts = rows.FindAll(row => !row.IsPosted);
        drafts.Sort(InvoiceRow.ByAge);
        var time = Client.Begin();
        foreach (var surplus in drafts.Skip(posted.Count == 1 ? 0 : 1))
        {
            var deleted = await book.DeleteAsync(surplus, time, cancel);
            if (deleted.Class == WireClass.Refused && deleted.Status != 404) return Conflict(claim, $"Draft {surplus.Number} with this key is one too many, and Business Central does not delete it: {deleted.Message}");
            if (!deleted.IsOk && deleted.Status != 404) return (null, deleted);
        }
        if (posted.Count == 1) return Present(claim, Evidence.Booked, posted[0]);
        if (!posts || drafts[0].Status != "Draft") return Present(claim, Evidence.Received, drafts[0]);
        return await book.PostAsync(drafts[0], time, cancel) switch
        {
            InvoiceBook.Posting.Booked booked => Present(claim, Evidence.Booked, booked.Row),
            InvoiceBook.Posting.Scheduled scheduled => Present(claim, Evidence.Received, scheduled.Row),
            InvoiceBook.Posting.Refused refused => Conflict(claim, $"It stands there as draft {refused.Row.Number}, which Business Central does not post: {refused.Why}"),
            InvoiceBook.Posting.Unclear unclear => (null, unclear.Reply),
            _ => throw new InvalidOperationException("There is no other outcome of a posting."),
        };
    }

    private static (ReadBackFinding?, BcReply?) Present(ExpectedClaim claim, Evidence evidence, InvoiceRow row) => (new ReadBackFinding.Present(claim.ClaimId, evidence, row.Number), null);

    private static (ReadBackFinding?, BcReply?) Conflict(ExpectedClaim claim, string what) => (new ReadBackFinding.Conflict(claim.ClaimId, what), null);

    public override async Task<KeyPageAnswer> ListKeysAsync(string? after, CancellationToken cancel)
    {
        // The number is asked for from the last one on: keys are of one length, so that their order is plain.
        var from = after is null ? "" : $"vendorInvoiceNumber gt {OData.Text(after)}&";
        var path = $"purchaseInvoices?{(from.Length == 0 ? "" : "$filter=" + from)}{InvoiceRow.Select}&$orderby=vendorInvoiceNumber&$top={KeysPerPage + 1}";
        var (entities, failed) = await Client.ListAsync(path, Client.Begin(), cancel);
        if (entities is null) return new KeyPageAnswer.Failed(failed!.Trouble("Listing the purchase invoices"));
        var rows = new List<InvoiceRow>(entities.Count);
        foreach (var entity in entities)
        {
            if (InvoiceRow.Read(entity) is not { } row) return new KeyPageAnswer.Failed("Business Central's answer could not be read.");
            rows.Add(row);
        }
        var next = rows.Count > KeysPerPage ? rows[^1].Key : null;
        // Equal numbers stay together: those of the last one belong to the next page, unless the page has no other.
        if (next is not null && rows[0].Key != next) rows.RemoveAll(row => row.Key == next);
        var cursor = next is null ? null : rows[^1].Key;
        return new KeyPageAnswer.Page([.. rows.Where(row => OData.IsKey(row.Key)).Select(row => new HeldKey(row.Key, row.Currency.Length == 0 ? localCurrency : row.Currency, row.TotalMinor, row.Number))], cursor);
    }

    protected override IReadOnlyList<(string Path, string What)> RightsNeeded { get; } =
        [("vendors?$top=1&$select=number", "reading vendors"), ("purchaseInvoices?$top=1&$select=number", "reading purchase invoices")];
}
