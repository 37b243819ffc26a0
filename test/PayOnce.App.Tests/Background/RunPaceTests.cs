using PayOnce.App.Background;
using PayOnce.History;
using PayOnce.Runs;

namespace PayOnce.App.Tests.Background;

/// <summary>What is told of a run's time to those who watch.</summary>
public sealed class RunPaceTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 5, 13, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nothing_is_promised_before_enough_is_known_and_then_it_falls()
    {
        var meter = new RunPaceMeter(byFile: false);
        Assert.Null(meter.Measure(At(exported: 10), Start.AddSeconds(5)).Left);
        Assert.Null(meter.Measure(At(exported: 20), Start.AddSeconds(10)).Left);
        Assert.Equal(TimeSpan.FromMinutes(9), meter.Measure(At(exported: 40), Start.AddSeconds(20)).Left);
        Assert.Equal(TimeSpan.FromMinutes(5), meter.Measure(At(exported: 500), Start.AddSeconds(240)).Left);
    }

    [Fact]
    public void Silence_longer_than_the_runs_own_pace_takes_the_place_of_a_time()
    {
        var meter = new RunPaceMeter(byFile: false);
        for (var i = 1; i <= 5; i++) meter.Measure(At(exported: 100 * i), Start.AddSeconds(10 * i));
        Assert.Null(meter.Measure(At(exported: 500), Start.AddSeconds(85)).Silent);
        var silent = meter.Measure(At(exported: 500), Start.AddSeconds(170));
        Assert.Equal(TimeSpan.FromSeconds(120), silent.Silent);
        Assert.Null(silent.Left);
        Assert.Null(meter.Measure(At(exported: 600), Start.AddSeconds(171)).Silent);
    }

    [Fact]
    public void A_promise_that_is_over_is_said_to_be()
    {
        var meter = new RunPaceMeter(byFile: false);
        for (var i = 1; i <= 99; i++) meter.Measure(At(exported: 10 * i), Start.AddSeconds(i));
        Assert.False(meter.Measure(At(exported: 990), Start.AddSeconds(100)).Late);
        var late = meter.Measure(At(exported: 990), Start.AddSeconds(129));
        Assert.True(late.Late || late.Silent is not null);
        Assert.Null(late.Left);
    }

    [Fact]
    public void Of_a_file_what_is_taken_counts()
    {
        var pace = RunPace.Glance(At(exported: 0) with { Counters = new RunCounters(1000, 50, 400, 0, 3, 0, 0) }, byFile: true, Start.AddSeconds(40));
        Assert.Equal(450, pace.Handled);
        Assert.Equal(1050, pace.Total);
        Assert.NotNull(pace.Left);
    }

    [Fact]
    public void A_run_that_is_over_promises_nothing()
    {
        var pace = new RunPaceMeter(byFile: false).Measure(At(exported: 400) with { State = RunState.Cancelled }, Start.AddSeconds(500));
        Assert.True(pace.IsOver);
        Assert.Null(pace.Left);
        Assert.False(pace.Late);
    }

    private static LiveRun At(long exported) =>
        new(new RunKey("hlf", 1), RunState.Running, new RunCounters(1000, 0, Math.Min(1000, exported + 50), exported, 0, 0, 0), StopRequested: false, exported, Start, null);
}
