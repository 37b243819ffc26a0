using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Server;
using PayOnce.Guard;
using PayOnce.History;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>Something that has the searched text as an id.</summary>
/// <param name="Kind"><c>claim</c>, <c>run</c> or <c>claimant</c>.</param>
/// <param name="By">Which of its names it was: <c>id</c>, <c>export-key</c>, <c>acknowledgement</c>, <c>number</c>, <c>file-name</c> or <c>voucher</c>.</param>
/// <param name="State">A claim's newest state or a run's status; null where there is none.</param>
internal sealed record HitDocument(string Kind, string By, string? ClaimId, long? RunId, string? ClaimantId, string? State);

/// <summary>What a search found, runs first; at most 50.</summary>
internal sealed record HitsDocument(string OrganisationId, IReadOnlyList<HitDocument> Hits);

/// <summary>One search for any id.</summary>
internal static class Search
{
    public static void Map(IEndpointRouteBuilder organisation) =>
        organisation.MapGet("/search", FindAsync).WithName("search").WithTags("Status").Needs(Permission.Read).Refuses(Problems.BadInput);

    /// <summary>Find whatever has this text as an id</summary>
    /// <param name="q">A claim's id, a run's number, an export key, a voucher number, a file's name, a payee's number. Exact, but for case, spaces and dots.</param>
    public static async Task<Results<Ok<HitsDocument>, ProblemHttpResult>> FindAsync(string q, Visit visit, IHistoryStore history, CancellationToken cancel)
    {
        const int longest = 200;
        if (q.Length > longest) return Problems.Refuse("q", q, FormattableString.Invariant($"must be at most {longest} characters"), Fault.Query);
        var hits = await history.SearchAsync(visit.Organisation.OrganisationId, q, cancel);
        return TypedResults.Ok(new HitsDocument(visit.Organisation.OrganisationId, [.. hits.Select(Document)]));
    }

    private static HitDocument Document(SearchHit hit) => hit switch
    {
        SearchHit.Claim claim => new("claim", claim.By switch { ClaimName.Id => "id", ClaimName.ExportKey => "export-key", _ => "acknowledgement" }, claim.ClaimId, null, null, claim.Withdrawn ? "withdrawn" : claim.State?.Text()),
        SearchHit.OfRun run => new("run", run.By switch { RunName.Number => "number", RunName.FileName => "file-name", _ => "voucher" }, null, run.RunId, null, run.Status),
        SearchHit.Claimant claimant => new("claimant", "id", null, null, claimant.ClaimantId, null),
        _ => throw new InvalidOperationException("Unknown kind of hit."),
    };
}
