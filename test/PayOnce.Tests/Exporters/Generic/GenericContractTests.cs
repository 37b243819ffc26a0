using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using PayOnce.Exporters.Api;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Generic;
using PayOnce.Tests.Exporters.Api;
using PayOnce.Tests.Golden;
using PayOnce.Tests.Support;
using PayOnce.Tests.Tree;

namespace PayOnce.Tests.Exporters.Generic;

/// <summary>The published contract is what the exporter really sends and what the stand-in really answers.</summary>
public sealed class GenericContractTests
{
    private static readonly JsonNode Contract = PlainYaml.Parse(File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "generic-endpoint.openapi.yaml")));
    private static readonly JsonSchema Schema = new(Contract);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_request_that_the_exporter_sends_is_in_the_contract_as_it_is_sent()
    {
        await using var bench = await OpenAsync(ProofClass.Unique);
        // The golden claims have every optional field somewhere.
        using var rendered = bench.Api.Renderer.Render(GoldenClaims.All, 1);
        await bench.SendAsync(bench.Batch(1) with { Bytes = rendered.Bytes.ToArray(), Claims = [] });
        await bench.SendAsync(bench.Batch(1));
        await bench.ReadBackAsync(bench.Batch(3));
        await bench.Api.ListKeysAsync(null, Cancel);
        await bench.Api.ListKeysAsync("0", Cancel);
        await bench.Api.TestConnectionAsync(Cancel);

        Assert.All(bench.Requests, request =>
        {
            var operation = Operation(request.Method, request.Path);
            AssertHeaders(operation, request);
            if (operation["requestBody"] is { } body) AssertFits(body["content"]!["application/json"]!["schema"]!, JsonNode.Parse(request.Body.Span));
            else Assert.True(request.Body.IsEmpty);
        });
        var used = bench.Requests.Select(request => Path.TrimEndingDirectorySeparator(request.Path.Split('?')[0])).Distinct().Order();
        Assert.Equal(Contract["paths"]!.AsObject().Select(path => Path.TrimEndingDirectorySeparator(path.Key)).Order(), used);
        var sent = bench.Requests.Select(request => request.Text).ToList();
        Assert.All(["quantity", "unit", "dimensions"], name => Assert.Contains(sent, text => text.Contains($"\"{name}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Every_answer_of_the_stand_in_is_in_the_contract_as_it_is_given()
    {
        await using var sandbox = await SandboxServer.StartAsync(new GenericStandIn(GenericApiConformance.Behaviour(ProofClass.Windowed) with { MaxClaims = 3 }), cancel: Cancel);
        using var client = new HttpClient { BaseAddress = sandbox.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", GenericApiConformance.Token);
        await using var bench = await OpenAsync(ProofClass.Windowed);
        var (good, large) = (bench.Batch(3), bench.Batch(4));
        var lookUp = $$"""{"exportKeys":["{{good.Claims[0].ExportKey}}"]}""";

        await AssertAsync(200, "POST", "batches", good.Bytes, "a");
        await AssertAsync(422, "POST", "batches", bench.Batch(2).Bytes, "a");
        await AssertAsync(413, "POST", "batches", large.Bytes, "b");
        await AssertAsync(400, "POST", "batches", "{}"u8.ToArray(), "c");
        await AssertAsync(400, "POST", "batches", good.Bytes, idempotencyKey: null);
        await AssertAsync(200, "POST", "lookup", Encoding.UTF8.GetBytes(lookUp), idempotencyKey: null);
        await AssertAsync(200, "GET", "keys", default, idempotencyKey: null);
        await AssertAsync(200, "GET", "", default, idempotencyKey: null);
        await AssertAsync(200, "POST", "probe", bench.Batch(1, prefix: "P-").Bytes, "d");
        sandbox.Faults.Script(new ScriptedFault(FaultKind.PartialFailure), new ScriptedFault(FaultKind.TooManyRequests, After: 2), new ScriptedFault(FaultKind.TokenExpired, After: 1));
        await AssertAsync(200, "POST", "batches", bench.Batch(2, prefix: "R-").Bytes, "e");
        await AssertAsync(401, "POST", "batches", good.Bytes, "f");
        await AssertAsync(429, "POST", "batches", good.Bytes, "g");

        async Task AssertAsync(int status, string method, string path, ReadOnlyMemory<byte> body, string? idempotencyKey)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method == "POST") request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
            using var response = await client.SendAsync(request, Cancel);
            var text = await response.Content.ReadAsStringAsync(Cancel);
            Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode} {text}");
            var told = Operation(method, "/" + path)["responses"]![$"{status}"]!;
            if (told["$ref"] is { } reference) told = Schema.Resolve(reference.GetValue<string>());
            if (told["headers"] is { } headers) Assert.All(headers.AsObject(), header => Assert.True(response.Headers.Contains(header.Key)));
            if (told["content"] is { } content) AssertFits(content[response.Content.Headers.ContentType!.MediaType!]!["schema"]!, JsonNode.Parse(text));
        }
    }

    [Fact]
    public void The_page_names_every_address_status_class_and_problem_of_the_contract()
    {
        var page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "generic-endpoint.md"));

        Assert.All(Contract["paths"]!.AsObject().Select(path => path.Key.TrimEnd('/')), path => Assert.Contains($"{{address}}{path}", page, StringComparison.Ordinal));
        var schemas = Contract["components"]!["schemas"]!;
        var words = schemas["Results"]!["properties"]!["results"]!["items"]!["properties"]!["status"]!["enum"]!.AsArray().Concat(schemas["Capabilities"]!["properties"]!["proofClass"]!["enum"]!.AsArray());
        Assert.All(words, word => Assert.Contains($"`{word}`", page, StringComparison.Ordinal));
        Assert.All(Enum.GetValues<ProofClass>(), proof => Assert.Contains($"`{proof.Text()}`", page, StringComparison.Ordinal));
        Assert.All(["invalid-batch", "unauthorized", "forbidden", "not-accepting", "too-large", "key-reused"], type => Assert.Contains($"`urn:payonce:{type}`", page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"organisation":"hlf","run":1,"claims":[]}""")]
    [InlineData("""{"organisation":"hlf","run":1.5,"claims":[{}]}""")]
    [InlineData("""{"organisation":"hlf","run":1,"claims":[{}],"more":1}""")]
    public void The_check_itself_finds_what_does_not_fit(string body) =>
        Assert.NotEmpty(Schema.Check(Schema.Resolve("#/components/schemas/Batch"), JsonNode.Parse(body)));

    private static JsonNode Operation(string method, string path)
    {
        var route = path.Split('?')[0];
        return Contract["paths"]![route]?[method.ToLowerInvariant()] ?? throw new InvalidOperationException($"{method} {route} is not in the contract.");
    }

    private static void AssertHeaders(JsonNode operation, RequestRecord request)
    {
        Assert.Contains("authorization", request.Headers.Keys);
        var declared = (operation["parameters"]?.AsArray() ?? []).Select(p => p!["$ref"] is { } reference ? Schema.Resolve(reference.GetValue<string>()) : p!).ToList();
        foreach (var header in declared.Where(p => p["in"]!.GetValue<string>() == "header"))
        {
            AssertFits(header["schema"]!, request.Headers[header["name"]!.GetValue<string>().ToLowerInvariant()]);
        }
        Assert.Equal(declared.Any(p => p["name"]!.GetValue<string>() == "Idempotency-Key"), request.Headers.ContainsKey("idempotency-key"));
        if (request.Path.Contains('?', StringComparison.Ordinal)) Assert.Contains(declared, p => request.Path.Contains($"?{p["name"]}=", StringComparison.Ordinal));
    }

    private static void AssertFits(JsonNode schema, JsonNode? value) => Assert.Empty(Schema.Check(schema, value));

    private static Task<ApiBench> OpenAsync(ProofClass proof) =>
        ApiBench.OpenAsync(
            _ => new GenericStandIn(GenericApiConformance.Behaviour(proof)),
            address => GenericApiConformance.For(address, proof) with { Currencies = ["NOK", "SEK", "EUR"] },
            new Dictionary<string, string> { ["token"] = GenericApiConformance.Token });
}
