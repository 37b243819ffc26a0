using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Forms;
using PayOnce.App.Server;
using PayOnce.Claims.Forms;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <param name="Kind"><c>driver-honorarium</c> or <c>travel</c>.</param>
/// <param name="Content">What is filled in so far.</param>
internal sealed record NewFormBody(string Kind, FormContentBody Content);

/// <param name="Revision">The revision that is changed.</param>
/// <param name="Content">All of it.</param>
internal sealed record EditFormBody(int Revision, FormContentBody Content);

/// <param name="Revision">The revision that was seen.</param>
internal sealed record RevisionBody(int Revision);

/// <summary>Claims of one's own. Only for people: a program has none.</summary>
internal static class MyClaimForms
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var mine = organisation.MapGroup("/my/claim-forms").WithTags("Claims of one's own").Needs(Permission.Own);
        mine.MapGet("", ListAsync).WithName("listMyClaimForms").Refuses(Problems.BadInput);
        mine.MapPost("", AddAsync).WithName("addMyClaimForm").Refuses(Problems.BadInput, Problems.NotPossible);
        mine.MapGet("/{form}", FindAsync).WithName("getMyClaimForm").Refuses(Problems.NotFound);
        mine.MapPut("/{form}", EditAsync).WithName("editMyClaimForm").Refuses(Problems.BadInput, Problems.NotFound, Problems.NotPossible, Problems.ChangedMeanwhile);
        mine.MapPost("/{form}/submit", SubmitAsync).WithName("submitMyClaimForm").Refuses(Problems.BadInput, Problems.NotFound, Problems.NotPossible, Problems.ChangedMeanwhile);
        mine.MapPost("/{form}/take-back", TakeBackAsync).WithName("takeBackMyClaimForm").Refuses(Problems.BadInput, Problems.NotFound, Problems.ChangedMeanwhile);
        mine.MapPost("/{form}/discard", DiscardAsync).WithName("discardMyClaimForm").Refuses(Problems.BadInput, Problems.NotFound, Problems.ChangedMeanwhile);
        mine.MapPost("/{form}/receipts", AddReceiptAsync).WithName("addReceipt").Refuses(Problems.BadInput, Problems.NotFound, Problems.NotPossible, Problems.ChangedMeanwhile, Problems.TooLarge);
        mine.MapDelete("/{form}/receipts/{number:int}", RemoveReceiptAsync).WithName("removeReceipt").Refuses(Problems.BadInput, Problems.NotFound, Problems.ChangedMeanwhile);
    }

    /// <summary>One's own claims, last changed first</summary>
    /// <param name="cursor">Where to go on, as an earlier answer said.</param>
    /// <param name="limit">At most this many, 1 to 500; 50 if nothing is said.</param>
    public static async Task<Results<Ok<Part<FormDocument>>, ProblemHttpResult>> ListAsync(string? cursor, int? limit, Visit visit, IServerStore store, CancellationToken cancel)
    {
        var faults = new Faults();
        var part = faults.Part(cursor, limit);
        if (faults.Problem is { } problem) return problem;
        if (visit.Membership?.ClaimantId is not { } claimant) return TypedResults.Ok(new Part<FormDocument>([], null, null));
        return TypedResults.Ok(ClaimForms.PartOf(await store.ListFormsAsync(visit.Organisation.OrganisationId, new FormFilter(claimant, Before: FormPlaces.Read(cursor)), part.Size, cancel), part));
    }

    /// <summary>Begin a claim as a draft</summary>
    public static async Task<Results<Ok<FormDocument>, ProblemHttpResult>> AddAsync(NewFormBody body, Visit visit, IServerStore store, FormDesk desk, CancellationToken cancel)
    {
        if (FormKinds.Find(body.Kind) is not { } kind) return Problems.Refuse("kind", body.Kind, "must be driver-honorarium or travel");
        if (FormRules.CheckDraft(kind, body.Content.Content()) is { Count: > 0 } faults) return FormAnswers.Of(faults);
        if (!(await desk.FlagsAsync(visit.Organisation.OrganisationId, cancel)).Has(kind.Flag())) return FormAnswers.Off(kind);
        if (visit.Membership?.ClaimantId is null) return Problems.NotPossible.Because("Whoever asks has no payee number in the organisation.");
        return FormAnswers.Of(await store.AddFormAsync(visit.Organisation.OrganisationId, new NewForm(FormDesk.NewId(), kind, body.Content.Content()), FormDesk.PersonOf(visit), cancel));
    }

    /// <summary>One of one's own claims, with what it comes to</summary>
    public static async Task<Results<Ok<FormDocument>, ProblemHttpResult>> FindAsync(string form, Visit visit, IServerStore store, FormDesk desk, CancellationToken cancel)
    {
        if (await OwnAsync(form, visit, store, cancel) is not { } found) return Problems.NotFound.Because();
        var (rates, version) = await desk.RatesAsync(visit.Organisation.OrganisationId, cancel);
        return TypedResults.Ok(FormDocument.Of(found) with { Lines = FormDocument.LinesOf(FormLines.Of(found.Kind, found.Content, rates).Lines), RatesVersion = version });
    }

    /// <summary>Change a draft, or a claim that was sent back</summary>
    public static async Task<Results<Ok<FormDocument>, ProblemHttpResult>> EditAsync(string form, EditFormBody body, Visit visit, IServerStore store, FormDesk desk, CancellationToken cancel)
    {
        if (await OwnAsync(form, visit, store, cancel) is not { } found) return Problems.NotFound.Because();
        if (FormRules.CheckDraft(found.Kind, body.Content.Content()) is { Count: > 0 } faults) return FormAnswers.Of(faults);
        if (!(await desk.FlagsAsync(visit.Organisation.OrganisationId, cancel)).Has(found.Kind.Flag())) return FormAnswers.Off(found.Kind);
        return FormAnswers.Of(await store.ChangeFormAsync(visit.Organisation.OrganisationId, form, body.Revision, new FormChange.Edit(body.Content.Content()), FormDesk.PersonOf(visit), cancel));
    }

    /// <summary>Submit a claim to be approved</summary>
    public static async Task<Results<Ok<FormDocument>, ProblemHttpResult>> SubmitAsync(string form, RevisionBody body, Visit visit, IServerStore store, FormDesk desk, CancellationToken cancel)
    {
        if (await OwnAsync(form, visit, store, cancel) is not { } found) return Problems.NotFound.Because();
        if (!(await desk.FlagsAsync(visit.Organisation.OrganisationId, cancel)).Has(found.Kind.Flag())) return FormAnswers.Off(found.Kind);
        var (answer, faults) = await desk.SubmitAsync(visit, found, body.Revision, cancel);
        return answer is null ? FormAnswers.Of(faults) : FormAnswers.Of(answer);
    }

    /// <summary>Take a submitted claim back to a draft</summary>
    public static async Task<Results<Ok<FormDocument>, ProblemHttpResult>> TakeBackAsync(string form, RevisionBody body, Visit visit, IServerStore store, CancellationToken cancel) =>
        FormAnswers.Of(await store.ChangeFormAsync(visit.Organisation.OrganisationId, form, body.Revision, FormChange.TakeBack.Instance, FormDesk.PersonOf(visit), cancel));

    /// <summary>Throw a draft away</summary>
    public static async Task<Results<Ok<FormDocument>, ProblemHttpResult>> DiscardAsync(string form, RevisionBody body, Visit visit, IServerStore store, CancellationToken cancel) =>
        FormAnswers.Of(await store.ChangeFormAsync(visit.Organisation.OrganisationId, form, body.Revision, FormChange.Discard.Instance, FormDesk.PersonOf(visit), cancel));

    /// <summary>Add a receipt: its bytes are the request's body</summary>
    /// <remarks>PDF, JPEG or PNG by its content, whatever is said of it; at most 10 MB, ten of a form.</remarks>
    /// <param name="revision">The revision that is changed.</param>
    /// <param name="name">The file's name, as the claimant knows it.</param>
    public static async Task<Results<Ok<FormDocument>, ProblemHttpResult>> AddReceiptAsync(string form, int revision, string? name, HttpContext http, Visit visit, IServerStore store, FormDesk desk, CancellationToken cancel)
    {
        if (await OwnAsync(form, visit, store, cancel) is not { } found) return Problems.NotFound.Because();
        if (!(await desk.FlagsAsync(visit.Organisation.OrganisationId, cancel)).Has(found.Kind.Flag())) return FormAnswers.Off(found.Kind);
        // One byte more than the largest: what is larger is found to be so and refused, and never read further.
        if (http.Request.ContentLength > NewReceipt.LargestBytes) return Problems.TooLarge.Because();
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = NewReceipt.LargestBytes + 1;
        var (receipt, fault) = await ReceiptFiles.ReadAsync(http.Request.Body, name ?? "", cancel);
        if (fault is ReceiptFault.TooLarge) return Problems.TooLarge.Because();
        return receipt is null ? Problems.Refuse("receipt", null, Rule(fault!.Value)) : FormAnswers.Of(await store.AddReceiptAsync(visit.Organisation.OrganisationId, form, revision, receipt, FormDesk.PersonOf(visit), cancel));
    }

    /// <summary>Remove a receipt from a draft</summary>
    /// <param name="revision">The revision that is changed.</param>
    public static async Task<Results<Ok<FormDocument>, ProblemHttpResult>> RemoveReceiptAsync(string form, int number, int revision, Visit visit, IServerStore store, CancellationToken cancel) =>
        FormAnswers.Of(await store.RemoveReceiptAsync(visit.Organisation.OrganisationId, form, revision, number, FormDesk.PersonOf(visit), cancel));

    private static async Task<ClaimForm?> OwnAsync(string form, Visit visit, IServerStore store, CancellationToken cancel) =>
        await store.FindFormAsync(visit.Organisation.OrganisationId, form, cancel) is { } found && FormDesk.PersonOf(visit).Owns(found) ? found : null;

    private static string Rule(ReceiptFault fault) => fault switch
    {
        ReceiptFault.Empty => "must not be empty",
        ReceiptFault.WrongType => "must be PDF, JPEG or PNG by its content",
        ReceiptFault.Damaged => "must be one whole file of its type, with nothing else in it or behind it",
        ReceiptFault.Bomb => "must not be larger when it is opened than a viewer can bear",
        ReceiptFault.Active => "must be a PDF that runs nothing, holds no files and is not encrypted",
        _ => throw new InvalidOperationException("A fault of a receipt that has no words."),
    };
}
