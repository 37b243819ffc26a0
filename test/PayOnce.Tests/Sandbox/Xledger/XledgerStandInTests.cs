using System.Text.Json;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Xledger;
using PayOnce.Tests.Exporters.Xledger;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Sandbox.Xledger;

/// <summary>The Xledger stand-in, asked as its public clients ask the real one.</summary>
public sealed class XledgerStandInTests
{
    private const string Voucher = """
        {"inputs":[
          {"clientId":"0","node":{"transactionSource":{"code":"GL"},"trRegNumber":20260217,"trItemNumber":1,"postedDate":"2026-02-17","invoiceNumber":"Xledger123","amount":"101.00","invoiceAmount":"101.00","jobLevel":{"dbSubId":1},"account":{"code":"7100"}}},
          {"clientId":"1","node":{"transactionSource":{"code":"GL"},"trRegNumber":"20260217","trItemNumber":2,"postedDate":"2026-02-17","invoiceNumber":"Xledger123","amount":-101.00,"invoiceAmount":"-101.00","jobLevel":{"dbSubId":1},"account":{"code":"2400"},"subledger":{"code":"P019430"}}}]}
        """;

    /// <summary>The mutation of a public client (grasp-labs/ds-provider-xledger-py-lib), its placeholders filled.</summary>
    private const string Add = "mutation ($inputs: [AddGLImportItemsInput!]!) { addGLImportItems(inputs: $inputs) { edges { clientId node { dbId trRegNumber amount } } } }";

    [Fact]
    public async Task Lines_are_taken_in_one_mutation_and_come_back_with_their_client_ids()
    {
        await using var scene = await XledgerScene.StartAsync();
        var edges = (await scene.AskAsync(Add, Voucher)).GetProperty("data").GetProperty("addGLImportItems").GetProperty("edges");
        Assert.Equal(["0", "1"], edges.EnumerateArray().Select(edge => edge.GetProperty("clientId").GetString()).Order());
        Assert.All(edges.EnumerateArray(), edge => Assert.Equal(JsonValueKind.Number, edge.GetProperty("node").GetProperty("dbId").ValueKind));
        Assert.Equal(["-101.00", "101.00"], edges.EnumerateArray().Select(edge => edge.GetProperty("node").GetProperty("amount").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(20260217, edges[0].GetProperty("node").GetProperty("trRegNumber").GetInt64());
    }

    [Fact]
    public async Task What_is_sent_twice_is_taken_twice_without_a_word()
    {
        await using var scene = await XledgerScene.StartAsync();
        Assert.False((await scene.AskAsync(Add, Voucher)).TryGetProperty("errors", out _));
        Assert.False((await scene.AskAsync(Add, Voucher)).TryGetProperty("errors", out _));
        Assert.Equal(["Xledger123", "Xledger123"], scene.Xledger.Bookings.Select(booking => booking.Key));
    }

    [Fact]
    public async Task Any_document_that_graphql_allows_is_answered()
    {
        await using var scene = await XledgerScene.StartAsync();
        await scene.AskAsync(Add, Voucher);
        var answer = (await scene.AskAsync(
            """
            query Mine($numbers: [String!], $deep: Boolean = true) {
              a: glImportItems(first: 1, filter: {invoiceNumber_in: $numbers, AND: [{amount_gt: "0"}, {OR: [{trItemNumber: 1}, {trItemNumber: 7}]}]}) { ...Page }
              b: glImportItems(last: 1, filter: {amount_lt: 0}) { ...Page pageInfo { hasPreviousPage } }
              __typename
            }
            fragment Page on GLImportItemConnection { edges { cursor node { amount ... on GLImportItem @include(if: $deep) { number: invoiceNumber } __typename } } pageInfo { hasNextPage } }
            """,
            """{"numbers":["Xledger123","other"]}"""));
        Assert.False(answer.TryGetProperty("errors", out var errors), errors.ToString());
        var data = answer.GetProperty("data");
        var node = data.GetProperty("a").GetProperty("edges")[0].GetProperty("node");
        Assert.Equal(["101.00", "Xledger123", "GLImportItem"], node.EnumerateObject().Select(property => property.Value.GetString()));
        Assert.Equal("-101.00", data.GetProperty("b").GetProperty("edges")[0].GetProperty("node").GetProperty("amount").GetString());
        Assert.Equal("Query", data.GetProperty("__typename").GetString());
    }

    [Fact]
    public async Task Pages_follow_one_another_by_cursor_until_there_is_no_next()
    {
        await using var scene = await XledgerScene.StartAsync();
        for (var i = 0; i < 4; i++) await scene.AskAsync(Add, Voucher);
        var ids = new List<long>();
        for (string? after = null; ;)
        {
            var list = (await scene.AskAsync("query($after:String){glImportItems(first:3,after:$after){pageInfo{hasNextPage} edges{cursor node{dbId}}}}", $$"""{"after":{{JsonSerializer.Serialize(after)}}}"""))
                .GetProperty("data").GetProperty("glImportItems");
            ids.AddRange(list.GetProperty("edges").EnumerateArray().Select(edge => edge.GetProperty("node").GetProperty("dbId").GetInt64()));
            after = list.GetProperty("edges").EnumerateArray().Last().GetProperty("cursor").GetString();
            if (!list.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean()) break;
        }
        Assert.Equal(8, ids.Distinct().Count());
        Assert.Equal(ids.Order(), ids);
    }

    [Fact]
    public async Task The_job_posts_a_voucher_that_balances_after_its_time()
    {
        var time = new ManualTime();
        await using var scene = await XledgerScene.StartAsync(itsClock: time);
        await scene.AskAsync(Add, Voucher);
        time.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(2, await CountAsync(scene, "glImportItems"));
        Assert.Equal(0, await CountAsync(scene, "journalEntries"));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, await CountAsync(scene, "glImportItems"));
        Assert.Equal(2, await CountAsync(scene, "journalEntries"));
        Assert.Equal(1, await CountAsync(scene, "apTransactions"));
        var entry = (await scene.AskAsync("{apTransactions(filter:{invoiceNumber:\"Xledger123\"}){edges{node{amount account{code} transactionHeader{transactionNumber createdAt}}}}}"))
            .GetProperty("data").GetProperty("apTransactions").GetProperty("edges")[0].GetProperty("node");
        Assert.Equal("2400", entry.GetProperty("account").GetProperty("code").GetString());
        // Half past seven in UTC is half past eight in Oslo's winter.
        Assert.Equal("2026-03-02T08:30:00", entry.GetProperty("transactionHeader").GetProperty("createdAt").GetString());
        Assert.Equal("posted", Assert.Single(scene.Xledger.Bookings).Kind);
    }

    [Fact]
    public async Task A_voucher_that_does_not_balance_becomes_an_import_error()
    {
        await using var scene = await XledgerScene.StartAsync();
        await scene.AskAsync(Add, Voucher.Replace("\"101.00\"", "\"100.00\"", StringComparison.Ordinal));
        scene.Post();
        var error = (await scene.AskAsync("{glImportItemErrors(first:10){edges{node{message transactionDbId errorLevel{code}}}}}")).GetProperty("data").GetProperty("glImportItemErrors").GetProperty("edges")[0].GetProperty("node");
        Assert.Contains("does not balance: -1.00", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(scene, "journalEntries"));
        Assert.Equal(2, await CountAsync(scene, "glImportItems"));
    }

    [Fact]
    public async Task An_unknown_code_refuses_the_whole_mutation_with_the_codes_there_are()
    {
        await using var scene = await XledgerScene.StartAsync();
        var answer = await scene.AskAsync(Add, Voucher.Replace("\"7100\"", "\"9999\"", StringComparison.Ordinal));
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("data").GetProperty("addGLImportItems").ValueKind);
        var error = answer.GetProperty("errors")[0];
        Assert.Equal("BAD_REQUEST", error.GetProperty("code").GetString());
        Assert.Equal("INVALID_VALUE", error.GetProperty("extensions").GetProperty("code").GetString());
        Assert.Contains("inputs[0].node.account", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(error.GetProperty("extensions").GetProperty("exampleValidInputs").EnumerateArray(), account => account.GetProperty("code").GetString() == "7140");
        Assert.Empty(scene.Xledger.Bookings);
    }

    /// <summary>As omniboost/go-xledger asks for tax codes.</summary>
    [Fact]
    public async Task Alternatives_are_listed_without_taking_a_line()
    {
        await using var scene = await XledgerScene.StartAsync();
        var inputs = (await scene.AskAsync("mutation { addGLImportItems(inputs: { node: { taxRule: { showAlternatives: YES } } }) { edges { node { dbId } } } }"))
            .GetProperty("errors")[0].GetProperty("extensions").GetProperty("exampleValidInputs");
        Assert.Equal(["dbId", "ownerDbId", "code", "text"], inputs[0].EnumerateObject().Select(property => property.Name));
        Assert.Empty(scene.Xledger.Bookings);
    }

    [Theory]
    [InlineData("{glImportItems{edges{node{colour}}}}", "{}", "FIELDS_ON_CORRECT_TYPE", "Cannot query field")]
    [InlineData("{glImportItems(filter:{extIdentifier:\"A\"}){edges{node{dbId}}}}", "{}", "ARGUMENTS_OF_CORRECT_TYPE", "extIdentifier")]
    [InlineData("{glImportItems(first:\"many\"){edges{node{dbId}}}}", "{}", "ARGUMENTS_OF_CORRECT_TYPE", "first")]
    [InlineData(Add, """{"inputs":[{"node":{"amount":"ten"}}]}""", "INVALID_VALUE", "inputs")]
    [InlineData(Add, """{"inputs":[{"node":{"colour":"red"}}]}""", "INVALID_VALUE", "colour")]
    [InlineData("{glImportItems(first:10001){edges{node{dbId}}}}", "{}", "INVALID_VALUE", "first")]
    public async Task What_is_wrong_is_refused_with_the_codes_that_clients_know(string query, string variables, string code, string word)
    {
        await using var scene = await XledgerScene.StartAsync();
        var error = (await scene.AskAsync(query, variables)).GetProperty("errors")[0];
        Assert.Equal(code, error.GetProperty("extensions").GetProperty("code").GetString());
        Assert.Contains(word, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_500_nodes_are_refused()
    {
        await using var scene = await XledgerScene.StartAsync();
        var answer = await scene.AskAsync(Add, $$"""{"inputs":[{{string.Join(',', Enumerable.Repeat("""{"node":{"text":"x"}}""", 501))}}]}""");
        Assert.Contains("500", answer.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(scene, "glImportItems"));
    }

    [Theory]
    [InlineData("Bearer TOKEN")]
    [InlineData("token other")]
    [InlineData("TOKEN")]
    public async Task Only_the_word_token_and_the_right_one_sign_in(string authorization)
    {
        await using var scene = await XledgerScene.StartAsync();
        Assert.Contains("API token", (await scene.AskAsync("{accounts{edges{node{code}}}}", authorization: authorization.Replace("TOKEN", XledgerScene.Token, StringComparison.Ordinal))).GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_twenty_first_request_in_five_seconds_meets_the_burst_limit_and_credits_run_out()
    {
        var time = new ManualTime();
        await using var scene = await XledgerScene.StartAsync(new XledgerOptions { Credits = 22 }, itsClock: time);
        for (var i = 0; i < 20; i++) Assert.Null(await CodeAsync(scene));
        Assert.Equal("BAD_REQUEST.BURST_RATE_LIMIT_REACHED", await CodeAsync(scene));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(await CodeAsync(scene));
        Assert.Null(await CodeAsync(scene));
        var error = (await scene.AskAsync("{accounts{edges{node{code}}}}")).GetProperty("errors")[0];
        Assert.Equal("BAD_REQUEST.INSUFFICIENT_CREDITS", error.GetProperty("code").GetString());
        Assert.Equal("2026-03-02T08:00:00Z", error.GetProperty("extensions").GetProperty("resetAt").GetString());
        Assert.Equal(24, scene.Xledger.State()["requests"]!["2026-03"]!.GetValue<long>());
    }

    [Fact]
    public async Task Suppliers_are_looked_up_and_added_once()
    {
        await using var scene = await XledgerScene.StartAsync();
        const string add = "mutation{addSuppliers(inputs:[{clientId:\"x\",node:{code:\"4711\",description:\"Kari\"}}]){edges{clientId node{dbId code}}}}";
        Assert.Equal("4711", (await scene.AskAsync(add)).GetProperty("data").GetProperty("addSuppliers").GetProperty("edges")[0].GetProperty("node").GetProperty("code").GetString());
        Assert.Equal("INVALID_VALUE", (await scene.AskAsync(add)).GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
        Assert.Single((await scene.AskAsync("{suppliers(first:1,filter:{code:\"4711\"}){edges{node{description}}}}")).GetProperty("data").GetProperty("suppliers").GetProperty("edges").EnumerateArray());
    }

    [Fact]
    public async Task A_reading_that_lags_does_not_see_the_last_moments()
    {
        await using var scene = await XledgerScene.StartAsync();
        await scene.AskAsync(Add, Voucher);
        scene.Faults.Script(new ScriptedFault(FaultKind.LaggingRead, Delay: TimeSpan.FromMinutes(1)));
        Assert.Equal(0, await CountAsync(scene, "glImportItems"));
        Assert.Equal(2, await CountAsync(scene, "glImportItems"));
    }

    private static async Task<int> CountAsync(XledgerScene scene, string list) =>
        (await scene.AskAsync($"{{{list}(first:1000){{edges{{node{{dbId}}}}}}}}")).GetProperty("data").GetProperty(list).GetProperty("edges").GetArrayLength();

    private static async Task<string?> CodeAsync(XledgerScene scene) =>
        (await scene.AskAsync("{accounts{edges{node{code}}}}")).TryGetProperty("errors", out var errors) ? errors[0].GetProperty("code").GetString() : null;
}
