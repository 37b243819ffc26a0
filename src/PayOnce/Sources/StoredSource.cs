namespace PayOnce.Sources;

/// <summary>An organisation's source as the store keeps it.</summary>
/// <param name="Version">Counted from 1 with each change of the settings.</param>
/// <param name="NextAt">When it is read next by itself; null: it is not.</param>
/// <param name="ApprovedUntil">Rows approved before this were read, but for those that the overlap looks for again; null: none yet.</param>
/// <param name="WithdrawnUntil">The same for rows that were withdrawn.</param>
/// <param name="Last">The newest reading; null before the first.</param>
public sealed record StoredSource(
    string OrganisationId,
    int Version,
    SourceSettings Settings,
    string ChangedBy,
    DateTimeOffset ChangedAt,
    DateTimeOffset? NextAt,
    DateTimeOffset? ApprovedUntil,
    DateTimeOffset? WithdrawnUntil,
    ReadingReport? Last,
    WriteBackState WriteBack);

/// <summary>One reading.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="EndedAt">Null while it goes on; a reading whose process died never ends, and the next one begins where it was.</param>
/// <param name="Read">Rows that were looked at, those that the overlap brings again with them.</param>
/// <param name="Failure">Why it did not come to its end, for people; null if it did.</param>
public sealed record ReadingReport(long Number, DateTimeOffset BeganAt, DateTimeOffset? EndedAt, long Read, long Added, long Updated, long Withdrawn, string? Failure);

/// <summary>How the telling back stands.</summary>
/// <param name="Tries">Tries in a row that failed; 0 if the last one did not.</param>
/// <param name="Failure">Why the last try failed; null if it did not.</param>
/// <param name="WrittenAt">When everything that was to be told had been, the last time.</param>
public sealed record WriteBackState(DateTimeOffset? NextAt, int Tries, string? Failure, DateTimeOffset? WrittenAt);

/// <summary>A reading that this process has begun.</summary>
/// <param name="Source">As it was when the reading began.</param>
public sealed record TakenReading(StoredSource Source, long Number);

/// <summary>How far a reading came with one page, and what it did.</summary>
/// <param name="ApprovedUntil">Null: as before. It never goes back.</param>
/// <param name="Refused">Rows that could not be taken in; in place of what was noted of them before.</param>
/// <param name="NoLongerRefused">Rows of which nothing is wrong any more.</param>
public sealed record ReadingStep(
    DateTimeOffset? ApprovedUntil,
    DateTimeOffset? WithdrawnUntil,
    long Read,
    long Added,
    long Updated,
    long Withdrawn,
    IReadOnlyList<SourceRefusal> Refused,
    IReadOnlyList<string> NoLongerRefused);

/// <summary>A row of the source that could not be taken in.</summary>
/// <param name="Reason">For people, with the field.</param>
/// <param name="Since">When it was refused first; the store's.</param>
public sealed record SourceRefusal(string ClaimId, DateTimeOffset? ApprovedAt, string Reason, DateTimeOffset Since = default);

/// <summary>A run of which something is to be told back.</summary>
/// <param name="Version">Of its row when it was looked at.</param>
public sealed record UnwrittenRun(long RunId, long Version);
