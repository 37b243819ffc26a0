using PayOnce.Exporters.Api;

namespace PayOnce.Exporters;

/// <summary>
/// Tries again with a growing delay: a function in, its last answer out. It knows nothing about what it repeats; whether
/// repeating is harmless is judged by whoever knows the answer.
/// </summary>
/// <param name="clock">Delays and the budget are counted by its monotonic time, so that a clock that is set back or forward changes neither.</param>
/// <param name="chance">The next number from 0 to below 1, from the host's seed: it spreads those who failed together.</param>
public sealed class Retry(RetryOptions options, TimeProvider clock, Func<double> chance)
{
    private readonly RetryOptions options = options is { MaximumTries: >= 1, Jitter: >= 0 and <= 1 } && options.BaseDelay >= TimeSpan.Zero && options.MaximumDelay >= options.BaseDelay
        ? options
        : throw new ArgumentOutOfRangeException(nameof(options), options, "At least one try, and delays that can grow.");

    /// <summary>Runs <paramref name="attempt"/> until an answer is final, or the tries or the budget are used up.</summary>
    /// <param name="attempt">One try, given its number from 1. What it throws is a bug and is not repeated.</param>
    /// <param name="judge">Whether an answer is final.</param>
    /// <param name="cancel">Ends a wait at once, with the answer there is. Before the first try there is none, so it throws.</param>
    public async Task<RetryOutcome<T>> RunAsync<T>(Func<int, CancellationToken, Task<T>> attempt, Func<T, RetryVerdict> judge, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var began = clock.GetTimestamp();
        for (var number = 1; ; number++)
        {
            var answer = await attempt(number, cancel);
            if (judge(answer) is not RetryVerdict.Again again) return new(answer, number, RetryEnd.Final);
            if (number == options.MaximumTries) return new(answer, number, RetryEnd.OutOfTries);
            var delay = Delay(number, again.Told);
            var next = clock.GetElapsedTime(began) + delay;
            if (next > options.Budget) return new(answer, number, RetryEnd.OutOfBudget);
            if (again.May is { } may && !may(next)) return new(answer, number, RetryEnd.Final);
            if (!await WaitAsync(delay, cancel)) return new(answer, number, RetryEnd.Cancelled);
        }
    }

    // Told to wait means neither earlier, so chance takes nothing away, nor later; told to come back at once is no licence to hammer.
    private TimeSpan Delay(int triesSoFar, TimeSpan? told)
    {
        if (told is { } wait && wait > TimeSpan.Zero) return wait;
        var delay = options.BaseDelay;
        for (var i = 1; i < triesSoFar && delay < options.MaximumDelay; i++) delay = delay > options.MaximumDelay / 2 ? options.MaximumDelay : delay * 2;
        return delay * (1 - (options.Jitter * chance()));
    }

    private async Task<bool> WaitAsync(TimeSpan delay, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(delay, clock, cancel);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

/// <summary>What is to be done about an answer.</summary>
public abstract record RetryVerdict
{
    private RetryVerdict() { }

    /// <summary>It is final.</summary>
    public sealed record Done : RetryVerdict { public static Done Instance { get; } = new(); }

    /// <summary>Try again, if tries and budget last.</summary>
    /// <param name="Told">How long the other side asked to wait: honoured even beyond the maximum delay, but never beyond the budget. Null if it did not say.</param>
    public sealed record Again(TimeSpan? Told = null) : RetryVerdict
    {
        /// <summary>Asked once the delay is known, with the time from the first try to the next one: false makes the answer final after all. Null: always.</summary>
        public Func<TimeSpan, bool>? May { get; init; }
    }
}

/// <summary>The last answer, and why there was no further try.</summary>
/// <param name="Tries">Tries made, at least 1.</param>
public sealed record RetryOutcome<T>(T Answer, int Tries, RetryEnd End);

/// <summary>Why trying ended.</summary>
public enum RetryEnd
{
    /// <summary>The answer was final, or may not be followed by another try.</summary>
    Final,

    /// <summary>That was the last of the tries allowed.</summary>
    OutOfTries,

    /// <summary>The next try would have begun after the budget.</summary>
    OutOfBudget,

    /// <summary>The host goes down.</summary>
    Cancelled,
}
