using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Output;
using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>Who asks.</summary>
/// <param name="Actor">As the history and the audit trail name them: a person's name, or <c>API key NAME</c>.</param>
/// <param name="Organisations">What they reach.</param>
internal sealed record MeDocument(string Actor, IReadOnlyList<MyOrganisationDocument> Organisations);

/// <param name="Role">What a person is there; null for a token and for an operator.</param>
internal sealed record MyOrganisationDocument(OrganisationDocument Organisation, string? Role);

/// <summary>Whoever asks, and what they reach.</summary>
internal static class Me
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/me", FindAsync).WithName("getMe").WithTags("Organisations").Needs(Permission.SignedIn);

    /// <summary>Who asks, and which organisations they reach</summary>
    public static async Task<Ok<MeDocument>> FindAsync(Visit visit, IStore store, CancellationToken cancel) =>
        TypedResults.Ok(new MeDocument(visit.Actor, await OrganisationsAsync(visit, store, cancel)));

    /// <summary>The organisations that whoever asks reaches, by id; an operator, who adds them, is told of all.</summary>
    public static async Task<IReadOnlyList<MyOrganisationDocument>> OrganisationsAsync(Visit visit, IStore store, CancellationToken cancel) =>
        [.. (await store.ListOrganisationsAsync(cancel)).Where(each => visit.MayKnow(each.OrganisationId) || visit.May(Permission.Operate)).Select(each => new MyOrganisationDocument(OrganisationDocument.Of(each), Role(visit, each)))];

    private static string? Role(Visit visit, Organisation organisation) =>
        visit.Person?.Memberships.FirstOrDefault(each => each.OrganisationId == organisation.OrganisationId)?.Role.Text();
}
