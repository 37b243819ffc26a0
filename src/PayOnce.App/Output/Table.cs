namespace PayOnce.App.Output;

/// <summary>
/// Rows under a header. Long tables are filled and shown piece by piece; the columns are as wide as the first piece needs and
/// only grow.
/// </summary>
/// <param name="header">A name that ends in <c>#</c> heads a column of numbers, aligned to the right.</param>
internal sealed class Table(params string[] header)
{
    private readonly bool[] numbers = [.. header.Select(h => h.EndsWith('#'))];
    private readonly int[] widths = [.. header.Select(h => h.TrimEnd('#').Length)];
    private List<IReadOnlyList<string>> rows = [];

    public IReadOnlyList<string> Header { get; } = [.. header.Select(h => h.TrimEnd('#'))];

    public bool HeaderShown { get; set; }

    /// <summary>Rows added and not yet shown.</summary>
    public int Pending => rows.Count;

    public bool IsNumber(int column) => numbers[column];

    public int Width(int column) => widths[column];

    public Table Add(params IReadOnlyList<string?> cells)
    {
        var row = cells.Select(cell => cell ?? "").ToList();
        for (var i = 0; i < row.Count; i++) widths[i] = Math.Max(widths[i], row[i].Length);
        rows.Add(row);
        return this;
    }

    /// <summary>The rows added since the last time.</summary>
    public IReadOnlyList<IReadOnlyList<string>> TakeRows()
    {
        var taken = rows;
        rows = [];
        return taken;
    }
}
