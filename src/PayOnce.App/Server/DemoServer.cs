using Microsoft.AspNetCore.Identity;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Host;
using PayOnce.Exporters.Api;
using PayOnce.Stores;
using PayOnce.Stores.Sqlite;

namespace PayOnce.App.Server;

/// <summary>The dashboard over the demo's folder, with somebody who may do everything there.</summary>
internal sealed class DemoServer : IAsyncDisposable
{
    private readonly IServerStore store;
    private readonly WebApplication app;

    private DemoServer(IServerStore store, WebApplication app, string password)
    {
        this.store = store;
        this.app = app;
        Password = password;
    }

    public const string Email = "demo@example.org";

    /// <summary>Made for this demo.</summary>
    public string Password { get; }

    public string Address => app.Urls.First();

    public static async Task<DemoServer> StartAsync(Storage.Embedded storage, Surroundings surroundings, string actor, ISteps steps, CancellationToken stop)
    {
        var store = new SqliteStore(storage.Database, surroundings.Clock);
        await store.MigrateAsync(stop);
        var vault = new SecretVault(Path.Combine(storage.Folder, "keys"));
        var rules = EndpointRules.Parse(null, loopback: true).Rules!;
        var parts = ServerParts.Over(store, vault, rules, new FileEpochWitness(Path.Combine(storage.Folder, "epochs")), surroundings, steps);
        var app = PayOnceServer.Build(parts with { Options = new ServerOptions { Urls = ["http://127.0.0.1:0"] } });
        await app.StartAsync(stop);

        var password = Secret.New()[..16];
        var hasher = app.Services.GetRequiredService<IPasswordHasher<User>>();
        var user = new NewUser(Secret.NewId(), Email, actor, Language: null, hasher.HashPassword(null!, password), Secret.NewId());
        await store.AddUserAsync(user, isOperator: true, stop);
        foreach (var organisation in await store.ListOrganisationsAsync(stop))
            await store.SetMembershipAsync(new Membership(organisation.OrganisationId, user.UserId, Role.Administrator, ClaimantId: null), actor, stop);
        return new DemoServer(store, app, password);
    }

    public Task WaitAsync(CancellationToken stop) => app.WaitForShutdownAsync(stop);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await store.DisposeAsync();
    }
}
