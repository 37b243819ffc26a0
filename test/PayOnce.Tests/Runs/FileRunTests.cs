using System.Globalization;
using System.Text;
using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.History;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Runs;

/// <summary>A run by file, batch by batch: what goes into the file, where it stops, and what is told on the way.</summary>
public sealed class FileRunTests
{
    private const string Vouchers = """{"exporter":"generic","transport":"file","format":"csv","mapping":{"columns":[{"name":"no","field":"voucherNumber"},{"name":"claim","field":"claimId"},{"name":"key","field":"exportKey"}]}}""";

    private static readonly RunRequest Everything = new(A.Org, "kari");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task The_file_is_the_same_whatever_its_batches(int batchSize)
    {
        await using var scene = await SceneAsync(claims: 5);
        var progress = new List<RunProgress>();
        var report = await EngineScene.EndOf(scene.First(batchSize).RunAsync(Everything, progress.Add, Cancel));
        Assert.Equal(["1 A-0001", "2 A-0002", "3 A-0003", "4 A-0004", "5 A-0005"], await RowsAsync(scene, report.File!));
        Assert.Equal((5L, 0L), (report.Run.Counters.Exported, report.Waiting));
        Assert.Equal((5L, 5L), (progress[^1].Processed, progress[^1].Total));
        Assert.Equal((5 + batchSize - 1) / batchSize, progress.Count);
        Assert.All(progress, told => Assert.Equal(1L, told.RunId));
        Assert.Null(report.PublishedPath);
        // The next run's numbers begin behind those that were given out, used or not.
        await scene.TakeInAsync(6);
        var next = await EngineScene.EndOf(scene.First(batchSize).RunAsync(Everything, null, Cancel));
        Assert.InRange(Number(Assert.Single(await RowsAsync(scene, next.File!))), 6, int.MaxValue);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_limit_takes_the_oldest_approvals_and_no_more(int limit)
    {
        await using var scene = await SceneAsync(claims: 5);
        var report = await EngineScene.EndOf(scene.First(batchSize: 2).RunAsync(Everything with { Limit = limit }, null, Cancel));
        Assert.Equal(Enumerable.Range(1, limit).Select(number => FormattableString.Invariant($"{number} A-{number:0000}")), await RowsAsync(scene, report.File!));
        Assert.Equal(5L - limit, report.Waiting);
    }

    [Fact]
    public async Task What_cannot_be_rendered_is_told_once_and_waits_and_the_rest_goes()
    {
        await using var scene = await SceneAsync(claims: 5);
        await scene.UseAsync(Vouchers.Replace("\"claimId\"", "\"claimId\",\"maxLength\":6", StringComparison.Ordinal));
        await scene.Store.TakeInAsync(A.Org, [A.Record("A-0002-TOO-LONG", approvedAt: A.Day(5).AddMinutes(2).AddSeconds(30))], "claims.csv", "test", Cancel);
        var report = await EngineScene.EndOf(scene.First(batchSize: 1).RunAsync(Everything, null, Cancel));
        Assert.Equal("A-0002-TOO-LONG", Assert.Single(report.Rejections).ClaimId);
        Assert.Equal(["A-0001", "A-0002", "A-0003", "A-0004", "A-0005"], (await RowsAsync(scene, report.File!)).Select(row => row.Split(' ')[1]));
        Assert.Equal((1L, 1L, 1), (report.Waiting, report.Run.Counters.Rejected, (await scene.MarkOf("A-0002-TOO-LONG")).Attempt));
    }

    [Fact]
    public async Task A_stop_gives_the_file_what_is_reserved_by_then()
    {
        await using var scene = await SceneAsync(claims: 5);
        using var stop = new CancellationTokenSource();
        scene.AtStep = step =>
        {
            if (step == "reserve:after") stop.Cancel();
            return Task.CompletedTask;
        };
        var report = await EngineScene.EndOf(scene.First(batchSize: 2).RunAsync(Everything, null, stop.Token));
        Assert.Equal(RunState.Cancelled, report.Run.State);
        Assert.Equal(["1 A-0001", "2 A-0002"], await RowsAsync(scene, report.File!));
        Assert.Equal(3, report.Waiting);
    }

    [Fact]
    public async Task Where_nothing_waits_there_is_no_file_and_nothing_is_reserved()
    {
        await using var scene = await SceneAsync(claims: 0);
        var report = await EngineScene.EndOf(scene.First().RunAsync(Everything, null, Cancel));
        Assert.Equal((RunState.Finished, null), (report.Run.State, report.File));
        Assert.DoesNotContain("reserve:before", scene.Steps);
    }

    [Fact]
    public async Task Who_is_fenced_off_while_they_reserve_gives_out_nothing()
    {
        await using var scene = await SceneAsync(claims: 5);
        var taken = false;
        scene.AtStep = async step =>
        {
            if (step != "reserve:after" || taken) return;
            taken = true;
            Assert.Equal(5, (await EngineScene.EndOf(scene.Second(firstIsGone: true).RunAsync(Everything, null, Cancel))).Run.Counters.Exported);
        };
        await EngineScene.FencedOff(scene.First(batchSize: 2).RunAsync(Everything, null, Cancel));
        Assert.Null(await scene.Store.FindFileAsync(A.Org, 1, Cancel));
        Assert.Equal((MarkState.Exported, 2L), ((await scene.MarkOf("A-0001")).State, (await scene.MarkOf("A-0001")).RunId));
    }

    [Fact]
    public async Task A_file_in_a_folder_is_told_with_its_place()
    {
        var folder = Directory.CreateTempSubdirectory("payonce-out-");
        try
        {
            await using var scene = await SceneAsync(claims: 2);
            await scene.UseAsync(Vouchers.Replace("\"format\"", $"\"folder\":\"{folder.FullName}\",\"format\"", StringComparison.Ordinal));
            var report = await EngineScene.EndOf(scene.First().RunAsync(Everything, null, Cancel));
            Assert.Equal(Path.Combine(folder.FullName, report.File!.Name), report.PublishedPath);
            Assert.Equal(["1 A-0001", "2 A-0002"], Rows(await File.ReadAllBytesAsync(report.PublishedPath!, Cancel)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_of_a_process_that_died_when_it_was_published_is_exported_if_it_is_there_and_in_doubt_if_it_is_not(bool there)
    {
        var folder = Directory.CreateTempSubdirectory("payonce-out-");
        try
        {
            var system = new ScriptedSystem(ProofClass.Unique);
            await using var scene = await EngineScene.CreateAsync(system, claims: 2);
            await scene.UseAsync(Vouchers.Replace("\"format\"", $"\"folder\":\"{folder.FullName}\",\"format\"", StringComparison.Ordinal));
            scene.AtStep = step => step == "publish:after" ? throw new InvalidOperationException("The process died.") : Task.CompletedTask;
            await Assert.ThrowsAsync<InvalidOperationException>(() => scene.RunAsync());
            var file = (await scene.Store.FindFileAsync(A.Org, 1, Cancel))!;
            Assert.Equal(RunFileState.Publishing, file.State);
            if (!there) File.Delete(Path.Combine(folder.FullName, file.Name));

            var report = await EngineScene.EndOf(scene.Second(firstIsGone: true).RunAsync(Everything, null, Cancel));
            var mark = await scene.MarkOf("A-0001");
            if (there)
            {
                Assert.Equal([1L], report.Proved);
                Assert.Equal((MarkState.Exported, 1L), (mark.State, mark.RunId));
                Assert.DoesNotContain(Directory.GetFiles(folder.FullName), path => !Path.GetFileName(path).StartsWith(file.Name, StringComparison.Ordinal));
                var proved = Assert.Single((await ((IHistoryStore)scene.Store).PageAuditAsync(A.Org, AuditFilter.Any, new ListRequest(100), Cancel)).Page.Rows, told => told.Details.Contains("with its checksum", StringComparison.Ordinal));
                Assert.Contains($"{file.Name} was found in {folder.FullName} with its checksum.", proved.Details, StringComparison.Ordinal);
                return;
            }
            Assert.Empty(report.Proved);
            Assert.Equal((MarkState.InDoubt, 1L), (mark.State, mark.RunId));
            Assert.Equal(0, report.Waiting);

            // Asked of an accounting system, its absence proves nothing: somebody may still have the file.
            await scene.UseAsync("{\"exporter\":\"generic\",\"transport\":\"api\",\"format\":\"json\",\"api\":{\"endpoint\":\"http://127.0.0.1:9/\",\"proofClass\":\"unique\"}}");
            scene.AtStep = null;
            scene.Clock.Advance(TimeSpan.FromDays(1));
            Assert.All((await scene.ReconcileAsync()).InDoubt, held => Assert.Equal(("Not at the accounting system, but its file may still be imported.", null), (held.Why, held.AskAgainAt)));
            Assert.Equal(MarkState.InDoubt, (await scene.MarkOf("A-0001")).State);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_folder_that_is_not_there_fails_the_run_and_everything_waits()
    {
        await using var scene = await SceneAsync(claims: 2);
        await scene.UseAsync(Vouchers.Replace("\"format\"", "\"folder\":\"/nowhere/at/all\",\"format\"", StringComparison.Ordinal));
        var report = await EngineScene.EndOf(scene.First().RunAsync(Everything, null, Cancel));
        Assert.Equal((RunState.Failed, 2L, 2L), (report.Run.State, report.Waiting, report.Run.Counters.Released));
        Assert.Contains("/nowhere/at/all", report.Run.Failure, StringComparison.Ordinal);
        Assert.Null(report.PublishedPath);
    }

    private static async Task<EngineScene> SceneAsync(int claims)
    {
        var scene = await EngineScene.CreateAsync(new ScriptedSystem(ProofClass.Readable), claims);
        await scene.UseAsync(Vouchers);
        return scene;
    }

    private static async Task<string[]> RowsAsync(EngineScene scene, RunFile file)
    {
        using var content = new MemoryStream();
        await RunFileContent.WriteAsync(scene.Store, A.Org, file, content, Cancel);
        Assert.Equal(file.Bytes, content.Length);
        return Rows(content.ToArray());
    }

    // Number and claim; the key is the claim's.
    private static string[] Rows(byte[] csv) => [.. Encoding.UTF8.GetString(csv).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1).Select(row =>
    {
        var cells = row.Split(',', ';');
        Assert.Equal(ExportKey.Derive(A.Org, cells[1], 0), cells[2]);
        return $"{cells[0]} {cells[1]}";
    })];

    private static int Number(string row) => int.Parse(row.Split(' ')[0], CultureInfo.InvariantCulture);
}
