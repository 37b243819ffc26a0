using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <param name="Email">Whom the link is for. PayOnce does not send it.</param>
/// <param name="Role">What they become in the organisation.</param>
/// <param name="ClaimantId">Whose claims are their own; a claimant needs one.</param>
/// <param name="Days">For how long the link can be used, 1 to 30.</param>
internal sealed record InvitationBody(string Email, Role Role, string? ClaimantId = null, int Days = 7);

/// <summary>An invitation that still counts.</summary>
/// <param name="InvitationId">Names it; it is not the link.</param>
internal sealed record InvitationDocument(string InvitationId, string? Email, string? Role, string? ClaimantId, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    public static InvitationDocument Of(OneTimeLink link) => new(link.Sha256, link.Email, link.Role?.Text(), link.ClaimantId, link.CreatedBy, link.CreatedAt, link.ExpiresAt);
}

/// <summary>Invitations that still count, newest first.</summary>
internal sealed record InvitationsDocument(string OrganisationId, IReadOnlyList<InvitationDocument> Invitations);

/// <summary>A new invitation.</summary>
/// <param name="Link">Shown this once: whoever opens it and accepts has the role.</param>
internal sealed record InvitationMadeDocument(InvitationDocument Invitation, string Link);

/// <summary>How people come into an organisation: by a link that works once.</summary>
internal static class Invitations
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var invitations = organisation.MapGroup("/invitations").WithTags("Access").Needs(Permission.ManageAccess);
        invitations.MapGet("", ListAsync).WithName("listInvitations");
        invitations.MapPost("", InviteAsync).WithName("invite").Refuses(Problems.BadInput);
        invitations.MapDelete("/{invitation}", WithdrawAsync).WithName("withdrawInvitation").Refuses(Problems.NotFound);
    }

    /// <summary>The invitations that still count</summary>
    public static async Task<Ok<InvitationsDocument>> ListAsync(Visit visit, IAccessStore access, CancellationToken cancel) => TypedResults.Ok(new InvitationsDocument(
        visit.Organisation.OrganisationId, [.. (await access.ListInvitationsAsync(visit.Organisation.OrganisationId, cancel)).Select(InvitationDocument.Of)]));

    /// <summary>Invite somebody</summary>
    /// <remarks>The link is in this answer and nowhere else. An earlier invitation of the same address counts no more.</remarks>
    public static async Task<Results<Ok<InvitationMadeDocument>, ProblemHttpResult>> InviteAsync(InvitationBody body, HttpContext http, Visit visit, IAccessStore access, ServerOptions options, CancellationToken cancel)
    {
        const int longestDays = 30;
        if (Members.Wrong(body.Role, body.ClaimantId) is { } wrong) return wrong;
        var faults = new Faults().Email("email", body.Email);
        if (body.Days is < 1 or > longestDays) faults.Add("days", null, FormattableString.Invariant($"must be a whole number from 1 to {longestDays}"));
        if (faults.Problem is { } problem) return problem;
        var (kept, address) = await InvitationLinks.MakeAsync(access, http, options, visit.Organisation.OrganisationId, body.Email, body.Role, body.ClaimantId, TimeSpan.FromDays(body.Days), visit.Actor, cancel);
        return TypedResults.Ok(new InvitationMadeDocument(InvitationDocument.Of(kept), address));
    }

    /// <summary>Take an invitation back</summary>
    public static async Task<Results<NoContent, ProblemHttpResult>> WithdrawAsync(string invitation, Visit visit, IAccessStore access, CancellationToken cancel) =>
        await access.WithdrawInvitationAsync(visit.Organisation.OrganisationId, invitation, visit.Actor, cancel) ? TypedResults.NoContent() : Problems.NotFound.Because();
}
