using System.Globalization;
using System.Text.Json;
using PayOnce.Claims;
using PayOnce.Exporters;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Stores.Postgres;
using PayOnce.Stores.Sqlite;

namespace PayOnce.Bench;

/// <summary>What our side of a benchmark does in a process of its own, so that its start and its peak memory are counted and nothing else's.</summary>
public static class Side
{
    /// <summary>Runs what the arguments say and writes one line of JSON.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var done = args switch
        {
            ["export-postgres", var connection, var file] => await ExportAsync(new PostgresStore(connection, TimeProvider.System), file),
            ["export-sqlite", var database, var file] => await ExportAsync(new SqliteStore(database, TimeProvider.System), file),
            ["import", var connection, var file] => await ImportAsync(connection, file),
            _ => throw new ArgumentException($"There is no side \"{string.Join(' ', args)}\"."),
        };
        Console.WriteLine(JsonSerializer.Serialize(done with { PeakBytes = PeakBytes() }));
        return 0;
    }

    private static async Task<SideResult> ExportAsync(IStore opened, string path)
    {
        await using var store = opened;
        var engine = new ExportEngine(store, Outside.FilesOnly(new PublishFolder(NoSteps.Instance)), TimeProvider.System, new BenchNode(), NoSteps.Instance);
        var outcome = await engine.RunAsync(new RunRequest(SampleClaims.Organisation, "bench"), progress: null, CancellationToken.None);
        if (outcome is not RunOutcome.Ended { Report: { Run.Status: "finished", File: { } file } report }) throw new InvalidOperationException($"The run did not export: {outcome}");
        await using (var to = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            await RunFileContent.WriteAsync(store, SampleClaims.Organisation, file, to, CancellationToken.None);
        }
        return new SideResult(report.Run.Counters.Exported, 0);
    }

    private static async Task<SideResult> ImportAsync(string connection, string path)
    {
        await using var store = new PostgresStore(connection, TimeProvider.System);
        var organisation = await store.FindOrganisationAsync(SampleClaims.Organisation, CancellationToken.None) ?? throw new InvalidOperationException("There is no organisation to import for.");
        await using var file = File.OpenRead(path);
        var report = await ClaimsImport.RunAsync(store, organisation, new IntakeRules(["NOK"]), Path.GetFileName(path), file, "bench", TimeProvider.System, progress: null, CancellationToken.None);
        return report.ProblemCount == 0 ? new SideResult(report.Added, 0) : throw new InvalidOperationException($"The import refused claims: {report.Problems[0]}");
    }

    // The kernel's own high-water mark of resident memory.
    private static long PeakBytes()
    {
        const string field = "VmHWM:";
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }

    private sealed class BenchNode : INode
    {
        public string Holder => "bench";

        public bool IsGone(string holder) => false;
    }
}
