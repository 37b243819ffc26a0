using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Background;

/// <summary>What runs behind the pages and the API: requests, schedules, notifications.</summary>
internal static class BackgroundSetup
{
    public static void AddBackground(this IServiceCollection services, ServerParts parts)
    {
        services.AddSingleton<RequestSignal>();
        services.AddSingleton<NotificationSignal>();
        services.AddHostedService(each => new RunDispatcher(
            each.GetRequiredService<IRequestStore>(), () => parts.Engine, parts.Surroundings.Clock, parts.Surroundings.Node, each.GetRequiredService<RequestSignal>(),
            each.GetRequiredService<NotificationSignal>(), each.GetRequiredService<ILogger<RunDispatcher>>(), parts.Options.RunsAtOnce));
        services.AddHostedService<ScheduleClock>();
    }
}
