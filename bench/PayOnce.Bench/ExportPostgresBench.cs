namespace PayOnce.Bench;

/// <summary>One organisation's whole export, from lease to the file on disk, beside plain SQL that leaves the same facts and the same file.</summary>
public static class ExportPostgresBench
{
    public const string Name = "export-postgres";

    public static async IAsyncEnumerable<Figure> RunAsync(BenchOptions options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var claims = options.ClaimsOr(usual: 1_000_000, quick: 12_000);
        await using var server = await BenchServer.StartAsync(options, cancel);
        var database = await server.CreateAsync(cancel);
        Progress.Say($"filling {claims:N0} claims");
        await PostgresClaims.LoadAsync(database.Superuser, claims, cancel);
        await database.SqlAsync("vacuum analyze payonce.claims;", cancel);

        var (oursFile, floorFile) = (Path.Combine(server.Files, "ours.csv"), Path.Combine(server.Files, "floor.csv"));
        long peak = 0;
        HashSet<string> facts = [];
        var measured = await Rounds.AlternateAsync(
            options.Rounds,
            await database.CpuMeterAsync(cancel),
            () => database.SqlAsync(PostgresFloor.Reset, cancel),
            async () => peak = Math.Max(peak, (await Programs.RunSideAsync(cancel, Name, database.Superuser, oursFile)).PeakBytes),
            () => database.SqlAsync(PostgresFloor.Export(floorFile), cancel),
            async () => facts.Add(await database.SqlAsync(PostgresFloor.Facts, cancel)),
            cancel);
        await Programs.MustBeEqualAsync(oursFile, floorFile, cancel);
        if (facts.Count != 1) throw new InvalidOperationException($"The sides left different facts: {string.Join(" / ", facts)}");

        yield return new Figure(Name, $"export of {claims:N0} claims, PostgreSQL", "s", measured.Ours, measured.Floor, new Goal(1.0, 0.5)) { FloorIs = "plain SQL and COPY", CpuRatio = measured.CpuRatio, PeakBytes = peak };
        yield return new Figure(Name, $"its peak memory, {claims:N0} claims", "MB", [peak / (1024.0 * 1024.0)], [], new Goal(128, 64));
    }
}
