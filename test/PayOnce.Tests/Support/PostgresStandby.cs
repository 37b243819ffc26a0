using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace PayOnce.Tests.Support;

/// <summary>
/// A streaming stand-by of the tests' PostgreSQL, to fail over to. Every commit waits for it (<c>synchronous_standby_names</c>), so
/// what was acknowledged is there too. Gone without a trace at the end, also when the tests' process is killed.
/// </summary>
public sealed class PostgresStandby : IAsyncDisposable
{
    private const string Supervise = """
        folder=$1; shift
        exec >>"$folder/server.log" 2>&1
        "$@" &
        server=$!
        trap '' INT TERM HUP
        read -r word
        kill -QUIT $server
        wait $server
        rm -rf "$folder"
        """;

    private readonly PostgresCluster cluster;
    private readonly Process supervisor;

    private PostgresStandby(PostgresCluster cluster, Process supervisor, int port) => (this.cluster, this.supervisor, Port) = (cluster, supervisor, port);

    public int Port { get; }

    /// <summary>Copies the primary, starts the copy, and makes commits wait for it from now on.</summary>
    public static async Task<PostgresStandby> FollowAsync(PostgresCluster cluster)
    {
        var folder = await cluster.MakeFolderAsync("payonce-standby-");
        var (data, port) = (Path.Combine(folder, "data"), FreePort());
        var primary = new NpgsqlConnectionStringBuilder(cluster.ConnectionString("postgres"));
        string[] copy =
        [
            $"PGPASSWORD={primary.Password}", Path.Combine(cluster.Programs, "pg_basebackup"), "-h", "127.0.0.1", "-p", primary.Port.ToString(CultureInfo.InvariantCulture), "-U", primary.Username!,
            "-D", data, "-R", "-X", "stream", "-c", "fast",
        ];
        using (var made = Process.Start(cluster.AsServer("env", copy, redirectInput: true))!)
        {
            await made.WaitForExitAsync();
            if (made.ExitCode != 0) throw new InvalidOperationException($"pg_basebackup ended with {made.ExitCode}.");
        }
        string[] server =
        [
            Path.Combine(cluster.Programs, "postgres"), "-D", data, "-c", string.Create(CultureInfo.InvariantCulture, $"port={port}"), "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={folder}",
            "-c", "max_connections=200", "-c", "synchronous_standby_names=",
        ];
        var supervisor = Process.Start(cluster.AsServer("sh", ["-c", Supervise, "sh", folder, .. server], redirectInput: true))!;
        var standby = new PostgresStandby(cluster, supervisor, port);
        await standby.AskAsync("select 1", TimeSpan.FromSeconds(60));
        await cluster.ExecuteAsync("postgres", "alter system set synchronous_standby_names = '*'");
        await cluster.ExecuteAsync("postgres", "select pg_reload_conf()");
        return standby;
    }

    /// <summary>The same database, wherever the primary is by now.</summary>
    public string WhicheverIsPrimary(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        Host = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{cluster.Port},127.0.0.1:{Port}"),
        Port = 5432,
        TargetSessionAttributes = "primary",
    }.ConnectionString;

    /// <summary>Becomes the primary.</summary>
    public Task PromoteAsync() => AskAsync("select pg_promote(true, 60)", TimeSpan.Zero);

    public async ValueTask DisposeAsync()
    {
        supervisor.StandardInput.Close();
        await supervisor.WaitForExitAsync();
        supervisor.Dispose();
    }

    private async Task AskAsync(string sql, TimeSpan patience)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(cluster.ConnectionString("postgres")) { Port = Port }.ConnectionString);
                await connection.OpenAsync();
                await using var command = new NpgsqlCommand(sql, connection);
                await command.ExecuteNonQueryAsync();
                return;
            }
            catch (NpgsqlException) when (since.Elapsed < patience)
            {
                await Task.Delay(20);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
