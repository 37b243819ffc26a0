namespace PayOnce.App.Tests.Dashboard.Walk;

/// <summary>Claims while they are forms, the declaration, and what the people beside a claimant see of both.</summary>
internal static partial class Stops
{
    private static IEnumerable<Stop> OwnClaims() =>
    [
        new("/o/{org}/my-claims", "/o/hlf/my-claims") { Key = true },
        new("/o/{org}/my-claims", "/o/ny/my-claims"),
        new("/o/{org}/my-claims", "/o/fil/my-claims"),
        new("/o/{org}/my-claims", "/o/pause/my-claims"),
        new("/o/{org}/my-claims", "/o/gang/my-claims"),
        new("/o/{org}/my-claims/new/{kind}", "/o/hlf/my-claims/new/driver-honorarium") { Key = true },
        new("/o/{org}/my-claims/new/{kind}", "/o/hlf/my-claims/new/driver-honorarium", "refused") { Refused = true, Act = Send("main form", ("#date", "31.31.2026"), ("#hours", "to"), ("#kilometres", "langt")) },
        new("/o/{org}/my-claims/new/{kind}", "/o/hlf/my-claims/new/travel"),
        new("/o/{org}/my-claims/new/{kind}", "/o/hlf/my-claims/new/travel", "refused") { Refused = true, Act = Send("main form", ("#date", "x"), ("#kilometres", "y")) },
        new("/o/{org}/my-claims/new/{kind}", "/o/ny/my-claims/new/travel"),
        new("/o/{org}/my-claims/new/{kind}", "/o/pause/my-claims/new/travel"),
        new("/o/{org}/my-claims/new/{kind}", "/o/hlf/my-claims/new/other") { Status = 404 },
        new("/o/{org}/my-claims/{form}", "/o/hlf/my-claims/PO-DRAFT") { Key = true },
        new("/o/{org}/my-claims/{form}", "/o/hlf/my-claims/PO-DRAFT", "refused") { Refused = true, Act = Send("main form:has([name=_handler][value=submit])") },
        new("/o/{org}/my-claims/{form}", "/o/hlf/my-claims/PO-DRAFT", "overtaken") { Refused = true, Act = Overtaken("main form:has([name=_handler][value=discard]) button") },
        new("/o/{org}/my-claims/{form}", "/o/hlf/my-claims/PO-DRAFT", "without a file") { Refused = true, Act = Send("main form[enctype]") },
        new("/o/{org}/my-claims/{form}", "/o/hlf/my-claims/PO-DRAFT", "no receipt") { Refused = true, Act = Upload("no picture", "main form[enctype]", "bom.png") },
        new("/o/{org}/my-claims/{form}", "/o/hlf/my-claims/PO-EMPTY"),
        new("/o/{org}/my-claims/{form}", "/o/hlf/my-claims/PO-OWN"),
        new("/o/{org}/my-claims/{form}", "/o/hlf/my-claims/PO-BACK"),
        new("/o/{org}/my-claims/{form}", "/o/hlf/my-claims/PO-PAID"),
        new("/o/{org}/my-claims/{form}", "/o/hlf/my-claims/PO-GONE"),
        new("/o/{org}/my-claims/{form}", "/o/hlf/my-claims/PO-OTHER") { Status = 404 },
        new("/o/{org}/my-claims/{form}", "/o/gang/my-claims/PO-BIG-001", "without rates") { Refused = true, Act = Send("main form:has([name=_handler][value=submit])") },
        new("/o/{org}/my-claims/{form}", "/o/ny/my-claims/PO-OFF"),
        new("/o/{org}/my-claims/{form}/edit", "/o/hlf/my-claims/PO-DRAFT/edit"),
        new("/o/{org}/my-claims/{form}/edit", "/o/hlf/my-claims/PO-DRAFT/edit", "refused") { Refused = true, Act = Send("main form", ("#date", "x")) },
        new("/o/{org}/my-claims/{form}/edit", "/o/hlf/my-claims/PO-DRAFT/edit", "overtaken") { Refused = true, Act = Overtaken() },
        new("/o/{org}/my-claims/{form}/edit", "/o/hlf/my-claims/PO-OWN/edit"),
    ];

    private static IEnumerable<Stop> Declarations() =>
    [
        new("/o/{org}/declaration", "/o/hlf/declaration") { Key = true },
        new("/o/{org}/declaration", "/o/hlf/declaration", "refused") { Refused = true, Act = Send("main form") },
        new("/o/{org}/declaration", "/o/hlf/declaration", "overtaken") { Refused = true, Act = Overtaken("main form button", ("#name", "Kari Nordmann")) },
        new("/o/{org}/declaration", "/o/ny/declaration"),
        new("/o/{org}/declaration", "/o/fil/declaration"),
        new("/o/{org}/declaration", "/o/gang/declaration"),
        new("/o/{org}/declaration", "/o/pause/declaration"),
        new("/o/{org}/declaration/{number:long}", "/o/hlf/declaration/1"),
        new("/o/{org}/settings/declaration", "/o/hlf/settings/declaration") { Key = true },
        new("/o/{org}/settings/declaration", "/o/ny/settings/declaration"),
        new("/o/{org}/settings/declaration", "/o/fil/settings/declaration"),
        new("/o/{org}/settings/declaration", "/o/les/settings/declaration"),
        new("/o/{org}/settings/declaration/versions/{version:int}", "/o/hlf/settings/declaration/versions/2"),
        new("/o/{org}/settings/declaration/change", "/o/ny/settings/declaration/change"),
        new("/o/{org}/settings/declaration/change", "/o/hlf/settings/declaration/change"),
        new("/o/{org}/settings/declaration/change", "/o/hlf/settings/declaration/change", "preview") { Key = true, Act = Send("main form") },
        new("/o/{org}/settings/declaration/change", "/o/hlf/settings/declaration/change", "refused") { Refused = true, Act = Send("main form", ("#text", "{{x}}")) },
        new("/o/{org}/settings/declaration/change", "/o/hlf/settings/declaration/change", "overtaken") { Refused = true, Act = Overtaken("main form button[value=publish]", ("#text", "Jeg holder tett.")) },
        new("/o/{org}/settings/declaration/acknowledgements/{number:long}", "/o/hlf/settings/declaration/acknowledgements/2"),
        new("/o/{org}/settings/declaration/acknowledgements/{number:long}", "/o/hlf/settings/declaration/acknowledgements/2", "refused") { Refused = true, Act = Send("main form") },
        new("/o/{org}/settings/declaration/acknowledgements/{number:long}", "/o/hlf/settings/declaration/acknowledgements/5"),
    ];

    private static IEnumerable<Stop> Decisions() =>
    [
        new("/o/{org}/approvals", "/o/hlf/approvals") { Key = true },
        new("/o/{org}/approvals", "/o/ny/approvals"),
        new("/o/{org}/approvals", "/o/fil/approvals"),
        new("/o/{org}/approvals", "/o/gang/approvals"),
        new("/o/{org}/approvals", "/o/les/approvals"),
        new("/o/{org}/approvals/{form}", "/o/hlf/approvals/PO-OTHER") { Key = true },
        new("/o/{org}/approvals/{form}", "/o/hlf/approvals/PO-DRIVER"),
        new("/o/{org}/approvals/{form}", "/o/hlf/approvals/PO-OWN"),
        new("/o/{org}/approvals/{form}", "/o/hlf/approvals/PO-BACK"),
        new("/o/{org}/approvals/{form}", "/o/hlf/approvals/PO-PAID"),
        new("/o/{org}/approvals/{form}", "/o/hlf/approvals/PO-REOPEN"),
        new("/o/{org}/approvals/{form}", "/o/les/approvals/PO-LES"),
        new("/o/{org}/approvals/{form}/approve", "/o/hlf/approvals/PO-OTHER/approve"),
        new("/o/{org}/approvals/{form}/approve", "/o/hlf/approvals/PO-OTHER/approve", "overtaken") { Refused = true, Act = Overtaken() },
        new("/o/{org}/approvals/{form}/approve", "/o/hlf/approvals/PO-DRIVER/approve"),
        new("/o/{org}/approvals/{form}/approve", "/o/hlf/approvals/PO-OWN/approve"),
        new("/o/{org}/approvals/{form}/approve", "/o/hlf/approvals/PO-PAID/approve"),
        new("/o/{org}/approvals/{form}/send-back", "/o/hlf/approvals/PO-OTHER/send-back"),
        new("/o/{org}/approvals/{form}/send-back", "/o/hlf/approvals/PO-OTHER/send-back", "refused") { Refused = true, Act = Send("main form") },
        new("/o/{org}/approvals/{form}/send-back", "/o/hlf/approvals/PO-OTHER/send-back", "overtaken") { Refused = true, Act = Overtaken("main form button", ("#reason", "Mangler formål")) },
        new("/o/{org}/approvals/{form}/send-back", "/o/hlf/approvals/PO-PAID/send-back"),
        new("/o/{org}/claims/{claim}", "/o/hlf/claims/PO-PAID"),
        new("/o/{org}/claims/{claim}", "/o/hlf/claims/PO-REOPEN"),
    ];

    // Somebody who is nothing but a claimant: a driver.
    private static IEnumerable<Stop> Drivers() =>
    [
        new("/", "/", "driver") { Driver = true },
        new("/o/{org}/my-claims", "/o/hlf/my-claims", "driver") { Driver = true, Key = true },
        new("/o/{org}/my-claims/{form}", "/o/hlf/my-claims/PO-WAY", "driver") { Driver = true },
        new("/o/{org}/my-claims/{form}", "/o/hlf/my-claims/PO-BLANK", "driver") { Driver = true },
        new("/o/{org}/my-claims/{form}", "/o/hlf/my-claims/PO-BLANK", "driver refused") { Driver = true, Refused = true, Act = Send("main form:has([name=_handler][value=submit])") },
        new("/o/{org}/declaration", "/o/hlf/declaration", "driver") { Driver = true },
        new("/o/{org}/declaration/{number:long}", "/o/hlf/declaration/4", "driver") { Driver = true },
        new("/account", "/account", "driver") { Driver = true },
        new("/trouble/{code:int?}", "/o/hlf/settings/flags", "driver") { Driver = true, Status = 403 },
    ];
}
