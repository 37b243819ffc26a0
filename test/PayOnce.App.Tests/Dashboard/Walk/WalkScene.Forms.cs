using PayOnce.Access;
using PayOnce.Claims.Forms;
using PayOnce.Declarations;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard.Walk;

/// <summary>Claims while they are forms, declarations and acknowledgements.</summary>
internal sealed partial class WalkScene
{
    // In hlf the one who walks has a claim in each state, and others' before them, one of which lacks its acknowledgement.
    private static async Task FormsAsync(IServerStore store)
    {
        await store.SetMembershipAsync(new Membership("hlf", "user1", Role.Administrator, "D-0"), Kari, Cancel);
        var scene = new FormScene(store, "hlf");
        await scene.OpenAsync();
        var own = new FormPerson("user1", "D-0", Kari);
        await scene.AcknowledgeAsync(who: own);
        await scene.AcknowledgeAsync();
        await scene.PublishAsync("# Taushetserklæring\n\nJeg, {{driver}}, holder **tett**.\n\n1. Om navn\n2. Om adresser\n\n> Se [loven](https://lovdata.no)");
        var drive = FormScene.Drive with { Date = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().DateTime).AddDays(-3) };
        var journey = drive with { Pay = HonorariumPay.None, Hours = 0, ReturnDate = drive.Date, Departure = new(8, 0), Return = new(18, 0), Route = "Oslo–Hamar", Passengers = 0, TicketsMinor = 2_000_000 };
        await scene.AddAsync("PO-DRAFT", FormKind.Travel, journey, own);
        await store.AddReceiptAsync("hlf", "PO-DRAFT", 1, new NewReceipt("bom.png", ReceiptType.Png, FormScene.Png), own, Cancel);
        await store.ChangeFormAsync("hlf", "PO-DRAFT", 2, new FormChange.Edit(journey with { Reference = "" }), own, Cancel);
        await scene.SubmittedAsync("PO-OWN", FormKind.Travel, journey, own);
        await scene.SubmittedAsync("PO-OTHER", FormKind.Travel, journey with { TicketsMinor = 0, TollsMinor = 2_000_000 });
        await store.SaveSettingAsync("hlf", SettingTopics.Limits, new YearLimits(1, 1).ToJson(), 0, Kari, Cancel);
        await scene.PublishAsync("# Taushetserklæring\n\nJeg, {{driver}}, holder tett.");
        await scene.AcknowledgeAsync(version: 3);
        await scene.SubmittedAsync("PO-DRIVER", FormKind.DriverHonorarium, drive);
        await scene.PublishAsync("# Taushetserklæring\n\nJeg, {{driver}}, holder helt tett.");

        await scene.AddAsync("PO-EMPTY", FormKind.DriverHonorarium, new FormContent(), own);
        var back = await scene.SubmittedAsync("PO-BACK", FormKind.Travel, journey, own);
        await store.ChangeFormAsync("hlf", "PO-BACK", back.Revision, new FormChange.SendBack("Kvitteringen for billetten mangler."), FormScene.Kari, Cancel);
        FormScene.Done(await scene.ApproveAsync(await scene.SubmittedAsync("PO-PAID", FormKind.Travel, journey, own)));
        await scene.AddAsync("PO-GONE", FormKind.Travel, journey, own);
        await store.ChangeFormAsync("hlf", "PO-GONE", 1, FormChange.Discard.Instance, own, Cancel);
        await DriversAsync(store, scene, drive);
        await OtherOrganisationsAsync(store, own, journey);
    }

    // One driver has acknowledged what stands; another took their acknowledgement back, and with it the claim that rested on it.
    private static async Task DriversAsync(IServerStore store, FormScene scene, FormContent drive)
    {
        var driver = new FormPerson("user2", "claimant2", "Claimant 2");
        await scene.AcknowledgeAsync(version: 4, driver);
        await scene.SubmittedAsync("PO-WAY", FormKind.DriverHonorarium, drive, driver);
        await scene.AddAsync("PO-BLANK", FormKind.DriverHonorarium, new FormContent(), driver);
        var regretful = new FormPerson("liv", "D-9", "Liv Angrer");
        await scene.AcknowledgeAsync(version: 4, regretful);
        FormScene.Done(await scene.ApproveAsync(await scene.SubmittedAsync("PO-REOPEN", FormKind.DriverHonorarium, drive, regretful)));
        Assert.IsType<WithdrawAnswer.Done>(await store.WithdrawAcknowledgementAsync("hlf", 5, null, "Ønsket det selv", Kari, Cancel));
    }

    // fil asks for a declaration that many have acknowledged and the one who walks has not; les has one that nobody has; gang has more
    // claims than a page shows, no rates and no declaration; in pause the one who walks has no payee number.
    private static async Task OtherOrganisationsAsync(IServerStore store, FormPerson own, FormContent journey)
    {
        foreach (var org in new[] { "fil", "gang" }) await store.SetMembershipAsync(new Membership(org, "user1", Role.Administrator, "D-0"), Kari, Cancel);
        var fil = new FormScene(store, "fil");
        await fil.OpenAsync();
        foreach (var i in Enumerable.Range(1, 51)) await fil.AcknowledgeAsync(who: new FormPerson($"u{i}", $"D-{i}", $"Sjåfør {i}"));
        var les = new FormScene(store, "les");
        await les.OpenAsync();
        await les.SubmittedAsync("PO-LES", FormKind.Travel, journey);
        var on = new OrganisationFlags([OrganisationFlags.ClaimForms, OrganisationFlags.DriverHonorarium]).ToJson();
        foreach (var org in new[] { "gang", "pause" }) await store.SaveSettingAsync(org, SettingTopics.Flags, on, 0, Kari, Cancel);
        var gang = new FormScene(store, "gang");
        foreach (var i in Enumerable.Range(1, 51)) await gang.AddAsync($"PO-BIG-{i:000}", FormKind.Travel, journey, own);
        foreach (var i in Enumerable.Range(1, 100)) await gang.SubmittedAsync($"PO-WAIT-{i:000}", FormKind.Travel, journey);
        // One that was begun before travel claims were switched off.
        await store.SetMembershipAsync(new Membership("ny", "user1", Role.Administrator, "D-0"), Kari, Cancel);
        await new FormScene(store, "ny").AddAsync("PO-OFF", FormKind.Travel, journey, own);
    }
}
