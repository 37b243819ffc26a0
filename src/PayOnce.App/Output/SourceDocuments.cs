using PayOnce.Sources;

namespace PayOnce.App.Output;

/// <summary><c>source show</c>, <c>source set</c></summary>
/// <param name="HasConnection">A connection string is kept.</param>
/// <param name="NextAt">When it is read next by itself; null: it is not.</param>
/// <param name="Last">The newest reading; null before the first.</param>
internal sealed record SourceDocument(
    string OrganisationId, long Version, SourceSettings Settings, bool HasConnection, string ChangedBy, DateTimeOffset ChangedAt, DateTimeOffset? NextAt, ReadingDocument? Last, WriteBackDocument? WriteBack)
{
    public static SourceDocument Of(StoredSource source, bool hasConnection) => new(
        source.OrganisationId, source.Version, source.Settings, hasConnection, source.ChangedBy, source.ChangedAt, source.NextAt, source.Last is { } last ? ReadingDocument.Of(last) : null,
        source.Settings.WriteBackTable is null ? null : new WriteBackDocument(source.WriteBack.WrittenAt, source.WriteBack.Tries, source.WriteBack.Failure, source.WriteBack.NextAt));
}

/// <summary>One reading of the source. <c>source read</c> waits for its end.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="EndedAt">Null while it goes on.</param>
/// <param name="Read">Rows that were looked at, those that the overlap brings again with them.</param>
/// <param name="Failure">Why it did not come to its end; null if it did.</param>
internal sealed record ReadingDocument(long Number, DateTimeOffset BeganAt, DateTimeOffset? EndedAt, long Read, long Added, long Updated, long Withdrawn, string? Failure)
{
    public static ReadingDocument Of(ReadingReport report) => new(report.Number, report.BeganAt, report.EndedAt, report.Read, report.Added, report.Updated, report.Withdrawn, report.Failure);
}

/// <summary>How telling exports back stands.</summary>
/// <param name="WrittenAt">When everything that was to be told had been, the last time.</param>
/// <param name="FailedTries">Tries in a row that failed.</param>
internal sealed record WriteBackDocument(DateTimeOffset? WrittenAt, int FailedTries, string? Failure, DateTimeOffset? NextAt);

/// <summary><c>source test</c></summary>
/// <param name="Problems">What is wrong, a sentence each; empty if the source can be used.</param>
internal sealed record SourceTestDocument(string OrganisationId, bool Usable, IReadOnlyList<string> Problems);

/// <summary>A row of the source that could not be taken in. Each reading looks at it again.</summary>
/// <param name="Since">When it was refused first.</param>
internal sealed record RefusalDocument(string ClaimId, DateTimeOffset? ApprovedAt, string Reason, DateTimeOffset Since)
{
    public static RefusalDocument Of(SourceRefusal refused) => new(Problem.Printable(refused.ClaimId), refused.ApprovedAt, refused.Reason, refused.Since);
}

/// <summary><c>source read</c></summary>
internal sealed record SourceReadDocument(string OrganisationId, ReadingDocument Reading, long Refused);
