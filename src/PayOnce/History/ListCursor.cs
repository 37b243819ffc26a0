using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace PayOnce.History;

/// <summary>
/// A place in a list, beside a row that was shown: the row's own sort key, so that a page begins at the same place whatever was
/// added or settled since. What number and id are is each list's own affair.
/// </summary>
/// <param name="Backwards">The page ends before this place; otherwise it begins behind it.</param>
public sealed record ListCursor(bool Backwards, long Number, string Id)
{
    private const int LongestText = 1000;

    /// <summary>For an address: letters, digits, <c>-</c>, <c>_</c> and <c>.</c> only.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{(Backwards ? 'b' : 'f')}{Number}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Id))}");

    /// <summary>Reads <see cref="Text"/>; null if it is none, since addresses are typed and shortened by people.</summary>
    public static ListCursor? Parse(string? text)
    {
        if (text is null or [] || text.Length > LongestText || text[0] is not ('b' or 'f')) return null;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || !long.TryParse(text.AsSpan(1, dot - 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return null;
        var id = text.AsSpan(dot + 1);
        if (!Base64Url.IsValid(id)) return null;
        var bytes = Base64Url.DecodeFromChars(id);
        if (!Utf8.IsValid(bytes)) return null;
        var decoded = Encoding.UTF8.GetString(bytes);
        // PostgreSQL has no place for NUL, and no id has one.
        return decoded.Contains('\0', StringComparison.Ordinal) ? null : new ListCursor(text[0] == 'b', number, decoded);
    }
}

/// <summary>Which part of a list.</summary>
/// <param name="Size">At most this many rows, 1 to <see cref="MostRows"/>.</param>
/// <param name="At">Null for the list's beginning.</param>
public sealed record ListRequest(int Size, ListCursor? At = null)
{
    public const int MostRows = 500;

    internal bool Backwards => At is { Backwards: true };
}

/// <summary>A part of a list, always in the list's order, whichever way it was reached.</summary>
/// <param name="Previous">Leads to the rows before the first; null where there are none.</param>
/// <param name="Next">Leads to the rows behind the last; null where there are none.</param>
public sealed record ListPage<T>(IReadOnlyList<T> Rows, ListCursor? Previous, ListCursor? Next)
{
    /// <summary>Cuts a page out of what a store read: in the direction of the request, with one row more than asked for if there is one.</summary>
    /// <param name="place">Number and id of a row's place.</param>
    internal static ListPage<T> Cut(ListRequest request, IReadOnlyList<T> read, Func<T, (long Number, string Id)> place)
    {
        var further = read.Count > request.Size;
        var rows = read.Take(request.Size).ToList();
        if (request.Backwards) rows.Reverse();
        if (rows.Count == 0) return new([], null, null);
        ListCursor Beside(T row, bool backwards) => new(backwards, place(row).Number, place(row).Id);
        var (before, behind) = request.Backwards ? (further, true) : (request.At is not null, further);
        return new(rows, before ? Beside(rows[0], backwards: true) : null, behind ? Beside(rows[^1], backwards: false) : null);
    }
}

/// <summary>How many rows a filter leaves, counted no further than is worth the time.</summary>
/// <param name="More">There are more than <paramref name="Count"/>.</param>
public readonly record struct RowCount(long Count, bool More)
{
    /// <summary>Counting goes no further.</summary>
    public const int Most = 10_000;

    /// <summary>Counting of a whole list goes no further: ten thousand took longer than everything else of their page.</summary>
    public const int MostInList = 1_000;

    internal static RowCount Of(long counted) => counted > Most ? new(Most, true) : new(counted, false);

    internal static RowCount OfList(long counted) => counted > MostInList ? new(MostInList, true) : new(counted, false);

    /// <summary>Of those that were looked at, so many fit; there are more than that if they were not all.</summary>
    internal static RowCount OfPart(long fitting, long lookedAt) => new(fitting, lookedAt > Most);
}
