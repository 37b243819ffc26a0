using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace PayOnce.Tests.Support;

/// <summary>
/// The pooler PgBouncer in front of the tests' PostgreSQL, in transaction mode with fewer sessions than clients, given out in turn:
/// two transactions of one client seldom meet the same session. It ignores no start-up parameter and resets nothing between
/// clients. Gone without a trace at the end, also when the tests' process is killed.
/// </summary>
/// <remarks>
/// It holds nothing that a clean end would save, and what ends it differs from version to version: a shell starts its background
/// programs deaf to SIGQUIT, and SIGTERM may wait for the clients. So SIGKILL. A <c>server_lifetime</c> of 0 would not mean "for ever" but
/// a new session for each transaction, which starts with nothing in its caches and takes twenty times as long.
/// </remarks>
public sealed class PgBouncer(PostgresCluster cluster) : IAsyncDisposable
{
    private const string Supervise = """
        folder=$1; program=$2
        exec >>"$folder/pgbouncer.log" 2>&1
        "$program" "$folder/pgbouncer.ini" &
        pooler=$!
        trap '' INT TERM HUP
        read -r word
        kill -KILL $pooler
        wait $pooler
        rm -rf "$folder"
        """;

    private readonly Lock one = new();
    private Task? first;
    private Process? supervisor;

    public int Port { get; private set; }

    /// <summary>The same database through the pooler. Starts it when asked for the first time.</summary>
    public async Task<string> ThroughAsync(string connectionString)
    {
        Task started;
        lock (one) started = first ??= StartAsync(connectionString);
        await started;
        return new NpgsqlConnectionStringBuilder(connectionString) { Port = Port }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        if (supervisor is not { } running) return;
        running.StandardInput.Close();
        await running.WaitForExitAsync();
        running.Dispose();
    }

    private async Task StartAsync(string connectionString)
    {
        // Debian puts it where an ordinary user's path does not look.
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Append("/usr/sbin");
        var program = folders.Select(each => Path.Combine(each, "pgbouncer")).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("These tests need PgBouncer, and it was not found. On Debian or Ubuntu: apt-get install pgbouncer");
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        var folder = await cluster.MakeFolderAsync("payonce-pgbouncer-");
        await cluster.WriteAsync(Path.Combine(folder, "users.txt"), $"\"{server.Username}\" \"{server.Password}\"\n");
        await cluster.WriteAsync(Path.Combine(folder, "pgbouncer.ini"), $"""
            [databases]
            * = host={server.Host} port={server.Port.ToString(CultureInfo.InvariantCulture)}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {Port.ToString(CultureInfo.InvariantCulture)}
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = {Path.Combine(folder, "users.txt")}
            pool_mode = transaction
            default_pool_size = 3
            max_client_conn = 200
            server_round_robin = 1
            """);
        supervisor = Process.Start(cluster.AsServer("sh", ["-c", Supervise, "sh", folder, program], redirectInput: true))!;
        await WaitUntilReadyAsync(new NpgsqlConnectionStringBuilder(connectionString) { Port = Port, Pooling = false }.ConnectionString);
    }

    private static async Task WaitUntilReadyAsync(string connectionString)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (since.Elapsed < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(20);
            }
        }
    }
}
