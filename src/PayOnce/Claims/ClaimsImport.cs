using PayOnce.Claims.Intake;
using PayOnce.Stores;

namespace PayOnce.Claims;

/// <summary>
/// Takes claims in from a file: a JSON array, JSON Lines or CSV, of any size, at flat memory. What is wrong with a claim costs
/// that claim and is said; the same file twice changes nothing.
/// </summary>
public static class ClaimsImport
{
    /// <summary>Reads the file to its end or to where it cannot be read any further.</summary>
    /// <param name="rules">What the organisation's integration adds to the rules.</param>
    /// <param name="fileName">As problems and the audit trail name it.</param>
    /// <param name="content">Read once, forwards; not disposed.</param>
    /// <param name="progress">Called after each chunk, on the caller's thread.</param>
    /// <param name="each">Told what became of each claim, not in the file's order; null if nobody wants to know.</param>
    /// <param name="onlyLifts">As for <see cref="IStore.TakeInAsync"/>.</param>
    /// <exception cref="StoreUnavailableException">Chunks before are in, and perhaps one behind; the same import may simply be repeated.</exception>
    public static async Task<ImportReport> RunAsync(
        IStore store,
        Organisation organisation,
        IntakeRules rules,
        string fileName,
        Stream content,
        string actor,
        TimeProvider clock,
        Action<ImportProgress>? progress,
        CancellationToken cancel,
        Action<ClaimTaken>? each = null,
        string? onlyLifts = null)
    {
        long? total = content.CanSeek ? content.Length - content.Position : null;
        var tally = new ImportTally(fileName, each);
        var seen = new SeenClaims();
        var records = new ClaimRecords(organisation.OrganisationId);
        var reader = await ClaimReader.OpenAsync(fileName, content, new ClaimRules(organisation, rules, clock), cancel);
        var storing = new Queue<ImportChunk>(store.IntakeConcurrency);
        var reading = new ImportChunk(store.IntakeSize);
        try
        {
            bool more;
            do
            {
                more = await ReadAsync(reader, reading, records, seen, tally, organisation.OrganisationId, cancel);
                var free = storing.Count == store.IntakeConcurrency ? storing.Peek() : new ImportChunk(store.IntakeSize);
                await free.SettleAsync(tally);
                if (storing.Count == store.IntakeConcurrency) storing.Dequeue();
                // The store works on this chunk while the next one is read: reading hardly ever waits, and needs no thread of its own.
                reading.Store(store, organisation.OrganisationId, fileName, actor, onlyLifts, cancel);
                storing.Enqueue(reading);
                reading = free;
                progress?.Invoke(new ImportProgress(tally.Claims, reader.BytesRead, total));
            }
            while (more);
            foreach (var chunk in storing) await chunk.SettleAsync(tally);
        }
        finally
        {
            // Nobody may use the store while a step of it is under way, not even when reading failed.
            foreach (var chunk in storing) await chunk.EndedAsync();
        }
        return tally.Report();
    }

    /// <summary>Fills the chunk; false when there is nothing behind it.</summary>
    private static async Task<bool> ReadAsync(ClaimReader reader, ImportChunk chunk, ClaimRecords records, SeenClaims seen, ImportTally tally, string organisationId, CancellationToken cancel)
    {
        while (!chunk.IsFull)
        {
            var read = await reader.NextAsync(cancel);
            if (read.Kind == ReadingKind.End) return false;
            if (read.Kind == ReadingKind.Unreadable)
            {
                tally.Unreadable(read.Problems);
                return false;
            }
            tally.Claims++;
            if (read.Claim is null)
            {
                tally.Refuse(read.Line, read.ClaimId, read.Problems);
                if (read.ClaimId is not null) seen.NoteRefused(organisationId, read.ClaimId, read.Line);
                continue;
            }
            tally.Warn(read.Warnings);
            var record = records.From(read.Claim);
            switch (seen.Note(record, read.Line, out var firstLine))
            {
                case Sighting.First: chunk.Add(record, read.Line); break;
                case Sighting.Same: tally.Take(ClaimTaken.Unchanged, read.Line, record.ClaimId); break;
                case Sighting.Other: tally.Refuse(read.Line, record.ClaimId, ClaimRules.SecondOfItsId(firstLine) + reader.SecondHint); break;
                default: tally.Refuse(read.Line, record.ClaimId, ClaimRules.SecondOfARefused(firstLine) + reader.SecondHint); break;
            }
        }
        return true;
    }
}
