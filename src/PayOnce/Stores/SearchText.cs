using System.Globalization;
using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.History;

namespace PayOnce.Stores;

/// <summary>A search's text in the forms in which ids are kept.</summary>
/// <param name="Text">As it was typed, without spaces around it.</param>
/// <param name="PlainId">Upper case (of the alphabet that both databases fold alike), without spaces and dots: what stands in <c>search_id</c>; also an export key's form.</param>
/// <param name="IdKeys">The export keys that a claim of this id would have, by which claims are found without case.</param>
/// <param name="RunId">The number that it is, if it is one.</param>
internal sealed record SearchText(string Text, string PlainId, IReadOnlyList<string> IdKeys, long? RunId)
{
    private const int LongestText = 200;

    /// <summary>Null for a text that nothing can have as its id.</summary>
    public static SearchText? Of(string organisationId, string typed)
    {
        var text = typed.Trim();
        if (text.Length is 0 or > LongestText || text.Contains('\0', StringComparison.Ordinal)) return null;
        var plain = string.Concat(text.Where(c => c is not (' ' or '.' or '\u00A0' or '\u202F')));
        if (plain.Length == 0) return null;
        return new SearchText(
            text,
            string.Concat(plain.Select(c => char.IsAsciiLetterLower(c) ? (char)(c - 32) : c)),
            [.. new[] { text, plain }.Distinct(StringComparer.Ordinal).Select(id => ExportKey.Derive(organisationId, id, generation: 0))],
            long.TryParse(plain, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null);
    }
}

/// <summary>Places in the trail: by time, and by sequence where times are equal.</summary>
internal static class AuditPlace
{
    public static long Sequence(ListCursor at) => long.TryParse(at.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : 0;

    /// <summary>A page out of what was read of each action, in the direction of the request.</summary>
    public static AuditPage Page(AuditFilter filter, ListRequest request, long counted, List<AuditEvent> read)
    {
        var rows = request.Backwards ? read.OrderBy(each => (each.At, each.Sequence)) : read.OrderByDescending(each => (each.At, each.Sequence));
        return new AuditPage(
            ListPage<AuditEvent>.Cut(request, [.. rows.Take(request.Size + 1)], each => (Micros.Of(each.At), each.Sequence.ToString(CultureInfo.InvariantCulture))),
            filter.IsAny ? new RowCount(counted, More: false) : RowCount.OfList(counted));
    }
}
