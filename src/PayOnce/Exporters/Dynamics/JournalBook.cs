using System.Globalization;
using System.Text.Json;
using PayOnce.Exporters.Api;

namespace PayOnce.Exporters.Dynamics;

/// <summary>Finds, fills, posts and takes back journal batches by their code, and reads the general ledger by document number.</summary>
internal sealed class JournalBook(BcClient client)
{
    /// <summary>Id and ETag of the batches with these codes, by code; null with the reason if that is not known.</summary>
    public async Task<(Dictionary<string, (Guid Id, string ETag)>? Journals, BcReply? Failed)> FindAsync(IReadOnlyCollection<string> codes, TryTime time, CancellationToken cancel)
    {
        var (entities, failed) = await client.ListAsync($"journals?$filter={OData.AnyOf("code", codes)}&$select=id,code", time, cancel);
        if (entities is null) return (null, failed);
        var journals = new Dictionary<string, (Guid, string)>(StringComparer.OrdinalIgnoreCase);
        foreach (var entity in entities)
        {
            if (AnswerJson.Text(entity, "code") is not { } code || BcReply.Id(entity) is not { } id || AnswerJson.Text(entity, "@odata.etag") is not { } tag || !codes.Contains(code, StringComparer.OrdinalIgnoreCase)) return (null, BcReply.Unreadable);
            journals[code] = (id, tag);
        }
        return (journals, null);
    }

    public Task<BcReply> CreateAsync(JournalParcel parcel, TryTime time, CancellationToken cancel) => client.PostAsync("journals", parcel.Journal(), time, cancel);

    /// <summary>Every line of a batch but the empty one that a posting leaves behind.</summary>
    public async Task<(List<JournalLineRow>? Lines, bool WasPosted, BcReply? Failed)> LinesAsync(Guid journal, TryTime time, CancellationToken cancel)
    {
        var (entities, failed) = await client.ListAsync($"journals({journal:D})/journalLines?$select=lineNumber,accountNumber,documentNumber,amount", time, cancel);
        if (entities is null) return (null, false, failed);
        var lines = new List<JournalLineRow>(entities.Count);
        var posted = false;
        foreach (var entity in entities)
        {
            if (JournalLineRow.Read(entity) is not { } line) return (null, false, BcReply.Unreadable);
            if (line.AmountMinor == 0 && string.IsNullOrEmpty(AnswerJson.Text(entity, "accountNumber"))) posted = true;
            else lines.Add(line);
        }
        return (lines, posted, null);
    }

    /// <summary>
    /// Writes every line or none. The outer answer is 200 whatever happened within; an inner 201 means nothing beside an inner failure
    /// (Microsoft: "Use OData batch").
    /// </summary>
    /// <returns>The failure; an answered reply if there was none.</returns>
    public async Task<BcReply> WriteAsync(Guid journal, JournalParcel parcel, TryTime time, CancellationToken cancel)
    {
        var reply = await client.BatchAsync(parcel.Batch(client.InBatch($"journals({journal:D})/journalLines")), time, cancel);
        if (!reply.IsOk) return reply;
        if (reply.Body is not { } body || !body.TryGetProperty("responses", out var responses) || responses.ValueKind != JsonValueKind.Array) return BcReply.Unreadable;
        foreach (var response in responses.EnumerateArray())
        {
            if (AnswerJson.Number(response, "status") is not { } code) return BcReply.Unreadable;
            if (code is >= 200 and < 300) continue;
            var inner = response.TryGetProperty("body", out var error) ? System.Text.Encoding.UTF8.GetBytes(error.GetRawText()) : [];
            return BcReply.Read(new WireAnswer(code is >= 400 and < 500 ? WireClass.Refused : WireClass.Unknown, code, inner, null, null), client.Scrubber);
        }
        return responses.GetArrayLength() == parcel.Lines.Count ? reply : BcReply.Unreadable;
    }

    public Task<BcReply> PostAsync(Guid journal, TryTime time, CancellationToken cancel) => client.PostAsync($"journals({journal:D})/Microsoft.NAV.post", ReadOnlyMemory<byte>.Empty, time, cancel);

    public Task<BcReply> DeleteAsync(Guid journal, string etag, TryTime time, CancellationToken cancel) => client.DeleteAsync($"journals({journal:D})", etag, time, cancel);

    /// <summary>What the general ledger holds under these document numbers; null with the reason if that is not known.</summary>
    public async Task<(Dictionary<string, LedgerDocument>? Documents, BcReply? Failed)> LedgerAsync(IReadOnlyCollection<string> keys, TryTime time, CancellationToken cancel)
    {
        var (entities, failed) = await client.ListAsync($"generalLedgerEntries?$filter={OData.AnyOf("documentNumber", keys)}&$select=entryNumber,documentNumber,debitAmount,creditAmount", time, cancel);
        if (entities is null) return (null, failed);
        var documents = new Dictionary<string, LedgerDocument>(StringComparer.OrdinalIgnoreCase);
        foreach (var entity in entities)
        {
            if (AnswerJson.Text(entity, "documentNumber") is not { } document || AnswerJson.Number(entity, "entryNumber") is not { } number) return (null, BcReply.Unreadable);
            if (!keys.Contains(document, StringComparer.OrdinalIgnoreCase) || BcReply.Minor(entity, "debitAmount") is not { } debit || BcReply.Minor(entity, "creditAmount") is not { } credit) return (null, BcReply.Unreadable);
            var known = documents.GetValueOrDefault(document) ?? new LedgerDocument(number.ToString(CultureInfo.InvariantCulture), 0, 0, []);
            documents[document] = known with { DebitMinor = known.DebitMinor + debit, CreditMinor = known.CreditMinor + credit, Credits = credit == 0 ? known.Credits : [.. known.Credits, credit] };
        }
        return (documents, null);
    }
}
