using System.Text;
using PayOnce.Exporters.Mapping;
using PayOnce.History;

namespace PayOnce.Fuzz.Subjects;

/// <summary>Small texts: a place in a list as an address carries it, date formats, templates, the outbound addresses that an operator allows.</summary>
internal sealed class Addresses() : Subject("small-texts", "cursors, date formats, templates, allowed addresses")
{
    public override IReadOnlyList<byte[]> Samples { get; } =
        [.. new[] { new ListCursor(true, -5, "A-1").Text, new ListCursor(false, long.MaxValue, "æ").Text, "yyyy-MM-ddTHH:mm:ssZ", "d.M.yy", "{type} {claimId} {{x}}", "{lineDate:dd.MM}", "10.0.0.0/8, books.example,::1/128", "*.example.org" }.Select(Encoding.UTF8.GetBytes)];

    public override void Feed(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (ListCursor.Parse(text) is { } cursor) Must(ListCursor.Parse(cursor.Text) == cursor, "a place in a list does not come back");
        foreach (var withTime in new[] { false, true })
        {
            if (DatePattern.Parse(text, withTime) is not { } pattern) continue;
            Must(pattern.Write(new DateTime(2026, 12, 31, 23, 59, 58), new byte[pattern.Longest]) <= pattern.Longest, "a date is longer than its format promises");
        }
        if (Template.Parse(text, out var rule) is null) MustBeASentence(rule, "a rule");
        foreach (var problem in Exporters.Api.EndpointRules.Parse(text, loopback: false).Problems) MustBeASentence(problem.ToString(), "a problem");
    }
}
