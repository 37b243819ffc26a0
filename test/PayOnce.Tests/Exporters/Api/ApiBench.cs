using System.Collections.Concurrent;
using System.Globalization;
using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Sandbox;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Exporters.Api;

/// <summary>An exporter's API opened against a stand-in behind a real socket, both on one clock that a test moves.</summary>
internal sealed class ApiBench : IAsyncDisposable
{
    private readonly ConcurrentQueue<RequestRecord> arrived = new();

    private ApiBench(SandboxHost sandbox, ManualTime clock) => (Sandbox, Clock) = (sandbox, clock);

    public SandboxHost Sandbox { get; }

    public ManualTime Clock { get; }

    public IAccountingApi Api { get; private set; } = null!;

    public FaultPlan Faults => Sandbox.Faults;

    /// <summary>Every request that arrived, in the order in which they were done with.</summary>
    public IReadOnlyList<RequestRecord> Requests => [.. arrived];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<ApiBench> OpenAsync(Func<TimeProvider, IStandIn> standIn, Func<Uri, IntegrationSettings> settings, IReadOnlyDictionary<string, string> secrets)
    {
        var clock = new ManualTime();
        ApiBench? bench = null;
        var sandbox = await SandboxServer.StartAsync(standIn(clock), clock: clock, log: record => bench!.arrived.Enqueue(record), cancel: Cancel);
        bench = new ApiBench(sandbox, clock);
        var said = settings(sandbox.Address);
        // As the host's connector does it.
        var scrubber = new Scrubber(secrets.Values);
        var http = new HttpMessageInvoker(AccountingHandler.Create(EndpointRules.Parse(null, loopback: true).Rules!));
        bench.Api = new ScrubbedApi(ExporterCatalogue.Get(said.Exporter).Api!.Open(said, Examples.Context, secrets, new AccountingClient(http, clock, scrubber)), scrubber, http);
        return bench;
    }

    /// <summary>Renders a batch of claims <c>A-1</c>, <c>A-2</c>, … over 101, 102, … minor units, as the reserve would.</summary>
    public ApiBatch Batch(int count, int @try = 1, string prefix = "A-")
    {
        var reserved = Enumerable.Range(1, count).Select(n => Examples.Reserved(Examples.Claim(prefix + n.ToString(CultureInfo.InvariantCulture), Examples.Line(100 + n)))).ToList();
        using var rendered = Api.Renderer.Render(reserved, firstVoucher: 1);
        Assert.Empty(rendered.Rejections);
        return new ApiBatch(Examples.Hlf.OrganisationId, Examples.Context.RunId, 1, @try, rendered.Bytes.ToArray(), [.. reserved.Select(r => new ExpectedClaim(
            r.Claim.ClaimId, r.ExportKey, r.Claim.ClaimantId, r.Claim.Currency, r.Claim.TotalMinor, r.Claim.ApprovedAt, Clock.GetUtcNow()))]);
    }

    public Task<SendAnswer> SendAsync(ApiBatch batch) => Api.SendAsync(batch, Cancel);

    public Task<ReadBackAnswer> ReadBackAsync(ApiBatch batch) => Api.ReadBackAsync(batch.Claims, Cancel);

    /// <summary>The findings of a read-back that must be answered.</summary>
    public async Task<IReadOnlyList<ReadBackFinding>> FindAsync(ApiBatch batch) =>
        await ReadBackAsync(batch) is ReadBackAnswer.Answered answered ? answered.Findings : throw new InvalidOperationException("The read-back was not answered.");

    /// <summary>Lets time pass until nothing is being processed any more, however late that is.</summary>
    public async Task LetTimePassAsync()
    {
        for (var idle = Sandbox.IdleAsync(Cancel); !idle.IsCompleted; await Task.Delay(10, Cancel)) Clock.Advance(TimeSpan.FromMinutes(1));
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}
