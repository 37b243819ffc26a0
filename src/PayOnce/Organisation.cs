using System.Text.RegularExpressions;

namespace PayOnce;

/// <summary>The tenant: everything belongs to exactly one organisation, and nobody sees another's rows.</summary>
/// <param name="OrganisationId">1 to 32 characters of a–z, 0–9 and hyphen; first of every key in the store.</param>
/// <param name="Name">The name shown to people.</param>
/// <param name="TimeZone">IANA name, such as <c>Europe/Oslo</c>: decides what "today" and a date range mean.</param>
public sealed partial record Organisation(string OrganisationId, string Name, string TimeZone)
{
    /// <summary>The zone used when none was given.</summary>
    public const string DefaultTimeZone = "Europe/Oslo";

    /// <summary>True for an id that can stand in every key, file name and URL.</summary>
    public static bool IsValidId(string id) => IdPattern().IsMatch(id);

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\z")]
    private static partial Regex IdPattern();
}
