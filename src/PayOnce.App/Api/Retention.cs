using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Dashboard.Downloads;
using PayOnce.App.Output;
using PayOnce.App.Privacy;
using PayOnce.App.Server;
using PayOnce.Privacy;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <param name="RetentionYears">Whole years after the end of the year that a document is of; 5 to 50.</param>
/// <param name="RecordViews">Whether every view of personal data stands in the audit trail.</param>
internal sealed record RetentionBody(int RetentionYears, bool RecordViews);

/// <param name="Reason">Why; stays in the audit trail.</param>
/// <param name="Confirm">The organisation's id once more: what is erased is gone.</param>
/// <param name="Before">Only documents dated before this day, in the organisation's time zone; null: everything past its time.</param>
internal sealed record EraseBody(string Reason, string Confirm, DateOnly? Before = null);

/// <summary>How long documents are kept, erasure of personal data, and a person's own data.</summary>
internal static class Retention
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var retention = organisation.MapGroup("/retention").WithTags("Privacy");
        retention.MapGet("", FindAsync).WithName("getRetention").Needs(Permission.Read);
        retention.MapPut("", SaveAsync).WithName("saveRetention").Needs(Permission.Configure).Refuses(Problems.BadInput, Problems.ChangedMeanwhile, Problems.VersionNeeded).Conditional();
        retention.MapGet("/erasures", ListAsync).WithName("listErasures").Needs(Permission.Read);
        retention.MapGet("/preview", PreviewAsync).WithName("previewErasure").Needs(Permission.Read).RequireRateLimiting(RateLimits.Heavy).Refuses(Problems.BadInput);
        retention.MapPost("/erase", EraseAsync).WithName("erasePersonalData").Needs(Permission.Decide).RequireRateLimiting(RateLimits.Heavy).Refuses(Problems.BadInput, Problems.NotPossible);
        organisation.MapGet("/persons/{claimant}", PersonAsync).WithName("exportPerson").WithTags("Privacy").Needs(Permission.Configure).RequireRateLimiting(RateLimits.Heavy)
            .Gives("application/json").Refuses(Problems.NotFound);
        organisation.MapGet("/my/data", OwnAsync).WithName("exportMyData").WithTags("Privacy").Needs(Permission.Own).RequireRateLimiting(RateLimits.Heavy)
            .Gives("application/json").Refuses(Problems.NotFound);
    }

    /// <summary>How long documents are kept, and whether views of personal data are told</summary>
    public static async Task<Ok<RetentionDocument>> FindAsync(HttpContext http, Visit visit, PrivacyDesk desk, CancellationToken cancel)
    {
        var (settings, version) = await desk.SettingsAsync(visit.Organisation.OrganisationId, cancel);
        if (version > 0) Versions.Show(http, version);
        return TypedResults.Ok(Document(visit, settings, version));
    }

    /// <summary>Change how long documents are kept, and whether views of personal data are told</summary>
    /// <remarks>At least five years: bokføringsloven § 13 asks for them.</remarks>
    public static async Task<Results<Ok<RetentionDocument>, ProblemHttpResult>> SaveAsync(RetentionBody body, HttpContext http, Visit visit, IServerStore store, CancellationToken cancel)
    {
        var (known, version) = Versions.Asked(http.Request);
        if (version is not null) return version;
        var wanted = new PrivacySettings(body.RetentionYears, body.RecordViews);
        if (wanted.Wrong is { } wrong) return Problems.Refuse(wrong.Field!, wrong.Value, wrong.Rule);
        var (saved, changed) = await OrganisationSettings.KeepAsync(http, visit, store, SettingTopics.Privacy, wanted.ToJson(), known, cancel);
        return changed is not null ? changed : TypedResults.Ok(Document(visit, wanted, saved));
    }

    /// <summary>The newest erasures, newest first</summary>
    public static async Task<Ok<IReadOnlyList<ErasureDocument>>> ListAsync(Visit visit, IServerStore store, CancellationToken cancel)
    {
        const int most = 100;
        return TypedResults.Ok<IReadOnlyList<ErasureDocument>>([.. (await store.ListErasuresAsync(visit.Organisation.OrganisationId, most, cancel)).Select(ErasureDocument.Of)]);
    }

    /// <summary>What an erasure would take now, and what holds back the rest</summary>
    /// <param name="before">Only documents dated before this day, in the organisation's time zone.</param>
    public static async Task<Ok<ErasurePreviewDocument>> PreviewAsync(Day? before, Visit visit, PrivacyDesk desk, CancellationToken cancel) => TypedResults.Ok(ErasurePreviewDocument.Of(
        visit.Organisation.OrganisationId, await desk.PreviewAsync(visit.Organisation, before?.Date is { } day ? PrivacyDesk.BeginningOf(day, visit.Zone) : null, cancel)));

    /// <summary>Erase personal data that is past its time, for good</summary>
    /// <remarks>Marks, sums and the audit trail stay. It answers after at most 20 seconds: while done is false, ask again and it goes on.</remarks>
    public static async Task<Results<Ok<ErasedDocument>, ProblemHttpResult>> EraseAsync(EraseBody body, Visit visit, PrivacyDesk desk, CancellationToken cancel)
    {
        var id = visit.Organisation.OrganisationId;
        if (new Faults().Words("reason", body.Reason).Repeats("confirm", body.Confirm, id).Problem is { } problem) return problem;
        var order = new ErasureOrder(body.Before is { } day ? PrivacyDesk.BeginningOf(day, visit.Zone) : null, body.Reason, visit.Actor);
        return await desk.EraseAsync(visit.Organisation, order, PrivacyDesk.Patience, cancel) switch
        {
            EraseAnswer.Done done => TypedResults.Ok(new ErasedDocument(id, Done: true, [.. done.Erasures.Select(ErasureDocument.Of)])),
            EraseAnswer.GoesOn open => TypedResults.Ok(new ErasedDocument(id, Done: false, [ErasureDocument.Of(open.Erasure)])),
            EraseAnswer.Refused { Problem: { Field: "organisation" } restoring } => Problems.NotPossible.Because(restoring.Rule),
            EraseAnswer.Refused refused => Problems.Refuse(refused.Problem.Field!, refused.Problem.Value, refused.Problem.Rule),
            _ => throw new InvalidOperationException("Unknown answer to an order to erase."),
        };
    }

    /// <summary>Everything about one claimant, as one document</summary>
    /// <remarks>Claims with their history, forms with receipts, acknowledgements, runs, trail and account. That it was made stands in the audit trail. docs/privacy.md describes the document.</remarks>
    public static async Task<IResult> PersonAsync(string claimant, HttpContext http, Visit visit, PrivacyDesk desk) => await GiveAsync(claimant, http, visit, desk);

    /// <summary>Everything that is kept about whoever asks, as one document</summary>
    public static async Task<IResult> OwnAsync(HttpContext http, Visit visit, PrivacyDesk desk) => await GiveAsync(visit.Membership?.ClaimantId, http, visit, desk);

    private static async Task<IResult> GiveAsync(string? claimant, HttpContext http, Visit visit, PrivacyDesk desk)
    {
        var answer = await PersonDownloads.GiveAsync(claimant, "api", http, visit, desk);
        return answer is NotFound ? Problems.NotFound.Because("Nothing is known of this claimant here.") : answer;
    }

    private static RetentionDocument Document(Visit visit, PrivacySettings settings, long version) =>
        RetentionDocument.Of(visit.Organisation.OrganisationId, version, settings, settings.Cutoff(visit.Now, visit.Zone));
}
