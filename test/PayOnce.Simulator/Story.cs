namespace PayOnce.Simulator;

/// <summary>A failing seed told to a person: what was left when it was made small, in order, ending in the rule that was broken.</summary>
public static class Story
{
    /// <param name="outcome">With its log.</param>
    public static IReadOnlyList<string> Tell(Outcome outcome)
    {
        var violation = outcome.Violation ?? throw new ArgumentException("Nothing was broken.", nameof(outcome));
        var trial = outcome.Trial;
        return
        [
            $"Seed {trial.Seed}: {violation.Rule}",
            $"  {outcome.Climate}",
            .. trial.Planted is { } planted ? new[] { $"  planted: {planted.Words}" } : [],
            .. trial.Without != Assumption.None ? new[] { $"  without the assumption {trial.Without}" } : [],
            outcome.Happened.Count == 0 ? "  nothing went wrong but the rule" : $"  what happened: {string.Join(", ", outcome.Happened)}",
            "",
            .. outcome.Log.Where(line => !line.Detail).Select(line => $"  {line}"),
            "",
            $"To see the whole log: dotnet run build.cs -- simulate --seed {trial.Seed}{(trial.Planted is { } plant ? $" --plant {plant.Name}" : "")}{(trial.Without != Assumption.None ? $" --without {trial.Without}" : "")}{(trial.ManyBackups ? " --many backups" : "")}",
        ];
    }
}
