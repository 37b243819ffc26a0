using Npgsql;
using PayOnce.Stores.Postgres;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Stores;

/// <summary>What only PostgreSQL has: a database, a store and two organisations for each test.</summary>
public abstract class PostgresStoreTests(PostgresCluster cluster) : IAsyncLifetime
{
    private readonly List<PostgresStore> opened = [];
    private PostgresDatabase? database;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected PostgresCluster Cluster => cluster;

    protected PostgresDatabase Database => database!;

    /// <summary>Works as superuser: what holds for it holds for everybody.</summary>
    protected PostgresStore Store { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        database = await PostgresDatabase.CreateAsync(cluster);
        Store = Open(database.ConnectionString);
        await Store.AddOrganisationAsync(A.Organisation(A.Org), "set-up", Cancel);
        await Store.AddOrganisationAsync(A.Organisation(A.OtherOrg), "set-up", Cancel);
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var store in opened) await store.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected PostgresStore Open(string connectionString)
    {
        var store = new PostgresStore(connectionString, TimeProvider.System);
        opened.Add(store);
        return store;
    }

    /// <summary>The connection string with some of it changed.</summary>
    protected string With(Action<NpgsqlConnectionStringBuilder> change)
    {
        var builder = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        change(builder);
        return builder.ConnectionString;
    }

    /// <summary>Takes in and exports claims.</summary>
    protected async Task<TestRun> ExportAsync(int count)
    {
        await Store.TakeInAsync(A.Org, A.Records(count), "claims.json", "kari", Cancel);
        return await TestRun.ExportEverythingAsync(Store);
    }
}
