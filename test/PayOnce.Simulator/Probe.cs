using System.Globalization;
using Microsoft.Data.Sqlite;

namespace PayOnce.Simulator;

/// <summary>A mark as it lies in the table.</summary>
internal sealed record MarkRow(string ClaimId, long Generation, string State, long Attempt, long Epoch, long RunId, long Batch, string Key, string? Evidence, long? DoubtSince, string? Reason);

/// <summary>Reads the tables themselves, not through the code that is on trial.</summary>
internal sealed class Probe : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> commands = new(StringComparer.Ordinal);

    public Probe(string file)
    {
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        Run("pragma wal_autocheckpoint = 0");
    }

    public long Epoch => (long)Command("select coalesce(max(epoch), 0) from run_leases").ExecuteScalar()!;

    public List<MarkRow> Marks()
    {
        var rows = new List<MarkRow>();
        using var reader = Command("select claim_id, generation, state, attempt, epoch, run_id, batch, export_key, evidence, in_doubt_since, reason from marks order by claim_id, generation").ExecuteReader();
        while (reader.Read())
        {
            rows.Add(new MarkRow(reader.GetString(0), reader.GetInt64(1), reader.GetString(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetString(7),
                reader.IsDBNull(8) ? null : reader.GetString(8), reader.IsDBNull(9) ? null : reader.GetInt64(9), reader.IsDBNull(10) ? null : reader.GetString(10)));
        }
        return rows;
    }

    public bool IsStarted(long runId, long batch) => Any("select 1 from attempts where run_id = $1 and batch = $2 and step = 'started'", runId, batch);

    public void Run(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public bool Any(string sql, params ReadOnlySpan<object> values) => Command(sql, values).ExecuteScalar() is not null;

    /// <summary>Rows of a question of the judge's, each as its columns joined by blanks.</summary>
    /// <param name="values">Of $1, $2 and so on.</param>
    public List<string> Rows(string sql, params ReadOnlySpan<object> values)
    {
        using var reader = Command(sql, values).ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        return rows;
    }

    public void Dispose()
    {
        foreach (var command in commands.Values) command.Dispose();
        connection.Dispose();
    }

    // Compiled once, and kept for as long as the connection.
    private SqliteCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        if (!commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= values.Length; i++) command.Parameters.Add(new SqliteParameter(string.Create(CultureInfo.InvariantCulture, $"${i}"), null));
            commands.Add(sql, command);
        }
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
        return command;
    }
}
