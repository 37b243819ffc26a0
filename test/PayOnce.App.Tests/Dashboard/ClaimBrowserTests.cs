using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using PayOnce.Access;
using PayOnce.App.Tests.Support;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>The pages about claims, doubt, the trail and the first start in a browser: without barriers and without script.</summary>
/// <remarks>Where <c>PAYONCE_PICTURES</c> names a folder, each page's picture is kept there, to be looked at.</remarks>
public sealed class ClaimBrowserTests(PostgresCluster cluster, Browser browser)
{
    private const string Generic = """{"exporter":"generic","transport":"api","format":"json","accounts":{"default":"7140","credit":"2400","creditTo":"account"},"api":{"endpoint":"http://127.0.0.1:9/claims","proofClass":"readable","quietSeconds":60}}""";

    private readonly List<string> barriers = [];

    [Theory(Timeout = 240_000)]
    [InlineData("nb-NO", ColorScheme.Light, ForcedColors.None)]
    [InlineData("en-GB", ColorScheme.Dark, ForcedColors.None)]
    [InlineData("en-GB", ColorScheme.Light, ForcedColors.Active)]
    public async Task No_barrier_is_found_on_any_page_about_claims(string language, ColorScheme colours, ForcedColors forced)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, settings: Generic);
        await RunScenes.OfEveryKindAsync(world);
        await using var context = await browser.NewContextAsync(new() { Locale = language, ColorScheme = colours, ForcedColors = forced });
        var page = await context.NewPageAsync();
        var trouble = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("422", StringComparison.Ordinal)) trouble.Add(message.Text);
        };
        await SignInAsync(world, page);
        foreach (var path in new[]
        {
            "/o/hlf/claims", "/o/hlf/claims?state=in-doubt&from=x", "/o/hlf/claims?claimant=nobody", "/o/hlf/claims/A-0001", "/o/hlf/claims/A-0026", "/o/hlf/claims/A-0051", "/o/hlf/claims/A-0076",
            "/o/hlf/claims/A-0001/re-export", "/o/hlf/claims/A-0001/re-export?step=reason", "/o/hlf/in-doubt", "/o/hlf/in-doubt/A-0051", "/o/hlf/audit", "/o/hlf/search?q=nothing", "/o/hlf/start", "/o/hlf/start/adopt",
            "/o/hlf/start/first-export", "/o/hlf/import", "/o/hlf/preview", "/help", "/accessibility",
        })
        {
            await page.GotoAsync(new Uri(world.Address, path).ToString());
            await LookAsync(page, path, language, colours);
        }

        // Forms that came back, and their second step.
        await page.GotoAsync(new Uri(world.Address, "/o/hlf/in-doubt/A-0051").ToString());
        await page.ClickAsync("button[value=check]");
        await LookAsync(page, "doubt refused", language, colours);
        await page.CheckAsync("#found-yes");
        await page.FillAsync("#voucher", "200415");
        await page.FillAsync("#reason", "I saw it");
        await page.ClickAsync("button[value=check]");
        await LookAsync(page, "doubt check", language, colours);
        await page.ClickAsync("button[value=decide]");
        await LookAsync(page, "doubt decided", language, colours);
        await page.GotoAsync(new Uri(world.Address, "/o/hlf/claims/A-0001/re-export?step=reason").ToString());
        await page.ClickAsync("button[value=check]");
        await LookAsync(page, "re-export refused", language, colours);
        await page.GotoAsync(new Uri(world.Address, "/o/hlf/import").ToString());
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "krav.csv", MimeType = "text/csv", Buffer = "claim_id,what\nx,y\n"u8.ToArray() });
        await page.ClickAsync("main button");
        await LookAsync(page, "import refused", language, colours);
        await page.GotoAsync(new Uri(world.Address, "/o/hlf/start/adopt").ToString());
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "old.csv", MimeType = "text/csv", Buffer = "claim_id,reference\nOLD-1,V-1\n"u8.ToArray() });
        await page.ClickAsync("main button");
        await LookAsync(page, "adopt check", language, colours);
        Assert.Empty(barriers);
        Assert.Empty(trouble);
    }

    private async Task LookAsync(IPage page, string name, string language, ColorScheme colours)
    {
        if (Environment.GetEnvironmentVariable("PAYONCE_PICTURES") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'))}-{language}-{colours}.png"), FullPage = true });
        var found = await page.RunAxe();
        barriers.AddRange(found.Violations.Select(each => $"{name}: {each.Id}: {string.Join(", ", each.Nodes.Select(node => node.Html))}"));
    }

    private static async Task SignInAsync(ServerWorld world, IPage page)
    {
        var email = await world.AddUserAsync(Role.Administrator);
        await page.GotoAsync(new Uri(world.Address, "/sign-in").ToString());
        await page.FillAsync("[name=email]", email);
        await page.FillAsync("[name=password]", ServerWorld.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(address => !address.Contains("sign-in", StringComparison.Ordinal));
    }
}
