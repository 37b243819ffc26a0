using System.Text;
using PayOnce.Audit;
using PayOnce.Claims;
using PayOnce.Guard;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Claims;

/// <summary>The whole way from a file into a real store.</summary>
public sealed class ImportTests : IAsyncLifetime
{
    private readonly SqliteDatabase database = new();
    private IStore store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = database.Open();
        await store.MigrateAsync(Cancel);
        await store.AddOrganisationAsync(Reading.Hlf, "kari", Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await database.DisposeAsync();
    }

    [Theory]
    [InlineData(ClaimsFormat.Json)]
    [InlineData(ClaimsFormat.JsonLines)]
    [InlineData(ClaimsFormat.Csv)]
    public async Task A_file_goes_in_and_the_same_file_again_changes_nothing(ClaimsFormat format)
    {
        var claims = ClaimsGenerator.Generate(300, 1).ToList();
        var file = await WriteAsync(claims, format);
        var report = await ImportAsync(file);
        Assert.Equal((300, 0, 0, 0), Counts(report));
        Assert.Empty(report.Problems);
        Assert.False(report.Unreadable);
        var stored = await store.FindClaimAsync("hlf", "R1-000017", Cancel);
        Assert.Equal(Reading.Content(claims[16]), Convert.ToHexString(stored!.Claim!.PayloadHash.Span));
        Assert.True(stored.Waiting);

        var trail = await store.GetAuditHeadAsync("hlf", Cancel);
        Assert.Equal((0, 0, 300, 0), Counts(await ImportAsync(file)));
        Assert.Equal(trail, await store.GetAuditHeadAsync("hlf", Cancel));
        Assert.Equal(300, (await store.GetStatusAsync("hlf", Cancel)).Waiting);
    }

    [Fact]
    public async Task The_trail_says_who_took_claims_in_and_from_which_file()
    {
        await ImportAsync(Reading.CsvFile(Reading.Csv("A-1"), Reading.Csv("A-2")));
        var events = new List<AuditEvent>();
        await foreach (var entry in store.ReadAuditAsync("hlf", 0, Cancel)) events.Add(entry);
        var taken = Assert.Single(events, entry => entry.Action == AuditActions.ClaimsTakenIn);
        Assert.Equal("kari", taken.Actor);
        Assert.Equal("{\"source\":\"claims.csv\",\"added\":2,\"updated\":0}", taken.Details);
    }

    [Fact]
    public async Task What_is_refused_is_named_and_the_rest_goes_in()
    {
        var report = await ImportAsync(Reading.CsvFile(Reading.Csv("A-1"), Reading.Csv("A-2").Replace("NOK", "USD", StringComparison.Ordinal), Reading.Csv("A-3")), new IntakeRules(["NOK"]));
        Assert.Equal((2, 0, 0, 1), Counts(report));
        Assert.Equal(["claims.csv line 3, claim A-2, currency \"USD\": must be a currency that the integration books: NOK"], report.Problems.Select(problem => problem.ToString()));
        Assert.Null(await store.FindClaimAsync("hlf", "A-2", Cancel));
    }

    [Fact]
    public async Task A_claim_may_change_until_it_has_left_and_then_names_the_run_that_took_it()
    {
        var first = Reading.CsvFile(Reading.Csv("A-1"));
        var second = first.Replace("123.00", "124.00", StringComparison.Ordinal);
        await ImportAsync(first);
        Assert.Equal((0, 1, 0, 0), Counts(await ImportAsync(second)));

        var run = await TestRun.TakeAsync(store);
        await run.ReserveAllAsync();
        var report = await ImportAsync(first);
        Assert.Equal((0, 0, 0, 1), Counts(report));
        Assert.Equal(["claims.csv line 2, claim A-1: is being exported by run 1 with other content; it cannot be changed now"], report.Problems.Select(problem => problem.ToString()));

        await run.ConfirmAsync();
        await run.FinishAsync();
        report = await ImportAsync(first);
        Assert.Equal((0, 0, 0, 1), Counts(report));
        Assert.Equal(["claims.csv line 2, claim A-1: has left in run 1 with other content; what has left cannot be changed"], report.Problems.Select(problem => problem.ToString()));
        Assert.Equal((0, 0, 1, 0), Counts(await ImportAsync(second)));
    }

    [Fact]
    public async Task A_claim_in_doubt_cannot_be_changed()
    {
        await ImportAsync(Reading.CsvFile(Reading.Csv("A-1")));
        var run = await TestRun.TakeAsync(store);
        await run.ReserveAllAsync();
        await run.StartAsync();
        await run.DoubtAsync();
        var report = await ImportAsync(Reading.CsvFile(Reading.Csv("A-1").Replace("123.00", "124.00", StringComparison.Ordinal)));
        Assert.Equal(["claims.csv line 2, claim A-1: may have left in run 1 with other content, and is in doubt; it cannot be changed until that is settled"], report.Problems.Select(problem => problem.ToString()));
        Assert.Equal(MarkState.InDoubt, (await store.FindClaimAsync("hlf", "A-1", Cancel))!.Marks[0].State);
    }

    [Fact]
    public async Task An_id_that_differs_only_in_case_is_refused_against_the_store_and_within_the_file()
    {
        await ImportAsync(Reading.CsvFile(Reading.Csv("a-1")));
        var report = await ImportAsync(Reading.CsvFile(Reading.Csv("A-1"), Reading.Csv("B-1"), Reading.Csv("b-1")));
        Assert.Equal((1, 0, 0, 2), Counts(report));
        Assert.Equal(
            [
                "claims.csv line 2, claim A-1: differs only in upper and lower case from claim a-1, which is stored already; Business Central upper-cases ids, so both would be one",
                "claims.csv line 4, claim b-1: must be the only claim of its id, but line 3 has one that differs (upper and lower case are one, as Business Central upper-cases ids); the first one stays; all rows of a claim must stand together",
            ],
            report.Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public async Task Of_two_claims_of_one_id_the_first_stays_and_both_lines_are_named()
    {
        var other = Reading.Json("A-1").Replace("12300", "12400", StringComparison.Ordinal);
        var report = await ImportAsync($"{Reading.Json("A-1")}\n{Reading.Json("A-2")}\n{other}\n{Reading.Json("A-1")}\n");
        Assert.Equal((2, 0, 1, 1), Counts(report));
        Assert.Equal(
            ["claims.csv line 3, claim A-1: must be the only claim of its id, but line 1 has one that differs (upper and lower case are one, as Business Central upper-cases ids); the first one stays"],
            report.Problems.Select(problem => problem.ToString()));
        Assert.Equal(12300, (await store.FindClaimAsync("hlf", "A-1", Cancel))!.Claim!.TotalMinor);
    }

    [Fact]
    public async Task Rows_of_a_claim_that_do_not_stand_together_are_two_claims_of_one_id()
    {
        var report = await ImportAsync(Reading.CsvFile(Reading.Csv("A-1"), Reading.Csv("A-1"), Reading.Csv("A-2"), Reading.Csv("A-1")));
        Assert.Equal((2, 0, 0, 1), Counts(report));
        Assert.EndsWith("but line 2 has one that differs (upper and lower case are one, as Business Central upper-cases ids); the first one stays; all rows of a claim must stand together", report.Problems[0].Rule, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_good_rows_of_a_claim_do_not_go_in_when_a_bad_one_stood_apart_from_them()
    {
        var report = await ImportAsync(Reading.CsvFile(Reading.Csv("A-1").Replace("123.00", "\"123,00\"", StringComparison.Ordinal), Reading.Csv("A-2"), Reading.Csv("A-1")));
        Assert.Equal((1, 0, 0, 2), Counts(report));
        Assert.Equal("claims.csv line 4, claim A-1: must be the only claim of its id, but line 2 has one that was refused; neither goes in; all rows of a claim must stand together", report.Problems[1].ToString());
        Assert.Null(await store.FindClaimAsync("hlf", "A-1", Cancel));
    }

    [Fact]
    public async Task An_id_that_comes_again_several_chunks_later_is_still_known()
    {
        var claims = ClaimsGenerator.Generate((2 * store.IntakeSize) + 10, 2).ToList();
        var changed = claims[3] with { ApprovedBy = "Somebody Else" };
        var seen = new List<ImportProgress>();
        var file = await WriteAsync([.. claims, claims[0], changed], ClaimsFormat.JsonLines);
        var report = await ClaimsImport.RunAsync(store, Reading.Hlf, IntakeRules.None, "claims.jsonl", new MemoryStream(file), "kari", Reading.Clock(), seen.Add, Cancel);
        Assert.Equal((claims.Count, 0, 1, 1), Counts(report));
        Assert.Equal(claims.Count + 2, Assert.Single(report.Problems).Line);
        Assert.Equal([store.IntakeSize, 2 * store.IntakeSize, claims.Count + 2], seen.Select(progress => progress.Claims));
        Assert.Equal(new ImportProgress(claims.Count + 2, file.Length, file.Length), seen[^1]);
        Assert.Equal(Reading.Content(claims[3]), Convert.ToHexString((await store.FindClaimAsync("hlf", claims[3].ClaimId, Cancel))!.Claim!.PayloadHash.Span));
    }

    [Fact]
    public async Task Claims_of_hundreds_of_lines_are_stored_before_memory_is_full_of_them()
    {
        var line = new ClaimLine(new DateOnly(2026, 1, 5), "tickets", new string('x', 250), 100, null, null, []);
        var claims = Enumerable.Range(1, 300).Select(n => new Claim($"LONG-{n}", new Claimant("4711", "Kari Nordmann"), "travel", "NOK", A.Day(5), "leder", 50_000, [.. Enumerable.Repeat(line, 500)]));
        var seen = new List<ImportProgress>();
        var file = await WriteAsync([.. claims], ClaimsFormat.JsonLines);
        var report = await ClaimsImport.RunAsync(store, Reading.Hlf, IntakeRules.None, "claims.jsonl", new MemoryStream(file), "kari", Reading.Clock(), seen.Add, Cancel);
        Assert.Equal((300, 0, 0, 0), Counts(report));
        Assert.Equal([103, 206, 300], seen.Select(progress => progress.Claims));
    }

    [Fact]
    public async Task A_file_that_is_cut_off_says_how_many_claims_were_read_and_keeps_them()
    {
        var report = await ImportAsync($"[{Reading.Json("A-1")},\n{Reading.Json("A-2")},\n{Reading.Json("A-3")[..80]}");
        Assert.Equal((2, 0, 0, 0), Counts(report));
        Assert.True(report.Unreadable);
        Assert.Equal(["claims.csv line 3: ends in the middle of a claim that begins at line 3; 2 claims before it were read"], report.Problems.Select(problem => problem.ToString()));
        Assert.Equal(2, (await store.GetStatusAsync("hlf", Cancel)).Claims);
    }

    [Fact]
    public async Task An_empty_file_is_unreadable()
    {
        var report = await ImportAsync("");
        Assert.True(report.Unreadable);
        Assert.Equal(["claims.csv: is empty; no claim was read"], report.Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public async Task All_problems_are_counted_and_a_thousand_kept()
    {
        var rows = Enumerable.Range(1, 1200).Select(n => Reading.Csv(FormattableString.Invariant($"A-{n}")).Replace("NOK", "nok", StringComparison.Ordinal));
        var report = await ImportAsync(Reading.CsvFile([.. rows, Reading.Csv("A-0")]));
        Assert.Equal((1, 0, 0, 1200), Counts(report));
        Assert.Equal(ImportReport.MostKept, report.Problems.Count);
        Assert.Equal(1200, report.ProblemCount);
        Assert.True(report.ProblemsTruncated);
        Assert.Equal(2, report.Problems[0].Line);
    }

    [Fact]
    public async Task A_claim_adopted_before_it_is_taken_in_does_not_wait()
    {
        await store.AdoptAsync("hlf", [new AdoptedClaim("A-1", "B 100")], "cut-over", "kari", "node-1", Cancel);
        Assert.Equal((1, 0, 0, 0), Counts(await ImportAsync(Reading.CsvFile(Reading.Csv("A-1")))));
        Assert.False((await store.FindClaimAsync("hlf", "A-1", Cancel))!.Waiting);
    }

    [Fact]
    public async Task A_warning_does_not_hold_a_claim_up()
    {
        var report = await ImportAsync(Reading.CsvFile(Reading.Csv("A-1").Replace("Kjøring", "01010750160", StringComparison.Ordinal)));
        Assert.Equal((1, 0, 0, 0), Counts(report));
        Assert.Equal(["claims.csv line 2, claim A-1, description: holds what looks like a fødselsnummer, which must not reach the general ledger"], report.Warnings.Select(warning => warning.ToString()));
        Assert.Equal(1, report.WarningCount);
    }

    [Fact]
    public async Task Reading_that_is_cancelled_leaves_whole_chunks_and_a_store_at_rest()
    {
        using var source = new CancellationTokenSource();
        var file = await WriteAsync(ClaimsGenerator.Generate(12_000, 2), ClaimsFormat.Csv);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            ClaimsImport.RunAsync(store, Reading.Hlf, IntakeRules.None, "claims.csv", new MemoryStream(file), "kari", Reading.Clock(), _ => source.Cancel(), source.Token));
        Assert.Equal(5000, (await store.GetStatusAsync("hlf", Cancel)).Claims);
        Assert.Equal((7000, 0, 5000, 0), Counts(await ImportAsync(file)));
    }

    private static (long Added, long Updated, long Unchanged, long Refused) Counts(ImportReport report) => (report.Added, report.Updated, report.Unchanged, report.Refused);

    private Task<ImportReport> ImportAsync(string content, IntakeRules? rules = null) => ImportAsync(Encoding.UTF8.GetBytes(content), rules);

    private Task<ImportReport> ImportAsync(byte[] content, IntakeRules? rules = null) =>
        ClaimsImport.RunAsync(store, Reading.Hlf, rules ?? IntakeRules.None, "claims.csv", new MemoryStream(content), "kari", Reading.Clock(), null, Cancel);

    private static async Task<byte[]> WriteAsync(IEnumerable<Claim> claims, ClaimsFormat format)
    {
        using var file = new MemoryStream();
        await ClaimsWriter.WriteAsync(file, format, claims, ClaimsGenerator.Dimensions, Cancel);
        return file.ToArray();
    }
}
