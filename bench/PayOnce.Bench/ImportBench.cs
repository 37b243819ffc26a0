namespace PayOnce.Bench;

/// <summary>Claims from a file into PostgreSQL, checked, hashed, audited and put on the work list, beside a bare COPY of the finished rows.</summary>
public static class ImportBench
{
    public const string Name = "import";

    private const string Reset = """
        set search_path = payonce;
        set session_replication_role = replica;
        truncate claims, pending, audit_events;
        truncate public.claims_floor;
        update audit_heads set sequence = 0, hash = repeat('0', 64);
        checkpoint;
        """;

    public static async IAsyncEnumerable<Figure> RunAsync(BenchOptions options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var claims = options.ClaimsOr(usual: 1_000_000, quick: 12_000);
        await using var server = await BenchServer.StartAsync(options, cancel);
        var database = await server.CreateAsync(cancel);
        var rows = Path.Combine(server.Files, "claims.copy");
        Progress.Say($"filling {claims:N0} claims, and what COPY reads");
        await PostgresClaims.LoadAsync(database.Superuser, claims, cancel);
        // The same columns, keys, indexes and settings; no row-level security.
        await database.SqlAsync($"create table public.claims_floor (like payonce.claims including all); copy payonce.claims to '{rows}' (format binary);", cancel);

        foreach (var (file, what) in new[] { ("claims.csv", "CSV"), ("claims.jsonl", "JSON Lines") })
        {
            var path = Path.Combine(server.Files, file);
            await SampleClaims.WriteAsync(path, claims, cancel);
            long peak = 0;
            var expected = $"{claims}";
            var measured = await Rounds.AlternateAsync(
                options.Rounds,
                await database.CpuMeterAsync(cancel),
                () => database.SqlAsync(Reset, cancel),
                async () => peak = Math.Max(peak, (await Programs.RunSideAsync(cancel, Name, database.Superuser, path)).PeakBytes),
                () => database.SqlAsync($"copy public.claims_floor from '{rows}' (format binary);", cancel),
                async () =>
                {
                    var found = (await database.SqlAsync("select greatest((select count(*) from payonce.claims), (select count(*) from public.claims_floor));", cancel)).Trim();
                    if (found != expected) throw new InvalidOperationException($"{found} of {expected} claims are in.");
                },
                cancel);
            File.Delete(path);
            yield return new Figure(Name, $"import of {claims:N0} claims from {what}", "s", measured.Ours, measured.Floor, new Goal(2, 1.3)) { FloorIs = "a bare COPY of the rows", CpuRatio = measured.CpuRatio, PeakBytes = peak };
        }
    }
}
