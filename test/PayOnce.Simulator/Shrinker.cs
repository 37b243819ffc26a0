namespace PayOnce.Simulator;

/// <summary>
/// Makes a failing seed small: fewer claims, fewer nodes, then one half, quarter and single fault or action after another is left out
/// as long as the same rule still breaks.
/// </summary>
public static class Shrinker
{
    /// <summary>So many runs of the seed at most.</summary>
    public const int MostRuns = 400;

    /// <summary>The smallest failing trial that was found, with its log.</summary>
    /// <param name="play">Plays a trial.</param>
    public static (Outcome Smallest, int Runs) Shrink(Outcome failed, Func<Trial, Outcome> play)
    {
        var rule = failed.Violation?.Rule ?? throw new ArgumentException("It did not fail.", nameof(failed));
        var (best, runs) = (failed, 0);

        bool Try(Trial trial)
        {
            if (runs >= MostRuns) return false;
            runs++;
            var outcome = play(trial with { KeepsLog = false });
            if (outcome.Violation?.Rule != rule) return false;
            best = outcome;
            return true;
        }

        foreach (var claims in new[] { 1, 2, 3, 5 })
            if (Try(best.Trial with { MostClaims = claims })) break;
        foreach (var nodes in new[] { 1, 2 })
            if (Try(best.Trial with { MostNodes = nodes })) break;
        Try(best.Trial with { Kept = best.Happened.ToHashSet(StringComparer.Ordinal) });
        for (var size = Math.Max(1, best.Happened.Count / 2); ; size = Math.Max(1, size / 2))
        {
            var smaller = LeaveOut(best, size, Try, () => best);
            if (size == 1 && !smaller) break;
        }
        return (play(best.Trial with { KeepsLog = true }), runs);
    }

    // Leaves out each piece of this size in turn; true if any could be.
    private static bool LeaveOut(Outcome before, int size, Func<Trial, bool> tries, Func<Outcome> best)
    {
        var smaller = false;
        for (var from = 0; from < best().Happened.Count;)
        {
            var happened = best().Happened;
            var kept = happened.Take(from).Concat(happened.Skip(from + size)).ToHashSet(StringComparer.Ordinal);
            if (kept.Count < happened.Count && tries(best().Trial with { Kept = kept })) smaller = true;
            else from += size;
        }
        return smaller && best().Happened.Count < before.Happened.Count;
    }
}
