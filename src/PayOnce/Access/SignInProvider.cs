namespace PayOnce.Access;

/// <summary>
/// An organisation's own OpenID Connect provider; at most one each. Where its endpoints and keys are is asked of the issuer itself
/// (OpenID Connect Discovery 1.0), so that they may change without anybody here.
/// </summary>
/// <param name="Name">On the button: "Sign in with NAME".</param>
/// <param name="Issuer">As the provider writes it in what it signs, to the letter. External identities hang on it.</param>
/// <param name="Scopes">With spaces between them.</param>
/// <param name="SecretName">The client secret's name among the organisation's secrets; null for a public client.</param>
public sealed record SignInProvider(
    string Name,
    Uri Issuer,
    string ClientId,
    string Scopes,
    string? SecretName);

/// <summary>A provider as it is kept.</summary>
/// <param name="Version">
/// The number of the audit event that tells of the change: it only rises within the organisation, also when a provider is removed
/// and another set, so that whoever kept an older version notices.
/// </param>
public sealed record StoredSignInProvider(string OrganisationId, SignInProvider Provider, long Version);

/// <summary>A provider's account that signs a user in to the provider's organisation. Linked by the user, never by a like e-mail address.</summary>
public sealed record ExternalIdentity(string OrganisationId, Uri Issuer, string Subject, string UserId, DateTimeOffset LinkedAt);
