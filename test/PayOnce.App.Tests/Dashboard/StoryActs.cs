using Microsoft.Playwright;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>What a person does on a page, and reads.</summary>
internal static class StoryActs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Follows a link by what its name holds.</summary>
    /// <param name="first">Several have it, and the first one is meant; otherwise the last, which is in the page and not in the menu.</param>
    public static async Task LinkAsync(this IPage page, string name, bool first = false)
    {
        var link = page.GetByRole(AriaRole.Link, new() { Name = name });
        await page.ThroughAsync(() => (first ? link.First : link.Last).ClickAsync());
    }

    public static Task ButtonAsync(this IPage page, string name) => page.ThroughAsync(() => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync());

    /// <summary>Does what leads to another page, and waits until that one is there: what is asked next is not asked of the page before.</summary>
    public static async Task ThroughAsync(this IPage page, Func<Task> act)
    {
        // Listening before acting: a page may be there before anybody could ask for it.
        var there = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        page.Load += Arrived;
        try
        {
            await act();
            await there.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        finally
        {
            page.Load -= Arrived;
        }

        void Arrived(object? sender, IPage arrived) => there.TrySetResult();
    }

    /// <summary>By the keyboard: to what has this name, and Enter, which leads to another page.</summary>
    public static async Task PressAsync(this IPage page, string name)
    {
        await page.TabToAsync(name);
        await page.EnterAsync();
    }

    public static Task EnterAsync(this IPage page) => page.ThroughAsync(() => page.Keyboard.PressAsync("Enter"));

    /// <summary>By the keyboard, over what the field held.</summary>
    public static async Task WriteAsync(this IPage page, string label, string text)
    {
        // By its label alone: what is wrong with a field is told by a link that begins with the same word.
        await page.TabToAsync(label, "document.activeElement.labels?.[0]?.textContent");
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.InsertTextAsync(text);
    }

    /// <summary>Tab until the focus is on what has this name, as whoever listens to the page goes.</summary>
    public static Task TabToAsync(this IPage page, string name) => page.TabToAsync(name, "(document.activeElement.labels?.[0] ?? document.activeElement).textContent");

    private static async Task TabToAsync(this IPage page, string name, string ofFocused)
    {
        for (var i = 0; i < 80; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            var at = await page.EvaluateAsync<string>($"() => ({ofFocused} ?? '').trim()");
            if (at.StartsWith(name, StringComparison.Ordinal)) return;
        }
        Assert.Fail($"Tab never reaches \"{name}\" on {page.Url}.");
    }

    /// <summary>By the keyboard: the next choice of a list.</summary>
    public static async Task ChooseNextAsync(this IPage page, string label)
    {
        await page.TabToAsync(label);
        await page.Keyboard.PressAsync("ArrowDown");
    }

    /// <summary>The page says so, however its text is divided.</summary>
    public static Task SaysAsync(this IPage page, string text) => Assertions.Expect(page.Locator("main")).ToContainTextAsync(text);
}
