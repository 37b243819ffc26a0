using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PayOnce.History;
using PayOnce.Stores;

namespace PayOnce.App.Background;

/// <summary>
/// How many claims stand where, and for how long the oldest doubt has waited, for whoever measures. Read now and then from the
/// counters that the commits keep, so that a scrape asks the database nothing. With several nodes each tells the same: take one of them.
/// </summary>
internal sealed partial class StateGauges : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly IServerStore store;
    private readonly TimeProvider clock;
    private readonly ILogger<StateGauges> logger;
    private readonly Meter meter;
    private volatile IReadOnlyList<(string Organisation, Overview Seen)> seen = [];

    public StateGauges(IServerStore store, TimeProvider clock, IMeterFactory meters, ILogger<StateGauges> logger)
    {
        (this.store, this.clock, this.logger) = (store, clock, logger);
        meter = meters.Create(Telemetry.Name);
        meter.CreateObservableGauge("payonce.claims", Claims, "{claim}", "Claims by where they stand.");
        meter.CreateObservableGauge("payonce.in_doubt.age", Ages, "s", "For how long the oldest claim in doubt has waited; 0 where none is.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (StoreUnavailableException fault)
            {
                LogUnavailable(fault.Message);
            }
            await Task.Delay(Interval, clock, stoppingToken);
        }
    }

    /// <summary>One look at every organisation.</summary>
    internal async Task LookAsync(CancellationToken cancel)
    {
        var found = new List<(string, Overview)>();
        foreach (var organisation in await store.ListOrganisationsAsync(cancel)) found.Add((organisation.OrganisationId, await store.ReadOverviewAsync(organisation.OrganisationId, cancel)));
        seen = found;
    }

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    private IEnumerable<Measurement<long>> Claims()
    {
        foreach (var (organisation, overview) in seen)
        {
            yield return Of("ready", overview.Ready.Claims);
            yield return Of("reserved", overview.Reserved);
            yield return Of("exported", overview.Exported);
            yield return Of("rejected", overview.Rejected);
            yield return Of("in_doubt", overview.InDoubt.Claims);

            Measurement<long> Of(string state, long claims) => new(claims, new("organisation", organisation), new("state", state));
        }
    }

    private IEnumerable<Measurement<double>> Ages()
    {
        var now = clock.GetUtcNow();
        foreach (var (organisation, overview) in seen)
            yield return new(overview.OldestDoubt is { } since && since < now ? (now - since).TotalSeconds : 0, new KeyValuePair<string, object?>("organisation", organisation));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store cannot be reached; gauges stand still: {Reason}")]
    private partial void LogUnavailable(string reason);
}
