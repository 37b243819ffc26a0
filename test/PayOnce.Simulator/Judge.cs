using System.Security.Cryptography;
using PayOnce.Audit;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Simulator;

/// <summary>
/// Holds the rules. It looks at the tables after every commit, at every request as it leaves, and at the accounting systems' own books;
/// never at what PayOnce says of itself. A broken rule is written down and stops the world: thrown, it could be caught.
/// </summary>
internal sealed class Judge(World world)
{
    // From → to, and the steps that may do it.
    private static readonly Dictionary<(string From, string To), string[]> Known = new()
    {
        [("", "reserved")] = ["Reserve"],
        [("", "rejected")] = ["Reserve"],
        [("", "released")] = ["RequestReExport"],
        [("", "exported")] = ["Adopt", "AdoptFound"],
        [("reserved", "exported")] = ["RecordTries", "ConfirmFile", "AdoptFound"],
        [("reserved", "rejected")] = ["RecordTries"],
        [("reserved", "released")] = ["RecordTries", "Recover", "ReleaseFile"],
        [("reserved", "in_doubt")] = ["RecordTries", "Recover", "DoubtFile"],
        [("in_doubt", "exported")] = ["SettleDoubts", "ProveFile", "RecordImport", "Decide", "AdoptFound"],
        [("in_doubt", "released")] = ["SettleDoubts", "Decide", "RollBack"],
        [("released", "reserved")] = ["Reserve"],
        [("released", "rejected")] = ["Reserve"],
        [("released", "exported")] = ["Adopt", "AdoptFound"],
        [("rejected", "reserved")] = ["Reserve"],
        [("rejected", "exported")] = ["Adopt", "AdoptFound"],
        [("exported", "released")] = ["RollBack"],
    };

    private const string HeldThoughWithdrawn = """
        select c.claim_id from claims c cross join marks m on m.organisation_id = c.organisation_id and m.claim_id = c.claim_id
        where c.withdrawn_at is not null and m.state in ('reserved', 'exported', 'in_doubt')
        and m.generation = (select max(n.generation) from marks n where n.organisation_id = c.organisation_id and n.claim_id = c.claim_id) order by c.claim_id
        """;

    private static readonly string[] Evidence = ["in_file", "received", "booked"];

    private readonly HashSet<string> explained = new(StringComparer.Ordinal);
    private readonly HashSet<string> vouched = new(StringComparer.Ordinal);
    private readonly HashSet<string> registered = new(StringComparer.Ordinal);
    // The settings as each process has read them, and those that each run was begun with: a person may change them while it runs.
    private readonly Dictionary<(string Holder, int Version), string> read = [];
    private readonly Dictionary<(long Run, long Epoch), string> begunWith = [];
    private readonly Dictionary<string, (long Run, long Batch)> reserved = new(StringComparer.Ordinal);
    private readonly HashSet<(long Run, long Batch)> started = [];
    private readonly HashSet<string> startedFiles = new(StringComparer.Ordinal);
    private Dictionary<(string ClaimId, long Generation), MarkRow> known = [];
    private long newest;
    // The furthest that the store's clock has stood since the lease was taken.
    private DateTimeOffset latest;
    private string call = "";
    private Lease? lease;

    public Violation? Violation { get; private set; }

    /// <summary>Set while a person decides without looking: what comes of it is theirs, on record.</summary>
    public bool PersonIsCareless { get; set; }

    public void Break(Rule rule, string what)
    {
        Violation ??= new Violation(rule, what);
        world.Pump.Stopped = true;
    }

    public void Begin(string name, Lease? under) => (call, lease) = (name, under);

    /// <summary>Something was committed: what changed, and may it?</summary>
    public void Committed(string step)
    {
        step = step.EndsWith("Async", StringComparison.Ordinal) ? step[..^5] : step;
        var epoch = world.Database.Probe.Epoch;
        if (epoch < newest && world.Trial.Planted is null) Break(Rule.EpochsRise, $"Epoch {epoch} follows epoch {newest}.");
        newest = Math.Max(newest, epoch);
        if (lease is { } under && under.Epoch < newest) Break(Rule.OnlyTheNewestEpochWrites, $"{call} of run {under.RunId} was committed under epoch {under.Epoch}; the newest is {newest}.");
        var now = new Dictionary<(string ClaimId, long Generation), MarkRow>();
        foreach (var mark in world.Database.Probe.Marks())
        {
            var before = known.GetValueOrDefault((mark.ClaimId, mark.Generation));
            now.Add((mark.ClaimId, mark.Generation), mark);
            if (before is null || before.State != mark.State) Changed(before, mark, step);
            else if (mark.State == "exported" && Array.IndexOf(Evidence, mark.Evidence) < Array.IndexOf(Evidence, before.Evidence)) Break(Rule.ExportedIsFinal, $"The evidence of {Name(mark)} fell from {before.Evidence} to {mark.Evidence}.");
        }
        foreach (var held in step is "Reserve" or "Withdraw" ? world.Database.Probe.Rows(HeldThoughWithdrawn) : []) Break(Rule.NothingWithdrawnLeaves, $"{held} is withdrawn, and a run has it by {step}.");
        foreach (var gone in known.Keys.Except(now.Keys)) Break(Rule.ExportedIsFinal, $"The mark of {gone.ClaimId}, generation {gone.Generation}, is gone.");
        known = now;
    }

    private void Changed(MarkRow? before, MarkRow mark, string step)
    {
        var from = before?.State ?? "";
        world.Stats.Transition($"{(from.Length == 0 ? "(none)" : from)} → {mark.State} by {step}");
        world.Tell("store", $"{Name(mark)}: {(from.Length == 0 ? "(none)" : from)} → {mark.State} by {step}{(mark.RunId > 0 ? FormattableString.Invariant($" (run {mark.RunId}, epoch {mark.Epoch}, attempt {mark.Attempt})") : "")}");
        if (from == "exported" && step != "RollBack") Break(Rule.ExportedIsFinal, $"{Name(mark)} was exported and is {mark.State} by {step}.");
        else if (!Known.TryGetValue((from, mark.State), out var steps) || !steps.Contains(step)) Break(Rule.OnlyKnownTransitions, $"{Name(mark)} went from {from} to {mark.State} by {step}.");
        // It says that the claim has left, and whatever of it still waited is settled by it: no generation of its own need stand anywhere.
        if (step == "Adopt" && mark.Generation > 0 && registered.Contains(mark.ClaimId)) vouched.Add(mark.Key);
        if (mark.State != "released" || from is "" or "released") return;
        switch (step)
        {
            case "RollBack":
                explained.Add(mark.Key);
                break;
            case "Decide" when PersonIsCareless || world.HasFiles:
                explained.Add(mark.Key);
                break;
            case "Recover" when world.Database.Probe.IsStarted(before!.RunId, before.Batch):
                Break(Rule.ReleasedWithProof, $"{Name(mark)} was started and was released by the recovery.");
                break;
            case "SettleDoubts":
                WithProof(before!, mark);
                break;
        }
    }

    private void WithProof(MarkRow before, MarkRow mark)
    {
        var since = DateTimeOffset.UnixEpoch.AddMicroseconds(before.DoubtSince!.Value);
        // As late as the run has seen it: the clock may be set back between its look and what it commits.
        var over = Later(latest, world.Database.Clock.GetUtcNow()) - since;
        if (over < Climate.Quiet) Break(Rule.ReleasedWithProof, FormattableString.Invariant($"{Name(mark)} was in doubt for {over.TotalSeconds:0.0} s and was released; its quiet time is {Climate.Quiet.TotalSeconds} s."));
        // Not what the settings lead to now: the run that asks keeps the system it was begun for.
        var (gone, asked) = (LedgerOf(before.RunId, before.Epoch), LedgerOf(lease!.RunId, lease.Epoch));
        if (asked is null or { Target: Target.Blind or Target.Fetched or Target.Published }) Break(Rule.ReleasedWithProof, $"{Name(mark)} was released by a read-back of a system that cannot be asked.");
        else if (gone != asked) Break(Rule.ReleasedWithProof, $"{Name(mark)} had gone to {gone}, and was released because {asked} does not have it.");
    }

    private Ledger? LedgerOf(long run, long epoch) => begunWith.TryGetValue((run, epoch), out var settings) ? world.LedgerOf(settings) : null;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    /// <summary>A call of the store was answered.</summary>
    public void Answered(Process? process, string name, object?[] arguments, object? result)
    {
        latest = Later(latest, world.Database.Clock.GetUtcNow());
        switch (name)
        {
            case "Reserve" when result is ReserveAnswer.Reserved:
                Reserved(process, (Lease)arguments[0]!);
                break;
            case "RecordTries" when result is true:
                foreach (var start in (IReadOnlyList<TryStart>)arguments[2]!) started.Add((((Lease)arguments[0]!).RunId, start.Batch));
                break;
            case "StartFile" when result is RunFile file:
                startedFiles.Add(file.Sha256);
                break;
            case "FindIntegration" when process is not null && result is StoredIntegration settings:
                read[(process.Holder, settings.Version)] = settings.SettingsJson;
                break;
            case "TakeLease" when result is LeaseAnswer.Taken { Lease: var taken }:
                latest = world.Database.Clock.GetUtcNow();
                if (process is not null) begunWith[(taken.RunId, taken.Epoch)] = read[(process.Holder, ((LeaseRequest)arguments[0]!).IntegrationVersion)];
                if (taken.Epoch < newest) Break(Rule.EpochsRise, $"Epoch {taken.Epoch} was given out while {newest} is the newest.");
                world.Tell(process?.Holder ?? "person", FormattableString.Invariant($"takes the lease: run {taken.RunId}, epoch {taken.Epoch}"));
                break;
        }
    }

    // The bytes as the store has them, not as the engine remembers them. Business Central is sent one line of them at a time.
    private void Reserved(Process? process, Lease under)
    {
        foreach (var row in world.Database.Probe.Rows("select sha256, batch from batches where run_id = $1 order by batch", under.RunId))
        {
            var place = row.IndexOf(' ', StringComparison.Ordinal);
            reserved[row[..place]] = (under.RunId, long.Parse(row[(place + 1)..], System.Globalization.CultureInfo.InvariantCulture));
        }
        if (!world.Ledgers.Any(ledger => ledger.Target == Target.Dynamics)) return;
        var pieces = world.Database.StoreOf(process).ReadBatchesAsync(World.Organisation, under.RunId, CancellationToken.None).ToBlockingEnumerable();
        var batches = world.Database.Probe.Rows("select batch from batches where run_id = $1 and claims > 0 order by batch", under.RunId);
        foreach (var (piece, batch) in pieces.Select(piece => piece.ToArray()).ToList().Zip(batches))
        {
            foreach (var line in System.Text.Encoding.UTF8.GetString(piece).Split('\n')) reserved[Sha256(System.Text.Encoding.UTF8.GetBytes(line))] = (under.RunId, long.Parse(batch, System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    /// <summary>A request leaves a process.</summary>
    public void Leaves(Process process, Ledger ledger, string route, Request left)
    {
        if (route != "send") return;
        if (!reserved.TryGetValue(Sha256(left.Body), out var batch)) Break(Rule.OnlyReservedBytesLeave, $"{process.Holder} sends bytes to {ledger} that were never reserved: {world.ClaimsIn(left.Text)}.");
        else if (!started.Contains(batch)) Break(Rule.OnlyReservedBytesLeave, FormattableString.Invariant($"{process.Holder} sends batch {batch.Batch} of run {batch.Run}, whose start is not durable."));
    }

    /// <summary>A file has its name in the outside folder.</summary>
    public void Published(byte[] content)
    {
        if (!startedFiles.Contains(Sha256(content))) Break(Rule.OnlyReservedBytesLeave, "A file was published whose start is not durable, or with other bytes.");
    }

    /// <summary>Something may have been booked.</summary>
    public void Booked(Ledger at)
    {
        foreach (var (key, times) in world.Books.SelectMany(ledger => ledger.Bookings).CountBy(booking => booking.Key, StringComparer.Ordinal))
        {
            if (times < 2) continue;
            if (explained.Contains(key)) world.Stats.Count("booked twice after a person's own decision");
            else Break(Rule.BookedOnce, $"{world.NameOf(key)} stands {times} times in the books, the last time at {at}, and no person's decision explains it.");
        }
    }

    /// <summary>A database was put back: what it says now is the beginning.</summary>
    public void Restored()
    {
        known = world.Database.Probe.Marks().ToDictionary(mark => (mark.ClaimId, mark.Generation));
        newest = world.Database.Probe.Epoch;
    }

    /// <summary>A person has said so, right or wrong.</summary>
    public void Vouch(string key) => vouched.Add(key);

    /// <summary>A person has found the claim in the books and registers it. Their word is about the claim, not about a generation.</summary>
    public void Register(string claimId) => registered.Add(claimId);

    public void Explain(string key) => explained.Add(key);

    /// <summary>The last judgement, when nobody runs and nothing is on the wire.</summary>
    public void JudgeEnd()
    {
        if (Violation is not null) return;
        var probe = world.Database.Probe;
        var booked = world.Books.SelectMany(ledger => ledger.Bookings).Select(booking => booking.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var mark in probe.Marks()) JudgeMark(mark, booked, isNewest: !known.ContainsKey((mark.ClaimId, mark.Generation + 1)));
        foreach (var waits in probe.Rows("select c.claim_id from claims c where not exists (select 1 from marks m where m.claim_id = c.claim_id) order by c.claim_id"))
            Break(Rule.EveryClaimEndsExplained, $"{waits} was never taken by a run, though nothing stands in its way.");
        foreach (var run in probe.Rows("select run_id, state from runs where state = 'running'")) Break(Rule.EveryClaimEndsExplained, $"Run {run} has no end.");
        foreach (var run in probe.Rows("""
            select r.run_id from runs r where r.exported <> (select count(*) from marks m where m.run_id = r.run_id and m.state = 'exported')
            or r.in_doubt <> (select count(*) from marks m where m.run_id = r.run_id and m.state = 'in_doubt') order by r.run_id
            """)) Break(Rule.CountersAreMarks, $"The counters of run {run} are not the marks it has.");
        foreach (var wrong in world.Database.Store.CheckAsync(CancellationToken.None).Result) Break(Rule.TheRegistersAgree, wrong);
        foreach (var wrong in AuditVerification.VerifyAsync(world.Database.Store, World.Organisation, CancellationToken.None).Result.Problems) Break(Rule.TheRegistersAgree, wrong);
    }

    // An older generation that was rolled back is not sent any more: the newer one goes in its place.
    private void JudgeMark(MarkRow mark, HashSet<string> booked, bool isNewest)
    {
        var isBooked = booked.Contains(mark.Key);
        world.Stats.End($"{mark.State}{(isBooked ? ", booked" : ", not booked")}");
        switch (mark.State)
        {
            case "exported" when !isBooked && !world.Books.Any(ledger => ledger.HasTaken(mark.Key)) && !vouched.Contains(mark.Key) && !world.IsInAFile(mark):
                Break(Rule.EveryClaimEndsExplained, $"{Name(mark)} is marked exported and stands nowhere.");
                break;
            case "in_doubt" when string.IsNullOrWhiteSpace(mark.Reason):
                Break(Rule.EveryClaimEndsExplained, $"{Name(mark)} is in doubt without a reason.");
                break;
            case "in_doubt" when isBooked && world.Ledgers.Count == 1 && world.Current.Target is not (Target.Blind or Target.Fetched or Target.Published) && world.Current.Bookings.Count(booking => booking.Key == mark.Key) == 1 && !world.WasChanged(mark):
                Break(Rule.EveryClaimEndsExplained, $"{Name(mark)} stands at {world.Current}, which can be asked, and is still in doubt.");
                break;
            case "rejected" or "released" when isBooked && !explained.Contains(mark.Key):
                Break(Rule.EveryClaimEndsExplained, $"{Name(mark)} is booked and marked {mark.State}.");
                break;
            case "rejected" when string.IsNullOrWhiteSpace(mark.Reason):
                Break(Rule.EveryClaimEndsExplained, $"{Name(mark)} is rejected without a reason.");
                break;
            case "reserved":
            // A forced re-export that was withdrawn is not approved again by an import: the claim has left once.
            case "released" when isNewest && !IsWithdrawn(mark.ClaimId):
                Break(Rule.EveryClaimEndsExplained, $"{Name(mark)} is {mark.State} at the end, though nothing stands in its way.");
                break;
        }
    }

    private bool IsWithdrawn(string claimId) => world.Database.Probe.Any("select 1 from claims where claim_id = $1 and withdrawn_at is not null", claimId);

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string Name(MarkRow mark) => mark.Generation == 0 ? mark.ClaimId : FormattableString.Invariant($"{mark.ClaimId} (generation {mark.Generation})");
}
