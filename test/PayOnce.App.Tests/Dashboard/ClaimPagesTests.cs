using System.Net;
using PayOnce.Access;
using PayOnce.App.Tests.Support;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>Claims looked at, and one exported once more on purpose.</summary>
public sealed class ClaimPagesTests(PostgresCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Claims_are_listed_by_state_and_each_says_where_it_is(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, settings: RunScenes.Api);
        await RunScenes.OfEveryKindAsync(world);
        using var client = await world.SignedInAsync(Role.Auditor);

        Assert.Contains("Viser 50 krav, sist godkjente først.", Pages.Words(await client.ReadAsync("/o/hlf/claims")), StringComparison.Ordinal);
        Assert.Contains("Showing 25 claims, most recently approved first.", Pages.Words(await client.ReadAsync("/o/hlf/claims?state=in-doubt", language: "en")), StringComparison.Ordinal);
        Assert.Contains("Ingen krav passer filteret.", Pages.Words(await client.ReadAsync("/o/hlf/claims?claimant=nobody")), StringComparison.Ordinal);

        var exported = Pages.Words(await client.ReadAsync("/o/hlf/claims/A-0001"));
        Assert.Contains("Krav A-0001", exported, StringComparison.Ordinal);
        Assert.Contains("Møte på Årnes", exported, StringComparison.Ordinal);
        Assert.Contains("Må kravet eksporteres på nytt, kan en administrator gjøre det.", exported, StringComparison.Ordinal);
        Assert.Contains("The claim was rejected and is not booked.", Pages.Words(await client.ReadAsync("/o/hlf/claims/A-0026", language: "en")), StringComparison.Ordinal);
        Assert.Contains("Vi vet ikke om kravet er bokført.", Pages.Words(await client.ReadAsync("/o/hlf/claims/A-0051")), StringComparison.Ordinal);
        Assert.Contains("Kravet kom ikke fram, og er klart for eksport igjen.", Pages.Words(await client.ReadAsync("/o/hlf/claims/A-0076")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("~x")]
    [InlineData("50%2F?#&+ æ")]
    public async Task A_claim_is_found_under_its_address_whatever_its_id_holds(string id)
    {
        var claimId = id.Replace('æ', 'e');
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        await world.Store.TakeInAsync("hlf", [A.Record(claimId)], "test", "test", Cancel);
        using var client = await world.SignedInAsync(Role.Auditor);
        var list = await client.ReadAsync("/o/hlf/claims");
        var address = System.Text.RegularExpressions.Regex.Match(list, "href=\"(/o/hlf/claims/[^\"]+)\"").Groups[1].Value;
        Assert.Contains($"Krav {claimId} – Klar", Pages.Words(await client.ReadAsync(WebUtility.HtmlDecode(address))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/o/hlf/claims/NOBODY")]
    [InlineData("/o/hlf/claims/~%F0%9F%98%80")]
    [InlineData("/o/hlf/claims/NOBODY/re-export")]
    [InlineData("/o/hlf/claims/R1-000001/re-export/7")]
    [InlineData("/o/hlf/in-doubt/NOBODY")]
    [InlineData("/o/other/claims/R1-000001")]
    public async Task What_is_not_there_is_not_found(string path)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, claims: 1);
        await world.AddOrganisationAsync("other", claims: 1);
        using var client = await world.SignedInAsync(Role.Administrator);
        Assert.Contains("Vi finner ikke siden", Pages.Words(await client.ReadAsync(path, HttpStatusCode.NotFound)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_claim_is_exported_again_with_a_reason_its_id_and_a_last_look_and_goes_by_itself(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 2);
        await ExportAsync(world);
        using var client = await world.SignedInAsync(Role.Administrator);
        const string page = "/o/hlf/claims/R1-000001/re-export";
        Assert.Contains("Hvis du eksporterer det på nytt, kan det bli bokført og utbetalt to ganger.", Pages.Words(await client.ReadAsync(page)), StringComparison.Ordinal);

        // Nothing filled in: each field says so, and what was typed stays.
        using (var wrong = await client.SendFormAsync(page + "?step=reason", ("reason", "på nytt"), ("confirmation", "R1-000002")))
        {
            var html = await wrong.ReadAsync(HttpStatusCode.UnprocessableEntity);
            Assert.Contains("Feil: ", html, StringComparison.Ordinal);
            Assert.Contains("Velg hvorfor kravet må eksporteres på nytt", Pages.Words(html), StringComparison.Ordinal);
            Assert.Contains("Skriv kravnummeret for å bekrefte: R1-000001.", Pages.Words(html), StringComparison.Ordinal);
            Assert.Contains("på nytt", WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        }

        using var second = await client.SendFormAsync(page + "?step=reason", ("cause", "reversed"), ("reversal", "200431"), ("reason", "Feil konto"), ("confirmation", "R1-000001"));
        var check = await second.ReadAsync();
        Assert.Contains("Jeg har reversert bilaget i regnskapssystemet (200431)", Pages.Words(check), StringComparison.Ordinal);
        Assert.Single((await world.Store.FindClaimAsync("hlf", "R1-000001", Cancel))!.Marks);

        using var done = await client.SendFormOfAsync(page, check, ("do", "export"));
        Assert.Equal(page + "/1", world.Here(done));
        var history = await EventuallyAsync(world, marks => marks[^1] is { Generation: 1, State: MarkState.Exported });
        Assert.Contains("Feil konto", (await world.Store.PageAuditAsync("hlf", new PayOnce.History.AuditFilter(Subject: "claim R1-000001"), new PayOnce.History.ListRequest(5), Cancel)).Page.Rows[0].Details, StringComparison.Ordinal);
        Assert.Contains("eksporteres på nytt", Pages.Words(await client.ReadAsync(page + "/1")), StringComparison.Ordinal);

        // The same check page sent again, after the new export: it speaks of the first one, and makes nothing.
        using var again = await client.SendFormOfAsync(page, check, ("do", "export"));
        Assert.Contains("Kravet er eksportert på nytt siden du åpnet siden.", Pages.Words(await again.ReadAsync(HttpStatusCode.Conflict)), StringComparison.Ordinal);
        Assert.Equal(history.Count, (await world.Store.FindClaimAsync("hlf", "R1-000001", Cancel))!.Marks.Count);
        Assert.Single(await world.Store.ListRequestsAsync("hlf", null, 10, Cancel), request => request.Kind == RequestKind.ReExport);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_claim_is_withdrawn_with_a_reason_and_a_last_look_and_says_so_everywhere(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 2);
        using var client = await world.SignedInAsync(Role.Coordinator);
        const string claim = "/o/hlf/claims/R1-000001";
        Assert.Contains($"href=\"{claim}/withdraw\"", await client.ReadAsync(claim), StringComparison.Ordinal);
        using (var wrong = await client.SendFormAsync(claim + "/withdraw", ("reason", " ")))
            Assert.Contains("Feil: ", await wrong.ReadAsync(HttpStatusCode.UnprocessableEntity), StringComparison.Ordinal);

        using var second = await client.SendFormAsync(claim + "/withdraw", ("reason", "Godkjent ved en feil"));
        var check = await second.ReadAsync();
        Assert.Contains("ingen kjøring tar det med", Pages.Words(check), StringComparison.Ordinal);
        Assert.Equal(2, await world.Store.CountWaitingAsync("hlf", Cancel));
        using var done = await client.SendFormOfAsync(claim + "/withdraw", check, ("do", "withdraw"));
        Assert.Equal(claim, world.Here(done));
        using var again = await client.SendFormOfAsync(claim + "/withdraw", check, ("do", "withdraw"));
        Assert.Equal(claim, world.Here(again));

        var page = Pages.Words(await client.ReadAsync(claim));
        Assert.Contains("Krav R1-000001 – Trukket tilbake", page, StringComparison.Ordinal);
        Assert.Contains("Godkjent ved en feil", page, StringComparison.Ordinal);
        Assert.Contains("Withdrawn by Coordinator 1", Pages.Words(await client.ReadAsync(claim, language: "en")), StringComparison.Ordinal);
        Assert.Contains("R1-000001", Pages.Words(await client.ReadAsync("/o/hlf/claims?state=withdrawn")), StringComparison.Ordinal);
        Assert.Contains("1 claim is withdrawn and does not wait.", Pages.Words(await client.ReadAsync("/o/hlf", language: "en")), StringComparison.Ordinal);
        Assert.Equal(1, await world.Store.CountWaitingAsync("hlf", Cancel));
    }

    [Fact]
    public async Task A_claim_that_has_left_is_not_withdrawn_and_an_auditor_is_not_asked()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, claims: 1);
        await ExportAsync(world);
        using var client = await world.SignedInAsync(Role.Administrator);
        const string page = "/o/hlf/claims/R1-000001/withdraw";
        Assert.Contains("Kravet er eksportert i kjøring 1.", Pages.Words(await client.ReadAsync(page)), StringComparison.Ordinal);
        Assert.Null((await world.Store.FindClaimAsync("hlf", "R1-000001", Cancel))!.Withdrawal);
        using var auditor = await world.SignedInAsync(Role.Auditor);
        await auditor.ReadAsync(page, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_was_not_exported_cannot_be_exported_again_and_a_coordinator_is_not_asked()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, claims: 1);
        using var client = await world.SignedInAsync(Role.Administrator);
        Assert.Contains("Kravet er ikke eksportert ennå.", Pages.Words(await client.ReadAsync("/o/hlf/claims/R1-000001/re-export")), StringComparison.Ordinal);
        using var coordinator = await world.SignedInAsync(Role.Coordinator);
        await coordinator.ReadAsync("/o/hlf/claims/R1-000001/re-export", HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_list_is_downloaded_as_a_spreadsheet_opens_it_and_no_cell_calculates()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        await world.Store.TakeInAsync("hlf", [A.Record("=1+1", 123_456), A.Record("B;2")], "test", "test", Cancel);
        using var client = await world.SignedInAsync(Role.Auditor);
        using var answer = await client.GetAsync("/o/hlf/claims.csv", Cancel);
        Assert.Equal("attachment; filename=hlf-claims.csv", answer.Content.Headers.ContentDisposition!.ToString());
        var bytes = await answer.Content.ReadAsByteArrayAsync(Cancel);
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        var text = System.Text.Encoding.UTF8.GetString(bytes);
        Assert.Contains("\r\n'=1+1;4711;travel;2026-01-05T01:00:00+01:00;1234.56;NOK;Klar;;", text, StringComparison.Ordinal);
        Assert.Contains("\r\n\"B;2\";", text, StringComparison.Ordinal);
    }

    private static async Task ExportAsync(ServerWorld world)
    {
        await world.Store.QueueRequestAsync(new RunOrder("hlf", RequestKind.Sync, RunTrigger.Manual, "kari") { WhenBusy = WhenBusy.Queue }, _ => false, Cancel);
        await EventuallyAsync(world, marks => marks is [{ State: MarkState.Exported }]);
    }

    private static async Task<IReadOnlyList<Mark>> EventuallyAsync(ServerWorld world, Func<IReadOnlyList<Mark>, bool> until)
    {
        while (true)
        {
            var marks = (await world.Store.FindClaimAsync("hlf", "R1-000001", Cancel))!.Marks;
            if (until(marks)) return marks;
            await Task.Delay(50, Cancel);
        }
    }
}
