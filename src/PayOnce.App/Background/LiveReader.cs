using System.Runtime.CompilerServices;
using System.Threading.Channels;
using PayOnce.History;
using PayOnce.Stores;

namespace PayOnce.App.Background;

/// <summary>
/// Follows the runs that somebody watches: one reader a node, one question a second for all of them together, and none while nobody
/// watches. It reads the runs' rows, so it does not matter which node, or the command line, executes a run.
/// </summary>
/// <remarks>
/// Asking beats being notified here: a notification would slow down every commit, gets lost with its connection, and does not pass a
/// transaction pooler (facts on the web stack §3).
/// </remarks>
internal sealed partial class LiveReader(IHistoryStore history, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<LiveReader> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>What has not changed is told again after this, so that whoever watches sees that it is still true.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private readonly Lock access = new();
    private readonly Dictionary<RunKey, Watched> runs = [];
    private readonly SemaphoreSlim newcomers = new(0);

    /// <summary>How many runs are watched: for metrics and tests.</summary>
    public int WatchedRuns
    {
        get
        {
            lock (access) return runs.Count;
        }
    }

    /// <summary>How a run goes on: at once as it is now, then each change, until it is over, nobody listens any more or the server stops. What comes too fast is left out, never what comes last.</summary>
    public async IAsyncEnumerable<RunPace> WatchAsync(RunKey run, bool byFile, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        var channel = Channel.CreateBounded<RunPace>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        Add(run, byFile, channel);
        try
        {
            while (await WaitAsync(channel.Reader, ending.Token))
            {
                while (channel.Reader.TryRead(out var pace)) yield return pace;
            }
        }
        finally
        {
            Remove(run, channel);
        }
    }

    /// <summary>What those who watch were told last; null where nobody watches.</summary>
    public RunPace? Latest(RunKey run)
    {
        lock (access) return runs.GetValueOrDefault(run)?.Told;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // Without anybody there is nothing to ask; a newcomer need not wait for the second to pass.
            var wait = WatchedRuns == 0 ? Timeout.InfiniteTimeSpan : Every;
            try
            {
                await newcomers.WaitAsync(wait, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            while (newcomers.Wait(0, CancellationToken.None)) { }
            await ReadAsync(stoppingToken);
        }
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        List<RunKey> watched;
        lock (access) watched = [.. runs.Keys];
        if (watched.Count == 0) return;
        IReadOnlyList<LiveRun> found;
        try
        {
            found = await history.ReadProgressAsync(watched, cancel);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (StoreUnavailableException fault)
        {
            // Those who watch keep what they have; the page shows since when.
            LogUnavailable(fault.Message);
            return;
        }
        var now = clock.GetUtcNow();
        lock (access)
        {
            foreach (var progress in found) Tell(progress, now);
            foreach (var gone in watched.Except(found.Select(progress => progress.Key))) End(gone);
        }
    }

    private void Tell(LiveRun progress, DateTimeOffset now)
    {
        if (!runs.TryGetValue(progress.Key, out var watched)) return;
        var pace = watched.Meter.Measure(progress, now);
        var same = watched.Told is { } told && told with { At = pace.At, Silent = pace.Silent } == pace && (told.Silent is null) == (pace.Silent is null);
        if (same && now - watched.Told!.At < Again) return;
        watched.Told = pace;
        foreach (var channel in watched.Channels) channel.Writer.TryWrite(pace);
        if (pace.IsOver) End(progress.Key);
    }

    private void End(RunKey run)
    {
        if (!runs.Remove(run, out var watched)) return;
        foreach (var channel in watched.Channels) channel.Writer.TryComplete();
    }

    private void Add(RunKey run, bool byFile, Channel<RunPace> channel)
    {
        lock (access)
        {
            if (!runs.TryGetValue(run, out var watched)) runs[run] = watched = new Watched(new RunPaceMeter(byFile));
            watched.Channels.Add(channel);
            if (watched.Told is { } told) channel.Writer.TryWrite(told);
        }
        newcomers.Release();
    }

    private void Remove(RunKey run, Channel<RunPace> channel)
    {
        lock (access)
        {
            if (runs.TryGetValue(run, out var watched) && watched.Channels.Remove(channel) && watched.Channels.Count == 0) runs.Remove(run);
        }
    }

    private static async Task<bool> WaitAsync(ChannelReader<RunPace> reader, CancellationToken cancel)
    {
        try
        {
            return await reader.WaitToReadAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public override void Dispose()
    {
        newcomers.Dispose();
        base.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Progress of runs could not be read: {Why}")]
    private partial void LogUnavailable(string why);

    private sealed class Watched(RunPaceMeter meter)
    {
        public RunPaceMeter Meter => meter;

        public List<Channel<RunPace>> Channels { get; } = [];

        public RunPace? Told { get; set; }
    }
}
