using PayOnce.App.Api;
using PayOnce.App.Background;

namespace PayOnce.App.Dashboard.Pages.Runs;

/// <summary>What the pages about runs need beside themselves: who follows runs, their forms, their downloads.</summary>
internal static class RunPages
{
    public static void AddRunPages(this IServiceCollection services)
    {
        services.AddSingleton<LiveReader>();
        services.AddHostedService(each => each.GetRequiredService<LiveReader>());
        services.AddScoped<RunReading>();
        services.AddScoped<SyncCheck>();
    }

    public static void MapRunPages(this IEndpointRouteBuilder app)
    {
        app.MapLiveEvents();
        app.MapLiveChoice();
        app.MapSyncForms();
        app.MapRunDownloads();
    }
}
