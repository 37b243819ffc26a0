namespace PayOnce.Bench;

/// <summary>What is asked for: the dashboard's pages and the API's lists, with the filters that people use.</summary>
public static class ServerAddresses
{
    private const string Pages = "/o/bench";
    private const string Api = "/api/v1/organisations/bench";

    /// <summary>Addresses as they are for this history, by a name that is the same for each.</summary>
    public static OrderedDictionary<string, string> Of(ServerFacts facts)
    {
        var thisMonth = $"{DateTime.UtcNow:yyyy-MM}-01";
        var lastYear = $"{DateTime.UtcNow.AddDays(-300):yyyy-MM-dd}";
        return new()
        {
            ["page: organisations"] = "/",
            ["page: overview"] = Pages,
            ["page: first start"] = Pages + "/start",
            ["page: check before a sync"] = Pages + "/sync/check",
            ["page: runs"] = Pages + "/runs",
            ["page: runs of 300 days"] = $"{Pages}/runs?from={lastYear}",
            ["page: runs in doubt, by schedule"] = Pages + "/runs?state=in_doubt&by=schedule",
            ["page: largest run"] = $"{Pages}/runs/{facts.Runs}",
            ["page: ordinary run"] = $"{Pages}/runs/{facts.Runs - 1}",
            ["page: run to print"] = $"{Pages}/runs/{facts.Runs - 1}/print",
            ["page: claims"] = Pages + "/claims",
            ["page: claims, exported"] = Pages + "/claims?state=exported",
            ["page: claims, ready"] = Pages + "/claims?state=ready",
            ["page: claims, rejected"] = Pages + "/claims?state=rejected",
            ["page: claims, exported, a period"] = $"{Pages}/claims?state=exported&from=2025-01-02&to=2025-01-02",
            ["page: claim"] = $"{Pages}/claims/{facts.ExportedClaim}",
            ["page: re-export"] = $"{Pages}/claims/{facts.ExportedClaim}/re-export",
            ["page: in doubt"] = Pages + "/in-doubt",
            ["page: claim in doubt"] = $"{Pages}/in-doubt/{facts.ClaimInDoubt}",
            ["page: audit trail"] = Pages + "/audit",
            ["page: audit trail, runs"] = Pages + "/audit?kind=runs",
            ["page: search for a claim"] = $"{Pages}/search?q={facts.ExportedClaim}",
            ["page: import"] = Pages + "/import",
            ["page: settings"] = Pages + "/settings",
            ["page: integration"] = Pages + "/settings/integration",
            ["page: mapping"] = Pages + "/settings/mapping",
            ["page: schedule"] = Pages + "/settings/schedule",
            ["page: users"] = Pages + "/settings/users",
            ["page: keys"] = Pages + "/settings/tokens",
            ["page: installation"] = "/installation",
            ["API: overview"] = Api + "/overview",
            ["API: export status"] = Api + "/export-status",
            ["API: months"] = Api + "/months",
            ["API: runs"] = Api + "/runs",
            ["API: runs of this month"] = $"{Api}/runs?from={thisMonth}",
            ["API: runs of 300 days"] = $"{Api}/runs?from={lastYear}",
            ["API: run"] = $"{Api}/runs/{facts.Runs}",
            ["API: claims of the largest run"] = $"{Api}/runs/{facts.Runs}/claims",
            ["API: its acknowledgements"] = $"{Api}/runs/{facts.Runs}/acknowledgements",
            ["API: its rejected"] = $"{Api}/runs/{facts.Runs}/rejected",
            ["API: its skipped duplicates"] = $"{Api}/runs/{facts.Runs}/skipped-duplicates",
            ["API: its attempts"] = $"{Api}/runs/{facts.Runs}/attempts",
            ["API: claims"] = Api + "/claims",
            ["API: claims, exported"] = Api + "/claims?state=exported",
            ["API: claims, ready"] = Api + "/claims?state=ready",
            ["API: claims that begin so"] = $"{Api}/claims?idPrefix={facts.ExportedClaim[..2]}",
            ["API: claim"] = $"{Api}/claims/{facts.ExportedClaim}",
            ["API: in doubt"] = Api + "/in-doubt",
            ["API: requests"] = Api + "/requests",
            ["API: audit trail"] = Api + "/audit",
            ["API: audit trail, two actions"] = Api + "/audit?action=run_started&action=run_finished",
            ["API: times of the schedule"] = Api + "/schedule/fires",
            ["API: search"] = $"{Api}/search?q={facts.ExportedClaim}",
        };
    }
}
