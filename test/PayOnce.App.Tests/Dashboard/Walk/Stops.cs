using Microsoft.Playwright;

namespace PayOnce.App.Tests.Dashboard.Walk;

/// <summary>Every page of the dashboard in the states that it has, over what <see cref="WalkScene"/> made.</summary>
internal static class Stops
{
    // One of each state; before All, which is made of it.
    private static readonly string[] ClaimsOfEachKind = ["A-0001", "A-0002", "A-0026", "A-0051", "A-0052", "A-0076", "A-0100"];

    public static IReadOnlyList<Stop> All { get; } = [.. Strangers(), .. Everyday(), .. Claims(), .. Doubt(), .. Runs(), .. Beginning(), .. Settings(), .. Access(), .. Installation(), .. Forms()];

    public static int IndexOf(Stop stop) => Places[stop];

    private static readonly Dictionary<Stop, int> Places = All.Index().ToDictionary(each => each.Item, each => each.Index);

    private static IEnumerable<Stop> Strangers() =>
    [
        new("/sign-in", "/sign-in") { Stranger = true, Key = true },
        new("/sign-in", "/sign-in", "refused") { Stranger = true, Refused = true, Act = Send("main form", ("#email", "nobody@example.org"), ("#password", "wrong")) },
        new("/sign-in", "/sign-in?org=hlf") { Stranger = true },
        new("/sign-in", "/sign-in?org=nobody") { Stranger = true, Refused = true },
        new("/sign-in/with/{at}", "/sign-in/with/ny") { Stranger = true, Status = 404 },
        new("/sign-in/callback", "/sign-in/callback") { Stranger = true, Status = 400 },
        new("/first-administrator/{Link}", "/first-administrator/first") { Fresh = true, Stranger = true },
        new("/first-administrator/{Link}", "/first-administrator/first", "refused") { Fresh = true, Stranger = true, Refused = true, Act = Send("main form") },
        new("/first-administrator/{Link}", "/first-administrator/used") { Stranger = true, Status = 404 },
        new("/invitation/{link}", "/invitation/link") { Stranger = true },
        new("/invitation/{link}", "/invitation/link", "refused") { Stranger = true, Refused = true, Act = Send("main form") },
        new("/invitation/{link}", "/invitation/used") { Stranger = true, Status = 404 },
        new("/reset-password/{link}", "/reset-password/reset") { Stranger = true },
        new("/reset-password/{link}", "/reset-password/reset", "refused") { Stranger = true, Refused = true, Act = Send("main form") },
        new("/reset-password/{link}", "/reset-password/used") { Stranger = true, Status = 404 },
        new("/help", "/help") { Stranger = true },
        new("/accessibility", "/accessibility") { Stranger = true },
        new("/not-found", "/not-found") { Stranger = true },
        new("/trouble/{code:int?}", "/no/such/page") { Stranger = true, Status = 404 },
        new("/trouble/{code:int?}", "/trouble") { Stranger = true },
        new("/trouble/{code:int?}", "/trouble/400") { Stranger = true },
        new("/trouble/{code:int?}", "/trouble/429") { Stranger = true },
    ];

    private static IEnumerable<Stop> Everyday() =>
    [
        new("/", "/"),
        new("/account", "/account"),
        new("/account", "/account", "refused") { Refused = true, Act = Send("form:has(#Name)", ("#Name", "")) },
        new("/account", "/account", "password refused") { Refused = true, Act = Send("form:has(#Old)") },
        new("/o/{org}", "/o/hlf") { Key = true },
        new("/o/{org}", "/o/fil"),
        new("/o/{org}", "/o/gang"),
        new("/o/{org}", "/o/pause"),
        new("/o/{org}", "/o/ny"),
        new("/o/{org}", "/o/les"),
        new("/trouble/{code:int?}", "/o/les/settings/users") { Status = 403 },
        new("/o/{org}/search", "/o/hlf/search"),
        new("/o/{org}/search", "/o/hlf/search?q=4711x"),
        new("/o/{org}/search", "/o/hlf/search?q=1"),
        new("/o/{org}/audit", "/o/hlf/audit") { Key = true },
        new("/o/{org}/audit", "/o/hlf/audit?from=x") { Refused = true },
        new("/o/{org}/audit", "/o/ny/audit?actor=Nobody"),
    ];

    private static IEnumerable<Stop> Claims() =>
    [
        new("/o/{org}/claims", "/o/hlf/claims") { Key = true },
        new("/o/{org}/claims", "/o/hlf/claims?place=in-doubt&from=x") { Refused = true },
        new("/o/{org}/claims", "/o/hlf/claims?claimant=nobody"),
        new("/o/{org}/claims", "/o/ny/claims"),
        .. ClaimsOfEachKind.Select(claim => new Stop("/o/{org}/claims/{claim}", $"/o/hlf/claims/{claim}") { Key = claim == "A-0001" }),
        new("/o/{org}/claims/{claim}", "/o/fil/claims/A-0001"),
        new("/o/{org}/claims/{claim}", "/o/fil/claims/C-0001"),
        new("/o/{org}/claims/{claim}/withdraw", "/o/fil/claims/C-0001/withdraw"),
        new("/o/{org}/claims/{claim}/withdraw", "/o/fil/claims/C-0001/withdraw", "refused") { Refused = true, Act = Send("main form") },
        new("/o/{org}/claims/{claim}/withdraw", "/o/fil/claims/C-0001/withdraw", "check") { Act = Send("main form", ("#reason", "Godkjent ved en feil")) },
        new("/o/{org}/claims/{claim}/withdraw", "/o/fil/claims/A-0001/withdraw"),
        new("/o/{org}/withdraw", "/o/fil/withdraw"),
        new("/o/{org}/withdraw", "/o/fil/withdraw", "refused") { Refused = true, Act = Send("main form") },
        new("/o/{org}/withdraw", "/o/fil/withdraw", "check") { Act = Send("main form", ("#claims", "C-0001\nA-0001\nX-1"), ("#reason", "Godkjent ved en feil")) },
        new("/o/{org}/claims/{claim}/re-export", "/o/hlf/claims/A-0001/re-export"),
        new("/o/{org}/claims/{claim}/re-export", "/o/hlf/claims/A-0051/re-export"),
        new("/o/{org}/claims/{claim}/re-export", "/o/hlf/claims/A-0001/re-export?step=reason"),
        new("/o/{org}/claims/{claim}/re-export", "/o/hlf/claims/A-0001/re-export?step=reason", "refused") { Refused = true, Act = Send("main form") },
        new("/o/{org}/claims/{claim}/re-export", "/o/hlf/claims/A-0001/re-export?step=reason", "check")
        {
            Key = true,
            Act = async page =>
            {
                await page.CheckAsync("#cause-deleted");
                await Send("main form", ("#reason", "Bilag 200415"), ("#confirmation", "A-0001"))(page);
            },
        },
        new("/o/{org}/claims/{claim}/re-export/{generation:int}", "/o/hlf/claims/A-0002/re-export/1"),
        new("/o/{org}/import", "/o/hlf/import"),
        new("/o/{org}/import", "/o/hlf/import", "without a file") { Refused = true, Act = Send("main form") },
        new("/o/{org}/import", "/o/hlf/import", "with errors") { Act = Upload("claim_id,claimant_id,type\nA-1,x,y\n") },
        new("/o/{org}/preview", "/o/fil/preview"),
        new("/o/{org}/preview", "/o/hlf/preview"),
        new("/o/{org}/preview", "/o/ny/preview"),
    ];

    private static IEnumerable<Stop> Doubt() =>
    [
        new("/o/{org}/in-doubt", "/o/hlf/in-doubt") { Key = true },
        new("/o/{org}/in-doubt", "/o/ny/in-doubt"),
        new("/o/{org}/in-doubt/{claim}", "/o/hlf/in-doubt/A-0051") { Key = true },
        new("/o/{org}/in-doubt/{claim}", "/o/hlf/in-doubt/A-0052"),
        new("/o/{org}/in-doubt/{claim}/decide", "/o/hlf/in-doubt/A-0051", "refused") { Refused = true, Act = Send("main form:has(#voucher)") },
        new("/o/{org}/in-doubt/{claim}/decide", "/o/hlf/in-doubt/A-0051", "check")
        {
            Act = async page =>
            {
                await page.CheckAsync("#found-yes");
                await Send("main form:has(#voucher)", ("#voucher", "200415"), ("#reason", "Bilag 200415"))(page);
            },
        },
        new("/o/{org}/in-doubt/{claim}/decided/{generation:int}", "/o/hlf/in-doubt/A-0052/decided/0"),
    ];

    private static IEnumerable<Stop> Runs() =>
    [
        new("/o/{org}/runs", "/o/fil/runs") { Key = true },
        new("/o/{org}/runs", "/o/fil/runs?from=x") { Refused = true },
        new("/o/{org}/runs", "/o/fil/runs?state=failed&by=schedule"),
        new("/o/{org}/runs", "/o/ny/runs"),
        new("/o/{org}/runs/{runId:long}", "/o/hlf/runs/1") { Key = true },
        new("/o/{org}/runs/{runId:long}", "/o/fil/runs/1"),
        new("/o/{org}/runs/{runId:long}", "/o/fil/runs/2"),
        new("/o/{org}/runs/{runId:long}", "/o/fil/runs/3"),
        new("/o/{org}/runs/{runId:long}", "/o/gang/runs/1") { Key = true },
        new("/o/{org}/runs/{runId:long}/print", "/o/fil/runs/1/print"),
        new("/o/{org}/runs/{runId:long}/stop", "/o/gang/runs/1/stop"),
        new("/o/{org}/runs/{runId:long}/stop", "/o/fil/runs/1/stop"),
        new("/o/{org}/runs/{runId:long}/roll-back", "/o/fil/runs/1/roll-back"),
        new("/o/{org}/runs/{runId:long}/roll-back", "/o/fil/runs/1/roll-back", "refused") { Refused = true, Act = Send("main form") },
        new("/o/{org}/runs/{runId:long}/roll-back", "/o/fil/runs/1/roll-back", "check") { Act = Send("main form", ("#Reason", "Bilag 200415")) },
        new("/o/{org}/runs/{runId:long}/roll-back", "/o/fil/runs/3/roll-back"),
        new("/o/{org}/runs/{runId:long}/imported", "/o/fil/runs/1/imported"),
        new("/o/{org}/runs/{runId:long}/imported", "/o/fil/runs/1/imported", "refused") { Refused = true, Act = Send("main form") },
        new("/o/{org}/runs/{runId:long}/imported", "/o/hlf/runs/1/imported"),
        new("/o/{org}/requests/{requestId:long}", "/o/pause/requests/1"),
        new("/o/{org}/requests/{requestId:long}", "/o/pause/requests/2"),
        new("/o/{org}/sync/check", "/o/fil/sync/check"),
        new("/o/{org}/sync/check", "/o/ny/sync/check"),
        new("/o/{org}/sync/busy", "/o/gang/sync/busy"),
        new("/o/{org}/sync/busy", "/o/pause/sync/busy"),
        new("/o/{org}/sync/busy", "/o/fil/sync/busy"),
    ];

    private static IEnumerable<Stop> Beginning() =>
    [
        new("/o/{org}/start", "/o/ny/start") { Key = true },
        new("/o/{org}/start", "/o/fil/start"),
        new("/o/{org}/start/adopt", "/o/ny/start/adopt"),
        new("/o/{org}/start/adopt", "/o/ny/start/adopt", "without a file") { Refused = true, Act = Send("main form") },
        new("/o/{org}/start/adopt", "/o/ny/start/adopt", "with errors") { Act = Upload("claim_id,reference\nA-1,V-1\nA-1,V-2\n") },
        new("/o/{org}/start/adopt", "/o/ny/start/adopt", "check") { Act = Upload("claim_id,reference\nOLD-1,V-1\n") },
        new("/o/{org}/start/first-export", "/o/fil/start/first-export"),
        new("/o/{org}/start/first-export", "/o/ny/start/first-export"),
    ];

    private static IEnumerable<Stop> Settings() =>
    [
        new("/o/{org}/settings", "/o/hlf/settings") { Key = true },
        new("/o/{org}/settings", "/o/ny/settings"),
        new("/o/{org}/settings", "/o/les/settings"),
        new("/o/{org}/settings/integration", "/o/hlf/settings/integration"),
        new("/o/{org}/settings/integration", "/o/ny/settings/integration"),
        new("/o/{org}/settings/integration/change", "/o/hlf/settings/integration/change"),
        new("/o/{org}/settings/integration/change", "/o/hlf/settings/integration/change", "refused") { Refused = true, Act = Send("main form", ("#json", "{\"exporter\":\"xledger\",\"format\":\"gl03\"}")) },
        new("/o/{org}/settings/integration/test", "/o/hlf/settings/integration/test"),
        new("/o/{org}/settings/integration/test", "/o/hlf/settings/integration/test", "tried") { Act = Send("main form") },
        new("/o/{org}/settings/integration/test", "/o/fil/settings/integration/test"),
        new("/o/{org}/settings/mapping", "/o/fil/settings/mapping") { Key = true },
        new("/o/{org}/settings/mapping", "/o/fil/settings/mapping", "preview") { Act = Send("main form") },
        new("/o/{org}/settings/mapping", "/o/fil/settings/mapping", "refused") { Refused = true, Act = Send("main form", ("#json", "{\"exporter\":\"xledger\",\"format\":\"gl03\"}")) },
        new("/o/{org}/settings/mapping", "/o/hlf/settings/mapping"),
        new("/o/{org}/settings/mapping", "/o/ny/settings/mapping"),
        new("/o/{org}/settings/mapping/edit", "/o/fil/settings/mapping/edit") { Key = true },
        new("/o/{org}/settings/mapping/edit", "/o/fil/settings/mapping/edit", "columns") { Act = Press("begin") },
        new("/o/{org}/settings/mapping/edit", "/o/fil/settings/mapping/edit", "refused") { Refused = true, Act = Send("main form", ("#file-dateFormat", "x")) },
        new("/o/{org}/settings/mapping/edit", "/o/hlf/settings/mapping/edit"),
        new("/o/{org}/settings/mapping/import", "/o/fil/settings/mapping/import"),
        new("/o/{org}/settings/mapping/import", "/o/fil/settings/mapping/import", "without a file") { Refused = true, Act = Send("main form") },
        new("/o/{org}/settings/integration/versions", "/o/fil/settings/integration/versions"),
        new("/o/{org}/settings/integration/versions", "/o/fil/settings/integration/versions?from=1&to=1"),
        new("/o/{org}/settings/integration/versions/{version:int}", "/o/fil/settings/integration/versions/1"),
        new("/o/{org}/settings/integration/versions/{version:int}/go-back", "/o/fil/settings/integration/versions/1/go-back"),
        new("/o/{org}/settings/secrets", "/o/hlf/settings/secrets"),
        new("/o/{org}/settings/secrets", "/o/les/settings/secrets"),
        new("/o/{org}/settings/secrets/{name}", "/o/ny/settings/secrets/client-secret"),
        new("/o/{org}/settings/secrets/{name}", "/o/ny/settings/secrets/client-secret", "refused") { Refused = true, Act = Send("main form") },
        new("/o/{org}/settings/schedule", "/o/hlf/settings/schedule") { Key = true },
        new("/o/{org}/settings/schedule", "/o/hlf/settings/schedule?saved=yes"),
        new("/o/{org}/settings/schedule", "/o/ny/settings/schedule"),
        new("/o/{org}/settings/schedule/change", "/o/hlf/settings/schedule/change") { Key = true },
        new("/o/{org}/settings/schedule/change", "/o/hlf/settings/schedule/change", "refused") { Refused = true, Act = Send("main form", ("#time", "25:00"), ("#stop-at", "x")) },
        new("/o/{org}/settings/pause", "/o/hlf/settings/pause"),
        new("/o/{org}/settings/pause", "/o/hlf/settings/pause", "refused") { Refused = true, Act = Send("main form") },
        new("/o/{org}/settings/pause", "/o/pause/settings/pause"),
        new("/o/{org}/settings/flags", "/o/hlf/settings/flags"),
        new("/o/{org}/settings/flags/{flag}", "/o/hlf/settings/flags/dynamics-api"),
        new("/o/{org}/settings/source", "/o/hlf/settings/source"),
        new("/o/{org}/settings/source", "/o/ny/settings/source"),
        new("/o/{org}/settings/source/change", "/o/hlf/settings/source/change"),
        new("/o/{org}/settings/source/change", "/o/ny/settings/source/change", "refused") { Refused = true, Act = Send("main form", ("#view", "A B"), ("#batch", "7")) },
        new("/o/{org}/settings/source/test", "/o/hlf/settings/source/test"),
        new("/o/{org}/settings/source/test", "/o/hlf/settings/source/test", "tried") { Act = Send("main form") },
        new("/o/{org}/settings/source/read", "/o/hlf/settings/source/read"),
        new("/o/{org}/settings/notifications", "/o/hlf/settings/notifications"),
        new("/o/{org}/settings/notifications", "/o/ny/settings/notifications"),
        new("/o/{org}/settings/notifications/change", "/o/hlf/settings/notifications/change"),
        new("/o/{org}/settings/notifications/change", "/o/hlf/settings/notifications/change", "refused") { Refused = true, Act = Send("main form", ("#url", "http://x"), ("#emails", "nobody")) },
    ];

    private static IEnumerable<Stop> Access() =>
    [
        new("/o/{org}/settings/users", "/o/hlf/settings/users"),
        new("/o/{org}/settings/users", "/o/hlf/settings/users", "refused") { Refused = true, Act = Send("form:has(#Email)", ("#Email", "nobody")) },
        new("/o/{org}/settings/users/{userId}", "/o/hlf/settings/users/user1"),
        new("/o/{org}/settings/users/{userId}", "/o/hlf/settings/users/user1", "refused")
        {
            Refused = true,
            Act = async page =>
            {
                await page.CheckAsync("#role-auditor");
                await Send("form:has(#role-auditor)")(page);
            },
        },
        new("/o/{org}/settings/tokens", "/o/hlf/settings/tokens"),
        new("/o/{org}/settings/tokens", "/o/hlf/settings/tokens", "refused") { Refused = true, Act = Send("form:has(#Days)", ("#Days", "0")) },
        new("/o/{org}/settings/tokens", "/o/ny/settings/tokens"),
        new("/o/{org}/settings/tokens/{tokenId}/revoke", "/o/hlf/settings/tokens/t1/revoke"),
        new("/o/{org}/settings/sign-in", "/o/hlf/settings/sign-in"),
        new("/o/{org}/settings/sign-in", "/o/hlf/settings/sign-in", "tried") { Act = Send("main form") },
        new("/o/{org}/settings/sign-in", "/o/ny/settings/sign-in"),
        new("/o/{org}/settings/sign-in/change", "/o/hlf/settings/sign-in/change"),
        new("/o/{org}/settings/sign-in/change", "/o/hlf/settings/sign-in/change", "refused") { Refused = true, Act = Send("main form", ("#issuer", "http://x"), ("#client", "")) },
        new("/o/{org}/settings/sign-in/remove", "/o/hlf/settings/sign-in/remove"),
        new("/account/link/{at}", "/account/link/hlf?with=x") { Status = 403 },
    ];

    private static IEnumerable<Stop> Installation() =>
    [
        new("/installation", "/installation"),
        new("/installation/add", "/installation/add"),
        new("/installation/add", "/installation/add", "refused") { Refused = true, Act = Send("main form", ("#id", "Æ"), ("#zone", "Oslo")) },
        new("/installation/pause", "/installation/pause"),
        new("/installation/pause", "/installation/pause", "refused") { Refused = true, Act = Send("main form") },
        new("/installation/users/{userId}", "/installation/users/user1"),
    ];

    private static IEnumerable<Stop> Forms() =>
    [
        new("/o/{org}/my-claims", "/o/hlf/my-claims") { Key = true },
        new("/o/{org}/my-claims", "/o/ny/my-claims"),
        new("/o/{org}/my-claims/new/{kind}", "/o/hlf/my-claims/new/driver-honorarium") { Key = true },
        new("/o/{org}/my-claims/new/{kind}", "/o/hlf/my-claims/new/travel"),
        new("/o/{org}/my-claims/new/{kind}", "/o/hlf/my-claims/new/travel", "refused") { Refused = true, Act = Send("main form", ("#date", "x"), ("#kilometres", "y")) },
        new("/o/{org}/my-claims/new/{kind}", "/o/ny/my-claims/new/travel"),
        new("/o/{org}/my-claims/{form}", "/o/hlf/my-claims/PO-DRAFT") { Key = true },
        new("/o/{org}/my-claims/{form}", "/o/hlf/my-claims/PO-DRAFT", "without a file") { Refused = true, Act = Send("main form[enctype]") },
        new("/o/{org}/my-claims/{form}", "/o/hlf/my-claims/PO-OWN"),
        new("/o/{org}/my-claims/{form}/edit", "/o/hlf/my-claims/PO-DRAFT/edit"),
        new("/o/{org}/my-claims/{form}/edit", "/o/hlf/my-claims/PO-DRAFT/edit", "refused") { Refused = true, Act = Send("main form", ("#date", "x")) },
        new("/o/{org}/declaration", "/o/hlf/declaration") { Key = true },
        new("/o/{org}/declaration", "/o/hlf/declaration", "refused") { Refused = true, Act = Send("main form") },
        new("/o/{org}/declaration", "/o/ny/declaration"),
        new("/o/{org}/declaration/{number:long}", "/o/hlf/declaration/1"),
        new("/o/{org}/approvals", "/o/hlf/approvals") { Key = true },
        new("/o/{org}/approvals", "/o/ny/approvals"),
        new("/o/{org}/approvals/{form}", "/o/hlf/approvals/PO-OTHER") { Key = true },
        new("/o/{org}/approvals/{form}", "/o/hlf/approvals/PO-DRIVER"),
        new("/o/{org}/approvals/{form}", "/o/hlf/approvals/PO-OWN"),
        new("/o/{org}/approvals/{form}/approve", "/o/hlf/approvals/PO-OTHER/approve"),
        new("/o/{org}/approvals/{form}/approve", "/o/hlf/approvals/PO-DRIVER/approve"),
        new("/o/{org}/approvals/{form}/send-back", "/o/hlf/approvals/PO-OTHER/send-back"),
        new("/o/{org}/approvals/{form}/send-back", "/o/hlf/approvals/PO-OTHER/send-back", "refused") { Refused = true, Act = Send("main form") },
        new("/o/{org}/settings/flags/{flag}", "/o/hlf/settings/flags/driver-honorarium"),
        new("/o/{org}/settings/declaration", "/o/hlf/settings/declaration"),
        new("/o/{org}/settings/declaration", "/o/ny/settings/declaration"),
        new("/o/{org}/settings/declaration/versions/{version:int}", "/o/hlf/settings/declaration/versions/1"),
        new("/o/{org}/settings/declaration/change", "/o/hlf/settings/declaration/change"),
        new("/o/{org}/settings/declaration/change", "/o/hlf/settings/declaration/change", "preview") { Key = true, Act = Send("main form") },
        new("/o/{org}/settings/declaration/change", "/o/hlf/settings/declaration/change", "refused") { Refused = true, Act = Send("main form", ("#text", "{{x}}")) },
        new("/o/{org}/settings/declaration/acknowledgements/{number:long}", "/o/hlf/settings/declaration/acknowledgements/2"),
        new("/o/{org}/settings/declaration/acknowledgements/{number:long}", "/o/hlf/settings/declaration/acknowledgements/2", "refused") { Refused = true, Act = Send("main form") },
        new("/o/{org}/settings/rates", "/o/hlf/settings/rates"),
        new("/o/{org}/settings/rates", "/o/ny/settings/rates"),
        new("/o/{org}/settings/rates/change", "/o/hlf/settings/rates/change"),
        new("/o/{org}/settings/rates/change", "/o/hlf/settings/rates/change", "refused") { Refused = true, Act = Send("main form", ("#rates", "x")) },
        new("/o/{org}/settings/limits/change", "/o/hlf/settings/limits/change"),
        new("/o/{org}/settings/limits/change", "/o/hlf/settings/limits/change", "refused") { Refused = true, Act = Send("main form", ("#honorarium", "x")) },
        new("/o/{org}/settings/privacy", "/o/hlf/settings/privacy"),
        new("/o/{org}/settings/privacy/change", "/o/hlf/settings/privacy/change") { Key = true },
        new("/o/{org}/settings/privacy/change", "/o/hlf/settings/privacy/change", "refused") { Refused = true, Act = Send("main form", ("#years", "4")) },
        new("/o/{org}/settings/privacy/erase", "/o/hlf/settings/privacy/erase"),
        new("/o/{org}/settings/privacy/person", "/o/hlf/settings/privacy/person"),
        new("/o/{org}/settings/privacy/person", "/o/hlf/settings/privacy/person?claimant=4711"),
    ];

    /// <summary>Fills fields in and sends the form by its first button.</summary>
    private static Func<IPage, Task> Send(string form, params (string Field, string Value)[] fields) => async page =>
    {
        foreach (var (field, value) in fields) await page.FillAsync(field, value);
        await page.ThroughAsync(() => page.Locator($"{form} button[type=submit]").First.ClickAsync());
    };

    /// <summary>Presses one of a form's own buttons.</summary>
    private static Func<IPage, Task> Press(string act) => page => page.ThroughAsync(() => page.Locator($"main form button[value='{act}']").First.ClickAsync());

    private static Func<IPage, Task> Upload(string content) => async page =>
    {
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "krav.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes(content) });
        await Send("main form")(page);
    };
}
