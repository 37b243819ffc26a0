using MimeKit;
using PayOnce.App.Background;
using PayOnce.App.Server;
using PayOnce.Scheduling;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.App.Background;

/// <summary>What people get by e-mail when a run needs them, over a real socket.</summary>
public sealed class MailSenderTests
{
    private static readonly NotificationSettings Settings = new() { Emails = ["kari@example.org", "ola@example.org"], Language = "nb" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_reaches_each_address_and_shows_none_of_them_to_the_others()
    {
        await using var server = new MailServer();
        Assert.Null(await SendAsync(server.Port, user: "payonce"));

        var (recipients, text) = Assert.Single(server.Taken);
        Assert.Equal(Settings.Emails, recipients);
        Assert.DoesNotContain("kari@example.org", text, StringComparison.Ordinal);
        using var bytes = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        using var message = await MimeMessage.LoadAsync(bytes, Cancel);
        Assert.Equal("Hørselshemmedes Landsforbund: Krav er uavklart etter eksporten", message.Subject);
        Assert.Equal(("payonce@example.org", "msg_hlf_7@example.org", "auto-generated"), (message.From.Mailboxes.Single().Address, message.MessageId, message.Headers[HeaderId.AutoSubmitted]));
        Assert.Contains("Uavklart: 3", message.TextBody, StringComparison.Ordinal);
        Assert.Contains("https://pay.example.org/o/hlf/runs/4", message.TextBody, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MAIL", "451 later", "The mail server did not take it: 451 SenderNotAccepted.")]
    [InlineData("RCPT", "550 nobody here", "The mail server did not take it: 550 RecipientNotAccepted.")]
    [InlineData(".", "554 not that", "The mail server did not take it: 554 MessageNotAccepted.")]
    [InlineData("AUTH", "535 who?", "The mail server did not accept user and password.")]
    [InlineData("DATA", "", "The connection to the mail server broke off.")]
    [InlineData(".", "", "The connection to the mail server broke off.")]
    public async Task What_a_mail_server_refuses_is_tried_again_and_said_without_an_address(string command, string answer, string why)
    {
        await using var server = new MailServer { Otherwise = said => said.StartsWith(command, StringComparison.Ordinal) ? answer : null };
        Assert.Equal(DeliveryFailure.ForNow(why), await SendAsync(server.Port, user: "payonce"));
        Assert.Empty(server.Taken);
    }

    [Fact]
    public async Task A_mail_server_without_encryption_gets_nothing_unless_the_operator_allows_it()
    {
        await using var server = new MailServer();
        Assert.Equal(DeliveryFailure.ForNow("The mail server does not offer STARTTLS."), await SendAsync(server.Port, startTls: true));
        Assert.Empty(server.Taken);
    }

    [Fact]
    public async Task A_mail_server_that_is_not_there_is_tried_again()
    {
        int port;
        await using (var gone = new MailServer()) port = gone.Port;
        Assert.Equal(DeliveryFailure.ForNow("No connection to the mail server: ConnectionRefused."), await SendAsync(port));
    }

    [Theory]
    [InlineData("nb", "Årsaken står på kjøringens side.", "Årsak: An unexpected fault")]
    [InlineData("en", "The reason stands on the run's page.", "Reason: An unexpected fault")]
    public void Why_a_run_failed_is_read_on_its_page_and_not_in_the_mail(string language, string onItsPage, string without)
    {
        string Body(RequestOutcome outcome) => new NotificationWords(language).Body(NotificationKind.RunFailed, new NotificationData("hlf", 9, "schedule", outcome), A.Organisation(A.Org), null);
        Assert.Contains(onItsPage, Body(new RequestOutcome("failed", RunId: 4)), StringComparison.Ordinal);
        Assert.Contains(without, Body(RequestOutcome.Fault), StringComparison.Ordinal);
        Assert.DoesNotContain(onItsPage, Body(RequestOutcome.Fault), StringComparison.Ordinal);
    }

    private static Task<DeliveryFailure?> SendAsync(int port, bool startTls = false, string? user = null)
    {
        var options = new SmtpOptions { Host = "127.0.0.1", Port = port, From = "payonce@example.org", StartTls = startTls, User = user, Password = user is null ? null : "s3cret" };
        var outcome = new RequestOutcome("finished", RunId: 4, Exported: 12, InDoubt: 3);
        var payload = new NotificationPayload("run.in_doubt", DateTimeOffset.UnixEpoch, new NotificationData("hlf", 9, "schedule", outcome));
        var told = new Notification("hlf", 7, NotificationKind.RunInDoubt, NotificationChannel.Email, payload.ToJson(), NotificationState.Waiting, 1, null, null, DateTimeOffset.UnixEpoch, null);
        var sender = new MailSender(options, new Uri("https://pay.example.org"), new ManualTime());
        return sender.SendAsync(told, Settings, new Organisation("hlf", "Hørselshemmedes Landsforbund", "Europe/Oslo"), Cancel);
    }
}
