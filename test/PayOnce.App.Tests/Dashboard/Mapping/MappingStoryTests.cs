using Microsoft.Playwright;
using PayOnce.App.Tests.Support;
using PayOnce.Exporters;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard.Mapping;

/// <summary>A person edits the mapping in a browser: with script and without, and by the keyboard alone.</summary>
public sealed class MappingStoryTests(PostgresCluster cluster, Browser browser)
{
    private const string Own = """{"exporter":"generic","transport":"file","format":"csv","mapping":{"columns":[{"name":"Krav","field":"claimId"},{"name":"Nøkkel","field":"exportKey"}]}}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = Hang.Limit)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_column_is_added_tried_saved_and_taken_back_by_going_to_the_version_before(bool script)
    {
        await using var scene = await StoryScene.StartAsync(cluster, browser, claims: 3, settings: Own);
        var page = await scene.SignInAsync(script);
        await page.LinkAsync("Innstillinger");
        await page.LinkAsync("Kolonneoppsett");
        await page.LinkAsync("Endre kolonneoppsett");
        await page.SaysAsync("3 krav kontrollert. Alle er i orden.");
        await page.ButtonAsync("Legg til kolonne");
        // Where to go on is where the new column is.
        await Assertions.Expect(page.Locator("#c2-name")).ToBeFocusedAsync();
        await page.FillAsync("#c2-name", "Beløp");
        await page.SelectOptionAsync("#c2-source", "field:amount");
        await page.FillAsync("#c2-format", "rund");
        if (script)
        {
            // As it is written: the rule stands at the field, and the focus stays.
            await Assertions.Expect(page.Locator("#c2-format-e")).ToContainTextAsync("må være en av decimal");
            await Assertions.Expect(page.Locator("#c2-format")).ToBeFocusedAsync();
            await page.FillAsync("#c2-format", "minor");
            await Assertions.Expect(page.Locator("#shown pre")).ToContainTextAsync("Krav;Nøkkel;Beløp");
            await Assertions.Expect(page.Locator("#c2-format-e")).ToHaveCountAsync(0);
            await Assertions.Expect(page.Locator("#c2-format")).ToBeFocusedAsync();
        }
        else
        {
            await page.ThroughAsync(() => page.Locator("button[value=preview]").First.ClickAsync());
            await Assertions.Expect(page).ToHaveTitleAsync("Feil: Endre kolonneoppsett – PayOnce");
            await Assertions.Expect(page.Locator("#c2-format-e")).ToContainTextAsync("må være en av decimal");
            await page.FillAsync("#c2-format", "minor");
            await page.ThroughAsync(() => page.Locator("button[value=preview]").First.ClickAsync());
            await Assertions.Expect(page.Locator("#shown pre")).ToContainTextAsync("Krav;Nøkkel;Beløp");
        }
        await page.ButtonAsync("Lagre");
        await page.SaysAsync("Eget oppsett med 3 kolonner.");
        await page.LinkAsync("Tilbake til innstillinger");
        await page.LinkAsync("Regnskapssystem", first: true);
        await page.LinkAsync("Se, sammenlign og gå tilbake til versjoner");
        await page.LinkAsync("Versjon 1");
        await page.LinkAsync("Gå tilbake til versjon 1");
        await page.SaysAsync("mapping.columns[Beløp].field");
        await page.ButtonAsync("Gå tilbake til versjon 1");
        Assert.Equal(2, IntegrationSettings.FromStored((await scene.World.Store.FindIntegrationAsync("hlf", Cancel))!.SettingsJson).Mapping!.Columns!.Count);
        Assert.Equal(3, (await scene.World.Store.FindIntegrationAsync("hlf", Cancel))!.Version);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task By_the_keyboard_alone_columns_change_places_and_the_focus_goes_with_them_and_axe_finds_nothing()
    {
        await using var scene = await StoryScene.StartAsync(cluster, browser, claims: 1, settings: Own);
        var page = await scene.SignInAsync(script: true);
        await page.GotoAsync(new Uri(new Uri(page.Url), MappingScene.Editor).ToString());
        await page.Locator("#c0-name").FocusAsync();
        await ReachAsync(page, "up-1");
        await page.ThroughAsync(() => page.Keyboard.PressAsync("Enter"));
        await Assertions.Expect(page.Locator("#c0")).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator("#c0-name")).ToHaveValueAsync("Nøkkel");
        // Enter in a field shows a preview and keeps nothing.
        await page.Locator("#c0-name").FocusAsync();
        await page.ThroughAsync(() => page.Keyboard.PressAsync("Enter"));
        await Assertions.Expect(page.Locator("#preview")).ToBeFocusedAsync();
        Assert.Equal(1, (await scene.World.Store.FindIntegrationAsync("hlf", Cancel))!.Version);
        foreach (var language in new[] { "nb", "en" })
        {
            await page.GotoAsync(new Uri(new Uri(page.Url), $"/language?to={language}&back={Uri.EscapeDataString(MappingScene.Editor)}").ToString());
            await page.IsCleanAsync();
        }
        await page.SetViewportSizeAsync(320, 256);
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= 320"), "At 400 % the page is wider than the window.");
    }

    private static async Task ReachAsync(IPage page, string act)
    {
        for (var i = 0; i < 60; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string>("() => document.activeElement.value || ''") == act) return;
        }
        Assert.Fail($"No way by Tab to {act}.");
    }
}
