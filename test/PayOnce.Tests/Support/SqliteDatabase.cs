using Microsoft.Data.Sqlite;
using PayOnce.Stores;
using PayOnce.Stores.Sqlite;

namespace PayOnce.Tests.Support;

/// <summary>A database file in a folder of its own, with a clock that the test moves.</summary>
public sealed class SqliteDatabase : StoreDatabase
{
    private readonly string folder = Directory.CreateTempSubdirectory("payonce-sqlite-").FullName;

    public ManualTime Clock { get; } = new();

    public string DatabaseFile => Path.Combine(folder, "payonce.db");

    public override IStore Open() => new SqliteStore(DatabaseFile, Clock);

    public override void WhenCommitted(IStore store, Action<string>? hook) => ((SqliteStore)store).OnCommitted = hook;

    public override async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public override Task LetTimePassAsync()
    {
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
