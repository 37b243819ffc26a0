using Npgsql;
using PayOnce.Stores.Postgres;
using PayOnce.Tests.Support;

namespace PayOnce.Bench;

/// <summary>A PostgreSQL of the benchmark's own: on a disk, as safe as in production, with the settings that both sides share.</summary>
public sealed class BenchServer : IAsyncDisposable
{
    private readonly WorkFolder folder;
    private readonly PostgresCluster cluster = new()
    {
        // No autovacuum: it would come to one side and not to the other. No JIT: it helps neither and costs the longer script.
        Settings = new Dictionary<string, string>
        {
            ["shared_buffers"] = "1GB",
            ["work_mem"] = "64MB",
            ["maintenance_work_mem"] = "256MB",
            ["max_wal_size"] = "16GB",
            ["checkpoint_timeout"] = "30min",
            ["jit"] = "off",
            ["autovacuum"] = "off",
        },
    };

    private BenchServer(WorkFolder folder) => this.folder = folder;

    /// <summary>A folder that the server and we can write to.</summary>
    public string Files => folder.Path;

    public static async Task<BenchServer> StartAsync(BenchOptions options, CancellationToken cancel)
    {
        var folder = new WorkFolder(options.Folder);
        // The cluster makes its own folder where temporary files go.
        Environment.SetEnvironmentVariable("TMPDIR", folder.Path);
        var server = new BenchServer(folder);
        try
        {
            await server.cluster.StartAsync();
            cancel.ThrowIfCancellationRequested();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A database with PayOnce's schema, the organisation and its integration.</summary>
    public async Task<BenchDatabase> CreateAsync(CancellationToken cancel)
    {
        var database = new BenchDatabase(await cluster.CreateDatabaseAsync());
        await using var store = database.OpenStore();
        await store.AddOrganisationAsync(new Organisation(SampleClaims.Organisation, "Bench", Organisation.DefaultTimeZone), "bench", cancel);
        await store.SaveIntegrationAsync(SampleClaims.Organisation, ExportSettings.Stored, "bench", cancel);
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await cluster.DisposeAsync();
        folder.Dispose();
    }
}

/// <summary>One database of <see cref="BenchServer"/>.</summary>
/// <param name="Superuser">Its connection string; the product gives up the rights that this has in each transaction.</param>
public sealed record BenchDatabase(string Superuser)
{
    public PostgresStore OpenStore() => new(Superuser, TimeProvider.System);

    /// <summary>Runs a script in the server's own command line and returns what it printed.</summary>
    public Task<string> SqlAsync(string script, CancellationToken cancel)
    {
        var at = new NpgsqlConnectionStringBuilder(Superuser);
        string[] psql = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", at.Host!, "-p", $"{at.Port}", "-U", at.Username!, "-d", at.Database!, "-f", "-"];
        return Programs.RunAsync("env", [$"PGPASSWORD={at.Password}", .. psql], script, cancel);
    }

    /// <summary>Measures the server with all its processes.</summary>
    public async Task<CpuMeter> CpuMeterAsync(CancellationToken cancel)
    {
        await using var source = NpgsqlDataSource.Create(Superuser);
        await using var ask = source.CreateCommand("select pg_backend_pid()");
        var backend = (int)(await ask.ExecuteScalarAsync(cancel))!;
        return new CpuMeter(CpuMeter.Parent(backend));
    }
}
