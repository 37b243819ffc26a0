using PayOnce.Access;
using PayOnce.App.Tests.Support;
using PayOnce.Scheduling;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>Schedule, pause, notifications, and the installation, by forms alone.</summary>
public sealed class SettingsScheduleTests(PostgresCluster cluster)
{
    private const string Schedule = "/o/hlf/settings/schedule/change";
    private const string Notifications = "/o/hlf/settings/notifications/change";
    private const string Key = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_schedule_is_made_without_cron_and_told_in_words_with_its_next_times(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var client = await world.SignedInAsync(Role.Administrator);
        using var saved = await client.SendFormAsync(Schedule, ("enabled", "yes"), ("kind", "weekdays"), ("time", "06:30"), ("month-day", "1"), ("holidays", "yes"), ("notify", "yes"), ("stop-at", "10"));
        Assert.Equal("/o/hlf/settings/schedule?saved=yes", world.Here(saved));
        var kept = await KeptAsync(world);
        Assert.Equal("0 30 6 ? * MON-FRI", kept!.Cron);
        Assert.Equal(new ScheduleOptions { SkipPublicHolidays = true, StopWhenRejected = 10 }, kept.Options);
        Assert.Equal("Administrator 1", kept.ChangedBy);
        var page = await client.PageAsync("/o/hlf/settings/schedule?saved=yes");
        Assert.Contains("Eksporten starter mandag til fredag kl. 06:30 (norsk tid). Neste gang er", page, StringComparison.Ordinal);
        Assert.Equal(5, Count(page, "<li><time"));
        Assert.Equal(3, Count(await client.PageAsync("/o/hlf/settings/schedule"), "<li><time"));
    }

    [Theory]
    [InlineData("daily", "", "1", "", "0 0 6 * * ?")]
    [InlineData("days", "Tuesday", "1", "", "0 0 6 ? * TUE")]
    [InlineData("monthly", "", "last", "", "0 0 6 L * ?")]
    [InlineData("monthly", "", "28", "", "0 0 6 28 * ?")]
    [InlineData("other", "", "1", "15 7 * * 1", "0 15 7 ? * MON")]
    public async Task Each_kind_of_schedule_is_what_it_says(string kind, string day, string monthDay, string cron, string expression)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var client = await world.SignedInAsync(Role.Administrator);
        using (await client.SendFormAsync(Schedule, ("enabled", "yes"), ("kind", kind), ("day", day), ("month-day", monthDay), ("time", "6.00"), ("cron", cron))) { }
        Assert.Equal(expression, (await KeptAsync(world))!.Cron);
    }

    [Theory]
    [InlineData("other", "06:00", "every morning", "", "Cron-uttrykk må ha fem felt som stemmer")]
    [InlineData("other", "06:00", "0 0 30 2 *", "", "Cron-uttrykk treffer aldri noe tidspunkt.")]
    [InlineData("other", "06:00", "0 6 15 * 1", "", "Cron-uttrykk kan ha dag i måneden eller ukedag, ikke begge.")]
    [InlineData("days", "06:00", "", "", "Ukedager må ha minst én dag.")]
    [InlineData("daily", "25:00", "", "", "Klokkeslett må skrives som time og minutt")]
    [InlineData("never", "06:00", "", "", "Dager må velges.")]
    [InlineData("daily", "06:00", "", "-1", "Stopp hvis flere enn må være et helt tall")]
    public async Task A_schedule_that_cannot_be_comes_back_as_it_was_typed(string kind, string time, string cron, string stopAt, string error)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var client = await world.SignedInAsync(Role.Administrator);
        using var sent = await client.SendFormAsync(Schedule, ("enabled", "yes"), ("kind", kind), ("month-day", "1"), ("time", time), ("cron", cron), ("stop-at", stopAt));
        var page = await sent.SentBackAsync();
        Assert.Contains(error, page, StringComparison.Ordinal);
        Assert.Contains($"value=\"{time}\"", page, StringComparison.Ordinal);
        Assert.Null(await KeptAsync(world));
    }

    [Fact]
    public async Task A_schedule_that_somebody_else_changed_meanwhile_is_not_overwritten()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var client = await world.SignedInAsync(Role.Administrator);
        using (await client.SendFormAsync(Schedule, ("enabled", "no"), ("kind", "daily"), ("month-day", "1"), ("time", "05:00"))) { }
        using var late = await client.SendFormAsync(Schedule, ("version", "0"), ("enabled", "yes"), ("kind", "weekdays"), ("month-day", "1"), ("time", "07:00"));
        Assert.Contains("endret av Administrator 1", await late.SentBackAsync(), StringComparison.Ordinal);
        Assert.False((await KeptAsync(world))!.Enabled);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Export_is_paused_with_a_reason_and_started_again(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var client = await world.SignedInAsync(Role.Administrator);
        using (var empty = await client.SendFormAsync("/o/hlf/settings/pause", ("reason", "  "))) Assert.Contains("Begrunnelse må fylles ut.", await empty.SentBackAsync(), StringComparison.Ordinal);
        Assert.Null(await world.Store.FindPauseAsync("hlf", Cancel));

        using (var paused = await client.SendFormAsync("/o/hlf/settings/pause", ("reason", "The books are being closed"))) Assert.Equal("/o/hlf/settings", world.Here(paused));
        var pause = (await world.Store.FindPauseAsync("hlf", Cancel))!;
        Assert.Equal(("The books are being closed", "Administrator 1", false), (pause.Reason, pause.Actor, pause.Installation));
        Assert.Contains("The books are being closed", await client.PageAsync("/o/hlf/settings/schedule"), StringComparison.Ordinal);
        using (await client.SendFormAsync("/o/hlf/settings/pause", ("_handler", "resume"))) { }
        Assert.Null(await world.Store.FindPauseAsync("hlf", Cancel));
    }

    [Fact]
    public async Task Notifications_are_set_and_the_signing_key_is_never_shown()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var client = await world.SignedInAsync(Role.Administrator);
        using (var saved = await client.SendFormAsync(Notifications, ("url", "https://example.org/hook"), ("key", Key), ("emails", "kari@example.org\r\nola@example.org"), ("language", "en")))
            Assert.Equal("/o/hlf/settings/notifications", world.Here(saved));
        var kept = (await world.Store.FindNotificationSettingsAsync("hlf", Cancel))!.Settings;
        Assert.Equal(("https://example.org/hook", "webhook", "en"), (kept.WebhookUrl, kept.WebhookSecret, kept.Language));
        Assert.Equal(["kari@example.org", "ola@example.org"], kept.Emails);
        Assert.NotNull(await world.Store.FindSecretAsync("hlf", "webhook", Cancel));
        Assert.DoesNotContain(Key, await client.PageAsync("/o/hlf/settings/notifications") + await client.PageAsync(Notifications), StringComparison.Ordinal);

        using var late = await client.SendFormAsync(Notifications, ("version", "0"), ("url", ""), ("key", ""), ("emails", ""), ("language", "nb"));
        Assert.Contains("endret av Administrator 1", await late.SentBackAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://example.org/hook", Key, "", "Webhook-adresse må være en https-adresse")]
    [InlineData("https://example.org/hook", "", "", "Signeringsnøkkel må fylles ut")]
    [InlineData("https://example.org/hook", "whsec_short", "", "Signeringsnøkkel må være whsec_")]
    [InlineData("", "", "kari@example.org\nnobody", "E-postadresser har en linje som ikke er en adresse: nobody.")]
    public async Task Notifications_that_could_not_arrive_are_sent_back_and_change_nothing(string url, string key, string emails, string error)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var client = await world.SignedInAsync(Role.Administrator);
        using var sent = await client.SendFormAsync(Notifications, ("url", url), ("key", key), ("emails", emails), ("language", "nb"));
        Assert.Contains(error, await sent.SentBackAsync(), StringComparison.Ordinal);
        Assert.Null(await world.Store.FindNotificationSettingsAsync("hlf", Cancel));
        Assert.Null(await world.Store.FindSecretAsync("hlf", "webhook", Cancel));
    }

    [Fact]
    public async Task An_operator_sees_all_adds_an_organisation_and_pauses_everybody()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var client = world.NewClient();
        await client.SignInAsync(await world.AddUserAsync(Role.Auditor, isOperator: true), ServerWorld.Password);
        using (var wrong = await client.SendFormAsync("/installation/add", ("id", "No Spaces"), ("name", ""), ("zone", "Norway/Nowhere")))
        {
            var page = await wrong.SentBackAsync();
            foreach (var label in new[] { "ID må være", "Navn må fylles ut", "Tidssone må være" }) Assert.Contains(label, page, StringComparison.Ordinal);
        }
        using (var taken = await client.SendFormAsync("/installation/add", ("id", "hlf"), ("name", "Another"), ("zone", "Europe/Oslo"), ("email", "per@example.org"))) Assert.Contains("ID er i bruk", await taken.SentBackAsync(), StringComparison.Ordinal);
        using (var added = await client.SendFormAsync("/installation/add", ("id", "nb"), ("name", "Blindeforbundet"), ("zone", "Europe/Oslo"), ("email", "per@example.org")))
            Assert.Contains("/invitation/", await added.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        // What the link is for: the organisation has its administrator.
        var invited = Assert.Single(await world.Store.ListInvitationsAsync("nb", Cancel));
        Assert.Equal(("per@example.org", Role.Administrator), (invited.Email, invited.Role));
        Assert.Equal("Blindeforbundet", (await world.Store.FindOrganisationAsync("nb", Cancel))!.Name);

        using (var empty = await client.SendFormAsync("/installation/pause", ("reason", ""))) await empty.SentBackAsync();
        using (await client.SendFormAsync("/installation/pause", ("reason", "Upgrade"))) { }
        Assert.True((await world.Store.FindPauseAsync("hlf", Cancel))!.Installation);
        var seen = await client.PageAsync("/installation");
        foreach (var text in new[] { "Blindeforbundet", "user1@example.org", "Upgrade" }) Assert.Contains(text, seen, StringComparison.Ordinal);
        using (await client.SendFormAsync("/installation/pause", ("_handler", "resume"))) { }
        Assert.Null(await world.Store.FindPauseAsync("hlf", Cancel));
    }

    [Fact]
    public async Task An_organisation_that_nobody_can_enter_gets_its_administrator_from_the_operator()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var client = world.NewClient();
        await client.SignInAsync(await world.AddUserAsync(Role.Auditor, isOperator: true), ServerWorld.Password);
        const string invite = "/installation/add?organisation=hlf";
        Assert.Contains(invite, await client.PageAsync("/installation"), StringComparison.Ordinal);
        var page = await client.PageAsync(invite);
        Assert.Contains("Inviter administrator for HLF", page, StringComparison.Ordinal);
        Assert.Contains("value=\"Europe/Oslo\"", page, StringComparison.Ordinal);
        using (var made = await client.SendFormAsync(invite, ("id", "hlf"), ("name", "HLF"), ("zone", "Europe/Oslo"), ("email", "per@example.org")))
            Assert.Contains("/invitation/", await made.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(("per@example.org", Role.Administrator), (Assert.Single(await world.Store.ListInvitationsAsync("hlf", Cancel)).Email, (await world.Store.ListInvitationsAsync("hlf", Cancel))[0].Role));
        await world.AddUserAsync(Role.Administrator);
        Assert.DoesNotContain(invite, await client.PageAsync("/installation"), StringComparison.Ordinal);
    }

    private static Task<Schedule?> KeptAsync(ServerWorld world) => world.Store.FindScheduleAsync("hlf", PayOnce.Scheduling.Schedule.OnlyIntegration, Cancel);

    private static int Count(string page, string text) => page.Split(text).Length - 1;
}
