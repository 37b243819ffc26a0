using System.Text.Json;
using Npgsql;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Host;
using PayOnce.Claims;
using PayOnce.Claims.Intake;
using PayOnce.EndToEnd.Tests.Support;
using PayOnce.Stores;
using PayOnce.Stores.Postgres;
using PayOnce.Tests.Support;

namespace PayOnce.EndToEnd.Tests.Nodes;

/// <summary>Several nodes, each a process, on one PostgreSQL with one organisation; whoever stands still or dies is seen and told here.</summary>
internal sealed class NodesWorld : IAsyncDisposable
{
    public const string Org = "hlf";

    /// <summary>Of the generated claims.</summary>
    public const ulong ClaimsSeed = 3;

    private const Permission Everything = Permission.Read | Permission.BringClaims | Permission.Sync | Permission.Decide | Permission.Configure;

    private readonly string folder = Directory.CreateTempSubdirectory("payonce-nodes-").FullName;
    private readonly List<ServerNode> nodes = [];

    private NodesWorld(string connection)
    {
        Connection = connection;
        Token = TokenScheme.Write("program", Secret.New());
        Store = new PostgresStore(connection, TimeProvider.System);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The judge's own view of the database.</summary>
    public IServerStore Store { get; }

    /// <summary>The database, as the nodes reach it.</summary>
    public string Connection { get; }

    /// <summary>The key that the program calls the nodes with.</summary>
    public string Token { get; }

    /// <summary>Given to each node that starts from here on.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; set; } = new Dictionary<string, string>();

    /// <summary>Where files are published, if the settings say so.</summary>
    public string Outside => Path.Combine(folder, "outside");

    /// <summary>The nodes that were not killed or ended.</summary>
    public IReadOnlyList<ServerNode> Alive => [.. nodes.Where(node => !node.Process.HasEnded)];

    /// <summary>The organisation, its integration, its claims, and a key for programs; no node yet.</summary>
    public static async Task<NodesWorld> CreateAsync(PostgresCluster cluster, int claims, Func<NodesWorld, string> settings)
    {
        // The worst that an operator can say of it: the driver keeps the password where others can read it.
        var world = new NodesWorld(new NpgsqlConnectionStringBuilder(await cluster.CreateDatabaseAsync()) { PersistSecurityInfo = true }.ConnectionString);
        Directory.CreateDirectory(world.Outside);
        var vault = new SecretVault(world.Keys);
        Assert.True(await world.Store.AddOrganisationAsync(new Organisation(Org, "HLF", "Europe/Oslo"), "test", Cancel));
        await world.Store.SaveIntegrationAsync(Org, settings(world), "test", Cancel);
        await world.Store.SetSecretAsync(Org, "token", vault.Protect(Org, "token", "sandbox-token"), "test", Cancel);
        Assert.IsType<AddTokenAnswer.Added>(await world.Store.AddTokenAsync(Org, new NewApiToken("program", "program", Secret.Sha256(world.Token), Everything, TimeSpan.FromDays(1)), "test", Cancel));
        using var file = new MemoryStream();
        await ClaimsWriter.WriteAsync(file, ClaimsFormat.JsonLines, ClaimsGenerator.Generate(claims, ClaimsSeed), ClaimsGenerator.Dimensions, Cancel);
        file.Position = 0;
        var organisation = (await world.Store.FindOrganisationAsync(Org, Cancel))!;
        var report = await ClaimsImport.RunAsync(world.Store, organisation, IntakeRules.None, "claims.jsonl", file, "test", TimeProvider.System, progress: null, Cancel);
        Assert.Equal(claims, report.Added);
        return world;
    }

    /// <summary>Starts so many nodes beside each other.</summary>
    /// <param name="pauseAt">The step at which each of them, the first time it comes by, stands still until it is resumed or killed.</param>
    public async Task StartAsync(int count, params string?[] pauseAt) =>
        nodes.AddRange(await Task.WhenAll(Enumerable.Range(0, count).Select(n => ServerNode.StartAsync($"{n + 1}", ["--postgres", Connection, "--keys", Keys], Token, pauseAt.Length == 0 ? null : pauseAt[n % pauseAt.Length], Environment))));

    /// <summary>Starts the command line beside the nodes, onto the same database.</summary>
    /// <param name="pauseAt">The step at which it stands still until it is resumed; null for none.</param>
    public Payonce Command(string? pauseAt, params string[] arguments)
    {
        var environment = new Dictionary<string, string>(Environment) { ["PAYONCE_ALLOW_ENDPOINTS"] = "127.0.0.1" };
        if (pauseAt is not null) environment["PAYONCE_PAUSE_AT"] = pauseAt;
        return Payonce.Start([.. arguments, "--postgres", Connection, "--keys", Keys], environment);
    }

    /// <summary>Waits until a node stands still, and tells which.</summary>
    public async Task<ServerNode> OneStandsStillAsync(ServerNode? apartFrom = null)
    {
        ServerNode? found = null;
        await Until.TrueAsync(() => Task.FromResult((found = Alive.FirstOrDefault(node => node != apartFrom && node.Process.StandsStill)) is not null), () => "No node came by the step.\n" + Describe());
        return found!;
    }

    /// <summary>SIGKILL, and its end is seen.</summary>
    public static async Task KillAsync(ServerNode node)
    {
        node.Process.Kill();
        Assert.Equal(Payonce.Killed, (await node.Process.EndAsync()).ExitCode);
    }

    /// <summary>Asks a node until the request is over. Whoever stands still meanwhile is killed as long as others are left to take over, and so many may die; then resumed.</summary>
    public async Task<JsonElement> OverAsync(long request, int mayDie = 0)
    {
        JsonElement now = default;
        await Until.TrueAsync(async () =>
        {
            foreach (var node in Alive.Where(node => node.Process.StandsStill))
            {
                if (mayDie-- > 0 && Alive.Count > 1) await KillAsync(node);
                else node.Process.Resume();
            }
            if (await Alive[^1].TryGetAsync($"requests/{request}") is not { } answer) return false;
            now = answer;
            return now.GetProperty("endedAt").ValueKind == JsonValueKind.String;
        }, () => $"Request {request} never ended: {now}\n{Describe()}");
        return now;
    }

    /// <summary>Lets the lease's time be over: nobody waits a minute for it here.</summary>
    public async Task ExpireLeaseAsync()
    {
        await using var source = NpgsqlDataSource.Create(Connection);
        await using var command = source.CreateCommand("update payonce.run_leases set expires_at = taken_at");
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
        {
            if (!node.Process.HasEnded)
            {
                node.Process.Kill();
                await node.Process.EndAsync();
            }
            node.Dispose();
        }
        await Store.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private string Keys => Path.Combine(folder, "keys");

    private string Describe() => string.Join('\n', nodes);
}
