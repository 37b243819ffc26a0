namespace PayOnce.App.Api;

/// <summary>How much one caller may ask of one node, and how much a request may bring.</summary>
internal sealed record ApiLimits
{
    /// <summary>Requests that one caller may make at once, after a pause.</summary>
    public int Burst { get; init; } = 400;

    /// <summary>Requests a second that one caller may make for as long as they like.</summary>
    public int PerSecond { get; init; } = 100;

    /// <summary>Tries to sign in that one address may make at once, after a pause: a password is guessed slowly or not at all.</summary>
    public int SignInBurst { get; init; } = 20;

    /// <summary>How long one address waits for one further try to sign in.</summary>
    public TimeSpan SignInEvery { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Imports, dry runs, previews and comparisons of one organisation at the same time on this node: each may read or write a million claims.</summary>
    public int HeavyAtOnce { get; init; } = 4;

    /// <summary>Bytes of a body of claims that is read as it comes (CSV or JSON Lines).</summary>
    public long LargestImport { get; init; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Bytes of a JSON body of claims, which is held in memory to answer for each claim.</summary>
    public long LargestBulk { get; init; } = 16 * 1024 * 1024;

    /// <summary>Claims in a JSON body.</summary>
    public int MostInBulk { get; init; } = 10_000;
}
