using System.Globalization;
using PayOnce.App.Dashboard.Parts;
using PayOnce.Sources;

namespace PayOnce.App.Dashboard.Pages.Settings;

/// <summary>A source's settings as their form has them.</summary>
/// <param name="Connection">A new connection string; empty keeps the old one. Never shown again, not even where the form is sent back.</param>
internal sealed record SourceForm(bool On, string Connection, string View, string Overlap, string Every, string Batch, string Statement, string Table)
{
    public static SourceForm Of(SourceSettings settings) => new(
        settings.Enabled, "", settings.View, Text(settings.OverlapMinutes), settings.EveryMinutes is { } every ? Text(every) : "", Text(settings.BatchSize), Text(settings.StatementSeconds), settings.WriteBackTable ?? "");

    public static SourceForm Read(HttpContext http)
    {
        string Typed(string name) => (FormText.Typed(http, name) ?? "").Trim();
        return new(Typed("on").Length > 0, Typed("connection"), Typed("view"), Typed("overlap"), Typed("every"), Typed("batch"), Typed("statement"), Typed("table"));
    }

    /// <summary>The settings that are meant, and what has to be corrected, in the order of the fields.</summary>
    /// <param name="hasConnection">There is a connection string already.</param>
    public (SourceSettings Settings, IReadOnlyList<FieldError> Errors) Check(Words words, bool hasConnection)
    {
        var settings = new SourceSettings
        {
            Enabled = On,
            View = View,
            OverlapMinutes = Whole(Overlap),
            EveryMinutes = Every.Length == 0 ? null : Whole(Every),
            BatchSize = Whole(Batch),
            StatementSeconds = Whole(Statement),
            WriteBackTable = Table.Length == 0 ? null : Table,
        };
        var found = settings.Check().Select(problem => problem.Field).ToHashSet();
        var errors = new List<FieldError>();
        if (Connection.Length == 0 && !hasConnection) errors.Add(new("connection", words.SourceConnectionMissing));
        else if (Connection.Length > 0 && SourceRules.WrongConnection(Connection) is not null) errors.Add(new("connection", words.SourceConnectionWrong));
        if (found.Contains("view")) errors.Add(new("view", words.ViewNameWrong));
        if (found.Contains("everyMinutes")) errors.Add(new("every", words.NumberBetween(words.EveryLabel, 1, 7 * 24 * 60)));
        if (found.Contains("overlapMinutes")) errors.Add(new("overlap", words.NumberBetween(words.OverlapLabel, 1, 7 * 24 * 60)));
        if (found.Contains("batchSize")) errors.Add(new("batch", words.NumberBetween(words.BatchLabel, 100, 10_000)));
        if (found.Contains("statementSeconds")) errors.Add(new("statement", words.NumberBetween(words.StatementLabel, 1, 300)));
        if (found.Contains("writeBackTable")) errors.Add(new("table", words.WriteBackWrong));
        return (settings, errors);
    }

    // What is no number is no number that is allowed.
    private static int Whole(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
