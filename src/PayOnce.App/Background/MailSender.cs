using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Text;
using PayOnce.App.Server;
using PayOnce.Scheduling;

namespace PayOnce.App.Background;

/// <summary>Sends notifications as e-mail. A server that answers badly is tried again with the outbox' own patience.</summary>
/// <param name="options">Null where no server is configured.</param>
/// <param name="address">Where the dashboard is found, for links; null for none.</param>
internal sealed class MailSender(SmtpOptions? options, Uri? address)
{
    private const int PatienceMilliseconds = 20_000;

    /// <summary>One try, to all of the organisation's addresses with one message. Null if the server has it.</summary>
    public async Task<DeliveryFailure?> SendAsync(Notification notification, NotificationSettings settings, Organisation organisation, CancellationToken cancel)
    {
        if (options is null) return DeliveryFailure.ForGood("No mail server is configured.");
        if (settings.Emails.Count == 0) return DeliveryFailure.ForGood("No e-mail address is set any more.");
        using var message = Write(notification, settings, organisation);
        using var client = new SmtpClient(options.Host, options.Port) { EnableSsl = options.StartTls, Timeout = PatienceMilliseconds };
        if (options.User is not null) client.Credentials = new NetworkCredential(options.User, options.Password);
        try
        {
            await client.SendMailAsync(message, cancel);
            return null;
        }
        catch (SmtpException fault)
        {
            return DeliveryFailure.ForNow($"The mail server did not take it: {fault.StatusCode}.");
        }
    }

    private MailMessage Write(Notification notification, NotificationSettings settings, Organisation organisation)
    {
        var payload = NotificationPayload.FromStored(notification.PayloadJson);
        var words = new NotificationWords(settings.Language);
        var message = new MailMessage
        {
            From = new MailAddress(options!.From, "PayOnce"),
            Subject = words.Subject(notification.Kind, organisation),
            SubjectEncoding = Encoding.UTF8,
            Body = words.Body(notification.Kind, payload.Data, organisation, LinkTo(payload.Data)),
            BodyEncoding = Encoding.UTF8,
        };
        // Each of them is at the organisation, and none need know of the others.
        foreach (var email in settings.Emails) message.Bcc.Add(new MailAddress(email));
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add("Message-ID", $"<{WebhookSender.Id(notification)}@{message.From.Host}>");
        return message;
    }

    private Uri? LinkTo(NotificationData data) => address is null ? null : new Uri(address, data.Outcome.RunId is { } run
        ? string.Create(CultureInfo.InvariantCulture, $"o/{data.Organisation}/runs/{run}")
        : $"o/{data.Organisation}");
}
