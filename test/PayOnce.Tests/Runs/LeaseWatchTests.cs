using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Runs;

/// <summary>How long a process may rely on its lease, on its own clock: it renews in time, and nothing is sent in the last quarter.</summary>
public sealed class LeaseWatchTests : IEpochWitness, IAsyncDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly SqliteDatabase database = new();
    private readonly IStore store;
    private readonly ManualTime clock = new();

    private WitnessedEpoch highest;
    private Action? whenAsked;
    private int asked;

    public LeaseWatchTests() => store = database.Open();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task There_is_time_to_send_until_a_quarter_of_the_lease_is_left()
    {
        var watch = await TakeAsync();
        Assert.True(watch.HasTime);
        clock.Advance(TimeSpan.FromSeconds(45) - Moment);
        Assert.True(watch.HasTime);
        clock.Advance(Moment);
        Assert.False(watch.HasTime);
        Assert.True(await watch.MaySendAsync());
        Assert.True(watch.HasTime);
    }

    [Fact]
    public async Task It_is_renewed_when_a_third_is_over_and_not_before()
    {
        var watch = await TakeAsync();
        await TakeOverAsync();
        clock.Advance(TimeSpan.FromSeconds(20) - Moment);
        // Not asked, so not noticed yet.
        Assert.True(await watch.RenewIfDueAsync());
        clock.Advance(Moment);
        Assert.False(await watch.RenewIfDueAsync());
    }

    [Fact]
    public void Who_waits_looks_often_enough_that_a_renewal_never_comes_too_late_to_send() =>
        Assert.InRange(LeaseWatch.Interval, TimeSpan.FromSeconds(1), ExportEngine.LeaseDuration - ExportEngine.LeaseMargin - (ExportEngine.LeaseDuration / 3));

    [Fact]
    public async Task A_renewal_counts_from_when_it_was_asked_for()
    {
        var watch = await TakeAsync();
        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.True(await watch.RenewIfDueAsync());
        clock.Advance(TimeSpan.FromSeconds(20) - Moment);
        await TakeOverAsync();
        Assert.True(await watch.RenewIfDueAsync());
        clock.Advance(TimeSpan.FromSeconds(25));
        Assert.True(watch.HasTime);
        clock.Advance(Moment);
        Assert.False(watch.HasTime);
    }

    [Fact]
    public async Task Before_a_send_it_is_asked_for_whether_it_is_due_or_not()
    {
        var watch = await TakeAsync();
        await TakeOverAsync();
        Assert.True(await watch.HoldAsync());
        Assert.False(await watch.MaySendAsync());
        clock.Advance(TimeSpan.FromSeconds(45));
        Assert.False(await watch.HoldAsync());
    }

    [Fact]
    public async Task A_lease_that_had_run_out_is_kept_if_nobody_else_has_run()
    {
        var watch = await TakeAsync();
        clock.Advance(ExportEngine.LeaseDuration - Moment);
        Assert.True(await watch.HoldAsync());
        Assert.Equal(0, asked);
        clock.Advance(ExportEngine.LeaseDuration);
        Assert.True(await watch.HoldAsync());
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData(1, "another run")]
    [InlineData(2, "another run")]
    public async Task A_lease_that_had_run_out_is_not_ours_if_the_witness_knows_another_run_although_the_database_does_not(long epoch, string nonce)
    {
        var watch = await TakeAsync();
        highest = new WitnessedEpoch(epoch, nonce);
        clock.Advance(ExportEngine.LeaseDuration);
        Assert.False(await watch.HoldAsync());
        Assert.False(await watch.RenewIfDueAsync());
    }

    [Fact]
    public async Task An_answer_that_took_too_long_to_come_gives_no_time_to_send_and_is_asked_for_again_where_sends_follow_each_other()
    {
        var watch = await TakeAsync();
        clock.Advance(ExportEngine.LeaseDuration);
        whenAsked = () =>
        {
            whenAsked = null;
            clock.Advance(TimeSpan.FromSeconds(45));
        };
        Assert.False(await watch.MaySendAsync());
        Assert.True(await watch.HoldAsync());
        Assert.True(watch.HasTime);
    }

    Task<WitnessedEpoch> IEpochWitness.HighestAsync(string organisationId, CancellationToken cancel)
    {
        asked++;
        whenAsked?.Invoke();
        return Task.FromResult(highest);
    }

    Task IEpochWitness.RaiseAsync(string organisationId, WitnessedEpoch epoch, CancellationToken cancel) => throw new NotSupportedException();

    Task<IReadOnlyList<string>> IEpochWitness.AdoptionsAsync(string organisationId, CancellationToken cancel) => throw new NotSupportedException();

    Task IEpochWitness.AdoptedAsync(string organisationId, WitnessedEpoch epoch, CancellationToken cancel) => throw new NotSupportedException();

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await database.DisposeAsync();
    }

    private async Task<LeaseWatch> TakeAsync()
    {
        await store.AddOrganisationAsync(A.Organisation(A.Org), "test", Cancel);
        await store.SaveIntegrationAsync(A.Org, "{}", "test", Cancel);
        var request = A.LeaseRequest();
        var lease = Assert.IsType<LeaseAnswer.Taken>(await store.TakeLeaseAsync(request, _ => false, Cancel)).Lease;
        highest = new WitnessedEpoch(lease.Epoch, request.Nonce);
        return new LeaseWatch(store, this, clock, lease, request.Nonce, clock.GetTimestamp());
    }

    /// <summary>As by a process that knows that the first one is gone.</summary>
    private async Task TakeOverAsync() => Assert.IsType<LeaseAnswer.Taken>(await store.TakeLeaseAsync(A.LeaseRequest(holder: "node-2"), _ => true, Cancel));
}
