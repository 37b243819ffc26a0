using Microsoft.Win32.SafeHandles;
using PayOnce.Stores.Sqlite;

namespace PayOnce.Simulator;

/// <summary>
/// One thread's database file in memory, with all that is open on it. It is opened once and not for each seed: to read the schema and to
/// compile statements would be most of the work. Each seed begins with the same file, empty but for its schema, and an empty log.
/// </summary>
/// <remarks>
/// Nothing is brought home from the write-ahead log into the file (no checkpoint), so that the log alone is the state: it is read for a backup, and
/// written to put one back. SQLite learns of it as after the loss of power: the log's index is blank, so that the next transaction of each connection
/// reads the log anew. No transaction is open between two steps of a world.
/// </remarks>
internal sealed class Disk : IDisposable
{
    private const string Shared = "/dev/shm";

    /// <summary>Two copies of the head of the log's index (WALINDEX in SQLite's documentation of the file format).</summary>
    private const int IndexHead = 96;

    private static readonly Lazy<byte[]> Template = new(MakeTemplate);

    private readonly string folder;
    private readonly string file;
    private readonly StoreClock clock = new();
    private readonly Stack<SqliteStore> idle = new();
    private readonly SafeFileHandle log;
    private readonly SafeFileHandle index;

    public Disk()
    {
        // A real disk would cost most of the time.
        var above = Directory.Exists(Shared) && OperatingSystem.IsLinux() ? Shared : Path.GetTempPath();
        folder = Path.Combine(above, $"payonce-simulator-{Environment.ProcessId}-{Guid.NewGuid():n}");
        Directory.CreateDirectory(folder);
        file = Path.Combine(folder, "world.db");
        File.WriteAllBytes(file, Template.Value);
        Probe = new Probe(file);
        // The first look makes both files. The probe is closed last, so that they stay the same ones.
        _ = Probe.Epoch;
        log = File.OpenHandle(file + "-wal", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        index = File.OpenHandle(file + "-shm", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>A look past the store, for the judge.</summary>
    public Probe Probe { get; }

    /// <summary>A new world begins: its store's clock, and nothing in the tables.</summary>
    public void Begin(TimeProvider storeClock)
    {
        clock.Of = storeClock;
        Write([]);
    }

    /// <summary>The log as it lies: everything that was committed.</summary>
    public byte[] Read()
    {
        var bytes = new byte[RandomAccess.GetLength(log)];
        for (var at = 0; at < bytes.Length;) at += RandomAccess.Read(log, bytes.AsSpan(at), at);
        return bytes;
    }

    /// <summary>Puts an older log back, under the feet of whoever runs.</summary>
    public void Write(byte[] older)
    {
        RandomAccess.SetLength(log, 0);
        RandomAccess.Write(log, older, 0);
        RandomAccess.Write(index, new byte[IndexHead], 0);
    }

    /// <summary>A store with connections of its own.</summary>
    public SqliteStore Lend(Action<string> committed)
    {
        if (!idle.TryPop(out var store)) store = new SqliteStore(file, clock) { FurtherPragmas = ["pragma wal_autocheckpoint = 0"] };
        store.OnCommitted = committed;
        return store;
    }

    /// <summary>Nobody uses it any more; another may.</summary>
    public void TakeBack(SqliteStore store) => idle.Push(store);

    // Nothing of a store is under way between two steps, so that closing never waits.
    public static void Close(SqliteStore store) => store.DisposeAsync().AsTask().GetAwaiter().GetResult();

    public void Dispose()
    {
        while (idle.TryPop(out var store)) Close(store);
        Probe.Dispose();
        log.Dispose();
        index.Dispose();
        Directory.Delete(folder, recursive: true);
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
            // The store's pages of 8 kB suit millions of claims; a world has a dozen, and each commit writes whole pages.
            using (var smaller = new Probe(file)) smaller.Run("pragma journal_mode = delete; pragma page_size = 1024; vacuum; pragma journal_mode = wal");
            return File.ReadAllBytes(file);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The clock of whichever world is played.</summary>
    private sealed class StoreClock : TimeProvider
    {
        public TimeProvider Of { get; set; } = System;

        public override TimeZoneInfo LocalTimeZone => Of.LocalTimeZone;

        public override long TimestampFrequency => Of.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => Of.GetUtcNow();

        public override long GetTimestamp() => Of.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => Of.CreateTimer(callback, state, dueTime, period);
    }
}
