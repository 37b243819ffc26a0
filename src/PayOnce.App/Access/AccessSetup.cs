using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using PayOnce.Access;
using PayOnce.App.Access.Providers;
using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Access;

/// <summary>Who comes, and whether they may. Roles are read from the store with each request: what was taken away counts at once on every node.</summary>
internal static class AccessSetup
{
    private const string ByWhatCame = "by-what-came";

    public static void AddAccess(this IServiceCollection services, ServerParts parts)
    {
        services.AddAuthentication(ByWhatCame)
            .AddPolicyScheme(ByWhatCame, displayName: null, options => options.ForwardDefaultSelector = static http =>
                http.Request.Headers.Authorization.Count > 0 ? TokenScheme.Name : SessionCookie.Name)
            .AddScheme<AuthenticationSchemeOptions, TokenScheme>(TokenScheme.Name, _ => { })
            .AddCookie(SessionCookie.Name, SessionCookie.Configure);
        services.AddAuthorization(options =>
        {
            foreach (var permission in Enum.GetValues<Permission>().Where(each => each != Permission.None))
                options.AddPolicy(permission.ToString(), policy => policy.RequireAuthenticatedUser().AddRequirements(new PermissionRequirement(permission)));
        });
        services.AddSingleton<IAuthorizationHandler, PermissionHandler>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = parts.PasswordRounds);
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddSingleton<SignIns>();
        services.AddSingleton<ProviderMetadata>();
        services.AddSingleton<ProviderSignIns>();

        services.AddDataProtection().SetApplicationName("payonce");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(each => new ConfigureOptions<KeyManagementOptions>(options =>
        {
            options.XmlRepository = new KeyRing(each.GetRequiredService<IServerStore>());
            options.XmlEncryptor = new KeyRingEncryptor(each.GetRequiredService<ServerParts>());
        }));
    }

    /// <summary>Authentication, the organisation of the address, and the permission, in this order: a stranger is asked to sign in before anything is looked up.</summary>
    public static void UseAccess(this IApplicationBuilder app)
    {
        app.UseAuthentication();
        // Behind it, since each caller has limits of their own; before everything else, since a forged key is tried by asking often.
        app.UseRateLimiter();
        app.UseOrganisation();
        app.UseSameSite();
        app.UseAuthorization();
    }
}
