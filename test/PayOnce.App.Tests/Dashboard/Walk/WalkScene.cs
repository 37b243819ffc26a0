using PayOnce.Access;
using PayOnce.App.Tests.Support;
using PayOnce.Guard;
using PayOnce.Scheduling;
using PayOnce.Sources;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard.Walk;

/// <summary>
/// An installation with something of everything that a page can show: <c>hlf</c> exports over an API and has every kind of claim,
/// <c>fil</c> exports files, <c>gang</c> has a run under way, <c>pause</c> is paused with a request that waits, <c>ny</c> has nothing yet,
/// and in <c>les</c> the one who walks only reads.
/// </summary>
internal sealed partial class WalkScene
{
    private const string Kari = "Kari Nordmann";
    private const string OwnColumns = """{"exporter":"generic","transport":"file","format":"csv","accounts":{"default":"7140","categories":{"mileage":"7100"}},"dimensions":{"department":{"target":"Avdeling","passThrough":true}},"mapping":{"columns":[{"name":"Bilag","field":"claimId"},{"name":"Nøkkel","field":"exportKey"},{"name":"Mottaker","field":"claimantName"},{"name":"Dato","field":"lineDate","format":"dd.MM.yyyy"},{"name":"Konto","field":"account"},{"name":"Avdeling","field":"dimension:department"},{"name":"Tekst","template":"{claimId} {description}"},{"name":"Beløp","field":"amount"}]}}""";
    private const string Generic = """{"exporter":"generic","transport":"api","format":"json","accounts":{"default":"7140","credit":"2400","creditTo":"account"},"api":{"endpoint":"http://127.0.0.1:9/claims","proofClass":"readable","quietSeconds":60}}""";
    private const string Xledger = """{"exporter":"xledger","transport":"file","format":"gl02","accounts":{"categories":{"mileage":"7100"},"credit":"2400"}}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Who walks: administrator nearly everywhere, and operator.</summary>
    public required string Email { get; init; }

    /// <summary>Who is nothing but a claimant in <c>hlf</c>.</summary>
    public required string DriverEmail { get; init; }

    public static async Task<WalkScene> MakeAsync(ServerWorld world)
    {
        var store = world.Store;
        foreach (var (id, name, settings) in new[] { ("hlf", "HLF Oslo", Generic), ("fil", "Norges Blindeforbund", Xledger), ("gang", "HLF Bergen", Generic), ("pause", "HLF Tromsø", ServerWorld.GenericFile), ("ny", "HLF Hamar", null), ("les", "HLF Bodø", ServerWorld.GenericFile) })
        {
            Assert.True(await store.AddOrganisationAsync(new Organisation(id, name, "Europe/Oslo"), Kari, Cancel));
            if (settings is not null) await store.SaveIntegrationAsync(id, settings, Kari, Cancel);
        }
        var email = await world.AddUserAsync(Role.Administrator, "hlf", isOperator: true);
        foreach (var org in new[] { "fil", "gang", "pause", "ny" }) await store.SetMembershipAsync(new Membership(org, "user1", Role.Administrator, null), Kari, Cancel);
        await store.SetMembershipAsync(new Membership("les", "user1", Role.Auditor, null), Kari, Cancel);
        var driver = await world.AddUserAsync(Role.Claimant, "hlf");

        await EveryKindOfClaimAsync(world);
        await FormsAsync(store);
        await FilesAsync(world);
        await store.TakeInAsync("gang", A.Records(100, organisationId: "gang"), "krav.jsonl", Kari, Cancel);
        var going = await TestRun.TakeAsync(store, A.LeaseRequest("gang"));
        await going.CountAsync();
        await going.ReserveAllAsync(size: 25);
        await going.StartTriesAsync(1, 2, 3, 4);
        await going.EndTriesAsync(going.Ended(1, MarkState.Exported), going.Ended(2, MarkState.Rejected));

        // Three versions, the last of which has no room for most claims' names.
        await store.SaveIntegrationAsync("pause", OwnColumns, Kari, Cancel);
        await store.SaveIntegrationAsync("pause", OwnColumns.Replace("\"field\":\"claimantName\"", "\"field\":\"claimantName\",\"maxLength\":2", StringComparison.Ordinal), Kari, Cancel);
        await store.TakeInAsync("pause", A.Records(3, organisationId: "pause"), "krav.jsonl", Kari, Cancel);
        await store.PauseAsync("pause", "Årsavslutning 2025", Kari, Cancel);
        foreach (var _ in new[] { 1, 2 }) await store.QueueRequestAsync(new RunOrder("pause", RequestKind.Sync, Runs.RunTrigger.Manual, Kari) { WhenBusy = WhenBusy.Queue }, _ => false, Cancel);
        await store.CancelRequestAsync("pause", 2, Kari, Cancel);
        return new WalkScene { Email = email, DriverEmail = driver };
    }

    private static async Task EveryKindOfClaimAsync(ServerWorld world)
    {
        var store = world.Store;
        await RunScenes.OfEveryKindAsync(world);
        var guard = new DoubleExportGuard(store);
        Assert.IsType<GuardAnswer<Mark>.Done>(await guard.DecideAsync("hlf", "A-0052", MarkState.Exported, "Bilag 200415", Kari, Cancel, new DecisionDetails(null, "200415")));
        Assert.IsType<GuardAnswer<ReExportAnswer.Requested>.Done>(await guard.ForceReExportAsync("hlf", "A-0002", "Bilag 200431", "A-0002", Kari, Cancel));
        await store.WithdrawAsync("hlf", ["A-0100"], "Godkjent ved en feil", Kari, Cancel);
        var now = TimeProvider.System.GetUtcNow();
        var due = now.AddDays(-1);
        await store.SaveScheduleAsync(new ScheduleDraft("hlf", Schedule.OnlyIntegration, "0 30 6 ? * MON-FRI", Enabled: true, new ScheduleOptions { SkipPublicHolidays = true, StopWhenRejected = 10 }, due), 0, Kari, Cancel);
        await store.FireAsync(new FireDraft("hlf", Schedule.OnlyIntegration, 1, due, now.AddDays(2), Order: null), Cancel);
        await store.SaveNotificationSettingsAsync("hlf", new NotificationSettings { WebhookUrl = "https://example.org/krok", WebhookSecret = "webhook", Emails = ["kari@example.org"] }, 0, Kari, Cancel);
        await store.SetSecretAsync("hlf", "webhook", new byte[64], Kari, Cancel);
        // Read by nobody but who asks: there is no database behind it.
        await store.SaveSourceAsync("hlf", new SourceSettings { EveryMinutes = null, WriteBackTable = "payonce_exports" }, 0, Kari, Cancel);
        var reading = (await store.TakeReadingAsync("hlf", TimeSpan.FromMinutes(1), Cancel))!;
        await store.KeepReadingAsync(reading, new ReadingStep(null, null, 12, 10, 1, 0, [new SourceRefusal("S-1", now, "claimant.id \"\": must be 1 to 20 characters and not blank")], []), TimeSpan.FromMinutes(1), Cancel);
        await store.EndReadingAsync(reading, "The database does not answer.", Cancel);
        await ManyRefusedAsync(store);
        await store.AddTokenAsync("hlf", A.NewToken("t1", "Refusjonsappen"), Kari, Cancel);
        await store.AddTokenAsync("hlf", A.NewToken("t2", "Gammel app", secret: "another"), Kari, Cancel);
        await store.RevokeTokenAsync("hlf", "t2", Kari, Cancel);
        await store.InviteAsync("hlf", A.Invitation(), Kari, Cancel);
        // Long as such addresses are; nothing answers there.
        await store.SaveSignInProviderAsync("hlf", new SignInProvider("Microsoft", new Uri("http://127.0.0.1:9/8c7dd2f5-7f3f-4f0e-9f0b-5c0f6a1b2c3d/v2.0"), "payonce", "openid email profile", SecretName: null), 0, Kari, Cancel);
        await store.LinkIdentityAsync("hlf", new Uri("http://127.0.0.1:9/8c7dd2f5-7f3f-4f0e-9f0b-5c0f6a1b2c3d/v2.0"), "subject", "user1", Kari, Cancel);
        await store.OfferPasswordResetAsync(A.Sha256("reset"), "user1", TimeSpan.FromHours(1), Kari, Cancel);
    }

    // More rows than a page shows in gang; in pause reading is switched off.
    private static async Task ManyRefusedAsync(IServerStore store)
    {
        await store.SaveSourceAsync("gang", new SourceSettings { EveryMinutes = null }, 0, Kari, Cancel);
        var reading = (await store.TakeReadingAsync("gang", TimeSpan.FromMinutes(1), Cancel))!;
        IReadOnlyList<SourceRefusal> refused = [.. Enumerable.Range(1, 201).Select(i => new SourceRefusal($"S-{i:000}", TimeProvider.System.GetUtcNow(), "lines[0].category: must be 1 to 50 characters and not blank"))];
        await store.KeepReadingAsync(reading, new ReadingStep(null, null, 300, 90, 9, 0, refused, []), TimeSpan.FromMinutes(1), Cancel);
        await store.EndReadingAsync(reading, null, Cancel);
        await store.SaveSourceAsync("pause", new SourceSettings { Enabled = false }, 0, Kari, Cancel);
    }

    // Run 1 made a file, run 2 found only what run 1 has, run 3's file was imported, and three claims are ready.
    private static async Task FilesAsync(ServerWorld world)
    {
        var store = world.Store;
        await store.TakeInAsync("fil", A.Records(60, organisationId: "fil"), "krav.jsonl", Kari, Cancel);
        await TestRun.ExportEverythingAsync(store, "fil");
        await TestRun.ExportEverythingAsync(store, "fil");
        await store.TakeInAsync("fil", A.Records(4, "B-", "fil"), "krav.jsonl", Kari, Cancel);
        await TestRun.ExportEverythingAsync(store, "fil");
        Assert.IsType<GuardAnswer<long>.Done>(await new DoubleExportGuard(store).RecordImportAsync("fil", 3, "200500", Kari, Cancel));
        await store.TakeInAsync("fil", A.Records(3, "C-", "fil"), "krav.jsonl", Kari, Cancel);
    }
}
