using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Forms;
using PayOnce.App.Server;
using PayOnce.Declarations;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <param name="Language"><c>nb</c> or <c>en</c>: the language of the text.</param>
/// <param name="Text">Markdown with fields in double braces: <c>organisation</c>, <c>driver</c>, <c>claimant-number</c>, <c>date</c>, <c>version</c>.</param>
internal sealed record DeclarationBody(string Language, string Text);

/// <summary>One version of an organisation's declaration.</summary>
/// <param name="Text">As it was published, with its fields.</param>
internal sealed record DeclarationDocument(string OrganisationId, long Version, string Language, string Text, string PublishedBy, DateTimeOffset PublishedAt)
{
    public static DeclarationDocument Of(string organisationId, OrganisationSetting kept)
    {
        var template = DeclarationTemplate.FromStored(kept.Value);
        return new(organisationId, kept.Version, template.Language, template.Text, kept.ChangedBy, kept.ChangedAt);
    }
}

/// <summary>The declaration as HTML: elements of a text and links to other places, nothing else.</summary>
internal sealed record DeclarationPreview(string Html);

/// <param name="Reason">Why it is withdrawn; the driver sees it.</param>
internal sealed record AcknowledgementWithdrawalBody(string Reason);

/// <summary>A driver's acknowledgement of one version of the declaration.</summary>
/// <param name="Number">Of the acknowledgement.</param>
/// <param name="Version">Of the declaration.</param>
/// <param name="Name">As the driver typed it.</param>
/// <param name="Text">Exactly what they read; null in lists.</param>
/// <param name="Sha256">Of the text in UTF-8.</param>
internal sealed record DriverAcknowledgementDocument(
    long Number, int Version, string ClaimantId, string Name, string? Text, string Sha256, DateTimeOffset AcknowledgedAt, DateTimeOffset? WithdrawnAt, string? WithdrawnBy, string? WithdrawnReason)
{
    public static DriverAcknowledgementDocument Of(Acknowledgement of) => new(
        of.Number, of.Version, of.ClaimantId, of.Name, of.Text.Length == 0 ? null : of.Text, of.Sha256, of.At, of.Withdrawn?.At, of.Withdrawn?.Actor, of.Withdrawn?.Reason);
}

/// <summary>What became of a withdrawal.</summary>
/// <param name="WithdrawnClaims">Claims that rested on it, were not on their way to the accounts, and were withdrawn with it.</param>
internal sealed record AcknowledgementWithdrawalDocument(DriverAcknowledgementDocument Acknowledgement, IReadOnlyList<string> WithdrawnClaims);

/// <summary>An organisation's declaration, and who has acknowledged it.</summary>
internal static class Declarations
{
    private const int MostVersions = 500;

    public static void Map(IEndpointRouteBuilder organisation)
    {
        var declaration = organisation.MapGroup("/declaration").WithTags("Claims filled in here");
        declaration.MapGet("", FindAsync).WithName("getDeclaration").Needs(Permission.Read).Refuses(Problems.NotFound);
        declaration.MapPut("", SaveAsync).WithName("saveDeclaration").Needs(Permission.Configure).Refuses(Problems.BadInput, Problems.ChangedMeanwhile, Problems.VersionNeeded).Conditional();
        declaration.MapGet("/versions", VersionsAsync).WithName("listDeclarationVersions").Needs(Permission.Read);
        declaration.MapPost("/preview", Preview).WithName("previewDeclaration").Needs(Permission.Configure).Refuses(Problems.BadInput);
        declaration.MapGet("/acknowledgements", ListAsync).WithName("listAcknowledgements").Needs(Permission.Read).Refuses(Problems.BadInput);
        declaration.MapGet("/acknowledgements/{acknowledgement:long}", OneAsync).WithName("getAcknowledgement").Needs(Permission.Read).Refuses(Problems.NotFound);
        declaration.MapPost("/acknowledgements/{acknowledgement:long}/withdraw", WithdrawAsync).WithName("withdrawAcknowledgement").Needs(Permission.Configure).Refuses(Problems.BadInput, Problems.NotFound, Problems.NotPossible);
    }

    /// <summary>The declaration that drivers acknowledge now</summary>
    public static async Task<Results<Ok<DeclarationDocument>, ProblemHttpResult>> FindAsync(HttpContext http, Visit visit, IServerStore store, CancellationToken cancel)
    {
        if (await store.FindSettingAsync(visit.Organisation.OrganisationId, SettingTopics.Declaration, cancel) is not { } kept) return Problems.NotFound.Because("The organisation has published no declaration.");
        Versions.Show(http, kept.Version);
        return TypedResults.Ok(DeclarationDocument.Of(visit.Organisation.OrganisationId, kept));
    }

    /// <summary>Publish a new version of the declaration</summary>
    /// <remarks>Every driver must acknowledge again. Earlier versions, acknowledgements and approved claims stay as they are.</remarks>
    public static async Task<Results<Ok<DeclarationDocument>, ProblemHttpResult>> SaveAsync(DeclarationBody body, HttpContext http, Visit visit, IServerStore store, CancellationToken cancel)
    {
        var (known, version) = Versions.Asked(http.Request);
        if (version is not null) return version;
        var (template, wrong) = Read(body);
        if (template is null) return wrong!;
        var (_, changed) = await OrganisationSettings.KeepAsync(http, visit, store, SettingTopics.Declaration, template.ToJson(), known, cancel);
        return changed is not null ? changed : TypedResults.Ok(DeclarationDocument.Of(visit.Organisation.OrganisationId, (await store.FindSettingAsync(visit.Organisation.OrganisationId, SettingTopics.Declaration, cancel))!));
    }

    /// <summary>All versions, newest first</summary>
    public static async Task<Ok<IReadOnlyList<DeclarationDocument>>> VersionsAsync(Visit visit, IServerStore store, CancellationToken cancel)
    {
        var id = visit.Organisation.OrganisationId;
        return TypedResults.Ok<IReadOnlyList<DeclarationDocument>>([.. (await store.ListSettingsAsync(id, SettingTopics.Declaration, MostVersions, cancel)).Select(kept => DeclarationDocument.Of(id, kept))]);
    }

    /// <summary>A text as drivers would read it; nothing is kept</summary>
    public static Results<Ok<DeclarationPreview>, ProblemHttpResult> Preview(DeclarationBody body, Visit visit, FormDesk desk)
    {
        var (template, wrong) = Read(body);
        if (template is null) return wrong!;
        return TypedResults.Ok(new DeclarationPreview(DeclarationHtml.Render(template.Fill(new DeclarationFacts(visit.Organisation.Name, "Ola Eksempel", "1234", desk.Today(visit), 1)))));
    }

    /// <summary>Who has acknowledged, newest first</summary>
    /// <param name="claimantId">Only this payee's.</param>
    /// <param name="cursor">Where to go on, as an earlier answer said.</param>
    /// <param name="limit">At most this many, 1 to 500; 50 if nothing is said.</param>
    public static async Task<Results<Ok<Part<DriverAcknowledgementDocument>>, ProblemHttpResult>> ListAsync(string? claimantId, string? cursor, int? limit, Visit visit, IServerStore store, CancellationToken cancel)
    {
        var faults = new Faults();
        var (size, before) = faults.PartBefore(cursor, limit);
        if (faults.Problem is { } problem) return problem;
        var found = await store.ListAcknowledgementsAsync(visit.Organisation.OrganisationId, claimantId, before, size, cancel);
        return TypedResults.Ok(Parts.Before([.. found.Select(DriverAcknowledgementDocument.Of)], size, each => each.Number));
    }

    /// <summary>One acknowledgement with exactly what was read</summary>
    public static async Task<Results<Ok<DriverAcknowledgementDocument>, ProblemHttpResult>> OneAsync(long acknowledgement, Visit visit, IServerStore store, CancellationToken cancel) =>
        await store.FindAcknowledgementAsync(visit.Organisation.OrganisationId, acknowledgement, cancel) is { } found ? TypedResults.Ok(DriverAcknowledgementDocument.Of(found)) : Problems.NotFound.Because();

    /// <summary>Withdraw somebody's acknowledgement</summary>
    /// <remarks>Claims that rest on it and are not held by a run are withdrawn in the same commit. What a run has reserved goes with that run.</remarks>
    public static async Task<Results<Ok<AcknowledgementWithdrawalDocument>, ProblemHttpResult>> WithdrawAsync(long acknowledgement, AcknowledgementWithdrawalBody body, Visit visit, IServerStore store, CancellationToken cancel)
    {
        if (new Faults().Words("reason", body.Reason).Problem is { } problem) return problem;
        return Answer(await store.WithdrawAcknowledgementAsync(visit.Organisation.OrganisationId, acknowledgement, claimantId: null, body.Reason.Trim(), visit.Actor, cancel));
    }

    public static Results<Ok<AcknowledgementWithdrawalDocument>, ProblemHttpResult> Answer(WithdrawAnswer answer) => answer switch
    {
        WithdrawAnswer.Done done => TypedResults.Ok(new AcknowledgementWithdrawalDocument(DriverAcknowledgementDocument.Of(done.Now), done.Claims)),
        WithdrawAnswer.Already => Problems.NotPossible.Because("It was withdrawn before."),
        _ => Problems.NotFound.Because(),
    };

    private static (DeclarationTemplate? Template, ProblemHttpResult? Problem) Read(DeclarationBody body)
    {
        var template = DeclarationTemplate.Of(body.Language, body.Text);
        return template.Check() is { Count: > 0 } problems ? (null, Problems.BadInput.Because(errors: [.. problems.Select(problem => Fault.Of(problem))])) : (template, null);
    }
}
