using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace PayOnce.Tests.App;

public sealed class RunFileCommandTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_can_be_fetched_as_often_as_one_likes_and_is_the_same_to_the_byte()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        var saved = Text((await cli.JsonAsync("sync hlf")).Document, "file");
        var expected = await File.ReadAllTextAsync(saved, Encoding.UTF8, Cancel);
        Assert.Equal(expected, (await cli.RunAsync("runs file hlf 1 --out -")).Output.TrimStart('\ufeff'));
        var (exit, here) = await cli.JsonAsync("runs file hlf 1");
        Assert.Equal((0, Path.Combine(cli.Folder, Path.GetFileName(saved))), (exit, Text(here, "file")));
        Assert.Equal(expected, await File.ReadAllTextAsync(Text(here, "file"), Encoding.UTF8, Cancel));
        Assert.True(File.Exists(Text(here, "manifest")));
        await cli.DoneAsync("runs file hlf 1");
        Assert.Equal(Path.Combine(cli.Folder, "new", "x.csv"), Text((await cli.JsonAsync("runs file hlf 1 --out new/x.csv")).Document, "file"));
        Assert.Equal(Path.Combine(cli.Folder, "new", Path.GetFileName(saved)), Text((await cli.JsonAsync("runs file hlf 1 --out new")).Document, "file"));
        Assert.Empty(Directory.EnumerateFiles(cli.Folder, "*.part", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }));
    }

    [Fact]
    public async Task Another_file_of_that_name_is_never_replaced()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        await cli.DoneAsync("sync hlf");
        var path = Path.Combine(cli.Folder, "x.csv");
        await File.WriteAllTextAsync(path, "somebody else's", Cancel);
        var (exit, output, error) = await cli.RunAsync("runs file hlf 1 --out x.csv");
        Assert.Equal((2, "", $"The file of run 1 was not saved: there is another file {path} already, which was left as it is.\n"), (exit, output, error));
        Assert.Equal("somebody else's", await File.ReadAllTextAsync(path, Cancel));
    }

    [Theory]
    [InlineData("runs file hlf 2", "Run 2 has no file: it exported nothing.")]
    [InlineData("runs file hlf 9", "hlf has no run 9.")]
    [InlineData("runs show hlf 9", "hlf has no run 9.")]
    [InlineData("runs file hlf 1 --out - --json", "exclude each other")]
    [InlineData("runs file hlf 0", "RUN \"0\" must be a whole number from 1")]
    [InlineData("runs file hlf one", "RUN \"one\" must be a whole number from 1")]
    [InlineData("runs file hlf 99999999999999999999", "must be a whole number from 1 to 9223372036854775807")]
    public async Task What_is_not_there_is_said_in_a_sentence(string line, string why)
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        await cli.DoneAsync("sync hlf");
        await cli.DoneAsync("sync hlf");
        var (exit, _, error) = await cli.RunAsync(line);
        Assert.Equal(2, exit);
        Assert.Contains(why, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runs file hlf 1 --out damaged.csv")]
    [InlineData("runs file hlf 1 --out -")]
    public async Task A_file_whose_bytes_in_the_store_are_not_those_that_were_reserved_is_not_given_out_as_that_file(string line)
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        await cli.DoneAsync("sync hlf --limit 1");
        await cli.DoneAsync("sync hlf");
        await using (var database = new SqliteConnection($"Data Source={Path.Combine(cli.Folder, "payonce-data", "payonce.db")};Pooling=false"))
        {
            await database.OpenAsync(Cancel);
            await using var damage = database.CreateCommand();
            damage.CommandText = "drop trigger batches_are_not_changed; update batches set content = (select content from batches where run_id = 2) where run_id = 1";
            Assert.Equal(1, await damage.ExecuteNonQueryAsync(Cancel));
        }
        var (exit, _, error) = await cli.RunAsync(line);
        Assert.NotEqual(0, exit);
        Assert.Contains("no longer have its checksum", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(cli.Folder, "damaged.csv")));
    }

    [Fact]
    public async Task Every_time_a_file_is_fetched_the_audit_trail_says_by_whom()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        await cli.DoneAsync("sync hlf --as Kari");
        await cli.DoneAsync("runs file hlf 1 --as Ola");
        var fetched = (await cli.JsonAsync("audit list hlf")).Document.GetProperty("events").EnumerateArray().Where(e => Text(e, "action") == "file_fetched");
        Assert.Equal(["Kari", "Ola"], fetched.Select(e => Text(e, "actor")));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
