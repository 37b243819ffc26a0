using PayOnce.App.Forms;
using PayOnce.App.Server;
using PayOnce.Claims;
using PayOnce.Claims.Forms;
using PayOnce.Declarations;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard.Pages.Forms;

/// <summary>A submitted form as whoever decides about it sees it.</summary>
/// <param name="RatesVersion">By which rates its lines were computed.</param>
/// <param name="Gap">Why an honorarium cannot be approved; null if nothing stands in the way.</param>
/// <param name="Acknowledged">What an honorarium would rest on.</param>
internal sealed record ApprovalReading(ClaimForm Form, IReadOnlyList<ClaimLine> Lines, int RatesVersion, IReadOnlyList<FormFault> Faults, IReadOnlyList<YearWarning> Warnings, AcknowledgementGap? Gap, Acknowledgement? Acknowledged)
{
    /// <summary>Null for a form that is not to be seen: a draft is its claimant's alone.</summary>
    public static async Task<ApprovalReading?> ReadAsync(IServerStore store, FormDesk desk, Visit visit, string formId, CancellationToken cancel)
    {
        var org = visit.Organisation.OrganisationId;
        if (await store.FindFormAsync(org, formId, cancel) is not { State: not (FormState.Draft or FormState.Discarded) } form) return null;
        var (rates, version) = await desk.RatesAsync(org, cancel);
        var claim = form.State is FormState.Approved ? (await store.FindClaimAsync(org, formId, cancel))?.Claim : null;
        var lines = claim is null ? FormLines.Of(form.Kind, form.Content, rates).Lines : ClaimLines.Read(claim.Lines.Span);
        var state = form.Kind is FormKind.DriverHonorarium && form.State is FormState.Submitted ? await store.FindAcknowledgementStateAsync(org, form.ClaimantId, cancel) : null;
        return new(
            form, lines, version, form.State is FormState.Submitted ? await desk.CheckAsync(visit, form, cancel) : [], await desk.WarningsAsync(visit, form, lines, cancel), state?.Gap,
            form.AcknowledgementNumber is { } number && form.State is FormState.Approved ? await store.FindAcknowledgementAsync(org, number, cancel) : state?.Valid);
    }
}
