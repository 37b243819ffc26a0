using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PayOnce.App.Tests.Support;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Api;

/// <summary>
/// Whatever is sent to whichever endpoint: the right status, nothing changed, nothing told. The endpoints come from the API's own
/// document, so that a new one is tried as soon as it is there.
/// </summary>
public sealed partial class BadInputTests(PostgresCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_body_that_is_wrong_in_any_way_changes_nothing(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 2);
        using var api = await ApiCaller.OfAsync(world);
        await ApiCaller.RunAsync(world.Store);
        var before = await Snapshot.OfAsync(world.Store);
        var failures = new List<string>();
        var tried = 0;
        foreach (var operation in (await Operation.AllAsync(api)).Where(each => each.Body is not null))
        {
            foreach (var (what, bytes, type, statuses) in WrongBodies.Of(operation))
            {
                tried++;
                var answer = await api.SendAsync(operation.Method, operation.Path(), ApiCaller.Body(bytes, type), ("If-Match", "*"));
                if (!statuses.Contains((int)answer.Status) || answer.ContentHeaders.ContentType?.MediaType != "application/problem+json") failures.Add($"{operation.Id}, {what}: {(int)answer.Status} {answer.Text}");
                else answer.IsProblem(answer["type"].GetString()!["urn:payonce:problem:".Length..]);
            }
        }
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.InRange(tried, 300, int.MaxValue);
        Assert.Equal(before, await Snapshot.OfAsync(world.Store));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_query_that_is_not_understood_is_refused_and_not_ignored(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 2);
        using var api = await ApiCaller.OfAsync(world);
        await ApiCaller.RunAsync(world.Store);
        var failures = new List<string>();
        foreach (var operation in (await Operation.AllAsync(api)).Where(each => each.Method == HttpMethod.Get))
        {
            var address = operation.Path();
            var needed = operation.Id == "search" ? "q=x&" : "";
            // What stands in the address is no filter either.
            List<string> queries = ["misspelt=1", "limit=1&Limit=1", .. InAddress().Matches(operation.Template).Select(name => $"{name.Groups[1].Value}=1")];
            foreach (var name in operation.Query)
            {
                queries.Add($"{name}=");
                queries.Add($"{name}=a%00b");
                queries.Add($"{name}=%0d%0aSet-Cookie:%20x=y");
                if (name is "from" or "to") queries.AddRange([$"{name}=01/02/2026", $"{name}=2026-02-30", $"{name}=2026-01-01T00:00:00Z", $"{name}=2026-01-01&{name}=2026-01-02"]);
                if (name is "limit") queries.AddRange(["limit=0", "limit=501", "limit=-1", "limit=x", "limit=1e3", "limit=99999999999999999999", "limit=1&limit=2"]);
                if (name is "cursor") queries.AddRange(["cursor=garbage", "cursor=f1.%21%21", "cursor=x1.QQ", "cursor=f.QQ", "cursor=f1.AA", $"cursor=f1.{new string('A', 2000)}"]);
                if (name is "after") queries.AddRange(["after=-1", "after=x"]);
                if (name is "state" or "status" or "trigger") queries.AddRange([$"{name}=Exported", $"{name}=1", $"{name}=nonsense"]);
            }
            if (operation.Query.Contains("from") && operation.Query.Contains("to")) queries.Add("from=2026-02-02&to=2026-02-01");
            foreach (var query in queries)
            {
                var answer = await api.GetAsync($"{address}?{needed}{query}");
                if (answer.Status != HttpStatusCode.BadRequest) failures.Add($"{operation.Id} ?{query}: {(int)answer.Status} {answer.Text}");
                else if (!answer.IsProblem("bad-input").Faults.Any()) failures.Add($"{operation.Id} ?{query}: names nothing: {answer.Text}");
            }
        }
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Nothing_of_another_organisation_can_be_reached_by_its_ids(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 2);
        using var api = await ApiCaller.OfAsync(world);
        await ApiCaller.RunAsync(world.Store);
        await world.AddOrganisationAsync("other", claims: 0);
        await SyncTests.DoneAsync(api, (await api.PostAsync("sync", """{"whenBusy":"queue"}""")).Is(HttpStatusCode.Accepted).Headers.Location!.ToString());
        var before = await Snapshot.OfAsync(world.Store);
        var failures = new List<string>();
        foreach (var operation in await Operation.AllAsync(api))
        {
            if (!operation.Template.Contains("{org}", StringComparison.Ordinal)) continue;
            foreach (var org in (string[])["nobody", "HLF", "..%2fhlf", "hlf%2f..%2fother", "hlf%0a", "%C3%A6", new string('a', 200)])
                await IsNotFoundAsync(operation, operation.Path(org));
            if (operation.Own.Count > 0) await IsNotFoundAsync(operation, operation.Path("other"));
            foreach (var number in (string[])["0", "-1", "1.5", "x", "99999999999999999999", "..%2f1"])
            {
                if (operation.Own.Contains("run") || operation.Own.Contains("request")) await IsNotFoundAsync(operation, operation.Path(number: number));
            }
        }
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.Equal(before, await Snapshot.OfAsync(world.Store));

        async Task IsNotFoundAsync(Operation operation, string path)
        {
            var answer = await api.SendAsync(operation.Method, path, operation.Body is null ? null : ApiCaller.Json(operation.Body.ToJsonString().Replace("hlf", "other", StringComparison.Ordinal)), ("If-Match", "*"));
            if (answer.Status != HttpStatusCode.NotFound) failures.Add($"{operation.Method} {path}: {(int)answer.Status} {answer.Text}");
            else answer.IsProblem("not-found");
        }
    }

    [Fact]
    public async Task Addresses_and_methods_that_there_are_not_are_problems_too()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var api = await ApiCaller.OfAsync(world);
        (await api.GetAsync("/api/v1/nothing/here")).Is(HttpStatusCode.NotFound).IsProblem("not-found");
        (await api.GetAsync("/api/v2/organisations")).Is(HttpStatusCode.NotFound).IsProblem("not-found");
        foreach (var operation in await Operation.AllAsync(api))
        {
            var answer = (await api.SendAsync(HttpMethod.Trace, operation.Path())).Is(HttpStatusCode.MethodNotAllowed).IsProblem("wrong-method");
            Assert.Contains(operation.Method.Method, answer.ContentHeaders.Allow);
        }
    }

    [Theory]
    [InlineData("Idempotency-Key", "a b", "sync")]
    [InlineData("Idempotency-Key", "a, b", "reconcile")]
    [InlineData("If-Match", "v1", "integration")]
    [InlineData("If-Match", "\"v1\", \"v2\"", "integration")]
    [InlineData("If-Match", "\"v-1\"", "schedule")]
    [InlineData("If-Match", "\"v99999999999999999999\"", "flags")]
    [InlineData("If-None-Match", "\"v1\"", "sign-in-provider")]
    public async Task Headers_that_decide_are_read_strictly(string name, string value, string path)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var api = await ApiCaller.OfAsync(world);
        var operation = (await Operation.AllAsync(api)).Single(each => each.Body is not null && each.Template.EndsWith("{org}/" + path, StringComparison.Ordinal));
        var before = await Snapshot.OfAsync(world.Store);
        var answer = (await api.SendAsync(operation.Method, operation.Path(), ApiCaller.Json(operation.Body!.ToJsonString()), (name, value))).Is(HttpStatusCode.BadRequest).IsProblem("bad-input");
        Assert.Equal([name], answer.Faults);
        Assert.Equal(before, await Snapshot.OfAsync(world.Store));
    }

    [Fact]
    public async Task A_fault_tells_its_id_and_nothing_else()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, claims: 1);
        using var api = await ApiCaller.OfAsync(world);
        (await api.GetAsync("overview")).Is(HttpStatusCode.OK);
        await using (var broken = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(world.Folder, "payonce.db")};Pooling=False"))
        {
            await broken.OpenAsync(Cancel);
            await using var drop = broken.CreateCommand();
            drop.CommandText = "alter table secrets rename to gone";
            await drop.ExecuteNonQueryAsync(Cancel);
        }
        var answer = (await api.GetAsync("integration/secrets")).Is(HttpStatusCode.InternalServerError).IsProblem("fault");
        Assert.Matches("^[2-9A-Z]{4}-[2-9A-Z]{4}$", answer["faultId"].GetString());
        Assert.DoesNotContain("secrets", answer.Text, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex InAddress();
}

/// <summary>Bodies that are wrong, each in one way.</summary>
internal static class WrongBodies
{
    private static readonly int[] Refused = [400];

    // A value that could be one, of a form that is not there or a declaration that nobody may acknowledge yet: that comes first.
    private static readonly int[] NotThere = [400, 404, 409];

    // Far more than any text may have but a declaration's.
    private const int Long = 10_000;
    private const int LongDeclaration = 400_000;

    public static IEnumerable<(string What, byte[] Bytes, string Type, int[] Statuses)> Of(Operation operation)
    {
        const int huge = 17 * 1024 * 1024;
        var good = operation.Body!.AsObject();
        foreach (var text in (string[])["", "{", "null", "[]", "\"text\"", "7", "{}}", "{\"a\":1,}", "{'a':1}"]) yield return ($"body {text}", Bytes(text), "application/json", Refused);
        yield return ("text/plain", Bytes(good.ToJsonString()), "text/plain", [415]);
        yield return ("a form", Bytes("reason=x"), "application/x-www-form-urlencoded", [415]);
        yield return ("a huge body", Bytes($$"""{"filler":"{{new string('x', huge)}}"}"""), "application/json", [413]);
        yield return ("an unknown field", Bytes(With(good, "misspelt", "1")), "application/json", Refused);
        yield return ("a field in another case", Bytes(With(good, "REASON", "\"x\"")), "application/json", Refused);
        foreach (var (name, value) in good)
        {
            var given = value!.ToJsonString();
            yield return ($"{name} twice", Bytes(With(good, name, given)), "application/json", Refused);
            if (operation.Required.Contains(name)) yield return ($"no {name}", Bytes(Replaced(good, name, null)), "application/json", Refused);
            if (!operation.Nullable.Contains(name)) yield return ($"null {name}", Bytes(Replaced(good, name, "null")), "application/json", Refused);
            foreach (var other in value.GetValueKind() switch
            {
                JsonValueKind.String => (string[])["7", "true", "{}", "[]", "\"\\ud800\"", "\"a\\u0000b\"", "\"\"", $"\"{new string('x', operation.Id.EndsWith("Declaration", StringComparison.Ordinal) ? LongDeclaration : Long)}\""],
                JsonValueKind.Number => ["\"7\"", "true", "{}", "1.5", "99999999999999999999", "-1", "1e999"],
                JsonValueKind.True or JsonValueKind.False => ["\"true\"", "1", "{}"],
                JsonValueKind.Array => ["{}", "\"x\"", "7", "[7]", "[null]", "[[]]"],
                _ => ["[]", "\"x\"", "7"],
            })
            {
                // A whole claim is judged by itself: the others of the body are in. Its own tests say so.
                if (operation.Id == "takeInClaims" && other.StartsWith('[')) continue;
                var absent = operation.Own.Contains("form") || operation.Id is "acknowledgeDeclaration" or "withdrawMyAcknowledgement";
                yield return ($"{name} as {other[..Math.Min(other.Length, 30)]}", Bytes(Replaced(good, name, other)), "application/json", absent && (other == "-1" || other.StartsWith('"')) ? NotThere : Refused);
            }
            if (value.GetValueKind() == JsonValueKind.String) yield return ($"{name} not in UTF-8", NotUtf8(good, name), "application/json", Refused);
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string With(JsonObject good, string name, string json) => $"{good.ToJsonString()[..^1]}{(good.Count == 0 ? "" : ",")}{JsonSerializer.Serialize(name)}:{json}}}";

    private static string Replaced(JsonObject good, string name, string? json) =>
        $"{{{string.Join(',', good.Where(each => each.Key != name || json is not null).Select(each => $"{JsonSerializer.Serialize(each.Key)}:{(each.Key == name ? json : each.Value!.ToJsonString())}"))}}}";

    private static byte[] NotUtf8(JsonObject good, string name)
    {
        var bytes = Bytes(Replaced(good, name, "\"a~b\""));
        bytes[Array.LastIndexOf(bytes, (byte)'~')] = 0xFF;
        return bytes;
    }
}
