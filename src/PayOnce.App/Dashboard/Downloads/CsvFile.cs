using System.Globalization;
using System.Text;
using PayOnce.Exporters.Mapping;

namespace PayOnce.App.Dashboard.Downloads;

/// <summary>
/// A table as a person opens it in a spreadsheet: UTF-8 with byte order mark, semicolons (what a Norwegian spreadsheet expects),
/// numbers and times as machines write them, and text that the spreadsheet would run as a formula made harmless.
/// </summary>
internal sealed class CsvFile(Stream to)
{
    private const int FlushAt = 32 * 1024;

    private readonly StringBuilder text = new(FlushAt + 1024);
    private bool begun;

    public CsvFile Text(string? cell)
    {
        Begin();
        if (string.IsNullOrEmpty(cell)) return this;
        if (Formula.Begins(Encoding.UTF8.GetBytes(cell))) cell = "'" + cell;
        if (cell.AsSpan().ContainsAny(";\"\r\n")) text.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        else text.Append(cell);
        return this;
    }

    public CsvFile Number(long? number)
    {
        Begin();
        if (number is { } value) text.Append(value.ToString(CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary><c>12345.50</c></summary>
    public CsvFile Amount(long? minor)
    {
        Begin();
        if (minor is { } amount) text.Append((amount / 100m).ToString("0.00", CultureInfo.InvariantCulture));
        return this;
    }

    /// <param name="machine">As <see cref="Words.Machine"/> writes it.</param>
    public CsvFile Time(string? machine)
    {
        Begin();
        text.Append(machine);
        return this;
    }

    /// <summary>Ends the row, and hands over what has gathered.</summary>
    public async Task EndAsync(CancellationToken cancel)
    {
        text.Append("\r\n");
        begun = false;
        if (text.Length >= FlushAt) await FlushAsync(cancel);
    }

    public async Task FlushAsync(CancellationToken cancel)
    {
        await to.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancel);
        text.Clear();
    }

    /// <summary>The byte order mark, and the header row.</summary>
    public async Task HeadAsync(IEnumerable<string> names, CancellationToken cancel)
    {
        text.Append('\uFEFF');
        foreach (var name in names) Text(name);
        await EndAsync(cancel);
    }

    private void Begin()
    {
        if (begun) text.Append(';');
        begun = true;
    }
}
