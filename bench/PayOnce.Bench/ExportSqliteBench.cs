using PayOnce.Claims;
using PayOnce.Stores.Sqlite;

namespace PayOnce.Bench;

/// <summary>The same as <see cref="ExportPostgresBench"/> on SQLite, beside its own command line.</summary>
public static class ExportSqliteBench
{
    public const string Name = "export-sqlite";

    public static async IAsyncEnumerable<Figure> RunAsync(BenchOptions options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var claims = options.ClaimsOr(usual: 200_000, quick: 12_000);
        using var folder = new WorkFolder(options.Folder);
        string template = folder.File("template.db"), work = folder.File("work.db"), oursFile = folder.File("ours.csv"), floorFile = folder.File("floor.csv");
        Progress.Say($"filling {claims:N0} claims");
        await FillAsync(template, claims, cancel);

        long peak = 0;
        HashSet<string> facts = [];
        var measured = await Rounds.AlternateAsync(
            options.Rounds,
            new CpuMeter(null),
            () => PutBackAsync(template, work, cancel),
            async () => peak = Math.Max(peak, (await Programs.RunSideAsync(cancel, Name, work, oursFile)).PeakBytes),
            () => Programs.RunAsync("sqlite3", [work], SqliteFloor.Export(floorFile), cancel),
            async () => facts.Add(await Programs.RunAsync("sqlite3", [work], SqliteFloor.Facts, cancel)),
            cancel);
        await Programs.MustBeEqualAsync(oursFile, floorFile, cancel);
        if (facts.Count != 1) throw new InvalidOperationException($"The sides left different facts: {string.Join(" / ", facts)}");

        yield return new Figure(Name, $"export of {claims:N0} claims, SQLite", "s", measured.Ours, measured.Floor, new Goal(1.2, 0.8)) { FloorIs = "plain SQL in sqlite3", CpuRatio = measured.CpuRatio, PeakBytes = peak };
    }

    private static async Task FillAsync(string database, int claims, CancellationToken cancel)
    {
        await using var store = new SqliteStore(database, TimeProvider.System);
        await store.MigrateAsync(cancel);
        await store.AddOrganisationAsync(new Organisation(SampleClaims.Organisation, "Bench", Organisation.DefaultTimeZone), "bench", cancel);
        await store.SaveIntegrationAsync(SampleClaims.Organisation, ExportSettings.Stored, "bench", cancel);
        foreach (var chunk in SampleClaims.Take(claims).Select(claim => ClaimRecord.From(SampleClaims.Organisation, claim)).Chunk(store.IntakeSize))
            await store.TakeInAsync(SampleClaims.Organisation, chunk, "bench", "bench", cancel);
    }

    // A copy that has reached the disk, so that neither side pays for writing the other's.
    private static async Task PutBackAsync(string template, string work, CancellationToken cancel)
    {
        foreach (var old in (string[])[work, work + "-wal", work + "-shm"]) File.Delete(old);
        await using var from = File.OpenRead(template);
        await using var to = new FileStream(work, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        await from.CopyToAsync(to, cancel);
        to.Flush(flushToDisk: true);
    }
}
