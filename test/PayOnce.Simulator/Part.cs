using System.Text.Json;

namespace PayOnce.Simulator;

/// <summary>A campaign's figures in one line of JSON: a long campaign is run in parts, perhaps at different times, and added up.</summary>
/// <param name="Seconds">By the clock.</param>
/// <param name="ProcessorSeconds">Of all threads.</param>
/// <param name="Failures">Seed and rule of each that failed.</param>
public sealed record Part(ulong First, long Seeds, double Seconds, double ProcessorSeconds, Stats Stats, IReadOnlyList<string> Failures)
{
    public static Part Of(ulong first, CampaignResult result, TimeSpan processor) => new(first, result.Seeds, result.Time.TotalSeconds, processor.TotalSeconds, result.Stats,
        [.. result.Failures.Select(failure => FormattableString.Invariant($"{failure.Trial.Seed}: {failure.Violation!.Rule}, {failure.Violation.What}"))]);

    public void AppendTo(string file) => File.AppendAllText(file, JsonSerializer.Serialize(this) + "\n");

    /// <summary>All parts of a file together.</summary>
    /// <exception cref="InvalidDataException">Two of them played the same seed, which would count twice.</exception>
    public static Part Total(string file)
    {
        List<Part> parts = [.. File.ReadLines(file).Select(line => JsonSerializer.Deserialize<Part>(line)!).OrderBy(part => part.First)];
        if (parts.Zip(parts.Skip(1)).Any(pair => pair.First.First + (ulong)pair.First.Seeds > pair.Second.First)) throw new InvalidDataException("Two parts played the same seeds.");
        var stats = new Stats();
        foreach (var part in parts) stats.Add(part.Stats);
        return new Part(parts[0].First, parts.Sum(part => part.Seeds), parts.Sum(part => part.Seconds), parts.Sum(part => part.ProcessorSeconds), stats, [.. parts.SelectMany(part => part.Failures)]);
    }
}
