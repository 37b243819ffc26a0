using Npgsql;

namespace PayOnce.Stores.Postgres;

/// <summary>
/// The store on PostgreSQL 15 and later: any number of processes against one database, directly or through a transaction pooler.
/// Hand-written SQL, schema <c>payonce</c>, READ COMMITTED, resting on unique keys and compare-and-set. Row-level security is
/// forced, and each transaction works as role <c>payonce_app</c>, whatever the connection string's user may do.
/// </summary>
public sealed partial class PostgresStore : IServerStore
{
    private readonly NpgsqlDataSource source;
    private readonly NpgsqlConnectionStringBuilder target;
    private readonly TimeProvider clock;

    /// <param name="connectionString">As Npgsql takes it. Settings that a transaction pooler cannot bear are put right here.</param>
    /// <param name="clock">For waits between attempts to reach the server again, nothing else: leases and times come from the database.</param>
    /// <exception cref="StoreUnavailableException">The connection string cannot be read.</exception>
    public PostgresStore(string connectionString, TimeProvider clock)
    {
        this.clock = clock;
        target = Target(connectionString);
        // Its name is a tag of the driver's metrics. Without one it is the connection string, with the password where that is kept in it.
        source = new NpgsqlDataSourceBuilder(target.ConnectionString) { Name = "payonce" }.Build();
    }

    public string Engine => "postgresql";

    /// <summary>Two batches on two connections: the second brings about a third; a third brings nothing on the measured machines.</summary>
    public int ReserveConcurrency => 2;

    /// <inheritdoc/>
    public int ReserveSize => 5_000;

    /// <summary>20,000 are no quicker, and three such chunks are in memory at a time.</summary>
    public int IntakeSize => 10_000;

    /// <summary>While one chunk travels and is parsed by the server, the other one is put into the indexes.</summary>
    public int IntakeConcurrency => 2;

    /// <summary>Called with the step's name when its commit has returned. Tests throw <see cref="CommitAnswerLostException"/> from it.</summary>
    internal Action<string>? OnCommitted { get; set; }

    public ValueTask DisposeAsync()
    {
        while (freePages.TryPop(out var page)) page.Dispose();
        return source.DisposeAsync();
    }

    private static NpgsqlConnectionStringBuilder Target(string connectionString)
    {
        NpgsqlConnectionStringBuilder target;
        try
        {
            target = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The fault's own text can quote a value, and the value can be the password.
            throw new StoreUnavailableException("The PostgreSQL connection string cannot be read. It looks like: Host=db.example.org;Database=payonce;Username=payonce;Password=…");
        }
        if (string.IsNullOrEmpty(target.Host)) throw new StoreUnavailableException("The PostgreSQL connection string names no Host.");
        target.NoResetOnClose = true;
        target.MaxAutoPrepare = 0;
        target.Enlist = false;
        target.TcpKeepAlive = true;
        if (target.ApplicationName is null) target.ApplicationName = "payonce";
        // Confirming a run of a million claims is one statement.
        if (target.CommandTimeout == 30) target.CommandTimeout = 600;
        if (target.Host.Contains(',', StringComparison.Ordinal) && target.TargetSessionAttributes is null) target.TargetSessionAttributes = "primary";
        return target;
    }
}
