using System.Globalization;
using Microsoft.Data.Sqlite;
using PayOnce.Stores;
using PayOnce.Stores.Sqlite;

namespace PayOnce.Simulator;

/// <summary>
/// The real SQLite store on a file in memory. Its transactions are synchronous, so that one store object for all processes shows the
/// same interleavings as one each; some seeds give each process its own all the same, with connections that die with it.
/// </summary>
internal sealed class Database : IDisposable
{
    private static readonly Lazy<byte[]> Template = new(MakeTemplate);

    private readonly World world;
    private readonly string file;
    private readonly Dictionary<Process, SqliteStore> own = [];
    private SqliteStore? shared;

    public Database(World world, string folder)
    {
        this.world = world;
        file = Path.Combine(folder, "world.db");
        Clock = new Clock(world.Pump, owner: null);
        Put(new Backup(Template.Value, []));
        Probe = new Probe(file);
    }

    /// <summary>The store's own clock: leases, quiet times and the audit trail live by it.</summary>
    public Clock Clock { get; }

    /// <summary>A look past the store, for the judge.</summary>
    public Probe Probe { get; private set; }

    /// <summary>How many of the next commits lose their answer.</summary>
    public int CommitAnswersToLose { get; set; }

    /// <summary>The store as nobody's faults reach it.</summary>
    public IServerStore Store => shared ??= Open();

    /// <param name="process">Null: a person's tool.</param>
    public IServerStore StoreOf(Process? process)
    {
        if (process is null || !world.Climate.OwnConnections) return Store;
        if (own.TryGetValue(process, out var store)) return store;
        return own[process] = Open();
    }

    /// <summary>A process has died: the system cuts its connections.</summary>
    public void Cut(Process process)
    {
        if (own.Remove(process, out var store)) Close(store);
    }

    /// <summary>The files as they lie.</summary>
    public Backup TakeBackup() => new(File.ReadAllBytes(file), File.Exists(file + "-wal") ? File.ReadAllBytes(file + "-wal") : []);

    /// <summary>Puts an older state back, under the feet of whoever runs.</summary>
    public void Restore(Backup backup)
    {
        CloseAll();
        Put(backup);
        Probe = new Probe(file);
    }

    public void Dispose() => CloseAll();

    private void CloseAll()
    {
        foreach (var store in own.Values) Close(store);
        own.Clear();
        if (shared is not null) Close(shared);
        shared = null;
        Probe.Dispose();
    }

    // Nothing of a store is under way between two steps, so that closing never waits.
    private static void Close(SqliteStore store) => store.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void Put(Backup backup)
    {
        File.Delete(file + "-shm");
        File.Delete(file + "-wal");
        File.WriteAllBytes(file, backup.Main);
        if (backup.Log.Length > 0) File.WriteAllBytes(file + "-wal", backup.Log);
    }

    private SqliteStore Open() => new(file, Clock) { OnCommitted = Committed };

    private void Committed(string step)
    {
        world.Judge.Committed(step);
        if (CommitAnswersToLose <= 0) return;
        CommitAnswersToLose--;
        throw new CommitAnswerLostException("Lost by the simulator.");
    }

    private static byte[] MakeTemplate()
    {
        var folder = Directory.CreateTempSubdirectory("payonce-template-").FullName;
        try
        {
            var file = Path.Combine(folder, "template.db");
            var store = new SqliteStore(file, TimeProvider.System);
            store.MigrateAsync(CancellationToken.None).GetAwaiter().GetResult();
            Close(store);
            return File.ReadAllBytes(file);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>A database's files at a moment between two commits.</summary>
internal sealed record Backup(byte[] Main, byte[] Log);

/// <summary>A mark as it lies in the table.</summary>
internal sealed record MarkRow(string ClaimId, long Generation, string State, long Attempt, long Epoch, long RunId, long Batch, string Key, string? Evidence, long? DoubtSince, string? Reason);

/// <summary>Reads the tables themselves, not through the code that is on trial.</summary>
internal sealed class Probe : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand marks;
    private readonly SqliteCommand epoch;
    private readonly SqliteCommand started;

    public Probe(string file)
    {
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        marks = Command("select claim_id, generation, state, attempt, epoch, run_id, batch, export_key, evidence, in_doubt_since, reason from marks order by claim_id, generation");
        epoch = Command("select coalesce(max(epoch), 0) from run_leases");
        started = Command("select count(*) from attempts where run_id = $run and batch = $batch and step = 'started'");
        started.Parameters.Add("$run", SqliteType.Integer);
        started.Parameters.Add("$batch", SqliteType.Integer);
    }

    public long Epoch => (long)epoch.ExecuteScalar()!;

    public List<MarkRow> Marks()
    {
        var rows = new List<MarkRow>();
        using var reader = marks.ExecuteReader();
        while (reader.Read())
        {
            rows.Add(new MarkRow(reader.GetString(0), reader.GetInt64(1), reader.GetString(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetString(7),
                reader.IsDBNull(8) ? null : reader.GetString(8), reader.IsDBNull(9) ? null : reader.GetInt64(9), reader.IsDBNull(10) ? null : reader.GetString(10)));
        }
        return rows;
    }

    public bool IsStarted(long runId, long batch)
    {
        (started.Parameters[0].Value, started.Parameters[1].Value) = (runId, batch);
        return (long)started.ExecuteScalar()! > 0;
    }

    public void Run(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Rows of a question of the judge's, each as its columns joined by blanks.</summary>
    public List<string> Rows(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        return rows;
    }

    public void Dispose()
    {
        marks.Dispose();
        epoch.Dispose();
        started.Dispose();
        connection.Dispose();
    }

    private SqliteCommand Command(string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
