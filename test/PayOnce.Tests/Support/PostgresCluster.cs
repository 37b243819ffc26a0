using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;
using PayOnce.Stores.Postgres;

namespace PayOnce.Tests.Support;

/// <summary>
/// A real PostgreSQL server of the tests' own: made in a temporary folder, on a free loopback port, started when the first database
/// is asked for, and gone without a trace at the end, also when the tests' process is killed. Give it to a test class as an
/// assembly fixture, or make one and dispose of it.
/// </summary>
/// <remarks>
/// PostgreSQL refuses to run as root: then it runs as user <c>postgres</c>. A small shell holds the server and reads our end of a
/// pipe; when that closes, for whatever reason, it stops the server and removes the folder.
/// </remarks>
public sealed class PostgresCluster : IAsyncDisposable
{
    /// <summary>The oldest version that PayOnce supports.</summary>
    public const int OldestVersion = 15;

    private const string Template = "payonce_template";
    private const string Supervise = """
        folder=$1; shift
        exec >>"$folder/server.log" 2>&1
        "$@" &
        server=$!
        trap '' INT TERM HUP
        read -r word || word=gone
        case $word in fast) kill -INT $server ;; *) kill -QUIT $server ;; esac
        wait $server
        [ "$word" != gone ] || rm -rf "$folder"
        """;

    private readonly Lock one = new();
    private readonly string password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private string? folder;
    private Process? supervisor;
    private Task? first;
    private int databases;

    /// <summary>Server settings that differ from the default, such as <c>shared_buffers</c>. Durability is on unless taken away here.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the server has a template with PayOnce's schema, from which databases are made. False: nobody has migrated anything here.</summary>
    public bool Migrated { get; init; } = true;

    /// <summary>Where PostgreSQL's programs are.</summary>
    public string Programs { get; private set; } = "";

    public int Port { get; private set; }

    /// <summary>A connection as superuser to a database of the cluster, without a pool.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = "postgres",
        Password = password,
        Database = database,
        Pooling = false,
    }.ConnectionString;

    /// <summary>A fresh database; starts the server if need be. As superuser.</summary>
    /// <param name="migrated">With PayOnce's schema (copied from a template, which is quick), or without anything.</param>
    /// <returns>A connection string with pooling on.</returns>
    public async Task<string> CreateDatabaseAsync(bool migrated = true)
    {
        await EnsureStartedAsync();
        var name = FormattableString.Invariant($"test_{Interlocked.Increment(ref databases)}");
        await ExecuteAsync("postgres", $"create database {name} template {(migrated ? Template : "template0")}");
        return new NpgsqlConnectionStringBuilder(ConnectionString(name)) { Pooling = true, MaxPoolSize = 20 }.ConnectionString;
    }

    /// <summary>Removes a database whoever is still connected to it.</summary>
    public async Task DropDatabaseAsync(string connectionString)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await ExecuteAsync("postgres", $"drop database if exists {name} with (force)");
    }

    /// <summary>Runs statements as superuser in one of the databases.</summary>
    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Starts the server, at the same port and data as before if there was one.</summary>
    public async Task StartAsync()
    {
        if (supervisor is not null) return;
        if (folder is null) await MakeAsync();
        var settings = new Dictionary<string, string>
        {
            ["port"] = Port.ToString(CultureInfo.InvariantCulture),
            ["listen_addresses"] = "127.0.0.1",
            ["unix_socket_directories"] = folder!,
            ["max_connections"] = "200",
            ["shared_buffers"] = "256MB",
        };
        foreach (var (name, value) in Settings) settings[name] = value;
        string[] server = [Path.Combine(Programs, "postgres"), "-D", Path.Combine(folder!, "data"), .. settings.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" })];
        supervisor = Process.Start(AsServer("sh", ["-c", Supervise, "sh", folder!, .. server], redirectInput: true))!;
        await WaitUntilReadyAsync();
    }

    /// <summary>Stops the server and keeps its data. Immediately: as a power cut would, leaving recovery to the next start.</summary>
    public async Task StopAsync(bool immediately)
    {
        if (supervisor is not { } running) return;
        supervisor = null;
        await running.StandardInput.WriteLineAsync(immediately ? "immediate" : "fast");
        await running.WaitForExitAsync();
        running.Dispose();
        NpgsqlConnection.ClearAllPools();
    }

    public async ValueTask DisposeAsync()
    {
        if (folder is not null && supervisor is null) await RunAsync("rm", "-rf", folder);
        if (supervisor is { } running)
        {
            running.StandardInput.Close();
            await running.WaitForExitAsync();
            running.Dispose();
        }
    }

    /// <summary>Once, by whoever asks first; a failure is everybody's.</summary>
    private Task EnsureStartedAsync()
    {
        lock (one) return first ??= FirstStartAsync();
    }

    private async Task FirstStartAsync()
    {
        await StartAsync();
        if (!Migrated) return;
        await ExecuteAsync("postgres", $"create database {Template} template template0");
        await using (var store = new PostgresStore(ConnectionString(Template), TimeProvider.System)) await store.MigrateAsync(CancellationToken.None);
        await ExecuteAsync("postgres", $"alter database {Template} is_template true");
    }

    private async Task MakeAsync()
    {
        Programs = FindPrograms();
        var made = folder = await MakeFolderAsync("payonce-pg-");
        Port = FreePort();
        var secret = Path.Combine(made, "password");
        string[] make =
        [
            "-c", "umask 077; cat >\"$0\"; exec \"$@\"", secret, Path.Combine(Programs, "initdb"), "-D", Path.Combine(made, "data"), "-U", "postgres", "-E", "UTF8",
            "--auth-local=trust", "--auth-host=scram-sha-256", $"--pwfile={secret}", "--no-sync", "--no-instructions", "--locale=C",
        ];
        // Norwegian order puts "aa" behind "z": whoever forgets a collation in the schema is found out. Not every build has ICU.
        var (ended, said) = await TryRunAsync("sh", [.. make, "--locale-provider=icu", "--icu-locale=nb-NO"], password);
        if (ended == 0) return;
        await RunAsync("rm", "-rf", Path.Combine(made, "data"));
        var (again, saidAgain) = await TryRunAsync("sh", make, password);
        if (again != 0) throw new InvalidOperationException($"initdb failed:\n{said}\n{saidAgain}");
    }

    /// <summary>A folder of the server's user. Its path is short: a socket's may have 107 characters.</summary>
    internal async Task<string> MakeFolderAsync(string prefix)
    {
        var made = Path.Combine(Path.GetTempPath(), prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)));
        await RunAsync("mkdir", "-m", "700", made);
        return made;
    }

    /// <summary>A file of the server's user that nobody else can read.</summary>
    internal async Task WriteAsync(string path, string text)
    {
        var (ended, said) = await TryRunAsync("sh", ["-c", "umask 077; cat >\"$0\"", path], text);
        if (ended != 0) throw new InvalidOperationException($"{path} could not be written: {said}");
    }

    private async Task WaitUntilReadyAsync()
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (since.Elapsed < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(20);
            }
            catch (NpgsqlException fault)
            {
                var (_, log) = await TryRunAsync("tail", ["-n", "30", Path.Combine(folder!, "server.log")]);
                throw new InvalidOperationException($"PostgreSQL did not start:\n{log}", fault);
            }
        }
    }

    /// <summary>The newest of Debian's versions that is new enough, or what the path has.</summary>
    private static string FindPrograms()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = (Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [])
            .Select(path => (Path: Path.Combine(path, "bin"), Number: int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0))
            .Where(version => version.Number >= OldestVersion && File.Exists(Path.Combine(version.Path, "initdb")))
            .OrderByDescending(version => version.Number);
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(path => path.Length > 0 && File.Exists(Path.Combine(path, "initdb")));
        return versions.Select(version => version.Path).Concat(onPath).FirstOrDefault()
            ?? throw new InvalidOperationException($"These tests need PostgreSQL {OldestVersion} or later, and its programs were not found. On Debian or Ubuntu: apt-get install postgresql");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        var (ended, said) = await TryRunAsync(program, arguments);
        if (ended != 0) throw new InvalidOperationException($"{program} ended with {ended}: {said}");
    }

    private async Task<(int Ended, string Said)> TryRunAsync(string program, string[] arguments, string? input = null)
    {
        var start = AsServer(program, arguments, redirectInput: true);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        if (input is not null) await process.StandardInput.WriteLineAsync(input);
        process.StandardInput.Close();
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(said).Trim());
    }

    /// <summary>A program as the user the server runs as, in an environment of its own.</summary>
    internal ProcessStartInfo AsServer(string program, IEnumerable<string> arguments, bool redirectInput)
    {
        string[] command = ["env", "-i", $"PATH={Programs}:/usr/local/bin:/usr/bin:/bin:/usr/sbin", "LC_ALL=C", program, .. arguments];
        if (Environment.UserName == "root")
            command = File.Exists("/usr/bin/setpriv") ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", .. command] : ["runuser", "-u", "postgres", "--", .. command];
        return new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = redirectInput, WorkingDirectory = "/" };
    }
}
