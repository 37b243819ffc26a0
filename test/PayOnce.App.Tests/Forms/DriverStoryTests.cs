using Microsoft.Playwright;
using PayOnce.Access;
using PayOnce.App.Tests.Dashboard;
using PayOnce.App.Tests.Support;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Forms;

/// <summary>A driver's honorarium from the organisation's first word to the accounts, as the three people in it do it; with script and without.</summary>
public sealed class DriverStoryTests(PostgresCluster cluster, Browser browser)
{
    [Theory(Timeout = Hang.Limit)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_driver_acknowledges_claims_is_approved_and_withdraws(bool script)
    {
        await using var scene = await StoryScene.StartAsync(cluster, browser);
        var admin = await scene.SignInAsync(script);
        await admin.LinkAsync("Innstillinger");
        await admin.LinkAsync("Funksjonsbrytere");
        await admin.LinkAsync("Honorar for sjåfører");
        await admin.ButtonAsync("Slå på");
        await admin.SaysAsync("Honorar for sjåfører slått på");
        await admin.LinkAsync("Tilbake til innstillinger");
        await admin.LinkAsync("Taushetserklæring");
        await admin.SaysAsync("Ikke publisert");
        await admin.LinkAsync("Endre taushetserklæring");
        await admin.GetByLabel("Tekst (Markdown)").FillAsync("# Løfte\n\nJeg, {{drivr}}, holder tett.");
        await admin.ButtonAsync("Publiser ny versjon");
        await admin.SaysAsync("Linje 3: feltet {{drivr}} er ukjent");
        await admin.GetByLabel("Tekst (Markdown)").FillAsync("# Løfte\n\nJeg, {{driver}}, holder **tett** for {{organisation}}.");
        await admin.ButtonAsync("Vis forhåndsvisning");
        await admin.SaysAsync("Jeg, Ola Eksempel, holder tett for HLF.");
        await admin.ButtonAsync("Publiser ny versjon");
        await admin.SaysAsync("Versjon 1, publisert");
        await admin.LinkAsync("Tilbake til innstillinger");
        await admin.LinkAsync("Satser");
        await admin.SaysAsync("Ingen har sett over satsene ennå");
        await admin.LinkAsync("Endre satser");
        await admin.GetByLabel("Satser, én på hver linje").FillAsync("mileage-state 2020-01-01 5,30\nmileage-tax-free 2020-01-01 3,50\nhonorarium-hour 2020-01-01 200\npassenger 2020-01-01 1,00");
        await admin.ButtonAsync("Lagre");
        await admin.SaysAsync("Versjon 1, publisert");

        var driver = await scene.SignInAsync(script, Role.Claimant);
        await driver.SaysAsync("Du har ikke bekreftet taushetserklæringen ennå.");
        await driver.LinkAsync("Nytt honorarkrav");
        await driver.GetByLabel("Dato for oppdraget").FillAsync("31.31.2026");
        await driver.ButtonAsync("Lagre utkast");
        await Assertions.Expect(driver).ToHaveTitleAsync("Feil: Nytt honorarkrav – PayOnce");
        await driver.GetByLabel("Dato for oppdraget").FillAsync(Yesterday());
        await driver.GetByLabel("Rute eller oppdragsnummer").FillAsync("Rute 7");
        await driver.GetByLabel("Per time").CheckAsync();
        await driver.GetByLabel("Timer").FillAsync("2,5");
        await driver.GetByLabel("Kilometer").FillAsync("120");
        await driver.ButtonAsync("Lagre utkast");
        await driver.SaysAsync("Kravet er et utkast.");
        await driver.SaysAsync("1 136,00");
        var claim = (await driver.Locator("h1").TextContentAsync())!["Krav ".Length..];
        await driver.SetInputFilesAsync("#file", new FilePayload { Name = "bom.png", MimeType = "image/png", Buffer = FormScene.Png });
        await driver.ButtonAsync("Legg ved kvittering");
        await driver.SaysAsync("Kvittering 1: bom.png");
        await driver.ButtonAsync("Send inn krav");
        await driver.SaysAsync("Sjåføren har ikke bekreftet taushetserklæringen.");

        // By keyboard alone: the name, and Enter.
        await driver.LinkAsync("Mine krav");
        await driver.LinkAsync("Taushetserklæring");
        await driver.SaysAsync("holder tett for HLF.");
        await driver.GetByLabel("Fullt navn").FocusAsync();
        await driver.Keyboard.TypeAsync("Per Sjåfør");
        await driver.ThroughAsync(() => driver.Keyboard.PressAsync("Enter"));
        await driver.SaysAsync("Du bekreftet gjeldende versjon");
        await driver.LinkAsync("Mine krav");
        await driver.LinkAsync(claim);
        await driver.ButtonAsync("Send inn krav");
        await driver.SaysAsync("venter på godkjenning");

        var coordinator = await scene.SignInAsync(script, Role.Coordinator);
        await coordinator.LinkAsync("Til godkjenning");
        await coordinator.SaysAsync("1 krav venter på godkjenning.");
        await coordinator.LinkAsync(claim);
        await coordinator.SaysAsync("Sjåføren bekreftet versjon 1 av taushetserklæringen");
        await coordinator.LinkAsync("Send tilbake");
        await coordinator.ButtonAsync("Send tilbake");
        await coordinator.SaysAsync("Begrunnelse må fylles ut.");
        await coordinator.GetByLabel("Begrunnelse").FillAsync("Kilometerne er for mange");
        await coordinator.ButtonAsync("Send tilbake");
        await coordinator.SaysAsync("Kilometerne er for mange");

        await driver.ReloadAsync();
        await driver.SaysAsync("Kilometerne er for mange");
        await driver.LinkAsync($"Endre krav {claim}");
        await driver.GetByLabel("Kilometer").FillAsync("100");
        await driver.ButtonAsync("Lagre utkast");
        await driver.ButtonAsync("Send inn krav");

        await coordinator.LinkAsync("Til godkjenning", first: true);
        await coordinator.LinkAsync(claim);
        await coordinator.LinkAsync("Godkjenn krav");
        await coordinator.SaysAsync("1 030,00 kr");
        await coordinator.ButtonAsync("Godkjenn krav");
        await coordinator.SaysAsync("godkjente kravet");

        await driver.ReloadAsync();
        await driver.SaysAsync("Kravet venter på neste eksport til regnskapet.");
        await driver.LinkAsync("Mine krav");
        await driver.LinkAsync("Taushetserklæring");
        await driver.LinkAsync("Bekreftelse 1");
        await driver.ButtonAsync("Trekk bekreftelsen tilbake");
        await driver.SaysAsync("trukket tilbake");
        await driver.LinkAsync("Taushetserklæring");
        await driver.LinkAsync("Mine krav");
        await driver.LinkAsync(claim);
        await driver.SaysAsync("Kravet er åpnet igjen");
        Assert.False((await scene.World.Store.FindClaimAsync("hlf", claim, TestContext.Current.CancellationToken))!.Waiting);
    }

    private static string Yesterday() => TimeProvider.System.GetUtcNow().AddDays(-2).ToString("d.M.yyyy", System.Globalization.CultureInfo.InvariantCulture);
}
