using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Background;

/// <summary>Makes requests of schedules whose time has come. Every node looks; the fire's key lets one of them make the request.</summary>
internal sealed partial class ScheduleClock(IRequestStore requests, TimeProvider clock, RequestSignal dispatcher, ILogger<ScheduleClock> logger) : BackgroundService
{
    /// <summary>How late a schedule may be seen to be due.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private const int MostAtOnce = 200;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await FireWhatIsDueAsync(stoppingToken);
            }
            catch (StoreUnavailableException fault)
            {
                LogUnavailable(fault.Message);
            }
            await Task.Delay(Interval, clock, stoppingToken);
        }
    }

    /// <summary>One look.</summary>
    internal async Task FireWhatIsDueAsync(CancellationToken cancel)
    {
        foreach (var due in await requests.FindDueSchedulesAsync(MostAtOnce, cancel))
        {
            var draft = DueTimes.Of(due);
            if (await requests.FireAsync(draft, CancellationToken.None) is not FireAnswer.Fired fired) continue;
            LogFired(draft.OrganisationId, draft.Integration, draft.ScheduledAt, fired.Request?.RequestId);
            if (fired.Request is not null) dispatcher.Work.Wake();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The schedule {Integration} of {Organisation} was due at {ScheduledAt}: request {RequestId}")]
    private partial void LogFired(string organisation, string integration, DateTimeOffset scheduledAt, long? requestId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store cannot be reached; schedules wait: {Reason}")]
    private partial void LogUnavailable(string reason);
}
