using PayOnce.Scheduling;
using PayOnce.Sources;

namespace PayOnce.Stores;

/// <summary>
/// Where claims are read from, how far that is, and what was told back. Each method is at most one transaction, as in
/// <see cref="IStore"/>. How far a reading came is written after its claims are in: a reading that dies reads some of them again,
/// which changes nothing.
/// </summary>
public interface ISourceStore
{
    /// <summary>Null: claims are not read from anywhere.</summary>
    Task<StoredSource?> FindSourceAsync(string organisationId, CancellationToken cancel);

    /// <summary>
    /// Keeps changed settings with an audit event, if they are still of <paramref name="version"/> (0: there are none yet). Another
    /// view is read from its beginning. It is due at once if it is read by itself.
    /// </summary>
    Task<SaveAnswer<StoredSource>> SaveSourceAsync(string organisationId, SourceSettings settings, int version, string actor, CancellationToken cancel);

    /// <summary>Organisations whose source is due, longest due first.</summary>
    Task<IReadOnlyList<string>> FindDueSourcesAsync(int size, CancellationToken cancel);

    /// <summary>Begins a reading; null if somebody else's goes on, or the source is off or gone.</summary>
    /// <param name="holdFor">For so long, by the store's clock, nobody else begins one; each step holds it anew.</param>
    Task<TakenReading?> TakeReadingAsync(string organisationId, TimeSpan holdFor, CancellationToken cancel);

    /// <summary>Writes how far a reading came. False if another one has begun, or the settings were changed: stop.</summary>
    Task<bool> KeepReadingAsync(TakenReading taken, ReadingStep step, TimeSpan holdFor, CancellationToken cancel);

    /// <summary>Ends a reading; false if another one has begun.</summary>
    /// <param name="failure">Why it did not come to its end; null if it did.</param>
    Task<bool> EndReadingAsync(TakenReading taken, string? failure, CancellationToken cancel);

    /// <summary>Rows that could not be taken in, ordered by claim id.</summary>
    Task<IReadOnlyList<SourceRefusal>> ListRefusalsAsync(string organisationId, string? afterClaimId, int size, CancellationToken cancel);

    /// <summary>Organisations with something to tell back, longest due first.</summary>
    Task<IReadOnlyList<string>> FindDueWriteBacksAsync(int size, CancellationToken cancel);

    /// <summary>Takes the telling back for <paramref name="holdFor"/>; null if it is not due.</summary>
    Task<StoredSource?> TakeWriteBackAsync(string organisationId, TimeSpan holdFor, CancellationToken cancel);

    /// <summary>Runs that have ended and whose row is of another version than was told back, oldest first. Runs that never exported anything are left out.</summary>
    Task<IReadOnlyList<UnwrittenRun>> ListUnwrittenRunsAsync(string organisationId, int size, CancellationToken cancel);

    /// <summary>Notes that a run was told back as of this version of its row.</summary>
    Task NoteWrittenAsync(string organisationId, UnwrittenRun run, CancellationToken cancel);

    /// <summary>Ends a try to tell back.</summary>
    /// <param name="next">When to look again, from now by the store's clock.</param>
    /// <param name="failure">Null: everything was told.</param>
    Task EndWriteBackAsync(string organisationId, TimeSpan next, string? failure, CancellationToken cancel);
}
