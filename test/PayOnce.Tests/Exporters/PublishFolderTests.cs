using System.Security.Cryptography;
using System.Text;
using PayOnce.Exporters;

namespace PayOnce.Tests.Exporters;

/// <summary>The folder outside: never replaces, never leaves half a file under a name that somebody takes, and says why not.</summary>
public sealed class PublishFolderTests : IDisposable
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("one;two\r\n");
    private static readonly string Checksum = Convert.ToHexStringLower(SHA256.HashData(Content));

    private readonly string folder = Directory.CreateTempSubdirectory("payonce-folder-").FullName;
    private readonly PublishFolder publisher = new(NoSteps.Instance);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_file_is_published_whole_under_its_name_and_nothing_else_is_left()
    {
        Assert.Null(await StageAsync(folder));
        Assert.IsType<PublishAnswer.Published>(await publisher.PublishAsync(folder, "a.csv", Checksum, Cancel));
        Assert.Equal([Path.Combine(folder, "a.csv")], Directory.GetFiles(folder));
        Assert.Equal(Content, File.ReadAllBytes(Path.Combine(folder, "a.csv")));
        Assert.IsType<FolderFinding.Present>(await publisher.FindAsync(folder, "a.csv", Checksum, Cancel));
    }

    [Fact]
    public async Task What_is_staged_has_no_name_that_an_importer_takes()
    {
        Assert.Null(await StageAsync(folder));
        Assert.Equal([".a.csv.part"], Directory.GetFiles(folder).Select(Path.GetFileName));
        Assert.IsType<FolderFinding.Absent>(await publisher.FindAsync(folder, "a.csv", Checksum, Cancel));
    }

    [Fact]
    public async Task A_file_of_that_name_with_other_content_is_never_replaced()
    {
        File.WriteAllText(Path.Combine(folder, "a.csv"), "somebody else's");
        Assert.Null(await StageAsync(folder));
        var refused = Assert.IsType<PublishAnswer.Refused>(await publisher.PublishAsync(folder, "a.csv", Checksum, Cancel));
        Assert.Equal($"A file named a.csv with other content is already in {folder}. Move it away, then export again.", refused.Why);
        Assert.Equal("somebody else's", File.ReadAllText(Path.Combine(folder, "a.csv")));
        Assert.Single(Directory.GetFiles(folder));
        Assert.IsType<FolderFinding.OtherContent>(await publisher.FindAsync(folder, "a.csv", Checksum, Cancel));
    }

    [Fact]
    public async Task A_file_of_that_name_with_our_content_was_published_by_us()
    {
        File.WriteAllBytes(Path.Combine(folder, "a.csv"), Content);
        Assert.Null(await StageAsync(folder));
        Assert.IsType<PublishAnswer.Published>(await publisher.PublishAsync(folder, "a.csv", Checksum, Cancel));
        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public async Task A_full_disk_is_told_and_leaves_nothing()
    {
        // Writing to /dev/full fails as on a full disk: ENOSPC.
        File.CreateSymbolicLink(Path.Combine(folder, ".a.csv.part"), "/dev/full");
        var why = await StageAsync(folder);
        Assert.NotNull(why);
        Assert.StartsWith($"The file could not be written to {folder}: No space left on device", why, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public async Task A_folder_that_takes_no_files_is_told()
    {
        // Nobody may create a file in /sys, not even root.
        var why = await StageAsync("/sys");
        Assert.NotNull(why);
        Assert.StartsWith("The file could not be written to /sys: ", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_told_and_is_not_created()
    {
        var missing = Path.Combine(folder, "missing");
        Assert.Equal($"The file could not be written to {missing}: the folder is not there.", await StageAsync(missing));
        Assert.IsType<FolderFinding.Unreadable>(await publisher.FindAsync(missing, "a.csv", Checksum, Cancel));
        Assert.False(Directory.Exists(missing));
    }

    [Fact]
    public async Task Publishing_what_was_not_staged_is_refused()
    {
        var refused = Assert.IsType<PublishAnswer.Refused>(await publisher.PublishAsync(folder, "a.csv", Checksum, Cancel));
        Assert.Equal($"The file could not be given its name in {folder}: No such file or directory.", refused.Why);
    }

    private Task<string?> StageAsync(string into) => publisher.StageAsync(into, "a.csv", Pieces(), Cancel);

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Pieces()
    {
        await Task.CompletedTask;
        yield return Content.AsMemory(0, 3);
        yield return Content.AsMemory(3);
    }
}
