using System.Globalization;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using PayOnce.App.Server;
using PayOnce.Scheduling;

namespace PayOnce.App.Background;

/// <summary>Sends notifications as e-mail. A server that answers badly is tried again with the outbox' own patience.</summary>
/// <param name="options">Null where no server is configured.</param>
/// <param name="address">Where the dashboard is found, for links; null for none.</param>
internal sealed class MailSender(SmtpOptions? options, Uri? address, TimeProvider clock)
{
    private const int PatienceMilliseconds = 20_000;
    private const int ImplicitTlsPort = 465;

    /// <summary>One try, to all of the organisation's addresses with one message. Null if the server has it.</summary>
    public async Task<DeliveryFailure?> SendAsync(Notification notification, NotificationSettings settings, Organisation organisation, CancellationToken cancel)
    {
        if (options is null) return DeliveryFailure.ForGood("No mail server is configured.");
        if (settings.Emails.Count == 0) return DeliveryFailure.ForGood("No e-mail address is set any more.");
        using var message = Write(notification, settings, organisation);
        using var client = new SmtpClient { Timeout = PatienceMilliseconds };
        try
        {
            await client.ConnectAsync(options.Host, options.Port, Security(options), cancel);
            if (options.User is not null) await client.AuthenticateAsync(options.User, options.Password!, cancel);
            await client.SendAsync(message, cancel);
        }
        catch (Exception fault) when (Why(fault) is { } why)
        {
            return DeliveryFailure.ForNow(why);
        }
        // It has the message by now: whatever becomes of the goodbye.
        await client.DisconnectAsync(quit: false, CancellationToken.None);
        return null;
    }

    private static SecureSocketOptions Security(SmtpOptions options) => options.Port == ImplicitTlsPort
        ? SecureSocketOptions.SslOnConnect
        : options.StartTls ? SecureSocketOptions.StartTls : SecureSocketOptions.None;

    /// <summary>What the mail server, or the way to it, did wrong, without what it said: that may repeat addresses. Null for a fault of another kind.</summary>
    private static string? Why(Exception fault) => fault switch
    {
        SmtpCommandException refused => string.Create(CultureInfo.InvariantCulture, $"The mail server did not take it: {(int)refused.StatusCode} {refused.ErrorCode}."),
        AuthenticationException => "The mail server did not accept user and password.",
        SslHandshakeException => "The mail server's TLS certificate is not trusted, or it speaks no TLS on this port.",
        NotSupportedException => "The mail server does not offer STARTTLS.",
        SocketException no => $"No connection to the mail server: {no.SocketErrorCode}.",
        ProtocolException or IOException or TimeoutException => "The connection to the mail server broke off.",
        _ => null,
    };

    private MimeMessage Write(Notification notification, NotificationSettings settings, Organisation organisation)
    {
        var payload = NotificationPayload.FromStored(notification.PayloadJson);
        var words = new NotificationWords(settings.Language);
        var from = new MailboxAddress("PayOnce", options!.From);
        var message = new MimeMessage
        {
            MessageId = $"{WebhookSender.Id(notification)}@{from.Domain}",
            Date = clock.GetUtcNow(),
            Subject = words.Subject(notification.Kind, organisation),
            Body = new TextPart("plain") { Text = words.Body(notification.Kind, payload.Data, organisation, LinkTo(payload.Data)) },
        };
        message.From.Add(from);
        // Each of them is at the organisation, and none need know of the others.
        message.To.Add(new GroupAddress("undisclosed-recipients"));
        foreach (var email in settings.Emails) message.Bcc.Add(MailboxAddress.Parse(email));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }

    private Uri? LinkTo(NotificationData data) => address is null ? null : new Uri(address, data.Outcome.RunId is { } run
        ? string.Create(CultureInfo.InvariantCulture, $"o/{data.Organisation}/runs/{run}")
        : $"o/{data.Organisation}");
}
