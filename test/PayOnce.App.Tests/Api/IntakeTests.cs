using System.Net;
using System.Text;
using PayOnce.App.Tests.Support;
using PayOnce.Claims;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Api;

/// <summary>Claims come in over the API, each with its own answer.</summary>
public sealed class IntakeTests(PostgresCluster cluster)
{
    public const string Good = """{"claimId":"A-1","claimant":{"id":"K1","name":"Kari"},"type":"travel","currency":"NOK","approvedAt":"2026-03-05T13:03:10Z","approvedBy":"ola","totalMinor":12050,"lines":[{"date":"2026-03-01","category":"train","description":"Oslo-Hamar","amountMinor":12050}]}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Each_claim_of_a_json_body_is_answered_for(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var api = await ApiCaller.OfAsync(world);
        var broken = Good.Replace("12050,\"lines\"", "1,\"lines\"", StringComparison.Ordinal).Replace("A-1", "A-2", StringComparison.Ordinal);
        var pretty = Good.Replace(",", ",\r\n  ", StringComparison.Ordinal).Replace("A-1", "A-3", StringComparison.Ordinal);
        var answer = (await api.PostAsync("claims", $$"""{"claims": [{{Good}}, {{broken}}, {{pretty}}, 7, {{Good}}]}""")).Is(HttpStatusCode.OK);
        Assert.Equal(["added", "refused", "added", "refused", "unchanged"], answer["items"].EnumerateArray().Select(item => item.GetProperty("outcome").GetString()));
        Assert.Equal([0, 1, 2, 3, 4], answer["items"].EnumerateArray().Select(item => item.GetProperty("index").GetInt32()));
        Assert.Equal(2, answer["added"].GetInt32());
        Assert.Equal(2, answer["refused"].GetInt32());
        var problem = answer["items"][1].GetProperty("problems")[0];
        Assert.Equal("totalMinor", problem.GetProperty("name").GetString());

        var again = (await api.PostAsync("claims", $$"""{"claims":[{{Good}}]}""")).Is(HttpStatusCode.OK);
        Assert.Equal("unchanged", again["items"][0].GetProperty("outcome").GetString());
        var changed = (await api.PostAsync("claims", $$"""{"claims":[{{Good.Replace("Kari", "Kari N", StringComparison.Ordinal)}}]}""")).Is(HttpStatusCode.OK);
        Assert.Equal("updated", changed["items"][0].GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData(StoreKind.Sqlite, "application/x-ndjson")]
    [InlineData(StoreKind.Postgres, "text/csv")]
    public async Task A_large_body_is_read_as_it_comes_and_its_refused_claims_are_named(StoreKind kind, string type)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var api = await ApiCaller.OfAsync(world);
        using var file = new MemoryStream();
        await ClaimsWriter.WriteAsync(file, type == "text/csv" ? ClaimsFormat.Csv : ClaimsFormat.JsonLines, ClaimsGenerator.Generate(3000, seed: 7), ClaimsGenerator.Dimensions, Cancel);
        Assert.True(file.Length > 1024 * 1024);
        var answer = (await api.SendAsync(HttpMethod.Post, "claims", ApiCaller.Body(file.ToArray(), type))).Is(HttpStatusCode.OK);
        Assert.Equal(3000, answer["added"].GetInt32());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, answer["items"].ValueKind);
        Assert.Equal(3000, (await world.Store.GetStatusAsync("hlf", Cancel)).Claims);
    }

    [Fact]
    public async Task What_was_read_before_a_broken_place_is_in_and_the_answer_says_so()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var api = await ApiCaller.OfAsync(world);
        var answer = (await api.SendAsync(HttpMethod.Post, "claims", ApiCaller.Body(Encoding.UTF8.GetBytes(Good + "\n{\"claimId\": \"A-2"), "application/x-ndjson"))).Is(HttpStatusCode.BadRequest).IsProblem("unreadable-claims");
        Assert.Equal(1, answer["report"].GetProperty("added").GetInt32());
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Adopted_claims_are_never_sent_and_half_a_list_adopts_nothing(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 3);
        using var api = await ApiCaller.OfAsync(world);
        (await api.PostAsync("claims/adopt", """{"reason":"cut-over","claims":[{"claimId":"R1-000001","reference":"V1"},{"claimId":"R1-000001","reference":"V2"}]}""")).Is(HttpStatusCode.BadRequest).IsProblem("bad-input");
        Assert.Equal(3, await world.Store.CountWaitingAsync("hlf", Cancel));
        var adopted = (await api.PostAsync("claims/adopt", """{"reason":"cut-over","claims":[{"claimId":"R1-000001","reference":"V1"},{"claimId":"OLD-9","reference":"V2"}]}""")).Is(HttpStatusCode.OK);
        Assert.Equal(2, adopted["adopted"].GetInt32());
        Assert.Equal(2, await world.Store.CountWaitingAsync("hlf", Cancel));
    }

    [Theory]
    [InlineData("A/1")]
    [InlineData("A%2F1")]
    [InlineData("A 1?x#y")]
    [InlineData("..A..")]
    public async Task A_claim_is_found_under_its_own_id_whatever_stands_in_it(string id)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var api = await ApiCaller.OfAsync(world);
        (await api.PostAsync("claims", $$"""{"claims":[{{Good.Replace("A-1", id, StringComparison.Ordinal)}}]}""")).Is(HttpStatusCode.OK);
        var found = (await api.GetAsync($"claims/{Uri.EscapeDataString(id)}")).Is(HttpStatusCode.OK);
        Assert.Equal(id, found["claimId"].GetString());
        Assert.Equal("Kari", found["claim"].GetProperty("claimantName").GetString());
        var listed = (await api.GetAsync($"claims?state=ready&from=2026-03-05&to=2026-03-05&idPrefix={Uri.EscapeDataString(id[..1])}")).Is(HttpStatusCode.OK);
        Assert.Equal(id, listed["items"][0].GetProperty("claimId").GetString());
        Assert.Empty((await api.GetAsync("claims?from=2026-03-06")).Is(HttpStatusCode.OK)["items"].EnumerateArray());
    }
}
