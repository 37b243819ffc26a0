using System.Text.Json;
using PayOnce.Claims;
using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Exporters.Settings;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Dynamics;
using PayOnce.Tests.Exporters.Api;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Exporters.Dynamics;

/// <summary>One claim of vendor V00042 over 125.50, and Business Central's stand-in to send it to.</summary>
internal sealed class DynamicsBench : IAsyncDisposable
{
    private readonly ApiBench bench;
    private readonly BusinessCentral standIn;

    private DynamicsBench(ApiBench bench, BusinessCentral standIn) => (this.bench, this.standIn) = (bench, standIn);

    public IAccountingApi Api => bench.Api;

    public FaultPlan Faults => bench.Faults;

    public ManualTime Clock => bench.Clock;

    public BusinessCentral StandIn => standIn;

    public IReadOnlyList<Booking> Bookings => standIn.Bookings;

    public IReadOnlyList<RequestRecord> Requests => bench.Requests;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<DynamicsBench> OpenAsync(
        BcOptions? options = null, DynamicsBooking booking = DynamicsBooking.PurchaseInvoice, bool post = true, bool createVendors = false, Func<IntegrationSettings, IntegrationSettings>? change = null)
    {
        options ??= new BcOptions { EveryVendor = true };
        var standIn = new BusinessCentral(options);
        var bench = await ApiBench.OpenAsync(
            _ => standIn,
            address => (change ?? (settings => settings))(Settings(address, options, booking, post, createVendors)),
            new Dictionary<string, string> { ["client-secret"] = options.ClientSecret });
        return new DynamicsBench(bench, standIn);
    }

    public static IntegrationSettings Settings(Uri address, BcOptions options, DynamicsBooking booking, bool post = true, bool createVendors = false) => new()
    {
        Exporter = "dynamics",
        Transport = "api",
        Format = "json",
        Flags = ["dynamics-api"],
        Api = new ApiSettings { Endpoint = address, Dynamics = new DynamicsApiSettings("tenant", "sandbox", options.Company, options.ClientId, booking, post, createVendors, address) },
    };

    public static Claim Claim(params Dimension[] dimensions) => Examples.Claim("A-1", Examples.Line(13_550, dimensions: dimensions), Examples.Line(-1_000, "materials"));

    public ApiBatch Batch(Claim? claim = null)
    {
        var reserved = Examples.Reserved(claim ?? Claim());
        using var rendered = Api.Renderer.Render([reserved], firstVoucher: 1);
        Assert.Empty(rendered.Rejections);
        return new ApiBatch("hlf", 17, 1, 1, rendered.Bytes.ToArray(), [new ExpectedClaim(
            reserved.Claim.ClaimId, reserved.ExportKey, reserved.Claim.ClaimantId, reserved.Claim.Currency, reserved.Claim.TotalMinor, reserved.Claim.ApprovedAt, null)]);
    }

    /// <summary>The answer about the one claim; a try that was not processed fails the test.</summary>
    public async Task<ClaimAnswer> SendAsync(Claim? claim = null) => Assert.Single(Assert.IsType<SendAnswer.Answered>(await TryAsync(claim)).Claims);

    public Task<SendAnswer> TryAsync(Claim? claim = null) => Api.SendAsync(Batch(claim), Cancel);

    /// <summary>The finding about the one claim; a question that was not answered fails the test.</summary>
    public async Task<ReadBackFinding> ReadBackAsync(Func<ExpectedClaim, ExpectedClaim>? change = null) =>
        Assert.Single(Assert.IsType<ReadBackAnswer.Answered>(await Api.ReadBackAsync([.. Batch().Claims.Select(change ?? (claim => claim))], Cancel)).Findings);

    public Task LetTimePassAsync() => bench.LetTimePassAsync();

    /// <summary>The bodies of requests whose method and path end so.</summary>
    public IReadOnlyList<JsonElement> Bodies(string end) =>
        [.. Requests.Where(request => $"{request.Method} {request.Path}".EndsWith(end, StringComparison.Ordinal)).Select(request => JsonSerializer.Deserialize<JsonElement>(request.Body.Span))];

    public ValueTask DisposeAsync() => bench.DisposeAsync();
}
