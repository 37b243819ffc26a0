namespace PayOnce.Access;

/// <summary>A program's key to one organisation: <c>po_ID_SECRET</c>. What was given out is known by its SHA-256 alone.</summary>
/// <param name="Name">One of its organisation's unrevoked tokens has it; the audit trail says "API key NAME".</param>
/// <param name="Permissions">Some of <see cref="Roles.ForTokens"/>.</param>
/// <param name="LastUsedAt">Not more than <see cref="UsedEvery"/> too old; null: never.</param>
public sealed record ApiToken(
    string OrganisationId,
    string TokenId,
    string Name,
    Permission Permissions,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? RevokedAt)
{
    /// <summary>Written no more often than this.</summary>
    public static TimeSpan UsedEvery { get; } = TimeSpan.FromHours(1);

    /// <summary>Under which name it acts.</summary>
    public string Actor => $"API key {Name}";
}

/// <summary>A token to be made. Id and secret are the host's, from randomness.</summary>
/// <param name="Sha256">Of the whole token as it is given out, lower-case hexadecimal.</param>
public sealed record NewApiToken(string TokenId, string Name, string Sha256, Permission Permissions, TimeSpan Lifetime);
