using System.Security.Cryptography;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App;

/// <summary>Saves a run's file and its manifest into a folder. What is there already is never replaced.</summary>
internal static class RunFiles
{
    /// <summary>Where a file was saved, or why it was not.</summary>
    internal abstract record SaveAnswer
    {
        private SaveAnswer() { }

        public sealed record Saved(string Path, string ManifestPath) : SaveAnswer;

        public sealed record NotSaved(string Why) : SaveAnswer;
    }

    public static string ManifestName(string fileName) => fileName + ".manifest.json";

    /// <summary>Saves the file as <paramref name="path"/> and the manifest beside it, and notes that the file was fetched. The same file there already is fine.</summary>
    public static async Task<SaveAnswer> SaveAsync(IStore store, string organisation, RunFile file, string path, string actor, CancellationToken cancel)
    {
        var manifest = ManifestName(path);
        try
        {
            var other = await PutAsync(path, file.Sha256, to => RunFileContent.WriteAsync(store, organisation, file, to, cancel), cancel)
                ?? await PutAsync(manifest, Convert.ToHexStringLower(SHA256.HashData(file.Manifest.Span)), to => to.WriteAsync(file.Manifest, cancel).AsTask(), cancel);
            if (other is not null) return new SaveAnswer.NotSaved($"there is another file {other} already, which was left as it is");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new SaveAnswer.NotSaved(e.Message.TrimEnd('.'));
        }
        await store.NoteFetchedAsync(organisation, file.RunId, actor, cancel);
        return new SaveAnswer.Saved(path, manifest);
    }

    // The file appears whole or not at all: written under another name, forced to disk, then given its name, which fails if the
    // name is taken. Null if it now lies there, otherwise the path of the other file.
    private static async Task<string?> PutAsync(string path, string sha256, Func<Stream, Task> write, CancellationToken cancel)
    {
        if (File.Exists(path)) return await HashAsync(path, cancel) == sha256 ? null : path;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Environment.ProcessId}.part");
        try
        {
            await using (var to = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await write(to);
                to.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: false);
            return null;
        }
        catch (IOException) when (File.Exists(path))
        {
            // Somebody else has just saved it.
            return await HashAsync(path, cancel) == sha256 ? null : path;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancel)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel));
    }
}
