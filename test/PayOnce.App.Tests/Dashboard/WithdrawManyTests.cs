using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using PayOnce.Access;
using PayOnce.App.Dashboard;
using PayOnce.App.Tests.Api;
using PayOnce.App.Tests.Support;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>Several claims that are approved no longer, at once: on the dashboard and over the API.</summary>
public sealed class WithdrawManyTests(PostgresCluster cluster)
{
    private const string Page = "/o/hlf/withdraw";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Claims_are_named_one_on_each_line_looked_at_once_more_and_withdrawn_together(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 4);
        await ApiCaller.RunAsync(world.Store, claimId: "R1-000001");
        using var client = await world.SignedInAsync(Role.Coordinator);
        Assert.Contains($"href=\"{Page}\"", await client.ReadAsync("/o/hlf/claims"), StringComparison.Ordinal);
        using (var empty = await client.SendFormAsync(Page, ("claims", " \n"), ("reason", "")))
        {
            var wrong = Pages.Words(await empty.ReadAsync(HttpStatusCode.UnprocessableEntity));
            Assert.Contains("Kravnumre må fylles ut.", wrong, StringComparison.Ordinal);
            Assert.Contains("Begrunnelse må fylles ut.", wrong, StringComparison.Ordinal);
        }

        using var second = await client.SendFormAsync(Page, ("claims", "R1-000001\r\nR1-000002\r\nR1-000003\r\nX-9\r\n"), ("reason", "Godkjent ved en feil"));
        var check = await second.ReadAsync();
        var words = Pages.Words(check);
        Assert.Contains("Vil du trekke tilbake 2 krav?", words, StringComparison.Ordinal);
        Assert.Contains("Kravet er eksportert i kjøring 1.", words, StringComparison.Ordinal);
        Assert.Contains("Ingen slike krav er lagt inn.", words, StringComparison.Ordinal);
        Assert.Equal(3, await world.Store.CountWaitingAsync("hlf", Cancel));

        using (var done = await client.SendFormOfAsync(Page, check, ("do", "withdraw"))) Assert.Equal("/o/hlf/claims?state=withdrawn", world.Here(done));
        using (var again = await client.SendFormOfAsync(Page, check, ("do", "withdraw"))) Assert.Equal("/o/hlf/claims?state=withdrawn", world.Here(again));
        Assert.Equal(1, await world.Store.CountWaitingAsync("hlf", Cancel));
        Assert.Equal("Godkjent ved en feil", (await world.Store.FindClaimAsync("hlf", "R1-000003", Cancel))!.Withdrawal!.Reason);
        Assert.Null((await world.Store.FindClaimAsync("hlf", "R1-000001", Cancel))!.Withdrawal);
        Assert.Matches(@"Historikk .*: Trukket tilbake av Coordinator 1 – «Godkjent ved en feil»", Pages.Words(await client.ReadAsync("/o/hlf/claims/R1-000003", language: "nb")));
        Assert.Matches(@"History .*: Withdrawn by Coordinator 1 – «Godkjent ved en feil»", Pages.Words(await client.ReadAsync("/o/hlf/claims/R1-000003", language: "en")));
        using var auditor = await world.SignedInAsync(Role.Auditor);
        await auditor.ReadAsync(Page, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_run_that_is_quicker_than_the_last_step_keeps_its_claim_and_the_page_says_so()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, claims: 1);
        using var client = await world.SignedInAsync(Role.Administrator);
        using var second = await client.SendFormAsync(Page, ("claims", "R1-000001"), ("reason", "Feil"));
        var check = await second.ReadAsync();
        await ApiCaller.RunAsync(world.Store);
        using var late = await client.SendFormOfAsync(Page, check, ("do", "withdraw"));
        Assert.Contains("Ingen av kravene kan trekkes tilbake.", Pages.Words(await late.ReadAsync(HttpStatusCode.Conflict)), StringComparison.Ordinal);
        Assert.Null((await world.Store.FindClaimAsync("hlf", "R1-000001", Cancel))!.Withdrawal);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_program_withdraws_several_claims_and_is_answered_for_each(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 3);
        await ApiCaller.RunAsync(world.Store, claimId: "R1-000001");
        using var api = await ApiCaller.OfAsync(world);
        var answer = (await api.PostAsync("claims/withdraw", """{"claimIds":["R1-000003","R1-000001","X-9"],"reason":"Feil"}""")).Is(HttpStatusCode.OK);
        Assert.Equal(["withdrawn", "refused", "refused"], answer["items"].EnumerateArray().Select(item => item.GetProperty("outcome").GetString()));
        Assert.StartsWith("Run 1 has exported it.", answer["items"][1].GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Equal((1, 0, 2), (answer["withdrawn"].GetInt32(), answer["already"].GetInt32(), answer["refused"].GetInt32()));
        Assert.Equal(1, (await api.PostAsync("claims/withdraw", """{"claimIds":["R1-000003"],"reason":"Feil"}""")).Is(HttpStatusCode.OK)["already"].GetInt32());
        Assert.Equal(1, await world.Store.CountWaitingAsync("hlf", Cancel));
        Assert.Equal("Feil", Assert.Single((await api.GetAsync("claims/R1-000003")).Is(HttpStatusCode.OK)["withdrawals"].EnumerateArray().ToList()).GetProperty("reason").GetString());

        var many = JsonSerializer.Serialize(new { claimIds = Enumerable.Range(0, 10_001).Select(n => $"R1-{n}"), reason = "Feil" });
        foreach (var wrong in new[] { """{"claimIds":[],"reason":"x"}""", """{"claimIds":["R1-000002","R1-000002"],"reason":"x"}""", """{"claimIds":[""],"reason":"x"}""", """{"claimIds":["R1-000002"],"reason":" "}""", many })
            (await api.PostAsync("claims/withdraw", wrong)).Is(HttpStatusCode.BadRequest).IsProblem("bad-input");
        Assert.Equal(1, await world.Store.CountWaitingAsync("hlf", Cancel));
    }

    /// <summary>The exporters speak English; on a bokmål page nobody should have to read it. A new reason without bokmål fails here.</summary>
    [Fact]
    public void Every_reason_for_which_an_exporter_rejects_a_claim_is_said_in_bokmal()
    {
        // As the last argument of a rejection, as TextRules' rule, and its sentence about length; values in braces stand for themselves.
        const string text = "\\$?\"((?:[^\"\\\\{]|\\\\.|\\{(?:[^{}\"]|\"[^\"]*\")*\\})*)\"";
        var folder = Path.Combine(SourceTree.Root(), "src", "PayOnce", "Exporters");
        var reasons = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), $"Reject(?:Line)?\\([^\\n]*?, {text}\\);?(?=\\n|;)" + (Path.GetFileName(file) == "TextRules.cs" ? $"|rule = {text};|limit\\) => [^\\n]*?{text}\\);" : "")))
            .Select(match => match.Groups.Values.Skip(1).First(group => group.Success).Value).Where(reason => reason.Length > 0)
            .Select(reason => Regex.Replace(reason, "\\{(?:[^{}\"]|\"[^\"]*\")*\\}", "7").Replace("\\\"", "\"", StringComparison.Ordinal)).ToList();
        Assert.True(reasons.Count >= 15, $"Only {reasons.Count} reasons were found.");
        var english = reasons.FindAll(reason => MappingRules.Bokmal(reason) == reason);
        Assert.Empty(english);
        Assert.Equal("lines[2], kolonne text \"a: b\": har 300 tegn; her er det plass til høyst 250", MappingRules.Bokmal("lines[2], column text \"a: b\": has 300 characters; at most 250 are taken here"));
    }
}
