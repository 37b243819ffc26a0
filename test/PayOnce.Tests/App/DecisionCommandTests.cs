using System.Text.Json;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Tests.App;

/// <summary>What a person decides: re-export, roll back, recording an import, settling doubt, adopting.</summary>
public sealed class DecisionCommandTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_forced_re_export_sends_one_claim_once_more_under_a_new_key_in_a_run_of_its_own()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        await cli.DoneAsync("sync hlf");
        var (exit, run) = await cli.JsonAsync("claims re-export hlf A-2 --reason lost --confirm A-2 --as Kari");
        Assert.Equal((0, 2, 1), (exit, Number(run, "runId"), Number(run, "exported")));
        Assert.Equal(("A-2", 1, "lost"), (Text(run.GetProperty("reExport"), "claimId"), Number(run.GetProperty("reExport"), "generation"), Text(run.GetProperty("reExport"), "reason")));

        var (_, claim) = await cli.JsonAsync("claims show hlf A-2");
        var marks = claim.GetProperty("marks").EnumerateArray().ToList();
        Assert.Equal([0, 1], marks.Select(m => Number(m, "generation")));
        Assert.Equal([1, 2], marks.Select(m => Number(m, "runId")));
        Assert.Equal(["exported", "exported"], marks.Select(m => Text(m, "state")));
        Assert.NotEqual(Text(marks[0], "exportKey"), Text(marks[1], "exportKey"));
        Assert.Equal(Text(marks[1], "exportKey"), Text(run.GetProperty("reExport"), "exportKey"));
        Assert.All(marks, m => Assert.All(m.GetProperty("attempts").EnumerateArray(), a => Assert.Equal(Number(m, "runId"), Number(a, "runId"))));
        Assert.All(marks, m => Assert.NotEmpty(m.GetProperty("attempts").EnumerateArray()));
        Assert.Contains(Text(run, "sha256"), Text(marks[1], "acknowledgement"), StringComparison.Ordinal);
        var shown = await cli.JsonAsync("runs show hlf 2");
        Assert.Equal(("re-export", "Kari", "A-2"), (Text(shown.Document.GetProperty("run"), "trigger"), Text(shown.Document.GetProperty("run"), "actor"), Text(shown.Document.GetProperty("run"), "claimId")));
    }

    [Theory]
    [InlineData("A-1 --reason lost --confirm A-2", "To confirm, give the claim's id: A-1.")]
    [InlineData("A-1 --reason  --confirm A-1", "reason: must not be empty")]
    [InlineData("A-9 --reason lost --confirm A-9", "claim \"A-9\": No claim of this id was taken in.")]
    [InlineData("A-3 --reason lost --confirm A-3", "claim \"A-3\": It has not been exported yet.")]
    [InlineData("A-1 --reason lost --confirm A-1 --generation 7", "claim \"A-1\": It was exported again since you looked.")]
    [InlineData("A-1 --reason lost --confirm A-1 --generation -1", "must be a whole number from 0 to")]
    [InlineData("A-1 --confirm A-1", "Option '--reason' is required.")]
    [InlineData("A-1 --reason lost", "Option '--confirm' is required.")]
    public async Task A_re_export_that_is_not_asked_for_properly_exports_nothing(string asked, string why)
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        await cli.DoneAsync("sync hlf --limit 2");
        var (exit, output, error) = await cli.RunAsync("claims re-export hlf " + asked);
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.Single((await cli.JsonAsync("runs list hlf")).Document.GetProperty("runs").EnumerateArray());
    }

    [Fact]
    public async Task A_rolled_back_run_gives_its_claims_back_and_its_file_is_not_given_out_any_more()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        await cli.DoneAsync("sync hlf");
        Assert.Equal(2, (await cli.RunAsync("runs roll-back hlf 1 --reason wrong --confirm 2")).Exit);
        Assert.Equal(2, (await cli.RunAsync("runs roll-back hlf 7 --reason wrong --confirm 7")).Exit);
        var (exit, document) = await cli.JsonAsync("runs roll-back hlf 1 --reason wrong --confirm 1");
        Assert.Equal((0, 3, "wrong"), (exit, Number(document, "released"), Text(document, "reason")));
        var (refused, _, error) = await cli.RunAsync("runs file hlf 1");
        Assert.Equal(2, refused);
        Assert.StartsWith("The file of run 1 was withdrawn and must not be imported.", error, StringComparison.Ordinal);
        var (_, run) = await cli.JsonAsync("sync hlf");
        Assert.Equal((3, 0), (Number(run, "exported"), Number(run, "skippedDuplicates")));
        Assert.Equal("rolled_back", Text((await cli.JsonAsync("runs show hlf 1")).Document.GetProperty("run"), "status"));
    }

    [Fact]
    public async Task A_file_recorded_as_imported_is_booked_and_cannot_be_rolled_back()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        await cli.DoneAsync("sync hlf");
        var (exit, document) = await cli.JsonAsync("runs imported hlf 1 --voucher 200415");
        Assert.Equal((0, 3, "200415"), (exit, Number(document, "claims"), Text(document, "voucher")));
        var mark = Assert.Single((await cli.JsonAsync("claims show hlf A-1")).Document.GetProperty("marks").EnumerateArray());
        Assert.Equal(("exported", "booked", "200415"), (Text(mark, "state"), Text(mark, "evidence"), Text(mark, "acknowledgement")));
        var (refused, _, error) = await cli.RunAsync("runs roll-back hlf 1 --reason wrong --confirm 1");
        Assert.Equal(2, refused);
        Assert.StartsWith("Nothing was rolled back.", error, StringComparison.Ordinal);
        Assert.Equal(2, (await cli.RunAsync("runs imported hlf 2 --voucher 1")).Exit);
    }

    [Theory]
    [InlineData("exported", "A-1 is settled as exported", false)]
    [InlineData("released", "The next run exports it again", true)]
    public async Task A_claim_in_doubt_is_settled_by_a_person_who_has_looked(string decision, string told, bool again)
    {
        using var cli = await WithDoubtAsync();
        Assert.Equal(2, (await cli.RunAsync($"claims resolve hlf A-1 --as {decision} --evidence seen")).Exit);
        Assert.Equal(2, (await cli.RunAsync($"claims resolve hlf A-1 --as {decision} --evidence seen --confirm A-2")).Exit);
        Assert.Equal(2, (await cli.RunAsync("claims resolve hlf A-1 --as rejected --evidence seen --confirm")).Exit);
        Assert.Contains(told, await cli.DoneAsync($"claims resolve hlf A-1 --as {decision} --evidence seen --actor Kari --confirm"), StringComparison.Ordinal);
        Assert.Equal(2, (await cli.RunAsync($"claims resolve hlf A-1 --as {decision} --evidence seen --confirm A-1")).Exit);
        var events = (await cli.JsonAsync("audit list hlf")).Document.GetProperty("events").EnumerateArray().ToList();
        Assert.Contains(events, e => Text(e, "action") == "claim_decided" && Text(e, "actor") == "Kari" && Text(e.GetProperty("details"), "evidence") == "seen");
        var (_, run) = await cli.JsonAsync("sync hlf");
        Assert.Equal(again ? 1 : 0, Number(run, "exported"));
    }

    [Fact]
    public async Task Doubt_that_is_found_is_told_with_exit_code_four_and_nothing_is_sent_again()
    {
        using var cli = await WithDoubtAsync(recovered: false);
        var (exit, run) = await cli.JsonAsync("sync hlf");
        Assert.Equal((4, 0), (exit, Number(run, "exported")));
        var recovered = Assert.Single(run.GetProperty("recovered").EnumerateArray());
        Assert.Equal((1, "in_doubt", 1), (Number(recovered, "runId"), Text(recovered, "status"), Number(recovered, "inDoubt")));
        Assert.Contains("1 claim is in doubt: we do not know whether it left", Text(run, "message"), StringComparison.Ordinal);
        // The next run finds nothing new in doubt; it still says what is held.
        var (again, output, _) = await cli.RunAsync("sync hlf");
        Assert.Equal(0, again);
        Assert.Contains("1 claim is in doubt", output, StringComparison.Ordinal);
        Assert.DoesNotContain("All 1", output, StringComparison.Ordinal);
        var (file, _, error) = await cli.RunAsync("runs file hlf 1");
        Assert.Equal(2, file);
        Assert.StartsWith("It is not known whether the file of run 1 was published", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adopted_claims_are_never_sent()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        const string list = "claim_id,reference\nA-2,200415\nOLD-1,200416\n";
        var (exit, adopted) = await cli.JsonAsync("claims adopt hlf - --reason cut-over", list);
        Assert.Equal((0, 2, 1), (exit, Number(adopted, "adopted"), Number(adopted, "runId")));
        var (_, run) = await cli.JsonAsync("sync hlf");
        Assert.Equal((2, 1), (Number(run, "exported"), Number(run, "skippedDuplicates")));
        var (again, held) = await cli.JsonAsync("claims adopt hlf - --reason cut-over", list);
        Assert.Equal((3, 0, 2), (again, Number(held, "adopted"), held.GetProperty("alreadyHeld").GetArrayLength()));
        var (_, old) = await cli.JsonAsync("claims show hlf OLD-1");
        Assert.Equal(JsonValueKind.Null, old.GetProperty("claim").ValueKind);
        Assert.Equal("200416", Text(Assert.Single(old.GetProperty("marks").EnumerateArray()), "acknowledgement"));
    }

    [Fact]
    public async Task A_list_with_one_wrong_row_adopts_nothing()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        var (exit, document) = await cli.JsonAsync("claims adopt hlf - --reason cut-over", "claim_id,reference\nA-1,200415\nA-2,\n");
        Assert.Equal(2, exit);
        Assert.Equal("standard input", Text(Assert.Single(document.GetProperty("error").GetProperty("problems").EnumerateArray()), "file"));
        Assert.Equal(3, Number((await cli.JsonAsync("sync hlf")).Document, "exported"));
        Assert.Equal(2, (await cli.RunAsync(["claims", "adopt", "hlf", "-", "--reason", " "], "claim_id,reference\nA-1,200415\n")).Exit);
    }

    /// <summary>A-1 in doubt: the publishing of its file had started when its process died, and the folder is empty.</summary>
    private static async Task<CommandLine> WithDoubtAsync(bool recovered = true)
    {
        var outside = Directory.CreateTempSubdirectory("payonce-outside-").FullName;
        var cli = await CommandLine.WithClaimsAsync(1, $$"""{"exporter":"generic","transport":"file","format":"csv","folder":"{{outside}}"}""");
        await using (var store = cli.Store())
        {
            var gone = new PayOnce.App.Host.ProcessNode().Holder;
            gone = gone[..gone.IndexOf(" pid=", StringComparison.Ordinal)] + " pid=999999999 start=1";
            var ask = new LeaseRequest("hlf", RunTrigger.Manual, "Kari", gone, ClaimScope.Everything, "generic", "csv", 1, TimeSpan.FromHours(1), "nonce");
            var lease = Assert.IsType<LeaseAnswer.Taken>(await store.TakeLeaseAsync(ask, _ => false, Cancel)).Lease;
            await store.CountScopeAsync(lease, ClaimScope.Everything, Cancel);
            var bytes = "x"u8.ToArray();
            await store.ReserveAsync(lease, new ReserveRequest(ClaimScope.Everything, 1, null, 10), (_, _) => new(bytes, 1, 1, [new ControlTotal("NOK", 100)], []), Cancel);
            var sha = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
            var draft = new FileDraft("hlf-1.csv", "text/csv", sha, 1, 1, 1, [new ControlTotal("NOK", 100)], default, default, default, outside, 1);
            await store.StartFileAsync(lease, draft, head => System.Text.Encoding.UTF8.GetBytes($$$"""{"auditHead":{"sequence":{{{head.Sequence}}},"hash":"{{{head.Hash}}}"}}"""), Cancel);
        }
        if (recovered) Assert.Equal(4, (await cli.RunAsync("sync hlf")).Exit);
        return cli;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
