using Microsoft.AspNetCore.Authorization;
using PayOnce.Access;
using PayOnce.App.Server;

namespace PayOnce.App.Access;

/// <summary>The permission that a page or an endpoint names.</summary>
internal sealed record PermissionRequirement(Permission Permission) : IAuthorizationRequirement;

/// <summary>The one place where a permission is granted.</summary>
internal sealed class PermissionHandler : AuthorizationHandler<PermissionRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (context.Resource is HttpContext http && http.Visit().May(requirement.Permission)) context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
