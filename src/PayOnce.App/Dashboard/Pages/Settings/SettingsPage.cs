using PayOnce.App.Dashboard.Parts;
using PayOnce.App.Server;

namespace PayOnce.App.Dashboard.Pages.Settings;

/// <summary>A page about settings: what was typed into its form, and what was wrong with it.</summary>
/// <remarks>
/// What shows settings needs only reading; what changes them is a page of its own, so that its permission stands before its form, too.
/// </remarks>
public abstract class SettingsPage : OrganisationPage
{
    protected string Home => Root + "/settings";

    protected IReadOnlyList<FieldError> Errors { get; private set; } = [];

    /// <summary>A field as it was just sent; null where the page was only asked for.</summary>
    protected string? Typed(string name) => FormText.Typed(Http, name);

    protected string? ErrorOf(string field) => Errors.FirstOrDefault(error => error.Field == field)?.Message;

    /// <summary>Nothing was changed: the page comes back with what was typed and what is wrong.</summary>
    protected void SendBack(params IReadOnlyList<FieldError> errors)
    {
        Errors = errors;
        Http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
    }
}

/// <summary>Text from forms.</summary>
internal static class FormText
{
    /// <summary>A field of the form that was sent; null where none was, or where it lacks the field.</summary>
    public static string? Typed(HttpContext http, string name) =>
        HttpMethods.IsPost(http.Request.Method) && http.Request.HasFormContentType && http.Request.Form.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>Every value of a field that may stand several times, as checkboxes do.</summary>
    public static IReadOnlyList<string> All(HttpContext http, string name) =>
        HttpMethods.IsPost(http.Request.Method) && http.Request.HasFormContentType ? [.. http.Request.Form[name].OfType<string>()] : [];

    /// <summary>The version that a form was made of; -1, which no version is, where a form says none.</summary>
    public static int Version(HttpContext http) => int.TryParse(Typed(http, "version"), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var version) ? version : -1;
}
