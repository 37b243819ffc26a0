using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Output;
using PayOnce.App.Server;
using PayOnce.Claims;
using PayOnce.Exporters;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>Approved claims to take in. Each is as in a file for <c>claims import</c>.</summary>
internal sealed record ClaimsBody(IReadOnlyList<JsonElement> Claims);

/// <summary>What became of the claims.</summary>
/// <param name="Refused">Claims that were not taken in; the others are.</param>
/// <param name="ProblemCount">All problems; at most 1,000 of them are named.</param>
/// <param name="Warnings">Claims that were taken in although something about them should be looked at; at most 1,000.</param>
/// <param name="Items">For a JSON body: one for each claim, in their order. Null for a body that was read as it came.</param>
internal sealed record ClaimsTakenDocument(
    string OrganisationId,
    long Added,
    long Updated,
    long Unchanged,
    long Refused,
    long ProblemCount,
    IReadOnlyList<ProblemDocument> Problems,
    long WarningCount,
    IReadOnlyList<ProblemDocument> Warnings,
    IReadOnlyList<ClaimTakenDocument>? Items);

/// <summary>What became of one claim.</summary>
/// <param name="Index">Its place in the body, from 0.</param>
/// <param name="Outcome"><c>added</c>, <c>updated</c>, <c>unchanged</c> or <c>refused</c>.</param>
/// <param name="Problems">Why it was refused; empty otherwise.</param>
internal sealed record ClaimTakenDocument(int Index, string? ClaimId, string Outcome, IReadOnlyList<Fault> Problems);

/// <param name="Reason">Why they are taken to be exported; stays in the audit trail.</param>
/// <param name="Claims">Claims that left before PayOnce came.</param>
internal sealed record AdoptBody(string Reason, IReadOnlyList<AdoptedClaimBody> Claims);

/// <param name="ClaimId">The claim's id; it need not have been taken in.</param>
/// <param name="Reference">Its voucher or other reference at the accounting system.</param>
internal sealed record AdoptedClaimBody(string ClaimId, string Reference);

/// <summary>How claims come in.</summary>
internal static class ClaimIntake
{
    /// <summary>As problems and the audit trail name what came over the API.</summary>
    private const string Source = "api";

    public static void Map(IEndpointRouteBuilder organisation)
    {
        var claims = organisation.MapGroup("/claims").WithTags("Claims");
        claims.MapPost("", TakeInAsync).WithName("takeInClaims").Needs(Permission.BringClaims).RequireRateLimiting(RateLimits.Heavy)
            .Accepts<ClaimsBody>("application/json", "application/x-ndjson", "application/jsonl", "text/csv")
            .Refuses(Problems.BadInput, Problems.UnreadableClaims, Problems.TooLarge, Problems.WrongContentType);
        claims.MapPost("/adopt", AdoptAsync).WithName("adoptClaims").Needs(Permission.Decide).RequireRateLimiting(RateLimits.Heavy)
            .Refuses(Problems.BadInput, Problems.Busy, Problems.TooLarge);
    }

    /// <summary>Take in approved claims</summary>
    /// <remarks>
    /// A JSON object with up to 10,000 claims answers for each of them. CSV and JSON Lines may be of any size up to the server's limit, are read as
    /// they come, and answer with counts and the refused claims. The same claims again change nothing; a claim with other content is updated while
    /// nothing of it has left, and refused once it has.
    /// </remarks>
    /// <response code="200">Everything was read. What was refused is named; the rest is in.</response>
    public static async Task<Results<Ok<ClaimsTakenDocument>, ProblemHttpResult>> TakeInAsync(HttpContext http, Visit visit, IStore store, ApiLimits limits, TimeProvider clock, CancellationToken cancel)
    {
        var type = http.Request.GetTypedHeaders().ContentType?.MediaType.Value?.ToLowerInvariant();
        var isWhole = type is "application/json";
        if (!isWhole && type is not ("application/x-ndjson" or "application/jsonl" or "text/csv")) return Problems.WrongContentType.Because("It takes application/json, application/x-ndjson, application/jsonl and text/csv.");
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = isWhole ? limits.LargestBulk : limits.LargestImport;

        Stream content = http.Request.Body;
        var count = 0;
        if (isWhole)
        {
            var (array, found, problem) = await ClaimsArray.ReadAsync(http.Request.Body, limits.MostInBulk, cancel);
            if (array is null) return problem!;
            (content, count) = (array, found);
        }
        var stored = await store.FindIntegrationAsync(visit.Organisation.OrganisationId, cancel);
        var rules = stored is null ? IntakeRules.None : new IntakeRules(IntegrationSettings.FromStored(stored.SettingsJson).Currencies);
        var items = isWhole ? new ClaimTakenDocument[count] : null;
        var report = await ClaimsImport.RunAsync(
            store, visit.Organisation, rules, Source, content, visit.Actor, clock, progress: null, cancel, items is null ? null : taken => items[taken.Line - 1] = Item(taken));
        var document = Document(visit.Organisation, report, items);
        return report.Unreadable
            ? Problems.UnreadableClaims.Because(report.Problems is [.., var last] ? last.ToString() : null, more: new KeyValuePair<string, object?>("report", document))
            : TypedResults.Ok(document);
    }

    /// <summary>Register claims that were exported before PayOnce came</summary>
    /// <remarks>They count as exported and are never sent. All or nothing: half a cut-over would let the other half be sent again.</remarks>
    public static async Task<Results<Ok<AdoptDocument>, ProblemHttpResult>> AdoptAsync(AdoptBody body, HttpContext http, Visit visit, Func<ExportEngine> engine, TimeProvider clock, CancellationToken cancel)
    {
        var faults = new Faults().Words("reason", body.Reason);
        if (body.Claims.Count == 0 || body.Claims.Contains(null!)) faults.Add("claims", null, "must not be empty, and none of them null");
        if (faults.Problem is { } problem) return problem;

        // The list's own rules are those of the file that the command line takes.
        using var file = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(body.Claims.Select(each => new { claimId = each.ClaimId, reference = each.Reference })));
        var list = await AdoptList.ReadAsync(Source, file, cancel);
        if (list.ProblemCount > 0) return Problems.BadInput.Because("Nothing was adopted.", [.. list.Problems.Select(each => Fault.Of(each with { Line = null }))]);
        return await engine().AdoptAsync(visit.Organisation.OrganisationId, list.Claims, body.Reason.Trim(), visit.Actor) switch
        {
            AdoptAnswer.Adopted adopted => TypedResults.Ok(new AdoptDocument(visit.Organisation.OrganisationId, adopted.RunId, adopted.Count, [.. adopted.AlreadyHeld.Select(HeldClaimDocument.Of)])),
            AdoptAnswer.Busy busy => Orders.Busy(http, busy.Run, left: null, new Moments(clock, visit.Zone)),
            _ => throw new InvalidOperationException("Unknown answer to an adoption."),
        };
    }

    private static ClaimTakenDocument Item(ClaimTaken taken) =>
        new((int)taken.Line - 1, taken.ClaimId is { } id ? Problem.Printable(id) : null, taken.Outcome, [.. taken.Problems.Select(each => Fault.Of(each with { Line = null, ClaimId = null }))]);

    private static ClaimsTakenDocument Document(Organisation organisation, ImportReport report, IReadOnlyList<ClaimTakenDocument>? items) => new(
        organisation.OrganisationId, report.Added, report.Updated, report.Unchanged, report.Refused, report.ProblemCount, [.. report.Problems.Select(ProblemDocument.Of)],
        report.WarningCount, [.. report.Warnings.Select(ProblemDocument.Of)], items);
}
