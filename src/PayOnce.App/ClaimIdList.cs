namespace PayOnce.App;

/// <summary>Ids of claims as a person writes or pastes them: one on each line, a column of a table with or without its heading.</summary>
internal static class ClaimIdList
{
    /// <summary>Claims that are withdrawn in one commit: a reserve waits for it.</summary>
    public const int Most = 10_000;

    /// <summary>The heading that our own files have; no claim is called so.</summary>
    private const string Heading = "claim_id";

    /// <summary>The ids in their order, each once. What is no id of a claim is found out where the claims are.</summary>
    public static IReadOnlyList<string> Read(string text)
    {
        var lines = text.TrimStart('\ufeff').Split('\n').Select(line => line.Trim().Trim('"').Trim()).Where(line => line.Length > 0);
        return [.. lines.Where((line, place) => place > 0 || line != Heading).Distinct(StringComparer.Ordinal)];
    }
}
