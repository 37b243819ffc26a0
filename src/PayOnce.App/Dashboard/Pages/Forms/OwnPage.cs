using PayOnce.App.Dashboard.Parts;
using PayOnce.App.Forms;
using PayOnce.App.Server;
using PayOnce.Claims.Forms;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard.Pages.Forms;

/// <summary>A page about claims while they are forms.</summary>
public abstract class OwnPage : FormPage
{
    protected string Mine => Root + "/my-claims";

    protected string ToApprove => Root + "/approvals";

    /// <summary>A number that a form carries: the revision that was seen, a version; -1, which none is, where it says none.</summary>
    protected int Carried(string name) => int.TryParse(Typed(name), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : -1;

    protected static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Says what stood in the way of something that was asked for.</summary>
    /// <param name="field">Where the page shows it.</param>
    internal void Refuse(string field, FormAnswer answer, Words words) => Refuse(field, answer switch
    {
        FormAnswer.OwnClaim => words.OwnClaimText,
        FormAnswer.NotAcknowledged missing => words.Gap(missing.Gap),
        FormAnswer.RatesChanged => words.RatesChangedText,
        FormAnswer.ClaimExists => words.ClaimExistsText,
        FormAnswer.TooManyReceipts => words.TooManyReceipts,
        _ => words.FormChangedMeanwhile,
    });
}
