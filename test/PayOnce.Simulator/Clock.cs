namespace PayOnce.Simulator;

/// <summary>Virtual time as one process or the store sees it: its monotonic time is the world's, its wall clock may be off.</summary>
/// <param name="owner">Whose timers they are: a dead process's never fire. Null: the world's.</param>
internal sealed class Clock(Pump pump, Process? owner) : TimeProvider
{
    private static readonly DateTimeOffset Beginning = new(2026, 3, 2, 7, 0, 0, TimeSpan.Zero);

    /// <summary>How far the wall clock is off. Jumps change it; timers and monotonic time do not notice.</summary>
    public TimeSpan Off { get; set; }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Beginning + pump.Now + Off;

    public override long GetTimestamp() => pump.Look().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(pump, owner, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(Pump pump, Process? owner, TimerCallback callback, object? state) : ITimer
    {
        private Pump.Event? planned;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            planned?.CallOff();
            planned = dueTime == Timeout.InfiniteTimeSpan ? null : pump.At(dueTime, () => Fire(period), owner);
            return true;
        }

        public void Dispose() => planned?.CallOff();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(TimeSpan period)
        {
            planned = period > TimeSpan.Zero ? pump.At(period, () => Fire(period), owner) : null;
            callback(state);
        }
    }
}
