using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Playwright;
using PayOnce.App.Tests.Support;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard.Walk;

/// <summary>
/// Every page of the dashboard in a browser: without barriers for those who see little or nothing, who use the keyboard alone, who
/// enlarge, or who choose their own colours. Pictures of what was seen lie in artifacts/pictures, or where PAYONCE_PICTURES says.
/// </summary>
public sealed class BarrierWalkTests(PostgresCluster cluster, Browser browser)
{
    // Every page in every state is looked at with axe and for its structure in each run. Of the further looks the most important pages
    // have all and each other one has one, in turn; all of them with dotnet run build.cs -- walk.
    private const int Turns = 3;

    // Parts of addresses, for whoever works at a few pages.
    private static readonly string[] Only = Environment.GetEnvironmentVariable("PAYONCE_WALK")?.Split(',') ?? [];

    // Pages at a time: the browser renders each in a process of its own.
    private const int AtATime = 3;

    [Fact(Timeout = Hang.Limit)]
    public async Task No_page_has_a_barrier_in_any_state_language_colour_or_size()
    {
        await using var world = await ServerWorld.CreateAsync(StoreKind.Sqlite, cluster);
        var scene = await WalkScene.MakeAsync(world);
        var address = await world.StartServerAsync();
        await using var fresh = await ServerWorld.CreateAsync(StoreKind.Sqlite, cluster);
        await fresh.Store.OfferFirstAdministratorAsync(A.Sha256("first"), TimeSpan.FromHours(1), replace: true, TestContext.Current.CancellationToken);
        var untouched = await fresh.StartServerAsync();
        Assert.Empty(PagesOf(world).Except(Stops.All.Select(stop => stop.Route)));
        var wrong = new ConcurrentQueue<string>();
        foreach (var (language, locale) in new[] { ("nb", "nb-NO"), ("en", "en-GB") })
        {
            // The server without users has a browser of its own: cookies do not tell one port from another.
            foreach (var (stranger, isFresh, driver) in new[] { (true, true, false), (true, false, false), (false, false, true), (false, false, false) })
            {
                await using var context = await browser.NewContextAsync(new() { Locale = locale, ViewportSize = new() { Width = 1280, Height = 800 } });
                await Probe.PrepareAsync(context);
                if (!stranger) await SignInAsync(context, address, driver ? scene.DriverEmail : scene.Email);
                else await OpenOnceAsync(context, isFresh ? untouched : address);
                var left = new ConcurrentQueue<Stop>(Stops.All.Where(stop => stop.Stranger == stranger && stop.Fresh == isFresh && stop.Driver == driver && IsLookedAt(stop, language)));
                await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => WalkAsync(context, isFresh ? untouched : address, language, left, wrong)));
            }
        }
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong.Order(StringComparer.Ordinal)));
    }

    private static async Task WalkAsync(IBrowserContext context, Uri address, string language, ConcurrentQueue<Stop> left, ConcurrentQueue<string> wrong)
    {
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => wrong.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource: the server responded with a status of 4", StringComparison.Ordinal)) wrong.Enqueue($"{page.Url}: {message.Text}");
        };
        var probe = new Probe(page, language, wrong);
        while (left.TryDequeue(out var stop))
        {
            try
            {
                await LookAsync(probe, address, language, stop);
            }
            catch (Exception trouble) when (trouble is TimeoutException or PlaywrightException)
            {
                // The walk goes on: one page that is not as it was expected hides no other.
                wrong.Enqueue($"{stop} {language}: {trouble.Message}");
            }
        }
    }

    private static async Task LookAsync(Probe probe, Uri address, string language, Stop stop)
    {
        await probe.OpenAsync(address, stop);
        await probe.StructureAsync(stop);
        if (language == "nb")
        {
            await probe.AxeAsync(stop);
            await probe.KeepAsync(stop, "light");
            // Behind a form that was sent the focus is somewhere else already.
            if (stop.Act is null && !stop.Refused && HasTurn(stop, 0)) await probe.TabAsync(stop);
            if (stop.Act is null && stop.Key) await probe.SkipAsync(stop);
            if (HasTurn(stop, 1)) await probe.NarrowAsync(stop);
            return;
        }
        await probe.AxeOfWordsAsync(stop);
        await probe.InColoursAsync(stop, ColorScheme.Dark, ForcedColors.None);
        await probe.InColoursAsync(stop, ColorScheme.Light, ForcedColors.Active);
    }

    private static bool IsLookedAt(Stop stop, string language) =>
        (language == "nb" || HasTurn(stop, 2)) && (Only.Length == 0 || Only.Any(part => stop.Path.Contains(part, StringComparison.Ordinal)));

    private static bool HasTurn(Stop stop, int turn) => Probe.KeepsAll || stop.Key || Stops.IndexOf(stop) % Turns == turn;

    private static IEnumerable<string> PagesOf(ServerWorld world) =>
        from endpoint in ((IEndpointRouteBuilder)world.Servers[0]).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
        let pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
        where !pattern.Contains("{**", StringComparison.Ordinal)
        select pattern;

    /// <summary>Brings the cookie that forms are checked against: pages that were opened at the same time without it would each bring another.</summary>
    private static async Task OpenOnceAsync(IBrowserContext context, Uri address)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(address, "/sign-in").ToString());
        await page.CloseAsync();
    }

    private static async Task SignInAsync(IBrowserContext context, Uri address, string email)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(address, "/sign-in").ToString());
        await page.FillAsync("#email", email);
        await page.FillAsync("#password", ServerWorld.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
        await page.CloseAsync();
    }
}
