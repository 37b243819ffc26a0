using Microsoft.Playwright;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>What a person does on a page, and reads.</summary>
internal static class StoryActs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

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

    /// <summary>The page says so, however its text is divided.</summary>
    public static Task SaysAsync(this IPage page, string text) => Assertions.Expect(page.Locator("main")).ToContainTextAsync(text);
}
