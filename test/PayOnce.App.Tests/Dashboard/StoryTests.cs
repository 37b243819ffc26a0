using System.Text;
using Microsoft.Playwright;
using PayOnce.App.Tests.Support;
using PayOnce.Guard;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>What people do with the dashboard, from their first click to the answer, in the order in which they do it; with script and without.</summary>
public sealed class StoryTests(PostgresCluster cluster, Browser browser)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = Hang.Limit)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_schedule_is_set_told_with_its_next_times_changed_and_switched_off(bool script)
    {
        await using var scene = await StoryScene.StartAsync(cluster, browser);
        var page = await scene.SignInAsync(script);
        await page.LinkAsync("Innstillinger");
        await page.LinkAsync("Tidsplan");
        await page.SaysAsync("Det er ingen tidsplan.");
        await page.LinkAsync("Endre tidsplan");
        await page.GetByLabel("Ja", new() { Exact = true }).CheckAsync();
        await page.GetByLabel("Mandag til fredag").CheckAsync();
        await page.GetByLabel("Klokkeslett").FillAsync("06:30");
        await page.ButtonAsync("Lagre");
        await page.SaysAsync("Eksporten starter mandag til fredag kl. 06:30 (norsk tid). Neste gang er");
        Assert.Equal(5, await page.Locator("main ol time").CountAsync());
        await page.LinkAsync("Oversikt");
        await page.SaysAsync("Neste planlagte kjøring er");
        await page.LinkAsync("Endre tidsplan");
        await Assertions.Expect(page.Locator("main ol time")).ToHaveCountAsync(3);

        await page.LinkAsync("Endre tidsplan");
        await page.GetByLabel("Klokkeslett").FillAsync("25:00");
        await page.ButtonAsync("Lagre");
        await Assertions.Expect(page).ToHaveTitleAsync("Feil: Endre tidsplan – PayOnce");
        await page.GetByLabel("Klokkeslett").FillAsync("7.15");
        await page.ButtonAsync("Lagre");
        await page.SaysAsync("Eksporten starter mandag til fredag kl. 07:15 (norsk tid).");

        await page.LinkAsync("Endre tidsplan");
        await page.GetByLabel("Nei", new() { Exact = true }).CheckAsync();
        await page.ButtonAsync("Lagre");
        await page.SaysAsync("Tidsplanen er slått av. Eksport startes av en person.");
        await page.LinkAsync("Oversikt");
        await page.LinkAsync("Tidsplanen er slått av siden");
    }

    [Theory(Timeout = Hang.Limit)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_mapping_is_tried_on_the_organisations_own_claims_before_it_is_kept(bool script)
    {
        const string own = """{"exporter":"generic","transport":"file","format":"csv","mapping":{"columns":[{"name":"Krav","field":"claimId"},{"name":"Referanse","field":"exportKey"}]}}""";
        await using var scene = await StoryScene.StartAsync(cluster, browser, claims: 3);
        var page = await scene.SignInAsync(script);
        await page.LinkAsync("Innstillinger");
        await page.LinkAsync("Kolonneoppsett");
        await page.SaysAsync("Systemets eget oppsett.");
        var before = await page.Locator("#columns-caption").Locator("xpath=..").Locator("tbody tr").CountAsync();
        await page.GetByLabel("Innstillinger (JSON)").FillAsync(own.Replace("claimId", "claimNumber", StringComparison.Ordinal));
        await page.ButtonAsync("Vis forhåndsvisning");
        await Assertions.Expect(page).ToHaveTitleAsync("Feil: Kolonneoppsett – PayOnce");
        await page.GetByLabel("Innstillinger (JSON)").FillAsync(own);
        await page.ButtonAsync("Vis forhåndsvisning");
        await page.SaysAsync("3 krav kontrollert. Alle er i orden.");
        await Assertions.Expect(page.Locator("pre")).ToContainTextAsync("Krav;Referanse");
        // Nothing was kept by looking.
        await page.LinkAsync("Innstillinger", first: true);
        await page.LinkAsync("Kolonneoppsett");
        await Assertions.Expect(page.Locator("#columns-caption").Locator("xpath=..").Locator("tbody tr")).ToHaveCountAsync(before);

        await page.LinkAsync("Endre regnskapssystem");
        await page.GetByLabel("Innstillinger (JSON)").FillAsync(own);
        await page.ButtonAsync("Kontroller");
        await page.SaysAsync("Innstillingene kan brukes. Ingenting er lagret ennå.");
        await page.ButtonAsync("Lagre");
        await page.LinkAsync("Innstillinger", first: true);
        await page.LinkAsync("Kolonneoppsett");
        await page.SaysAsync("Eget oppsett med 2 kolonner.");
    }

    [Theory(Timeout = Hang.Limit)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_flag_is_switched_on_and_off_and_the_page_says_who_did_it(bool script)
    {
        await using var scene = await StoryScene.StartAsync(cluster, browser);
        var page = await scene.SignInAsync(script);
        await page.LinkAsync("Innstillinger");
        await page.LinkAsync("Funksjonsbrytere");
        await page.SaysAsync("Ingen er slått på.");
        await page.LinkAsync("API for Business Central");
        await page.ButtonAsync("Slå på");
        await page.SaysAsync("1 er slått på.");
        await page.SaysAsync("API for Business Central slått på Administrator 1");
        await page.LinkAsync("API for Business Central");
        await page.ButtonAsync("Slå av");
        await page.SaysAsync("Ingen er slått på.");
        await page.SaysAsync("API for Business Central slått av Administrator 1");
    }

    [Theory(Timeout = Hang.Limit)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task On_the_first_day_earlier_exports_are_registered_a_dry_run_is_seen_and_one_claim_goes(bool script)
    {
        await using var scene = await StoryScene.StartAsync(cluster, browser);
        var page = await scene.SignInAsync(script);
        await page.GotoAsync(new Uri(new Uri(page.Url), "/o/hlf/start").ToString());
        await page.LinkAsync("Legg inn godkjente krav");
        await UploadAsync(page, "krav.csv", Csv("A-1", "A-2", "A-3"), "Last opp filen");
        await page.SaysAsync("krav.csv: 3 nye krav, 0 endret, 0 uendret, 0 ikke lagt inn.");
        await page.GotoAsync(new Uri(new Uri(page.Url), "/o/hlf/start").ToString());
        await page.LinkAsync("Registrer tidligere eksport");
        await UploadAsync(page, "gamle.csv", "claim_id,reference\nA-1,V-1\n", "Vis hva som blir registrert");
        await page.SaysAsync("gamle.csv har 1 krav.");
        await page.GetByLabel("Begrunnelse").FillAsync("Fra det gamle systemet");
        await page.ButtonAsync("Registrer 1 krav");
        await page.SaysAsync("1 krav er registrert som eksportert, i kjøring 1.");
        await page.LinkAsync("Kom i gang", first: true);
        await page.LinkAsync("Prøvekjøring");
        await page.SaysAsync("2 krav, til sammen 246,00 kr, ville blitt sendt");
        Assert.Equal(2, await scene.World.Store.CountWaitingAsync("hlf", Cancel));
        await page.GotoAsync(new Uri(new Uri(page.Url), "/o/hlf/start").ToString());
        await page.LinkAsync("Første eksport, begrenset til 1 krav");
        await page.SaysAsync("Krav A-2 på 123,00 kr blir sendt");
        await page.ButtonAsync("Eksporter 1 krav");
        await ToTheEndAsync(page);
        await page.SaysAsync("1 + 1 + 0 + 0 + 0 = 2");
        Assert.Equal(1, await scene.World.Store.CountWaitingAsync("hlf", Cancel));
    }

    [Theory(Timeout = Hang.Limit)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sync_now_leads_to_its_run_and_is_watched_to_its_end_while_a_second_administrator_is_told_who_runs(bool script)
    {
        await using var scene = await StoryScene.StartAsync(cluster, browser, claims: 30);
        scene.Gate.Close();
        var page = await scene.SignInAsync(script);
        var other = await scene.SignInAsync(script);
        // The second one's page is from before the run.
        await other.ButtonAsync("Eksporter nå");
        await page.ButtonAsync("Eksporter nå");
        await page.SaysAsync("Dette er første eksport.");
        await page.ButtonAsync("Eksporter 30 krav");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Kjøring 1 – Pågår");
        await Assertions.Expect(page.Locator("progress")).ToBeVisibleAsync();

        await other.ButtonAsync("Eksporter 30 krav");
        await Assertions.Expect(other.Locator("h1")).ToHaveTextAsync("En eksport er allerede i gang");
        await other.SaysAsync("av Administrator 1.");
        await other.SaysAsync("Vi startet ikke en ny.");
        await other.ButtonAsync("Sett i kø");
        await other.SaysAsync("Kjøringen står i kø bak kjøring 1.");

        scene.Gate.Open();
        if (script) await Assertions.Expect(page.Locator("#live-say")).ToContainTextAsync("Kjøringen er ferdig.");
        await ToTheEndAsync(page);
        await page.SaysAsync("30 + 0 + 0 + 0 + 0 = 30");
        await ToTheEndAsync(other);
        await other.SaysAsync("Alle 30 krav var allerede eksportert. Ingenting ble sendt.");
    }

    [Theory(Timeout = Hang.Limit)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_claim_in_doubt_is_found_from_the_overview_and_decided(bool script)
    {
        await using var scene = await StoryScene.StartAsync(cluster, browser, settings: RunScenes.Api);
        await RunScenes.OfEveryKindAsync(scene.World);
        var page = await scene.SignInAsync(script);
        await page.LinkAsync("Avklar 25 uavklarte krav");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Uavklarte (25)" })).ToHaveAttributeAsync("aria-current", "page");
        await page.LinkAsync("A-0051");
        await page.GetByLabel("Jeg fant kravet").CheckAsync();
        await page.ButtonAsync("Fortsett");
        await Assertions.Expect(page).ToHaveTitleAsync("Feil: Avklar krav A-0051 – PayOnce");
        Assert.True(await page.GetByLabel("Jeg fant kravet").IsCheckedAsync());
        await page.GetByLabel("Bilagsnummer").FillAsync("200415");
        await page.GetByLabel("Begrunnelse").FillAsync("Står i hovedboken");
        await page.ButtonAsync("Fortsett");
        await page.SaysAsync("Kravet regnes som bokført og blir ikke sendt igjen.");
        Assert.Equal(MarkState.InDoubt, (await scene.World.Store.FindClaimAsync("hlf", "A-0051", Cancel))!.Marks[0].State);
        await page.ButtonAsync("Bekreft avklaringen");
        await page.SaysAsync("Krav A-0051 er avklart");
        await page.LinkAsync("Neste uavklarte krav (24 igjen)");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Avklar krav A-0052");
        await page.LinkAsync("Uavklarte (24)");
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task A_claim_is_exported_again_by_the_keyboard_alone()
    {
        await using var scene = await StoryScene.StartAsync(cluster, browser, claims: 1);
        await TestRun.ExportEverythingAsync(scene.World.Store);
        var page = await scene.SignInAsync(script: true);
        await page.WriteAsync("Søk etter krav", "R1-000001");
        await page.EnterAsync();
        await page.SaysAsync("Krav R1-000001");
        await page.PressAsync("Eksporter på nytt …");
        await page.SaysAsync("Kravet er allerede eksportert");
        await page.PressAsync("Fortsett til ny eksport");
        await page.SaysAsync("Hvorfor må kravet eksporteres på nytt?");
        await page.TabToAsync("Jeg har reversert bilaget");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.WriteAsync("Begrunnelse", "Bilaget ble slettet ved en feil");
        await page.WriteAsync("Skriv", "R1-000001");
        await page.Keyboard.PressAsync("Enter");
        await page.SaysAsync("Kontroller før kravet eksporteres på nytt");
        // Enter out of habit does no harm: nothing is sent before its own button is pressed.
        Assert.Single((await scene.World.Store.FindClaimAsync("hlf", "R1-000001", Cancel))!.Marks);
        await page.PressAsync("Eksporter kravet på nytt");
        // The export may be over by the time that the page comes; the reason stays in the claim's history.
        await page.SaysAsync("Den nye eksporten har referansen");
        await page.PressAsync("Tilbake til krav R1-000001");
        await page.SaysAsync("Bilaget ble slettet ved en feil");
        Assert.Equal(2, (await scene.World.Store.FindClaimAsync("hlf", "R1-000001", Cancel))!.Marks.Count);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task A_claim_is_withdrawn_by_the_keyboard_alone_after_its_reason_and_a_last_look_and_no_run_takes_it()
    {
        await using var scene = await StoryScene.StartAsync(cluster, browser, claims: 2);
        var page = await scene.SignInAsync(script: false);
        await page.WriteAsync("Søk etter krav", "R1-000001");
        await page.EnterAsync();
        await page.PressAsync("Trekk kravet tilbake …");
        await page.PressAsync("Fortsett");
        await Assertions.Expect(page).ToHaveTitleAsync("Feil: Vil du trekke tilbake krav R1-000001? – PayOnce");
        await page.WriteAsync("Begrunnelse", "Godkjent ved en feil");
        await page.PressAsync("Fortsett");
        await page.SaysAsync("Godkjent ved en feil");
        Assert.Equal(2, await scene.World.Store.CountWaitingAsync("hlf", Cancel));
        await page.PressAsync("Trekk kravet tilbake");
        await page.SaysAsync("Kravet ble trukket tilbake av Administrator 1");
        await page.SaysAsync("Hvorfor det ble trukket tilbake: Godkjent ved en feil");
        Assert.Equal(1, await scene.World.Store.CountWaitingAsync("hlf", Cancel));
        await TestRun.ExportEverythingAsync(scene.World.Store);
        Assert.Empty((await scene.World.Store.FindClaimAsync("hlf", "R1-000001", Cancel))!.Marks);
    }

    private static async Task UploadAsync(IPage page, string name, string content, string button)
    {
        await page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(content) });
        await page.ButtonAsync(button);
    }

    /// <summary>From a request's page or a run's, as whoever has no script: by loading it again until the run is over.</summary>
    private static async Task ToTheEndAsync(IPage page)
    {
        for (var i = 0; i < 300; i++)
        {
            await page.ReloadAsync();
            if (await page.Locator("h1").TextContentAsync() is not { } heading || !heading.StartsWith("Kjøring ", StringComparison.Ordinal) || !heading.EndsWith("Ferdig", StringComparison.Ordinal)) continue;
            // The script may have told the end to a page from before it; the whole account stands on one that is loaded afterwards.
            await page.ReloadAsync();
            return;
        }
        Assert.Fail($"The run never ends: {page.Url}");
    }

    private static string Csv(params string[] ids) =>
        "claim_id,claimant_id,claimant_name,type,currency,approved_at,approved_by,line_date,category,description,amount,quantity,unit,dim_department,dim_project\n"
        + string.Concat(ids.Select(id => $"{id},4711,Kari,travel,NOK,2026-01-05T00:00:00Z,Ola,2026-01-02,mileage,Møte,123.00,,,oslo,p\n"));
}
