using PayOnce.Access;
using PayOnce.App.Dashboard;

namespace PayOnce.App.Server;

/// <summary>One request as its pages and endpoints see it: in which language, for which organisation, when.</summary>
/// <remarks>Filled by <see cref="Visits"/> before any page or endpoint runs.</remarks>
internal sealed class Visit(TimeProvider clock)
{
    /// <summary>Without an organisation, times are Norwegian.</summary>
    public const string DefaultZone = "Europe/Oslo";

    private Organisation? organisation;

    public Language Language { get; set; } = Language.Bokmal;

    /// <summary>The organisation that the address names, which exists; throws where the address names none.</summary>
    public Organisation Organisation
    {
        get => organisation ?? throw new InvalidOperationException("This address names no organisation.");
        set
        {
            organisation = value;
            Zone = FindZone(value.TimeZone);
        }
    }

    public bool HasOrganisation => organisation is not null;

    /// <summary>The zone that all times on pages are in.</summary>
    public TimeZoneInfo Zone { get; private set; } = FindZone(DefaultZone);

    /// <summary>Who comes, as the history and the audit trail name them: a person's name, or <c>API key NAME</c>.</summary>
    public string Actor { get; set; } = "";

    /// <summary>What they are in <see cref="Organisation"/>; null if nothing, or where there is none.</summary>
    public Role? Role { get; set; }

    /// <summary>Whether a page offers what needs this permission; the endpoint asks again.</summary>
    public bool May(Permission permission) => Role is { } role && role.May(permission);

    public DateTimeOffset Now => clock.GetUtcNow();

    private static TimeZoneInfo FindZone(string id) => TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : TimeZoneInfo.Utc;
}
