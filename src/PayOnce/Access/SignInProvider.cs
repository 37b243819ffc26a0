namespace PayOnce.Access;

/// <summary>An organisation's own OAuth 2 or OpenID Connect provider; at most one each.</summary>
/// <param name="Name">On the button: "Sign in with NAME".</param>
/// <param name="Issuer">OpenID Connect's issuer; for OAuth 2 an address that stands for the provider. External identities hang on it.</param>
/// <param name="Scopes">With spaces between them.</param>
/// <param name="SecretName">The client secret's name among the organisation's secrets; null for a public client.</param>
public sealed record SignInProvider(
    string Name,
    Uri Issuer,
    Uri AuthorizationEndpoint,
    Uri TokenEndpoint,
    Uri UserInfoEndpoint,
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
