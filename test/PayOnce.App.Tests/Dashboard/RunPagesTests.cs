using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using PayOnce.Access;
using PayOnce.App.Tests.Support;
using PayOnce.Runs;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>The pages about runs, as a browser without JavaScript gets them.</summary>
public sealed partial class RunPagesTests(PostgresCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Each_page_about_runs_is_there_in_both_languages_with_the_state_in_its_title(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, settings: RunScenes.Api);
        await RunScenes.OfEveryKindAsync(world);
        using var client = await world.SignedInAsync(Role.Administrator);
        var pages = new (string Path, string Bokmal, string English)[]
        {
            ("/o/hlf", "25 uavklarte krav – Oversikt", "25 claims in doubt – Overview"),
            ("/o/hlf/runs", "Kjøringer", "Runs"),
            ("/o/hlf/runs?state=in_doubt", "1 treff – Kjøringer", "1 hit – Runs"),
            ("/o/hlf/runs/1", "Ferdig, noe uavklart – Kjøring 1", "Finished, some in doubt – Run 1"),
            ("/o/hlf/runs/1/print", "Ferdig, noe uavklart – Kjøring 1", "Finished, some in doubt – Run 1"),
            ("/o/hlf/runs/1/stop", "Vil du stoppe kjøring 1?", "Do you want to stop run 1?"),
            ("/o/hlf/runs/1/roll-back", "Vil du trekke tilbake kjøring 1?", "Do you want to roll back run 1?"),
            ("/o/hlf/runs/1/imported", "Bekreft at filen er importert – Kjøring 1", "Confirm that the file was imported – Run 1"),
            ("/o/hlf/sync/check", "Vil du eksportere nå?", "Do you want to export now?"),
            ("/o/hlf/sync/busy", "En eksport er allerede i gang", "An export is already going on"),
        };
        foreach (var (path, bokmal, english) in pages)
        {
            Assert.Equal($"{bokmal} – PayOnce".Replace("Oversikt –", "Oversikt – HLF –", StringComparison.Ordinal), await TitleAsync(client, path, "nb"));
            Assert.Equal($"{english} – PayOnce".Replace("Overview –", "Overview – HLF –", StringComparison.Ordinal), await TitleAsync(client, path, "en"));
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task The_account_of_a_run_is_a_sum_that_is_right_and_each_kind_of_claim_is_listed_with_its_proof(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, settings: RunScenes.Api);
        await RunScenes.OfEveryKindAsync(world);
        using var client = await world.SignedInAsync(Role.Auditor);
        var page = await TextAsync(client, "/o/hlf/runs/1");
        Assert.Contains("25 + 0 + 25 + 25 + 25 = 100", page, StringComparison.Ordinal);
        Assert.Contains("Uavklarte krav (25)", page, StringComparison.Ordinal);
        Assert.Contains("Avviste krav (25)", page, StringComparison.Ordinal);
        Assert.Contains("Eksporterte krav (25)", page, StringComparison.Ordinal);
        Assert.Contains("ACK-A-0001", page, StringComparison.Ordinal);
        Assert.Contains("Mottatt", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Bokført", page, StringComparison.Ordinal);
        Assert.Contains("The answer was 422.", page, StringComparison.Ordinal);
        Assert.True(page.IndexOf("Uavklarte krav (25)", StringComparison.Ordinal) < page.IndexOf("Eksporterte krav (25)", StringComparison.Ordinal), "Problems come first.");
    }

    [Fact]
    public async Task A_second_run_lists_what_it_skipped_with_the_run_that_has_it()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        await world.Store.TakeInAsync("hlf", A.Records(3), "claims.jsonl", "test", Cancel);
        await TestRun.ExportEverythingAsync(world.Store);
        await TestRun.ExportEverythingAsync(world.Store);
        using var client = await world.SignedInAsync(Role.Auditor);
        var page = await TextAsync(client, "/o/hlf/runs/2");
        Assert.Contains("Alle 3 krav var allerede eksportert. Ingenting ble sendt.", page, StringComparison.Ordinal);
        Assert.Contains("0 + 3 + 0 + 0 + 0 = 3", page, StringComparison.Ordinal);
        Assert.Contains("Disse kravene er trygge.", page, StringComparison.Ordinal);
        Assert.Contains("/o/hlf/runs/1", await client.GetStringAsync("/o/hlf/runs/2", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_of_many_claims_opens_a_page_at_a_time()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        await world.Store.TakeInAsync("hlf", A.Records(120), "claims.jsonl", "test", Cancel);
        await TestRun.ExportEverythingAsync(world.Store);
        using var client = await world.SignedInAsync(Role.Auditor);
        var seen = new List<string>();
        var next = "/o/hlf/runs/1";
        while (next is not null)
        {
            var html = await client.GetStringAsync(next, Cancel);
            var rows = ClaimLink().Matches(html).Select(each => each.Groups[1].Value).ToList();
            Assert.InRange(rows.Count, 1, 50);
            seen.AddRange(rows);
            next = NextPage().Match(html) is { Success: true } link ? WebUtility.HtmlDecode(link.Groups[1].Value).Split('#')[0] : null;
        }
        Assert.Equal(Enumerable.Range(1, 120).Select(n => FormattableString.Invariant($"A-{n:0000}")), seen);
    }

    [Fact]
    public async Task The_filter_takes_dates_as_Norwegians_write_them_and_says_what_it_did_not_understand()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        await TestRun.ExportEverythingAsync(world.Store);
        using var client = await world.SignedInAsync(Role.Auditor);
        var today = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Oslo"));
        foreach (var form in new[] { "d.M.yy", "dd.MM.yyyy", "yyyy-MM-dd" })
        {
            var typed = today.ToString(form, CultureInfo.InvariantCulture);
            Assert.Contains("Viser 1 av 1 kjøring", await TextAsync(client, $"/o/hlf/runs?from={typed}&to={typed}"), StringComparison.Ordinal);
        }
        Assert.Contains("Ingen kjøringer passer filteret.", await TextAsync(client, "/o/hlf/runs?to=1.1.2020"), StringComparison.Ordinal);
        var wrong = await client.GetStringAsync("/o/hlf/runs?from=31.2.2026", Cancel);
        Assert.Contains("value=\"31.2.2026\"", wrong, StringComparison.Ordinal);
        Assert.Contains("href=\"#from\"", wrong, StringComparison.Ordinal);
        Assert.Contains("<title>Feil: ", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_is_the_same_to_the_byte_each_time_and_that_it_was_fetched_is_noted()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        await world.Store.TakeInAsync("hlf", A.Records(30), "claims.jsonl", "test", Cancel);
        var run = await TestRun.ExportEverythingAsync(world.Store);
        using var client = await world.SignedInAsync(Role.Auditor);
        Assert.Contains("Ikke hentet ennå", await TextAsync(client, "/o/hlf/runs/1"), StringComparison.Ordinal);
        var first = await client.GetByteArrayAsync("/o/hlf/runs/1/file", Cancel);
        Assert.Equal(run.FileBytes(), first);
        Assert.Equal(first, await client.GetByteArrayAsync("/o/hlf/runs/1/file", Cancel));
        Assert.NotNull((await world.Store.FindFileAsync("hlf", 1, Cancel))!.FetchedAt);
        Assert.DoesNotContain("Ikke hentet ennå", await TextAsync(client, "/o/hlf/runs/1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_holds_every_claim_and_no_formula()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        await world.Store.TakeInAsync("hlf", [A.Record("=1+1"), .. A.Records(600)], "claims.jsonl", "test", Cancel);
        await TestRun.ExportEverythingAsync(world.Store);
        using var client = await world.SignedInAsync(Role.Auditor);
        var lines = (await client.GetStringAsync("/o/hlf/runs/1/report.csv", Cancel)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(602, lines.Length);
        Assert.Contains(lines, line => line.StartsWith("'=1+1;", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith('='));
        Assert.Equal(2, (await client.GetStringAsync("/o/hlf/runs.csv", Cancel)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_run_is_rolled_back_with_a_reason_after_a_check_and_once(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        await world.Store.TakeInAsync("hlf", A.Records(3), "claims.jsonl", "test", Cancel);
        await TestRun.ExportEverythingAsync(world.Store);
        using var client = await world.SignedInAsync(Role.Administrator);
        using (var empty = await client.SendFormAsync("/o/hlf/runs/1/roll-back", ("Reason", "  ")))
        {
            var page = await empty.Content.ReadAsStringAsync(Cancel);
            Assert.Contains("Begrunnelse må fylles ut", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
            Assert.Contains("href=\"#Reason\"", page, StringComparison.Ordinal);
        }
        using (var check = await client.SendFormAsync("/o/hlf/runs/1/roll-back", ("Reason", "Feil periode")))
            Assert.Contains("Trekk tilbake 3 krav", WebUtility.HtmlDecode(await check.Content.ReadAsStringAsync(Cancel)), StringComparison.Ordinal);
        Assert.Equal(RunState.Finished, (await world.Store.FindRunAsync("hlf", 1, Cancel))!.State);

        using (var done = await client.SendFormAsync("/o/hlf/runs/1/roll-back", ("Reason", "Feil periode"), ("Step", "do"))) Assert.Equal("/o/hlf/runs/1", world.Here(done));
        Assert.Equal(RunState.RolledBack, (await world.Store.FindRunAsync("hlf", 1, Cancel))!.State);
        Assert.Contains("Kjøringen er allerede trukket tilbake.", await TextAsync(client, "/o/hlf/runs/1/roll-back"), StringComparison.Ordinal);
        var run = await TextAsync(client, "/o/hlf/runs/1");
        Assert.Contains("Kjøringen er trukket tilbake. 3 krav ble lagt tilbake.", run, StringComparison.Ordinal);
        Assert.Contains("av Administrator 1.", run, StringComparison.Ordinal);
        Assert.Contains("Den må ikke importeres", run, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/o/hlf/runs/1/file", Cancel)).StatusCode);
    }

    [Fact]
    public async Task An_import_is_recorded_with_its_voucher_and_the_claims_are_booked()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        await world.Store.TakeInAsync("hlf", A.Records(3), "claims.jsonl", "test", Cancel);
        await TestRun.ExportEverythingAsync(world.Store);
        using var client = await world.SignedInAsync(Role.Administrator);
        using (var empty = await client.SendFormAsync("/o/hlf/runs/1/imported", ("Voucher", "")))
            Assert.Contains("Bilagsnummer må fylles ut", WebUtility.HtmlDecode(await empty.Content.ReadAsStringAsync(Cancel)), StringComparison.Ordinal);
        using (var done = await client.SendFormAsync("/o/hlf/runs/1/imported", ("Voucher", "200415"))) Assert.Equal("/o/hlf/runs/1", world.Here(done));
        var run = await TextAsync(client, "/o/hlf/runs/1");
        Assert.Contains("200415", run, StringComparison.Ordinal);
        Assert.Contains("Bokført", run, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_only_reads_is_offered_nothing_that_would_be_refused()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        await world.Store.TakeInAsync("hlf", A.Records(3), "claims.jsonl", "test", Cancel);
        await TestRun.ExportEverythingAsync(world.Store);
        using var auditor = await world.SignedInAsync(Role.Auditor);
        var overview = await TextAsync(auditor, "/o/hlf");
        Assert.Contains("Eksport startes av økonomi.", overview, StringComparison.Ordinal);
        Assert.DoesNotContain("Eksporter nå", overview, StringComparison.Ordinal);
        var run = await TextAsync(auditor, "/o/hlf/runs/1");
        Assert.DoesNotContain("Trekk kjøringen tilbake", run, StringComparison.Ordinal);
        Assert.DoesNotContain("Bekreft at filen er importert", run, StringComparison.Ordinal);
    }

    private static async Task<string> TitleAsync(HttpClient client, string path, string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept-Language", language);
        using var answer = await client.SendAsync(request, Cancel);
        Assert.True(answer.StatusCode is HttpStatusCode.OK, $"{path}: {answer.StatusCode}");
        var html = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains($"<html lang=\"{language}\"", html, StringComparison.Ordinal);
        return WebUtility.HtmlDecode(PageTitle().Match(html).Groups[1].Value);
    }

    /// <summary>The page's text without its tags, as it is read; no-break spaces are spaces.</summary>
    private static async Task<string> TextAsync(HttpClient client, string path) =>
        Spaces().Replace(WebUtility.HtmlDecode(Tags().Replace(await client.GetStringAsync(path, Cancel), " ")), " ");

    [GeneratedRegex("<title>(.*?)</title>")]
    private static partial Regex PageTitle();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"[\s\u00a0]+")]
    private static partial Regex Spaces();

    [GeneratedRegex("href=\"/o/hlf/claims/(A-[0-9]+)\"")]
    private static partial Regex ClaimLink();

    [GeneratedRegex("href=\"([^\"]*)\" rel=\"next\"")]
    private static partial Regex NextPage();
}
