using System.Text.Json;

namespace PayOnce.Tests.App;

/// <summary><c>claims withdraw</c>: one claim, or a file of them; and <c>source set</c>, which does not forget what it cannot say.</summary>
public sealed class WithdrawCommandTests
{
    [Fact]
    public async Task A_file_of_claims_is_withdrawn_each_for_itself_and_those_that_have_left_are_named()
    {
        using var cli = await CommandLine.WithClaimsAsync(5);
        await cli.DoneAsync("sync hlf --limit 1");
        await cli.DoneAsync("claims withdraw hlf A-2 --reason Feil");
        // Pasted out of a table: a heading, an empty line, quotes, one of them twice, and line ends of another system.
        var (exit, output, error) = await cli.RunAsync(["claims", "withdraw", "hlf", "--file", "-", "--reason", "Godkjent ved en feil"], "\ufeffclaim_id\r\nA-1\r\n\r\n\"A-2\"\r\nA-3\r\nA-4\r\nA-3\r\nX-9\r\n");
        Assert.Equal((3, ""), (exit, error));
        Assert.Equal(
            """
            2 claims withdrawn: no run takes them until they are taken in again. 1 was withdrawn before.
            2 claims left as they were:
              claim A-1: Run 1 has exported it. What has left is corrected where it went, and not withdrawn here.
              claim X-9: No claim of this id was taken in.

            """.ReplaceLineEndings("\n"), output);
        Assert.Equal(["A-5"], Ids((await cli.JsonAsync("claims list hlf --waiting")).Document));
        Assert.Equal(["A-2", "A-3", "A-4"], Ids((await cli.JsonAsync("claims list hlf --state withdrawn")).Document));

        var (same, document) = await cli.JsonAsync("claims withdraw hlf --file - --reason Feil", "A-3\nA-4\n");
        Assert.Equal((0, 0, 2, 0), (same, Number(document, "withdrawn"), Number(document, "already"), Number(document, "refused")));
        Assert.Equal(["already", "already"], document.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("outcome").GetString()));
        Assert.Equal("Godkjent ved en feil", document.GetProperty("items")[0].GetProperty("withdrawal").GetProperty("reason").GetString());
        var (_, audit) = await cli.JsonAsync("audit list hlf");
        Assert.Equal(2, audit.GetProperty("events").EnumerateArray().Count(each => each.GetProperty("action").GetString()!.Contains("withdrawn", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_claims_history_lists_by_whom_when_and_why_it_was_withdrawn_also_with_others()
    {
        using var cli = await CommandLine.WithClaimsAsync(2);
        Assert.DoesNotContain("Withdrawals:", await cli.DoneAsync("claims show hlf A-1"), StringComparison.Ordinal);
        await cli.RunAsync("claims withdraw hlf --file - --reason Feil", "A-1\nA-2\n");

        Assert.Matches(@"Withdrawals:\n\s*When\s+By\s+Reason\s*\n(?:[-\s]*\n)?.*\d\d:\d\d:\d\d.*\s+\S+\s+Feil", await cli.DoneAsync("claims show hlf A-1"));
        var told = Assert.Single((await cli.JsonAsync("claims show hlf A-1")).Document.GetProperty("withdrawals").EnumerateArray());
        Assert.Equal("Feil", told.GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("claims withdraw hlf --reason x", "Give either the claim's id or --file with several.")]
    [InlineData("claims withdraw hlf A-1 --file - --reason x", "Give either the claim's id or --file with several.")]
    [InlineData("claims withdraw hlf --file nowhere.txt --reason x", "There is no file nowhere.txt.")]
    [InlineData("claims withdraw hlf --file - --reason ", "reason: must not be empty")]
    [InlineData("claims withdraw hlf --file -", "Option '--reason' is required.")]
    public async Task What_is_not_asked_for_properly_withdraws_nothing(string asked, string why)
    {
        using var cli = await CommandLine.WithClaimsAsync(1);
        var (exit, output, error) = await cli.RunAsync(asked, "A-1\n");
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.Equal(["A-1"], Ids((await cli.JsonAsync("claims list hlf --waiting")).Document));
    }

    [Fact]
    public async Task A_file_without_a_claim_or_with_too_many_withdraws_nothing()
    {
        using var cli = await CommandLine.WithClaimsAsync(1);
        Assert.Contains("standard input holds no claim's id", (await cli.RunAsync("claims withdraw hlf --file - --reason x", "claim_id\n\n")).Error, StringComparison.Ordinal);
        var many = string.Concat(Enumerable.Range(0, 10_001).Select(n => $"B-{n}\n")) + "A-1\n";
        Assert.Contains("holds more than 10,000 claims", (await cli.RunAsync("claims withdraw hlf --file - --reason x", many)).Error, StringComparison.Ordinal);
        Assert.Equal(["A-1"], Ids((await cli.JsonAsync("claims list hlf --waiting")).Document));
    }

    [Fact]
    public async Task A_source_set_anew_keeps_what_only_the_dashboard_can_say()
    {
        using var cli = await CommandLine.WithClaimsAsync(0);
        await using (var store = cli.Store()) await store.SaveSourceAsync("hlf", new() { OverlapMinutes = 600, BatchSize = 500, StatementSeconds = 90 }, 0, "Kari", TestContext.Current.CancellationToken);
        var (_, document) = await cli.JsonAsync("source set hlf --every 5 --off");
        var settings = document.GetProperty("settings");
        Assert.Equal((600, 500, 90, 5), (Number(settings, "overlapMinutes"), Number(settings, "batchSize"), Number(settings, "statementSeconds"), Number(settings, "everyMinutes")));
        Assert.False(settings.GetProperty("enabled").GetBoolean());
    }

    private static IEnumerable<string?> Ids(JsonElement list) => list.GetProperty("claims").EnumerateArray().Select(claim => claim.GetProperty("claimId").GetString());

    private static int Number(JsonElement document, string name) => document.GetProperty(name).GetInt32();
}
