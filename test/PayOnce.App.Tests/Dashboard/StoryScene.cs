using Microsoft.Playwright;
using PayOnce.Access;
using PayOnce.App.Server;
using PayOnce.App.Tests.Support;
using PayOnce.Exporters;
using PayOnce.Runs;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>A server of the story's own and the people in it, each in a browser of theirs.</summary>
internal sealed class StoryScene(ServerWorld world, Uri address, Browser browser, StoryGate gate) : IAsyncDisposable
{
    private readonly List<IBrowserContext> contexts = [];
    private readonly List<string> trouble = [];

    public ServerWorld World => world;

    /// <summary>Where a run of this server waits until the story goes on.</summary>
    public StoryGate Gate => gate;

    public static async Task<StoryScene> StartAsync(PostgresCluster cluster, Browser browser, int claims = 0, string settings = ServerWorld.GenericFile)
    {
        var world = await ServerWorld.CreateAsync(StoreKind.Sqlite, cluster);
        // As PayOnce itself writes settings down: what one flag changed is told by that.
        await world.AddOrganisationAsync("hlf", claims, IntegrationSettings.FromStored(settings).ToJson());
        var gate = new StoryGate();
        var address = await world.StartServerAsync(parts => ServerParts.Over(parts.Store, parts.Vault, parts.Rules, NoEpochWitness.Instance, parts.Surroundings, gate) with { Options = parts.Options });
        return new StoryScene(world, address, browser, gate);
    }

    /// <summary>Somebody signs in by the page and stands on the organisation's overview.</summary>
    public async Task<IPage> SignInAsync(bool script, Role role = Role.Administrator)
    {
        var email = await world.AddUserAsync(role);
        var context = await browser.NewContextAsync(new() { Locale = "nb-NO", JavaScriptEnabled = script });
        contexts.Add(context);
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => trouble.Add(error);
        page.Console += (_, message) =>
        {
            // What the browser says to a form that was sent back is no trouble.
            if (message.Type == "error" && !message.Text.Contains("422", StringComparison.Ordinal)) trouble.Add(message.Text);
        };
        await page.GotoAsync(new Uri(address, "/sign-in").ToString());
        await page.GetByLabel("E-post").FillAsync(email);
        await page.GetByLabel("Passord").FillAsync(ServerWorld.Password);
        await page.ButtonAsync("Logg inn");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(role is Role.Claimant ? "Mine krav" : "Oversikt");
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        gate.Open();
        foreach (var context in contexts) await context.DisposeAsync();
        await world.DisposeAsync();
        Assert.Empty(trouble);
    }
}

/// <summary>Holds every run of a server that makes files before the commit that makes its file available, once it is closed.</summary>
internal sealed class StoryGate : ISteps
{
    private TaskCompletionSource way = Done();

    public void Close() => way = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => way.TrySetResult();

    public async ValueTask At(string name)
    {
        if (name == StepNames.Before(StepNames.Confirm)) await way.Task;
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }
}
