using System.Text.Json;
using PayOnce.Access;
using PayOnce.App.Tests.Support;
using PayOnce.Audit;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>Who did what: read, filtered, verified, taken along.</summary>
public sealed class AuditPagesTests(PostgresCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task The_trail_is_read_in_sentences_filtered_and_verified(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, settings: RunScenes.Api);
        await RunScenes.OfEveryKindAsync(world);
        using var client = await world.SignedInAsync(Role.Auditor);
        var all = Pages.Words(await client.ReadAsync("/o/hlf/audit"));
        Assert.Contains("La inn krav fra claims.jsonl: 100 nye, 0 endret", all, StringComparison.Ordinal);
        Assert.Contains("Startet kjøringen", all, StringComparison.Ordinal);
        var some = Pages.Words(await client.ReadAsync("/o/hlf/audit?kind=claims&actor=test", language: "en"));
        Assert.Contains("Showing 1 of 1 event, newest first.", some, StringComparison.Ordinal);
        Assert.Contains("Brought in claims from claims.jsonl: 100 new, 0 changed", some, StringComparison.Ordinal);
        Assert.Contains("Ingen hendelser passer filteret.", Pages.Words(await client.ReadAsync("/o/hlf/audit?to=1.1.2001")), StringComparison.Ordinal);

        using var verified = await client.SendFormAsync("/o/hlf/audit", ("_handler", "verify"));
        Assert.Contains("hendelser, ingen brudd.", Pages.Words(await verified.ReadAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trail_taken_along_can_be_verified_without_PayOnce()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, claims: 3);
        using var client = await world.SignedInAsync(Role.Auditor);
        var lines = (await client.GetStringAsync("/o/hlf/audit.jsonl", Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var hash = AuditHead.Start.Hash;
        foreach (var line in lines)
        {
            var told = JsonSerializer.Deserialize<AuditEvent>(line, JsonSerializerOptions.Web)!;
            Assert.Equal(hash, told.PreviousHash);
            Assert.Equal(told.RecomputedHash(), told.Hash);
            hash = told.Hash;
        }
        Assert.Equal((await world.Store.GetAuditHeadAsync("hlf", Cancel)).Hash, hash);
        Assert.StartsWith("Nr.;Tidspunkt (Europe/Oslo);Hvem;", await client.GetStringAsync("/o/hlf/audit.csv", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_action_is_told_in_a_sentence_of_its_own_in_both_languages_and_belongs_to_a_kind()
    {
        var actions = typeof(AuditActions).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToList();
        Assert.Empty(actions.Except(App.Dashboard.AuditKinds.All.SelectMany(App.Dashboard.AuditKinds.Actions)));
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        foreach (var language in Enum.GetValues<App.Dashboard.Language>())
        {
            var words = new App.Dashboard.Words(new App.Server.Visit(TimeProvider.System) { Language = language });
            foreach (var action in actions)
            {
                var told = words.Told(new AuditEvent("hlf", 1, DateTimeOffset.UnixEpoch, "kari", action, "run 1", "{}", "", "")).Text;
                Assert.NotEqual(action.Replace('_', ' '), told);
            }
        }
    }

    [Theory]
    [InlineData("", "Skriv et kravnummer")]
    [InlineData("4711-0000", "Vi fant ingen treff på «4711-0000».")]
    [InlineData("<script>", "Vi fant ingen treff på «<script>».")]
    public async Task A_search_that_finds_nothing_says_what_to_search_for(string text, string says)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, claims: 1);
        using var client = await world.SignedInAsync(Role.Auditor);
        Assert.Contains(says, System.Net.WebUtility.HtmlDecode(await client.ReadAsync("/o/hlf/search?q=" + Uri.EscapeDataString(text))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exact_id_leads_straight_to_its_page()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, settings: RunScenes.Api);
        await RunScenes.OfEveryKindAsync(world);
        using var client = await world.SignedInAsync(Role.Auditor);
        foreach (var (text, page) in new[] { ("a-0001", "/o/hlf/claims/A-0001"), (" A-0001 ", "/o/hlf/claims/A-0001"), ("1", "/o/hlf/runs/1"), ("4711", "/o/hlf/claims?claimant=4711") })
        {
            using var answer = await client.GetAsync("/o/hlf/search?q=" + Uri.EscapeDataString(text), Cancel);
            Assert.Equal(page, world.Here(answer));
        }
    }
}
