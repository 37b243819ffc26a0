using System.Text.Json;

namespace PayOnce.Tests.App;

public sealed class ClaimsCommandTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_file_twice_changes_nothing()
    {
        using var cli = await CommandLine.WithClaimsAsync(0);
        await File.WriteAllTextAsync(Path.Combine(cli.Folder, "claims.jsonl"), CommandLine.Claims(1, 3), Cancel);
        var (first, added) = await cli.JsonAsync("claims import hlf ./claims.jsonl");
        Assert.Equal((0, 3, 0, 0, 0), (first, Number(added, "added"), Number(added, "updated"), Number(added, "unchanged"), Number(added, "refused")));
        Assert.Equal("claims.jsonl", Text(added, "file"));
        var (second, unchanged) = await cli.JsonAsync("claims import hlf claims.jsonl");
        Assert.Equal((0, 0, 3), (second, Number(unchanged, "added"), Number(unchanged, "unchanged")));
    }

    [Fact]
    public async Task A_refused_claim_is_named_with_its_place_and_rule_and_the_rest_goes_in()
    {
        using var cli = await CommandLine.WithClaimsAsync(0);
        var input = CommandLine.Claims(1, 1) + CommandLine.Claims(2, 2, currency: "SEK") + CommandLine.Claims(3, 3);
        var (exit, document) = await cli.JsonAsync("claims import hlf -", input);
        Assert.Equal((3, 2, 1), (exit, Number(document, "added"), Number(document, "refused")));
        var problem = Assert.Single(document.GetProperty("problems").EnumerateArray());
        Assert.Equal(("standard input", 2, "A-2", "currency", "SEK"), (Text(problem, "file"), Number(problem, "line"), Text(problem, "claimId"), Text(problem, "field"), Text(problem, "value")));
        var (again, output, error) = await cli.RunAsync("claims import hlf -", input);
        Assert.Equal((3, ""), (again, error));
        Assert.Contains("standard input line 2, claim A-2, currency \"SEK\": ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_claim_that_has_left_cannot_be_changed_and_the_run_that_has_it_is_named()
    {
        using var cli = await CommandLine.WithClaimsAsync(1);
        await cli.DoneAsync("sync hlf");
        var (exit, output, _) = await cli.RunAsync("claims import hlf -", CommandLine.Claim("A-1", 5));
        Assert.Equal(3, exit);
        Assert.Contains("run 1", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"claimId\":\"A-1\"")]
    [InlineData("hello")]
    public async Task A_file_that_cannot_be_read_is_unusable_input(string input)
    {
        using var cli = await CommandLine.WithClaimsAsync(0);
        var (exit, document) = await cli.JsonAsync("claims import hlf -", input);
        Assert.Equal((2, 0), (exit, Number(document, "added")));
        Assert.True(document.GetProperty("unreadable").GetBoolean());
        Assert.NotEmpty(document.GetProperty("problems").EnumerateArray());
        Assert.NotEmpty((await cli.RunAsync("claims import hlf -", input)).Error);
    }

    [Theory]
    [InlineData("claims import hlf nowhere.csv", "There is no file nowhere.csv.\n")]
    [InlineData("claims import hlf .", ". is a folder, not a file.\n")]
    [InlineData("integrations set hlf nowhere.json", "There is no file nowhere.json.\n")]
    [InlineData("claims adopt hlf nowhere.csv --reason x", "There is no file nowhere.csv.\n")]
    [InlineData("claims show hlf a-1", "hlf has no claim \"a-1\". Ids are compared with case.\n")]
    [InlineData("claims list hlf --from 2026-02-01 --to 2024-01-01", "--from 2026-02-01 is after --to 2024-01-01: no claim can be approved between them.\n")]
    public async Task What_is_not_there_is_said_in_a_sentence(string line, string error)
    {
        using var cli = await CommandLine.WithClaimsAsync(1);
        Assert.Equal((2, "", error), await cli.RunAsync(line));
    }

    [Fact]
    public async Task Claims_are_listed_by_where_they_are()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        await cli.DoneAsync("sync hlf --limit 1");
        async Task<IEnumerable<string>> Listed(string filter) =>
            (await cli.JsonAsync("claims list hlf" + filter)).Document.GetProperty("claims").EnumerateArray().Select(c => Text(c, "claimId"));
        Assert.Equal(["A-1", "A-2", "A-3"], await Listed(""));
        Assert.Equal(["A-1"], await Listed(" --state exported"));
        Assert.Equal(["A-2", "A-3"], await Listed(" --waiting"));
        Assert.Equal(["A-2"], await Listed(" --waiting --limit 1"));
        Assert.Equal(["A-3"], await Listed(" --from 2024-01-03"));
        Assert.Equal(["A-1"], await Listed(" --to 2024-01-01"));
        Assert.Empty(await Listed(" --state in_doubt"));
        Assert.Equal("No claim is like that.\n", await cli.DoneAsync("claims list hlf --state in_doubt"));
        Assert.Contains("NOK 2.00", await cli.DoneAsync("claims list hlf"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_list_comes_whole()
    {
        using var cli = await CommandLine.WithClaimsAsync(1234);
        Assert.Equal(1234, (await cli.JsonAsync("claims list hlf")).Document.GetProperty("claims").GetArrayLength());
        Assert.Equal(1235, (await cli.DoneAsync("claims list hlf")).Split('\n').Length - 1);
        await cli.DoneAsync("sync hlf");
        await cli.DoneAsync("sync hlf");
        Assert.Equal(1234, (await cli.JsonAsync("runs show hlf 1 --claims")).Document.GetProperty("claims").GetArrayLength());
        Assert.Equal(1234, (await cli.JsonAsync("runs show hlf 2 --claims")).Document.GetProperty("duplicates").GetArrayLength());
        Assert.Equal(100, (await cli.JsonAsync("runs show hlf 2")).Document.GetProperty("duplicates").GetArrayLength());
    }

    [Theory]
    [InlineData("claims.json")]
    [InlineData("claims.jsonl")]
    [InlineData("claims.csv")]
    public async Task Generated_claims_are_the_same_every_time_and_can_be_taken_in(string file)
    {
        using var cli = await CommandLine.WithClaimsAsync(0);
        var (exit, document) = await cli.JsonAsync($"claims generate --count 50 --seed 7 --out {file}");
        Assert.Equal((0, 50, 7, Path.Combine(cli.Folder, file)), (exit, Number(document, "count"), Number(document, "seed"), Text(document, "file")));
        var first = await File.ReadAllBytesAsync(Path.Combine(cli.Folder, file), Cancel);
        await cli.DoneAsync($"claims generate --count 50 --seed 7 --out {file}");
        Assert.Equal(first, await File.ReadAllBytesAsync(Path.Combine(cli.Folder, file), Cancel));
        Assert.Equal(50, Number((await cli.JsonAsync($"claims import hlf {file}")).Document, "added"));
    }

    [Theory]
    [InlineData("claims generate --count 0 --seed 1 --out a.csv", "--count \"0\" must be a whole number from 1")]
    [InlineData("claims generate --count 1 --seed -1 --out a.csv", "--seed \"-1\" must be a whole number from 0")]
    [InlineData("claims generate --count 1 --seed 1 --out a.xlsx", "must end in .json, .jsonl or .csv")]
    [InlineData("claims generate --count 1 --seed 1", "Option '--out' is required.")]
    [InlineData("claims generate --count 1 --seed 1 --out - --json", "exclude each other")]
    public async Task What_cannot_be_generated_is_refused(string line, string why)
    {
        using var cli = new CommandLine();
        var (exit, _, error) = await cli.RunAsync(line);
        Assert.Equal(2, exit);
        Assert.Contains(why, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generated_claims_can_go_straight_on_through_a_pipe()
    {
        using var cli = await CommandLine.WithClaimsAsync(0);
        var (exit, lines, _) = await cli.RunAsync("claims generate --count 5 --seed 7 --out -");
        Assert.Equal(0, exit);
        Assert.Equal(5, Number((await cli.JsonAsync("claims import hlf -", lines)).Document, "added"));
    }

    [Fact]
    public async Task Settings_that_cannot_be_used_change_nothing()
    {
        using var cli = await CommandLine.WithClaimsAsync(0);
        var (exit, document) = await cli.JsonAsync("integrations set hlf -", """{"exporter":"xledger","transport":"file","format":"journal"}""");
        Assert.Equal(2, exit);
        Assert.NotEmpty(document.GetProperty("error").GetProperty("problems").EnumerateArray());
        var (_, shown) = await cli.JsonAsync("integrations show hlf");
        Assert.Equal((1, "generic"), (Number(shown, "version"), Text(shown.GetProperty("settings"), "exporter")));
        var (_, same) = await cli.JsonAsync("integrations set hlf -", CommandLine.Generic);
        Assert.Equal((1, false), (Number(same, "version"), same.GetProperty("changed").GetBoolean()));
        var (_, next) = await cli.JsonAsync("integrations set hlf -", """{"exporter":"dynamics","transport":"file","format":"journal"}""");
        Assert.Equal((2, true), (Number(next, "version"), next.GetProperty("changed").GetBoolean()));
    }

    [Fact]
    public async Task An_import_that_is_stopped_says_that_the_same_command_goes_on()
    {
        using var cli = await CommandLine.WithClaimsAsync(0);
        var (exit, output, error) = await cli.RunStoppedAsync("claims import hlf -", CommandLine.Claims(1, 3));
        Assert.Equal((1, "", "Stopped before it was done. What was finished by then stays; the same command goes on from there.\n"), (exit, output, error));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
