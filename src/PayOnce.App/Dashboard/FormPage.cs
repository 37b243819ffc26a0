using PayOnce.App.Dashboard.Parts;
using PayOnce.Guard;

namespace PayOnce.App.Dashboard;

/// <summary>A page with a form that comes back with what was typed where something is wrong.</summary>
public abstract class FormPage : OrganisationPage
{
    private readonly List<FieldError> errors = [];

    /// <summary>What is wrong, in the order of the fields.</summary>
    protected IReadOnlyList<FieldError> Errors => errors;

    /// <summary>The page was posted to.</summary>
    protected bool IsPosted => HttpMethods.IsPost(Http.Request.Method) && Http.Request.HasFormContentType;

    /// <summary>A field as it was typed, without blanks at its ends; empty where there is none.</summary>
    protected string Typed(string name) => IsPosted ? Http.Request.Form[name].ToString().Trim() : "";

    /// <summary>What stands wrong beside a field; null if nothing does.</summary>
    protected string? ErrorOf(string field) => errors.FirstOrDefault(error => error.Field == field)?.Message;

    /// <summary>Notes what is wrong with a field, and answers that the form was understood and not taken.</summary>
    protected void Refuse(string field, string message)
    {
        errors.Add(new FieldError(field, message));
        Http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
    }

    /// <summary>A text that stays in the audit trail: there, not too long, and one that prints.</summary>
    internal bool Keeps(string field, string typed, string label, string missing, Words words, int longest = DoubleExportGuard.LongestReason)
    {
        if (typed.Length == 0) Refuse(field, missing);
        else if (typed.Length > longest) Refuse(field, words.TooLong(label, longest));
        else if (typed.Any(char.IsControl)) Refuse(field, words.OnlyOrdinaryText(label));
        else return true;
        return false;
    }
}
