using Microsoft.Net.Http.Headers;

namespace PayOnce.App.Access;

/// <summary>
/// A browser sends its cookie along with whatever another site makes it send. Pages' forms carry a token of ours against that; an
/// API call with a cookie must show that it comes from our own pages: browsers say so in <c>Sec-Fetch-Site</c>, older ones in <c>Origin</c>.
/// </summary>
internal static class SameSite
{
    public static void UseSameSite(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        var request = http.Request;
        if (!request.Path.StartsWithSegments("/api") || http.User.Identity is not { IsAuthenticated: true, AuthenticationType: SessionCookie.Name } || IsSafe(request.Method) || IsOurs(request)) return next(http);
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    });

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static bool IsOurs(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() switch
    {
        "same-origin" => true,
        "" => request.Headers[HeaderNames.Origin].ToString() == $"{request.Scheme}://{request.Host}",
        _ => false,
    };
}
