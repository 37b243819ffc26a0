using PayOnce.Stores;
using PayOnce.Stores.Sqlite;

namespace PayOnce.Simulator;

/// <summary>
/// The real SQLite store on a file in memory. Its transactions are synchronous, so that one store object for all processes shows the
/// same interleavings as one each; some seeds give each process its own all the same, with connections that die with it.
/// </summary>
internal sealed class Database : IDisposable
{
    private readonly World world;
    private readonly Disk disk;
    private readonly Dictionary<Process, SqliteStore> own = [];
    private readonly SqliteStore shared;

    public Database(World world, Disk disk)
    {
        (this.world, this.disk) = (world, disk);
        Clock = new Clock(world.Pump, owner: null);
        disk.Begin(Clock);
        shared = disk.Lend(Committed);
    }

    /// <summary>The store's own clock: leases, quiet times and the audit trail live by it.</summary>
    public Clock Clock { get; }

    /// <summary>A look past the store, for the judge.</summary>
    public Probe Probe => disk.Probe;

    /// <summary>How many of the next commits lose their answer.</summary>
    public int CommitAnswersToLose { get; set; }

    /// <summary>The store as nobody's faults reach it.</summary>
    public IServerStore Store => shared;

    /// <param name="process">Null: a person's tool.</param>
    public IServerStore StoreOf(Process? process)
    {
        if (process is null || !world.Climate.OwnConnections) return Store;
        if (own.TryGetValue(process, out var store)) return store;
        return own[process] = disk.Lend(Committed);
    }

    /// <summary>A process has died: the system cuts its connections.</summary>
    public void Cut(Process process)
    {
        if (own.Remove(process, out var store)) Disk.Close(store);
    }

    public Backup TakeBackup() => new(disk.Read());

    /// <summary>Puts an older state back, under the feet of whoever runs.</summary>
    public void Restore(Backup backup) => disk.Write(backup.Log);

    public void Dispose()
    {
        foreach (var store in own.Values) disk.TakeBack(store);
        disk.TakeBack(shared);
    }

    private void Committed(string step)
    {
        world.Judge.Committed(step);
        if (CommitAnswersToLose <= 0) return;
        CommitAnswersToLose--;
        throw new CommitAnswerLostException("Lost by the simulator.");
    }
}

/// <summary>All that was committed at a moment between two commits.</summary>
internal sealed record Backup(byte[] Log);
