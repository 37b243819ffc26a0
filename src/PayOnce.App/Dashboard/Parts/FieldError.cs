namespace PayOnce.App.Dashboard.Parts;

/// <summary>Something a person has to change before a form can be taken.</summary>
/// <param name="Field">The element's id.</param>
/// <param name="Message">A whole sentence, the same as beside the field.</param>
public sealed record FieldError(string Field, string Message);
