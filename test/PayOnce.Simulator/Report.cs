namespace PayOnce.Simulator;

/// <summary>A campaign's closing tables.</summary>
internal static class Report
{
    public static void Print(CampaignResult result)
    {
        Console.WriteLine($"{result.Seeds:N0} seeds in {result.Time.TotalSeconds:N0} s ({result.SeedsPerSecond:N0} a second), {result.Failures.Count} broken a rule.");
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
