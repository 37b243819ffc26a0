using System.Text;

namespace PayOnce.Claims.Intake;

/// <summary>Which cell of a row is which field, from the header.</summary>
internal sealed class CsvColumns
{
    private const string DimensionPrefix = "dim_";

    private CsvColumns(int count, int[] places, (string Column, string Name, int Index)[] dimensions)
    {
        Count = count;
        Places = places;
        Dimensions = dimensions;
    }

    /// <summary>Cells that each row must have.</summary>
    public int Count { get; }

    /// <summary>The cell of each of the named columns, in their order.</summary>
    public IReadOnlyList<int> Places { get; }

    /// <summary>The dimensions' columns, ordered by the dimension's name (ordinal).</summary>
    public IReadOnlyList<(string Column, string Name, int Index)> Dimensions { get; }

    /// <summary>Reads the header that <paramref name="rows"/> stands on.</summary>
    /// <param name="names">The columns that must be there, in any order.</param>
    /// <param name="dimensionName">The rule for what follows <c>dim_</c>, or null where there are no dimensions.</param>
    public static CsvColumns? Read(CsvRows rows, RecordProblems problems, IReadOnlyList<string> names, TextField? dimensionName)
    {
        var places = new int[names.Count];
        Array.Fill(places, -1);
        var dimensions = new List<(string Column, string Name, int Index)>();
        for (var i = 0; i < rows.Count; i++)
        {
            var column = Encoding.UTF8.GetString(rows.Cell(i));
            var known = IndexOf(names, column);
            if (known >= 0)
            {
                if (places[known] >= 0) problems.Add(rows.Line, column, null, "is a column that stands twice");
                places[known] = i;
            }
            else if (dimensionName is null || !column.StartsWith(DimensionPrefix, StringComparison.Ordinal)) problems.Add(rows.Line, null, column, "is not a column that is known");
            else if (dimensionName.Check(column[DimensionPrefix.Length..]) is { } broken) problems.Add(rows.Line, null, column, $"behind dim_ {broken}");
            else if (dimensions.Exists(d => d.Column == column)) problems.Add(rows.Line, column, null, "is a column that stands twice");
            else dimensions.Add((column, column[DimensionPrefix.Length..], i));
        }
        var missing = names.Where((_, i) => places[i] < 0).ToList();
        if (missing.Count > 0) problems.Add(rows.Line, null, null, $"has no column {string.Join(", ", missing)}");
        dimensions.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return problems.Any ? null : new CsvColumns(rows.Count, places, [.. dimensions]);
    }

    private static int IndexOf(IReadOnlyList<string> names, string column)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (string.Equals(names[i], column, StringComparison.Ordinal)) return i;
        }
        return -1;
    }
}
