using GraphQL.Types;

namespace PayOnce.Sandbox.Xledger;

/// <summary>
/// A list's <c>filter</c>: each field plain and with the suffixes <c>_in _gte _lte _gt _lt</c>, all of which must hold, and <c>AND</c>
/// and <c>OR</c> over filters.
/// </summary>
internal sealed class XledgerFilter<TRow>
{
    private static readonly (string Suffix, Func<int, bool> Holds)[] Comparisons =
    [
        ("", order => order == 0),
        ("_gte", order => order >= 0),
        ("_lte", order => order <= 0),
        ("_gt", order => order > 0),
        ("_lt", order => order < 0),
    ];

    private readonly Dictionary<string, Func<TRow, object, bool>> tests = new(StringComparer.Ordinal);

    public XledgerFilter(string type)
    {
        Type = new InputObjectGraphType { Name = $"{type}Filter" };
        var list = new ListGraphType(new NonNullGraphType(Type));
        Type.AddField(new FieldType { Name = "AND", ResolvedType = list });
        Type.AddField(new FieldType { Name = "OR", ResolvedType = list });
    }

    public InputObjectGraphType Type { get; }

    public void Add(string name, GraphKind kind, Func<TRow, IComparable?> value)
    {
        foreach (var (suffix, holds) in Comparisons)
        {
            Type.AddField(kind.Field(name + suffix));
            tests[name + suffix] = (row, wanted) => value(row) is { } has && holds(Compare(has, wanted));
        }
        Type.AddField(kind.ListField(name + "_in"));
        tests[name + "_in"] = (row, wanted) => value(row) is { } has && ((HashSet<object>)wanted).Contains(has);
    }

    /// <summary>A test of rows; null filters nothing.</summary>
    public Func<TRow, bool> Read(object? filter)
    {
        if (filter is not IDictionary<string, object?> fields) return _ => true;
        var all = new List<Func<TRow, bool>>();
        foreach (var (name, wanted) in fields)
        {
            switch (name, wanted)
            {
                case (_, null):
                    break;
                case ("AND", IEnumerable<object?> filters):
                    all.AddRange(filters.Select(Read));
                    break;
                case ("OR", IEnumerable<object?> filters):
                    List<Func<TRow, bool>> any = [.. filters.Select(Read)];
                    all.Add(row => any.Exists(test => test(row)));
                    break;
                default:
                    var test = tests[name];
                    var value = wanted is IEnumerable<object> values ? new HashSet<object>(values) : wanted;
                    all.Add(row => test(row, value));
                    break;
            }
        }
        return row => all.TrueForAll(test => test(row));
    }

    private static int Compare(IComparable has, object wanted) => has is string text ? string.CompareOrdinal(text, (string)wanted) : has.CompareTo(wanted);
}
