using System.Text;
using System.Text.Json;
using PayOnce.Claims;
using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Exporters.Xledger;
using PayOnce.Guard;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Xledger;

namespace PayOnce.Tests.Exporters.Xledger;

/// <summary>The Xledger stand-in behind a real socket, and the exporter that speaks to it.</summary>
internal sealed class XledgerScene : IAsyncDisposable
{
    private readonly SocketsHttpHandler handler = new() { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(1) };
    private readonly HttpMessageInvoker http;
    private long voucher = 1;

    private XledgerScene(XledgerStandIn xledger, SandboxHost host, string token, string api, TimeProvider clock)
    {
        (Xledger, Host, Clock) = (xledger, host, clock);
        http = new HttpMessageInvoker(handler);
        Settings = Settled(host.Address, api);
        Api = ((XledgerApiExporter)ExporterCatalogue.Get("xledger").Api!).Open(Settings, Examples.Context, new Dictionary<string, string> { [XledgerApiExporter.Token] = token }, new AccountingClient(http, clock));
    }

    /// <summary>The token that the stand-in takes where a test names no other.</summary>
    public static string Token => new XledgerOptions().Token;

    public XledgerStandIn Xledger { get; }

    public SandboxHost Host { get; }

    public FaultPlan Faults => Host.Faults;

    public TimeProvider Clock { get; }

    public IntegrationSettings Settings { get; }

    public IAccountingApi Api { get; }

    /// <param name="api">More of the settings' <c>api</c> object, each with a comma before it.</param>
    public static async Task<XledgerScene> StartAsync(XledgerOptions? options = null, string api = "", string? token = null, TimeProvider? clock = null, TimeProvider? itsClock = null)
    {
        options ??= new XledgerOptions { Burst = 1_000_000 };
        var xledger = new XledgerStandIn(options, itsClock);
        var host = await SandboxServer.StartAsync(xledger, clock: itsClock, cancel: TestContext.Current.CancellationToken);
        return new XledgerScene(xledger, host, token ?? options.Token, api, clock ?? TimeProvider.System);
    }

    public static IntegrationSettings Settled(Uri address, string api) =>
        Examples.Settings($$$"""{"exporter":"xledger","transport":"api","format":"json","api":{"endpoint":"{{{address}}}graphql"{{{api}}}}}""");

    public static Claim Claim(string id, params IReadOnlyList<long> amounts) => Examples.Claim(id, [.. amounts.Select(amount => Examples.Line(amount))]);

    public static string Key(Claim claim) => ExportKey.Derive(Examples.Hlf.OrganisationId, claim.ClaimId, 0);

    public static ExpectedClaim Expected(Claim claim, DateTimeOffset? sentSince = null, long? total = null) =>
        new(claim.ClaimId, Key(claim), claim.Claimant.Id, claim.Currency, total ?? claim.TotalMinor, claim.ApprovedAt, sentSince);

    /// <summary>The frozen request of a batch, each call with voucher numbers of its own.</summary>
    public ApiBatch Batch(params IReadOnlyList<Claim> claims)
    {
        using var rendered = Api.Renderer.Render([.. claims.Select(claim => Examples.Reserved(claim))], voucher);
        voucher += claims.Count;
        Assert.Empty(rendered.Rejections);
        return new ApiBatch(Examples.Hlf.OrganisationId, 17, 1, 1, rendered.Bytes.ToArray(), [.. claims.Select(claim => Expected(claim))]);
    }

    public Task<SendAnswer> SendAsync(params IReadOnlyList<Claim> claims) => SendAsync(Batch(claims));

    public Task<SendAnswer> SendAsync(ApiBatch batch) => Api.SendAsync(batch, TestContext.Current.CancellationToken);

    public async Task<ReadBackFinding> FindAsync(Claim claim, DateTimeOffset? sentSince = null, long? total = null) => Assert.Single(await FindAsync([Expected(claim, sentSince, total)]));

    public async Task<IReadOnlyList<ReadBackFinding>> FindAsync(IReadOnlyList<ExpectedClaim> claims) =>
        Assert.IsType<ReadBackAnswer.Answered>(await Api.ReadBackAsync(claims, TestContext.Current.CancellationToken)).Findings;

    /// <summary>Lets the posting job run, as if an hour had gone by.</summary>
    public void Post() => Xledger.Post(DateTimeOffset.UtcNow.AddHours(1));

    /// <summary>Asks the stand-in something of one's own.</summary>
    public async Task<JsonElement> AskAsync(string query, string variables = "{}", string? authorization = null)
    {
        var body = $$"""{"query":{{JsonSerializer.Serialize(query)}},"variables":{{variables}}}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Host.Address, "graphql")) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", authorization ?? $"token {Token}");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await Host.DisposeAsync();
        http.Dispose();
        handler.Dispose();
    }
}
