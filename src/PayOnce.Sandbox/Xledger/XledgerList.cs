using System.Globalization;
using System.Text;
using GraphQL;
using GraphQL.Resolvers;
using GraphQL.Types;

namespace PayOnce.Sandbox.Xledger;

/// <summary>A list that can be asked for: <c>xs(first, after, last, before, filter, objectStatus){pageInfo{…} edges{cursor node{…}}}</c>.</summary>
internal sealed class XledgerList<TRow>(string field, string type, XledgerTypes types, Func<IReadOnlyList<TRow>> rows) where TRow : IRow
{
    /// <summary>Lines in a page that was not asked for by number.</summary>
    private const int StandardPage = 100;

    /// <summary>What Xledger's own sample asks for; what the real one's limit is, is not documented.</summary>
    private const int LongestPage = 10_000;

    private readonly XledgerFilter<TRow> filter = new(type);

    /// <summary>The type of a line.</summary>
    public ObjectGraphType Node { get; } = new() { Name = type };

    /// <summary>A field with one value. By this value it can be filtered.</summary>
    /// <param name="show">How the value stands in an answer; null: as it is.</param>
    public XledgerList<TRow> Value(string name, GraphKind kind, Func<TRow, IComparable?> value, Func<IComparable, object>? show = null, bool filtered = true)
    {
        var definition = kind.Field(name);
        definition.Resolver = new FuncFieldResolver<object?>(context => value((TRow)context.Source!) is { } found ? show?.Invoke(found) ?? found : null);
        Node.AddField(definition);
        if (filtered) filter.Add(name, kind, value);
        return this;
    }

    public XledgerList<TRow> Text(string name, Func<TRow, string?> value, bool filtered = true) => Value(name, GraphKind.Text, value, filtered: filtered);

    public XledgerList<TRow> Number(string name, Func<TRow, long?> value) => Value(name, types.Int64, row => value(row));

    public XledgerList<TRow> Amount(string name, Func<TRow, long?> minor) =>
        Value(name, types.Decimal, row => minor(row), value => ((long)value / 100m).ToString("0.00", CultureInfo.InvariantCulture));

    public XledgerList<TRow> Time(string name, Func<TRow, DateTimeOffset> value) => Value(name, types.DateTime, row => XledgerTime.Text(value(row)));

    /// <summary>An object within a line.</summary>
    public XledgerList<TRow> Object(string name, IGraphType of, Func<TRow, object?> value)
    {
        Node.AddField(new FieldType { Name = name, ResolvedType = of, Resolver = new FuncFieldResolver<object?>(context => value((TRow)context.Source!)) });
        return this;
    }

    public FieldType Field()
    {
        var edge = new ObjectGraphType { Name = $"{type}Edge" };
        edge.AddField(new FieldType { Name = "cursor", Type = typeof(StringGraphType), Resolver = new FuncFieldResolver<object?>(context => Cursor((TRow)context.Source!)) });
        edge.AddField(new FieldType { Name = "node", ResolvedType = Node, Resolver = new FuncFieldResolver<object?>(context => context.Source) });
        var connection = new ObjectGraphType { Name = $"{type}Connection" };
        connection.AddField(new FieldType { Name = "pageInfo", ResolvedType = types.PageInfo, Resolver = new FuncFieldResolver<object?>(context => ((Page)context.Source!).Info) });
        connection.AddField(new FieldType { Name = "edges", ResolvedType = new ListGraphType(edge), Resolver = new FuncFieldResolver<object?>(context => ((Page)context.Source!).Rows) });
        return new FieldType
        {
            Name = field,
            ResolvedType = connection,
            Arguments = new QueryArguments(
                new QueryArgument(typeof(IntGraphType)) { Name = "first" },
                new QueryArgument(typeof(IntGraphType)) { Name = "last" },
                new QueryArgument(typeof(StringGraphType)) { Name = "after" },
                new QueryArgument(typeof(StringGraphType)) { Name = "before" },
                new QueryArgument(filter.Type) { Name = "filter" },
                new QueryArgument(types.ObjectStatus) { Name = "objectStatus" }),
            Resolver = new FuncFieldResolver<object?>(context => XledgerErrors.Told(() => Answer(context))),
        };
    }

    private Page Answer(IResolveFieldContext context)
    {
        var (first, last) = (context.GetArgument<int?>("first"), context.GetArgument<int?>("last"));
        foreach (var (name, count) in new[] { ("first", first), ("last", last) })
        {
            if (count is < 1 or > LongestPage) throw new XledgerRefusal(name, string.Create(CultureInfo.InvariantCulture, $"must be 1 to {LongestPage}."));
        }
        var after = DbId(context.GetArgument<string?>("after"), "after") ?? long.MinValue;
        var before = DbId(context.GetArgument<string?>("before"), "before") ?? long.MaxValue;
        var test = filter.Read(context.Arguments is { } arguments && arguments.TryGetValue("filter", out var given) ? given.Value : null);
        var seen = XledgerRequest.Of(context).SeenUntil;
        List<TRow> all = [.. rows().Where(row => row.CreatedAt <= seen && test(row)).OrderBy(row => row.DbId)];
        List<TRow> between = [.. all.Where(row => row.DbId > after && row.DbId < before)];
        List<TRow> page = last is { } count2 && first is null ? between[Math.Max(0, between.Count - count2)..] : between[..Math.Min(between.Count, first ?? StandardPage)];
        return new Page(new PageInfo(page.Count > 0 && all[^1].DbId > page[^1].DbId, page.Count > 0 && all[0].DbId < page[0].DbId), page);
    }

    private string Cursor(TRow row) => Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{field}:{row.DbId}")));

    private long? DbId(string? cursor, string argument)
    {
        if (cursor is null) return null;
        var bytes = new byte[cursor.Length];
        return Convert.TryFromBase64String(cursor, bytes, out var length)
            && Encoding.ASCII.GetString(bytes, 0, length).Split(':') is [var list, var id] && list == field
            && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var dbId)
                ? dbId
                : throw new XledgerRefusal(argument, "is no cursor of this list.");
    }

    private sealed record Page(PageInfo Info, IReadOnlyList<TRow> Rows);
}

/// <summary>Whether a page has neighbours.</summary>
internal sealed record PageInfo(bool HasNextPage, bool HasPreviousPage);
