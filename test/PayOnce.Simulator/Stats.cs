using System.Text.Json.Serialization;

namespace PayOnce.Simulator;

/// <summary>What was reached: without it, a rule may hold because nothing happens.</summary>
[JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
public sealed class Stats
{
    public SortedDictionary<string, long> Faults { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, long> Transitions { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, long> Steps { get; } = new(StringComparer.Ordinal);

    /// <summary>Steps at which a process died, stood still, or its call failed.</summary>
    public SortedDictionary<string, long> Struck { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, long> Ends { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

    public void Fault(string name, long by) => Add(Faults, name, by);

    public void Transition(string name) => Add(Transitions, name, 1);

    public void Step(string name) => Add(Steps, name, 1);

    public void StruckAt(string name) => Add(Struck, name, 1);

    public void End(string name) => Add(Ends, name, 1);

    public void Count(string name, bool counts = true)
    {
        if (counts) Add(Counts, name, 1);
    }

    public void Add(Stats other)
    {
        foreach (var (mine, theirs) in new[] { (Faults, other.Faults), (Transitions, other.Transitions), (Steps, other.Steps), (Struck, other.Struck), (Ends, other.Ends), (Counts, other.Counts) })
            foreach (var (name, number) in theirs) Add(mine, name, number);
    }

    private static void Add(SortedDictionary<string, long> to, string name, long by) => to[name] = to.GetValueOrDefault(name) + by;
}
