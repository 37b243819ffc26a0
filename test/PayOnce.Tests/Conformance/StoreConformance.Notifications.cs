using PayOnce.Audit;
using PayOnce.Scheduling;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

/// <summary>The outbox, and where an organisation wants to be told.</summary>
public abstract partial class StoreConformance
{
    private static readonly NotificationDraft Hook = new(NotificationKind.RunFailed, NotificationChannel.Webhook, """{"type":"run.failed"}""");
    private static readonly NotificationDraft Mail = Hook with { Channel = NotificationChannel.Email };

    private async Task EndWithAsync(params NotificationDraft[] told)
    {
        await QueueAsync();
        Assert.True(await Requests.EndRequestAsync((await TakeRequestAsync()).AsTaken(), Done(null, told), Cancel));
    }

    [Fact]
    public async Task Who_has_to_be_told_is_written_down_with_the_requests_end()
    {
        await QueueAsync();
        var lost = await TakeRequestAsync();
        var taken = await TakeRequestAsync("node-2", isGone: _ => true);
        Assert.False(await Requests.EndRequestAsync(lost.AsTaken(), Done(null, Hook), Cancel));
        Assert.Empty(await Requests.ListNotificationsAsync(A.Org, null, 10, Cancel));

        Assert.True(await Requests.EndRequestAsync(taken.AsTaken(), Done(null, Hook, Mail), Cancel));

        var outbox = await Requests.ListNotificationsAsync(A.Org, null, 10, Cancel);
        Assert.Equal([(2L, NotificationChannel.Email), (1L, NotificationChannel.Webhook)], outbox.Select(each => (each.NotificationId, each.Channel)));
        Assert.All(outbox, each => Assert.Equal((NotificationState.Waiting, 0, Hook.PayloadJson), (each.State, each.Tries, each.PayloadJson)));
        Assert.Equal([A.Org], await Requests.FindNotificationWorkAsync(10, Cancel));
        Assert.Empty(await Requests.ListNotificationsAsync(A.OtherOrg, null, 10, Cancel));
    }

    [Fact]
    public async Task A_notification_in_the_hands_of_a_node_is_due_again_when_the_node_says_nothing()
    {
        await EndWithAsync(Hook);

        var first = await Requests.TakeNotificationAsync(A.Org, TimeSpan.FromMilliseconds(1), Cancel);
        Assert.Equal(1, first!.Tries);
        await Database.LetTimePassAsync();
        var second = await Requests.TakeNotificationAsync(A.Org, TimeSpan.FromMinutes(1), Cancel);

        Assert.Equal((first.NotificationId, 2), (second!.NotificationId, second.Tries));
        Assert.Null(await Requests.TakeNotificationAsync(A.Org, TimeSpan.FromMinutes(1), Cancel));
        Assert.False(await Requests.EndNotificationTryAsync(first, NotificationTry.Sent.Instance, Cancel));
        Assert.True(await Requests.EndNotificationTryAsync(second, NotificationTry.Sent.Instance, Cancel));
        var sent = Assert.Single(await Requests.ListNotificationsAsync(A.Org, null, 10, Cancel));
        Assert.Equal((NotificationState.Sent, null), (sent.State, sent.NextTryAt));
        Assert.NotNull(sent.SentAt);
        Assert.Empty(await Requests.FindNotificationWorkAsync(10, Cancel));
    }

    [Fact]
    public async Task A_failed_try_waits_for_its_next_one_and_ends_when_it_is_given_up()
    {
        await EndWithAsync(Hook);

        var taken = (await Requests.TakeNotificationAsync(A.Org, TimeSpan.FromMinutes(1), Cancel))!;
        Assert.True(await Requests.EndNotificationTryAsync(taken, new NotificationTry.Again(TimeSpan.FromHours(1), "The answer was 503."), Cancel));
        Assert.Empty(await Requests.FindNotificationWorkAsync(10, Cancel));
        Assert.Equal("The answer was 503.", Assert.Single(await Requests.ListNotificationsAsync(A.Org, null, 10, Cancel)).Failure);

        await EndWithAsync(Mail);
        taken = (await Requests.TakeNotificationAsync(A.Org, TimeSpan.FromMinutes(1), Cancel))!;
        Assert.True(await Requests.EndNotificationTryAsync(taken, new NotificationTry.GivenUp("No server is configured."), Cancel));
        Assert.Equal((NotificationState.GivenUp, "No server is configured."), (await Requests.ListNotificationsAsync(A.Org, null, 1, Cancel)).Select(each => (each.State, each.Failure)).Single());
    }

    [Fact]
    public async Task Of_many_nodes_one_delivers_a_notification()
    {
        await EndWithAsync(Hook);

        var taken = await RaceAsync(6, (store, _) => ((IRequestStore)store).TakeNotificationAsync(A.Org, TimeSpan.FromMinutes(1), Cancel));

        Assert.Single(taken, each => each is not null);
    }

    [Fact]
    public async Task Where_to_tell_is_kept_in_versions_and_the_trail_names_no_address()
    {
        Assert.Null(await Requests.FindNotificationSettingsAsync(A.Org, Cancel));
        var settings = new NotificationSettings { WebhookUrl = "https://example.org/hook?key=1", WebhookSecret = "webhook", Emails = ["kari@example.org"], Language = "en" };

        var saved = Assert.IsType<SaveAnswer<StoredNotificationSettings>.Saved>(await Requests.SaveNotificationSettingsAsync(A.Org, settings, 0, "kari", Cancel)).Now;
        Assert.Equal(1, saved.Version);
        var found = (await Requests.FindNotificationSettingsAsync(A.Org, Cancel))!;
        Assert.Equal(settings.ToJson(), found.Settings.ToJson());
        Assert.IsType<SaveAnswer<StoredNotificationSettings>.Changed>(await Requests.SaveNotificationSettingsAsync(A.Org, NotificationSettings.None, 0, "ola", Cancel));
        Assert.IsType<SaveAnswer<StoredNotificationSettings>.Saved>(await Requests.SaveNotificationSettingsAsync(A.Org, NotificationSettings.None, 1, "ola", Cancel));

        var told = (await AssertChainIsWholeAsync(Store, A.Org)).FindAll(each => each.Action == AuditActions.NotificationsChanged);
        Assert.Equal(["kari", "ola"], told.Select(each => each.Actor));
        Assert.All(told, each => Assert.DoesNotContain("example.org", each.Details, StringComparison.Ordinal));
    }
}
