using System.Text.Json;
using PayOnce.Claims;
using PayOnce.Exporters.Settings;
using PayOnce.Exporters.Xledger;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Exporters.Xledger;

/// <summary>The request's body, the request budget, and what the settings may say.</summary>
public sealed class XledgerRequestTests
{
    private static readonly Uri Somewhere = new("http://127.0.0.1:1/");

    [Fact]
    public void A_claim_is_never_split_over_two_mutations_and_no_mutation_has_more_than_500_lines()
    {
        var claims = Enumerable.Range(1, 40).Select(n => XledgerScene.Claim($"S-{n}", [.. Enumerable.Repeat(100L, n * 17 % 120 + 1)])).ToList();
        var request = Render("", claims);
        var mutations = request.GetProperty("variables").EnumerateObject().Select(mutation => mutation.Value.EnumerateArray().Select(node => node.GetProperty("clientId").GetString()![..16]).ToList()).ToList();
        Assert.True(mutations.Count > 1);
        Assert.All(mutations, nodes => Assert.InRange(nodes.Count, 2, ImportRequest.NodesPerMutation));
        Assert.Equal(claims.Count, mutations.Sum(nodes => nodes.Distinct().Count()));
        Assert.Equal(claims.Sum(claim => claim.Lines.Count + 1), mutations.Sum(nodes => nodes.Count));
    }

    [Fact]
    public void A_claim_with_more_lines_than_fit_is_rejected_by_name_and_the_others_go()
    {
        var context = new PayOnce.Exporters.Mapping.RunFacts(XledgerScene.Settled(Somewhere, ""), AccountSettings.Norwegian, Examples.Context);
        var claims = new[] { XledgerScene.Claim("T-1", 100), XledgerScene.Claim("T-500", [.. Enumerable.Repeat(1L, 500)]), XledgerScene.Claim("T-2", 200) };
        using var rendered = new ImportRequest(context).Render([.. claims.Select(claim => Examples.Reserved(claim))], 10);
        var rejection = Assert.Single(rendered.Rejections);
        Assert.Equal("T-500", rejection.ClaimId);
        Assert.Contains("499", rejection.Problem.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, rendered.Claims);
        Assert.Equal(300, Assert.Single(rendered.ControlTotals).AmountMinor);
        var numbers = JsonDocument.Parse(rendered.Bytes).RootElement.GetProperty("variables").GetProperty("m1").EnumerateArray().Select(node => node.GetProperty("node").GetProperty("trRegNumber").GetInt64());
        Assert.Equal([10, 10, 12, 12], numbers);
    }

    [Fact]
    public void A_batch_without_a_claim_that_can_go_is_empty()
    {
        var context = new PayOnce.Exporters.Mapping.RunFacts(XledgerScene.Settled(Somewhere, ""), AccountSettings.Norwegian, Examples.Context);
        using var rendered = new ImportRequest(context).Render([Examples.Reserved(XledgerScene.Claim("T-1", 100) with { Currency = "SEK" })], 1);
        Assert.Equal(0, rendered.Bytes.Length);
        Assert.Single(rendered.Rejections);
    }

    [Fact]
    public void Lines_carry_the_key_twice_and_what_the_settings_say_of_the_import()
    {
        var node = Render(""","xledger":{"owner":"1001","importDefinition":"GL02","jobLevel":1}""", [XledgerScene.Claim("R-1", 12_345)])
            .GetProperty("variables").GetProperty("m1")[0].GetProperty("node");
        var key = XledgerScene.Key(XledgerScene.Claim("R-1", 1));
        Assert.Equal(key, node.GetProperty("invoiceNumber").GetString());
        Assert.Equal(key, node.GetProperty("extIdentifier").GetString());
        Assert.Equal("1001", node.GetProperty("owner").GetProperty("code").GetString());
        Assert.Equal("GL02", node.GetProperty("importDefinition").GetProperty("code").GetString());
        Assert.Equal(1, node.GetProperty("jobLevel").GetProperty("dbSubId").GetInt32());
        Assert.Equal("123.45", node.GetProperty("amount").GetString());
    }

    [Fact]
    public async Task The_twenty_first_request_waits_until_the_burst_is_over()
    {
        var time = new ManualTime();
        var budget = new RequestBudget(time, perMonth: 200);
        for (var i = 0; i < RequestBudget.Burst; i++) await budget.TakeAsync(TestContext.Current.CancellationToken);
        Assert.Null(budget.Warning);
        var late = budget.TakeAsync(TestContext.Current.CancellationToken);
        time.Advance(RequestBudget.Span - TimeSpan.FromMilliseconds(1));
        Assert.False(late.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await late;
        Assert.Equal("This run used 21 of the 200 requests that the subscription includes in a month.", budget.Warning);
    }

    [Fact]
    public async Task A_run_that_keeps_to_the_budget_never_meets_the_burst_limit()
    {
        await using var scene = await XledgerScene.StartAsync(new PayOnce.Sandbox.Xledger.XledgerOptions());
        var began = scene.Clock.GetTimestamp();
        for (var i = 0; i < 25; i++) Assert.IsType<PayOnce.Exporters.Api.SendAnswer.Answered>(await scene.SendAsync(XledgerScene.Claim($"B-{i}", 100)));
        Assert.True(scene.Clock.GetElapsedTime(began) >= TimeSpan.FromSeconds(5));
        Assert.Equal(25, scene.Xledger.Bookings.Count);
    }

    [Theory]
    [InlineData(""","api":{"claimsPerRequest":251}""", "api.claimsPerRequest")]
    [InlineData(""","api":{"xledger":{"owner":"1"}},"voucher":{"entity":"2"}""", "api.xledger.owner")]
    [InlineData(""","accounts":{"default":"7140"}""", "accounts.credit")]
    [InlineData(""","currencies":["NOK","EUR"]""", "currencies")]
    [InlineData(""","dimensions":{"department":{"target":"posting1"}}""", "dimensions.department.target")]
    public void Settings_that_could_not_be_kept_are_refused(string more, string field)
    {
        var (settings, problems) = PayOnce.Exporters.IntegrationSettings.Parse("integration.json", System.Text.Encoding.UTF8.GetBytes($$"""{"exporter":"xledger","transport":"api","format":"json"{{more}}}"""));
        Assert.Null(settings);
        Assert.Contains(problems, problem => problem.Field == field);
    }

    private static JsonElement Render(string api, IReadOnlyList<Claim> claims)
    {
        var context = new PayOnce.Exporters.Mapping.RunFacts(XledgerScene.Settled(Somewhere, api), AccountSettings.Norwegian, Examples.Context);
        using var rendered = new ImportRequest(context).Render([.. claims.Select(claim => Examples.Reserved(claim))], 1);
        Assert.Empty(rendered.Rejections);
        return JsonDocument.Parse(rendered.Bytes).RootElement;
    }
}
