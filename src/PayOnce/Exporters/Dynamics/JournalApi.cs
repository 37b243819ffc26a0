using System.Globalization;
using PayOnce.Exporters.Api;
using PayOnce.Guard;

namespace PayOnce.Exporters.Dynamics;

/// <summary>
/// A claim as a general journal batch of its own. Nothing on this path refuses a document that was posted before, so nothing is posted
/// unless the ledger was asked for the key and the batch's lines were read and are the claim's; the primary keys of batch and
/// lines refuse a second of them as long as they are not posted, and posting takes them away.
/// </summary>
internal sealed class JournalApi(IntegrationSettings settings, IBatchRenderer renderer, BcClient client) : BusinessCentralApi(settings, renderer, client)
{
    private const int KeysPerLookUp = 40;

    private readonly JournalBook book = new(client);
    private readonly bool posts = settings.Api!.Dynamics!.Post;
    private readonly string localCurrency = settings.LocalCurrency;

    protected override async Task<SendAnswer> SendAsync(ExpectedClaim claim, IReadOnlyList<ReadOnlyMemory<byte>> bodies, TryTime time, CancellationToken cancel)
    {
        var parcel = JournalParcel.Read(bodies[0]);
        var (ledger, unread) = await book.LedgerAsync([claim.ExportKey], time, cancel);
        if (ledger is null) return NothingSent(unread!, "Looking into the general ledger");
        if (ledger.Count > 0) return Unknown(claim, "The general ledger has this key already.", status: null);

        // A batch without lines books nothing: until the lines are sent, nothing of the claim has been.
        var (journal, stopped) = await OpenAsync(claim, parcel, time, cancel);
        if (stopped is not null) return stopped;
        var (lines, wasPosted, failed) = await book.LinesAsync(journal, time, cancel);
        if (lines is null) return NothingSent(failed!, "Reading the journal");
        if (wasPosted || lines.Count > 0) return Unknown(claim, $"Journal {parcel.Code} has lines already.", status: null);

        var written = await book.WriteAsync(journal, parcel, time, cancel);
        if (written.Class == WireClass.NotProcessed) return NothingSent(written, "Writing the lines");
        if (written.IsRefusal) return await TakeBackAsync(claim, parcel, written.Message!, written.Status, time, cancel);
        // The same key: this very request came twice, for there was no line before it. What stands there is compared all the same.
        if (!written.IsOk && !written.IsSameKey) return Unknown(claim, written.Trouble("Writing the lines"), written.Status);
        (lines, _, failed) = await book.LinesAsync(journal, time, cancel);
        if (lines is null) return Unknown(claim, failed!.Trouble("Reading the lines that were written"), failed.Status);
        if (!parcel.IsWrittenAs(lines)) return Unknown(claim, $"Journal {parcel.Code} does not hold the lines that were sent.", written.Status);
        if (!posts) return Accepted(claim, Evidence.Received, parcel.Code, written.Status);

        return await PostAsync(claim, journal, time, cancel) switch
        {
            Posting.Booked booked => await TidyAsync(parcel, booked, claim, cancel),
            Posting.Scheduled => Accepted(claim, Evidence.Received, parcel.Code, 204),
            Posting.Refused refused => await TakeBackAsync(claim, parcel, refused.Why, 400, time, cancel),
            Posting.Unclear unclear => Unknown(claim, unclear.Why, unclear.Status),
            _ => throw new InvalidOperationException("There is no other outcome of a posting."),
        };
    }

    private async Task<(Guid Journal, SendAnswer? Stopped)> OpenAsync(ExpectedClaim claim, JournalParcel parcel, TryTime time, CancellationToken cancel)
    {
        for (var again = false; ; again = true)
        {
            var (journals, failed) = await book.FindAsync([parcel.Code], time, cancel);
            if (journals is null) return (default, NothingSent(failed!, "Looking for the journal"));
            if (journals.TryGetValue(parcel.Code, out var found)) return (found.Id, null);
            var created = await book.CreateAsync(parcel, time, cancel);
            if (created.IsOk && created.Body is { } body && BcReply.Id(body) is { } id) return (id, null);
            if (created.IsRefusal) return (default, Refused(claim, created.Message!, created.Status));
            // The same code: an earlier try made it after we had looked. It is looked up once more.
            if (!created.IsSameKey || again) return (default, NothingSent(created, "Creating the journal"));
        }
    }

    /// <summary>Posts and says what it came to, which only the ledger and the lines left tell.</summary>
    private async Task<Posting> PostAsync(ExpectedClaim claim, Guid journal, TryTime time, CancellationToken cancel)
    {
        var posted = await book.PostAsync(journal, time, cancel);
        if (!posted.IsOk && !posted.IsRefusal) return new Posting.Unclear(posted.Trouble("Posting the journal"), posted.Status);
        // Lines first: what is posted between the two reads is then found in the ledger.
        var (lines, _, failed) = await book.LinesAsync(journal, time, cancel);
        var (ledger, unread) = await book.LedgerAsync([claim.ExportKey], time, cancel);
        if (ledger is null) return new Posting.Unclear(unread!.Trouble("Looking into the general ledger"), unread.Status);
        if (ledger.TryGetValue(claim.ExportKey, out var document))
            return document.Differs(claim.TotalMinor) is { } difference ? new Posting.Unclear(difference, posted.Status) : new Posting.Booked(document.Entry);
        if (lines is null) return new Posting.Unclear(failed!.Trouble("Reading the journal"), failed.Status);
        if (lines.Count == 0) return new Posting.Unclear("The journal's lines are gone, and the general ledger does not have the key.", posted.Status);
        return posted.IsOk ? new Posting.Scheduled() : new Posting.Refused(posted.Message ?? "Business Central does not post it.");
    }

    // A journal that must not stay is deleted with its lines as it was read; only its absence, and the ledger's, prove anything.
    private async Task<SendAnswer> TakeBackAsync(ExpectedClaim claim, JournalParcel parcel, string why, int? status, TryTime time, CancellationToken cancel)
    {
        if (await book.FindAsync([parcel.Code], time, cancel) is { Journals: { } journals } && journals.TryGetValue(parcel.Code, out var journal)
            && (await book.DeleteAsync(journal.Id, journal.ETag, time, cancel)).IsOk
            && await book.FindAsync([parcel.Code], time, cancel) is { Journals.Count: 0 }
            && await book.LedgerAsync([claim.ExportKey], time, cancel) is { Documents.Count: 0 })
            return Refused(claim, why, status);
        return Unknown(claim, $"{why} Journal {parcel.Code} could not be taken back for certain.", status);
    }

    // Posting leaves the batch behind, empty. A batch a claim would soon hide those of the accountants; if it stays, nothing is lost.
    private async Task<SendAnswer> TidyAsync(JournalParcel parcel, Posting.Booked booked, ExpectedClaim claim, CancellationToken cancel)
    {
        var time = Client.Begin();
        if (await book.FindAsync([parcel.Code], time, cancel) is { Journals: { } journals } && journals.TryGetValue(parcel.Code, out var journal)
            && await book.LinesAsync(journal.Id, time, cancel) is { Lines.Count: 0 })
            await book.DeleteAsync(journal.Id, journal.ETag, time, cancel);
        return Accepted(claim, Evidence.Booked, booked.Entry, 204);
    }

    public override async Task<ReadBackAnswer> ReadBackAsync(IReadOnlyList<ExpectedClaim> claims, CancellationToken cancel)
    {
        var findings = new List<ReadBackFinding>(claims.Count);
        foreach (var part in claims.Chunk(KeysPerLookUp))
        {
            var time = Client.Begin();
            var (journals, failed) = await book.FindAsync([.. part.Select(claim => JournalJson.Code(claim.ExportKey))], time, cancel);
            if (journals is null) return new ReadBackAnswer.Failed(failed!.Trouble("Looking for the journals"), failed.Status);
            var waiting = new Dictionary<Guid, List<JournalLineRow>>();
            foreach (var (id, _) in journals.Values)
            {
                (var lines, _, failed) = await book.LinesAsync(id, Client.Begin(), cancel);
                if (lines is null) return new ReadBackAnswer.Failed(failed!.Trouble("Reading a journal"), failed.Status);
                waiting[id] = lines;
            }
            // The ledger is read last: a posting of the job queue in between is then in it.
            (var ledger, failed) = await book.LedgerAsync([.. part.Select(claim => claim.ExportKey)], Client.Begin(), cancel);
            if (ledger is null) return new ReadBackAnswer.Failed(failed!.Trouble("Looking into the general ledger"), failed.Status);
            foreach (var claim in part)
            {
                var journal = journals.TryGetValue(JournalJson.Code(claim.ExportKey), out var found) ? found.Id : (Guid?)null;
                var settled = await SettleAsync(claim, ledger.GetValueOrDefault(claim.ExportKey), journal, journal is { } key ? waiting[key] : [], cancel);
                if (settled.Finding is null) return new ReadBackAnswer.Failed(settled.Trouble!);
                findings.Add(settled.Finding);
            }
        }
        return new ReadBackAnswer.Answered(findings);
    }

    private async Task<(ReadBackFinding? Finding, string? Trouble)> SettleAsync(ExpectedClaim claim, LedgerDocument? document, Guid? journal, List<JournalLineRow> lines, CancellationToken cancel)
    {
        var code = JournalJson.Code(claim.ExportKey);
        if (document is not null)
        {
            if (document.Differs(claim.TotalMinor) is { } difference) return Conflict(claim, difference);
            return lines.Count == 0 ? Present(claim, Evidence.Booked, document.Entry) : Conflict(claim, $"It is in the general ledger, and journal {code} has lines that would book it again. Delete them there.");
        }
        if (journal is not { } id || lines.Count == 0) return (new ReadBackFinding.Absent(claim.ClaimId), null);
        if (lines.Any(line => line.Document != claim.ExportKey) || lines.Sum(line => (decimal)line.AmountMinor) != 0 || !lines.Any(line => line.AmountMinor == -claim.TotalMinor))
            return Conflict(claim, $"Journal {code} has lines that are not those of this claim over {InvoiceRow.Amount(claim.TotalMinor)}.");
        if (!posts) return Present(claim, Evidence.Received, code);
        return await PostAsync(claim, id, Client.Begin(), cancel) switch
        {
            Posting.Booked booked => Present(claim, Evidence.Booked, booked.Entry),
            Posting.Scheduled => Present(claim, Evidence.Received, code),
            Posting.Refused refused => Conflict(claim, $"It stands in journal {code}, which Business Central does not post: {refused.Why}"),
            Posting.Unclear unclear => (null, unclear.Why),
            _ => throw new InvalidOperationException("There is no other outcome of a posting."),
        };
    }

    private static (ReadBackFinding?, string?) Present(ExpectedClaim claim, Evidence evidence, string reference) => (new ReadBackFinding.Present(claim.ClaimId, evidence, reference), null);

    private static (ReadBackFinding?, string?) Conflict(ExpectedClaim claim, string what) => (new ReadBackFinding.Conflict(claim.ClaimId, what), null);

    public override async Task<KeyPageAnswer> ListKeysAsync(string? after, CancellationToken cancel)
    {
        var from = int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var entry) ? entry : 0;
        var (entities, failed) = await Client.ListAsync($"generalLedgerEntries?$filter=entryNumber gt {from}&$select=entryNumber,documentNumber&$orderby=entryNumber&$top={KeysPerPage}", Client.Begin(), cancel);
        if (entities is null) return new KeyPageAnswer.Failed(failed!.Trouble("Listing the general ledger"));
        var rows = new List<(int Entry, string Document)>(entities.Count);
        foreach (var entity in entities)
        {
            if (AnswerJson.Text(entity, "documentNumber") is not { } document || AnswerJson.Number(entity, "entryNumber") is not { } at) return new KeyPageAnswer.Failed("Business Central's answer could not be read.");
            rows.Add((at, document));
        }
        var more = rows.Count == KeysPerPage;
        // A document's entries follow one another; the last document may go on after the page, and belongs to the next one.
        if (more && rows[^1].Document is var last && rows[0].Document != last) rows.RemoveAll(row => row.Document == last);
        var keys = rows.Where(row => Guard.ExportKey.IsWellFormed(row.Document)).GroupBy(row => row.Document, StringComparer.Ordinal).Select(group => new HeldKey(group.Key, localCurrency, null, group.First().Entry.ToString(CultureInfo.InvariantCulture)));
        return new KeyPageAnswer.Page([.. keys], more ? rows[^1].Entry.ToString(CultureInfo.InvariantCulture) : null);
    }

    protected override IReadOnlyList<(string Path, string What)> RightsNeeded { get; } =
        [("journals?$top=1&$select=code", "reading journals"), ("generalLedgerEntries?$top=1&$select=entryNumber", "reading general ledger entries")];

    /// <summary>What posting a journal came to.</summary>
    private abstract record Posting
    {
        public sealed record Booked(string Entry) : Posting;

        public sealed record Scheduled : Posting;

        public sealed record Refused(string Why) : Posting;

        public sealed record Unclear(string Why, int? Status) : Posting;
    }
}
