using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PayOnce.Sources;
using PayOnce.Stores;

namespace PayOnce.App.Background;

/// <summary>Reads sources that are due, and tells organisations' own databases what became of their claims. Every node looks; the store lets one of them do it.</summary>
internal sealed partial class SourceWorker(ISourceStore sources, ClaimsSource source, TimeProvider clock, SourceSignal woken, ILogger<SourceWorker> logger) : BackgroundService
{
    /// <summary>How late a source may be seen to be due.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const int MostAtOnce = 200;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await DoWhatIsDueAsync(stoppingToken);
            }
            catch (StoreUnavailableException fault)
            {
                LogUnavailable(fault.Message);
            }
            await woken.Work.WaitAsync(Interval, clock, stoppingToken);
        }
    }

    /// <summary>One look. One organisation's fault is no other's.</summary>
    internal async Task DoWhatIsDueAsync(CancellationToken cancel)
    {
        foreach (var organisation in await sources.FindDueSourcesAsync(MostAtOnce, cancel)) await TryAsync(organisation, ReadAsync, cancel);
        foreach (var organisation in await sources.FindDueWriteBacksAsync(MostAtOnce, cancel)) await TryAsync(organisation, TellAsync, cancel);
    }

    private async Task ReadAsync(string organisation, CancellationToken cancel)
    {
        switch (await source.ReadAsync(organisation, cancel))
        {
            case SourceAnswer.Done { Report: var report }: LogRead(organisation, report.Read, report.Added, report.Updated, report.Withdrawn); break;
            case SourceAnswer.Failed failed: LogNotRead(organisation, failed.Why); break;
        }
    }

    private async Task TellAsync(string organisation, CancellationToken cancel)
    {
        if (await source.WriteBackAsync(organisation, cancel) is { } failure) LogNotTold(organisation, failure);
    }

    private async Task TryAsync(string organisation, Func<string, CancellationToken, Task> work, CancellationToken cancel)
    {
        try
        {
            await work(organisation, cancel);
        }
        catch (Exception fault) when (fault is not (StoreUnavailableException or OperationCanceledException))
        {
            LogFault(fault, organisation);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The source of {Organisation} was read: {Rows} rows, {Added} new claims, {Updated} changed, {Withdrawn} withdrawn")]
    private partial void LogRead(string organisation, long rows, long added, long updated, long withdrawn);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The source of {Organisation} could not be read: {Reason}")]
    private partial void LogNotRead(string organisation, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database of {Organisation} could not be told of its exports; it is tried again: {Reason}")]
    private partial void LogNotTold(string organisation, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "An unexpected fault at the source of {Organisation}")]
    private partial void LogFault(Exception fault, string organisation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store cannot be reached; sources wait: {Reason}")]
    private partial void LogUnavailable(string reason);
}
