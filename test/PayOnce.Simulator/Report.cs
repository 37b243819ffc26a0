namespace PayOnce.Simulator;

/// <summary>A campaign's closing tables.</summary>
internal static class Report
{
    public static void Print(Part result)
    {
        Console.WriteLine($"{result.Seeds:N0} seeds in {result.Seconds:N0} s ({result.Seeds / result.Seconds:N0} a second), {result.ProcessorSeconds:N0} s of processor time ({1000 * result.ProcessorSeconds / result.Seeds:N1} ms a seed), {result.Failures.Count} broke a rule.");
        foreach (var failure in result.Failures) Console.WriteLine($"  {failure}");
        Table("Faults that struck", result.Stats.Faults);
        Table("Transitions of marks", result.Stats.Transitions);
        Table("Where marks ended", result.Stats.Ends);
        Table("Steps reached", result.Stats.Steps);
        Table("What happened", result.Stats.Counts);
        Table("Deaths by step", result.Stats.Struck.Where(struck => struck.Key.StartsWith("crash at ", StringComparison.Ordinal)));
    }

    private static void Table(string title, IEnumerable<KeyValuePair<string, long>> rows)
    {
        Console.WriteLine();
        Console.WriteLine($"{title}:");
        foreach (var (name, number) in rows) Console.WriteLine($"  {name,-60} {number,14:N0}");
    }
}
