using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>Somebody who belongs to the organisation.</summary>
/// <param name="ClaimantId">Whose claims are their own.</param>
internal sealed record MemberDocument(string UserId, string Email, string Name, string Role, string? ClaimantId, bool Disabled, DateTimeOffset Since, DateTimeOffset? LastSignedInAt)
{
    public static MemberDocument Of(Member member) => new(member.UserId, member.Email, member.Name, member.Role.Text(), member.ClaimantId, member.Disabled, member.Since, member.LastSignedInAt);
}

/// <summary>Everybody who belongs to the organisation, by e-mail address.</summary>
internal sealed record MembersDocument(string OrganisationId, IReadOnlyList<MemberDocument> Users);

/// <param name="Role">What they are in the organisation.</param>
/// <param name="ClaimantId">Whose claims are their own; a claimant needs one.</param>
internal sealed record MemberBody(Role Role, string? ClaimantId = null);

/// <summary>Who belongs to an organisation, and as what.</summary>
internal static class Members
{
    private const int LongestClaimant = 64;

    public static void Map(IEndpointRouteBuilder organisation)
    {
        var users = organisation.MapGroup("/users").WithTags("Access").Needs(Permission.ManageAccess);
        users.MapGet("", ListAsync).WithName("listUsers");
        users.MapPut("/{user}", SetAsync).WithName("setUser").Refuses(Problems.BadInput, Problems.NotFound, Problems.NotPossible, Problems.Taken);
        users.MapDelete("/{user}", RemoveAsync).WithName("removeUser").Refuses(Problems.NotFound, Problems.NotPossible);
    }

    /// <summary>Everybody who belongs to the organisation</summary>
    public static async Task<Ok<MembersDocument>> ListAsync(Visit visit, IAccessStore access, CancellationToken cancel) => TypedResults.Ok(new MembersDocument(
        visit.Organisation.OrganisationId, [.. (await access.ListMembersAsync(visit.Organisation.OrganisationId, cancel)).Select(MemberDocument.Of)]));

    /// <summary>Give a member another role</summary>
    /// <remarks>Somebody who does not belong to the organisation yet is invited instead.</remarks>
    public static async Task<Results<NoContent, ProblemHttpResult>> SetAsync(string user, MemberBody body, Visit visit, IAccessStore access, CancellationToken cancel)
    {
        if (Wrong(body.Role, body.ClaimantId) is { } problem) return problem;
        var id = visit.Organisation.OrganisationId;
        // An administrator of one organisation must not find out who else uses the installation, nor take them in unasked.
        if (await access.FindMembershipAsync(id, user, cancel) is null) return Problems.NotFound.Because();
        return Answer(await access.SetMembershipAsync(new Membership(id, user, body.Role, body.ClaimantId), visit.Actor, cancel));
    }

    /// <summary>Take somebody out of the organisation</summary>
    public static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string user, Visit visit, IAccessStore access, CancellationToken cancel) =>
        Answer(await access.RemoveMembershipAsync(visit.Organisation.OrganisationId, user, visit.Actor, cancel));

    /// <summary>What is wrong with a role and whose claims it sees.</summary>
    public static ProblemHttpResult? Wrong(Role role, string? claimantId)
    {
        var faults = new Faults();
        if (role == Role.Claimant && claimantId is null) faults.Add("claimantId", null, "is missing: a claimant sees the claims of this payee, and nothing else");
        if (claimantId is not null) faults.Words("claimantId", claimantId, LongestClaimant);
        return faults.Problem;
    }

    private static Results<NoContent, ProblemHttpResult> Answer(MembershipAnswer answer) => answer switch
    {
        MembershipAnswer.Done => TypedResults.NoContent(),
        MembershipAnswer.LastAdministrator => Problems.NotPossible.Because("Nobody could manage the organisation any more: make somebody else an administrator first."),
        MembershipAnswer.ClaimantTaken => Problems.Taken.Because("Another member is this claimant."),
        _ => Problems.NotFound.Because(),
    };
}
