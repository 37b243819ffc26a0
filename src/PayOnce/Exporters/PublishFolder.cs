using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PayOnce.Exporters;

/// <summary>The real folder: temporary name, fsync, hard link without replacing, fsync of the folder.</summary>
/// <remarks>
/// File access is synchronous on purpose: the engine runs on one logical thread, and asynchronous file calls would leave it.
/// A hard link, not a rename: <c>link(2)</c> fails with EEXIST where <c>rename(2)</c> would replace.
/// </remarks>
public sealed partial class PublishFolder(ISteps steps) : IPublishFolder
{
    /// <inheritdoc/>
    public async Task<string?> StageAsync(string folder, string name, IAsyncEnumerable<ReadOnlyMemory<byte>> content, CancellationToken cancel)
    {
        var staged = StagedPath(folder, name);
        try
        {
            using (var file = new FileStream(staged, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                await foreach (var piece in content.WithCancellation(cancel)) file.Write(piece.Span);
                file.Flush(flushToDisk: false);
                await steps.At(StepNames.PublishWritten);
                file.Flush(flushToDisk: true);
            }
            await steps.At(StepNames.PublishSynced);
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Discard(folder, name);
            return $"The file could not be written to {folder}: {Reason(fault)}";
        }
    }

    /// <inheritdoc/>
    public async Task<PublishAnswer> PublishAsync(string folder, string name, string sha256, CancellationToken cancel)
    {
        var staged = StagedPath(folder, name);
        var final = Path.Combine(folder, name);
        var error = LinkWithoutReplacing(staged, final);
        if (error == ErrorExists)
        {
            var finding = await FindAsync(folder, name, sha256, cancel);
            Discard(folder, name);
            return finding switch
            {
                FolderFinding.Present => PublishAnswer.Published.Instance,
                FolderFinding.OtherContent => new PublishAnswer.Refused($"A file named {name} with other content is already in {folder}. Move it away, then export again."),
                _ => new PublishAnswer.Unknown($"A file named {name} was in {folder} and could not be read."),
            };
        }
        if (error != 0)
        {
            Discard(folder, name);
            return IsProofOfRefusal(error)
                ? new PublishAnswer.Refused($"The file could not be given its name in {folder}: {Marshal.GetPInvokeErrorMessage(error)}.")
                : new PublishAnswer.Unknown($"Giving the file its name in {folder} ended with: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
        await steps.At(StepNames.PublishLinked);
        Discard(folder, name);
        return SyncFolder(folder) is { } why ? new PublishAnswer.Unknown(why) : PublishAnswer.Published.Instance;
    }

    /// <inheritdoc/>
    public void Discard(string folder, string name)
    {
        try
        {
            File.Delete(StagedPath(folder, name));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A temporary file that stays behind has no name an importer takes; the next run does not need its name.
        }
    }

    /// <inheritdoc/>
    public Task<FolderFinding> FindAsync(string folder, string name, string sha256, CancellationToken cancel)
    {
        try
        {
            if (!Directory.Exists(folder)) return Task.FromResult<FolderFinding>(new FolderFinding.Unreadable($"The folder {folder} is not there."));
            using var file = new FileStream(Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Task.FromResult<FolderFinding>(Convert.ToHexStringLower(SHA256.HashData(file)) == sha256 ? FolderFinding.Present.Instance : FolderFinding.OtherContent.Instance);
        }
        catch (FileNotFoundException)
        {
            return Task.FromResult<FolderFinding>(FolderFinding.Absent.Instance);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Task.FromResult<FolderFinding>(new FolderFinding.Unreadable($"The folder {folder} could not be read: {Reason(fault)}"));
        }
    }

    // Hidden, and without the ending that importers look for.
    private static string StagedPath(string folder, string name) => Path.Combine(folder, $".{name}.part");

    private static string Reason(Exception fault) => fault is DirectoryNotFoundException ? "the folder is not there." : fault.Message;

    private const int ErrorPermission = 1, ErrorNoEntry = 2, ErrorAccess = 13, ErrorExists = 17, ErrorNotDirectory = 20, ErrorNoSpace = 28, ErrorReadOnly = 30, ErrorNameTooLong = 36;

    // Errors by which the system says that it did nothing. Any other (an I/O error, a network folder's time-out) proves nothing.
    private static bool IsProofOfRefusal(int error) => error is ErrorPermission or ErrorNoEntry or ErrorAccess or ErrorNotDirectory or ErrorNoSpace or ErrorReadOnly or ErrorNameTooLong;

    private static int LinkWithoutReplacing(string from, string to)
    {
        if (!OperatingSystem.IsWindows()) return Link(from, to) == 0 ? 0 : Marshal.GetLastPInvokeError();
        try
        {
            File.Move(from, to, overwrite: false);
            return 0;
        }
        catch (IOException) when (File.Exists(to))
        {
            return ErrorExists;
        }
        catch (UnauthorizedAccessException)
        {
            return ErrorAccess;
        }
    }

    private static string? SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return null;
        var handle = Open(folder, flags: 0);
        if (handle < 0) return $"The folder {folder} could not be opened to force it to disk: {Marshal.GetLastPInvokeErrorMessage()}.";
        var result = Sync(handle);
        var error = Marshal.GetLastPInvokeError();
        Close(handle);
        return result == 0 ? null : $"The folder {folder} could not be forced to disk: {Marshal.GetPInvokeErrorMessage(error)}.";
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);
}
