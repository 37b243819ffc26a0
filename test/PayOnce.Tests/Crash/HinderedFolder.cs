using PayOnce.Exporters;

namespace PayOnce.Tests.Crash;

/// <summary>What is in the way of a file that is to be published.</summary>
public enum Hindrance
{
    None,

    /// <summary>There is no room for it: nothing was started.</summary>
    NoRoom,

    /// <summary>It was started, and the system refuses its name: provably it did not leave.</summary>
    NameRefused,

    /// <summary>It has its name, and the system's answer is an error that proves nothing.</summary>
    NoProofAndThere,

    /// <summary>The same answer, and it has no name.</summary>
    NoProofAndAbsent,
}

/// <summary>The real folder, with something in the way of the file. Its manifest always passes.</summary>
public sealed class HinderedFolder(IPublishFolder real, Hindrance hindrance) : IPublishFolder
{
    public Task<string?> StageAsync(string folder, string name, IAsyncEnumerable<ReadOnlyMemory<byte>> content, CancellationToken cancel) =>
        hindrance is Hindrance.NoRoom ? Task.FromResult<string?>("There is no room.") : real.StageAsync(folder, name, content, cancel);

    public async Task<PublishAnswer> PublishAsync(string folder, string name, string sha256, CancellationToken cancel)
    {
        if (hindrance is Hindrance.None || IsManifest(name)) return await real.PublishAsync(folder, name, sha256, cancel);
        if (hindrance is Hindrance.NoProofAndThere) Assert.IsType<PublishAnswer.Published>(await real.PublishAsync(folder, name, sha256, cancel));
        real.Discard(folder, name);
        return hindrance is Hindrance.NameRefused ? new PublishAnswer.Refused("The name is refused.") : new PublishAnswer.Unknown("Nobody knows.");
    }

    public void Discard(string folder, string name) => real.Discard(folder, name);

    public Task<FolderFinding> FindAsync(string folder, string name, string sha256, CancellationToken cancel) => real.FindAsync(folder, name, sha256, cancel);

    private static bool IsManifest(string name) => name.EndsWith(".json", StringComparison.Ordinal);
}
