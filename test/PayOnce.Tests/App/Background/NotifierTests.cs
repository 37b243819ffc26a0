using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PayOnce.App.Background;
using PayOnce.App.Host;
using PayOnce.Exporters.Api;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.App.Background;

/// <summary>What people get when a run needs them, over real sockets.</summary>
public sealed class NotifierTests : IAsyncLifetime
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly SqliteDatabase database = new();
    private readonly DirectoryInfo keys = Directory.CreateTempSubdirectory("payonce-keys-");
    private readonly HttpListener receiver = new();
    private readonly ConcurrentQueue<(string? Id, string? Timestamp, string? Signature, string Body)> got = new();
    private string url = "";
    private int status = 200;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            url = FormattableString.Invariant($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
        }
        receiver.Prefixes.Add(url);
        receiver.Start();
        _ = ReceiveAsync();
        await using var store = database.Open();
        await store.MigrateAsync(Cancel);
        await store.AddOrganisationAsync(A.Organisation(A.Org), "test", Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        receiver.Close();
        keys.Delete(recursive: true);
        await database.DisposeAsync();
    }

    /// <summary>The example of the rules' own reference libraries.</summary>
    [Fact]
    public void A_signature_is_the_one_that_the_rules_publish() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSender.Sign(WebhookSender.ReadKey(Secret)!, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", """{"test": 2432232314}"""));

    [Fact]
    public async Task A_receiver_gets_a_signed_message_once_and_the_same_id_at_each_try()
    {
        await using var store = database.Open();
        await TroubleAsync(store);
        using var webhooks = Webhooks(store, loopback: true);
        status = 503;

        await NotifierOf(store, webhooks).DeliverWhatIsDueAsync(Cancel);
        await NotifierOf(store, webhooks).DeliverWhatIsDueAsync(Cancel);
        Assert.Equal("The receiver answered 503.", (await OnlyAsync(store)).Failure);
        status = 204;
        database.Clock.Advance(TimeSpan.FromSeconds(5));
        await NotifierOf(store, webhooks).DeliverWhatIsDueAsync(Cancel);
        database.Clock.Advance(TimeSpan.FromDays(1));
        await NotifierOf(store, webhooks).DeliverWhatIsDueAsync(Cancel);

        Assert.Equal((NotificationState.Sent, 2), ((await OnlyAsync(store)).State, (await OnlyAsync(store)).Tries));
        Assert.Equal(["msg_hlf_1", "msg_hlf_1"], got.Select(each => each.Id));
        var (id, timestamp, signature, body) = got.Last();
        Assert.Equal(WebhookSender.Sign(WebhookSender.ReadKey(Secret)!, id!, timestamp!, body), signature);
        Assert.Equal((await OnlyAsync(store)).PayloadJson, body);
        Assert.Contains("\"type\":\"run.not_started\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_does_not_reach_into_the_operators_own_network()
    {
        await using var store = database.Open();
        await TroubleAsync(store);
        using var webhooks = Webhooks(store, loopback: false);

        await NotifierOf(store, webhooks).DeliverWhatIsDueAsync(Cancel);

        Assert.Empty(got);
        var refused = await OnlyAsync(store);
        Assert.Equal(NotificationState.GivenUp, refused.State);
        Assert.Contains("this machine itself", refused.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_delivered_is_given_up_in_the_end_and_stays_visible()
    {
        await using var store = database.Open();
        await TroubleAsync(store);
        using var webhooks = Webhooks(store, loopback: true);
        status = 500;

        for (var tried = 0; tried < 20; tried++)
        {
            await NotifierOf(store, webhooks).DeliverWhatIsDueAsync(Cancel);
            database.Clock.Advance(TimeSpan.FromHours(20));
        }

        Assert.Equal((NotificationState.GivenUp, 9), ((await OnlyAsync(store)).State, got.Count));
    }

    [Fact]
    public async Task Without_a_mail_server_mail_is_given_up_and_says_so()
    {
        await using var store = database.Open();
        await TroubleAsync(store, new NotificationSettings { Emails = ["kari@example.org"] });
        using var webhooks = Webhooks(store, loopback: true);

        await NotifierOf(store, webhooks).DeliverWhatIsDueAsync(Cancel);

        Assert.Equal((NotificationState.GivenUp, "No mail server is configured."), ((await OnlyAsync(store)).State, (await OnlyAsync(store)).Failure));
    }

    [Theory]
    [InlineData("http://example.org/", "hook", "kari@example.org"), InlineData("https://kari@example.org/", "hook", "kari@example.org"), InlineData("nowhere", "hook", "kari@example.org")]
    [InlineData("https://example.org/", null, "kari@example.org"), InlineData("https://example.org/", "hook", "kari"), InlineData("https://example.org/", "hook", "kari@example.org\r\nBcc: eve@example.org")]
    public void Settings_that_cannot_be_used_are_refused(string address, string? secret, string email)
    {
        Assert.NotEmpty(new NotificationSettings { WebhookUrl = address, WebhookSecret = secret, Emails = [email] }.Check());
        Assert.Empty(new NotificationSettings { WebhookUrl = "https://example.org/hook", WebhookSecret = "hook", Emails = ["kari@example.org"] }.Check());
    }

    private async Task TroubleAsync(IStore store, NotificationSettings? settings = null)
    {
        var requests = (IRequestStore)store;
        settings ??= new NotificationSettings { WebhookUrl = url, WebhookSecret = "hook" };
        await store.SetSecretAsync(A.Org, "hook", new SecretVault(keys.FullName).Protect(A.Org, "hook", Secret), "test", Cancel);
        await requests.SaveNotificationSettingsAsync(A.Org, settings, 0, "test", Cancel);
        await requests.QueueRequestAsync(new RunOrder(A.Org, RequestKind.Sync, RunTrigger.Manual, "kari"), _ => false, Cancel);
        var taken = Assert.IsType<TakeRequestAnswer.Taken>(await requests.TakeRequestAsync(A.Org, "node-1", _ => false, TimeSpan.FromMinutes(1), Cancel)).Request;
        Assert.True(await requests.EndRequestAsync(taken.AsTaken(), new RequestOutcome("not_ready", Problems: ["There is no integration."]).EndOf(taken, settings, database.Clock.GetUtcNow()), Cancel));
    }

    private static async Task<Notification> OnlyAsync(IStore store) => Assert.Single(await ((IRequestStore)store).ListNotificationsAsync(A.Org, null, 10, Cancel));

    private WebhookSender Webhooks(IStore store, bool loopback) => new(store, new SecretVault(keys.FullName), EndpointRules.Parse(null, loopback).Rules!, database.Clock);

    private Notifier NotifierOf(IStore store, WebhookSender webhooks) =>
        new(store, (IRequestStore)store, webhooks, new MailSender(null, null, database.Clock), database.Clock, new NotificationSignal(), NullLogger<Notifier>.Instance);

    private async Task ReceiveAsync()
    {
        while (true)
        {
            HttpListenerContext call;
            try
            {
                call = await receiver.GetContextAsync();
            }
            catch (Exception over) when (over is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using var body = new StreamReader(call.Request.InputStream, Encoding.UTF8);
            got.Enqueue((call.Request.Headers["webhook-id"], call.Request.Headers["webhook-timestamp"], call.Request.Headers["webhook-signature"], await body.ReadToEndAsync(Cancel)));
            call.Response.StatusCode = status;
            call.Response.Close();
        }
    }
}
