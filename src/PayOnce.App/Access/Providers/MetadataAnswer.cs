using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace PayOnce.App.Access.Providers;

/// <summary>What an issuer says of itself.</summary>
internal abstract record MetadataAnswer
{
    private MetadataAnswer() { }

    /// <param name="Metadata">With the keys that the issuer signs with.</param>
    public sealed record Found(OpenIdConnectConfiguration Metadata) : MetadataAnswer;

    public sealed record Unfit(ProviderFault Fault) : MetadataAnswer;
}

/// <summary>Why nobody can sign in at a provider at present.</summary>
public enum ProviderFault
{
    /// <summary>No connection, no answer in time, or a status that says no.</summary>
    Unreachable,

    /// <summary>The operator's rules do not let us connect to the address.</summary>
    Forbidden,

    /// <summary>What came was no metadata of an OpenID Connect provider, or too long.</summary>
    NoMetadata,

    /// <summary>It calls itself otherwise than the settings do.</summary>
    OtherIssuer,

    /// <summary>An endpoint is missing, or not over https.</summary>
    UnsafeEndpoint,

    /// <summary>No key to verify its signatures with.</summary>
    NoKeys,

    /// <summary>The client secret was never set, or this installation's keys do not open it.</summary>
    NoSecret,
}
