using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Privacy;
using PayOnce.App.Tests.Api;
using PayOnce.App.Tests.Support;
using PayOnce.Audit;
using PayOnce.History;
using PayOnce.Privacy;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Privacy;

/// <summary>Who saw whom, in the audit trail, where the organisation asks for it.</summary>
public sealed class PersonalViewTests(PostgresCluster cluster)
{
    // Routes of an organisation that show no claimant; each for a reason that its name says.
    private static readonly string[] ShowNobody =
    [
        "/o/{org}", "/o/{org}/audit", "/o/{org}/audit.csv", "/o/{org}/audit.jsonl", "/o/{org}/import", "/o/{org}/runs", "/o/{org}/runs.csv", "/o/{org}/runs/{runId:long}/imported", "/o/{org}/runs/{runId:long}/roll-back",
        "/o/{org}/runs/{runId:long}/stop", "/o/{org}/runs/{run:long}/manifest", "/o/{org}/runs/{run:long}/live", "/o/{org}/requests/{requestId:long}", "/o/{org}/sync/busy", "/o/{org}/start", "/o/{org}/start/adopt",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Each_view_is_told_with_who_what_and_whom_and_none_while_nobody_asked_for_it(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 2);
        await ApiCaller.RunAsync(world.Store);
        using var auditor = await world.SignedInAsync(Role.Auditor);
        (string Path, string What, string Subject)[] views =
        [
            ("/o/hlf/claims", "claims", "claims"), ("/o/hlf/claims?claimant=4711", "claims", "claimant 4711"), ("/o/hlf/claims/R1-000001", "claim", "claim R1-000001"), ("/o/hlf/claims.csv", "claims", "claims"),
            ("/o/hlf/runs/1", "run", "run 1"), ("/o/hlf/runs/1/file", "file", "run 1"), ("/o/hlf/runs/1/report.csv", "run", "run 1"), ("/o/hlf/search?q=R1-000001", "search", "search"), ("/o/hlf/approvals", "forms", "forms"),
            (ApiCaller.Org + "/claims/R1-000001", "claim", "claim R1-000001"), (ApiCaller.Org + "/claims?claimantId=4711", "claims", "claimant 4711"), (ApiCaller.Org + "/runs/1/claims", "run", "run 1"), (ApiCaller.Org + "/claim-forms", "forms", "forms"),
        ];
        foreach (var (path, _, _) in views) Assert.True((await auditor.GetAsync(path, Cancel)).StatusCode is HttpStatusCode.OK or HttpStatusCode.Redirect, path);
        Assert.Empty(await ViewsAsync(world));

        await SwitchOnAsync(world);
        foreach (var (path, what, subject) in views)
        {
            var before = (await ViewsAsync(world)).Count;
            using var answer = await auditor.GetAsync(path, Cancel);
            var told = (await ViewsAsync(world))[0];
            Assert.Equal((path, before + 1), (path, (await ViewsAsync(world)).Count));
            Assert.Equal((subject, "Auditor 1"), (told.Subject, told.Actor));
            Assert.Equal($$"""{"what":"{{what}}","by":"{{(path.StartsWith("/api", StringComparison.Ordinal) ? "api" : "page")}}"}""", told.Details);
        }
        // What shows nobody, and who is not let in, leaves no trace.
        var all = (await ViewsAsync(world)).Count;
        await auditor.GetAsync("/o/hlf", Cancel);
        await auditor.GetAsync("/o/hlf/settings", Cancel);
        using var claimant = await world.SignedInAsync(Role.Claimant);
        Assert.Equal(HttpStatusCode.Forbidden, (await claimant.GetAsync("/o/hlf/claims/R1-000001", Cancel)).StatusCode);
        await claimant.GetAsync("/o/hlf/my-claims", Cancel);
        Assert.Equal(all, (await ViewsAsync(world)).Count);
        Assert.Empty((await AuditVerification.VerifyAsync(world.Store, "hlf", Cancel)).Problems);
    }

    [Theory]
    [InlineData("/o/hlf/claims/R1-000001"), InlineData("/o/hlf/claims"), InlineData("/o/hlf/claims.csv"), InlineData(ApiCaller.Org + "/claims/R1-000001"), InlineData("/o/hlf/settings/privacy/person.json?claimant=4711")]
    public async Task A_view_that_cannot_be_told_shows_nothing(string path)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, claims: 2);
        var claim = (await world.Store.FindClaimAsync("hlf", "R1-000001", Cancel))!.Claim!;
        path = path.Replace("4711", Uri.EscapeDataString(claim.ClaimantId), StringComparison.Ordinal);
        await SwitchOnAsync(world);
        using var administrator = await world.SignedInAsync(Role.Administrator);
        await ExecuteAsync(world, "create trigger full before insert on audit_events when new.action in ('personal_data_viewed', 'person_exported') begin select raise(abort, 'no room'); end");

        using var answer = await administrator.GetAsync(path, Cancel);

        Assert.True((int)answer.StatusCode >= 500, answer.StatusCode.ToString());
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.DoesNotContain(claim.ClaimantName, text, StringComparison.Ordinal);
        // An address that names the claimant comes back in the page's link to the other language.
        if (!path.Contains(Uri.EscapeDataString(claim.ClaimantId), StringComparison.Ordinal)) Assert.DoesNotContain(claim.ClaimantId, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_route_of_an_organisation_that_reads_is_known_to_show_claimants_or_not_to()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        var routes = (from endpoint in ((IEndpointRouteBuilder)world.Servers[0]).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                      let pattern = PersonalViews.Plain(endpoint.RoutePattern.RawText!)
                      let permission = endpoint.Metadata.GetMetadata<NeedsAttribute>()?.Permission
                      where pattern.Contains("{org}", StringComparison.Ordinal) && permission is not (null or Permission.Own or Permission.ManageAccess)
                      where endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is null or ["GET"]
                      select pattern).Distinct().ToList();
        // Settings and lists of the organisation's own over the API say so in their address.
        string[] silent = ["/o/{org}/settings", "/api/v1/organisations/{org}/integration", "/api/v1/organisations/{org}/flags", "/api/v1/organisations/{org}/schedule", "/api/v1/organisations/{org}/notifications", "/api/v1/organisations/{org}/requests",
            "/api/v1/organisations/{org}/audit", "/api/v1/organisations/{org}/retention", "/api/v1/organisations/{org}/source", "/api/v1/organisations/{org}/declaration", "/api/v1/organisations/{org}/secrets"];
        string[] counts = ["", "/rates", "/limits", "/pause", "/restore", "/export-status", "/overview", "/months", "/runs", "/runs/{run:long:min(1)}", "/runs/{run:long:min(1)}/events", "/runs/{run:long:min(1)}/file/manifest"];
        // Told whether or not it is asked for.
        string[] always = ["/o/{org}/settings/privacy/person.json", "/api/v1/organisations/{org}/persons/{claimant}"];

        var unknown = routes.Where(pattern => !PersonalViews.Shows(pattern) && !ShowNobody.Contains(pattern) && !always.Contains(pattern)
            && !silent.Any(each => pattern == each || pattern.StartsWith(each + "/", StringComparison.Ordinal)) && !counts.Contains(pattern.Replace("/api/v1/organisations/{org}", "", StringComparison.Ordinal)));
        Assert.Empty(unknown);
        var all = ((IEndpointRouteBuilder)world.Servers[0]).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Select(each => PersonalViews.Plain(each.RoutePattern.RawText!)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain(PersonalViews.Patterns, pattern => !all.Contains(pattern));
    }

    /// <summary>Not a limit: it shows in the test's output what a page costs with and without the note.</summary>
    [Fact]
    public async Task A_page_with_the_note_is_about_as_quick_as_without()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, claims: 2);
        using var auditor = await world.SignedInAsync(Role.Auditor);
        var without = await MedianAsync(auditor);
        await SwitchOnAsync(world);
        var with = await MedianAsync(auditor);
        TestContext.Current.TestOutputHelper?.WriteLine($"claim page: {without.TotalMilliseconds:0.0} ms without, {with.TotalMilliseconds:0.0} ms with the note");
        Assert.True(with < without + TimeSpan.FromMilliseconds(500), $"{without} without, {with} with");
    }

    private static async Task<TimeSpan> MedianAsync(HttpClient client)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < 11; i++)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await client.GetAsync("/o/hlf/claims/R1-000001", Cancel);
            await answer.Content.ReadAsByteArrayAsync(Cancel);
            times.Add(Stopwatch.GetElapsedTime(began));
        }
        times.Sort();
        return times[times.Count / 2];
    }

    private static async Task SwitchOnAsync(ServerWorld world) => await world.Store.SaveSettingAsync("hlf", SettingTopics.Privacy, new PrivacySettings(5, RecordViews: true).ToJson(), null, "test", Cancel);

    private static async Task<IReadOnlyList<AuditEvent>> ViewsAsync(ServerWorld world) =>
        (await world.Store.PageAuditAsync("hlf", new AuditFilter(Actions: [AuditActions.PersonalDataViewed]), new ListRequest(500), Cancel)).Page.Rows;

    private static async Task ExecuteAsync(ServerWorld world, string sql)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(world.Folder, "payonce.db"), Pooling = false }.ToString());
        await connection.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
