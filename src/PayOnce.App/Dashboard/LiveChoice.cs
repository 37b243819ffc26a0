using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PayOnce.Access;
using PayOnce.App.Access;

namespace PayOnce.App.Dashboard;

/// <summary>Whether pages change by themselves: each person's own choice (WCAG 2.2.2), kept until it is changed.</summary>
internal static class LiveChoice
{
    private const string Cookie = "payonce-live";
    private static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    public static bool Follows(HttpRequest request) => request.Cookies[Cookie] is not "off";

    public static void MapLiveChoice(this IEndpointRouteBuilder app) =>
        app.MapPost("/live", Choose).Needs(Permission.SignedIn).ExcludeFromDescription();

    private static RedirectHttpResult Choose([FromForm] string? live, [FromForm] string? back, HttpContext http)
    {
        if (live is "off")
        {
            http.Response.Cookies.Append(Cookie, "off", new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = Kept, IsEssential = true });
        }
        else
        {
            http.Response.Cookies.Delete(Cookie);
        }
        return TypedResults.LocalRedirect(RedirectHttpResult.IsLocalUrl(back) ? back! : "/");
    }
}
