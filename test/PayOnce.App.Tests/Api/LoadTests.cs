using System.Net;
using System.Net.Sockets;
using System.Text;
using PayOnce.Access;
using PayOnce.App.Tests.Support;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Api;

/// <summary>Thousands of requests, more of them waiting on each connection: each is answered, none breaks the server, memory stays bounded. Ten thousand under way at once meet a server of its own process in the end-to-end tests.</summary>
public sealed class LoadTests(PostgresCluster cluster)
{
    private const int Connections = 200;
    private const int EachConnection = 50;

    // Where it is the rule that is tried, and not the number.
    private const int Fewer = 10;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Each_of_ten_thousand_requests_at_once_is_answered(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 3);
        var statuses = await StormAsync(world, world.Address, number => (number % 4) switch
        {
            0 => Get("/api/v1/organisations/hlf"),
            1 => Get("/api/v1/organisations/hlf/export-status"),
            2 => Get("/api/v1/organisations/hlf/runs?limit=x"),
            _ => Post("/api/v1/organisations/hlf/sync", """{"limit":0}"""),
        });
        Assert.Equal((Connections * EachConnection / 2, Connections * EachConnection / 2), (statuses[HttpStatusCode.OK], statuses[HttpStatusCode.BadRequest]));
        Assert.Empty(await world.Store.ListRequestsAsync("hlf", null, 10, Cancel));
    }

    [Fact]
    public async Task Two_thousand_orders_under_one_key_are_one_order()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, claims: 3);
        var statuses = await StormAsync(world, world.Address, _ => Post("/api/v1/organisations/hlf/sync", """{"whenBusy":"queue"}""", "Idempotency-Key: one\r\n"), Fewer);
        Assert.Equal(Connections * Fewer, statuses[HttpStatusCode.Accepted]);
        Assert.Single(await world.Store.ListRequestsAsync("hlf", null, 10, Cancel));
    }

    [Fact]
    public async Task Whoever_asks_too_much_is_told_when_to_ask_again_and_others_are_served()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        var address = await world.StartServerAsync(parts => { parts.Options.RequestsPerSecond = 5; return parts; });
        var statuses = await StormAsync(world, address, _ => Get("/api/v1/organisations/hlf"), Fewer);
        Assert.InRange(statuses[HttpStatusCode.OK], 150, 1000);
        Assert.Equal(Connections * Fewer, statuses[HttpStatusCode.OK] + statuses[HttpStatusCode.TooManyRequests]);
        using var api = new ApiCaller(await world.WithTokenAsync(Permission.Read, address: address));
        (await api.GetAsync("/api/v1/me")).Is(HttpStatusCode.OK);
        // Pages of people who sit behind the same address are not the program's requests.
        Assert.NotEqual(HttpStatusCode.TooManyRequests, (await api.GetAsync("/icon.svg")).Status);
    }

    private static string Get(string path) => $"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n";

    private static string Post(string path, string body, string header = "") => $"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{header}Content-Length: {body.Length}\r\n\r\n{body}";

    /// <summary>Sends everything without waiting for answers, then counts them by status.</summary>
    private static async Task<Dictionary<HttpStatusCode, int>> StormAsync(ServerWorld world, Uri address, Func<int, string> request, int each = EachConnection)
    {
        using var signedIn = await world.WithTokenAsync(Roles.ForTokens);
        var key = $"Authorization: {signedIn.DefaultRequestHeaders.Authorization}\r\n";
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var resident = Environment.WorkingSet;
        var found = await Task.WhenAll(Enumerable.Range(0, Connections).Select(connection => PipelineAsync(address, string.Concat(Enumerable.Range(connection * each, each).Select(number => request(number).Replace("Host: x\r\n", $"Host: x\r\n{key}", StringComparison.Ordinal))), each)));
        // What is kept afterwards; while it lasts, each connection has a buffer and a request or two under way.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 200L * 1024 * 1024);
        // Other tests run in this process: what these requests add to it is what they need.
        Assert.InRange(Environment.WorkingSet - resident, long.MinValue, 800L * 1024 * 1024);
        var statuses = Enum.GetValues<HttpStatusCode>().Distinct().ToDictionary(status => status, _ => 0);
        foreach (var status in found.SelectMany(answers => answers)) statuses[status]++;
        return statuses;
    }

    private static async Task<IReadOnlyList<HttpStatusCode>> PipelineAsync(Uri address, string requests, int number)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address.Host, address.Port, Cancel);
        await using var stream = client.GetStream();
        var sending = stream.WriteAsync(Encoding.ASCII.GetBytes(requests), Cancel).AsTask();
        var statuses = new List<HttpStatusCode>();
        using var reader = new StreamReader(stream, Encoding.Latin1, detectEncodingFromByteOrderMarks: false, bufferSize: 4096, leaveOpen: true);
        while (statuses.Count < number)
        {
            var line = await reader.ReadLineAsync(Cancel) ?? throw new EndOfStreamException("The server closed the connection.");
            statuses.Add((HttpStatusCode)int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
            var (length, chunked) = (0, false);
            while ((line = await reader.ReadLineAsync(Cancel)) is { Length: > 0 })
            {
                if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) length = int.Parse(line.AsSpan("Content-Length:".Length), provider: System.Globalization.CultureInfo.InvariantCulture);
                if (line.StartsWith("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase)) chunked = true;
            }
            if (!chunked) await SkipAsync(reader, length);
            else
            {
                while (true)
                {
                    var size = int.Parse((await reader.ReadLineAsync(Cancel))!, System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
                    await SkipAsync(reader, size + 2);
                    if (size == 0) break;
                }
            }
        }
        await sending;
        return statuses;
    }

    private static async Task SkipAsync(StreamReader reader, int count)
    {
        var buffer = new char[1024];
        while (count > 0) count -= await reader.ReadAsync(buffer.AsMemory(0, Math.Min(count, buffer.Length)), Cancel) is > 0 and var read ? read : throw new EndOfStreamException();
    }
}
