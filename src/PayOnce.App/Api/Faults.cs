using System.Net.Mail;
using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Guard;
using PayOnce.History;

namespace PayOnce.App.Api;

/// <summary>Collects what is wrong with a request, so that whoever sent it is told everything at once.</summary>
internal sealed class Faults
{
    private readonly List<Fault> found = [];

    /// <summary>The answer if anything is wrong; null otherwise.</summary>
    public ProblemHttpResult? Problem => found.Count == 0 ? null : Problems.BadInput.Because(errors: found);

    public void Add(string name, string? value, string rule, string place = Fault.Body) =>
        found.Add(new Fault(name, value is null ? null : PayOnce.Problem.Printable(value), rule, place));

    /// <summary>A text that people read later: it says something, and cannot steer a terminal or end a line of a log.</summary>
    public Faults Words(string name, string text, int most = DoubleExportGuard.LongestReason)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > most || text.Any(char.IsControl))
            Add(name, text, FormattableString.Invariant($"must be 1 to {most} characters, not only spaces and none of them a control character"));
        return this;
    }

    public Faults NotNegative(string name, long number)
    {
        if (number < 0) Add(name, number.ToString(System.Globalization.CultureInfo.InvariantCulture), "must not be negative");
        return this;
    }

    public Faults Email(string name, string text)
    {
        const int longest = 254;
        if (text.Length > longest || !MailAddress.TryCreate(text, out var address) || address.Address != text || text.Any(char.IsControl)) Add(name, text, "must be an e-mail address");
        return this;
    }

    /// <summary>A text that has to be one of these.</summary>
    public Faults OneOf(string name, string? text, IReadOnlyCollection<string> known, string place = Fault.Query)
    {
        if (text is not null && !known.Contains(text, StringComparer.Ordinal)) Add(name, text, $"must be one of {string.Join(", ", known)}", place);
        return this;
    }

    /// <summary>What repeats an id, so that nobody does by one wrong click what cannot be undone.</summary>
    public Faults Repeats(string name, string given, string id)
    {
        if (!string.Equals(given, id, StringComparison.Ordinal)) Add(name, given, $"must repeat {id}, to confirm");
        return this;
    }

    /// <summary>Days of which the first is not after the last.</summary>
    public Faults Period(DateOnly? from, DateOnly? to, string place = Fault.Query)
    {
        if (from > to) Add("from", FormattableString.Invariant($"{from:yyyy-MM-dd}"), FormattableString.Invariant($"must not be after to ({to:yyyy-MM-dd})"), place);
        return this;
    }

    /// <summary>Which part of a list is asked for.</summary>
    public ListRequest Part(string? cursor, int? limit)
    {
        const int usual = 50;
        if (limit is < 1 or > ListRequest.MostRows) Add("limit", limit.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), FormattableString.Invariant($"must be a whole number from 1 to {ListRequest.MostRows}"), Fault.Query);
        var at = ListCursor.Parse(cursor);
        if (cursor is not null && at is null) Add("cursor", cursor, "must be a cursor that an earlier answer gave", Fault.Query);
        return new ListRequest(limit ?? usual, at);
    }

    /// <summary>Which part of a list is asked for that goes only backwards in numbers: how many rows, and before which number.</summary>
    public (int Size, long? Before) PartBefore(string? cursor, int? limit)
    {
        var (size, at) = Part(cursor, limit);
        if (at is { Backwards: true } or { Number: < 1 }) Add("cursor", cursor, "must be a cursor that an earlier answer gave", Fault.Query);
        return (size, at?.Number);
    }
}

/// <summary>A part of a list.</summary>
/// <param name="Items">In the list's order.</param>
/// <param name="Next">Give it as <c>cursor</c> for the rows behind; null where there are none.</param>
/// <param name="Previous">Give it as <c>cursor</c> for the rows before; null where there are none.</param>
internal sealed record Part<T>(IReadOnlyList<T> Items, string? Next, string? Previous);

/// <summary>A part of a list, with how many rows the whole list has.</summary>
/// <param name="Total">Counted no further than 1,000.</param>
/// <param name="TotalIsMore">There are more than <paramref name="Total"/>.</param>
internal sealed record CountedPart<T>(IReadOnlyList<T> Items, string? Next, string? Previous, long Total, bool TotalIsMore);

internal static class Parts
{
    public static Part<T> As<TRow, T>(this ListPage<TRow> page, Func<TRow, T> document) => new([.. page.Rows.Select(document)], page.Next?.Text, page.Previous?.Text);

    /// <summary>Rows with falling numbers.</summary>
    public static Part<T> Before<T>(IReadOnlyList<T> rows, int size, Func<T, long> number) =>
        new(rows, rows.Count < size ? null : new ListCursor(Backwards: false, number(rows[^1]), "").Text, Previous: null);

    public static CountedPart<T> As<TRow, T>(this ListPage<TRow> page, RowCount total, Func<TRow, T> document) =>
        new([.. page.Rows.Select(document)], page.Next?.Text, page.Previous?.Text, total.Count, total.More);
}
