using System.Diagnostics;

namespace PayOnce.EndToEnd.Tests.Support;

/// <summary>Waits for something that another process does, by looking.</summary>
public static class Until
{
    // No measure of speed: what takes seconds on a quiet machine has taken minutes on one that did much else.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <param name="otherwise">What to say when it has not happened within ten minutes.</param>
    public static async Task TrueAsync(Func<Task<bool>> happened, Func<string> otherwise)
    {
        var since = Stopwatch.StartNew();
        while (!await happened())
        {
            if (since.Elapsed > Patience) throw new TimeoutException(otherwise());
            await Task.Delay(20);
        }
    }
}
