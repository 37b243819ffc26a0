namespace PayOnce.Bench;

/// <summary>What was promised for a figure, and what would be remarkable.</summary>
/// <param name="AtLeast">The figure should be high; otherwise it should be low.</param>
public sealed record Goal(double Promise, double? Moonshot, bool AtLeast = false)
{
    public bool Keeps(double value) => AtLeast ? value >= Promise : value <= Promise;

    public bool Reaches(double value) => Moonshot is { } moonshot && (AtLeast ? value >= moonshot : value <= moonshot);

    /// <summary>The verdict over one value, in words.</summary>
    public string Words(double value) =>
        Reaches(value) ? "moonshot reached"
        : Keeps(value) ? "promise kept"
        : $"missed by {Math.Abs(value - Promise) / Promise:P0}";
}

/// <summary>Numbers of several rounds, reduced to what may be said of them.</summary>
public static class Judgement
{
    /// <summary>Fewer rounds than this give numbers but no verdict.</summary>
    public const int FewestRounds = 5;

    /// <summary>A floor that spreads more than this says that the machine was busy with something else.</summary>
    public const double WidestSpread = 0.25;

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>(largest − smallest) / median.</summary>
    public static double Spread(IReadOnlyList<double> values) => (values.Max() - values.Min()) / Median(values);
}
