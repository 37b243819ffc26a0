using PayOnce.Privacy;

namespace PayOnce.App.Output;

/// <summary><c>retention show</c> and <c>retention set</c></summary>
/// <param name="Version">0 for the standard, which nobody has changed.</param>
/// <param name="ErasableBefore">Documents dated before this moment can be erased now.</param>
internal sealed record RetentionDocument(string OrganisationId, long Version, int RetentionYears, bool RecordViews, DateTimeOffset ErasableBefore)
{
    public static RetentionDocument Of(string organisationId, long version, PrivacySettings settings, DateTimeOffset erasableBefore) =>
        new(organisationId, version, settings.RetentionYears, settings.RecordViews, erasableBefore);
}

/// <summary>How much an erasure took.</summary>
internal sealed record ErasedCountsDocument(long Claims, long Forms, long Receipts, long Acknowledgements, long Runs)
{
    public static ErasedCountsDocument Of(ErasedCounts counts) => new(counts.Claims, counts.Forms, counts.Receipts, counts.Acknowledgements, counts.Runs);
}

/// <summary>An erasure.</summary>
/// <param name="EndedAt">Null while it has not come to its end: asked again, it goes on.</param>
internal sealed record ErasureDocument(long Number, DateTimeOffset Before, string Reason, string Actor, ErasedCountsDocument Erased, DateTimeOffset BegunAt, DateTimeOffset? EndedAt)
{
    public static ErasureDocument Of(Erasure erasure) =>
        new(erasure.Number, erasure.Before, erasure.Reason, erasure.Actor, ErasedCountsDocument.Of(erasure.Counts), erasure.BegunAt, erasure.EndedAt);
}

/// <summary>The claims approved in one year.</summary>
/// <param name="Due">What an erasure would take now.</param>
/// <param name="Later">Final, but with younger documents.</param>
internal sealed record ErasableYearDocument(int Year, long Due, IReadOnlyList<AmountDocument> Totals, long InDoubt, long Reserved, long Waiting, long Later);

/// <summary><c>retention erase --dry-run</c></summary>
/// <param name="Other">Forms that never became a claim, acknowledgements that no longer count, runs with frozen bytes.</param>
/// <param name="Open">An erasure that has not come to its end; null if there is none.</param>
internal sealed record ErasurePreviewDocument(
    string OrganisationId, DateTimeOffset Before, long Claims, IReadOnlyList<ErasableYearDocument> Years, ErasedCountsDocument Other, ErasureDocument? Open)
{
    public static ErasurePreviewDocument Of(string organisationId, ErasurePreview preview) => new(
        organisationId, preview.Before, preview.Claims,
        [.. preview.Years.Select(year => new ErasableYearDocument(
            year.Year, year.Claims.Due, AmountDocument.Of(year.Claims.Totals), year.Claims.InDoubt, year.Claims.Reserved, year.Claims.Waiting, year.Claims.Later))],
        ErasedCountsDocument.Of(preview.Other), preview.Open is { } open ? ErasureDocument.Of(open) : null);
}

/// <summary><c>retention erase</c></summary>
/// <param name="Done">False: it goes on when it is asked for again.</param>
/// <param name="Erasures">Those that this took part in, oldest first.</param>
internal sealed record ErasedDocument(string OrganisationId, bool Done, IReadOnlyList<ErasureDocument> Erasures);

/// <summary><c>persons export</c></summary>
/// <param name="Path">Where the document is; its format is described in docs/privacy.md.</param>
internal sealed record PersonExportedDocument(string OrganisationId, string ClaimantId, string Path, long Bytes);
