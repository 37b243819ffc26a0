using Microsoft.Playwright;
using PayOnce.Access;
using PayOnce.App.Tests.Support;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Access;

/// <summary>Signing in at an organisation's provider as a person does it in a browser, under the pages' own rules for content.</summary>
public sealed class ProviderBrowserTests(PostgresCluster cluster, Browser browser)
{
    [Theory(Timeout = Hang.Limit)]
    [InlineData("nb-NO", ColorScheme.Light)]
    [InlineData("en-GB", ColorScheme.Dark)]
    public async Task A_provider_is_set_up_linked_and_signed_in_with_and_no_barrier_is_found_on_the_way(string language, ColorScheme colours)
    {
        await using var provider = await StandInProvider.StartAsync();
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        var email = await world.AddUserAsync(Role.Administrator);
        await using var context = await browser.NewContextAsync(new() { Locale = language, ColorScheme = colours });
        var page = await context.NewPageAsync();
        var trouble = new List<string>();
        page.PageError += (_, error) => trouble.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error") trouble.Add(message.Text);
        };
        await GoAsync("/sign-in?to=%2Fo%2Fhlf%2Fsettings%2Fsign-in");
        await page.IsCleanAsync();
        await page.FillAsync("[name=email]", email);
        await page.FillAsync("[name=password]", ServerWorld.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.ClickAsync("a[href$='/settings/sign-in/change']");
        await page.FillAsync("[name=name]", "Bedriften");
        await page.FillAsync("[name=issuer]", provider.Issuer);
        await page.FillAsync("[name=client]", StandInProvider.ClientId);
        await page.FillAsync("[name=secret]", StandInProvider.ClientSecret);
        await page.IsCleanAsync();
        await page.ClickAsync("main button[type=submit]");
        await page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(page.Locator(".state-sentence")).ToContainTextAsync("Bedriften");
        await page.IsCleanAsync();

        await GoAsync("/account");
        await page.ClickAsync("a[href='/account/link/hlf']");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Bedriften");
        await page.IsCleanAsync();
        await page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(page.Locator("#links-caption")).ToBeVisibleAsync();
        await page.IsCleanAsync();

        await page.ClickAsync("form[action='/sign-out'] button");
        await page.FillAsync("[name=org]", "hlf");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("a[href^='/sign-in/with/hlf']")).ToBeVisibleAsync();
        await page.IsCleanAsync();
        await page.ClickAsync("a[href^='/sign-in/with/hlf']");
        await page.WaitForURLAsync(address => address.EndsWith("/o/hlf", StringComparison.Ordinal));
        Assert.Empty(trouble);

        await page.ClickAsync("form[action='/sign-out'] button");
        provider.Subject = "somebody else";
        await GoAsync("/sign-in/with/hlf");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync(language == "nb-NO" ? "ikke koblet" : "not linked");
        await page.IsCleanAsync();

        Task GoAsync(string path) => page.GotoAsync(new Uri(world.Address, path).ToString());
    }
}
