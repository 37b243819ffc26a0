using System.Text;

namespace PayOnce.App.Dashboard;

/// <summary>Cuts a character-separated text that PayOnce itself wrote into cells, to be shown. Its delimiter is the one that stands most often in its first row.</summary>
internal static class CsvText
{
    private static readonly char[] Delimiters = [';', ',', '\t', '|'];

    public static List<List<string>> Rows(string text)
    {
        var delimiter = Delimiters.MaxBy(candidate => CountOutside(text, candidate));
        var (rows, row, cell, quoted) = (new List<List<string>>(), new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (quoted)
            {
                if (letter != '"') cell.Append(letter);
                else if (i + 1 < text.Length && text[i + 1] == '"') cell.Append(text[++i]);
                else quoted = false;
            }
            else if (letter == '"' && cell.Length == 0) quoted = true;
            else if (letter == delimiter) EndCell();
            else if (letter == '\n') EndRow();
            else if (letter != '\r') cell.Append(letter);
        }
        if (cell.Length > 0 || row.Count > 0) EndRow();
        return rows;

        void EndCell()
        {
            row.Add(cell.ToString());
            cell.Clear();
        }

        void EndRow()
        {
            EndCell();
            rows.Add(row);
            row = [];
        }
    }

    private static int CountOutside(string text, char candidate)
    {
        var (count, quoted) = (0, false);
        foreach (var letter in text)
        {
            if (letter == '"') quoted = !quoted;
            else if (letter == '\n' && !quoted) break;
            else if (letter == candidate && !quoted) count++;
        }
        return count;
    }
}
