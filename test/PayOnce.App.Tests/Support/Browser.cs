using Microsoft.Playwright;

namespace PayOnce.App.Tests.Support;

/// <summary>One Chromium for all tests; each test has a context of its own.</summary>
/// <remarks>Its headless shell: the same engine without the browser's own window, which took half of the processor time.</remarks>
public sealed class Browser : IAsyncDisposable
{
    // In milliseconds. A page is drawn in well under a second, but on a machine that does much else it waits for its turn.
    private const float Patience = 60_000;

    private readonly SemaphoreSlim one = new(1);
    private IPlaywright? playwright;
    private IBrowser? chromium;

    /// <summary>Starts the browser if no test has yet.</summary>
    public async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions options)
    {
        await one.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            playwright ??= await Playwright.CreateAsync();
            Assertions.SetDefaultExpectTimeout(Patience);
            chromium ??= await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Environment.GetEnvironmentVariable("PAYONCE_CHROMIUM") ?? "/usr/bin/chromium-headless-shell" });
        }
        finally
        {
            one.Release();
        }
        var context = await chromium.NewContextAsync(options);
        context.SetDefaultTimeout(Patience);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (chromium is not null) await chromium.DisposeAsync();
        playwright?.Dispose();
        one.Dispose();
    }
}
