using System.Text.Json;
using Microsoft.Playwright;
using PayOnce.App.Tests.Dashboard;
using PayOnce.App.Tests.Support;
using PayOnce.Audit;
using PayOnce.History;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Privacy;

/// <summary>An administrator keeps, gives out and erases what is known of people: by the keyboard alone, with script and without.</summary>
public sealed class PrivacyStoryTests(PostgresCluster cluster, Browser browser)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = Hang.Limit)]
    public async Task Without_script_the_time_of_keeping_is_set_views_are_noted_a_persons_data_is_given_out_and_the_past_is_erased()
    {
        await using var scene = await StoryScene.StartAsync(cluster, browser);
        await PrivacyScene.ExportedLongAgoAsync(scene.World);
        var page = await scene.SignInAsync(script: false);
        await OpenClaimAsync(page, "OLD-2");
        await page.SaysAsync("Kari Nordmann");

        await ToPrivacyAsync(page);
        await page.SaysAsync("Visninger av personopplysninger føres ikke.");
        await page.PressAsync("Endre oppbevaring og visninger");
        await page.WriteAsync("Antall år", "4");
        await page.EnterAsync();
        await Assertions.Expect(page).ToHaveTitleAsync("Feil: Endre oppbevaring og visninger – PayOnce");
        await page.WriteAsync("Antall år", "6");
        await page.ChooseNextAsync("Før hver visning av personopplysninger");
        await page.PressAsync("Lagre");
        await page.SaysAsync("Dokumenter oppbevares i 6 år etter utgangen av året.");
        await page.SaysAsync("Visninger av personopplysninger føres i revisjonssporet.");

        // Seen from here on, and told.
        await OpenClaimAsync(page, "OLD-1");
        Assert.Contains("claim OLD-1", await ViewedAsync(scene.World));
        Assert.DoesNotContain("claim OLD-2", await ViewedAsync(scene.World));

        await ToPrivacyAsync(page);
        await page.PressAsync("En persons opplysninger");
        await page.WriteAsync("Leverandørnummer", "4712");
        await page.EnterAsync();
        await page.SaysAsync("Det finnes ingen opplysninger om 4712.");
        await page.WriteAsync("Leverandørnummer", "4711");
        await page.EnterAsync();
        await DownloadAsync(page);

        await page.PressAsync("Personvern og oppbevaring");
        await page.PressAsync("Slett personopplysninger");
        await page.SaysAsync("3 krav kan slettes.");
        await EraseAsync(page);
        await page.PressAsync("Slett personopplysninger");
        await page.SaysAsync("Ingenting er eldre enn oppbevaringstiden.");
        await page.PressAsync("Revisjonsspor");
        foreach (var told in new[] { "Så personopplysninger (krav)", "Hentet ut alt om personen", "Begynte å slette personopplysninger", "Slettet personopplysninger: 3 krav", "Ble ferdig med å slette: 3 krav" }) await page.SaysAsync(told);
        await page.PressAsync("Kontroller nå");
        await page.SaysAsync("ingen brudd.");
        Assert.Empty(await scene.World.Store.CheckAsync(Cancel));
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task With_script_a_persons_data_is_given_out_and_erased_and_the_claims_page_names_nobody_and_axe_finds_nothing()
    {
        await using var scene = await StoryScene.StartAsync(cluster, browser);
        await PrivacyScene.ExportedLongAgoAsync(scene.World);
        var page = await scene.SignInAsync(script: true);
        await page.GotoAsync(new Uri(new Uri(page.Url), "/o/hlf/settings/privacy/person").ToString());
        await page.WriteAsync("Leverandørnummer", "4711");
        await page.EnterAsync();
        await page.IsCleanAsync();
        await DownloadAsync(page);

        await page.PressAsync("Personvern og oppbevaring");
        await page.PressAsync("Slett personopplysninger");
        await page.WriteAsync("Begrunnelse", "2018 er over");
        await page.WriteAsync("Skriv organisasjonens id", "blind");
        await page.EnterAsync();
        await Assertions.Expect(page).ToHaveTitleAsync("Feil: Slett personopplysninger – PayOnce");
        await page.SaysAsync("Bekreftelsen må være hlf. Ingenting ble slettet.");
        await page.IsCleanAsync();
        Assert.Empty(await scene.World.Store.ListErasuresAsync("hlf", 10, Cancel));
        await EraseAsync(page);
        await page.IsCleanAsync();

        await OpenClaimAsync(page, "OLD-1");
        await page.SaysAsync("Personopplysningene ble slettet");
        await page.SaysAsync("Kravet kan aldri eksporteres igjen.");
        await page.SaysAsync("Godkjent av slettet");
        await Assertions.Expect(page.Locator("main")).Not.ToContainTextAsync("Nordmann");
        await Assertions.Expect(page.Locator("main")).Not.ToContainTextAsync("4711");
    }

    private static async Task EraseAsync(IPage page)
    {
        await page.WriteAsync("Begrunnelse", "2018 er over");
        await page.WriteAsync("Skriv organisasjonens id", "hlf");
        await page.PressAsync("Slett for godt");
        await page.SaysAsync("Slettinger");
        await page.SaysAsync("2018 er over");
    }

    /// <summary>The file holds what is known of the one who was asked about.</summary>
    private static async Task DownloadAsync(IPage page)
    {
        await page.SaysAsync("Det finnes opplysninger om 4711.");
        await page.TabToAsync("Last ned opplysningene");
        var given = await page.RunAndWaitForDownloadAsync(() => page.Keyboard.PressAsync("Enter"));
        Assert.Equal("hlf-person.json", given.SuggestedFilename);
        using var data = JsonDocument.Parse(await File.ReadAllTextAsync(await given.PathAsync(), Cancel));
        var claims = data.RootElement.GetProperty("claims").EnumerateArray().ToList();
        Assert.Equal(["OLD-1", "OLD-2", "OLD-3"], claims.Select(claim => claim.GetProperty("claimId").GetString()).Order());
        Assert.All(claims, claim => Assert.Equal("Kari Nordmann", claim.GetProperty("claimantName").GetString()));
    }

    private static async Task OpenClaimAsync(IPage page, string claim)
    {
        await page.WriteAsync("Søk etter krav", claim);
        await page.EnterAsync();
        await page.SaysAsync($"Krav {claim}");
    }

    private static async Task ToPrivacyAsync(IPage page)
    {
        await page.PressAsync("Innstillinger");
        await page.PressAsync("Personvern og oppbevaring");
    }

    private static async Task<IReadOnlyList<string>> ViewedAsync(ServerWorld world) =>
        [.. (await world.Store.PageAuditAsync("hlf", new AuditFilter(Actions: [AuditActions.PersonalDataViewed]), new ListRequest(500), Cancel)).Page.Rows.Select(told => told.Subject)];
}
