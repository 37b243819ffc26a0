using Microsoft.Playwright;
using PayOnce.Access;
using PayOnce.App.Tests.Support;
using PayOnce.Guard;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>The pages about runs in a browser: kept true while a run goes on.</summary>
public sealed class RunBrowserTests(PostgresCluster cluster, Browser browser)
{
    [Fact(Timeout = Hang.Limit)]
    public async Task A_run_is_watched_to_its_end_without_a_reload_and_without_moving_the_focus()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, settings: RunScenes.Api);
        var run = await RunScenes.UnderWayAsync(world);
        var (context, page, trouble) = await OpenAsync(world, Role.Coordinator, "nb-NO");
        await using var closing = context;
        await page.GotoAsync(new Uri(world.Address, "/o/hlf/runs/1").ToString());
        await page.EvaluateAsync("() => { window.loaded = 1; document.querySelector('a[href$=\"/stop\"]').focus(); }");
        await run.EndTriesAsync(run.Ended(1, MarkState.Exported), run.Ended(2, MarkState.Exported));
        // The text changes every five seconds at most.
        await Assertions.Expect(page.Locator("#live-first")).ToHaveTextAsync("Eksportert 50 av 100 krav.");
        await Assertions.Expect(page.Locator("#live-bar")).ToHaveJSPropertyAsync("value", 50);
        await run.EndTriesAsync(run.Ended(3, MarkState.Exported), run.Ended(4, MarkState.Rejected));
        Assert.Contains("/stop", await page.EvaluateAsync<string>("() => document.activeElement.getAttribute('href')"), StringComparison.Ordinal);
        await run.FinishAsync();
        await Assertions.Expect(page.Locator("#live-say")).ToContainTextAsync("Kjøringen er ferdig.");
        await Assertions.Expect(page).ToHaveTitleAsync("Ferdig, noe avvist – Kjøring 1 – PayOnce");
        await Assertions.Expect(page.Locator("#live-state")).ToHaveTextAsync("Ferdig, noe avvist");
        Assert.Equal(1, await page.EvaluateAsync<int>("() => window.loaded"));
        await page.GetByText("Last siden på nytt for hele rapporten").ClickAsync();
        await Assertions.Expect(page.Locator("#account")).ToBeVisibleAsync();
        Assert.Equal(0, await page.Locator("#live-bar").CountAsync());
        Assert.Empty(trouble);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task Without_script_or_with_updates_stopped_the_page_is_true_as_it_was_loaded_and_offers_to_update()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, settings: RunScenes.Api);
        var run = await RunScenes.UnderWayAsync(world);
        var (context, page, trouble) = await OpenAsync(world, Role.Coordinator, "nb-NO", script: false);
        await using var closing = context;
        await page.GotoAsync(new Uri(world.Address, "/o/hlf/runs/1").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Stans automatisk oppdatering" }).ClickAsync();
        Assert.Equal(0, await page.Locator("[data-live]").CountAsync());
        await run.EndTriesAsync(run.Ended(1, MarkState.Exported));
        await page.GetByRole(AriaRole.Link, new() { Name = "Oppdater nå" }).ClickAsync();
        await Assertions.Expect(page.Locator("#live-first")).ToHaveTextAsync("Eksportert 25 av 100 krav.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Oppdater automatisk" }).ClickAsync();
        Assert.Equal(1, await page.Locator("[data-live]").CountAsync());
        Assert.Empty(trouble);
    }

    private async Task<(IBrowserContext Context, IPage Page, List<string> Trouble)> OpenAsync(ServerWorld world, Role role, string language, bool script = true)
    {
        var email = await world.AddUserAsync(role);
        var context = await browser.NewContextAsync(new() { Locale = language, JavaScriptEnabled = script });
        var page = await context.NewPageAsync();
        var trouble = new List<string>();
        page.PageError += (_, error) => trouble.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error") trouble.Add(message.Text);
        };
        await page.GotoAsync(new Uri(world.Address, "/sign-in").ToString());
        await page.FillAsync("[name=email]", email);
        await page.FillAsync("[name=password]", ServerWorld.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(address => !address.Contains("sign-in", StringComparison.Ordinal));
        return (context, page, trouble);
    }
}
