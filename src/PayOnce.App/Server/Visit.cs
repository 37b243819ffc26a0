using PayOnce.Access;
using PayOnce.App.Dashboard;

namespace PayOnce.App.Server;

/// <summary>One request as its pages and endpoints see it: whose it is, in which language, for which organisation, when.</summary>
/// <remarks>Filled by <see cref="Visits"/> and by authentication before any page or endpoint runs.</remarks>
internal sealed class Visit(TimeProvider clock)
{
    /// <summary>Without an organisation, times are Norwegian.</summary>
    public const string DefaultZone = "Europe/Oslo";

    private Organisation? organisation;

    public Language Language { get; set; } = Language.Bokmal;

    /// <summary>Whether the language link was followed in this browser: that counts more than what the user has settled.</summary>
    public bool LanguageChosenHere { get; init; }

    /// <summary>Who signed in; null for a stranger and for a program.</summary>
    public SignedInPerson? Person { get; private set; }

    /// <summary>The key that a program came with; null for people.</summary>
    public ApiToken? Token { get; private set; }

    /// <summary>Who comes, as the history and the audit trail name them: a person's name, or <c>API key NAME</c>.</summary>
    public string Actor => Person?.User.Name ?? Token?.Actor ?? throw new InvalidOperationException("Nobody is signed in.");

    /// <summary>The organisation that the address names and that whoever comes may know of; throws where the address names none.</summary>
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

    /// <summary>What the person is in <see cref="Organisation"/>; null if nothing, or where there is none.</summary>
    public UserMembership? Membership => organisation is null ? null : Person?.Memberships.FirstOrDefault(each => each.OrganisationId == organisation.OrganisationId);

    /// <summary>The zone that all times on pages are in.</summary>
    public TimeZoneInfo Zone { get; private set; } = FindZone(DefaultZone);

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>
    /// Whether the person may act for their user as such, beyond one organisation: not where an organisation's provider vouched for them,
    /// whose administrator decides whom it vouches for, unless the user has no password and so no other way in.
    /// </summary>
    public bool OwnsAccount => Person is { } person && (person.Session.OnlyOrganisation is null || !person.User.HasPassword);

    /// <summary>Whether whoever comes may know that there is such an organisation.</summary>
    public bool MayKnow(string organisationId) => Token?.OrganisationId == organisationId || Person?.Memberships.Any(each => each.OrganisationId == organisationId) == true;

    /// <summary>Whether a page offers what needs this permission, and an endpoint lets it happen.</summary>
    public bool May(Permission permission) => (Person, Token, permission) switch
    {
        (null, null, _) => false,
        (_, _, Permission.SignedIn) => true,
        ({ User.Operator: true }, _, Permission.Operate) => true,
        (_, { } token, _) => token.OrganisationId == organisation?.OrganisationId && token.Permissions.Holds(permission),
        _ => Membership?.Role.May(permission) == true,
    };

    public void SignedIn(SignedInPerson person)
    {
        Person = person;
        if (!LanguageChosenHere && Languages.Find(person.User.Language) is { } settled) Language = settled;
    }

    public void CameByToken(ApiToken token) => Token = token;

    private static TimeZoneInfo FindZone(string id) => TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : TimeZoneInfo.Utc;
}
