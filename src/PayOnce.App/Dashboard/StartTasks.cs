using PayOnce.Access;
using PayOnce.Exporters;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard;

/// <summary>Where a task of the first start is.</summary>
public enum TaskState
{
    NotStarted,

    /// <summary>Everything before it is there.</summary>
    Ready,

    /// <summary>It was begun, and something is missing.</summary>
    Lacking,
    Done,
}

/// <summary>One task of the first start.</summary>
/// <param name="Name">Which, as <see cref="Words"/> knows it.</param>
/// <param name="Path">Behind the organisation's address.</param>
/// <param name="Needs">What whoever does it may do; the others only see how far it is.</param>
public sealed record StartTask(string Name, string Path, Permission Needs, TaskState State);

/// <summary>The tasks of the first start, each with its real state: nobody ticks them off.</summary>
internal static class StartTasks
{
    public static async Task<IReadOnlyList<StartTask>> ReadAsync(IServerStore store, IRequestStore requests, string org, CancellationToken cancel)
    {
        // Not how many: counting a million claims for everybody who opens the page takes seconds.
        var hasClaims = (await store.ListRecentClaimsAsync(org, 1, cancel)).Count > 0;
        var waits = await store.CountWaitingAsync(org, cancel) > 0;
        var stored = await store.FindIntegrationAsync(org, cancel);
        var settings = stored is null ? null : IntegrationSettings.FromStored(stored.SettingsJson);
        var integration = settings is null ? TaskState.NotStarted : await LacksAsync(store, org, settings, cancel) ? TaskState.Lacking : TaskState.Done;
        var runs = await store.ListRunsAsync(org, before: null, size: 200, cancel);
        var hasExported = runs.Any(run => run is { Trigger: RunTrigger.Manual or RunTrigger.Schedule, Counters.Exported: > 0 });
        var isReady = integration == TaskState.Done && waits;
        var schedule = await requests.FindScheduleAsync(org, Schedule.OnlyIntegration, cancel);
        return
        [
            new("organisation", "/settings", Permission.Configure, TaskState.Done),
            new("access", "/settings/users", Permission.ManageAccess, TaskState.Done),
            new("integration", "/settings/integration", Permission.Configure, integration),
            new("mapping", "/settings/mapping", Permission.Configure, integration),
            new("claims", "/import", Permission.BringClaims, hasClaims ? TaskState.Done : TaskState.NotStarted),
            new("adopt", "/start/adopt", Permission.Decide, runs.Any(run => run.Trigger == RunTrigger.Adopt) ? TaskState.Done : hasExported ? TaskState.NotStarted : TaskState.Ready),
            new("preview", "/preview", Permission.Sync, hasExported ? TaskState.Done : isReady ? TaskState.Ready : TaskState.NotStarted),
            new("first-export", "/start/first-export", Permission.Sync, hasExported ? TaskState.Done : isReady ? TaskState.Ready : TaskState.NotStarted),
            new("schedule", "/settings/schedule", Permission.Configure, schedule is { Enabled: true } ? TaskState.Done : schedule is not null ? TaskState.Lacking : hasExported ? TaskState.Ready : TaskState.NotStarted),
        ];
    }

    // Settings that no run could use, or an API whose keys were never set.
    private static async Task<bool> LacksAsync(IStore store, string org, IntegrationSettings settings, CancellationToken cancel)
    {
        var exporter = ExporterCatalogue.Get(settings.Exporter);
        if (exporter.Check(settings).Count > 0) return true;
        if (settings.Transport != "api" || exporter.Api is not { } api) return false;
        var there = await store.ListSecretsAsync(org, cancel);
        return api.Secrets.Any(name => there.All(secret => secret.Name != name));
    }
}
