using System.Text.Json;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.App;

/// <summary>
/// A whole run whose outside folder takes no file, or not this one: the claims wait, the message says what to do, and the first run
/// after the repair exports each claim once.
/// </summary>
public sealed class PublishingFaultTests : IAsyncLifetime
{
    private const int Claims = 3;

    private CommandLine cli = null!;
    private string folder = null!;

    /// <summary>The name that run 1 gives its file, and the file's bytes: they follow from the claims.</summary>
    private string name = null!;
    private byte[] content = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        using (var twin = await CommandLine.WithClaimsAsync(Claims))
        {
            var (_, run) = await twin.JsonAsync("sync hlf");
            name = run.GetProperty("fileName").GetString()!;
            content = await File.ReadAllBytesAsync(run.GetProperty("file").GetString()!, Cancel);
        }
        cli = await CommandLine.WithClaimsAsync(0);
        folder = Path.Combine(cli.Folder, "outside");
        Directory.CreateDirectory(folder);
        await cli.DoneAsync("integrations set hlf -", $$"""{"exporter":"generic","transport":"file","format":"csv","folder":{{JsonSerializer.Serialize(folder)}}}""");
        await cli.DoneAsync("claims import hlf -", CommandLine.Claims(1, Claims));
    }

    public ValueTask DisposeAsync()
    {
        cli.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("")]
    [InlineData(".manifest.json")]
    public async Task A_disk_that_is_full_leaves_the_claims_waiting_and_the_folder_empty(string ending)
    {
        // Writing to /dev/full fails as on a full disk: ENOSPC.
        File.CreateSymbolicLink(Path.Combine(folder, $".{name}{ending}.part"), "/dev/full");
        var why = await FailsAsync();
        Assert.StartsWith($"The file could not be written to {folder}: No space left on device", why, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
        await ExportsEverythingAsync();
    }

    [Fact]
    public async Task A_folder_that_takes_no_file_leaves_the_claims_waiting()
    {
        // Nobody may create a file in /sys, not even root.
        Directory.Delete(folder);
        Directory.CreateSymbolicLink(folder, "/sys");
        Assert.StartsWith($"The file could not be written to {folder}: ", await FailsAsync(), StringComparison.Ordinal);
        Directory.Delete(folder);
        Directory.CreateDirectory(folder);
        await ExportsEverythingAsync();
    }

    [Fact]
    public async Task A_folder_that_is_not_there_leaves_the_claims_waiting_and_is_not_created()
    {
        Directory.Delete(folder);
        Assert.Equal($"The file could not be written to {folder}: the folder is not there.", await FailsAsync());
        Assert.False(Directory.Exists(folder));
        Directory.CreateDirectory(folder);
        await ExportsEverythingAsync();
    }

    [Fact]
    public async Task A_file_of_that_name_with_other_content_is_left_alone_and_the_claims_wait()
    {
        var theirs = Path.Combine(folder, name);
        await File.WriteAllTextAsync(theirs, "somebody else's", Cancel);
        Assert.Equal($"A file named {name} with other content is already in {folder}. Move it away, then export again.", await FailsAsync());
        Assert.Equal("somebody else's", await File.ReadAllTextAsync(theirs, Cancel));
        File.Move(theirs, Path.Combine(cli.Folder, name));
        await ExportsEverythingAsync();
    }

    [Fact]
    public async Task A_manifest_of_that_name_with_other_content_is_left_alone_and_the_file_does_not_leave_without_its_own()
    {
        var theirs = Path.Combine(folder, name + ".manifest.json");
        await File.WriteAllTextAsync(theirs, "somebody else's", Cancel);
        Assert.Equal($"The manifest {name}.manifest.json could not be put into {folder}, so the file was not either.", await FailsAsync());
        Assert.Equal([theirs], Directory.GetFiles(folder));
        Assert.Equal("somebody else's", await File.ReadAllTextAsync(theirs, Cancel));
        await ExportsEverythingAsync();
    }

    [Fact]
    public async Task A_file_of_that_name_with_the_same_content_had_left_before_and_is_not_put_there_again()
    {
        await File.WriteAllBytesAsync(Path.Combine(folder, name), content, Cancel);
        await ExportsEverythingAsync();
        Assert.Equal([Path.Combine(folder, name)], Directory.GetFiles(folder, "*.csv"));
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(folder, name), Cancel));
    }

    /// <summary>A run that fails, leaves every claim waiting and says why.</summary>
    private async Task<string> FailsAsync()
    {
        var (exit, run) = await cli.JsonAsync("sync hlf");
        var why = run.GetProperty("failure").GetString()!;
        Assert.Equal((1, "failed", 0, 0, Claims), (exit, run.GetProperty("status").GetString(), Number(run, "exported"), Number(run, "inDoubt"), Number(run, "waiting")));
        Assert.Contains(why, run.GetProperty("message").GetString(), StringComparison.Ordinal);
        await using var store = cli.Store();
        Assert.Equal(Claims, (await store.GetStatusAsync("hlf", Cancel)).Waiting);
        return why;
    }

    private async Task ExportsEverythingAsync()
    {
        var (exit, run) = await cli.JsonAsync("sync hlf");
        Assert.Equal((0, Claims), (exit, Number(run, "exported")));
        Assert.Empty(Directory.GetFiles(folder, ".*"));
        await using var store = cli.Store();
        Assert.Equal(new Verdict(Claims, 0, 0, 0), await Judge.JudgeAsync(store, "hlf", folder, Cancel));
    }

    private static long Number(JsonElement element, string property) => element.GetProperty(property).GetInt64();
}
