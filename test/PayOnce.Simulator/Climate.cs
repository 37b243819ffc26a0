using PayOnce.Runs;

namespace PayOnce.Simulator;

/// <summary>How claims leave, and what the accounting system can do about a request whose answer never came.</summary>
public enum Target
{
    Unique,
    Windowed,
    Readable,
    Blind,
    Xledger,
    Dynamics,

    /// <summary>A file that a person fetches from PayOnce and imports.</summary>
    Fetched,

    /// <summary>A file in an outside folder, from which an importer takes it.</summary>
    Published,
}

/// <summary>A step at which much goes wrong in this seed.</summary>
public sealed record HotPoint(string Step, Fault Fault);

/// <summary>What kind of world a seed draws: some are calm, some are all storms, most have their own trouble.</summary>
internal sealed record Climate
{
    public static readonly TimeSpan Lease = ExportEngine.LeaseDuration;

    /// <summary>What integrations are told; at most this long after it was sent may a request arrive, with much to spare.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(120);

    /// <summary>No request arrives later than this after it left: an assumption of the protocol, since it is far below the quiet time.</summary>
    public static readonly TimeSpan LongestWay = TimeSpan.FromSeconds(40);

    /// <summary>How long a windowed system remembers.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(600);

    /// <summary>No process stands still longer than this between its last look at the deadline and the write: an assumption too.</summary>
    public static readonly TimeSpan LongestStandInSend = TimeSpan.FromSeconds(40);

    private static readonly double[] Rates = [0, 0.05, 0.2, 0.5];

    public required Target Target { get; init; }

    /// <summary>Where the organisation moves to in the middle; null: nowhere.</summary>
    public required Target? MovesTo { get; init; }

    public required int Nodes { get; init; }

    public required int Claims { get; init; }

    public required int Actions { get; init; }

    /// <summary>Within this time the actions begin.</summary>
    public required TimeSpan Length { get; init; }

    public required int BatchSize { get; init; }

    public required bool AutomaticRelease { get; init; }

    /// <summary>Whether processes can tell that another has died, as on one machine.</summary>
    public required bool SeesDeaths { get; init; }

    /// <summary>Some claims are in a currency that is not booked, until they are approved anew: no file and no request can hold them.</summary>
    public required bool ForeignCurrency { get; init; }

    /// <summary>Each process has its own store object and connections.</summary>
    public required bool OwnConnections { get; init; }

    public required double Wire { get; init; }

    public required double StandIn { get; init; }

    public required double Store { get; init; }

    public required double Crash { get; init; }

    public required double Pause { get; init; }

    public required double Clock { get; init; }

    public required double Folder { get; init; }

    public required IReadOnlyList<HotPoint> HotPoints { get; init; }

    public bool HasFiles => Target is Target.Fetched or Target.Published;

    /// <summary>Draws a seed's climate; a trial may ask for a smaller world.</summary>
    public static Climate Draw(Choices choices, Trial trial)
    {
        var target = trial.Target ?? choices.Of("target", Target.Unique, Target.Unique, Target.Windowed, Target.Readable, Target.Readable, Target.Readable, Target.Blind, Target.Xledger, Target.Dynamics, Target.Fetched, Target.Published, Target.Published);
        var moves = choices.OneIn("moves", 12) ? choices.Of("moves to", Target.Unique, Target.Readable, Target.Fetched, Target.Published) : default(Target?);
        double Rate(string what, double scale) => Rates[choices.Below(what, Rates.Length)] * scale;
        var climate = new Climate
        {
            Target = target,
            MovesTo = moves == target ? null : moves,
            Nodes = 1 + choices.Below("nodes", 3),
            Claims = choices.Of("claims", 1, 1, 2, 3, 5, 8, 12),
            Actions = choices.Of("actions", 2, 4, 6, 10, 16),
            Length = choices.Of("length", TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)),
            BatchSize = 1 + choices.Below("batch size", 5),
            AutomaticRelease = choices.Below("automatic release", 3) > 0,
            SeesDeaths = choices.OneIn("sees deaths", 2),
            ForeignCurrency = choices.OneIn("foreign currency", 6),
            OwnConnections = choices.OneIn("own connections", 8),
            Wire = Rate("wire", 1),
            StandIn = Rate("stand-in", 1),
            Store = Rate("store", 0.4),
            Crash = Rate("crash", 0.2),
            Pause = Rate("pause", 0.2),
            Clock = Rate("clock", 0.2),
            Folder = Rate("folder", 1),
            HotPoints = [.. Enumerable.Range(0, choices.Of("hot points", 0, 0, 1, 2)).Select(_ => new HotPoint(choices.Of("hot step", [.. StepNames.All]), choices.Of("hot fault", Fault.Crash, Fault.Pause)))],
        };
        if (trial.ManyBackups) climate = climate with { Actions = 2 * climate.Actions, Pause = Math.Max(climate.Pause, 0.04) };
        return climate with
        {
            Nodes = Math.Min(climate.Nodes, trial.MostNodes ?? int.MaxValue),
            Claims = Math.Min(climate.Claims, trial.MostClaims ?? int.MaxValue),
        };
    }

    public override string ToString() =>
        FormattableString.Invariant($"{Target}{(MovesTo is { } other ? $", moving to {other}" : "")}, {Claims} claims in batches of {BatchSize}, {Nodes} nodes{(AutomaticRelease ? ", automatic release" : "")}");
}
