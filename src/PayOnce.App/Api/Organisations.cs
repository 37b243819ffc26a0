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
/// <param name="Administrator">E-mail address of whoever becomes its first administrator; without one, nobody can enter it.</param>
internal sealed record OrganisationBody(string OrganisationId, string? Name = null, string? TimeZone = null, string? Administrator = null);

/// <summary>An organisation that was added.</summary>
/// <param name="Invitation">For its first administrator; null if none was named.</param>
internal sealed record AddedOrganisationDocument(OrganisationDocument Organisation, InvitationMadeDocument? Invitation);

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
    /// <remarks>The same one again adds nothing; its first administrator gets a new link, and the earlier one counts no more.</remarks>
    /// <response code="201">It was added.</response>
    /// <response code="200">It was there already, just so.</response>
    public static async Task<Results<Created<AddedOrganisationDocument>, Ok<AddedOrganisationDocument>, ProblemHttpResult>> AddAsync(
        OrganisationBody body, HttpContext http, Visit visit, IStore store, IAccessStore access, ServerOptions options, CancellationToken cancel)
    {
        var organisation = new Organisation(body.OrganisationId, body.Name ?? body.OrganisationId, body.TimeZone ?? Organisation.DefaultTimeZone);
        var faults = new Faults();
        foreach (var problem in OrganisationRules.Check(organisation)) faults.Add(problem.Field!, problem.Value, problem.Rule);
        if (body.Administrator is { } email) faults.Email("administrator", email);
        if (faults.Problem is { } wrong) return wrong;
        var added = await store.AddOrganisationAsync(organisation, visit.Actor, cancel);
        if (!added && await store.FindOrganisationAsync(organisation.OrganisationId, cancel) != organisation)
            return Problems.Taken.Because("There is an organisation of this id with another name or time zone. It was left as it is.");
        var document = new AddedOrganisationDocument(OrganisationDocument.Of(organisation), await InviteAsync());
        return added ? TypedResults.Created($"{ApiSetup.Root}/organisations/{organisation.OrganisationId}", document) : TypedResults.Ok(document);

        async Task<InvitationMadeDocument?> InviteAsync()
        {
            // Whoever has an administrator already invites by themselves: the operator's word would be a way in past them.
            if (body.Administrator is not { } invited || (await access.ListMembersAsync(organisation.OrganisationId, cancel)).Any(member => member.Role == Role.Administrator)) return null;
            var (kept, address) = await InvitationLinks.MakeAsync(access, http, options, organisation.OrganisationId, invited, Role.Administrator, claimantId: null, InvitationLinks.Lifetime, visit.Actor, cancel);
            return new InvitationMadeDocument(InvitationDocument.Of(kept), address);
        }
    }

    /// <summary>One organisation</summary>
    public static Ok<OrganisationDocument> Find(Visit visit) => TypedResults.Ok(OrganisationDocument.Of(visit.Organisation));
}
