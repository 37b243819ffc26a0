using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Forms;
using PayOnce.App.Server;
using PayOnce.Declarations;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>The declaration as one driver reads it.</summary>
/// <param name="Text">Markdown with its fields filled in; null without a declaration.</param>
/// <param name="Sha256">Of the text: goes with the acknowledgement, so that what is kept is what was read.</param>
/// <param name="Missing">Why claims cannot go on: <c>no-declaration</c>, <c>never</c>, <c>outdated</c>, <c>withdrawn</c>; null if nothing stands in the way.</param>
internal sealed record MyDeclarationDocument(long? Version, string? Language, string? Text, string? Sha256, AcknowledgementGap? Missing, IReadOnlyList<DriverAcknowledgementDocument> Acknowledgements);

/// <param name="Version">The version that was read.</param>
/// <param name="Sha256">Of the text that was read.</param>
/// <param name="Name">The driver's full name.</param>
internal sealed record AcknowledgeBody(int Version, string Sha256, string Name);

/// <param name="Acknowledgement">Its number.</param>
internal sealed record WithdrawMineBody(long Acknowledgement);

/// <summary>A driver's own reading, acknowledgement and withdrawal. Only for people: a program acknowledges nothing.</summary>
internal static class MyDeclaration
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var mine = organisation.MapGroup("/my/declaration").WithTags("Claims of one's own").Needs(Permission.Own);
        mine.MapGet("", FindAsync).WithName("getMyDeclaration").Refuses(Problems.NotPossible);
        mine.MapPost("/acknowledge", AcknowledgeAsync).WithName("acknowledgeDeclaration").Refuses(Problems.BadInput, Problems.NotPossible, Problems.ChangedMeanwhile);
        mine.MapPost("/withdraw", WithdrawAsync).WithName("withdrawMyAcknowledgement").Refuses(Problems.BadInput, Problems.NotFound, Problems.NotPossible);
    }

    /// <summary>What to read, and how one stands to it</summary>
    public static async Task<Results<Ok<MyDeclarationDocument>, ProblemHttpResult>> FindAsync(Visit visit, IServerStore store, FormDesk desk, CancellationToken cancel)
    {
        var (claimant, problem) = await ClaimantAsync(visit, desk, cancel);
        return claimant is null ? problem! : TypedResults.Ok(await DocumentAsync(visit, store, desk, claimant, cancel));
    }

    /// <summary>Acknowledge what was read</summary>
    public static async Task<Results<Ok<DriverAcknowledgementDocument>, ProblemHttpResult>> AcknowledgeAsync(AcknowledgeBody body, Visit visit, IServerStore store, FormDesk desk, CancellationToken cancel)
    {
        if (new Faults().Words("name", body.Name, NewAcknowledgement.LongestName).Problem is { } wrong) return wrong;
        var (claimant, problem) = await ClaimantAsync(visit, desk, cancel);
        if (claimant is null) return problem!;
        var read = await desk.DeclarationForAsync(visit, claimant, cancel);
        if (read is not { } now) return Problems.NotPossible.Because("The organisation has published no declaration.");
        var acknowledgement = new NewAcknowledgement(now.Version, claimant, visit.Person!.User.UserId, body.Name.Trim(), now.Text);
        if (body.Version != now.Version || body.Sha256 != acknowledgement.Sha256) return Problems.ChangedMeanwhile.Because("Another text stands now. Read it, and acknowledge that.");
        return await store.AcknowledgeAsync(visit.Organisation.OrganisationId, acknowledgement, visit.Actor, cancel) switch
        {
            AcknowledgeAnswer.Acknowledged kept => TypedResults.Ok(DriverAcknowledgementDocument.Of(kept.Now)),
            AcknowledgeAnswer.Already kept => TypedResults.Ok(DriverAcknowledgementDocument.Of(kept.Now)),
            _ => Problems.ChangedMeanwhile.Because("Another text stands now. Read it, and acknowledge that."),
        };
    }

    /// <summary>Withdraw an acknowledgement of one's own</summary>
    /// <remarks>Whether or not the organisation still asks for it: what was given can be taken back.</remarks>
    public static async Task<Results<Ok<AcknowledgementWithdrawalDocument>, ProblemHttpResult>> WithdrawAsync(WithdrawMineBody body, Visit visit, IServerStore store, CancellationToken cancel) =>
        visit.Membership?.ClaimantId is { } claimant
            ? Declarations.Answer(await store.WithdrawAcknowledgementAsync(visit.Organisation.OrganisationId, body.Acknowledgement, claimant, reason: null, visit.Actor, cancel))
            : Problems.NotFound.Because();

    private static async Task<(string? Claimant, ProblemHttpResult? Problem)> ClaimantAsync(Visit visit, FormDesk desk, CancellationToken cancel)
    {
        if (!(await desk.FlagsAsync(visit.Organisation.OrganisationId, cancel)).Has(OrganisationFlags.DriverHonorarium)) return (null, Problems.NotPossible.Because("Driver honoraria are not switched on for the organisation."));
        return visit.Membership?.ClaimantId is { } claimant ? (claimant, null) : (null, Problems.NotPossible.Because("Whoever asks has no payee number in the organisation."));
    }

    private static async Task<MyDeclarationDocument> DocumentAsync(Visit visit, IServerStore store, FormDesk desk, string claimant, CancellationToken cancel)
    {
        var org = visit.Organisation.OrganisationId;
        var state = await store.FindAcknowledgementStateAsync(org, claimant, cancel);
        var mine = await store.ListAcknowledgementsAsync(org, claimant, null, 50, cancel);
        var read = await desk.DeclarationForAsync(visit, claimant, cancel);
        var text = read?.Text;
        return new(
            read?.Version, read?.Template.Language, text, text is null ? null : new NewAcknowledgement(0, claimant, "", "", text).Sha256, state.Gap, [.. mine.Select(DriverAcknowledgementDocument.Of)]);
    }
}
