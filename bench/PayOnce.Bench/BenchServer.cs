using PayOnce.Stores.Postgres;

namespace PayOnce.Bench;

/// <summary>
/// A PostgreSQL of the benchmark's own: on a disk, as safe as in production (fsync, synchronous_commit), with the settings that both
/// sides share.
/// </summary>
public sealed class BenchServer : IAsyncDisposable
{
    /// <summary>No autovacuum: it would come to one side and not to the other. No JIT: the product's role has it off.</summary>
    private static readonly string[] Settings =
    [
        "fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=1GB", "jit=off", "autovacuum=off", "max_wal_size=8GB", "checkpoint_timeout=30min", "work_mem=16MB",
    ];
    private BenchServer() => throw new NotSupportedException();
    public string Files => "";
    public static Task<BenchServer> StartAsync(BenchOptions options, CancellationToken cancel) => throw new NotSupportedException();
    public Task<BenchDatabase> CreateAsync(string name, CancellationToken cancel) => throw new NotSupportedException();
    public ValueTask DisposeAsync() => default;
}

/// <summary>A database with PayOnce's schema, the organisation and its integration.</summary>
public sealed class BenchDatabase
{
    public string Superuser => "";
    public PostgresStore OpenStore() => new(Superuser, TimeProvider.System);
    public Task<string> SqlAsync(string sql, CancellationToken cancel) => throw new NotSupportedException();
}
