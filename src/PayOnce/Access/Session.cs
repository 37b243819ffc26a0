namespace PayOnce.Access;

/// <summary>One browser that is signed in. Its cookie holds the secret whose SHA-256 this is, so that a copy of the database opens nothing.</summary>
/// <param name="Sha256">Lower-case hexadecimal; names the session in pages too.</param>
/// <param name="OnlyOrganisation">
/// Set by a sign-in at that organisation's own provider, whose administrator decides whom it vouches for: such a session reaches no
/// other organisation of the user, and does not operate the installation. Null: everything the user may.
/// </param>
/// <param name="Client">What the browser said it was, for the user to tell their sessions apart.</param>
/// <param name="LastSeenAt">Not more than <see cref="SeenEvery"/> too old.</param>
public sealed record Session(string Sha256, string UserId, string? OnlyOrganisation, string? Client, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset EndsAt)
{
    /// <summary>Written no more often than this, so that reading pages does not write.</summary>
    public static TimeSpan SeenEvery { get; } = TimeSpan.FromMinutes(5);

    /// <summary>The default time to the absolute end.</summary>
    public static TimeSpan DefaultDuration { get; } = TimeSpan.FromDays(14);

    /// <summary>The default time without a request: twenty hours, below which a page must warn of losing what was typed (WCAG 2.2.6).</summary>
    public static TimeSpan DefaultIdle { get; } = TimeSpan.FromHours(20);
}

/// <summary>A session to begin.</summary>
/// <param name="Duration">To its absolute end, by the store's clock.</param>
public sealed record NewSession(string Sha256, TimeSpan Duration, string? OnlyOrganisation = null, string? Client = null);

/// <summary>Who a request is from: read afresh each time, so that a role that was taken away or a session that was ended counts at once on every node.</summary>
/// <param name="User">As they may act in this session: <see cref="User.Operator"/> is false where <see cref="Session.OnlyOrganisation"/> is set.</param>
/// <param name="Memberships">Those the session reaches, ordered by organisation.</param>
public sealed record SignedInPerson(Session Session, User User, IReadOnlyList<UserMembership> Memberships)
{
    /// <summary>An organisation's name, if the session reaches it; otherwise its id.</summary>
    public string NameOf(string organisationId) => Memberships.FirstOrDefault(each => each.OrganisationId == organisationId)?.OrganisationName ?? organisationId;
}
