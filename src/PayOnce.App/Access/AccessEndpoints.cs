using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PayOnce.Access;
using PayOnce.App.Dashboard;
using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Access;

/// <summary>Forms of the frame that are no pages: signing out, and the language.</summary>
internal static class AccessEndpoints
{
    public static void MapAccess(this IEndpointRouteBuilder app)
    {
        app.MapPost("/sign-out", SignOutAsync).Needs(Permission.SignedIn).ExcludeFromDescription();
        app.MapPost("/o/{org}/settings/users/withdraw", WithdrawAsync).Needs(Permission.ManageAccess).ExcludeFromDescription();
        app.MapPost("/account/unlink", UnlinkAsync).Needs(Permission.SignedIn).ExcludeFromDescription();
        app.MapGet("/language", ChooseLanguage).AllowAnonymous().ExcludeFromDescription();
    }

    // The unread form makes the framework ask for the form's token.
    private static async Task<IResult> SignOutAsync(HttpContext http, Visit visit, IServerStore store, [FromForm] string? unused = null)
    {
        if (visit.Person is { } person) await store.EndSessionAsync(person.User.UserId, person.Session.Sha256, CancellationToken.None);
        await http.SignOutAsync(SessionCookie.Name);
        return TypedResults.LocalRedirect(SignIns.Path);
    }

    private static async Task<IResult> WithdrawAsync(Visit visit, IServerStore store, [FromForm] string invitation)
    {
        await store.WithdrawInvitationAsync(visit.Organisation.OrganisationId, invitation, visit.Actor, CancellationToken.None);
        return TypedResults.LocalRedirect($"{Addresses.Of(visit.Organisation.OrganisationId)}/settings/users");
    }

    // Only one's own link, and not the only way in.
    private static async Task<IResult> UnlinkAsync(Visit visit, IServerStore store, [FromForm] string? organisation, [FromForm] string? issuer, [FromForm] string? subject)
    {
        if (visit is not { Person: { User.HasPassword: true } person, OwnsAccount: true }) return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        var own = (await store.ListIdentitiesAsync(person.User.UserId, CancellationToken.None))
            .FirstOrDefault(each => each.OrganisationId == organisation && each.Issuer.OriginalString == issuer && each.Subject == subject);
        if (own is not null) await store.UnlinkIdentityAsync(own.OrganisationId, own.Issuer, own.Subject, visit.Actor, CancellationToken.None);
        return TypedResults.LocalRedirect("/account?Saved=1");
    }

    private static RedirectHttpResult ChooseLanguage(HttpContext http, string? to = null, string? back = null)
    {
        if (Languages.Find(to) is { } language)
        {
            http.Response.Cookies.Append(Visits.LanguageCookie, language.Tag(), new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = http.Request.IsHttps,
                MaxAge = TimeSpan.FromDays(365),
                IsEssential = true,
            });
        }
        return TypedResults.LocalRedirect(LocalAddress.Or(back, "/"));
    }
}
