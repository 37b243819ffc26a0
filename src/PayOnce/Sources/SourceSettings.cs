using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace PayOnce.Sources;

/// <summary>
/// How an organisation's claims are read from a PostgreSQL database of theirs. The connection string is a secret and stands
/// elsewhere, under the name <see cref="Secret"/>.
/// </summary>
public sealed partial record SourceSettings
{
    /// <summary>The name of the connection string among the organisation's secrets.</summary>
    public const string Secret = "source";

    public static SourceSettings Default { get; } = new();

    /// <summary>Off: nothing is read and nothing is told back; what was read stays.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The view that claims are read from, with its schema if it has one.</summary>
    public string View { get; init; } = "payonce_claims";

    /// <summary>
    /// How far each reading goes back behind the last one, in minutes: longer than the longest transaction that approves claims,
    /// since a row may be committed after a later one was read.
    /// </summary>
    public int OverlapMinutes { get; init; } = 60;

    /// <summary>Rows in one query.</summary>
    public int BatchSize { get; init; } = 2_000;

    /// <summary>How often it is read by itself; null: only before a run and when somebody asks.</summary>
    public int? EveryMinutes { get; init; } = 15;

    /// <summary>How long one query may take.</summary>
    public int StatementSeconds { get; init; } = 30;

    /// <summary>The table that exports are told back to, with its schema if it has one; null: none.</summary>
    public string? WriteBackTable { get; init; }

    [JsonIgnore]
    public TimeSpan Overlap => TimeSpan.FromMinutes(OverlapMinutes);

    /// <summary>What is wrong with the settings; empty if they can be used.</summary>
    public IReadOnlyList<Problem> Check()
    {
        var problems = new List<Problem>();
        if (!IsName(View)) problems.Add(new Problem(NameForm) { Field = "view", Value = Problem.Printable(View) });
        if (WriteBackTable is { } table && !IsName(table)) problems.Add(new Problem(NameForm) { Field = "writeBackTable", Value = Problem.Printable(table) });
        Within("overlapMinutes", OverlapMinutes, 1, 7 * 24 * 60);
        Within("batchSize", BatchSize, 100, 10_000);
        if (EveryMinutes is { } every) Within("everyMinutes", every, 1, 7 * 24 * 60);
        Within("statementSeconds", StatementSeconds, 1, 300);
        return problems;

        void Within(string field, int value, int least, int most)
        {
            if (value < least || value > most)
                problems.Add(new Problem(FormattableString.Invariant($"must be from {least} to {most}")) { Field = field, Value = value.ToString(CultureInfo.InvariantCulture) });
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, SourceJson.Default.SourceSettings);

    public static SourceSettings FromStored(string json) => JsonSerializer.Deserialize(json, SourceJson.Default.SourceSettings)!;

    private const string NameForm = "must be the name of a view or table, as name or schema.name, of small letters, digits and _";

    // Names go into SQL: whatever would have to be quoted is refused.
    private static bool IsName(string text) => text.Length <= 127 && Name().IsMatch(text);

    [GeneratedRegex(@"^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?\z")]
    private static partial Regex Name();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(SourceSettings))]
internal sealed partial class SourceJson : JsonSerializerContext;
