using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http.Features;
using PayOnce.App.Dashboard;
using PayOnce.Stores;

namespace PayOnce.App.Server;

/// <summary>Fills the <see cref="Visit"/>: language before everything else, the organisation once the route is known.</summary>
internal static class Visits
{
    /// <summary>Kept by the language link of every page.</summary>
    public const string LanguageCookie = "payonce-language";

    /// <summary>The visit of this request; there from the first middleware on.</summary>
    public static Visit Visit(this HttpContext http) => http.Features.GetRequiredFeature<Visit>();

    public static void UseLanguage(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        var (language, chosen) = Asked(http.Request);
        // A page about a refusal is rendered in a scope of its own, and is the same visit.
        var visit = new Visit(http.RequestServices.GetRequiredService<TimeProvider>()) { Language = language, LanguageChosenHere = chosen };
        http.Features.Set(visit);
        http.Response.OnStarting(() =>
        {
            if (http.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) != true) return Task.CompletedTask;
            http.Response.Headers.ContentLanguage = visit.Language.Tag();
            http.Response.Headers.Append("Vary", "Accept-Language, Cookie");
            return Task.CompletedTask;
        });
        return next(http);
    });

    /// <summary>
    /// An organisation that does not exist, one whose id cannot exist, and one that whoever comes does not belong to are the same: not
    /// found. A stranger is asked to sign in, whatever the address names.
    /// </summary>
    public static void UseOrganisation(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        if (http.GetRouteValue("org") is string id && http.User.Identity?.IsAuthenticated == true)
        {
            var visit = http.Visit();
            var organisation = Organisation.IsValidId(id) && visit.MayKnow(id)
                ? await http.RequestServices.GetRequiredService<IServerStore>().FindOrganisationAsync(id, http.RequestAborted)
                : null;
            if (organisation is null)
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }
            visit.Organisation = organisation;
        }
        await next(http);
    });

    // The cookie first; then the browser's languages in their order. Every kind of Norwegian, and what we do not have, is bokmål.
    private static (Language Language, bool Chosen) Asked(HttpRequest request)
    {
        if (Languages.Find(request.Cookies[LanguageCookie]) is { } chosen) return (chosen, true);
        var wanted = request.Headers.AcceptLanguage.ToString().Split(',')
            .Select(text => StringWithQualityHeaderValue.TryParse(text, out var value) ? value : null)
            .Where(value => value is not null).OrderByDescending(value => value!.Quality ?? 1);
        foreach (var value in wanted)
        {
            if (Languages.Find(value!.Value.Split('-')[0]) is { } known) return (known, false);
        }
        return (Language.Bokmal, false);
    }
}
