using Microsoft.Data.Sqlite;
using PayOnce.Stores;
using PayOnce.Stores.Sqlite;

namespace PayOnce.Tests.Support;

/// <summary>A database file in a folder of its own.</summary>
public sealed class SqliteDatabase : StoreDatabase
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("payonce-test-");
    private readonly TimeProvider? time;

    /// <param name="time">What its stores take for the time, where it is not the test's own <see cref="Clock"/>.</param>
    /// <param name="migrated">With PayOnce's schema (a copy, which is quick), or without a file.</param>
    public SqliteDatabase(TimeProvider? time = null, bool migrated = true)
    {
        this.time = time;
        if (migrated) SqliteTemplate.CopyTo(DatabaseFile);
    }

    public ManualTime Clock { get; } = new();

    public string DatabaseFile => Path.Combine(folder.FullName, "payonce.db");

    public override IStore Open() => new SqliteStore(DatabaseFile, time ?? Clock);

    public override void WhenCommitted(IStore store, Action<string>? hook) => ((SqliteStore)store).OnCommitted = hook;

    public override async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = DatabaseFile, Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public override Task LetTimePassAsync()
    {
        Clock.Advance(TimeSpan.FromSeconds(1));
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
