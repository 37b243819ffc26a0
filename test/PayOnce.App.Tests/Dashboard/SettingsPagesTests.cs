using System.Net;
using PayOnce.Access;
using PayOnce.App.Host;
using PayOnce.App.Tests.Support;
using PayOnce.Exporters;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>The accounting system, its secrets, columns and flags, by forms alone.</summary>
public sealed class SettingsPagesTests(PostgresCluster cluster)
{
    private const string Dynamics = """{"exporter":"dynamics","transport":"file","format":"journal"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Changing { get; } =
    [
        "/o/hlf/settings/integration/change", "/o/hlf/settings/integration/test", "/o/hlf/settings/secrets/token", "/o/hlf/settings/schedule/change",
        "/o/hlf/settings/pause", "/o/hlf/settings/flags/dynamics-api", "/o/hlf/settings/notifications/change", "/installation", "/installation/add", "/installation/pause",
    ];

    [Theory]
    [MemberData(nameof(Changing))]
    public async Task Nobody_but_an_administrator_changes_settings(string path)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        foreach (var role in new[] { Role.Claimant, Role.Auditor, Role.Coordinator })
        {
            using var client = await world.SignedInAsync(role);
            await client.RefusedAsync(path);
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Every_page_of_settings_is_there_in_both_languages_and_an_auditor_finds_nothing_to_press(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 3);
        using var auditor = await world.SignedInAsync(Role.Auditor);
        foreach (var (path, bokmal, english) in new[]
        {
            ("", "Innstillinger", "Settings"), ("/integration", "Regnskapssystem", "Accounting system"), ("/secrets", "Hemmeligheter", "Secrets"), ("/mapping", "Kolonneoppsett", "Column mapping"),
            ("/schedule", "Tidsplan", "Schedule"), ("/flags", "Funksjonsbrytere", "Feature flags"), ("/notifications", "Varsler", "Notifications"),
        })
        {
            foreach (var (language, title) in new[] { ("nb", bokmal), ("en", english) })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/o/hlf/settings" + path);
                request.Headers.AcceptLanguage.ParseAdd(language);
                using var answer = await auditor.SendAsync(request, Cancel);
                var html = await answer.Content.ReadAsStringAsync(Cancel);
                Assert.Contains($"<title>{title} – PayOnce</title>", WebUtility.HtmlDecode(html), StringComparison.Ordinal);
                Assert.DoesNotContain("/change\"", html, StringComparison.Ordinal);
                Assert.DoesNotContain("/settings/pause", html, StringComparison.Ordinal);
            }
        }
        using var claimant = await world.SignedInAsync(Role.Claimant);
        using var refused = await claimant.GetAsync("/o/hlf/settings", Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Settings_are_checked_without_being_kept_and_then_kept_under_the_persons_name(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var client = await world.SignedInAsync(Role.Administrator);
        using (var check = await client.SendFormAsync("/o/hlf/settings/integration/change", ("json", Dynamics), ("do", "check")))
        {
            Assert.Equal(HttpStatusCode.OK, check.StatusCode);
            Assert.Contains("Innstillingene kan brukes. Ingenting er lagret ennå.", WebUtility.HtmlDecode(await check.Content.ReadAsStringAsync(Cancel)), StringComparison.Ordinal);
        }
        Assert.Equal(1, (await world.Store.FindIntegrationAsync("hlf", Cancel))!.Version);

        using (var save = await client.SendFormAsync("/o/hlf/settings/integration/change", ("json", Dynamics), ("do", "save"))) Assert.Equal("/o/hlf/settings/integration", world.Here(save));
        Assert.Equal("dynamics", IntegrationSettings.FromStored((await world.Store.FindIntegrationAsync("hlf", Cancel))!.SettingsJson).Exporter);
        var page = await client.PageAsync("/o/hlf/settings/integration");
        Assert.Contains("Eksporterer til Microsoft Dynamics 365 Business Central med fil (journal).", page, StringComparison.Ordinal);
        Assert.Contains("<td>Administrator 1</td>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"exporter\":", "er ikke JSON")]
    [InlineData("", "er ikke JSON")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","colour":"red"}""", "colour")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"gl02"}""", "må være en av")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","api":{}}""", "har bare mening med transport")]
    public async Task Wrong_settings_come_back_with_the_field_and_the_rule_and_with_what_was_typed(string json, string rule)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var client = await world.SignedInAsync(Role.Administrator);
        using var save = await client.SendFormAsync("/o/hlf/settings/integration/change", ("json", json), ("do", "save"));
        var page = await save.SentBackAsync();
        Assert.Contains(rule, page, StringComparison.Ordinal);
        Assert.Contains(json + "</textarea>", page, StringComparison.Ordinal);
        Assert.Equal(1, (await world.Store.FindIntegrationAsync("hlf", Cancel))!.Version);
    }

    [Fact]
    public async Task Whoever_saves_later_is_told_who_was_quicker_and_what_stands_now()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var client = await world.SignedInAsync(Role.Administrator);
        await world.Store.SaveIntegrationAsync("hlf", IntegrationSettings.FromStored(Dynamics).ToJson(), "Ola", Cancel);
        using var late = await client.SendFormAsync("/o/hlf/settings/integration/change", ("json", ServerWorld.GenericFile), ("version", "1"), ("do", "save"));
        var page = await late.SentBackAsync();
        Assert.Contains("endret av Ola", page, StringComparison.Ordinal);
        Assert.Contains("Det som står nå (versjon 2)", page, StringComparison.Ordinal);
        Assert.Contains("name=\"version\" value=\"2\"", page, StringComparison.Ordinal);
        Assert.Equal(2, (await world.Store.FindIntegrationAsync("hlf", Cancel))!.Version);
    }

    [Fact]
    public async Task A_secret_goes_in_and_never_comes_out_on_any_page()
    {
        const string value = "a-secret-of-some-length";
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, settings: RunScenes.Api);
        using var client = await world.SignedInAsync(Role.Administrator);
        using (var kept = await client.SendFormAsync("/o/hlf/settings/secrets/token", ("value", value))) Assert.Equal("/o/hlf/settings/secrets", world.Here(kept));
        var closed = (await world.Store.FindSecretAsync("hlf", "token", Cancel))!.Value;
        Assert.Equal(value, new SecretVault(Path.Combine(world.Folder, "keys")).Unprotect("hlf", "token", closed.Span));
        var page = await client.PageAsync("/o/hlf/settings/secrets");
        Assert.Contains("Administrator 1", page, StringComparison.Ordinal);
        Assert.DoesNotContain(value, page + await client.PageAsync("/o/hlf/settings/secrets/token"), StringComparison.Ordinal);

        using var spaced = await client.SendFormAsync("/o/hlf/settings/secrets/token", ("value", " spaced-secret"));
        Assert.DoesNotContain("spaced-secret", await spaced.SentBackAsync(), StringComparison.Ordinal);
        using var unknown = await client.GetAsync("/o/hlf/settings/secrets/password", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_connection_that_does_not_answer_is_told_on_the_page()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, settings: RunScenes.Api);
        using var client = await world.SignedInAsync(Role.Administrator);
        using (var without = await client.SendFormAsync("/o/hlf/settings/integration/test", ("_handler", "test")))
        {
            var page = Pages.Words(await without.ReadAsync());
            Assert.Contains("Forbindelsen ble ikke testet.", page, StringComparison.Ordinal);
            Assert.Contains("er ikke lagt inn. Legg den inn under Hemmeligheter.", page, StringComparison.Ordinal);
        }
        using (await client.SendFormAsync("/o/hlf/settings/secrets/token", ("value", "a-secret-of-some-length"))) { }
        using var tested = await client.SendFormAsync("/o/hlf/settings/integration/test", ("_handler", "test"));
        var told = await tested.ReadAsync();
        Assert.Contains("Rett dem før neste eksport.", Pages.Words(told), StringComparison.Ordinal);
        Assert.Contains("<span>innlogging</span>", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_preview_shows_what_settings_make_of_the_organisations_own_claims_and_changes_nothing(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        await world.Store.TakeInAsync("hlf", A.Records(3), "claims.jsonl", "test", Cancel);
        using var client = await world.SignedInAsync(Role.Auditor);
        using var fine = await client.SendFormAsync("/o/hlf/settings/mapping", ("json", ServerWorld.GenericFile));
        var page = WebUtility.HtmlDecode(await fine.Content.ReadAsStringAsync(Cancel));
        Assert.Contains("3 krav kontrollert. Alle er i orden.", page, StringComparison.Ordinal);
        Assert.Contains("A-0001", page, StringComparison.Ordinal);

        using var wrong = await client.SendFormAsync("/o/hlf/settings/mapping", ("json", """{"exporter":"generic","transport":"file","format":"csv","colour":"red"}"""));
        Assert.Contains("colour", await wrong.SentBackAsync(), StringComparison.Ordinal);
        Assert.Equal(1, (await world.Store.FindIntegrationAsync("hlf", Cancel))!.Version);
    }

    [Fact]
    public async Task Automatic_release_is_a_flag_of_an_integration_over_an_api_and_of_no_other()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        await world.Store.SaveIntegrationAsync("hlf", IntegrationSettings.FromStored(RunScenes.Api).ToJson(), "test", Cancel);
        using var client = await world.SignedInAsync(Role.Administrator);
        Assert.Contains("Automatisk frigivelse", await client.PageAsync("/o/hlf/settings/flags"), StringComparison.Ordinal);
        using (await client.SendFormAsync("/o/hlf/settings/flags/automatic-release", ("_handler", "flag"))) { }
        Assert.True(IntegrationSettings.FromStored((await world.Store.FindIntegrationAsync("hlf", Cancel))!.SettingsJson).Api!.AutomaticRelease);
        Assert.Contains("Automatisk frigivelse slått på", await client.PageAsync("/o/hlf/settings/flags"), StringComparison.Ordinal);

        await world.Store.SaveIntegrationAsync("hlf", IntegrationSettings.FromStored(ServerWorld.GenericFile).ToJson(), "test", Cancel);
        Assert.DoesNotContain("Automatisk frigivelse", (await client.PageAsync("/o/hlf/settings/flags")).Split("<caption")[1], StringComparison.Ordinal);
        using var gone = await client.GetAsync(new Uri("/o/hlf/settings/flags/automatic-release", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task A_flag_is_switched_and_the_history_says_by_whom()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, settings: Dynamics);
        await world.Store.SaveIntegrationAsync("hlf", IntegrationSettings.FromStored(Dynamics).ToJson(), "test", Cancel);
        using var client = await world.SignedInAsync(Role.Administrator);
        using (var on = await client.SendFormAsync("/o/hlf/settings/flags/dynamics-api", ("_handler", "flag"))) Assert.Equal("/o/hlf/settings/flags", world.Here(on));
        var page = await client.PageAsync("/o/hlf/settings/flags");
        Assert.Contains("1 er slått på.", page, StringComparison.Ordinal);
        Assert.Contains("API for Business Central slått på", page, StringComparison.Ordinal);
        Assert.Contains("Administrator 1", page, StringComparison.Ordinal);

        using (var late = await client.SendFormAsync("/o/hlf/settings/flags/dynamics-api", ("version", "1"))) Assert.Contains("endret av Administrator 1", await late.SentBackAsync(), StringComparison.Ordinal);
        using (await client.SendFormAsync("/o/hlf/settings/flags/dynamics-api", ("_handler", "flag"))) { }
        Assert.Contains("API for Business Central slått av", await client.PageAsync("/o/hlf/settings/flags"), StringComparison.Ordinal);
    }
}
