namespace PayOnce.Simulator;

/// <summary>
/// The one thread of a simulation: continuations that are ready, of which chance picks the next, and events in virtual time. When
/// nothing is ready, the clock jumps to the next event.
/// </summary>
/// <remarks>
/// Every task that a seam hands out is completed from an event, with no context current. So the code of libraries that does not come
/// back to a context goes on inline, on this thread, and the engine's own awaits are posted to their process.
/// </remarks>
/// <param name="mostSteps">A seed that needs more does not end.</param>
internal sealed class Pump(Choices choices, int mostSteps)
{
    /// <summary>Whoever looks at the clock more often within one step waits for time to pass by looking.</summary>
    private const int MostLooks = 100_000;

    private readonly List<Ready> ready = [];
    private readonly PriorityQueue<Event, (long At, long Number)> events = new();
    private readonly int thread = Environment.CurrentManagedThreadId;
    private long number;
    private int looks;

    /// <summary>Virtual time since the seed's beginning.</summary>
    public TimeSpan Now { get; private set; }

    public int Steps { get; private set; }

    /// <summary>Set when a rule was broken: nothing more happens.</summary>
    public bool Stopped { get; set; }

    /// <summary>Work left this thread: whatever follows would not be the same the next time.</summary>
    public bool Escaped { get; private set; }

    /// <summary>Asked before a process goes on: it may die or stand still here.</summary>
    public Action<Process>? BeforeTurn { get; set; }

    public void Post(Process process, SendOrPostCallback callback, object? state)
    {
        if (Environment.CurrentManagedThreadId != thread)
        {
            Escaped = Stopped = true;
            return;
        }
        if (!process.IsDead) ready.Add(new Ready(process, callback, state));
    }

    /// <summary>Somebody looks at the clock.</summary>
    /// <exception cref="InvalidOperationException">And does nothing else: the seed does not end.</exception>
    public TimeSpan Look()
    {
        if (++looks <= MostLooks) return Now;
        Stopped = true;
        throw new InvalidOperationException("The clock is looked at again and again, and no time passes.");
    }

    /// <summary>Lets something happen later. What belongs to a process does not happen once it is dead, and waits while it stands still.</summary>
    public Event At(TimeSpan after, Action happens, Process? owner = null)
    {
        var planned = new Event(happens, owner);
        events.Enqueue(planned, ((Now + after).Ticks, ++number));
        return planned;
    }

    /// <summary>Goes on until nothing is left, or until the given time.</summary>
    /// <returns>False if it was stopped or does not end.</returns>
    public bool Run(TimeSpan? until = null)
    {
        while (!Stopped)
        {
            if (Steps++ > mostSteps) return false;
            looks = 0;
            if (ready.Count > 0)
            {
                Turn();
                continue;
            }
            if (!events.TryPeek(out var next, out var when) || until?.Ticks < when.At)
            {
                if (until is { } end && end > Now) Now = end;
                return true;
            }
            events.Dequeue();
            if (next.Happens is not { } happens || next.Owner is { IsDead: true }) continue;
            if (when.At > Now.Ticks) Now = TimeSpan.FromTicks(when.At);
            if (next.Owner is { } owner && owner.StandsUntil > Now)
            {
                events.Enqueue(next, (owner.StandsUntil.Ticks, ++number));
                continue;
            }
            SynchronizationContext.SetSynchronizationContext(null);
            happens();
        }
        return false;
    }

    private void Turn()
    {
        var place = ready.Count == 1 ? 0 : choices.Below("turn", ready.Count);
        var (process, callback, state) = ready[place];
        ready.RemoveAt(place);
        if (process.IsDead) return;
        if (process.StandsUntil <= Now) BeforeTurn?.Invoke(process);
        if (process.IsDead) return;
        if (process.StandsUntil > Now)
        {
            At(process.StandsUntil - Now, () => Post(process, callback, state), process);
            return;
        }
        process.Do(() => callback(state));
    }

    private readonly record struct Ready(Process Process, SendOrPostCallback Callback, object? State);

    /// <summary>Something that is to happen, unless it is called off.</summary>
    internal sealed class Event(Action happens, Process? owner)
    {
        public Action? Happens { get; private set; } = happens;

        public Process? Owner => owner;

        public void CallOff() => Happens = null;
    }
}
