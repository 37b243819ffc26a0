using System.Globalization;

namespace PayOnce.Bench;

/// <summary>What a person asked to be measured.</summary>
public sealed record BenchOptions
{
    public const string Usage = """
        dotnet run build.cs -- bench [NAME ...] [OPTIONS]

          export-postgres   a whole guarded file export beside plain set-based SQL and COPY      (1,000,000 claims)
          export-sqlite     the same on SQLite beside its command line                             (200,000 claims)
          guard             the guard's check of 1,000 candidates, with 10,000 and 1,000,000 exported claims behind it,
                            analysed and never analysed, and beside the register's GIN query
          import            claims from CSV and JSON Lines beside a bare COPY                    (1,000,000 claims)
          api               claims over HTTP to an endpoint of 5 ms beside unguarded loops               (20,000 claims)
          server            pages and lists of `payonce serve` at 50 requests at a time, with a million claims and ten thousand
                            runs beside a handful; its memory; from the click to the first claim received   (1,000,000 claims)
          read-back         asking each stand-in about export keys: requests and seconds               (10,000 keys)
          source            claims read from an organisation's own database, and all of them once more     (100,000 claims)
        Without a name all of them, in this order.

          --claims N        how many claims (export-postgres, export-sqlite, import, api, server, read-back, source)
          --behind N,N,...  how many exported claims behind the guard; the usual last step is 10000,1000000,10000000
          --only TEXT       of server: only addresses whose name contains this; several with | between them
          --rounds N        alternating rounds, at least 1; judged from 5 on (default 5)
          --quick           a few thousand claims and 2 rounds: shows that everything works, measures nothing
          --folder DIR      where databases and files go: a disk with room, not memory (default: the temporary folder)
          --json            one JSON document instead of tables
          --help            this text

        Times are wall-clock seconds of this machine at this hour; only the ratios of one run say something.
        """;

    /// <summary>Every benchmark by its name, in the order they run in.</summary>
    public static OrderedDictionary<string, Func<BenchOptions, CancellationToken, IAsyncEnumerable<Figure>>> Benches { get; } = new()
    {
        [ExportPostgresBench.Name] = ExportPostgresBench.RunAsync,
        [ExportSqliteBench.Name] = ExportSqliteBench.RunAsync,
        [GuardBench.Name] = GuardBench.RunAsync,
        [ImportBench.Name] = ImportBench.RunAsync,
        [ApiBench.Name] = ApiBench.RunAsync,
        [ServerBench.Name] = ServerBench.RunAsync,
        [ReadBackBench.Name] = ReadBackBench.RunAsync,
        [SourceBench.Name] = SourceBench.RunAsync,
    };

    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Null: each benchmark's own number.</summary>
    public int? Claims { get; init; }

    public IReadOnlyList<int> Behind { get; init; } = [10_000, 1_000_000];

    /// <summary>Null: all of them.</summary>
    public string? Only { get; init; }

    public int Rounds { get; init; } = Judgement.FewestRounds;

    public bool Quick { get; init; }

    public string Folder { get; init; } = Path.GetTempPath();

    public bool Json { get; init; }

    public bool Help { get; init; }

    /// <summary>How many claims a benchmark takes.</summary>
    public int ClaimsOr(int usual, int quick) => Claims ?? (Quick ? quick : usual);

    /// <summary>The options, or what is wrong with them.</summary>
    public static (BenchOptions? Options, string Wrong) Parse(IReadOnlyList<string> args)
    {
        var options = new BenchOptions();
        List<string> names = [];
        int? rounds = null;
        IReadOnlyList<int>? behind = null;
        for (var i = 0; i < args.Count; i++)
        {
            var value = i + 1 < args.Count ? args[i + 1] : "";
            switch (args[i])
            {
                case "--help" or "-h": return (new BenchOptions { Help = true }, "");
                case "--quick": options = options with { Quick = true }; break;
                case "--json": options = options with { Json = true }; break;
                case "--folder" when value.Length > 0: options = options with { Folder = Path.GetFullPath(value) }; i++; break;
                case "--claims" when Number(value) is { } claims: options = options with { Claims = claims }; i++; break;
                case "--only" when value.Length > 0: options = options with { Only = value }; i++; break;
                case "--rounds" when Number(value) is { } number: rounds = number; i++; break;
                case "--behind" when Numbers(value) is { } numbers: behind = numbers; i++; break;
                case var name when Benches.ContainsKey(name): names.Add(name); break;
                case var other: return (null, other.StartsWith("--", StringComparison.Ordinal) ? $"The option {other} is unknown or lacks its value." : $"There is no benchmark \"{other}\".");
            }
        }
        return (options with
        {
            Names = names.Count > 0 ? names : [.. Benches.Keys],
            Rounds = rounds ?? (options.Quick ? 2 : Judgement.FewestRounds),
            Behind = behind ?? (options.Quick ? [1_000, 4_000] : options.Behind),
        }, "");
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    private static List<int>? Numbers(string text)
    {
        var numbers = text.Split(',').Select(Number).ToList();
        return numbers.TrueForAll(number => number is not null) ? [.. numbers.Select(number => number!.Value)] : null;
    }
}
