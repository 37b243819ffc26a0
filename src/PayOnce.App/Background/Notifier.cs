using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Background;

/// <summary>
/// Delivers what lies in the outbox, by webhook and by e-mail. A receiver may get a notification twice (a node that dies between
/// delivery and its note), under the same id. What cannot be delivered is given up after about two days, and stays visible.
/// </summary>
internal sealed partial class Notifier(
    IStore store, IRequestStore requests, WebhookSender webhooks, MailSender mail, TimeProvider clock, NotificationSignal woken, ILogger<Notifier> logger) : BackgroundService
{
    /// <summary>How often a node looks for what others put into the outbox, and for what is to be tried again.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Longer than any try takes: until then no other node tries it.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(2);

    private const int MostOrganisations = 200;

    /// <summary>The waits between tries, as Standard Webhooks recommends them.</summary>
    private static readonly TimeSpan[] Waits =
        [TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await DeliverWhatIsDueAsync(stoppingToken);
            }
            catch (StoreUnavailableException fault)
            {
                LogUnavailable(fault.Message);
            }
            await woken.Work.WaitAsync(Interval, clock, stoppingToken);
        }
    }

    /// <summary>One look: of each organisation one notification, so that one organisation's slow receiver holds up nobody for long.</summary>
    internal async Task DeliverWhatIsDueAsync(CancellationToken stopping)
    {
        foreach (var organisation in await requests.FindNotificationWorkAsync(MostOrganisations, stopping))
        {
            if (await requests.TakeNotificationAsync(organisation, Hold, stopping) is not { } taken) continue;
            var end = await TryAsync(taken, stopping);
            await requests.EndNotificationTryAsync(taken, end, CancellationToken.None);
        }
    }

    private async Task<NotificationTry> TryAsync(Notification taken, CancellationToken stopping)
    {
        try
        {
            if (await DeliverAsync(taken, stopping) is not { } failure)
            {
                LogSent(taken.OrganisationId, taken.NotificationId, taken.Channel, taken.Tries);
                return NotificationTry.Sent.Instance;
            }
            LogFailed(taken.OrganisationId, taken.NotificationId, taken.Channel, taken.Tries, failure.Why);
            return failure.Final || taken.Tries > Waits.Length ? new NotificationTry.GivenUp(failure.Why) : new NotificationTry.Again(Waits[taken.Tries - 1], failure.Why);
        }
        catch (Exception fault) when (fault is not (StoreUnavailableException or OperationCanceledException))
        {
            // One that cannot be written as a message must not keep the others from being delivered.
            LogFault(fault, taken.OrganisationId, taken.NotificationId);
            return new NotificationTry.GivenUp("An unexpected fault.");
        }
    }

    private async Task<DeliveryFailure?> DeliverAsync(Notification taken, CancellationToken stopping)
    {
        var settings = (await requests.FindNotificationSettingsAsync(taken.OrganisationId, stopping))?.Settings ?? NotificationSettings.None;
        if (taken.Channel == NotificationChannel.Webhook) return await webhooks.SendAsync(taken, settings, stopping);
        return await store.FindOrganisationAsync(taken.OrganisationId, stopping) is { } organisation
            ? await mail.SendAsync(taken, settings, organisation, stopping)
            : DeliveryFailure.ForGood("There is no such organisation any more.");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Notification {NotificationId} of {Organisation} was delivered by {Channel} at try {Try}")]
    private partial void LogSent(string organisation, long notificationId, NotificationChannel channel, int @try);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Notification {NotificationId} of {Organisation} was not delivered by {Channel} at try {Try}: {Reason}")]
    private partial void LogFailed(string organisation, long notificationId, NotificationChannel channel, int @try, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Notification {NotificationId} of {Organisation} cannot be delivered")]
    private partial void LogFault(Exception fault, string organisation, long notificationId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store cannot be reached; notifications wait: {Reason}")]
    private partial void LogUnavailable(string reason);
}
