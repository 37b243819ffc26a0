using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Output;
using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <param name="OrganisationId">1 to 32 characters of a–z, 0–9 and hyphen, with no hyphen at either end.</param>
/// <param name="Name">The name shown to people; the id if nothing is said.</param>
/// <param name="TimeZone">Decides what a date means; Europe/Oslo if nothing is said.</param>
internal sealed record OrganisationBody(string OrganisationId, string? Name = null, string? TimeZone = null);

/// <summary>The organisations that whoever asks reaches.</summary>
internal sealed record MyOrganisationsDocument(IReadOnlyList<MyOrganisationDocument> Organisations);

/// <summary>Who exports: the tenants, of which each sees only its own.</summary>
internal static class Organisations
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var organisations = api.MapGroup("/organisations").WithTags("Organisations");
        organisations.MapGet("", ListAsync).WithName("listOrganisations").Needs(Permission.SignedIn);
        organisations.MapPost("", AddAsync).WithName("addOrganisation").Needs(Permission.Operate).Refuses(Problems.BadInput, Problems.Taken);
        api.MapGet(ApiSetup.OneOrganisation, Find).WithName("getOrganisation").WithTags("Organisations").Needs(Permission.Read).Refuses(Problems.NotFound);
    }

    /// <summary>The organisations that you reach</summary>
    public static async Task<Ok<MyOrganisationsDocument>> ListAsync(Visit visit, IStore store, CancellationToken cancel) =>
        TypedResults.Ok(new MyOrganisationsDocument(await Me.OrganisationsAsync(visit, store, cancel)));

    /// <summary>Add an organisation</summary>
    /// <remarks>The same one again changes nothing.</remarks>
    /// <response code="201">It was added.</response>
    /// <response code="200">It was there already, just so.</response>
    public static async Task<Results<Created<OrganisationDocument>, Ok<OrganisationDocument>, ProblemHttpResult>> AddAsync(OrganisationBody body, Visit visit, IStore store, CancellationToken cancel)
    {
        var organisation = new Organisation(body.OrganisationId, body.Name ?? body.OrganisationId, body.TimeZone ?? Organisation.DefaultTimeZone);
        var faults = new Faults();
        foreach (var problem in OrganisationRules.Check(organisation)) faults.Add(problem.Field!, problem.Value, problem.Rule);
        if (faults.Problem is { } wrong) return wrong;
        if (await store.AddOrganisationAsync(organisation, visit.Actor, cancel))
            return TypedResults.Created($"{ApiSetup.Root}/organisations/{organisation.OrganisationId}", OrganisationDocument.Of(organisation));
        return await store.FindOrganisationAsync(organisation.OrganisationId, cancel) == organisation
            ? TypedResults.Ok(OrganisationDocument.Of(organisation))
            : Problems.Taken.Because("There is an organisation of this id with another name or time zone. It was left as it is.");
    }

    /// <summary>One organisation</summary>
    public static Ok<OrganisationDocument> Find(Visit visit) => TypedResults.Ok(OrganisationDocument.Of(visit.Organisation));
}
