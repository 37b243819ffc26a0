using PayOnce.App.Server;

namespace PayOnce.App.Api;

/// <summary>How much one caller may ask of one node, and how much a request may bring.</summary>
internal sealed record ApiLimits
{
    /// <summary>As the server's settings have it.</summary>
    public static ApiLimits Of(ServerOptions options) => new()
    {
        PerSecond = options.RequestsPerSecond,
        Burst = options.RequestsPerSecond * BurstSeconds,
        LargestImport = options.ImportMegabytes * 1024L * 1024,
    };

    private const int BurstSeconds = 30;

    /// <summary>Requests that one caller may make at once, after a pause.</summary>
    public int Burst { get; init; } = 600;

    /// <summary>Requests a second that one caller may make for as long as they like.</summary>
    public int PerSecond { get; init; } = 20;

    /// <summary>Tries to sign in that one address may make at once, after a pause: a password is guessed slowly or not at all.</summary>
    public int SignInBurst { get; init; } = 20;

    /// <summary>How long one address waits for one further try to sign in.</summary>
    public TimeSpan SignInEvery { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Imports, dry runs, previews and comparisons of one organisation at the same time on this node: each may read or write a million claims.</summary>
    public int HeavyAtOnce { get; init; } = 4;

    /// <summary>Bytes of a body of claims that is read as it comes (CSV or JSON Lines).</summary>
    public long LargestImport { get; init; } = 200L * 1024 * 1024;

    /// <summary>Bytes of a JSON body of claims, which is held in memory to answer for each claim.</summary>
    public long LargestBulk { get; init; } = 16 * 1024 * 1024;

    /// <summary>Claims in a JSON body.</summary>
    public int MostInBulk { get; init; } = 10_000;
}
