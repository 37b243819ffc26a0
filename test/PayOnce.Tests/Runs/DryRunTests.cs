using System.Text;
using PayOnce.Exporters.Api;
using PayOnce.Runs;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Runs;

/// <summary>What a dry run shows is what a run would do: the same claims, sums and refusals, and the beginning of the same bytes.</summary>
public sealed class DryRunTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(null)]
    public async Task The_limit_holds_for_it_too(int? limit)
    {
        await using var scene = await EngineScene.CreateAsync(new ScriptedSystem(ProofClass.Readable) { ClaimsPerBatch = 2 }, claims: 5);
        var report = await RenderAsync(scene, limit);
        Assert.Equal(limit ?? 5, report.Claims);
        Assert.Equal([new ControlTotal("NOK", Enumerable.Range(101, limit ?? 5).Sum())], report.ControlTotals);
    }

    [Fact]
    public async Task What_cannot_be_rendered_is_told()
    {
        await using var scene = await EngineScene.CreateAsync(new ScriptedSystem(ProofClass.Readable) { ClaimsPerBatch = 1 }, claims: 2);
        await scene.Store.TakeInAsync(A.Org, [A.Record("BAD-1"), A.Record("BAD-2")], "claims.csv", "test", Cancel);
        var report = await RenderAsync(scene, limit: null);
        Assert.Equal(["BAD-1", "BAD-2"], report.Rejections.Select(rejection => rejection.ClaimId));
        Assert.Equal((2L, 2L), (report.Claims, report.Lines));
    }

    [Fact]
    public async Task Its_sample_is_the_first_four_kilobytes_with_the_numbers_of_a_first_run()
    {
        await using var scene = await EngineScene.CreateAsync(new ScriptedSystem(ProofClass.Readable) { ClaimsPerBatch = 40 }, claims: 200);
        var report = await RenderAsync(scene, limit: null);
        var rows = Encoding.UTF8.GetString(report.Sample.Span).Split('\n');
        Assert.Equal(4_096, report.Sample.Length);
        Assert.InRange(report.Bytes, 5_000, long.MaxValue);
        Assert.StartsWith("voucher key", rows[0], StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, 50), rows[1..51].Select(row => int.Parse(row.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static async Task<DryRunReport> RenderAsync(EngineScene scene, int? limit) =>
        Assert.IsType<DryRunOutcome.Rendered>(await scene.First().DryRunAsync(new RunRequest(A.Org, "kari") { Limit = limit }, Cancel)).Report;
}
