using System.Globalization;

namespace PayOnce.Sandbox;

/// <summary>What a person asked of a stand-in, as <c>NAME=VALUE</c>. What is wrong with it is collected in <see cref="Problem"/>.</summary>
public sealed class StandInOptions(IReadOnlyDictionary<string, string> given)
{
    private readonly HashSet<string> known = [];
    private string? problem;

    /// <summary>Nothing in particular.</summary>
    public static StandInOptions None => new(new Dictionary<string, string>());

    /// <summary>The first thing that is wrong; null if nothing is. Complete when every option was asked for.</summary>
    public string? Problem => problem ?? (given.Keys.Order(StringComparer.Ordinal).FirstOrDefault(name => !known.Contains(name)) is { } unknown
        ? $"There is no option \"{unknown}\"; there are {string.Join(", ", known.Order(StringComparer.Ordinal))}."
        : null);

    /// <summary>Reads <c>NAME=VALUE,NAME=VALUE</c>; null with what is wrong.</summary>
    public static (StandInOptions? Options, string? Problem) Parse(string? text)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || !read.TryAdd(part[..at], part[(at + 1)..])) return (null, $"\"{part}\" is no NAME=VALUE, or stands twice.");
        }
        return (new StandInOptions(read), null);
    }

    public string Text(string name, string otherwise)
    {
        known.Add(name);
        return given.GetValueOrDefault(name, otherwise);
    }

    /// <summary>One of some words.</summary>
    public string Word(string name, string otherwise, params IReadOnlyList<string> words)
    {
        var text = Text(name, otherwise);
        if (words.Contains(text, StringComparer.Ordinal)) return text;
        problem ??= $"{name} must be one of {string.Join(", ", words)}.";
        return otherwise;
    }

    public int Number(string name, int otherwise, int least, int most)
    {
        var text = Text(name, otherwise.ToString(CultureInfo.InvariantCulture));
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        problem ??= $"{name} must be a whole number from {least.ToString(CultureInfo.InvariantCulture)} to {most.ToString(CultureInfo.InvariantCulture)}.";
        return otherwise;
    }
}
