using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using PayOnce.Access;
using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Access;

/// <summary>
/// The cookie of somebody who signed in. It holds a session's secret and nothing else: who that is and what they may is read from
/// the store each time, so that an ended session is over at once on every node.
/// </summary>
internal static class SessionCookie
{
    public const string Name = "payonce-session";

    private const string SecretClaim = "session";

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = Name;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        // The store's session says when it is over.
        options.ExpireTimeSpan = Session.DefaultDuration;
        options.SlidingExpiration = false;
        options.LoginPath = SignIns.Path;
        options.ReturnUrlParameter = SignIns.BackParameter;
        options.Events = new CookieAuthenticationEvents
        {
            OnValidatePrincipal = ValidateAsync,
            OnRedirectToLogin = static context =>
            {
                if (context.Request.Path.StartsWithSegments("/api")) context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                else context.Response.Redirect(context.RedirectUri);
                return Task.CompletedTask;
            },
            OnRedirectToAccessDenied = static context =>
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            },
        };
    }

    /// <summary>Sets the cookie of a session that the store has begun.</summary>
    public static Task SignInAsync(HttpContext http, string secret) =>
        http.SignInAsync(Name, new ClaimsPrincipal(new ClaimsIdentity([new Claim(SecretClaim, secret)], Name)), new AuthenticationProperties { IsPersistent = false });

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var http = context.HttpContext;
        var store = http.RequestServices.GetRequiredService<IServerStore>();
        if (context.Principal?.FindFirstValue(SecretClaim) is { } secret
            && await store.FindSessionAsync(Secret.Sha256(secret), Session.DefaultIdle, http.RequestAborted) is { } person)
        {
            http.Visit().SignedIn(person);
            return;
        }
        context.RejectPrincipal();
        await http.SignOutAsync(Name);
    }
}
