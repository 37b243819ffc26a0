using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard;

/// <summary>Whether pages change by themselves: each person's own choice (WCAG 2.2.2), kept with the account until it is changed.</summary>
internal static class LiveChoice
{
    public static bool Follows(Visit visit) => visit.Person?.User.LiveUpdates ?? true;

    public static void MapLiveChoice(this IEndpointRouteBuilder app) =>
        app.MapPost("/live", ChooseAsync).Needs(Permission.SignedIn).ExcludeFromDescription();

    private static async Task<RedirectHttpResult> ChooseAsync([FromForm] string? live, [FromForm] string? back, IServerStore store, Visit visit, HttpContext http)
    {
        if (visit.Person is { User: var user }) await store.ChangeProfileAsync(user.UserId, user.Name, user.Language, liveUpdates: live is not "off", http.RequestAborted);
        return TypedResults.LocalRedirect(RedirectHttpResult.IsLocalUrl(back) ? back! : "/");
    }
}
