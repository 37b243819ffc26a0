using PayOnce.App.Dashboard.Parts;
using PayOnce.History;

namespace PayOnce.App.Dashboard;

/// <summary>The filter of the list of claims as its address says it; the page and its download read it alike.</summary>
/// <param name="Claimant">The payee's number, exactly.</param>
/// <param name="Begins">What the claim's id begins with.</param>
internal sealed record ClaimQuery(string State, TypedDay From, TypedDay To, string Claimant, string Begins, ClaimListFilter Filter)
{
    /// <summary>The words of <c>state</c>, in the order in which they are offered.</summary>
    public static IReadOnlyList<(string Word, ClaimPlace Place)> Places { get; } =
    [
        ("ready", ClaimPlace.Ready),
        ("sending", ClaimPlace.Reserved),
        ("exported", ClaimPlace.Exported),
        ("rejected", ClaimPlace.Rejected),
        ("in-doubt", ClaimPlace.InDoubt),
        ("withdrawn", ClaimPlace.Withdrawn),
    ];

    private const int LongestText = 64;

    /// <summary>What it does not understand it leaves out: an address may have been shortened, and the page shows what it filtered by.</summary>
    public static ClaimQuery Read(IQueryCollection query, TimeZoneInfo zone)
    {
        var state = Places.FirstOrDefault(place => place.Word == query["state"].ToString()).Word ?? "";
        var (from, to) = (TypedDay.Read(query["from"]), TypedDay.Read(query["to"]));
        var (claimant, begins) = (Text(query["claimant"]), Text(query["begins"]));
        return new(state, from, to, claimant, begins, new ClaimListFilter(
            state.Length == 0 ? null : Places.First(place => place.Word == state).Place,
            from.Begins(zone), to.Ends(zone), claimant.Length == 0 ? null : claimant, begins.Length == 0 ? null : begins));
    }

    public bool IsAny => this is { State: "", From.Text: "", To.Text: "", Claimant: "", Begins: "" };

    private static string Text(string? typed)
    {
        var text = typed?.Trim() ?? "";
        // PostgreSQL has no place for NUL, and no id has one.
        text = text.Replace("\0", "", StringComparison.Ordinal);
        return text.Length > LongestText ? text[..LongestText] : text;
    }
}
