using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace PayOnce.App.Tests.Support;

/// <summary>axe, where a story looks at a page on its way; the walk over every page has a look of its own.</summary>
internal static class Axe
{
    /// <summary>axe finds nothing on the page as it stands now; where the browser runs script.</summary>
    /// <remarks>Only what is wrong is told by its place: to tell the places of what is right took three quarters of the time.</remarks>
    public static async Task IsCleanAsync(this IPage page)
    {
        var found = (await page.RunAxe(new() { ResultTypes = [ResultType.Violations] })).Violations;
        Assert.True(found.Length == 0, string.Join('\n', found.SelectMany(each => each.Nodes.Select(node => $"{page.Url} {each.Id}: {node.Html}"))));
    }
}
