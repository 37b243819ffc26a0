using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Dashboard.Pages.Forms;
using PayOnce.App.Forms;
using PayOnce.App.Server;
using PayOnce.Claims.Forms;
using PayOnce.History;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <param name="Revision">The revision that was seen.</param>
/// <param name="RatesVersion">The rates by which its sum was seen.</param>
internal sealed record ApproveFormBody(int Revision, int RatesVersion);

/// <param name="Revision">The revision that was seen.</param>
/// <param name="Reason">The claimant reads it; it stands in no trail or log.</param>
internal sealed record SendBackBody(int Revision, string Reason);

/// <summary>Claims that were filled in here, for those who decide about them.</summary>
internal static class ClaimForms
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var forms = organisation.MapGroup("/claim-forms").WithTags("Claims filled in here");
        forms.MapGet("", ListAsync).WithName("listClaimForms").Needs(Permission.Read).Refuses(Problems.BadInput);
        forms.MapGet("/{form}", FindAsync).WithName("getClaimForm").Needs(Permission.Read).Refuses(Problems.NotFound);
        forms.MapPost("/{form}/approve", ApproveAsync).WithName("approveClaimForm").Needs(Permission.Approve).Refuses(Problems.BadInput, Problems.NotFound, Problems.NotPossible, Problems.Taken, Problems.ChangedMeanwhile);
        forms.MapPost("/{form}/send-back", SendBackAsync).WithName("sendBackClaimForm").Needs(Permission.Approve).Refuses(Problems.BadInput, Problems.NotFound, Problems.NotPossible, Problems.ChangedMeanwhile);
        // A program's key reads no receipts: they are for the owner and for people who decide or audit.
        forms.MapGet("/{form}/receipts/{number:int}", ReceiptFiles.GiveAsync).WithName("getReceipt").Needs(Permission.Own).Gives("application/octet-stream").Refuses(Problems.NotFound);
    }

    /// <summary>Claims that were submitted, sent back or approved, last changed first</summary>
    /// <param name="state">Only those: submitted, sent_back, approved.</param>
    /// <param name="cursor">Where to go on, as an earlier answer said.</param>
    /// <param name="limit">At most this many, 1 to 500; 50 if nothing is said.</param>
    public static async Task<Results<Ok<Part<FormDocument>>, ProblemHttpResult>> ListAsync(string? state, string? cursor, int? limit, Visit visit, IServerStore store, CancellationToken cancel)
    {
        var faults = new Faults().OneOf("state", state, ["submitted", "sent_back", "approved"]);
        var part = faults.Part(cursor, limit);
        if (faults.Problem is { } problem) return problem;
        var found = await store.ListFormsAsync(visit.Organisation.OrganisationId, new FormFilter(State: FormStates.Find(state ?? "submitted"), Before: FormPlaces.Read(cursor)), part.Size, cancel);
        return TypedResults.Ok(PartOf(found, part));
    }

    /// <summary>One claim with what it comes to, and what should be looked at before it is approved</summary>
    public static async Task<Results<Ok<FormDocument>, ProblemHttpResult>> FindAsync(string form, Visit visit, IServerStore store, FormDesk desk, CancellationToken cancel)
    {
        if (await ApprovalReading.ReadAsync(store, desk, visit, form, cancel) is not { } found) return Problems.NotFound.Because();
        return TypedResults.Ok(FormDocument.Of(found.Form) with
        {
            Lines = FormDocument.LinesOf(found.Lines), RatesVersion = found.Form.RatesVersion ?? found.RatesVersion, Missing = found.Gap, Warnings = [.. found.Warnings.Select(YearWarningDocument.Of)],
        });
    }

    /// <summary>Approve a claim: it waits for the next export from then on</summary>
    /// <remarks>By somebody whose claim it is not, of the revision and the rates that were seen. An honorarium needs its driver's acknowledgement of the current declaration.</remarks>
    public static async Task<Results<Ok<FormDocument>, ProblemHttpResult>> ApproveAsync(string form, ApproveFormBody body, Visit visit, IServerStore store, FormDesk desk, CancellationToken cancel)
    {
        var org = visit.Organisation.OrganisationId;
        if (await store.FindFormAsync(org, form, cancel) is not { State: not (FormState.Draft or FormState.Discarded) } found) return Problems.NotFound.Because();
        if (!(await desk.FlagsAsync(org, cancel)).Has(found.Kind.Flag())) return FormAnswers.Off(found.Kind);
        if (found.State is FormState.Submitted && await desk.CheckAsync(visit, found, cancel) is { Count: > 0 } faults) return FormAnswers.Of(faults);
        var (answer, problems) = await desk.ApproveAsync(visit, found, body.Revision, body.RatesVersion, cancel);
        return answer is null ? Problems.NotPossible.Because(string.Join("; ", problems)) : FormAnswers.Of(answer);
    }

    /// <summary>Send a claim back to its claimant</summary>
    public static async Task<Results<Ok<FormDocument>, ProblemHttpResult>> SendBackAsync(string form, SendBackBody body, Visit visit, IServerStore store, CancellationToken cancel)
    {
        if (new Faults().Words("reason", body.Reason).Problem is { } problem) return problem;
        return FormAnswers.Of(await store.ChangeFormAsync(visit.Organisation.OrganisationId, form, body.Revision, new FormChange.SendBack(body.Reason.Trim()), FormDesk.PersonOf(visit), cancel));
    }

    public static Part<FormDocument> PartOf(IReadOnlyList<ClaimForm> found, ListRequest part) => new([.. found.Select(FormDocument.Of)], found.Count < part.Size ? null : FormPlaces.Write(found[^1]), null);
}
