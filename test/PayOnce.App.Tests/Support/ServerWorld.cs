using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Host;
using PayOnce.App.Server;
using PayOnce.Claims;
using PayOnce.Claims.Intake;
using PayOnce.Exporters.Api;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Stores.Postgres;
using PayOnce.Stores.Sqlite;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Support;

/// <summary>A server over a store of the test's own, behind a real socket, and one who talks to it.</summary>
internal sealed class ServerWorld : IAsyncDisposable
{
    /// <summary>An integration that needs nothing outside.</summary>
    public const string GenericFile = """{"exporter":"generic","transport":"file","format":"csv"}""";

    /// <summary>Of every user of the tests.</summary>
    public const string Password = "correct horse battery staple";

    // Few: a test is no place to be slow on purpose.
    private const int PasswordRounds = 1000;

    private static readonly string PasswordHash = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = PasswordRounds })).HashPassword(null!, Password);

    private int users;
    private readonly DirectoryInfo folder;
    private Func<Task> removeStore;
    private readonly List<WebApplication> servers = [];

    /// <summary>The servers that were started, the first one first.</summary>
    public IReadOnlyList<WebApplication> Servers => servers;

    private readonly Func<IServerStore> open;
    private readonly List<IServerStore> opened = [];

    private ServerWorld(DirectoryInfo folder, Func<IServerStore> open, Func<Task> removeStore)
    {
        this.folder = folder;
        this.open = open;
        this.removeStore = removeStore;
        Store = Open();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The store that the test looks into and fills; each server has its own onto the same data.</summary>
    public IServerStore Store { get; }

    /// <summary>Where the first server listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>An empty folder of the test's own.</summary>
    public string Folder => folder.FullName;

    /// <summary>A server with the organisation <c>hlf</c> and so many claims R1-000001, R1-000002, …</summary>
    public static async Task<ServerWorld> StartAsync(StoreKind kind, PostgresCluster cluster, int claims = 0, string settings = GenericFile)
    {
        var world = await CreateAsync(kind, cluster);
        await world.AddOrganisationAsync("hlf", claims, settings);
        world.Address = await world.StartServerAsync();
        return world;
    }

    /// <summary>The store alone, migrated and empty.</summary>
    public static async Task<ServerWorld> CreateAsync(StoreKind kind, PostgresCluster cluster)
    {
        var folder = Directory.CreateTempSubdirectory("payonce-server-");
        if (kind is StoreKind.Sqlite)
        {
            var file = Path.Combine(folder.FullName, "payonce.db");
            SqliteTemplate.CopyTo(file);
            return new ServerWorld(folder, () => new SqliteStore(file, TimeProvider.System), () => Task.CompletedTask);
        }
        var connection = await cluster.CreateDatabaseAsync();
        return new ServerWorld(folder, () => new PostgresStore(connection, TimeProvider.System), () => cluster.DropDatabaseAsync(connection));
    }

    /// <summary>Another server onto the same data, as another node would be.</summary>
    public async Task<Uri> StartServerAsync(Func<ServerParts, ServerParts>? change = null)
    {
        var store = Open();
        var vault = new SecretVault(Path.Combine(Folder, "keys"));
        var surroundings = new Surroundings(_ => null, Folder, "test", Stream.Null, Stream.Null, TextWriter.Null, OutputWidth: null, ErrorIsTerminal: false, TimeProvider.System, new ProcessNode());
        var rules = EndpointRules.Parse(null, loopback: true).Rules!;
        var parts = ServerParts.Over(store, vault, rules, NoEpochWitness.Instance, surroundings, NoSteps.Instance) with { PasswordRounds = PasswordRounds, Options = new ServerOptions { Urls = ["http://127.0.0.1:0"], RequestsPerSecond = 10_000 } };
        var app = PayOnceServer.Build(change?.Invoke(parts) ?? parts);
        servers.Add(app);
        await app.StartAsync(Cancel);
        return new Uri(app.Urls.First());
    }

    /// <summary>An organisation with an integration and generated claims of its own.</summary>
    public async Task AddOrganisationAsync(string id, int claims, string settings = GenericFile)
    {
        Assert.True(await Store.AddOrganisationAsync(new Organisation(id, id.ToUpperInvariant(), "Europe/Oslo"), "test", Cancel));
        await Store.SaveIntegrationAsync(id, settings, "test", Cancel);
        if (claims > 0) await BringAsync(id, ClaimsGenerator.Generate(claims, seed: 1));
    }

    /// <summary>Takes claims in as an import does.</summary>
    public async Task BringAsync(string organisation, IEnumerable<Claim> claims)
    {
        using var file = new MemoryStream();
        await ClaimsWriter.WriteAsync(file, ClaimsFormat.JsonLines, claims, ClaimsGenerator.Dimensions, Cancel);
        file.Position = 0;
        var found = (await Store.FindOrganisationAsync(organisation, Cancel))!;
        var report = await ClaimsImport.RunAsync(Store, found, IntakeRules.None, "claims.jsonl", file, "test", TimeProvider.System, progress: null, Cancel);
        Assert.Equal(0, report.Refused);
    }

    /// <summary>A client that keeps cookies and follows no redirects.</summary>
    public HttpClient NewClient(Uri? address = null) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = true,
        // A busy machine may need more than the default second to refuse a large body; sent on without its word, it breaks the refusal.
        Expect100ContinueTimeout = TimeSpan.FromMinutes(1),
    })
    { BaseAddress = address ?? Address };

    /// <summary>A client signed in as somebody with this role, by the page as a person does it.</summary>
    public async Task<HttpClient> SignedInAsync(Role role, string organisation = "hlf", Uri? address = null)
    {
        var email = await AddUserAsync(role, organisation);
        var client = NewClient(address);
        await client.SignInAsync(email, Password);
        return client;
    }

    /// <summary>A user with this role and <see cref="Password"/>; returns the e-mail address.</summary>
    public async Task<string> AddUserAsync(Role role, string organisation = "hlf", bool isOperator = false)
    {
        var number = Interlocked.Increment(ref users);
        var user = new NewUser($"user{number}", $"user{number}@example.org", $"{role} {number}", Language: null, PasswordHash, "stamp");
        Assert.IsType<UserAnswer.Done>(await Store.AddUserAsync(user, isOperator, Cancel));
        Assert.IsType<MembershipAnswer.Done>(await Store.SetMembershipAsync(new Membership(organisation, user.UserId, role, role is Role.Claimant ? $"claimant{number}" : null), "test", Cancel));
        return user.Email;
    }

    /// <summary>A client that comes with an API key of the organisation.</summary>
    public async Task<HttpClient> WithTokenAsync(Permission permissions, string organisation = "hlf", Uri? address = null)
    {
        var id = $"token{Interlocked.Increment(ref users)}";
        var token = TokenScheme.Write(id, Secret.New());
        Assert.IsType<AddTokenAnswer.Added>(await Store.AddTokenAsync(organisation, new NewApiToken(id, id, Secret.Sha256(token), permissions, TimeSpan.FromDays(1)), "test", Cancel));
        var client = NewClient(address);
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    /// <summary>Where an answer sends its reader, as path and query; elsewhere than to the first server fails the test.</summary>
    public string Here(HttpResponseMessage answer)
    {
        var to = new Uri(Address, answer.Headers.Location!);
        Assert.Equal(Address.Authority, to.Authority);
        return to.PathAndQuery;
    }

    /// <summary>Takes the database away under the servers; on PostgreSQL.</summary>
    public async Task RemoveDatabaseAsync()
    {
        await removeStore();
        removeStore = () => Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
        {
            await server.StopAsync(CancellationToken.None);
            await server.DisposeAsync();
        }
        foreach (var store in opened) await store.DisposeAsync();
        await removeStore();
        folder.Delete(recursive: true);
    }

    private IServerStore Open()
    {
        var store = open();
        opened.Add(store);
        return store;
    }
}
