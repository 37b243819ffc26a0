using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PayOnce.Stores.Sqlite;

/// <summary>
/// One prepared statement, kept for as long as its connection. It drives SQLite's own step function: Microsoft.Data.Sqlite looks
/// each parameter up by its name and builds a reader at each execution, 2.5 times the time of a single-row insert and 1.6 kB a row.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 connection;
    private readonly sqlite3_stmt statement;
    private readonly string sql;
    private bool open;

    public SqliteStatement(sqlite3 connection, string sql)
    {
        this.connection = connection;
        this.sql = sql;
        SqliteFailure.Check(raw.sqlite3_prepare_v2(connection, sql, out statement), connection, sql);
    }

    /// <summary>Executes a statement that gives no rows, and returns how many rows it changed.</summary>
    public int Run(params ReadOnlySpan<SqliteValue> values)
    {
        Start(values);
        try
        {
            while (Next()) { }
            return raw.sqlite3_changes(connection);
        }
        finally
        {
            Finish();
        }
    }

    /// <summary>Starts a query; the caller steps with <see cref="Next"/> and ends with <see cref="Finish"/>.</summary>
    public void Start(ReadOnlySpan<SqliteValue> values)
    {
        if (open) throw new InvalidOperationException($"A statement was started inside itself: {sql}");
        for (var i = 0; i < values.Length; i++) Bind(i + 1, values[i]);
        open = true;
    }

    public bool Next()
    {
        var answer = raw.sqlite3_step(statement);
        if (answer == raw.SQLITE_ROW) return true;
        if (answer == raw.SQLITE_DONE) return false;
        throw SqliteFailure.Exception(answer, connection, sql);
    }

    public void Finish()
    {
        open = false;
        // Its answer repeats the error that step has given already.
        _ = raw.sqlite3_reset(statement);
    }

    /// <summary>One step and no more, whatever rows it would give.</summary>
    public void Once()
    {
        Start([]);
        try
        {
            Next();
        }
        finally
        {
            Finish();
        }
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(statement, column);

    public int Int(int column) => checked((int)Long(column));

    public long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

    public int? IntOrNull(int column) => IsNull(column) ? null : Int(column);

    public string Text(int column) => Encoding.UTF8.GetString(Span(column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public byte[] Bytes(int column) => Span(column).ToArray();

    /// <summary>Text or blob as it lies in SQLite's own memory: valid until the next step.</summary>
    public ReadOnlySpan<byte> Span(int column) => raw.sqlite3_column_blob(statement, column);

    public DateTimeOffset Time(int column) => SqliteTime.FromMicroseconds(Long(column));

    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);

    public void Dispose() => statement.Dispose();

    private void Bind(int index, in SqliteValue value)
    {
        var answer = value.Type switch
        {
            SqliteValue.Kind.Integer => raw.sqlite3_bind_int64(statement, index, value.Integer),
            SqliteValue.Kind.Text => BindText(index, value.Text!),
            // An empty span has no address, and SQLite takes a missing address for NULL.
            SqliteValue.Kind.Utf8 when value.Bytes.IsEmpty => raw.sqlite3_bind_text(statement, index, ""),
            SqliteValue.Kind.Utf8 => raw.sqlite3_bind_text(statement, index, value.Bytes.Span),
            SqliteValue.Kind.Blob when value.Bytes.IsEmpty => raw.sqlite3_bind_zeroblob(statement, index, 0),
            SqliteValue.Kind.Blob => raw.sqlite3_bind_blob(statement, index, value.Bytes.Span),
            _ => raw.sqlite3_bind_null(statement, index),
        };
        SqliteFailure.Check(answer, connection, sql);
    }

    private int BindText(int index, string text)
    {
        const int shortText = 128;
        // The provider makes an array of each text; a key is bound a million times in a run.
        if (text.Length is 0 or > shortText) return raw.sqlite3_bind_text(statement, index, text);
        Span<byte> utf8 = stackalloc byte[3 * shortText];
        return raw.sqlite3_bind_text(statement, index, utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
    }
}

/// <summary>A query under way: <c>while (rows.Next())</c>, columns from <see cref="Row"/>.</summary>
internal readonly ref struct SqliteRows(SqliteStatement statement)
{
    public SqliteStatement Row => statement;

    public bool Next() => statement.Next();

    public void Dispose() => statement.Finish();
}

/// <summary>SQLite's answers as exceptions with code, message and statement. Parameters are left out: they are people's data.</summary>
internal static class SqliteFailure
{
    public static void Check(int answer, sqlite3 connection, string sql)
    {
        if (answer != raw.SQLITE_OK) throw Exception(answer, connection, sql);
    }

    public static SqliteException Exception(int answer, sqlite3 connection, string sql)
    {
        var extended = raw.sqlite3_extended_errcode(connection);
        return new SqliteException($"SQLite error {answer} ({extended}): {raw.sqlite3_errmsg(connection).utf8_to_string()} in: {sql}", answer & 0xff, extended);
    }
}
