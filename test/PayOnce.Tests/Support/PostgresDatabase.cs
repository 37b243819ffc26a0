using Npgsql;
using PayOnce.Stores;
using PayOnce.Stores.Postgres;

namespace PayOnce.Tests.Support;

/// <summary>A database of a test's own in the tests' PostgreSQL.</summary>
public sealed class PostgresDatabase : StoreDatabase
{
    private readonly PostgresCluster cluster;

    private PostgresDatabase(PostgresCluster cluster, string connectionString, string through) => (this.cluster, ConnectionString, Through) = (cluster, connectionString, through);

    /// <summary>As superuser, straight to the server.</summary>
    public string ConnectionString { get; }

    /// <summary>What the stores are given: the same, or through a pooler or a proxy.</summary>
    public string Through { get; }

    /// <param name="through">Makes of the connection string straight to the server what the stores are given.</param>
    public static async Task<PostgresDatabase> CreateAsync(PostgresCluster cluster, Func<string, Task<string>>? through = null)
    {
        var straight = await cluster.CreateDatabaseAsync();
        return new PostgresDatabase(cluster, straight, through is null ? straight : await through(straight));
    }

    public override IStore Open() => new PostgresStore(Through, TimeProvider.System);

    public override void WhenCommitted(IStore store, Action<string>? hook) => ((PostgresStore)store).OnCommitted = hook;

    public override async Task ExecuteAsync(string sql) => await AskAsync<object>(sql);

    /// <summary>The first value of the last result, as superuser.</summary>
    public async Task<T?> AskAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, SearchPath = "payonce" }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        object? value = null;
        do
        {
            if (await reader.ReadAsync(TestContext.Current.CancellationToken)) value = reader.GetValue(0);
        }
        while (await reader.NextResultAsync(TestContext.Current.CancellationToken));
        return value is null or DBNull ? default : (T)value;
    }

    public override Task LetTimePassAsync() => ExecuteAsync("select pg_sleep(0.002)");

    public override async ValueTask DisposeAsync() => await cluster.DropDatabaseAsync(ConnectionString);
}
