using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Exporters;

/// <summary>When something is tried again, and when no more.</summary>
public sealed class RetryTests
{
    private static readonly RetryOptions Options = new(MaximumTries: 8, Seconds(1), Seconds(10), Seconds(1000), Jitter: 0);

    private readonly ManualTime clock = new();
    private readonly List<TimeSpan> began = [];

    [Fact]
    public async Task The_delay_doubles_up_to_the_maximum_and_the_tries_have_an_end()
    {
        var outcome = await Run(Options, _ => new RetryVerdict.Again());
        Assert.Equal([0, 1, 3, 7, 15, 25, 35, 45], began.Select(at => at.TotalSeconds));
        Assert.Equal(new RetryOutcome<int>(8, 8, RetryEnd.OutOfTries), outcome);
    }

    [Fact]
    public async Task A_final_answer_is_not_followed_by_another_try()
    {
        var outcome = await Run(Options, answer => answer == 3 ? RetryVerdict.Done.Instance : new RetryVerdict.Again());
        Assert.Equal(new RetryOutcome<int>(3, 3, RetryEnd.Final), outcome);
    }

    [Theory]
    [InlineData(6, 3, 3)]
    [InlineData(7, 4, 7)]
    public async Task No_try_begins_after_the_budget(int budget, int tries, int last)
    {
        var outcome = await Run(Options with { Budget = Seconds(budget) }, _ => new RetryVerdict.Again());
        Assert.Equal(new RetryOutcome<int>(tries, tries, RetryEnd.OutOfBudget), outcome);
        Assert.Equal(last, began[^1].TotalSeconds);
        Assert.Equal(Seconds(last), clock.GetElapsedTime(0));
    }

    [Fact]
    public async Task The_time_that_a_try_takes_counts_for_the_budget()
    {
        var outcome = await Run(Options with { Budget = Seconds(30) }, _ => new RetryVerdict.Again(), takes: Seconds(14));
        Assert.Equal([0, 15], began.Select(at => at.TotalSeconds));
        Assert.Equal(RetryEnd.OutOfBudget, outcome.End);
    }

    [Fact]
    public async Task A_wait_that_was_told_is_kept_exactly_even_beyond_the_maximum_delay()
    {
        await Run(Options with { MaximumTries = 3, Jitter = 1 }, answer => new RetryVerdict.Again(Seconds(answer == 1 ? 300 : 0.5)));
        Assert.Equal([0, 300, 300.5], began.Select(at => at.TotalSeconds));
    }

    [Fact]
    public async Task A_wait_that_was_told_beyond_the_budget_ends_it_at_once()
    {
        var outcome = await Run(Options, _ => new RetryVerdict.Again(Seconds(1001)));
        Assert.Equal(new RetryOutcome<int>(1, 1, RetryEnd.OutOfBudget), outcome);
        Assert.Equal(TimeSpan.Zero, clock.GetElapsedTime(0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-60)]
    public async Task Told_to_come_back_at_once_the_delay_grows_as_ever(int told)
    {
        await Run(Options with { MaximumTries = 3 }, _ => new RetryVerdict.Again(Seconds(told)));
        Assert.Equal([0, 1, 3], began.Select(at => at.TotalSeconds));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 0.9)]
    [InlineData(0.75, 0.85)]
    public async Task Chance_takes_away_at_most_its_share(double chance, double second)
    {
        await Run(Options with { MaximumTries = 2, Jitter = 0.2 }, _ => new RetryVerdict.Again(), chance: chance);
        Assert.Equal(second, began[^1].TotalSeconds, 6);
    }

    [Fact]
    public async Task Whether_it_may_is_asked_with_the_time_at_which_the_next_try_would_begin()
    {
        var asked = new List<double>();
        var outcome = await Run(Options, _ => new RetryVerdict.Again
        {
            May = since =>
            {
                asked.Add(since.TotalSeconds);
                return since < Seconds(5);
            },
        });
        Assert.Equal([1, 3, 7], asked);
        Assert.Equal(new RetryOutcome<int>(3, 3, RetryEnd.Final), outcome);
    }

    [Fact]
    public async Task A_clock_that_is_set_changes_neither_delay_nor_budget()
    {
        await Run(Options with { MaximumTries = 4, Budget = Seconds(7) }, answer =>
        {
            clock.JumpTo(clock.GetUtcNow().AddDays(answer % 2 == 0 ? -400 : 400));
            return new RetryVerdict.Again();
        });
        Assert.Equal([0, 1, 3, 7], began.Select(at => at.TotalSeconds));
    }

    [Fact]
    public async Task Cancelled_while_waiting_the_answer_there_is_comes_back_at_once()
    {
        using var stop = new CancellationTokenSource();
        var running = new Retry(Options, clock, () => 0).RunAsync((_, _) => Task.FromResult("busy"), _ => new RetryVerdict.Again(), stop.Token);
        Assert.False(running.IsCompleted);
        stop.Cancel();
        Assert.Equal(new RetryOutcome<string>("busy", 1, RetryEnd.Cancelled), await running);
    }

    [Fact]
    public async Task Cancelled_before_the_first_try_nothing_is_tried()
    {
        var retry = new Retry(Options, clock, () => 0);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            retry.RunAsync<int>((_, _) => throw new InvalidOperationException("tried"), _ => RetryVerdict.Done.Instance, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task What_a_try_throws_is_a_bug_and_is_not_repeated()
    {
        var tries = 0;
        await Assert.ThrowsAsync<InvalidOperationException>(() => new Retry(Options, clock, () => 0).RunAsync<int>(
            (number, _) =>
            {
                tries = number;
                throw new InvalidOperationException();
            },
            _ => new RetryVerdict.Again(),
            TestContext.Current.CancellationToken));
        Assert.Equal(1, tries);
    }

    [Theory]
    [InlineData(0, 1, 10, 0)]
    [InlineData(-1, 1, 10, 0)]
    [InlineData(1, -0.001, 10, 0)]
    [InlineData(1, 1, 0.999, 0)]
    [InlineData(1, 1, 10, -0.001)]
    [InlineData(1, 1, 10, 1.001)]
    public void Options_that_make_no_sense_are_refused(int tries, double baseDelay, double maximumDelay, double jitter)
    {
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => new Retry(new(tries, Seconds(baseDelay), Seconds(maximumDelay), Seconds(1000), jitter), clock, () => 0));
        Assert.StartsWith("At least one try, and delays that can grow.", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0, 0, 0)]
    [InlineData(2, 0, 0, 1)]
    [InlineData(3, 5, 5, 1)]
    public async Task The_outermost_options_that_make_sense_are_kept_to(int tries, double baseDelay, double maximumDelay, double jitter)
    {
        await Run(new(tries, Seconds(baseDelay), Seconds(maximumDelay), Seconds(1000), jitter), _ => new RetryVerdict.Again());
        Assert.Equal(Enumerable.Range(0, tries).Select(number => number * baseDelay), began.Select(at => at.TotalSeconds));
    }

    /// <summary>Runs to the end; each try answers its number. Time passes only when everything waits for it.</summary>
    private async Task<RetryOutcome<int>> Run(RetryOptions options, Func<int, RetryVerdict> judge, TimeSpan takes = default, double chance = 0)
    {
        var running = new Retry(options, clock, () => chance).RunAsync(
            (number, _) =>
            {
                began.Add(clock.GetElapsedTime(0));
                clock.Advance(takes);
                return Task.FromResult(number);
            },
            judge,
            TestContext.Current.CancellationToken);
        while (!running.IsCompleted) clock.AdvanceToNextTimer();
        return await running;
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
