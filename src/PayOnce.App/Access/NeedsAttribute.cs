using Microsoft.AspNetCore.Authorization;
using PayOnce.Access;

namespace PayOnce.App.Access;

/// <summary>What a page or an endpoint asks of whoever comes; a test finds every one that has none.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class NeedsAttribute(Permission permission) : Attribute, IAuthorizeData
{
    public Permission Permission => permission;

    /// <inheritdoc/>
    public string? Policy
    {
        get => permission.ToString();
        set => throw new NotSupportedException("The permission is the policy.");
    }

    /// <inheritdoc/>
    public string? Roles { get; set; }

    /// <inheritdoc/>
    public string? AuthenticationSchemes { get; set; }
}

internal static class NeedsEndpoints
{
    /// <summary>Has every endpoint of the group or route ask for this permission.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoints, Permission permission)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new NeedsAttribute(permission));
}
