namespace PayOnce.Access;

/// <summary>What a one-time link grants.</summary>
public enum LinkPurpose
{
    /// <summary>The first user of the installation, an operator.</summary>
    FirstAdministrator,

    /// <summary>A role in an organisation.</summary>
    Invitation,

    /// <summary>A new password.</summary>
    PasswordReset,
}

/// <summary>A link that grants something once. Opening it shows a form and grants nothing (scanners of mail open links); sending the form does.</summary>
/// <param name="Sha256">Of the secret in the link, lower-case hexadecimal; names an invitation in pages too.</param>
/// <param name="Email">To whom an invitation was sent.</param>
/// <param name="UserId">Whose password is reset.</param>
/// <param name="OrganisationId">Of an invitation; with it <paramref name="Role"/> and, for claimants, <paramref name="ClaimantId"/>.</param>
public sealed record OneTimeLink(
    string Sha256,
    LinkPurpose Purpose,
    string? Email,
    string? UserId,
    string? OrganisationId,
    Role? Role,
    string? ClaimantId,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt);

/// <summary>Somebody to be invited.</summary>
/// <param name="Lifetime">For how long the link can be used, by the store's clock.</param>
public sealed record Invitation(string Sha256, string Email, Role Role, string? ClaimantId, TimeSpan Lifetime);

/// <summary>The purposes as the store keeps them.</summary>
public static class LinkPurposes
{
    public static string Text(this LinkPurpose purpose) => purpose switch
    {
        LinkPurpose.FirstAdministrator => "first_administrator",
        LinkPurpose.Invitation => "invitation",
        LinkPurpose.PasswordReset => "password_reset",
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, null),
    };

    public static LinkPurpose Parse(string text) => text switch
    {
        "first_administrator" => LinkPurpose.FirstAdministrator,
        "invitation" => LinkPurpose.Invitation,
        "password_reset" => LinkPurpose.PasswordReset,
        _ => throw new FormatException($"\"{text}\" is no purpose of a link."),
    };
}
