using System.Globalization;
using PayOnce.App.Dashboard.Parts;
using PayOnce.History;
using PayOnce.Runs;

namespace PayOnce.App.Dashboard.Pages.Runs;

/// <summary>The filter of the runs' list as it stands in the address: what cannot be understood filters nothing and is said.</summary>
internal sealed record RunsQuery(TypedDay From, TypedDay To, IReadOnlyList<string> Statuses, string By, string System, int Size)
{
    public static IReadOnlyList<int> Sizes { get; } = [20, 50, 200];

    public const string BySchedule = "schedule";
    public const string ByPerson = "person";

    public static RunsQuery Read(IQueryCollection query) => new(
        TypedDay.Read(query["from"]),
        TypedDay.Read(query["to"]),
        [.. Words.RunStatuses.Where(status => query["state"].Contains(status))],
        query["by"].ToString() is BySchedule or ByPerson ? query["by"].ToString() : "",
        PayOnce.Exporters.ExporterCatalogue.Names.FirstOrDefault(name => name == query["system"]) ?? "",
        int.TryParse(query["size"], NumberStyles.None, CultureInfo.InvariantCulture, out var size) && Sizes.Contains(size) ? size : Sizes[0]);

    /// <summary>Whether anything was asked for, understood or not.</summary>
    public bool Filters => From.Text.Length > 0 || To.Text.Length > 0 || Statuses.Count > 0 || By.Length > 0 || System.Length > 0;

    public RunFilter Filter(TimeZoneInfo zone) => new(
        From.Begins(zone),
        To.Ends(zone),
        Statuses,
        By switch
        {
            BySchedule => [RunTrigger.Schedule],
            ByPerson => [RunTrigger.Manual, RunTrigger.ReExport, RunTrigger.Adopt, RunTrigger.Reconcile],
            _ => [],
        },
        Exporter: System.Length == 0 ? null : System);

    /// <summary>The filter in words, part by part.</summary>
    public IReadOnlyList<string> InWords(Words words)
    {
        var parts = new List<string>();
        if (From.Day is { } from) parts.Add(words.FromWords(from));
        if (To.Day is { } to) parts.Add(words.ToWords(to));
        if (Statuses.Count > 0) parts.Add(words.StateWords([.. Statuses.Select(status => $"«{words.RunState(status).Text}»")]));
        if (By.Length > 0) parts.Add(words.ByWords(By == BySchedule));
        if (System.Length > 0) parts.Add(words.System(System));
        return parts;
    }
}
