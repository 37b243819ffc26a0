using System.Net.Mime;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Privacy;
using PayOnce.App.Server;

namespace PayOnce.App.Dashboard.Downloads;

/// <summary>Everything about one claimant as a file: for an administrator whoever is asked about, for everybody else themselves.</summary>
internal static class PersonDownloads
{
    public static void MapPersonDownloads(this IEndpointRouteBuilder app)
    {
        app.MapGet("/o/{org}/settings/privacy/person.json", AnybodyAsync).Needs(Permission.Configure);
        app.MapGet("/o/{org}/my-data.json", OwnAsync).Needs(Permission.Own);
    }

    private static Task<IResult> AnybodyAsync(string? claimant, HttpContext http, Visit visit, PrivacyDesk desk) => GiveAsync(claimant, "page", http, visit, desk);

    private static Task<IResult> OwnAsync(HttpContext http, Visit visit, PrivacyDesk desk) => GiveAsync(visit.Membership?.ClaimantId, "page", http, visit, desk);

    /// <param name="by">Where it was asked for: <c>page</c> or <c>api</c>.</param>
    public static async Task<IResult> GiveAsync(string? claimant, string by, HttpContext http, Visit visit, PrivacyDesk desk)
    {
        if (string.IsNullOrEmpty(claimant) || !await desk.KnowsAsync(visit.Organisation.OrganisationId, claimant, http.RequestAborted)) return Results.NotFound();
        // Told before the first byte: what cannot be told is not given out.
        await desk.TellAsync(visit.Organisation.OrganisationId, claimant, by, visit.Actor, http.RequestAborted);
        return new Attachment($"{visit.Organisation.OrganisationId}-person.json", MediaTypeNames.Application.Json, (to, gone) => desk.WriteAsync(visit.Organisation, claimant, to, gone));
    }
}
