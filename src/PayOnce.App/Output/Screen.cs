using System.Text;

namespace PayOnce.App.Output;

/// <summary>
/// Standard output for people: lines, and tables of aligned columns without drawn borders, which a screen reader would read
/// aloud. In a pipe the same lines, never wrapped and without any control sequence.
/// </summary>
/// <param name="width">Columns of the terminal; null in a pipe.</param>
internal sealed class Screen(Stream output, int? width) : IAsyncDisposable
{
    private readonly StreamWriter text = new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };

    /// <summary>Standard output itself, for bytes that are no text.</summary>
    public Stream Raw => output;

    /// <summary>Whether a person looks at it.</summary>
    public bool IsTerminal => width is not null;

    public void Line(string line = "") => Write(line);

    /// <summary>Names and values below each other, the values aligned; those without a value are left out.</summary>
    public void Facts(params IReadOnlyList<(string Name, string? Value)> facts)
    {
        var shown = facts.Where(f => !string.IsNullOrEmpty(f.Value)).ToList();
        var names = shown.Count == 0 ? 0 : shown.Max(f => f.Name.Length);
        foreach (var (name, value) in shown) Wrapped($"  {name.PadRight(names)}  ", value!);
    }

    public void Table(Table table)
    {
        if (!table.HeaderShown) Row(table.Header, table);
        table.HeaderShown = true;
        foreach (var row in table.TakeRows()) Row(row, table);
    }

    /// <summary>Shows what has been added to a long table so far, when it has become a page or two.</summary>
    public void TableInPieces(Table table)
    {
        const int piece = 500;
        if (table.Pending >= piece) Table(table);
    }

    public ValueTask DisposeAsync() => text.DisposeAsync();

    public void Flush() => text.Flush();

    private void Row(IReadOnlyList<string> cells, Table table)
    {
        var line = new StringBuilder();
        for (var i = 0; i < cells.Count - 1; i++)
        {
            line.Append(table.IsNumber(i) ? cells[i].PadLeft(table.Width(i)) : cells[i].PadRight(table.Width(i))).Append("  ");
        }
        var last = cells.Count - 1;
        Wrapped(line.ToString(), table.IsNumber(last) ? cells[last].PadLeft(table.Width(last)) : cells[last]);
    }

    // On a terminal a long last cell goes on below itself instead of at the left edge.
    private void Wrapped(string start, string end)
    {
        const int narrowest = 24;
        var room = (width ?? int.MaxValue) - start.Length;
        if (room < narrowest || end.Length <= room)
        {
            Write(start + end);
            return;
        }
        var rest = end;
        while (rest.Length > room)
        {
            var cut = rest.LastIndexOf(' ', room);
            if (cut <= 0) cut = room;
            Write(start + rest[..cut]);
            rest = rest[cut..].TrimStart();
            start = new string(' ', start.Length);
        }
        Write(start + rest);
    }

    // Whatever the data holds, it must not steer the terminal it is shown on.
    private void Write(string line)
    {
        foreach (var c in line.AsSpan().TrimEnd()) text.Write(char.IsControl(c) ? '\ufffd' : c);
        text.WriteLine();
    }
}
