using System.Text;
using PayOnce.Claims;
using PayOnce.Exporters;
using PayOnce.Guard;
using PayOnce.Reconciliation;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Simulator;

/// <summary>
/// One seed's world: an organisation, its store, its accounting systems, the processes that export and the people who interfere. First
/// everything goes wrong that the seed says; then it heals, and what is left must be explained.
/// </summary>
internal sealed class World : IDisposable
{
    public const string Organisation = "hlf";

    private const int GenerationsKnown = 6;

    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);
    private readonly List<(string Name, byte[] Key, string Claim)> keys = [];
    private readonly Dictionary<string, Process?> nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> lives = new(StringComparer.Ordinal);
    private readonly HashSet<string> dead = new(StringComparer.Ordinal);
    private readonly List<Line> log = [];
    private ulong hash;

    private World(Trial trial, Disk disk)
    {
        Trial = trial;
        Choices = new Choices(trial.Seed, trial.Kept);
        Climate = Climate.Draw(Choices, trial);
        Pump = new Pump(Choices, trial.MostSteps);
        Trouble = new Trouble(this);
        Judge = new Judge(this);
        Folder = new Folder(this);
        var clock = new Clock(Pump, owner: null);
        Ledgers = [new Ledger(Climate.Target, 8081, clock), .. Climate.MovesTo is { } other ? [new Ledger(other, 8082, clock)] : Array.Empty<Ledger>()];
        Former = new Ledger(Target.Fetched, 0, clock);
        Current = Ledgers[0];
        HasFiles = Ledgers.Any(ledger => ledger.Target is Target.Fetched or Target.Published);
        Database = new Database(this, disk);
        Pump.BeforeTurn = Trouble.BeforeTurn;
    }

    public Trial Trial { get; }

    public Choices Choices { get; }

    public Climate Climate { get; }

    public Pump Pump { get; }

    public Trouble Trouble { get; }

    public Judge Judge { get; }

    public Folder Folder { get; }

    public Database Database { get; }

    public Stats Stats { get; } = new();

    /// <summary>The accounting systems; two where the organisation moves.</summary>
    public IReadOnlyList<Ledger> Ledgers { get; }

    /// <summary>What the organisation exported with before: nothing of PayOnce's leads there, and what stands there is paid.</summary>
    public Ledger Former { get; }

    /// <summary>Everywhere a claim can stand.</summary>
    public IEnumerable<Ledger> Books => [.. Ledgers, Former];

    /// <summary>Where the integration leads now.</summary>
    public Ledger Current { get; set; }

    public bool HasFiles { get; }

    /// <summary>The highest epoch that is remembered outside the store.</summary>
    public WitnessedEpoch Witnessed { get; set; }

    /// <summary>The adoptions that are remembered with it.</summary>
    public List<string> Adoptions { get; } = [];

    /// <summary>Every claim as the expense system has it now.</summary>
    public SortedDictionary<string, ClaimRecord> Source { get; } = new(StringComparer.Ordinal);

    /// <summary>Plays a seed to its end.</summary>
    /// <param name="disk">For this world alone while it is played.</param>
    public static Outcome Play(Trial trial, Disk disk)
    {
        using var world = new World(trial, disk);
        var people = new People(world);
        world.SetUp();
        people.Plan();
        var ends = world.Pump.Run(world.Climate.Length + Climate.Lease) && world.Heal(people);
        if (!ends && world.Pump.Escaped) world.Judge.Break(Rule.OneThread, "A continuation ran on another thread.");
        else if (!ends && world.Judge.Violation is null) world.Judge.Break(Rule.ItEnds, "It does not end.");
        world.Judge.JudgeEnd();
        if (world.Judge.Violation is { } broken) world.Tell("judge", $"{broken.Rule}: {broken.What}");
        foreach (var fault in Enum.GetValues<Fault>()) world.Stats.Fault(fault.Text(), world.Choices.Counts[(int)fault]);
        foreach (var struck in world.Choices.Struck) world.Stats.StruckAt(struck[..struck.LastIndexOf(" (", StringComparison.Ordinal)]);
        return new Outcome(trial, world.hash, world.Judge.Violation, [.. world.Choices.Struck, .. people.Done], world.log, world.Stats, world.Climate.ToString(), world.Pump.Now);
    }

    /// <summary>A line of the log. No addresses, no hash codes and no words of the framework: they differ from process to process.</summary>
    public void Tell(string who, string what, bool detail = false)
    {
        hash = Choices.Fnv(what, Choices.Fnv(who, unchecked(hash * 31 + (ulong)Pump.Now.Ticks)));
        if (Trial.KeepsLog) log.Add(new Line(Pump.Now, who, what, detail));
    }

    /// <summary>An answer that comes later, completed as everything is.</summary>
    public Task<T> LaterAsync<T>(TimeSpan after, Func<T> answer, Process owner)
    {
        var done = new TaskCompletionSource<T>();
        Pump.At(after, () => done.TrySetResult(answer()), owner);
        return done.Task;
    }

    public void Kill(Process process, string where)
    {
        Tell(process.Holder, $"dies at {where}");
        if (process.Runs > 0) Stats.Count("died while it ran");
        process.Die();
        Database.Cut(process);
        dead.Add(process.Holder);
        nodes[process.Node] = null;
        Pump.At(Choices.Of("downtime", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), Climate.Lease + TimeSpan.FromSeconds(1)), () => Begin(process.Node));
    }

    /// <summary>Whether it can be told for certain that a process is gone.</summary>
    public bool SeesDeath(string holder) => Climate.SeesDeaths && dead.Contains(holder);

    /// <summary>A node's process; null while it is down.</summary>
    public Process? ProcessOf(string node) => nodes[node];

    public IReadOnlyList<string> Nodes => [.. nodes.Keys.Order(StringComparer.Ordinal)];

    public Ledger LedgerAt(int port) => Ledgers.First(ledger => ledger.Port == port);

    /// <summary>Where settings lead, as they are kept.</summary>
    public Ledger LedgerOf(string settingsText)
    {
        var settings = IntegrationSettings.FromStored(settingsText);
        return settings.Api?.Endpoint is { } endpoint ? LedgerAt(endpoint.Port) : Ledgers.First(ledger => ledger.Target == (settings.Folder is null ? Target.Fetched : Target.Published));
    }

    public string NameOf(string key) => names.GetValueOrDefault(key, key);

    /// <summary>The claims whose export keys stand in a text.</summary>
    public string ClaimsIn(string text) => string.Join(", ", keys.Where(key => text.Contains(key.Name, StringComparison.Ordinal)).Select(key => key.Claim));

    public string ClaimsIn(byte[] content) => ClaimsIn(Encoding.UTF8.GetString(content));

    /// <summary>A file is imported: everything in it is booked.</summary>
    public void Import(byte[] content)
    {
        var text = Encoding.UTF8.GetString(content);
        var ledger = Ledgers.First(each => each.Target is Target.Fetched or Target.Published);
        ledger.Import(keys.Where(key => text.Contains(key.Name, StringComparison.Ordinal)).Select(key => key.Name));
        Judge.Booked(ledger);
    }

    /// <summary>An exported claim that nobody has imported yet: it stands in a file that is there to be fetched.</summary>
    public bool IsInAFile(MarkRow mark) => Database.Probe.Any("select 1 from files where run_id = $1 and state = 'available'", mark.RunId);

    /// <summary>Whether the expense system has the claim otherwise than it was first: then a conflict may be in front of a person.</summary>
    public bool WasChanged(MarkRow mark) => changed.Contains(mark.ClaimId);

    private readonly HashSet<string> changed = new(StringComparer.Ordinal);

    /// <summary>A claim as the expense system approves it, or approves it anew with another sum.</summary>
    public ClaimRecord Approve(string claimId, long total)
    {
        var again = Source.ContainsKey(claimId);
        if (again) changed.Add(claimId);
        else Know(claimId);
        return Source[claimId] = Record(claimId, total, Climate.ForeignCurrency && !again && Choices.OneIn("currency", 3) ? "EUR" : "NOK");
    }

    /// <summary>A claim that left before PayOnce came.</summary>
    public ClaimRecord Leave(string claimId)
    {
        Know(claimId);
        var claim = Record(claimId, 700, "NOK");
        Former.Import([claim.ExportKey]);
        return claim;
    }

    private static ClaimRecord Record(string claimId, long total, string currency)
    {
        var approvedAt = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(Choices.Fnv(claimId, 0) % 1000);
        var claim = new Claim(claimId, new Claimant("4711", "Kari Nordmann"), "travel", currency, approvedAt, "leder@example.org", total,
            [new ClaimLine(new DateOnly(2026, 1, 2), "mileage", "Møte på Årnes", total, 12.5m, "km", [new Dimension("department", "oslo")])]);
        return ClaimRecord.From(Organisation, claim);
    }

    /// <summary>Starts a run on a process and tells how it ended.</summary>
    public void Sync(Process process, RunRequest request, CancellationToken stop = default) => process.Start(async engine =>
    {
        var outcome = await engine.RunAsync(request, null, stop);
        var words = outcome switch
        {
            RunOutcome.Ended { Report.Run: var run } => FormattableString.Invariant($"ends run {run.RunId}: {run.Status}, {run.Counters.Exported} exported, {run.Counters.Rejected} rejected, {run.Counters.InDoubt} in doubt, {run.Counters.Released} released{(run.Failure is { } why ? $" ({why})" : "")}"),
            RunOutcome.Busy { Run: var other } => FormattableString.Invariant($"finds run {other.RunId} going on"),
            RunOutcome.TakenOver { RunId: var lost } => FormattableString.Invariant($"was fenced off from run {lost}"),
            RunOutcome.NotReady { Problems: var problems } => $"cannot run: {string.Join("; ", problems)}",
            _ => outcome.GetType().Name,
        };
        Stats.Count($"run: {outcome.GetType().Name}{(outcome is RunOutcome.Ended { Report.Run: var ended } ? $", {ended.Status}" : "")}");
        Tell(process.Holder, words);
    });

    /// <summary>Starts a reconciliation on a process and tells how it ended.</summary>
    public void Reconcile(Process process, bool all) => process.Start(async engine =>
    {
        var outcome = await engine.ReconcileAsync(new ReconcileRequest(Organisation, "kari", all), CancellationToken.None);
        Stats.Count($"reconcile: {outcome.GetType().Name}");
        Tell(process.Holder, outcome is ReconcileOutcome.Ended ended
            ? FormattableString.Invariant($"has asked: {ended.Report.Found} found, {ended.Report.Released} released, {ended.InDoubt} in doubt{(ended.Report.Failure is { } why ? $" ({why})" : "")}")
            : $"could not ask: {outcome.GetType().Name}");
    });

    public void Dispose() => Database.Dispose();

    private void SetUp()
    {
        var store = Database.Store;
        store.AddOrganisationAsync(new Organisation(Organisation, "Organisation", PayOnce.Organisation.DefaultTimeZone), "test", CancellationToken.None).GetAwaiter().GetResult();
        Save(0);
        for (var number = 1; number <= Climate.Claims; number++) Approve(FormattableString.Invariant($"C-{number}"), 100 + number);
        store.TakeInAsync(Organisation, [.. Source.Values], "claims.csv", "test", CancellationToken.None).GetAwaiter().GetResult();
        for (var node = 0; node < Climate.Nodes; node++) Begin(((char)('A' + node)).ToString());
    }

    /// <summary>A version of the integration's settings, as its text is kept.</summary>
    public string SettingsText(int version)
    {
        var (settings, problems) = IntegrationSettings.Parse("integration.json", Encoding.UTF8.GetBytes(Current.Settings(version, Climate.AutomaticRelease)));
        return settings?.ToJson() ?? throw new InvalidOperationException(string.Join("; ", problems));
    }

    private void Save(int version) => Database.Store.SaveIntegrationAsync(Organisation, SettingsText(version), "test", CancellationToken.None).GetAwaiter().GetResult();

    private void Begin(string node)
    {
        lives[node] = lives.GetValueOrDefault(node) + 1;
        nodes[node] = new Process(this, node, lives[node]);
    }

    private void Know(string claimId)
    {
        for (var generation = 0; generation < GenerationsKnown; generation++)
        {
            var key = ExportKey.Derive(Organisation, claimId, generation);
            var name = generation == 0 ? claimId : FormattableString.Invariant($"{claimId} (generation {generation})");
            names.Add(key, name);
            keys.Add((key, Encoding.UTF8.GetBytes(key), name));
        }
    }

    // No more faults: whoever stands still wakes up, what is on the wire arrives, and then the ordinary course of things goes on.
    private bool Heal(People people)
    {
        Choices.IsCalm = true;
        Tell("world", "heals: from here on nothing goes wrong");
        if (!Pump.Run()) return false;
        if (!people.ComeBack()) return false;
        // An absence counts the second time after the quiet time, and what is released by it goes with the run after; a person who ends
        // restore mode does so between two runs.
        for (var round = 0; round < 5 && (round == 0 || !IsSettled); round++)
        {
            if (!Pump.Run(Pump.Now + Climate.Lease + Climate.Quiet + Climate.LongestWay)) return false;
            Sync(nodes["A"]!, new RunRequest(Organisation, "schedule") { Trigger = RunTrigger.Schedule });
            if (!Pump.Run() || !people.LookAfterRestore(round)) return false;
        }
        if (Choices.OneIn("whole comparison", 4)) Reconcile(nodes["A"]!, all: true);
        return Pump.Run();
    }

    private bool IsSettled => !Database.Probe.Any("""
        select 1 from pending union all select 1 from marks where state in ('reserved', 'in_doubt') union all select 1 from runs where state = 'running' union all select 1 from restores limit 1
        """);
}
