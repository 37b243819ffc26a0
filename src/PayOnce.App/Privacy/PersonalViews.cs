using System.Globalization;
using PayOnce.App.Dashboard;
using PayOnce.App.Server;
using PayOnce.Audit;
using PayOnce.Privacy;
using PayOnce.Stores;

namespace PayOnce.App.Privacy;

/// <summary>
/// Which pages and endpoints show personal data of claimants, and the note of it in the audit trail where the organisation asks for
/// that. The note is written before anything is shown: what cannot be noted is not shown. What people see of their own alone is not noted.
/// </summary>
internal static class PersonalViews
{
    private const string Page = "/o/{org}";
    private const string Api = PayOnce.App.Api.ApiSetup.Root + PayOnce.App.Api.ApiSetup.OneOrganisation;

    /// <summary>What a route shows, by its pattern: the kind, and the route value that says which, if it is one.</summary>
    private static readonly Dictionary<string, (string What, string? Subject, string? Value)> Shown = new(StringComparer.OrdinalIgnoreCase)
    {
        [Page + "/claims"] = ("claims", null, null),
        [Page + "/claims.csv"] = ("claims", null, null),
        [Page + "/claims/{claim}"] = ("claim", "claim", "claim"),
        [Page + "/claims/{claim}/re-export"] = ("claim", "claim", "claim"),
        [Page + "/claims/{claim}/re-export/{generation:int}"] = ("claim", "claim", "claim"),
        [Page + "/claims/{claim}/withdraw"] = ("claim", "claim", "claim"),
        [Page + "/in-doubt"] = ("claims", null, null),
        [Page + "/in-doubt/{claim}"] = ("claim", "claim", "claim"),
        [Page + "/in-doubt/{claim}/decide"] = ("claim", "claim", "claim"),
        [Page + "/in-doubt/{claim}/decided/{generation:int}"] = ("claim", "claim", "claim"),
        [Page + "/runs/{runId:long}"] = ("run", "run", "runId"),
        [Page + "/runs/{runId:long}/print"] = ("run", "run", "runId"),
        [Page + "/runs/{run:long}/report.csv"] = ("run", "run", "run"),
        [Page + "/runs/{run:long}/file"] = ("file", "run", "run"),
        [Page + "/preview"] = ("preview", null, null),
        [Page + "/search"] = ("search", null, null),
        [Page + "/approvals"] = ("forms", null, null),
        [Page + "/approvals/{form}"] = ("form", "form", "form"),
        [Page + "/approvals/{form}/approve"] = ("form", "form", "form"),
        [Page + "/approvals/{form}/send-back"] = ("form", "form", "form"),
        [Page + "/my-claims/{form}/receipts/{number:int}"] = ("receipt", "form", "form"),
        [Page + "/settings/declaration"] = ("acknowledgements", null, null),
        [Page + "/settings/declaration/acknowledgements/{number:long}"] = ("acknowledgement", "acknowledgement", "number"),
        [Page + "/settings/mapping"] = ("preview", null, null),
        [Page + "/settings/mapping/edit"] = ("preview", null, null),
        [Page + "/settings/privacy/person"] = ("person", null, null),
        [Page + "/start/first-export"] = ("preview", null, null),
        [Page + "/sync/check"] = ("preview", null, null),
        [Api + "/claims"] = ("claims", null, null),
        [Api + "/claims/{claim}"] = ("claim", "claim", "claim"),
        [Api + "/claims/{claim}/re-export"] = ("claim", "claim", "claim"),
        [Api + "/claims/{claim}/withdraw"] = ("claim", "claim", "claim"),
        [Api + "/claims/{claim}/decision"] = ("claim", "claim", "claim"),
        [Api + "/in-doubt"] = ("claims", null, null),
        [Api + "/runs/{run:long:min(1)}/claims"] = ("run", "run", "run"),
        [Api + "/runs/{run:long:min(1)}/acknowledgements"] = ("run", "run", "run"),
        [Api + "/runs/{run:long:min(1)}/rejected"] = ("run", "run", "run"),
        [Api + "/runs/{run:long:min(1)}/skipped-duplicates"] = ("run", "run", "run"),
        [Api + "/runs/{run:long:min(1)}/attempts"] = ("run", "run", "run"),
        [Api + "/runs/{run:long:min(1)}/file"] = ("file", "run", "run"),
        [Api + "/search"] = ("search", null, null),
        [Api + "/sync/dry-run"] = ("preview", null, null),
        [Api + "/integration/preview"] = ("preview", null, null),
        [Api + "/claim-forms"] = ("forms", null, null),
        [Api + "/claim-forms/{form}"] = ("form", "form", "form"),
        [Api + "/claim-forms/{form}/approve"] = ("form", "form", "form"),
        [Api + "/claim-forms/{form}/send-back"] = ("form", "form", "form"),
        [Api + "/claim-forms/{form}/receipts/{number:int}"] = ("receipt", "form", "form"),
        [Api + "/declaration/acknowledgements"] = ("acknowledgements", null, null),
        [Api + "/declaration/acknowledgements/{acknowledgement:long}"] = ("acknowledgement", "acknowledgement", "acknowledgement"),
        [Api + "/declaration/acknowledgements/{acknowledgement:long}/withdraw"] = ("acknowledgement", "acknowledgement", "acknowledgement"),
    };

    /// <summary>Whether the route with this pattern shows claimants' personal data.</summary>
    public static bool Shows(string pattern) => Shown.ContainsKey(Plain(pattern));

    /// <summary>Every pattern that is known to show some.</summary>
    public static IEnumerable<string> Patterns => Shown.Keys;

    /// <summary>Behind the permission, so that only those are noted who are let in.</summary>
    public static void UsePersonalViews(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        if (http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern } && Shown.TryGetValue(Plain(pattern), out var shown) && http.Visit() is { HasOrganisation: true } visit)
        {
            var store = http.RequestServices.GetRequiredService<IServerStore>();
            var by = http.Request.Path.StartsWithSegments(Api[..4]) ? "api" : "page";
            await NoteAsync(store, visit.Organisation.OrganisationId, shown.What, Subject(http, shown.Subject, shown.Value) ?? shown.What, by, visit.Actor, http.RequestAborted);
        }
        await next(http);
    });

    /// <summary>A group's own address ends with a slash, and one that begins without is the same.</summary>
    public static string Plain(string pattern) => "/" + pattern.Trim('/');

    /// <summary>Notes a view if the organisation asks for it. Whoever shows the data does so after this has returned, and not if it throws.</summary>
    public static async Task NoteAsync(IServerStore store, string org, string what, string subject, string by, string actor, CancellationToken cancel)
    {
        if (!PrivacySettings.FromStored((await store.FindSettingAsync(org, SettingTopics.Privacy, cancel))?.Value).RecordViews) return;
        await store.NoteViewAsync(org, AuditEntries.PersonalDataViewed(what, subject, by, actor), cancel);
    }

    // A list of one claimant is about them; any other is the list.
    private static string? Subject(HttpContext http, string? subject, string? value)
    {
        if (subject is null) return (http.Request.Query["claimant"] is [{ Length: > 0 } one] ? one : http.Request.Query["claimantId"] is [{ Length: > 0 } other] ? other : null) is { } claimant ? $"claimant {Cut(claimant)}" : null;
        var id = Convert.ToString(http.GetRouteValue(value!), CultureInfo.InvariantCulture) ?? "";
        return $"{subject} {Cut(subject == "claim" ? Addresses.ReadSegment(id) : id)}";
    }

    /// <summary>What stands in an address is typed by people: no longer than an id may be, and nothing that does not print.</summary>
    private static string Cut(string id) => Problem.Printable(id, longest: 64);
}
