namespace PayOnce.App.Tests.Dashboard.Walk;

/// <summary>Settings, the mapping's editor and versions, sources, access and the installation.</summary>
internal static partial class Stops
{
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
        new("/o/{org}/settings/secrets", "/o/hlf/settings/secrets"),
        new("/o/{org}/settings/secrets", "/o/les/settings/secrets"),
        new("/o/{org}/settings/secrets/{name}", "/o/ny/settings/secrets/client-secret"),
        new("/o/{org}/settings/secrets/{name}", "/o/ny/settings/secrets/client-secret", "refused") { Refused = true, Act = Send("main form") },
        new("/o/{org}/settings/schedule", "/o/hlf/settings/schedule") { Key = true },
        new("/o/{org}/settings/schedule", "/o/hlf/settings/schedule?saved=yes"),
        new("/o/{org}/settings/schedule", "/o/ny/settings/schedule"),
        new("/o/{org}/settings/schedule/change", "/o/hlf/settings/schedule/change") { Key = true },
        new("/o/{org}/settings/schedule/change", "/o/hlf/settings/schedule/change", "refused") { Refused = true, Act = Send("main form", ("#time", "25:00"), ("#stop-at", "x")) },
        new("/o/{org}/settings/schedule/change", "/o/hlf/settings/schedule/change", "overtaken") { Refused = true, Act = Overtaken() },
        new("/o/{org}/settings/pause", "/o/hlf/settings/pause"),
        new("/o/{org}/settings/pause", "/o/hlf/settings/pause", "refused") { Refused = true, Act = Send("main form") },
        new("/o/{org}/settings/pause", "/o/pause/settings/pause"),
        new("/o/{org}/settings/flags", "/o/hlf/settings/flags"),
        new("/o/{org}/settings/flags/{flag}", "/o/hlf/settings/flags/dynamics-api"),
        new("/o/{org}/settings/flags", "/o/ny/settings/flags"),
        new("/o/{org}/settings/flags", "/o/les/settings/flags"),
        new("/o/{org}/settings/flags/{flag}", "/o/hlf/settings/flags/driver-honorarium"),
        new("/o/{org}/settings/flags/{flag}", "/o/ny/settings/flags/claim-forms"),
        new("/o/{org}/settings/flags/{flag}", "/o/hlf/settings/flags/claim-forms", "overtaken") { Refused = true, Act = Overtaken() },
        new("/o/{org}/settings/notifications", "/o/hlf/settings/notifications"),
        new("/o/{org}/settings/notifications", "/o/ny/settings/notifications"),
        new("/o/{org}/settings/notifications/change", "/o/hlf/settings/notifications/change"),
        new("/o/{org}/settings/notifications/change", "/o/hlf/settings/notifications/change", "refused") { Refused = true, Act = Send("main form", ("#url", "http://x"), ("#emails", "nobody")) },
        new("/o/{org}/settings/notifications/change", "/o/hlf/settings/notifications/change", "overtaken") { Refused = true, Act = Overtaken() },
        new("/o/{org}/settings/rates", "/o/hlf/settings/rates"),
        new("/o/{org}/settings/rates", "/o/ny/settings/rates"),
        new("/o/{org}/settings/rates", "/o/les/settings/rates"),
        new("/o/{org}/settings/rates/change", "/o/hlf/settings/rates/change"),
        new("/o/{org}/settings/rates/change", "/o/ny/settings/rates/change"),
        new("/o/{org}/settings/rates/change", "/o/hlf/settings/rates/change", "refused") { Refused = true, Act = Send("main form", ("#rates", "x")) },
        new("/o/{org}/settings/rates/change", "/o/hlf/settings/rates/change", "two of a day") { Refused = true, Act = Send("main form", ("#rates", "mileage-state 2026-01-01 5,30\nmileage-state 2026-01-01 5,40")) },
        new("/o/{org}/settings/rates/change", "/o/hlf/settings/rates/change", "overtaken") { Refused = true, Act = Overtaken("main form button", ("#rates", "mileage-state 2026-01-01 5,30")) },
        new("/o/{org}/settings/limits/change", "/o/hlf/settings/limits/change"),
        new("/o/{org}/settings/limits/change", "/o/hlf/settings/limits/change", "refused") { Refused = true, Act = Send("main form", ("#honorarium", "x")) },
        new("/o/{org}/settings/limits/change", "/o/hlf/settings/limits/change", "overtaken") { Refused = true, Act = Overtaken("main form button", ("#honorarium", "500")) },
    ];

    private static IEnumerable<Stop> Privacy() =>
    [
        new("/o/{org}/settings/privacy", "/o/hlf/settings/privacy"),
        new("/o/{org}/settings/privacy/change", "/o/hlf/settings/privacy/change") { Key = true },
        new("/o/{org}/settings/privacy/change", "/o/hlf/settings/privacy/change", "refused") { Refused = true, Act = Send("main form", ("#years", "4")) },
        new("/o/{org}/settings/privacy/erase", "/o/hlf/settings/privacy/erase"),
        new("/o/{org}/settings/privacy/person", "/o/hlf/settings/privacy/person"),
        new("/o/{org}/settings/privacy/person", "/o/hlf/settings/privacy/person?claimant=4711"),
    ];

    private static IEnumerable<Stop> Mapping() =>
    [
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
        new("/o/{org}/settings/mapping", "/o/les/settings/mapping"),
        new("/o/{org}/settings/mapping", "/o/pause/settings/mapping"),
        new("/o/{org}/settings/mapping", "/o/pause/settings/mapping", "preview") { Act = Send("main form") },
        new("/o/{org}/settings/mapping/edit", "/o/ny/settings/mapping/edit"),
        new("/o/{org}/settings/mapping/edit", "/o/pause/settings/mapping/edit"),
        new("/o/{org}/settings/mapping/edit", "/o/pause/settings/mapping/edit", "preview") { Key = true, Act = Press("preview") },
        new("/o/{org}/settings/mapping/edit", "/o/pause/settings/mapping/edit", "column added") { Act = Press("add") },
        new("/o/{org}/settings/mapping/edit", "/o/pause/settings/mapping/edit", "column refused") { Refused = true, Act = Send("main form", ("#c0-name", ""), ("#c1-format", "rund")) },
        new("/o/{org}/settings/mapping/edit", "/o/pause/settings/mapping/edit", "overtaken") { Refused = true, Act = Overtaken("main form button[value=save]") },
        new("/o/{org}/settings/mapping/import", "/o/fil/settings/mapping/import", "with errors") { Refused = true, Act = Upload("{\"exporter\":\"generic\",\"secret\":1}", name: "mapping.json") },
        new("/o/{org}/settings/mapping/import", "/o/fil/settings/mapping/import", "read") { Act = Upload("{\"exporter\":\"generic\",\"format\":\"csv\",\"mapping\":{\"columns\":[{\"name\":\"Bilag\",\"field\":\"claimId\"}]}}", name: "mapping.json") },
        new("/o/{org}/settings/integration/versions", "/o/ny/settings/integration/versions"),
        new("/o/{org}/settings/integration/versions", "/o/pause/settings/integration/versions"),
        new("/o/{org}/settings/integration/versions", "/o/pause/settings/integration/versions?from=1&to=3"),
        new("/o/{org}/settings/integration/versions", "/o/pause/settings/integration/versions?from=1&to=99"),
        new("/o/{org}/settings/integration/versions/{version:int}", "/o/pause/settings/integration/versions/2"),
        new("/o/{org}/settings/integration/versions/{version:int}/go-back", "/o/pause/settings/integration/versions/1/go-back"),
        new("/o/{org}/settings/integration/versions/{version:int}/go-back", "/o/pause/settings/integration/versions/1/go-back", "overtaken") { Refused = true, Act = Overtaken() },
    ];

    private static IEnumerable<Stop> Sources() =>
    [
        new("/o/{org}/settings/source", "/o/hlf/settings/source"),
        new("/o/{org}/settings/source", "/o/ny/settings/source"),
        new("/o/{org}/settings/source/change", "/o/hlf/settings/source/change"),
        new("/o/{org}/settings/source/change", "/o/ny/settings/source/change", "refused") { Refused = true, Act = Send("main form", ("#view", "A B"), ("#batch", "7")) },
        new("/o/{org}/settings/source/test", "/o/hlf/settings/source/test"),
        new("/o/{org}/settings/source/test", "/o/hlf/settings/source/test", "tried") { Act = Send("main form") },
        new("/o/{org}/settings/source/read", "/o/hlf/settings/source/read"),
        new("/o/{org}/settings/source", "/o/gang/settings/source"),
        new("/o/{org}/settings/source", "/o/pause/settings/source"),
        new("/o/{org}/settings/source", "/o/les/settings/source"),
        new("/o/{org}/settings/source/change", "/o/ny/settings/source/change"),
        new("/o/{org}/settings/source/change", "/o/hlf/settings/source/change", "overtaken") { Refused = true, Act = Overtaken() },
        new("/o/{org}/settings/source/test", "/o/ny/settings/source/test"),
        new("/o/{org}/settings/source/read", "/o/gang/settings/source/read", "failed") { Act = Send("main form") },
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
}
