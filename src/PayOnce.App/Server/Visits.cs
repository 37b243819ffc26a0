using System.Net.Http.Headers;
using PayOnce.App.Dashboard;
using PayOnce.Stores;

namespace PayOnce.App.Server;

/// <summary>Fills the <see cref="Visit"/>: language before everything else, the organisation once the route is known.</summary>
internal static class Visits
{
    /// <summary>Kept by the language link of every page.</summary>
    public const string LanguageCookie = "payonce-language";

    public static void UseLanguage(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        var language = Asked(http.Request);
        // A page about a refusal is rendered in a scope of its own, and is the same visit.
        http.Features.Set(new Visit(http.RequestServices.GetRequiredService<TimeProvider>()) { Language = language });
        http.Response.OnStarting(() =>
        {
            if (http.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) != true) return Task.CompletedTask;
            http.Response.Headers.ContentLanguage = language.Tag();
            http.Response.Headers.Append("Vary", "Accept-Language, Cookie");
            return Task.CompletedTask;
        });
        return next(http);
    });

    /// <summary>An organisation that does not exist and one whose id cannot exist are the same: not found.</summary>
    public static void UseOrganisation(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        if (http.GetRouteValue("org") is string id)
        {
            var store = http.RequestServices.GetRequiredService<IServerStore>();
            if (!Organisation.IsValidId(id) || await store.FindOrganisationAsync(id, http.RequestAborted) is not { } organisation)
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }
            http.RequestServices.GetRequiredService<Visit>().Organisation = organisation;
        }
        await next(http);
    });

    // The cookie first; then the browser's languages in their order. Every kind of Norwegian, and what we do not have, is bokmål.
    private static Language Asked(HttpRequest request)
    {
        if (Languages.Find(request.Cookies[LanguageCookie]) is { } chosen) return chosen;
        var wanted = request.Headers.AcceptLanguage.ToString().Split(',')
            .Select(text => StringWithQualityHeaderValue.TryParse(text, out var value) ? value : null)
            .Where(value => value is not null).OrderByDescending(value => value!.Quality ?? 1);
        foreach (var value in wanted)
        {
            if (Languages.Find(value!.Value.Split('-')[0]) is { } known) return known;
        }
        return Language.Bokmal;
    }
}
