using System.Security.Cryptography;
using PayOnce.Stores;

namespace PayOnce.Exporters;

/// <summary>A file and its manifest on their way into an outside folder: the manifest is there before the file, which is the one that counts.</summary>
internal sealed class Parcel(IPublishFolder folder, FileDraft file, ReadOnlyMemory<byte> manifest)
{
    private readonly string manifestName = file.Name + ".manifest.json";

    /// <summary>Stages both. Null if both are there; otherwise why not, and neither is.</summary>
    public async Task<string?> StageAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> content)
    {
        if (await folder.StageAsync(file.Folder!, file.Name, content, CancellationToken.None) is { } why) return why;
        if (await folder.StageAsync(file.Folder!, manifestName, Once(manifest), CancellationToken.None) is not { } whyNoManifest) return null;
        Discard();
        return whyNoManifest;
    }

    /// <summary>Gives both their names, the manifest first. Refused and unknown are the file's own: without its manifest it is not published at all.</summary>
    public async Task<PublishAnswer> PublishAsync()
    {
        var checksum = Convert.ToHexStringLower(SHA256.HashData(manifest.Span));
        if (await folder.PublishAsync(file.Folder!, manifestName, checksum, CancellationToken.None) is not PublishAnswer.Published)
        {
            Discard();
            return new PublishAnswer.Refused($"The manifest {manifestName} could not be put into {file.Folder}, so the file was not either.");
        }
        return await folder.PublishAsync(file.Folder!, file.Name, file.Sha256, CancellationToken.None);
    }

    /// <summary>Removes what was staged.</summary>
    public void Discard()
    {
        folder.Discard(file.Folder!, file.Name);
        folder.Discard(file.Folder!, manifestName);
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Once(ReadOnlyMemory<byte> bytes)
    {
        await Task.CompletedTask;
        yield return bytes;
    }
}
