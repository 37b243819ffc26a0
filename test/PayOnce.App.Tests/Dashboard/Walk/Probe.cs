using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace PayOnce.App.Tests.Dashboard.Walk;

/// <summary>One who looks at pages: axe, structure, narrow screens, the keyboard; and keeps a picture of what was seen.</summary>
/// <remarks>
/// Each state is loaded once in each language: in bokmål axe runs whole, in English all but what only colours and sizes decide. What
/// another colour scheme or a narrow screen can change is looked at on the same page, without loading it anew.
/// </remarks>
internal sealed class Probe(IPage page, string language, ConcurrentQueue<string> wrong)
{
    private const int Wide = 1280;

    // 1280 pixels at 400 %.
    private const int Narrow = 320;

    // In build.cs's output, beside what was built; elsewhere if somebody wants to look.
    private static readonly string? Chosen = Environment.GetEnvironmentVariable("PAYONCE_PICTURES");

    private static readonly string Pictures = Chosen ?? Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "pictures"));

    private static readonly string[] OfColours = ["color-contrast", "link-in-text-block"];
    private static readonly string[] OfSize = ["target-size", "scrollable-region-focusable"];

    /// <summary>Somebody wants to look: pictures of every page in every colour, not only of the most important ones.</summary>
    public static bool KeepsAll => Chosen is not null;

    /// <summary>axe and our own questions, in every page of this context before any of its own script.</summary>
    public static async Task PrepareAsync(IBrowserContext context)
    {
        using var axe = new StreamReader(typeof(Deque.AxeCore.Commons.AxeResult).Assembly.GetManifestResourceStream("Deque.AxeCore.Commons.Resources.axe.min.js")!);
        using var own = new StreamReader(typeof(Probe).Assembly.GetManifestResourceStream("probe.js")!);
        await context.AddInitScriptAsync($"{await axe.ReadToEndAsync(TestContext.Current.CancellationToken)}\n{await own.ReadToEndAsync(TestContext.Current.CancellationToken)}");
    }

    /// <summary>Opens the page in its state.</summary>
    public async Task OpenAsync(Uri address, Stop stop)
    {
        var answer = await page.GotoAsync(new Uri(address, stop.Path).ToString());
        if (answer!.Status != stop.Status) wrong.Enqueue($"{stop}: {answer.Status}");
        if (stop.Act is { } act) await act(page);
        if (!stop.Refused) return;
        if (!(await page.TitleAsync()).StartsWith(language == "nb" ? "Feil: " : "Error: ", StringComparison.Ordinal)) wrong.Enqueue($"{stop}: the title does not say that something is wrong: {await page.TitleAsync()}");
        if (!await page.EvaluateAsync<bool>("() => payonce.focused('ds-error-summary')")) wrong.Enqueue($"{stop}: the focus is not on what is wrong");
    }

    public async Task StructureAsync(Stop stop) => await AskAsync(stop, "structure()");

    public async Task AxeAsync(Stop stop) => await AskAsync(stop, "axe()");

    /// <summary>All but the colours, which the other language has seen already: another language has other names and no other colours.</summary>
    public async Task AxeOfWordsAsync(Stop stop) => await AskAsync(stop, $"axe(null, {List([.. OfColours, .. OfSize])})");

    public async Task InColoursAsync(Stop stop, ColorScheme scheme, ForcedColors forced)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = scheme, ForcedColors = forced });
        await AskAsync(stop, $"axe({List(OfColours)}, [], {(stop.Key ? "document" : "document.querySelector('main')")})");
        if (KeepsAll) await KeepAsync(stop, forced is ForcedColors.Active ? "forced" : scheme is ColorScheme.Dark ? "dark" : "light");
    }

    public async Task NarrowAsync(Stop stop)
    {
        await page.SetViewportSizeAsync(Narrow, 256);
        await AskAsync(stop, "narrow()");
        if (stop.Key) await AskAsync(stop, $"axe({List(OfSize)})");
        if (KeepsAll) await KeepAsync(stop, "320");
        await page.SetViewportSizeAsync(Wide, 800);
    }

    /// <summary>Through the page by Tab, from its beginning and out at its end; through the frame as well on the most important pages.</summary>
    public async Task TabAsync(Stop stop)
    {
        var stops = await page.EvaluateAsync<int>($"() => payonce.watch({(stop.Key ? "true" : "false")})");
        // Each press is on its way before the one before has been answered: they come in their order, and what they reach is noted in the page.
        await Task.WhenAll(Enumerable.Range(0, stops).Select(_ => page.Keyboard.DownAsync("Tab")));
        await page.Keyboard.UpAsync("Tab");
        await AskAsync(stop, "walked()");
    }

    /// <summary>The skip link is the first stop, can be seen then, and leads behind the menu.</summary>
    public async Task SkipAsync(Stop stop)
    {
        await page.ReloadAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        if (!await page.EvaluateAsync<bool>("() => location.hash === '#main' && document.activeElement.closest('main, footer') !== null")) wrong.Enqueue($"{stop}: the skip link does not skip");
    }

    /// <summary>A picture of the most important pages; of every one, in every colour and size, if somebody wants to look: drawing takes longer than looking.</summary>
    public async Task KeepAsync(Stop stop, string how)
    {
        if (stop.Key || KeepsAll) await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, $"{stop.Name}-{language}-{how}.png"), FullPage = true });
    }

    private async Task AskAsync(Stop stop, string question)
    {
        var found = await page.EvaluateAsync<string[]>($"() => payonce.{question}");
        foreach (var each in found) wrong.Enqueue($"{stop} {language}: {each}");
    }

    private static string List(string[] rules) => $"[{string.Join(", ", rules.Select(rule => $"'{rule}'"))}]";
}
