using PayOnce.Claims.Forms;
using PayOnce.Declarations;

namespace PayOnce.Stores;

/// <summary>What may be done to a form. What both stores decide alike, within the transaction that writes it.</summary>
internal static class FormSteps
{
    /// <summary>A form is a claimant's: without an id nobody would own it.</summary>
    public static string RequireClaimant(FormPerson who) => who.ClaimantId is { Length: > 0 } id ? id : throw new ArgumentException("Only a claimant has forms.", nameof(who));

    /// <summary>The form after the change, or why it is not done.</summary>
    public static (ClaimForm? Next, FormAnswer? Refused) Change(ClaimForm? form, int revision, FormChange change, FormPerson who, DateTimeOffset now, Func<string, AcknowledgementState> acknowledgementOf)
    {
        var decides = change is FormChange.SendBack;
        if (form is null || (!decides && !who.Owns(form))) return (null, FormAnswer.NotFound.Instance);
        if (decides && !who.MayDecide(form)) return (null, FormAnswer.OwnClaim.Instance);
        if (form.Revision != revision || change.Apply(form, who, now) is not { } next) return (null, new FormAnswer.Changed(form));
        if (change is FormChange.Submit && form.Kind is FormKind.DriverHonorarium && acknowledgementOf(form.ClaimantId).Gap is { } gap) return (null, new FormAnswer.NotAcknowledged(gap));
        return (next, null);
    }

    /// <summary>The form once its receipts have changed, or why they cannot.</summary>
    public static (ClaimForm? Next, FormAnswer? Refused) Touch(ClaimForm? form, int revision, FormPerson who, DateTimeOffset now) =>
        form is null || !who.Owns(form) ? (null, FormAnswer.NotFound.Instance)
        : form.Revision != revision || !form.IsOpen ? (null, new FormAnswer.Changed(form))
        : (form with { Revision = form.Revision + 1, ChangedAt = now }, null);

    /// <summary>The form once it is approved, or why it cannot be.</summary>
    /// <param name="rates">The version of the rates that stands now.</param>
    public static (ClaimForm? Next, FormAnswer? Refused) Approve(
        ClaimForm? form, FormApproval approval, FormPerson who, DateTimeOffset now, int rates, Func<string, AcknowledgementState> acknowledgementOf)
    {
        if (form is null) return (null, FormAnswer.NotFound.Instance);
        if (!who.MayDecide(form)) return (null, FormAnswer.OwnClaim.Instance);
        if (form.Revision != approval.Revision || form.State is not FormState.Submitted) return (null, new FormAnswer.Changed(form));
        if (rates != approval.RatesVersion) return (null, new FormAnswer.RatesChanged(rates));
        long? number = null;
        if (form.Kind is FormKind.DriverHonorarium)
        {
            var state = acknowledgementOf(form.ClaimantId);
            if (state.Gap is { } gap) return (null, new FormAnswer.NotAcknowledged(gap));
            number = state.Valid!.Number;
        }
        return (form with
        {
            State = FormState.Approved, Revision = form.Revision + 1, ChangedAt = now, DecidedBy = who.UserId, DecidedByName = who.Name, DecidedAt = now, Reason = null,
            AcknowledgementNumber = number, RatesVersion = rates,
        }, null);
    }

    /// <summary>Why a claim is approved no longer.</summary>
    public static string WithdrawnWith(long number) => FormattableString.Invariant($"Acknowledgement {number} of the declaration, on which it rests, was withdrawn.");

    /// <summary>A receipt in one piece; none is larger than <see cref="NewReceipt.LargestBytes"/>.</summary>
    public static ReadOnlyMemory<byte> Joined(List<byte[]> chunks)
    {
        var whole = new byte[chunks.Sum(chunk => chunk.Length)];
        var at = 0;
        foreach (var chunk in chunks)
        {
            chunk.CopyTo(whole, at);
            at += chunk.Length;
        }
        return whole;
    }
}
