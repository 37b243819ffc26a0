using PayOnce.Stores;

namespace PayOnce.Tests.Support;

/// <summary>
/// One database for all tests of a class, emptied before each of them, so that the sessions of one test serve the next: what a
/// transaction leaves behind in its session is found out there. It also spares a database, and sessions that know nothing yet, a test.
/// </summary>
public sealed class OneDatabase(PostgresCluster cluster) : IAsyncDisposable
{
    // The owner is held back by triggers; who replays changes, as a replica does, is not. Deleted and not truncated: the sessions
    // keep what they know of the tables.
    private const string Empty = """
        set session_replication_role = replica;
        do $$
        declare
            name text;
        begin
            for name in select tablename from pg_tables where schemaname = 'payonce' and tablename <> 'schema_version' loop
                execute format('delete from payonce.%I', name);
            end loop;
        end
        $$
        """;

    private PostgresDatabase? database;

    /// <param name="through">Makes of the connection string straight to the server what the stores are given.</param>
    public async Task<StoreDatabase> EmptiedAsync(Func<string, Task<string>> through)
    {
        database ??= await PostgresDatabase.CreateAsync(cluster, through);
        await database.ExecuteAsync(Empty);
        return new Lent(database);
    }

    public async ValueTask DisposeAsync()
    {
        if (database is not null) await database.DisposeAsync();
    }

    /// <summary>Given to a test, which disposes of what it is given.</summary>
    private sealed class Lent(PostgresDatabase database) : StoreDatabase
    {
        public override IStore Open() => database.Open();

        public override void WhenCommitted(IStore store, Action<string>? hook) => database.WhenCommitted(store, hook);

        public override Task ExecuteAsync(string sql) => database.ExecuteAsync(sql);

        public override Task LetTimePassAsync() => database.LetTimePassAsync();

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
