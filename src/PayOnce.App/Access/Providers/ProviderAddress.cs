namespace PayOnce.App.Access.Providers;

/// <summary>Which addresses a sign-in provider may have.</summary>
internal static class ProviderAddress
{
    public const int Longest = 500;

    /// <summary>Over anything but TLS whoever sits in between could sign in as anybody; this machine is for trying out.</summary>
    public static bool IsSafe(Uri address) => (address.Scheme == Uri.UriSchemeHttps || address is { Scheme: "http", IsLoopback: true }) && address.UserInfo.Length == 0;

    /// <summary>An issuer as it is typed; null if it cannot be one: it has no query and no fragment (OpenID Connect Discovery 1.0 §3).</summary>
    public static Uri? Issuer(string? text) =>
        text is { Length: > 0 and <= Longest } && Uri.TryCreate(text, UriKind.Absolute, out var address) && IsSafe(address) && address.Query.Length == 0 && address.Fragment.Length == 0 ? address : null;

    /// <summary>Where an issuer tells of itself (OpenID Connect Discovery 1.0 §4).</summary>
    public static Uri Discovery(Uri issuer) => new(issuer.OriginalString.TrimEnd('/') + "/.well-known/openid-configuration");

    /// <summary>An endpoint as the metadata of an issuer names it; null if it is none that may be used. What is safe by its issuer stays so by its endpoints.</summary>
    public static Uri? Endpoint(string? text, Uri issuer) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && IsSafe(address) && (address.Scheme == Uri.UriSchemeHttps || issuer.Scheme == Uri.UriSchemeHttp) ? address : null;
}
