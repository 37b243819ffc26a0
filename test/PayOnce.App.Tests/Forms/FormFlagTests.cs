using System.Net;
using System.Text.Json;
using PayOnce.Access;
using PayOnce.App.Tests.Api;
using PayOnce.App.Tests.Support;
using PayOnce.Claims.Forms;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Forms;

/// <summary>Both positions of the organisation's flags, and the API from the first setting to the claim that waits.</summary>
public sealed class FormFlagTests(PostgresCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_the_flags_off_every_page_and_route_says_so_and_nothing_else_is_different()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, claims: 2);
        using var driver = await ApiOf(world, Role.Claimant);
        using var admin = await ApiOf(world, Role.Administrator);
        foreach (var (page, says) in new[]
        {
            ("/o/hlf/my-claims", "ikke slått på egne krav"), ("/o/hlf/my-claims/new/driver-honorarium", "Honorar for sjåfører er ikke slått på"), ("/o/hlf/my-claims/new/travel", "Reisekrav i PayOnce er ikke slått på"), ("/o/hlf/declaration", "Honorar for sjåfører er ikke slått på"),
        })
            Assert.Contains(says, WebUtility.HtmlDecode(await driver.Http.GetStringAsync(page, Cancel)), StringComparison.Ordinal);
        Assert.Contains("ikke slått på egne krav", WebUtility.HtmlDecode(await admin.Http.GetStringAsync("/o/hlf/approvals", Cancel)), StringComparison.Ordinal);
        var overview = await admin.Http.GetStringAsync("/o/hlf", Cancel);
        Assert.DoesNotContain("/my-claims", overview, StringComparison.Ordinal);
        Assert.DoesNotContain("/approvals", overview, StringComparison.Ordinal);
        Assert.DoesNotContain("/settings/declaration", await admin.Http.GetStringAsync("/o/hlf/settings", Cancel), StringComparison.Ordinal);

        (await driver.GetAsync("my/declaration")).Is(HttpStatusCode.Conflict).IsProblem("not-possible");
        (await driver.PostAsync("my/claim-forms", """{"kind":"travel","content":{}}""")).Is(HttpStatusCode.Conflict).IsProblem("not-possible");
        (await driver.PostAsync("my/claim-forms", """{"kind":"driver-honorarium","content":{}}""")).Is(HttpStatusCode.Conflict).IsProblem("not-possible");
        // An honorarium from elsewhere comes in as ever.
        var taken = (await admin.PostAsync("claims", $$"""{"claims":[{{IntakeTests.Good.Replace("travel", "driver-honorarium", StringComparison.Ordinal)}}]}""")).Is(HttpStatusCode.OK);
        Assert.Equal(1, taken["added"].GetInt32());
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_driver_and_a_coordinator_go_the_whole_way_over_the_api(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var admin = await ApiOf(world, Role.Administrator);
        using var driver = await ApiOf(world, Role.Claimant);
        using var coordinator = await ApiOf(world, Role.Coordinator);
        (await admin.PutAsync("flags/organisation", """{"flags":{"driver-honorarium":true}}""", ("If-None-Match", "*"))).Is(HttpStatusCode.OK);
        (await admin.PutAsync("flags/organisation", """{"flags":{"claim-forms":true}}""", ("If-None-Match", "*"))).Is(HttpStatusCode.PreconditionFailed).IsProblem("changed-meanwhile");
        (await admin.PutAsync("rates", """{"rates":[{"kind":"honorarium-fixed","from":"2020-01-01","minor":600000}],"passengersEach":true}""", ("If-None-Match", "*"))).Is(HttpStatusCode.OK);
        var wrong = (await admin.PutAsync("declaration", """{"language":"nb","text":"a\n{{x}}"}""", ("If-None-Match", "*"))).Is(HttpStatusCode.BadRequest);
        Assert.Contains("line 2", wrong.Text, StringComparison.Ordinal);
        (await admin.PutAsync("declaration", """{"language":"nb","text":"Jeg, {{driver}}"}""", ("If-None-Match", "*"))).Is(HttpStatusCode.OK);

        async Task<JsonElement> FormAsync() => (await driver.PostAsync("my/claim-forms", $$$"""{"kind":"driver-honorarium","content":{"date":"{{{DateTime.UtcNow.AddDays(-2):yyyy-MM-dd}}}","reference":"Rute 7","pay":"fixed"}}""")).Is(HttpStatusCode.OK).Json;
        var first = await FormAsync();
        var id = first.GetProperty("formId").GetString();
        Assert.Contains("this claimant has given none", (await driver.PostAsync($"my/claim-forms/{id}/submit", """{"revision":1}""")).Is(HttpStatusCode.Conflict).Text, StringComparison.Ordinal);
        var read = (await driver.GetAsync("my/declaration")).Is(HttpStatusCode.OK);
        Assert.Equal("never", read["missing"].GetString());
        (await driver.PostAsync("my/declaration/acknowledge", """{"version":1,"sha256":"x","name":"Per"}""")).Is(HttpStatusCode.PreconditionFailed);
        (await driver.PostAsync("my/declaration/acknowledge", $$"""{"version":1,"sha256":"{{read["sha256"].GetString()}}","name":"Per"}""")).Is(HttpStatusCode.OK);
        (await driver.PostAsync($"my/claim-forms/{id}/submit", """{"revision":1}""")).Is(HttpStatusCode.OK);

        // The driver may not decide, and nobody decides about what has changed since.
        (await driver.PostAsync($"claim-forms/{id}/approve", """{"revision":2,"ratesVersion":1}""")).Is(HttpStatusCode.Forbidden);
        (await coordinator.PostAsync($"claim-forms/{id}/approve", """{"revision":1,"ratesVersion":1}""")).Is(HttpStatusCode.PreconditionFailed);
        (await coordinator.PostAsync($"claim-forms/{id}/approve", """{"revision":2,"ratesVersion":0}""")).Is(HttpStatusCode.PreconditionFailed);
        (await coordinator.PostAsync($"claim-forms/{id}/approve", """{"revision":2,"ratesVersion":1}""")).Is(HttpStatusCode.OK);
        var claim = (await admin.GetAsync($"claims/{id}")).Is(HttpStatusCode.OK);
        Assert.Contains("600000", claim.Text, StringComparison.Ordinal);

        // The second one brings the driver beyond the year's limit: it warns there and before the export, and blocks nothing.
        var second = (await FormAsync()).GetProperty("formId").GetString();
        (await driver.PostAsync($"my/claim-forms/{second}/submit", """{"revision":1}""")).Is(HttpStatusCode.OK);
        Assert.Equal(1_200_000, (await coordinator.GetAsync($"claim-forms/{second}"))["warnings"][0].GetProperty("totalMinor").GetInt64());
        Assert.Contains("over grensen", WebUtility.HtmlDecode(await coordinator.Http.GetStringAsync($"/o/hlf/approvals/{second}/approve", Cancel)), StringComparison.Ordinal);
        (await coordinator.PostAsync($"claim-forms/{second}/approve", """{"revision":2,"ratesVersion":1}""")).Is(HttpStatusCode.OK);
        Assert.Contains("over grensen", WebUtility.HtmlDecode(await coordinator.Http.GetStringAsync("/o/hlf/sync/check", Cancel)), StringComparison.Ordinal);
        Assert.Equal("honorarium", (await coordinator.PostAsync("sync/dry-run", "{}")).Is(HttpStatusCode.OK)["yearWarnings"][0].GetProperty("what").GetString());

        // An honorarium from elsewhere needs the acknowledgement of its own claimant.
        var refused = (await admin.PostAsync("claims", $$"""{"claims":[{{IntakeTests.Good.Replace("travel", "driver-honorarium", StringComparison.Ordinal)}}]}""")).Is(HttpStatusCode.OK);
        Assert.Contains("this claimant has given none", refused["items"][0].GetProperty("problems")[0].GetProperty("rule").GetString(), StringComparison.Ordinal);

        var withdrawn = (await admin.PostAsync("declaration/acknowledgements/1/withdraw", """{"reason":"sluttet"}""")).Is(HttpStatusCode.OK);
        Assert.Equal(2, withdrawn["withdrawnClaims"].GetArrayLength());
        Assert.Equal("sent_back", (await coordinator.GetAsync($"claim-forms/{id}"))["state"].GetString());

        // Nothing that anybody typed stands in the trail.
        await foreach (var told in world.Store.ReadAuditAsync("hlf", 0, Cancel))
            Assert.DoesNotContain("Rute 7", told.Details + told.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_claimant_and_coordinator_approves_all_but_their_own()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var both = await ApiOf(world, Role.Coordinator);
        await world.Store.SetMembershipAsync(new Membership("hlf", "user1", Role.Coordinator, "D-1"), "test", Cancel);
        var scene = new FormScene(world.Store, "hlf");
        await scene.OpenAsync();
        var form = await scene.SubmittedAsync(kind: FormKind.Travel, content: new FormContent
        {
            Date = DateOnly.FromDateTime(DateTime.UtcNow.AddDays(-3)), ReturnDate = DateOnly.FromDateTime(DateTime.UtcNow.AddDays(-3)), Departure = new(8, 0), Return = new(9, 0), Reference = "x", Route = "y", Kilometres = 10,
        });

        Assert.Contains("ditt eget krav", WebUtility.HtmlDecode(await both.Http.GetStringAsync($"/o/hlf/approvals/{form.FormId}", Cancel)), StringComparison.Ordinal);
        Assert.DoesNotContain("method=\"post\" novalidate", await both.Http.GetStringAsync($"/o/hlf/approvals/{form.FormId}/approve", Cancel), StringComparison.Ordinal);
        Assert.Contains("Nobody decides about their own claim", (await both.PostAsync($"claim-forms/{form.FormId}/approve", $$"""{"revision":{{form.Revision}},"ratesVersion":1}""")).Is(HttpStatusCode.Conflict).Text, StringComparison.Ordinal);
        (await both.PostAsync($"claim-forms/{form.FormId}/send-back", $$"""{"revision":{{form.Revision}},"reason":"x"}""")).Is(HttpStatusCode.Conflict);
        Assert.Equal(FormState.Submitted, (await world.Store.FindFormAsync("hlf", form.FormId, Cancel))!.State);
    }

    private static async Task<ApiCaller> ApiOf(ServerWorld world, Role role)
    {
        var client = await world.SignedInAsync(role);
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        return new ApiCaller(client);
    }
}
