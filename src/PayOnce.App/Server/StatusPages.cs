using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;

namespace PayOnce.App.Server;

/// <summary>
/// A refusal or a fault as a page in the person's language, or, under <c>/api</c>, as a problem (RFC 9457). Never a stack trace,
/// and never an empty page.
/// </summary>
internal static class StatusPages
{
    public static void UseStatusPages(this WebApplication app)
    {
        app.UseWhen(IsApi, api =>
        {
            api.UseExceptionHandler();
            api.UseStatusCodePages();
        });
        app.UseWhen(http => !IsApi(http), pages =>
        {
            pages.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandlingPath = "/trouble", CreateScopeForErrors = true, AllowStatusCode404Response = true });
            pages.UseStatusCodePagesWithReExecute("/trouble/{0}", createScopeForStatusCodePages: true);
        });
        app.Use(static (http, next) =>
        {
            // The page about the refusal is not the refused form: it is only read, and needs no token.
            if (http.Features.Get<IStatusCodeReExecuteFeature>() is not null || http.Features.Get<IExceptionHandlerFeature>() is not null)
            {
                if (!IsApi(http))
                {
                    http.Request.Method = HttpMethods.Get;
                    http.Features.Set<IAntiforgeryValidationFeature>(null);
                }
            }
            return next(http);
        });
    }

    /// <summary>A form without its token is refused before the page writes anything: otherwise the answer would be an empty one.</summary>
    public static void UseRefusedForms(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        if (http.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false }) return next(http);
        http.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    });

    private static bool IsApi(HttpContext http) => http.Request.Path.StartsWithSegments("/api");
}
