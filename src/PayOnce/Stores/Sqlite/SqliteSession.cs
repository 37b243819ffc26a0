using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PayOnce.Stores.Sqlite;

/// <summary>
/// One connection with its kept statements. Used by one thread at a time. Everything here is synchronous: a transaction is one
/// indivisible step, and no lock is held over an await.
/// </summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly sqlite3 handle;
    private readonly Dictionary<string, SqliteStatement> statements = new(StringComparer.Ordinal);
    private readonly SqliteLockWait lockWait;

    // Each connection is used by one thread at a time, and nobody asks SQLite how much memory it has: without a lock around each
    // call and each allocation an export takes a tenth less work. Where SQLite runs already it refuses, which costs only time.
    static SqliteSession()
    {
        Batteries_V2.Init();
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    private SqliteSession(sqlite3 handle, SqliteLockWait lockWait) => (this.handle, this.lockWait) = (handle, lockWait);

    /// <summary>Finds out, should the commit's answer be lost, whether the write transaction was committed. Null while it has written nothing.</summary>
    public Func<SqliteSession, bool>? Proof { get; set; }

    /// <summary>Opens the file as the one writing connection of the process; makes it if there is none.</summary>
    /// <param name="further">Pragmas after ours.</param>
    public static SqliteSession OpenWriter(string file, SqliteLockWait lockWait, IReadOnlyList<string> further, CancellationToken cancel) =>
        Open(file, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, lockWait, cancel,
        [
            // Counts for a new file only. This build of SQLite needs four calls of the system for each page it writes.
            "pragma page_size = 8192",
            "pragma journal_mode = wal",
            "pragma synchronous = full",
            // On macOS an ordinary fsync leaves data in the drive's own cache.
            "pragma fullfsync = on",
            "pragma checkpoint_fullfsync = on",
            "pragma foreign_keys = on",
            // Without it, a row that REPLACE removes would fire no delete trigger.
            "pragma recursive_triggers = on",
            "pragma temp_store = memory",
            "pragma cache_size = -32768",
            // 64 MB of log between two checkpoints: a run writes the same pages of the guard's index in every batch, and each
            // checkpoint brings them home once.
            "pragma wal_autocheckpoint = 8192",
            "pragma journal_size_limit = 67108864",
            .. further,
        ]);

    /// <summary>Opens a connection that can only read, beside the writer.</summary>
    public static SqliteSession OpenReader(string file, SqliteLockWait lockWait, CancellationToken cancel) =>
        Open(file, raw.SQLITE_OPEN_READWRITE, lockWait, cancel, ["pragma query_only = on", "pragma temp_store = memory", "pragma cache_size = -4096"]);

    /// <summary>The statement for this text, prepared once.</summary>
    public SqliteStatement Keep(string sql)
    {
        if (statements.TryGetValue(sql, out var kept)) return kept;
        var statement = new SqliteStatement(handle, sql);
        statements.Add(sql, statement);
        return statement;
    }

    /// <summary>Executes one statement and returns how many rows it changed.</summary>
    public int Run(string sql, params ReadOnlySpan<SqliteValue> values) => Keep(sql).Run(values);

    public SqliteRows Query(string sql, params ReadOnlySpan<SqliteValue> values)
    {
        var statement = Keep(sql);
        statement.Start(values);
        return new SqliteRows(statement);
    }

    /// <summary>The first row, or null if there is none.</summary>
    public T? First<T>(string sql, Func<SqliteStatement, T> read, params ReadOnlySpan<SqliteValue> values) where T : class
    {
        using var rows = Query(sql, values);
        return rows.Next() ? read(rows.Row) : null;
    }

    public List<T> All<T>(string sql, Func<SqliteStatement, T> read, params ReadOnlySpan<SqliteValue> values)
    {
        var result = new List<T>();
        using var rows = Query(sql, values);
        while (rows.Next()) result.Add(read(rows.Row));
        return result;
    }

    /// <summary>The first column of the first row as a number; 0 if there is no row or it is NULL.</summary>
    public long Number(string sql, params ReadOnlySpan<SqliteValue> values)
    {
        using var rows = Query(sql, values);
        return rows.Next() ? rows.Row.Long(0) : 0;
    }

    public bool Any(string sql, params ReadOnlySpan<SqliteValue> values)
    {
        using var rows = Query(sql, values);
        return rows.Next();
    }

    /// <summary>Runs a script of many statements.</summary>
    public void Script(string sql) => SqliteFailure.Check(raw.sqlite3_exec(handle, sql), handle, sql);

    /// <summary>Takes the file's one write lock, waiting for other processes. Nothing has been done if this throws.</summary>
    public void BeginWrite(CancellationToken cancel)
    {
        Proof = null;
        Patiently("begin immediate", cancel);
    }

    /// <summary>Starts a transaction in which every select sees the same snapshot.</summary>
    public void BeginRead(CancellationToken cancel)
    {
        Patiently("begin", cancel);
        // The snapshot is taken at the first read; taking it here keeps waiting for a lock out of the body.
        Patiently("select 1 from sqlite_master limit 1", cancel);
    }

    public void Commit() => Run("commit");

    /// <summary>Ends the transaction after an error; SQLite has done so itself after some of them.</summary>
    public void RollBack()
    {
        if (raw.sqlite3_get_autocommit(handle) == 0) Keep("rollback").Once();
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values) statement.Dispose();
        statements.Clear();
        handle.Dispose();
    }

    private static SqliteSession Open(string file, int mode, SqliteLockWait lockWait, CancellationToken cancel, params ReadOnlySpan<string> pragmas)
    {
        // Not by the provider's connection: it looks after its pools every few minutes, also where there is none, and after a process
        // has stood still it does so twice at once, which ended the process (an index out of range, found by a paused campaign).
        var opened = raw.sqlite3_open_v2(file, out var handle, mode, null);
        var session = new SqliteSession(handle, lockWait);
        try
        {
            SqliteFailure.Check(opened, handle, "open");
            // Waiting is done here and not by SQLite: this build of it can only sleep whole seconds.
            SqliteFailure.Check(raw.sqlite3_busy_timeout(handle, 0), handle, "busy_timeout");
            foreach (var pragma in pragmas) session.Patiently(pragma, cancel);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private void Patiently(string sql, CancellationToken cancel)
    {
        for (var wait = lockWait.Begin(); ;)
        {
            try
            {
                Keep(sql).Once();
                return;
            }
            // Preparing can meet the lock as well: it reads the schema.
            catch (SqliteException locked) when (locked.SqliteErrorCode == raw.SQLITE_BUSY)
            {
                if (!wait.Again(cancel)) throw;
            }
        }
    }
}
