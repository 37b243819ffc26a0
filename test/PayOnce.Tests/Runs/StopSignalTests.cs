using System.Reflection;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Runs;

/// <summary>A wish to stop reaches the process that runs, and no other.</summary>
public sealed class StopSignalTests : IAsyncDisposable
{
    private const string Us = "node-1";

    // What must happen happens at once: this is how long a test waits before it says that it does not.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly SqliteDatabase database = new();
    private readonly IStore store;
    private readonly IRequestStore watched;
    private readonly Looks looks;
    private readonly ManualTime clock = new();
    private readonly long began = TimeProvider.System.GetTimestamp();

    public StopSignalTests()
    {
        store = database.Open();
        (watched, looks) = Looks.Over(Requests);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IRequestStore Requests => (IRequestStore)store;

    [Fact]
    public async Task A_wish_is_seen()
    {
        var lease = await TakeAsync();
        await using var signal = Signal();
        await LookAsync();
        Assert.False(signal.Token.IsCancellationRequested);
        await Requests.RequestStopAsync(A.Org, lease.RunId, "kari", Cancel);
        await StoppedAsync(signal);
    }

    [Fact]
    public async Task A_wish_that_another_process_stops_is_not_ours()
    {
        var lease = await TakeAsync();
        await Requests.RequestStopAsync(A.Org, lease.RunId, "kari", Cancel);
        await using var signal = Signal(holder: "node-2");
        await LookAsync();
        Assert.False(signal.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task It_may_begin_before_there_is_a_run()
    {
        await using var signal = Signal();
        await LookAsync();
        var lease = await TakeAsync();
        await Requests.RequestStopAsync(A.Org, lease.RunId, "kari", Cancel);
        await StoppedAsync(signal);
    }

    [Fact]
    public async Task More_rejected_claims_than_the_limit_stop_it_and_the_limit_stands_as_who_did()
    {
        var lease = await TakeAsync();
        await store.TakeInAsync(A.Org, [A.Record("BAD-1"), A.Record("BAD-2"), A.Record("A-1")], "claims.csv", "test", Cancel);
        await using var signal = Signal(stopWhenRejected: 1);
        await LookAsync();
        Assert.False(signal.Token.IsCancellationRequested);

        Assert.IsType<ReserveAnswer.Reserved>(await store.ReserveAsync(lease, new ReserveRequest(ClaimScope.Everything, 1, null, 10), (_, claims) => new TextRenderer().Render(claims, 1), Cancel));
        await StoppedAsync(signal);
        Assert.Equal("rejection limit 1", (await Requests.FindStopAsync(A.Org, Us, Cancel))!.Stop!.By);
    }

    [Fact]
    public async Task As_many_rejected_claims_as_the_limit_allows_do_not_stop_it()
    {
        var lease = await TakeAsync();
        await store.TakeInAsync(A.Org, [A.Record("BAD-1")], "claims.csv", "test", Cancel);
        await store.ReserveAsync(lease, new ReserveRequest(ClaimScope.Everything, 1, null, 10), (_, claims) => new TextRenderer().Render(claims, 1), Cancel);
        await using var signal = Signal(stopWhenRejected: 1);
        await LookAsync();
        Assert.False(signal.Token.IsCancellationRequested);
        Assert.Null((await Requests.FindStopAsync(A.Org, Us, Cancel))!.Stop);
    }

    [Fact]
    public async Task The_hosts_own_end_stops_it_at_once()
    {
        using var outer = new CancellationTokenSource();
        await using var signal = new StopSignal(watched, A.Org, Us, clock, stopWhenRejected: null, outer.Token);
        outer.Cancel();
        Assert.True(signal.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task When_it_is_over_nobody_looks_any_more()
    {
        await Signal().DisposeAsync();
        Assert.Equal(0, clock.Timers);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await database.DisposeAsync();
    }

    private StopSignal Signal(string holder = Us, int? stopWhenRejected = null) => new(watched, A.Org, holder, clock, stopWhenRejected, CancellationToken.None);

    private async Task<Lease> TakeAsync()
    {
        await store.AddOrganisationAsync(A.Organisation(A.Org), "test", Cancel);
        await store.SaveIntegrationAsync(A.Org, "{}", "test", Cancel);
        return Assert.IsType<LeaseAnswer.Taken>(await store.TakeLeaseAsync(A.LeaseRequest(holder: Us), _ => false, Cancel)).Lease;
    }

    /// <summary>It has looked, and done what it does of it: the next look has begun.</summary>
    private async Task LookAsync()
    {
        for (var before = looks.Begun; looks.Begun < before + 2;)
        {
            clock.Advance(StopSignal.Interval);
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "Nobody looks.");
            await Task.Delay(1, Cancel);
        }
    }

    private async Task StoppedAsync(StopSignal signal)
    {
        while (!signal.Token.IsCancellationRequested)
        {
            clock.Advance(StopSignal.Interval);
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "Nobody stops it.");
            await Task.Delay(1, Cancel);
        }
    }

    /// <summary>Counts the looks at a store.</summary>
    public class Looks : DispatchProxy
    {
        private IRequestStore inner = null!;
        private int begun;

        public int Begun => Volatile.Read(ref begun);

        public static (IRequestStore Store, Looks Looks) Over(IRequestStore inner)
        {
            var proxy = Create<IRequestStore, Looks>();
            var looks = (Looks)(object)proxy;
            looks.inner = inner;
            return (proxy, looks);
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(IRequestStore.FindStopAsync)) Interlocked.Increment(ref begun);
            return targetMethod.Invoke(inner, args);
        }
    }
}
