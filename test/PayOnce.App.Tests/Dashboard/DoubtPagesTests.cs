using System.Net;
using PayOnce.Access;
using PayOnce.App.Tests.Support;
using PayOnce.Guard;
using PayOnce.Scheduling;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>A claim in doubt, from the list to the decision.</summary>
public sealed class DoubtPagesTests(PostgresCluster cluster)
{
    private const string Page = "/o/hlf/in-doubt/A-0051";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_claim_that_was_found_is_settled_with_its_voucher_and_the_next_one_is_offered(StoreKind kind)
    {
        await using var world = await StartAsync(kind);
        using var client = await world.SignedInAsync(Role.Administrator);
        Assert.Contains("25 krav, til sammen", Pages.Words(await client.ReadAsync("/o/hlf/in-doubt")), StringComparison.Ordinal);
        var mark = await MarkAsync(world);
        var facts = Pages.Words(await client.ReadAsync(Page));
        Assert.Contains(mark.ExportKey, facts, StringComparison.Ordinal);
        Assert.Contains("1,51 kr", facts, StringComparison.Ordinal);

        using var asked = await client.SendFormAsync(Page, ("found", "yes"), ("voucher", "200415"), ("reason", "Står i hovedboken"));
        var check = await asked.ReadAsync();
        Assert.Contains("Kravet regnes som bokført og blir ikke sendt igjen.", Pages.Words(check), StringComparison.Ordinal);
        Assert.Equal(MarkState.InDoubt, (await MarkAsync(world)).State);

        using var decided = await client.SendFormOfAsync(Page + "/decide", check, ("do", "decide"));
        Assert.Equal(Page + "/decided/0", world.Here(decided));
        var receipt = Pages.Words(await client.ReadAsync(Page + "/decided/0", language: "en"));
        Assert.Contains("The claim was found as 200415 and counts as booked.", receipt, StringComparison.Ordinal);
        Assert.Contains("Next claim in doubt (24 left)", receipt, StringComparison.Ordinal);
        var settled = await MarkAsync(world);
        Assert.Equal((MarkState.Exported, Evidence.Booked, "200415"), (settled.State, settled.Evidence, settled.Acknowledgement));

        // A voucher number leads to its claim.
        using var found = await client.GetAsync("/o/hlf/search?q=200415", Cancel);
        Assert.Equal("/o/hlf/claims/A-0051", world.Here(found));

        // The same form once more is answered with what it did.
        using var again = await client.SendFormOfAsync(Page + "/decide", check, ("do", "decide"));
        Assert.Equal(Page + "/decided/0", world.Here(again));
    }

    [Fact]
    public async Task A_claim_that_was_not_found_is_released_after_a_warning()
    {
        await using var world = await StartAsync(StoreKind.Sqlite);
        using var client = await world.SignedInAsync(Role.Administrator);
        using var asked = await client.SendFormAsync(Page, ("found", "no"), ("reason", "Lette på beløp og referanse"));
        var check = await asked.ReadAsync();
        Assert.Contains("Er det likevel bokført, blir det bokført to ganger.", Pages.Words(check), StringComparison.Ordinal);
        using var decided = await client.SendFormOfAsync(Page + "/decide", check, ("do", "decide"));
        Assert.Contains("Kravet ble ikke funnet.", Pages.Words(await client.ReadAsync(world.Here(decided))), StringComparison.Ordinal);
        Assert.Equal((MarkState.Released, "Lette på beløp og referanse"), ((await MarkAsync(world)).State, (await MarkAsync(world)).Reason));
    }

    [Fact]
    public async Task Who_decides_second_is_told_what_was_decided_and_changes_nothing()
    {
        await using var world = await StartAsync(StoreKind.Sqlite);
        using var client = await world.SignedInAsync(Role.Administrator);
        using var asked = await client.SendFormAsync(Page, ("found", "no"), ("reason", "Ikke der"));
        var check = await asked.ReadAsync();
        await world.Store.DecideAsync("hlf", "A-0051", MarkState.Exported, "Fant det", "Kari Nordmann", Cancel, new DecisionDetails(null, "200415"));

        using var decided = await client.SendFormOfAsync(Page + "/decide", check, ("do", "decide"));
        var words = Pages.Words(await decided.ReadAsync(HttpStatusCode.Conflict));
        Assert.Contains("Kari Nordmann avklarte dette kravet", words, StringComparison.Ordinal);
        Assert.Contains("Valget ditt ble ikke lagret.", words, StringComparison.Ordinal);
        Assert.Equal(MarkState.Exported, (await MarkAsync(world)).State);
    }

    [Theory]
    [InlineData("", "", "", "Velg hva du fant.")]
    [InlineData("yes", "", "x", "Bilagsnummer eller bekreftelses-ID må fylles ut når du fant kravet.")]
    [InlineData("no", "", "", "Begrunnelse må fylles ut.")]
    [InlineData("perhaps", "", "x", "Velg hva du fant.")]
    public async Task An_answer_that_lacks_something_comes_back_as_it_was_typed(string found, string voucher, string reason, string says)
    {
        await using var world = await StartAsync(StoreKind.Sqlite);
        using var client = await world.SignedInAsync(Role.Administrator);
        using var answer = await client.SendFormAsync(Page, ("found", found), ("voucher", voucher), ("reason", reason));
        Assert.Contains(says, Pages.Words(await answer.ReadAsync(HttpStatusCode.UnprocessableEntity)), StringComparison.Ordinal);
        Assert.Equal(MarkState.InDoubt, (await MarkAsync(world)).State);
    }

    [Fact]
    public async Task Who_may_not_decide_sees_what_is_known_and_has_no_form()
    {
        await using var world = await StartAsync(StoreKind.Sqlite);
        using var client = await world.SignedInAsync(Role.Auditor);
        var html = await client.ReadAsync(Page);
        Assert.Contains("En administrator kan avklare kravet.", Pages.Words(html), StringComparison.Ordinal);
        Assert.DoesNotContain("method=\"post\" action=\"/o/hlf/in-doubt", html, StringComparison.Ordinal);
        using var forged = await client.PostAsync(Page + "/decide", new FormUrlEncodedContent([new("found", "no"), new("reason", "x"), new("do", "decide")]), Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
    }

    [Fact]
    public async Task The_accounting_system_is_asked_again_once_however_often_it_is_clicked()
    {
        await using var world = await StartAsync(StoreKind.Sqlite);
        await world.Store.PauseAsync("hlf", "test", "kari", Cancel);
        using var client = await world.SignedInAsync(Role.Coordinator);
        using var first = await client.SendFormAsync(Page, ("claim", "A-0051"));
        Assert.Equal(Page + "?asked=1", world.Here(first));
        Assert.Contains("Søket står i kø.", Pages.Words(await client.ReadAsync(world.Here(first))), StringComparison.Ordinal);
        using var second = await client.SendFormAsync("/o/hlf/in-doubt", ("claim", ""));
        Assert.Equal("/o/hlf/in-doubt?asked=1", world.Here(second));
        Assert.Equal(RequestKind.Reconcile, Assert.Single(await world.Store.ListRequestsAsync("hlf", null, 10, Cancel)).Kind);
    }

    [Fact]
    public async Task Nothing_in_doubt_is_said_and_a_settled_claim_has_no_form()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, claims: 1);
        using var client = await world.SignedInAsync(Role.Administrator);
        Assert.Contains("No claims in doubt.", Pages.Words(await client.ReadAsync("/o/hlf/in-doubt", language: "en")), StringComparison.Ordinal);
        Assert.Contains("Kravet er ikke uavklart.", Pages.Words(await client.ReadAsync("/o/hlf/in-doubt/R1-000001")), StringComparison.Ordinal);
    }

    private async Task<ServerWorld> StartAsync(StoreKind kind)
    {
        var world = await ServerWorld.StartAsync(kind, cluster, settings: RunScenes.Api);
        await RunScenes.OfEveryKindAsync(world);
        return world;
    }

    private static async Task<Mark> MarkAsync(ServerWorld world) => (await world.Store.FindClaimAsync("hlf", "A-0051", Cancel))!.Marks[^1];
}
