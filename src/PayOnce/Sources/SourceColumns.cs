namespace PayOnce.Sources;

/// <summary>The columns of the view that claims are read from: the contract of docs/claims-source.md.</summary>
internal static class SourceColumns
{
    private static readonly string[] Texts = ["text", "varchar", "bpchar", "uuid", "citext", "name"];
    private static readonly string[] Numbers = ["int8", "int4"];
    private static readonly string[] Times = ["timestamptz"];
    private static readonly string[] Json = ["jsonb"];

    /// <summary>Name, the types it may have (PostgreSQL's own names), and how people call them.</summary>
    public static IReadOnlyList<(string Name, string[] Types, string Words)> All { get; } =
    [
        ("claim_id", Texts, "text"), ("claimant_id", Texts, "text"), ("claimant_name", Texts, "text"), ("type", Texts, "text"), ("currency", Texts, "text"),
        ("approved_at", Times, "timestamptz"), ("approved_by", Texts, "text"), ("total_minor", Numbers, "bigint"), ("lines", Json, "jsonb"),
        ("withdrawn_at", Times, "timestamptz"), ("withdrawn_reason", Texts, "text"),
    ];

    /// <summary>The columns of the table that exports are told back to.</summary>
    public static IReadOnlyList<(string Name, string[] Types, string Words)> WriteBack { get; } =
    [
        ("claim_id", Texts, "text"), ("state", Texts, "text"), ("run", Numbers, "bigint"), ("exported_at", Times, "timestamptz"), ("acknowledgement", Texts, "text"),
    ];

    /// <summary>What is wrong with the columns there, one sentence each, with the column and what is expected; empty if they can be used.</summary>
    /// <param name="there">Column to type.</param>
    public static IReadOnlyList<string> Wrong(string table, IReadOnlyDictionary<string, string> there, IReadOnlyList<(string Name, string[] Types, string Words)> expected)
    {
        if (there.Count == 0) return [$"There is no view or table {table}, or it may not be read."];
        var wrong = new List<string>();
        foreach (var (name, types, words) in expected)
        {
            if (!there.TryGetValue(name, out var type)) wrong.Add($"{table} has no column {name}; a column of type {words} is expected.");
            else if (!types.Contains(type, StringComparer.Ordinal)) wrong.Add($"The column {name} of {table} is of type {Problem.Printable(type)}; {words} is expected.");
        }
        return wrong;
    }
}
