namespace PayOnce.Runs;

/// <summary>
/// How long a run still takes, as it is told to people: the mean pace of this run plus ten per cent, rounded up, silent until it
/// is worth saying, free to fall, and rising only when two measurements ten seconds apart agree (facts on dashboards 2.0.5: of
/// the methods simulated there this one rises least and is seldom too short).
/// </summary>
public sealed class TimeLeft
{
    private static readonly TimeSpan BetweenMeasurements = TimeSpan.FromSeconds(10);

    private TimeSpan? shown;
    private TimeSpan? exceededAt;
    private int answers;

    /// <summary>One measurement, after another answer. Null while nothing can be told.</summary>
    /// <param name="active">Time since the start, without announced waits.</param>
    public TimeSpan? Measure(TimeSpan active, long handled, long total)
    {
        answers++;
        var enough = answers >= 3 && active >= TimeSpan.FromSeconds(15);
        if (Estimate(active, handled, total, enough) is not { } now) return shown = null;
        if (shown is not { } before || now <= before)
        {
            exceededAt = null;
            return shown = now;
        }
        if (now <= before * 1.25) return shown;
        if (exceededAt is { } first && active - first >= BetweenMeasurements)
        {
            exceededAt = null;
            return shown = now;
        }
        exceededAt ??= active;
        return shown;
    }

    /// <summary>The estimate from a run's counters alone, for those who only look on.</summary>
    /// <param name="enough">True where more than the share done already speaks for the estimate.</param>
    public static TimeSpan? Estimate(TimeSpan active, long handled, long total, bool enough = false)
    {
        if (total <= 0 || handled <= 0 || handled > total || (!enough && handled * 20 < total)) return null;
        return RoundUp(active / handled * (total - handled) * 1.1);
    }

    private static TimeSpan RoundUp(TimeSpan left) => left switch
    {
        _ when left < TimeSpan.FromSeconds(30) => TimeSpan.FromSeconds(30),
        _ when left <= TimeSpan.FromMinutes(10) => Multiple(left, TimeSpan.FromMinutes(1)),
        _ when left <= TimeSpan.FromMinutes(60) => Multiple(left, TimeSpan.FromMinutes(5)),
        _ => Multiple(left, TimeSpan.FromMinutes(30)),
    };

    private static TimeSpan Multiple(TimeSpan left, TimeSpan unit) => unit * (int)Math.Ceiling(left / unit);
}
