using System.Net;
using System.Text.Json;
using PayOnce.Access;
using PayOnce.App.Tests.Api;
using PayOnce.App.Tests.Dashboard;
using PayOnce.App.Tests.Support;
using PayOnce.Audit;
using PayOnce.Claims.Forms;
using PayOnce.History;
using PayOnce.Privacy;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Privacy;

/// <summary>Retention, erasure and a person's data by forms alone and over the API.</summary>
public sealed class PrivacyPagesTests(PostgresCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task The_retention_is_changed_by_an_administrator_and_not_below_what_the_law_asks_for(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var client = await world.SignedInAsync(Role.Administrator);
        Assert.Contains("Dokumenter oppbevares i 5 år", Pages.Words(await client.ReadAsync("/o/hlf/settings/privacy")), StringComparison.Ordinal);

        using (var wrong = await client.SendFormAsync("/o/hlf/settings/privacy/change", ("years", "4")))
            Assert.Contains("Bokføringsloven § 13 krever minst fem år.", Pages.Words(await wrong.ReadAsync(HttpStatusCode.UnprocessableEntity)), StringComparison.Ordinal);
        using (var saved = await client.SendFormAsync("/o/hlf/settings/privacy/change", ("years", "7"), ("views", "yes"))) Assert.Equal("/o/hlf/settings/privacy", world.Here(saved));
        using (var late = await client.SendFormAsync("/o/hlf/settings/privacy/change", ("years", "8"), ("version", "0"))) Assert.Equal(HttpStatusCode.UnprocessableEntity, late.StatusCode);

        Assert.Equal(new PrivacySettings(7, true), PrivacySettings.FromStored((await world.Store.FindSettingAsync("hlf", SettingTopics.Privacy, Cancel))!.Value));
        Assert.Contains("Personvern og oppbevaring", Pages.Words(await client.ReadAsync("/o/hlf/audit")), StringComparison.Ordinal);
        foreach (var role in new[] { Role.Auditor, Role.Coordinator })
        {
            using var other = await world.SignedInAsync(role);
            Assert.DoesNotContain("/settings/privacy/erase", await other.ReadAsync("/o/hlf/settings/privacy"), StringComparison.Ordinal);
            await other.RefusedAsync("/o/hlf/settings/privacy/erase");
            await other.RefusedAsync("/o/hlf/settings/privacy/person");
        }
    }

    [Fact]
    public async Task Erasing_asks_for_a_reason_and_the_organisations_id_and_pages_say_what_is_gone_since_when()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        await PrivacyScene.ExportedLongAgoAsync(world);
        using var client = await world.SignedInAsync(Role.Administrator);
        var page = Pages.Words(await client.ReadAsync("/o/hlf/settings/privacy/erase", language: "en"));
        Assert.Contains("3 claims can be erased.", page, StringComparison.Ordinal);
        Assert.Matches(@"2018\s+3", page);

        foreach (var (reason, confirm) in new[] { ("", "hlf"), ("over", ""), ("over", "blind") })
        {
            using var refused = await client.SendFormAsync("/o/hlf/settings/privacy/erase", ("reason", reason), ("confirm", confirm));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        Assert.Empty(await world.Store.ListErasuresAsync("hlf", 10, Cancel));

        using (var done = await client.SendFormAsync("/o/hlf/settings/privacy/erase", ("reason", "2018 is over"), ("confirm", "hlf"))) Assert.Equal("/o/hlf/settings/privacy", world.Here(done));

        Assert.Contains("2018 is over", Pages.Words(await client.ReadAsync("/o/hlf/settings/privacy")), StringComparison.Ordinal);
        Assert.Contains("There is nothing to erase.", Pages.Words(await client.ReadAsync("/o/hlf/settings/privacy/erase", language: "en")), StringComparison.Ordinal);
        var claim = await client.ReadAsync("/o/hlf/claims/OLD-1", language: "nb");
        Assert.Contains("Personopplysningene ble slettet", Pages.Words(claim), StringComparison.Ordinal);
        Assert.DoesNotContain("Nordmann", claim, StringComparison.Ordinal);
        Assert.DoesNotContain("/re-export\"", claim, StringComparison.Ordinal);
        Assert.Contains("The contents were erased on", Pages.Words(await client.ReadAsync("/o/hlf/runs/1", language: "en")), StringComparison.Ordinal);
        await client.ReadAsync("/o/hlf/runs/1/file", HttpStatusCode.NotFound);
        using var api = await ApiCaller.OfAsync(world);
        Assert.Contains("were erased on", (await api.GetAsync("runs/1/file")).Is(HttpStatusCode.Gone).Text, StringComparison.Ordinal);
        Assert.Empty((await AuditVerification.VerifyAsync(world.Store, "hlf", Cancel)).Problems);
        Assert.Empty(await world.Store.CheckAsync(Cancel));
    }

    [Fact]
    public async Task Over_the_api_it_is_the_same_with_versions_and_problems()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        await PrivacyScene.ExportedLongAgoAsync(world);
        using var api = await ApiCaller.OfAsync(world);
        Assert.Equal(HttpStatusCode.PreconditionRequired, (await api.PutAsync("retention", """{"retentionYears":6,"recordViews":false}""")).Status);
        Assert.Contains("bokføringsloven § 13", (await api.PutAsync("retention", """{"retentionYears":4,"recordViews":false}""", ("If-None-Match", "*"))).Text, StringComparison.Ordinal);
        (await api.PutAsync("retention", """{"retentionYears":6,"recordViews":false}""", ("If-None-Match", "*"))).Is(HttpStatusCode.OK);
        Assert.Contains("\"claims\":3", (await api.GetAsync("retention/preview")).Is(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        Assert.Contains("\"claims\":0", (await api.GetAsync("retention/preview?before=2018-01-01")).Is(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await api.PostAsync("retention/erase", """{"reason":"over","confirm":"blind"}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await api.PostAsync("retention/erase", """{"reason":"over","confirm":"hlf","before":"2025-01-01"}""")).Status);
        await world.Store.BeginRestoreAsync("hlf", "backup", "test", Cancel);
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync("retention/erase", """{"reason":"over","confirm":"hlf"}""")).Status);
        await world.Store.EndRestoreAsync("hlf", "done", "test", Cancel);

        Assert.Contains("\"done\":true", (await api.PostAsync("retention/erase", """{"reason":"over","confirm":"hlf"}""")).Is(HttpStatusCode.OK).Text, StringComparison.Ordinal);

        Assert.Contains("\"claims\":3", (await api.GetAsync("retention/erasures")).Is(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        Assert.Contains("\"erasedAt\":\"", (await api.GetAsync("claims/OLD-1")).Is(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync("persons/4711")).Status);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_person_gets_everything_about_themselves_and_nothing_about_others(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 3);
        using var driver = await world.SignedInAsync(Role.Claimant);
        using var stranger = await world.SignedInAsync(Role.Claimant);
        var scene = new FormScene(world.Store, "hlf");
        var per = new FormPerson("user1", "claimant1", "Per Sjåfør");
        await scene.OpenAsync();
        await scene.AcknowledgeAsync(who: per);
        await scene.AddAsync(who: per);
        await world.Store.AddReceiptAsync("hlf", FormScene.FormId, 1, new NewReceipt("bom.png", ReceiptType.Png, FormScene.Png), per, Cancel);
        await world.Store.ChangeFormAsync("hlf", FormScene.FormId, 2, FormChange.Submit.Instance, per, Cancel);
        FormScene.Done(await scene.ApproveAsync((await world.Store.FindFormAsync("hlf", FormScene.FormId, Cancel))!));
        await ApiCaller.RunAsync(world.Store);

        foreach (var address in new[] { "/o/hlf/my-data.json", ApiCaller.Org + "/my/data" })
        {
            using var answer = await driver.GetAsync(address, Cancel);
            var text = await answer.ReadAsync();
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            Assert.Equal(("claimant1", "user1@example.org"), (root.GetProperty("claimantId").GetString(), root.GetProperty("account").GetProperty("email").GetString()));
            Assert.Equal(FormScene.FormId, Assert.Single(root.GetProperty("claims").EnumerateArray()).GetProperty("claimId").GetString());
            var form = Assert.Single(root.GetProperty("forms").EnumerateArray());
            Assert.Equal(("Rute 7", Convert.ToBase64String(FormScene.Png)), (form.GetProperty("content").GetProperty("reference").GetString(), form.GetProperty("receipts")[0].GetProperty("contentBase64").GetString()));
            Assert.Contains("holder tett", root.GetProperty("acknowledgements")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
            Assert.Contains("form_approved", root.GetProperty("audit").EnumerateArray().Select(each => each.GetProperty("action").GetString()));
            Assert.DoesNotContain("R1-00000", text, StringComparison.Ordinal);
            // Somebody of whom nothing but the account is known, and an administrator who is nobody's claimant.
            using var own = JsonDocument.Parse(await (await stranger.GetAsync(address, Cancel)).ReadAsync());
            Assert.Empty(own.RootElement.GetProperty("claims").EnumerateArray());
        }
        await driver.RefusedAsync("/o/hlf/settings/privacy/person?claimant=claimant2");
        using var administrator = await world.SignedInAsync(Role.Administrator);
        await administrator.ReadAsync("/o/hlf/my-data.json", HttpStatusCode.NotFound);
        Assert.Contains("/settings/privacy/person.json?claimant=claimant1", await administrator.ReadAsync("/o/hlf/settings/privacy/person?claimant=claimant1"), StringComparison.Ordinal);
        Assert.Contains("ingen opplysninger om nobody", Pages.Words(await administrator.ReadAsync("/o/hlf/settings/privacy/person?claimant=nobody", language: "nb")), StringComparison.Ordinal);
        Assert.Contains(FormScene.FormId, await administrator.ReadAsync("/o/hlf/settings/privacy/person.json?claimant=claimant1"), StringComparison.Ordinal);

        // Told without being asked for.
        var told = (await world.Store.PageAuditAsync("hlf", new AuditFilter(Actions: [AuditActions.PersonExported]), new ListRequest(500), Cancel)).Page.Rows;
        Assert.Equal([("claimant claimant1", "Administrator 3"), ("claimant claimant2", "Claimant 2"), ("claimant claimant1", "Claimant 1"), ("claimant claimant2", "Claimant 2"), ("claimant claimant1", "Claimant 1")], told.Select(each => (each.Subject, each.Actor)));
    }
}
