using System.Globalization;
using Microsoft.Playwright;
using PayOnce.Access;
using PayOnce.App.Tests.Dashboard;
using PayOnce.App.Tests.Support;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Forms;

/// <summary>Claims from their draft to their approval by somebody else: a journey with a receipt, and an honorarium without a mouse.</summary>
public sealed class FormStoryTests(PostgresCluster cluster, Browser browser)
{
    [Theory(Timeout = Hang.Limit)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_traveller_claims_a_ticket_with_its_receipt_and_a_coordinator_approves(bool script)
    {
        await using var scene = await StoryScene.StartAsync(cluster, browser);
        await new FormScene(scene.World.Store, "hlf").OpenAsync();
        var traveller = await scene.SignInAsync(script, Role.Claimant);
        // Whoever reads nothing of the organisation is offered nothing that would refuse them.
        await Assertions.Expect(traveller.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link)).ToHaveTextAsync(["Mine krav"]);
        await traveller.LinkAsync("Nytt reisekrav");
        await traveller.GetByLabel("Avreisedato").FillAsync(TwoDaysAgo());
        await traveller.GetByLabel("Klokkeslett for avreise").FillAsync("8:30");
        await traveller.GetByLabel("Dato for hjemkomst").FillAsync(TwoDaysAgo());
        await traveller.GetByLabel("Klokkeslett for hjemkomst").FillAsync("17:00");
        await traveller.GetByLabel("Formål").FillAsync("Årsmøte");
        await traveller.GetByLabel("Billetter (kr)").FillAsync("249,50");
        await traveller.ButtonAsync("Lagre utkast");
        var claim = (await traveller.Locator("h1").TextContentAsync())!["Krav ".Length..];
        await traveller.ButtonAsync("Send inn krav");
        await Assertions.Expect(traveller).ToHaveTitleAsync($"Feil: Krav {claim} – PayOnce");
        await traveller.SaysAsync("Kvitteringer må legges ved, siden du krever utlegg som trenger det");
        await traveller.SetInputFilesAsync("#file", new FilePayload { Name = "billett.png", MimeType = "image/png", Buffer = FormScene.Png });
        await traveller.ButtonAsync("Legg ved kvittering");
        await traveller.ButtonAsync("Send inn krav");
        await traveller.SaysAsync("venter på godkjenning");

        var coordinator = await scene.SignInAsync(script, Role.Coordinator);
        await coordinator.LinkAsync("Til godkjenning");
        await coordinator.LinkAsync(claim);
        await coordinator.SaysAsync("Kvittering 1: billett.png");
        await coordinator.LinkAsync("Godkjenn krav");
        await coordinator.SaysAsync("249,50 kr");
        await coordinator.ButtonAsync("Godkjenn krav");
        await coordinator.SaysAsync("Coordinator 2 godkjente kravet");
        await traveller.ReloadAsync();
        await traveller.SaysAsync("Coordinator 2 godkjente kravet");
        var taken = (await scene.World.Store.FindClaimAsync("hlf", claim, TestContext.Current.CancellationToken))!;
        Assert.Equal((true, 24_950, "Coordinator 2"), (taken.Waiting, taken.Claim!.TotalMinor, taken.Claim.ApprovedBy));
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task By_the_keyboard_alone_a_new_declaration_is_published_acknowledged_and_an_honorarium_claimed_and_approved()
    {
        await using var scene = await StoryScene.StartAsync(cluster, browser);
        await new FormScene(scene.World.Store, "hlf").OpenAsync();
        var driver = await scene.SignInAsync(script: false, Role.Claimant);
        await driver.PressAsync("Taushetserklæring");
        await driver.WriteAsync("Fullt navn", "Per Sjåfør");
        await driver.EnterAsync();
        await driver.SaysAsync("Du bekreftet gjeldende versjon");

        var admin = await scene.SignInAsync(script: false);
        await admin.PressAsync("Innstillinger");
        await admin.PressAsync("Taushetserklæring");
        await admin.PressAsync("Endre taushetserklæring");
        await admin.WriteAsync("Tekst (Markdown)", "Jeg, {{driver}}, holder helt tett.");
        await admin.PressAsync("Vis forhåndsvisning");
        await admin.SaysAsync("Jeg, Ola Eksempel, holder helt tett.");
        await admin.PressAsync("Publiser ny versjon");
        await admin.SaysAsync("Versjon 2, publisert");

        await driver.PressAsync("Mine krav");
        await driver.SaysAsync("Taushetserklæringen har kommet i ny versjon.");
        await driver.PressAsync("Taushetserklæring");
        await driver.SaysAsync("holder helt tett.");
        await driver.WriteAsync("Fullt navn", "Per Sjåfør");
        await driver.EnterAsync();
        await driver.PressAsync("Mine krav");
        await driver.PressAsync("Nytt honorarkrav");
        await driver.WriteAsync("Dato for oppdraget", TwoDaysAgo());
        await driver.WriteAsync("Rute eller oppdragsnummer", "Rute 7");
        await driver.TabToAsync("Ikke honorar");
        await driver.Keyboard.PressAsync("ArrowDown");
        await driver.WriteAsync("Timer", "2");
        await driver.EnterAsync();
        await driver.SaysAsync("Kravet er et utkast.");
        var claim = (await driver.Locator("h1").TextContentAsync())!["Krav ".Length..];
        await driver.PressAsync("Send inn krav");
        await driver.SaysAsync("venter på godkjenning");

        await admin.PressAsync("Til godkjenning");
        await admin.PressAsync(claim);
        await admin.SaysAsync("Sjåføren bekreftet versjon 2 av taushetserklæringen");
        await admin.PressAsync("Godkjenn krav");
        await admin.SaysAsync("400,00 kr");
        await admin.PressAsync("Godkjenn krav");
        await admin.SaysAsync("godkjente kravet");
        Assert.True((await scene.World.Store.FindClaimAsync("hlf", claim, TestContext.Current.CancellationToken))!.Waiting);
    }

    private static string TwoDaysAgo() => TimeProvider.System.GetUtcNow().AddDays(-2).ToString("d.M.yyyy", CultureInfo.InvariantCulture);
}
