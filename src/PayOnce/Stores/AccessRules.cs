using PayOnce.Access;

namespace PayOnce.Stores;

/// <summary>What both stores decide alike.</summary>
internal static class AccessRules
{
    /// <summary>What a session reaches: a sign-in at an organisation's provider reaches that organisation alone, and does not operate the installation.</summary>
    public static SignedInPerson Reached(Session session, User user, IReadOnlyList<UserMembership> memberships) => session.OnlyOrganisation is { } only
        ? new(session, user with { Operator = false }, [.. memberships.Where(each => each.OrganisationId == only)])
        : new(session, user, memberships);

    /// <summary>A claimant's own claims are all they have: without an id they would have nothing, or everything.</summary>
    public static void RequireClaimant(Role role, string? claimantId)
    {
        if (role == Role.Claimant && string.IsNullOrEmpty(claimantId)) throw new ArgumentException("A claimant needs a claimant's id.", nameof(claimantId));
    }

    /// <summary>A token that could do nothing, or make others, is a bug of whoever asks for it.</summary>
    public static void RequireTokenPermissions(Permission permissions)
    {
        if (permissions == Permission.None || (permissions & ~Roles.ForTokens) != Permission.None)
            throw new ArgumentException($"No token may have the permissions \"{permissions.Text()}\".", nameof(permissions));
    }

    /// <summary>What using a link comes to when what it grants was refused.</summary>
    public static LinkAnswer Refused(MembershipAnswer answer) => answer switch
    {
        MembershipAnswer.ClaimantTaken taken => new LinkAnswer.ClaimantTaken(taken.UserId),
        MembershipAnswer.LastAdministrator => new LinkAnswer.LastAdministrator(),
        MembershipAnswer.NoSuchUser => new LinkAnswer.NotValid(),
        _ => throw new InvalidOperationException("It was granted."),
    };

    /// <summary>What a token is worth that has the right id and the right secret.</summary>
    public static TokenAnswer Worth(ApiToken token, DateTimeOffset now) => token switch
    {
        { RevokedAt: not null } => new TokenAnswer.Revoked(token),
        _ when token.ExpiresAt <= now => new TokenAnswer.Expired(token),
        _ => new TokenAnswer.Valid(token),
    };

    /// <summary>Uri's own equality leaves the fragment out and lower-cases the host; what is kept is the text.</summary>
    public static bool Same(SignInProvider one, SignInProvider other) => one == other && one.Issuer.OriginalString == other.Issuer.OriginalString;
}

/// <summary>A user with what decides whether their password is looked at.</summary>
internal sealed record Credentials(User User, string? PasswordHash, int FailedSignIns, DateTimeOffset? LockedUntil)
{
    /// <summary>One more try: how many then have failed, and until when the account is locked. After a lock-out the counting starts anew.</summary>
    public (int Failed, DateTimeOffset? LockedUntil) CountTry(LockOut rule, DateTimeOffset now)
    {
        var failed = LockedUntil is null ? FailedSignIns + 1 : 1;
        return (failed, failed >= rule.Failures ? now + rule.Duration : null);
    }
}
