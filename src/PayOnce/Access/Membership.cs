namespace PayOnce.Access;

/// <summary>What a user is in one organisation.</summary>
/// <param name="ClaimantId">Whose claims are their own; always there for <see cref="Access.Role.Claimant"/>, and of one member only.</param>
public sealed record Membership(string OrganisationId, string UserId, Role Role, string? ClaimantId);

/// <summary>One of the organisations of a user, with its name.</summary>
public sealed record UserMembership(string OrganisationId, string OrganisationName, Role Role, string? ClaimantId);

/// <summary>One of the users of an organisation.</summary>
public sealed record Member(string UserId, string Email, string Name, bool Disabled, DateTimeOffset? LastSignedInAt, Role Role, string? ClaimantId, DateTimeOffset Since);
