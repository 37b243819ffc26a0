using System.Text.Json;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Tests.App;

public sealed class SyncCommandTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_approved_is_exported_and_its_file_saved_with_its_manifest()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        var (exit, run) = await cli.JsonAsync("sync hlf");
        Assert.Equal(0, exit);
        Assert.Equal((1, "finished", 3, 3), (Number(run, "runId"), Text(run, "status"), Number(run, "totalClaims"), Number(run, "exported")));
        Assert.Equal((0, 0, 0, 0), (Number(run, "skippedDuplicates"), Number(run, "rejected"), Number(run, "inDoubt"), Number(run, "waiting")));
        var total = Assert.Single(run.GetProperty("controlTotals").EnumerateArray());
        Assert.Equal(("NOK", 600), (Text(total, "currency"), Number(total, "amountMinor")));

        var file = Text(run, "file");
        Assert.Equal(Path.Combine(cli.Folder, "payonce-data", "files", "hlf", Text(run, "fileName")), file);
        Assert.Equal(Text(run, "sha256"), Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(file, Cancel))));
        using var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(Text(run, "manifest"), Cancel));
        Assert.Equal(Text(run, "sha256"), Text(manifest.RootElement, "sha256"));
    }

    [Fact]
    public async Task The_same_again_exports_nothing_and_says_why()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        await cli.DoneAsync("sync hlf");
        Assert.Equal("Run 2 exported nothing. All 3 approved claims were already exported; the last time in run 1.\n", await cli.DoneAsync("sync hlf"));
        var (exit, run) = await cli.JsonAsync("sync hlf");
        Assert.Equal((0, "finished", 3, 0, 3), (exit, Text(run, "status"), Number(run, "totalClaims"), Number(run, "exported"), Number(run, "skippedDuplicates")));
        Assert.Equal(JsonValueKind.Null, run.GetProperty("file").ValueKind);
    }

    [Fact]
    public async Task The_last_time_is_told_rightly_when_there_are_more_duplicates_than_a_report_names()
    {
        using var cli = await CommandLine.WithClaimsAsync(150);
        await cli.DoneAsync("sync hlf --limit 149");
        await cli.DoneAsync("sync hlf");
        Assert.Equal("Run 3 exported nothing. All 150 approved claims were already exported; the last time in run 2.\n", await cli.DoneAsync("sync hlf"));
    }

    [Fact]
    public async Task A_first_export_can_be_of_one_claim_and_the_rest_follows()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        var (_, first) = await cli.JsonAsync("sync hlf --limit 1");
        Assert.Equal((1, 1, 2), (Number(first, "totalClaims"), Number(first, "exported"), Number(first, "waiting")));
        var (_, rest) = await cli.JsonAsync("sync hlf");
        Assert.Equal((3, 2, 1), (Number(rest, "totalClaims"), Number(rest, "exported"), Number(rest, "skippedDuplicates")));
    }

    [Fact]
    public async Task A_date_range_means_days_in_the_organisations_zone()
    {
        using var cli = await CommandLine.WithClaimsAsync(0);
        // 23:30 UTC on the 9th is the 10th in Oslo.
        await cli.DoneAsync("claims import hlf -", CommandLine.Claim("late", 9).Replace("T12:00:00Z", "T23:30:00Z", StringComparison.Ordinal) + "\n" + CommandLine.Claims(9, 11));
        var (_, run) = await cli.JsonAsync("sync hlf --from 2024-01-10 --to 2024-01-10");
        Assert.Equal(2, Number(run, "exported"));
        var (_, listed) = await cli.JsonAsync("claims list hlf --state exported");
        Assert.Equal(["late", "A-10"], listed.GetProperty("claims").EnumerateArray().Select(c => Text(c, "claimId")));
    }

    [Fact]
    public async Task A_dry_run_sends_and_marks_nothing()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        var (exit, dry) = await cli.JsonAsync("sync hlf --dry-run");
        Assert.Equal((0, "dry_run", 3, 0), (exit, Text(dry, "status"), Number(dry, "totalClaims"), Number(dry, "exported")));
        Assert.Equal(JsonValueKind.Null, dry.GetProperty("runId").ValueKind);
        Assert.Equal(3, Number(dry.GetProperty("dryRun"), "claims"));
        Assert.False(Directory.Exists(Path.Combine(cli.Folder, "payonce-data", "files")));
        var (_, status) = await cli.JsonAsync("status hlf");
        Assert.Equal((3, 0), (Number(status.GetProperty("claims"), "waiting"), Number(status.GetProperty("claims"), "exported")));
        Assert.Empty((await cli.JsonAsync("runs list hlf")).Document.GetProperty("runs").EnumerateArray());
    }

    [Fact]
    public async Task A_claim_without_an_account_is_rejected_by_name_and_does_not_hold_up_the_others()
    {
        const string settings = """{"exporter":"xledger","transport":"file","format":"gl02","accounts":{"categories":{"ticket":"7140"},"credit":"2400"}}""";
        using var cli = await CommandLine.WithClaimsAsync(0, settings);
        await cli.DoneAsync("claims import hlf -", CommandLine.Claims(1, 2) + CommandLine.Claims(3, 3, category: "balloon"));
        var (exit, run) = await cli.JsonAsync("sync hlf");
        Assert.Equal((3, "finished_rejections", 2, 1), (exit, Text(run, "status"), Number(run, "exported"), Number(run, "rejected")));
        var rejection = Assert.Single(run.GetProperty("rejections").EnumerateArray());
        Assert.Equal("A-3", Text(rejection, "claimId"));
        Assert.Contains("balloon", Text(rejection.GetProperty("problem"), "message"), StringComparison.Ordinal);
        var (_, shown) = await cli.JsonAsync("runs show hlf 1");
        Assert.Equal("A-3", Text(Assert.Single(shown.GetProperty("rejections").EnumerateArray()), "claimId"));
        Assert.Equal(3, (await cli.RunAsync("sync hlf")).Exit);
    }

    [Fact]
    public async Task While_somebody_else_runs_the_second_is_told_who_and_how_far_and_starts_nothing()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        await using (var store = cli.Store())
        {
            var ask = new LeaseRequest("hlf", RunTrigger.Manual, "Kari", "host=elsewhere pid=1", ClaimScope.Everything, "generic", "csv", 1, TimeSpan.FromHours(1), "nonce");
            var taken = Assert.IsType<LeaseAnswer.Taken>(await store.TakeLeaseAsync(ask, _ => false, Cancel));
            Assert.NotNull(await store.CountScopeAsync(taken.Lease, ClaimScope.Everything, Cancel));
        }
        var (exit, run) = await cli.JsonAsync("sync hlf");
        Assert.Equal((5, "busy", 0), (exit, Text(run, "status"), Number(run, "exported")));
        Assert.Equal((1, "Kari", 0, 3), (Number(run.GetProperty("busy"), "runId"), Text(run.GetProperty("busy"), "actor"), Number(run.GetProperty("busy"), "processed"), Number(run.GetProperty("busy"), "total")));
        var (again, output, error) = await cli.RunAsync("sync hlf");
        Assert.Equal((5, ""), (again, output));
        Assert.Matches(@"^Run 1 has been exporting since \d\d:\d\d, started by Kari: 0 of 3 claims\. Nothing was started\.\n$", error);
        var (adopt, _, adoptError) = await cli.RunAsync("claims adopt hlf - --reason cut-over", "claim_id,reference\nX-1,200415\n");
        Assert.Equal(5, adopt);
        Assert.EndsWith("Nothing was adopted.\n", adoptError, StringComparison.Ordinal);
        Assert.Contains("has been exporting", await cli.DoneAsync("status hlf"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_whose_process_is_gone_is_told_to_be_cut_off_and_the_next_recovers_it()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        var gone = new PayOnce.App.Host.ProcessNode().Holder;
        gone = gone[..gone.IndexOf(" pid=", StringComparison.Ordinal)] + " pid=999999999 start=1";
        await using (var store = cli.Store())
        {
            var ask = new LeaseRequest("hlf", RunTrigger.Manual, "Kari", gone, ClaimScope.Everything, "generic", "csv", 1, TimeSpan.FromHours(1), "nonce");
            Assert.IsType<LeaseAnswer.Taken>(await store.TakeLeaseAsync(ask, _ => false, Cancel));
        }
        Assert.Contains("Run 1, started by Kari, was cut off in the middle.", await cli.DoneAsync("status hlf"), StringComparison.Ordinal);
        Assert.Equal("needs_attention", Text((await cli.JsonAsync("status hlf")).Document, "integrationStatus"));
        var (exit, run) = await cli.JsonAsync("sync hlf");
        Assert.Equal((0, 2, 3), (exit, Number(run, "runId"), Number(run, "exported")));
        Assert.Equal(1, Number(Assert.Single(run.GetProperty("recovered").EnumerateArray()), "runId"));
    }

    [Fact]
    public async Task A_stopped_run_ends_cleanly_and_says_what_is_left()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        var (exit, output, _) = await cli.RunStoppedAtTheLeaseAsync("sync hlf");
        Assert.Equal(0, exit);
        Assert.Matches(@"^kari stopped run 1 today at \d\d:\d\d: 0 claims exported\. 3 claims were not sent; they wait for the next run\.\n3 claims wait for a later run\.\n$", output);
    }

    [Fact]
    public async Task A_copy_that_cannot_be_saved_is_a_fault_that_says_how_to_fetch_it_and_the_next_run_reminds()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        await File.WriteAllTextAsync(Path.Combine(cli.Folder, "a-file"), "", Cancel);
        var (exit, output, error) = await cli.RunAsync("sync hlf --out a-file/below");
        Assert.Equal(1, exit);
        Assert.Contains("3 claims exported", output, StringComparison.Ordinal);
        Assert.StartsWith("The run is finished, but no copy of its file was saved", error, StringComparison.Ordinal);
        Assert.Contains("The file of run 1 (3 claims) has not been fetched by anybody yet: `payonce runs file hlf 1`.", await cli.DoneAsync("sync hlf"), StringComparison.Ordinal);
        await cli.DoneAsync("runs file hlf 1 --out fetched/");
        Assert.DoesNotContain("fetched", await cli.DoneAsync("sync hlf"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_an_outside_folder_the_file_is_published_there_and_no_copy_is_made()
    {
        var outside = Directory.CreateTempSubdirectory("payonce-outside-").FullName;
        using var cli = await CommandLine.WithClaimsAsync(3, $$"""{"exporter":"generic","transport":"file","format":"csv","folder":"{{outside}}"}""");
        var (exit, run) = await cli.JsonAsync("sync hlf");
        Assert.Equal((0, outside), (exit, Path.GetDirectoryName(Text(run, "file"))));
        Assert.True(File.Exists(Text(run, "file")));
        Assert.True(File.Exists(Text(run, "manifest")));
        Assert.False(Directory.Exists(Path.Combine(cli.Folder, "payonce-data", "files")));
        Assert.Empty(run.GetProperty("unfetched").EnumerateArray());
        Directory.Delete(outside, recursive: true);
        Assert.Equal(0, (await cli.RunAsync("sync hlf")).Exit);
        await cli.DoneAsync("claims import hlf -", CommandLine.Claims(4, 4));
        var (failed, lost) = await cli.JsonAsync("sync hlf");
        Assert.Equal((1, "failed", 0, 1), (failed, Text(lost, "status"), Number(lost, "exported"), Number(lost, "waiting")));
    }

    [Fact]
    public async Task Without_an_integration_nothing_is_started()
    {
        using var cli = new CommandLine();
        await cli.DoneAsync("organisations add hlf");
        var (exit, document) = await cli.JsonAsync("sync hlf");
        Assert.Equal((2, 2), (exit, Number(document.GetProperty("error"), "exitCode")));
        Assert.NotEmpty(document.GetProperty("error").GetProperty("problems").EnumerateArray());
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
