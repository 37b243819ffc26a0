using System.Globalization;
using System.Text;

namespace PayOnce.App.Dashboard.Pages.Runs;

/// <summary>
/// Lists for a spreadsheet: UTF-8 with a byte order mark and semicolons, which a Norwegian spreadsheet opens in columns; amounts with
/// a point and no spaces, times with their offset, so that machines read them too.
/// </summary>
internal sealed class Csv(Stream to) : IAsyncDisposable
{
    private readonly StreamWriter writer = new(to, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), 32 * 1024, leaveOpen: true) { NewLine = "\r\n" };

    public static string Amount(long? minor) => minor is { } number ? (number / 100m).ToString("0.00", CultureInfo.InvariantCulture) : "";

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    public Task RowAsync(params ReadOnlySpan<string?> cells)
    {
        var line = new StringBuilder();
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0) line.Append(';');
            Append(line, cells[i] ?? "");
        }
        return writer.WriteLineAsync(line.ToString());
    }

    public async ValueTask DisposeAsync() => await writer.DisposeAsync();

    // What a spreadsheet would run as a formula is given an apostrophe, unless it is a number: nobody's claim id calculates anything.
    private static void Append(StringBuilder line, string cell)
    {
        if (cell.Length > 0 && cell[0] is '=' or '+' or '-' or '@' or '\t' or '\r' && !decimal.TryParse(cell, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _))
            cell = "'" + cell;
        if (cell.AsSpan().IndexOfAny(";\"\r\n") < 0) line.Append(cell);
        else line.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }
}
