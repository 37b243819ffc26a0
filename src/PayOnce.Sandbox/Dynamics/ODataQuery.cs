using System.Globalization;
using System.Text.Json.Nodes;

namespace PayOnce.Sandbox.Dynamics;

/// <summary>The query options of a read: filter, order, selection, pages, nested sets.</summary>
internal sealed class ODataQuery(IReadOnlyDictionary<string, string> options)
{
    private const string SkipToken = "$skiptoken";

    public IReadOnlyList<string>? Select { get; } = options.TryGetValue("$select", out var names) ? names.Split(',', StringSplitOptions.TrimEntries) : null;

    public bool Expands(string set) => options.TryGetValue("$expand", out var sets) && sets.Split(',').Any(name => name.Split('(')[0].Trim() == set);

    /// <summary>The answer's body: context, a page of entities, and where the next page is.</summary>
    /// <param name="address">Of the request, without the query: for the next page's.</param>
    public JsonObject Page<T>(Entity<T> entity, IEnumerable<T> all, int pageSize, string root, string address, Action<T, JsonObject>? nested = null)
    {
        var rows = all;
        if (options.TryGetValue("$filter", out var filter))
        {
            var node = ODataFilter.Parse(filter, options.GetValueOrDefault("$schemaversion") == "2.1", entity.Knows);
            rows = rows.Where(row => node.Holds(entity.Reader(row)));
        }
        if (options.TryGetValue("$orderby", out var order)) rows = Ordered(entity, rows, order);
        var skip = Whole("$skip") ?? 0;
        var from = Whole(SkipToken) ?? 0;
        var wanted = Whole("$top") ?? int.MaxValue;
        var list = rows.Skip(skip + from).Take(Math.Min(pageSize, Math.Max(0, wanted - from)) + 1).ToList();
        var page = Math.Min(pageSize, Math.Max(0, wanted - from));
        var value = new JsonArray();
        foreach (var row in list.Take(page))
        {
            var json = entity.Json(row, Select);
            nested?.Invoke(row, json);
            value.Add(json);
        }
        var body = new JsonObject { ["@odata.context"] = $"{root}$metadata#{address[root.Length..]}", ["value"] = value };
        if (list.Count > page && from + page < wanted) body["@odata.nextLink"] = $"{address}?{NextQuery(from + page)}";
        return body;
    }

    private string NextQuery(int from) => string.Join('&', options.Where(option => option.Key != SkipToken).Append(KeyValuePair.Create(SkipToken, from.ToString(CultureInfo.InvariantCulture)))
        .Select(option => $"{option.Key}={Uri.EscapeDataString(option.Value)}"));

    private int? Whole(string name)
    {
        if (!options.TryGetValue(name, out var text)) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw BcRefusal.BadRequest($"Invalid value '{text}' for {name} query option found. The {name} query option requires a non-negative integer value.");
    }

    private static IEnumerable<T> Ordered<T>(Entity<T> entity, IEnumerable<T> rows, string order)
    {
        var words = order.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > 2 || words.ElementAtOrDefault(1) is not (null or "asc" or "desc")) throw BcRefusal.BadRequest($"Syntax error in $orderby '{order}'.");
        var (field, down) = (words[0], words.ElementAtOrDefault(1) == "desc");
        if (!entity.Knows(field)) throw BcRefusal.BadRequest($"Could not find a property named '{field}'.");
        object? Key(T row) => entity.Reader(row)(field) is Caption caption ? caption.Text : entity.Reader(row)(field);
        return down ? rows.OrderByDescending(Key) : rows.OrderBy(Key);
    }
}
