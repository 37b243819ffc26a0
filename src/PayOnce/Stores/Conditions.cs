using System.Globalization;

namespace PayOnce.Stores;

/// <summary>Conditions of a query that is put together, with their values; SQL of ours, values by number.</summary>
/// <param name="sign">What stands before a value's number.</param>
/// <param name="first">The values that stand in the query anyway.</param>
internal sealed class Conditions<T>(char sign, params IEnumerable<T> first)
{
    private readonly List<T> values = [.. first];
    private readonly List<string> conditions = [];

    public T[] Values => [.. values];

    /// <summary>All conditions, each behind an <c>and</c>.</summary>
    public string And => string.Concat(conditions.Select(each => $" and {each}"));

    /// <summary>Puts a value in and gives its number.</summary>
    public string Value(T value)
    {
        values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{values.Count}");
    }

    public void Add(string condition) => conditions.Add(condition);

    public void Add(string before, T value) => conditions.Add(before + Value(value));
}

/// <summary>Filters as conditions that both stores understand.</summary>
internal static class FilterConditions
{
    /// <summary><see cref="Runs.Run.Status"/> in SQL, over table <c>r</c>.</summary>
    public static string Status(string status) => status switch
    {
        "running" or "rolled_back" => $"r.state = '{status}'",
        "in_doubt" => "(r.in_doubt > 0 and r.state in ('finished', 'failed', 'cancelled'))",
        "finished_rejections" => "(r.rejected > 0 and r.in_doubt = 0 and r.state = 'finished')",
        "finished" => "(r.state = 'finished' and r.rejected = 0 and r.in_doubt = 0)",
        "failed" or "cancelled" => $"(r.state = '{status}' and r.in_doubt = 0)",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    /// <summary>The conditions of a list of runs but for the times, which each store writes in its own way.</summary>
    public static void AddTo<T>(this History.RunFilter filter, Conditions<T> conditions, Func<string, T> text)
    {
        if (filter.Statuses is { Count: > 0 } statuses) conditions.Add($"({string.Join(" or ", statuses.Select(Status))})");
        if (filter.Triggers is { Count: > 0 } triggers) conditions.Add($"r.\"trigger\" in ({string.Join(", ", triggers.Select(each => conditions.Value(text(Runs.RunTexts.Text(each)))))})");
        if (filter.Actor is { } actor) conditions.Add("r.actor = ", text(actor));
        if (filter.Exporter is { } exporter) conditions.Add("r.exporter = ", text(exporter));
    }
}
