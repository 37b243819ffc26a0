using PayOnce.Stores;

namespace PayOnce.App.Server;

/// <summary>For whoever watches over processes: <c>/health/live</c> says that this one answers, <c>/health/ready</c> that it can serve.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => TypedResults.Text("live")).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/health/ready", ReadyAsync).AllowAnonymous().ExcludeFromDescription();
    }

    // Why is in the log: a stranger learns no more than that it is not ready.
    private static async Task<IResult> ReadyAsync(IServerStore store, IHostApplicationLifetime lifetime, ILogger<ServerParts> log, CancellationToken gone)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return TypedResults.Text("stopping", statusCode: StatusCodes.Status503ServiceUnavailable);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(gone);
        limit.CancelAfter(Patience);
        try
        {
            await store.ListOrganisationsAsync(limit.Token).WaitAsync(limit.Token);
            return TypedResults.Text("ready");
        }
        catch (Exception fault) when (fault is StoreUnavailableException or OperationCanceledException or System.Data.Common.DbException)
        {
            log.NotReady(fault.Message);
            return TypedResults.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
