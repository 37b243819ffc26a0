using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Output;
using PayOnce.App.Server;
using PayOnce.History;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>Claims: where each is, and what became of it.</summary>
internal static class Claims
{
    private static readonly Dictionary<string, ClaimPlace> Places = new(StringComparer.Ordinal)
    {
        ["ready"] = ClaimPlace.Ready, ["reserved"] = ClaimPlace.Reserved, ["exported"] = ClaimPlace.Exported, ["rejected"] = ClaimPlace.Rejected, ["in_doubt"] = ClaimPlace.InDoubt,
        ["withdrawn"] = ClaimPlace.Withdrawn,
    };

    public static void Map(IEndpointRouteBuilder organisation)
    {
        var claims = organisation.MapGroup("/claims").WithTags("Claims");
        claims.MapGet("", ListAsync).WithName("listClaims").Needs(Permission.Read).Refuses(Problems.BadInput);
        claims.MapGet("/{claim}", FindAsync).WithName("getClaim").Needs(Permission.Read).Refuses(Problems.NotFound);
    }

    /// <summary>The claims, newest approval first</summary>
    /// <param name="state">Only those: ready (the next run takes it), reserved, exported, rejected, in_doubt, withdrawn.</param>
    /// <param name="from">Only claims approved on this day or later, in the organisation's time zone.</param>
    /// <param name="to">Only claims approved on this day or earlier.</param>
    /// <param name="claimantId">Only this payee's, exactly.</param>
    /// <param name="idPrefix">Only claims whose id begins so, with case; the list is then in the order of ids.</param>
    /// <param name="cursor">Where to go on, as an earlier answer said.</param>
    /// <param name="limit">At most this many, 1 to 500; 50 if nothing is said.</param>
    public static async Task<Results<Ok<Part<ClaimRowDocument>>, ProblemHttpResult>> ListAsync(
        string? state, Day? from, Day? to, string? claimantId, string? idPrefix, string? cursor, int? limit, Visit visit, IHistoryStore history, CancellationToken cancel)
    {
        var faults = new Faults().OneOf("state", state, Places.Keys).Period(from?.Date, to?.Date);
        var part = faults.Part(cursor, limit);
        if (faults.Problem is { } problem) return problem;
        var (after, before) = ApprovalPeriod.Of(from?.Date, to?.Date, visit.Zone);
        var filter = new ClaimListFilter(state is null ? null : Places[state], after, before, claimantId, idPrefix);
        var page = await history.PageClaimsAsync(visit.Organisation.OrganisationId, filter, part, cancel);
        return TypedResults.Ok(page.As(ClaimRowDocument.Of));
    }

    /// <summary>One claim: its content, its marks, every attempt and every withdrawal</summary>
    public static async Task<Results<Ok<ClaimHistoryDocument>, ProblemHttpResult>> FindAsync(string claim, HttpContext http, Visit visit, IServerStore store, CancellationToken cancel)
    {
        var (id, claimId) = (visit.Organisation.OrganisationId, ClaimIds.Of(http, claim));
        return await store.FindClaimAsync(id, claimId, cancel) is { } history
            ? TypedResults.Ok(await ClaimDetails.DocumentAsync(store, id, claimId, history, cancel))
            : Problems.NotFound.Because();
    }
}
