using System.Globalization;
using System.Text;
using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Runs;

/// <summary>What a run over an API reserves: pages of a thousand claims cut into batches, each with numbers of its own, up to the limit and not beyond.</summary>
public sealed class ReserveAheadTests
{
    private static readonly string[] Mixed = ["A-1", "BAD-1", "BAD-2", "BAD-3", "A-2"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_are_cut_into_whole_batches_and_numbers_go_on_from_page_to_page_and_from_run_to_run()
    {
        var system = new ScriptedSystem(ProofClass.Readable) { ClaimsPerBatch = 300 };
        await using var scene = await EngineScene.CreateAsync(system, claims: 1_002);
        await EngineScene.EndOf(scene.RunAsync());
        // 900 claims are a page: three whole batches.
        Assert.Equal([(1, 300, 1L), (2, 300, 301L), (3, 300, 601L), (4, 102, 901L)], Shape(system.Sent));
        Assert.Equal(["reserve:before", "reserve:before"], scene.Steps.Where(step => step == "reserve:before"));

        // Of the second page 900 numbers were kept, whatever came of it: none is ever given out twice.
        await scene.TakeInAsync(1_003);
        await EngineScene.EndOf(scene.RunAsync());
        Assert.Equal([(1, 1, 1_801L)], Shape(system.Sent.Skip(4)));
    }

    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(4, new[] { 2, 2 })]
    [InlineData(5, new[] { 2, 2, 1 })]
    [InlineData(100, new[] { 2, 2, 2, 1 })]
    public async Task A_limit_takes_the_oldest_approvals_and_no_more(int limit, int[] batches)
    {
        var system = new ScriptedSystem(ProofClass.Readable) { ClaimsPerBatch = 2 };
        await using var scene = await EngineScene.CreateAsync(system, claims: 7);
        var report = await EngineScene.EndOf(scene.First().RunAsync(new RunRequest(A.Org, "kari") { Limit = limit }, null, Cancel));
        Assert.Equal(batches, system.Sent.Select(batch => batch.Claims.Count));
        Assert.Equal(Enumerable.Range(1, batches.Sum()).Select(number => FormattableString.Invariant($"A-{number:0000}")), system.Sent.SelectMany(batch => batch.Claims).Select(claim => claim.ClaimId));
        Assert.Equal((7L - batches.Sum(), (long)batches.Sum()), (report.Waiting, report.Run.Counters.Candidates));
    }

    [Fact]
    public async Task A_limit_beyond_a_page_is_kept_over_its_pages()
    {
        var system = new ScriptedSystem(ProofClass.Readable) { ClaimsPerBatch = 500 };
        await using var scene = await EngineScene.CreateAsync(system, claims: 1_300);
        await EngineScene.EndOf(scene.First().RunAsync(new RunRequest(A.Org, "kari") { Limit = 1_200 }, null, Cancel));
        Assert.Equal([(1, 500, 1L), (2, 500, 501L), (3, 200, 1_001L)], Shape(system.Sent));
    }

    [Fact]
    public async Task Larger_batches_than_a_page_are_a_page_each()
    {
        var system = new ScriptedSystem(ProofClass.Readable) { ClaimsPerBatch = 1_100 };
        await using var scene = await EngineScene.CreateAsync(system, claims: 1_150);
        await EngineScene.EndOf(scene.RunAsync());
        Assert.Equal([(1, 1_100, 1L), (2, 50, 1_101L)], Shape(system.Sent));
    }

    [Fact]
    public async Task What_cannot_be_rendered_is_told_and_neither_sent_nor_spoken_of_and_a_batch_of_nothing_else_is_not_sent()
    {
        var system = new ScriptedSystem(ProofClass.Readable) { ClaimsPerBatch = 2 };
        await using var scene = await EngineScene.CreateAsync(system, claims: 0);
        await scene.Store.TakeInAsync(A.Org, [.. Mixed.Select((id, n) => A.Record(id, approvedAt: A.Day(5).AddMinutes(n)))], "claims.csv", "test", Cancel);
        var progress = new List<RunProgress>();
        var report = await EngineScene.EndOf(scene.RunAsync(progress.Add));
        Assert.Equal([(1, "A-1"), (3, "A-2")], system.Sent.Select(batch => (batch.Batch, Assert.Single(batch.Claims).ClaimId)));
        Assert.Equal(["BAD-1", "BAD-2", "BAD-3"], report.Rejections.Select(rejection => rejection.ClaimId));
        Assert.Equal((RunState.Finished, "finished_rejections", 3L, 2L), (report.Run.State, report.Run.Status, report.Run.Counters.Rejected, report.Run.Counters.Exported));
        Assert.Equal((5L, 5L), (progress[^1].Processed, progress[^1].Total));
        Assert.Equal(3L, progress[0].Processed);
        Assert.Equal((MarkState.Rejected, TextRenderer.Rule), ((await scene.MarkOf("BAD-2")).State, report.Rejections[1].Problem.Rule));
    }

    [Fact]
    public async Task Behind_a_page_of_which_nothing_can_be_rendered_the_next_one_is_reserved()
    {
        var system = new ScriptedSystem(ProofClass.Readable) { ClaimsPerBatch = 500 };
        await using var scene = await EngineScene.CreateAsync(system, claims: 0);
        await scene.Store.TakeInAsync(A.Org, A.Records(1_000, prefix: "BAD-"), "claims.csv", "test", Cancel);
        await scene.Store.TakeInAsync(A.Org, [A.Record("A-1", approvedAt: A.Day(10))], "claims.csv", "test", Cancel);
        var report = await EngineScene.EndOf(scene.RunAsync());
        Assert.Equal("A-1", Assert.Single(Assert.Single(system.Sent).Claims).ClaimId);
        Assert.Equal(1_000, report.Rejections.Count);
    }

    [Fact]
    public async Task A_stop_before_anything_is_reserved_leaves_everything_where_it_is()
    {
        var system = new ScriptedSystem(ProofClass.Readable);
        await using var scene = await EngineScene.CreateAsync(system, claims: 3);
        using var stop = new CancellationTokenSource();
        scene.AtStep = step =>
        {
            if (step == "count:after") stop.Cancel();
            return Task.CompletedTask;
        };
        var report = await EngineScene.EndOf(scene.RunAsync(stop: stop));
        Assert.Equal((RunState.Cancelled, 3L, 0L), (report.Run.State, report.Waiting, report.Run.Counters.Reserved));
        Assert.Empty(system.Sent);
        Assert.DoesNotContain("reserve:before", scene.Steps);
    }

    [Fact]
    public async Task What_is_sent_is_what_was_frozen()
    {
        var system = new ScriptedSystem(ProofClass.Readable) { ClaimsPerBatch = 2 };
        await using var scene = await EngineScene.CreateAsync(system, claims: 2);
        await EngineScene.EndOf(scene.RunAsync());
        var batch = Assert.Single(system.Sent);
        var (first, second) = (ExportKey.Derive(A.Org, "A-0001", 0), ExportKey.Derive(A.Org, "A-0002", 0));
        Assert.Equal($"1 {first} A-0001 0 101 NOK\n2 {second} A-0002 0 102 NOK\n", Encoding.UTF8.GetString(batch.Bytes.Span));
        Assert.Equal((A.Org, 1L, 1), (batch.OrganisationId, batch.RunId, batch.Try));
        Assert.Equal([new ExpectedClaim("A-0001", first, "4711", "NOK", 101, A.Day(5).AddMinutes(1), null), new ExpectedClaim("A-0002", second, "4711", "NOK", 102, A.Day(5).AddMinutes(2), null)], batch.Claims);
    }

    /// <summary>Each batch's number, its claims, and its first voucher number.</summary>
    private static IEnumerable<(int Batch, int Claims, long FirstVoucher)> Shape(IEnumerable<ApiBatch> sent) =>
        sent.Select(batch => (batch.Batch, batch.Claims.Count, long.Parse(Encoding.UTF8.GetString(batch.Bytes.Span).Split(' ')[0], CultureInfo.InvariantCulture)));
}
