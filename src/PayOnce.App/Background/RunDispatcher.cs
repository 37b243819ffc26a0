using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PayOnce.Reconciliation;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Background;

/// <summary>
/// Takes requests out of the queue and runs them: one of an organisation at a time, several organisations beside each other. Any number
/// of nodes may do so; a request that another left behind is gone on with. When the host stops, runs end between two batches and their
/// requests go back to the queue.
/// </summary>
/// <param name="engine">An engine over the same store, with everything outside it that this process has.</param>
internal sealed partial class RunDispatcher(
    IRequestStore requests, Func<ExportEngine> engine, TimeProvider clock, INode node, RequestSignal woken, NotificationSignal outbox, ILogger<RunDispatcher> logger, int parallel = 4)
    : BackgroundService
{
    /// <summary>How often a node looks for what others put into the queue or left behind.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How long a node that is not certainly gone may keep a request without a run, or say nothing of one that is over.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const int MostOrganisations = 1_000;

    private readonly Dictionary<string, Task> running = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    await StartWhatCanBeAsync(stoppingToken);
                }
                catch (StoreUnavailableException fault)
                {
                    LogUnavailable(fault.Message);
                }
                await woken.Work.WaitAsync(Interval, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(running.Values);
        }
    }

    private async Task StartWhatCanBeAsync(CancellationToken stopping)
    {
        foreach (var (organisation, task) in running)
        {
            if (task.IsCompleted) running.Remove(organisation);
        }
        if (running.Count >= parallel) return;
        foreach (var organisation in await requests.FindRequestWorkAsync(MostOrganisations, stopping))
        {
            if (running.Count >= parallel) return;
            if (running.ContainsKey(organisation)) continue;
            // Not cancelled half way: what was taken is run, or given back.
            switch (await requests.TakeRequestAsync(organisation, node.Holder, node.IsGone, Patience, CancellationToken.None))
            {
                case TakeRequestAnswer.Taken { Request: var request }:
                    running[organisation] = Task.Run(() => RunAsync(request, stopping), CancellationToken.None);
                    break;
                case TakeRequestAnswer.Over(var request, var run):
                    await EndAsync(request, RequestOutcome.Of(run));
                    break;
            }
        }
    }

    private async Task RunAsync(StoredRequest request, CancellationToken stopping)
    {
        try
        {
            LogStarted(request.OrganisationId, request.RequestId, request.Kind, request.Trigger, request.Attempt);
            var outcome = await OutcomeAsync(request, stopping);
            if (outcome is null) await requests.ReleaseRequestAsync(request.AsTaken(), CancellationToken.None);
            else await EndAsync(request, outcome);
        }
        catch (StoreUnavailableException fault)
        {
            // The request is taken again when its run's lease has run out, by whoever reaches the store.
            LogLost(request.OrganisationId, request.RequestId, fault.Message);
        }
        catch (Exception fault)
        {
            LogFault(fault, request.OrganisationId, request.RequestId);
            await TryEndAsync(request);
        }
        finally
        {
            woken.Work.Wake();
        }
    }

    /// <summary>Runs the request; null if it goes back to the queue.</summary>
    private async Task<RequestOutcome?> OutcomeAsync(StoredRequest request, CancellationToken stopping)
    {
        var taken = request.AsTaken();
        await using var signal = new StopSignal(requests, request.OrganisationId, node.Holder, clock, request.Scope.StopWhenRejected, stopping);
        if (request.Kind == RequestKind.Reconcile)
        {
            var asked = await engine().ReconcileAsync(new ReconcileRequest(request.OrganisationId, request.Actor, request.Scope.All) { Request = taken }, signal.Token);
            if (asked is ReconcileOutcome.Busy && MayWait(request)) return null;
            // What it had asked by then stays settled, and it does not say whether that was all.
            return asked is ReconcileOutcome.Ended { Run.Stop: null } && stopping.IsCancellationRequested ? null : RequestOutcome.Of(asked);
        }
        var outcome = await engine().RunAsync(OrderOf(request, taken), progress: null, signal.Token);
        return outcome switch
        {
            RunOutcome.Busy when MayWait(request) => null,
            RunOutcome.Ended { Report.Run: { State: RunState.Cancelled, Stop: null } } => null,
            _ => RequestOutcome.Of(outcome),
        };
    }

    // What has begun once is not refused any more.
    private static bool MayWait(StoredRequest request) => request.WhenBusy == WhenBusy.Queue || request.Attempt > 1;

    private static RunRequest OrderOf(StoredRequest request, TakenRequest taken) => new(request.OrganisationId, request.Actor)
    {
        Trigger = request.Trigger,
        From = request.Scope.From,
        To = request.Scope.To,
        Limit = request.Scope.Limit,
        ClaimId = request.Scope.ClaimId,
        Request = taken,
    };

    private async Task EndAsync(StoredRequest request, RequestOutcome outcome)
    {
        var settings = await requests.FindNotificationSettingsAsync(request.OrganisationId, CancellationToken.None);
        var end = outcome.EndOf(request, settings?.Settings, clock.GetUtcNow());
        if (!await requests.EndRequestAsync(request.AsTaken(), end, CancellationToken.None)) return;
        LogEnded(request.OrganisationId, request.RequestId, end.State, outcome.Status, outcome.RunId);
        if (end.Notifications.Count > 0) outbox.Work.Wake();
    }

    private async Task TryEndAsync(StoredRequest request)
    {
        try
        {
            await EndAsync(request, RequestOutcome.Fault);
        }
        catch (StoreUnavailableException fault)
        {
            LogLost(request.OrganisationId, request.RequestId, fault.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} of {Organisation} started: {Kind}, trigger {Trigger}, attempt {Attempt}")]
    private partial void LogStarted(string organisation, long requestId, RequestKind kind, RunTrigger trigger, int attempt);

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} of {Organisation} ended as {State}: {Status}, run {RunId}")]
    private partial void LogEnded(string organisation, long requestId, RequestState state, string status, long? runId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store cannot be reached; looked for work in vain: {Reason}")]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} of {Organisation} was left: {Reason}")]
    private partial void LogLost(string organisation, long requestId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "An unexpected fault ended request {RequestId} of {Organisation}")]
    private partial void LogFault(Exception fault, string organisation, long requestId);
}
