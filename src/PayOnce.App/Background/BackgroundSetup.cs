using PayOnce.App.Server;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Background;

/// <summary>What goes on behind the pages: runs that were asked for, schedules that come due, messages that go out.</summary>
internal static class BackgroundSetup
{
    public static void AddBackground(this IServiceCollection services, ServerParts parts)
    {
        services.AddSingleton<IRequestStore>(parts.Store);
        services.AddSingleton<RequestSignal>();
        services.AddSingleton<NotificationSignal>();
        services.AddSingleton<SourceSignal>();
        services.AddSingleton<ISourceStore>(parts.Store);
        services.AddSingleton(parts.Source);
        services.AddSingleton<Func<ExportEngine>>(() => parts.Engine);
        services.AddSingleton(new WebhookSender(parts.Store, parts.Vault, parts.Rules, parts.Surroundings.Clock));
        services.AddSingleton(new MailSender(parts.Options.Smtp, parts.Options.PublicUrl, parts.Surroundings.Clock));
        services.AddHostedService(each => ActivatorUtilities.CreateInstance<RunDispatcher>(each, parts.Options.RunsAtOnce));
        services.AddHostedService<ScheduleClock>();
        services.AddHostedService<Notifier>();
        services.AddHostedService<SourceWorker>();
        if (Observability.IsWanted(parts.Surroundings)) services.AddHostedService<StateGauges>();
    }
}
