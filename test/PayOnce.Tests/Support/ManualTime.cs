namespace PayOnce.Tests.Support;

/// <summary>A clock that stands still until a test moves it. Timers that fall due are fired by the move, on the mover's thread.</summary>
public sealed class ManualTime(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private DateTimeOffset now = start ?? new(2026, 3, 2, 7, 0, 0, TimeSpan.Zero);
    private TimeSpan monotonic;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    public override long GetTimestamp()
    {
        lock (gate) return monotonic.Ticks;
    }

    /// <summary>Lets time pass, stopping at each timer that falls due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        TimeSpan target;
        lock (gate) target = monotonic + by;
        while (true)
        {
            ManualTimer? due;
            lock (gate)
            {
                due = timers.Where(timer => timer.Due is { } at && at <= target).MinBy(timer => timer.Due);
                var stop = due?.Due ?? target;
                if (stop > monotonic)
                {
                    now += stop - monotonic;
                    monotonic = stop;
                }
                due?.Rearm();
            }
            if (due is null) return;
            due.Fire();
        }
    }

    /// <summary>How many wait for this clock.</summary>
    public int Timers
    {
        get
        {
            lock (gate) return timers.Count;
        }
    }

    /// <summary>Lets time pass to the next timer, for code that waits for nothing else. False: nobody waits.</summary>
    public bool AdvanceToNextTimer()
    {
        TimeSpan by;
        lock (gate)
        {
            if (timers.Min(timer => timer.Due) is not { } due) return false;
            by = due - monotonic;
        }
        Advance(by);
        return true;
    }

    /// <summary>Sets the wall clock, forwards or backwards; the monotonic clock and its timers do not notice.</summary>
    public void JumpTo(DateTimeOffset wallClock)
    {
        lock (gate) now = wallClock;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ManualTimer(ManualTime clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period = Timeout.InfiniteTimeSpan;

        public TimeSpan? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock.monotonic + dueTime;
                period = newPeriod;
                if (Due is not null) clock.timers.Add(this);
                return true;
            }
        }

        public void Rearm() => Due = period > TimeSpan.Zero ? Due + period : null;

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock.gate) clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
