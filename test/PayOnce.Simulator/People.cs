using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Simulator;

/// <summary>
/// The people of an organisation and what they do, each action drawn by its own number, so that it can be left out alone. Most are careful:
/// they look into the books, after the quiet time. Some are not, and then what comes of it is theirs.
/// </summary>
internal sealed class People(World world)
{
    private static readonly (string Name, int Weight)[] Kinds =
    [
        ("sync", 34), ("stopped sync", 4), ("sync of one claim", 3), ("reconcile", 9), ("new claims", 6), ("change of a claim", 8), ("re-export", 7), ("careful decision", 9),
        ("careless decision", 1), ("change of settings", 5), ("roll back", 4), ("import", 8), ("record of an import", 4), ("backup", 5), ("restore", 4), ("move", 3),
    ];

    private readonly IStore store = StoreSeam.Create(world, process: null);
    // Each with how many moves to another accounting system it knows of.
    private readonly List<(Backup Files, int Moves)> backups = [];
    private readonly List<Ledger> moves = [];
    // By run and start: after a backup was put back another run may have the number, and one that the backup had forgotten may come back with a later one.
    private readonly HashSet<string> imported = [];
    private readonly List<string> done = [];
    private int version;

    /// <summary>Names of the actions that were taken.</summary>
    public IReadOnlyList<string> Done => done;

    private Choices Choices => world.Choices;

    private Probe Probe => world.Database.Probe;

    private DoubleExportGuard Guard => new(store);

    /// <summary>Draws the seed's actions.</summary>
    public void Plan()
    {
        backups.Add((world.Database.TakeBackup(), moves.Count));
        for (var number = 1; number <= world.Climate.Actions; number++)
        {
            var kind = number == 1 ? "sync" : Drawn();
            // In the place of another, so that the seeds of before it mean what they meant.
            if (number > 1 && Choices.OneIn("adoption", 25)) kind = "adoption";
            if (number > 1 && world.Trial.ManyBackups && Choices.OneIn("instead", 2)) kind = Choices.Of("backup or restore", "backup", "restore");
            var name = FormattableString.Invariant($"{kind} [{number}]");
            var at = world.Climate.Length * (number == 1 ? 0 : Choices.Share("when"));
            if (world.Trial.Kept is { } kept && !kept.Contains(name)) continue;
            world.Pump.At(at, () => Act(kind, name));
        }
    }

    /// <summary>After the trouble: what the expense system approved is imported once more, and what waits for a person gets one.</summary>
    public bool ComeBack()
    {
        Begin(async () => await store.TakeInAsync(World.Organisation, [.. world.Source.Values], "claims.csv", "kari", CancellationToken.None));
        return world.Pump.Run();
    }

    /// <summary>Restore mode that asking alone cannot end is ended by a person: by registering what stands in the books, then by their word.</summary>
    public bool LookAfterRestore(int round)
    {
        Import();
        if (world.Database.Store.FindRestoreModeAsync(World.Organisation, CancellationToken.None).Result is null || round < 1 && world.Current.Target is not (Target.Blind or Target.Fetched or Target.Published)) return true;
        world.Stats.Count("restore mode ended by a person");
        var booked = world.Books.SelectMany(ledger => ledger.Bookings).Select(booking => booking.Key).ToHashSet(StringComparer.Ordinal);
        var exported = Probe.Marks().Where(mark => mark.State == "exported").Select(mark => mark.ClaimId).ToHashSet(StringComparer.Ordinal);
        List<AdoptedClaim> adopted = [.. world.Source.Values.Where(claim => booked.Contains(claim.ExportKey) && !exported.Contains(claim.ClaimId)).Select(claim => new AdoptedClaim(claim.ClaimId, "in the books"))];
        // A later generation cannot be registered: who ends restore mode by their word answers for it.
        foreach (var key in booked) world.Judge.Explain(key);
        foreach (var claim in adopted) world.Judge.Register(claim.ClaimId);
        if (adopted.Count > 0) world.ProcessOf("A")!.Start(engine => engine.AdoptAsync(World.Organisation, adopted, "found in the books", "kari"));
        if (!world.Pump.Run()) return false;
        Begin(() => store.EndRestoreAsync(World.Organisation, "looked into the books", "kari", CancellationToken.None));
        return world.Pump.Run();
    }

    private string Drawn()
    {
        var at = Choices.Below("action", Kinds.Sum(kind => kind.Weight));
        return Kinds.First(kind => (at -= kind.Weight) < 0).Name;
    }

    private void Act(string kind, string name)
    {
        done.Add(name);
        var node = Choices.Of($"node of {name}", [.. world.Nodes]);
        if (world.ProcessOf(node) is not { } process)
        {
            world.Tell("person", $"{kind}: {node} is down");
            return;
        }
        world.Stats.Count($"action: {kind}");
        switch (kind)
        {
            case "sync" or "stopped sync" or "sync of one claim":
                Sync(kind, name, process);
                break;
            case "reconcile":
                world.Tell("person", $"reconciles on {process.Holder}");
                world.Reconcile(process, all: Choices.OneIn($"all of {name}", 2));
                break;
            case "import":
                Import();
                break;
            case "backup":
                backups.Add((world.Database.TakeBackup(), moves.Count));
                world.Tell("person", "takes a backup");
                break;
            case "restore":
                Restore(name);
                break;
            case "move":
                Move();
                break;
            case "adoption":
                Adopt(process);
                break;
            default:
                Begin(() => AskAsync(kind, name));
                break;
        }
    }

    private void Sync(string kind, string name, Process process)
    {
        var request = new RunRequest(World.Organisation, "kari") { WaitWhenBusy = Choices.OneIn($"waits in {name}", 2), Limit = Choices.OneIn($"limit of {name}", 5) ? 1 + Choices.Below($"limit of {name}", 4) : null };
        if (kind == "sync of one claim") request = request with { ClaimId = OneOf(name, [.. world.Source.Keys]) };
        world.Tell("person", $"{kind} on {process.Holder}{(request.Limit is { } limit ? FormattableString.Invariant($", at most {limit}") : "")}");
        if (kind != "stopped sync")
        {
            world.Sync(process, request);
            return;
        }
        var stop = new CancellationTokenSource();
        world.Pump.At(Choices.Between($"stop of {name}", TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(20)), stop.Cancel, process);
        world.Sync(process, request, stop.Token);
    }

    // A person's tool: what the store cannot do now, they are told.
    private void Begin(Func<Task> work) => _ = BeginAsync(work);

    private async Task BeginAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (StoreUnavailableException)
        {
            world.Tell("person", "is told that the store cannot be used");
        }
        catch (Exception fault)
        {
            world.Judge.Break(Rule.NoBugThrows, $"A person's tool threw {fault.GetType().Name}: {fault.Message}");
        }
    }

    private async Task AskAsync(string kind, string name)
    {
        switch (kind)
        {
            case "new claims":
                var more = Enumerable.Range(0, 1 + Choices.Below(name, 3)).Select(_ => world.Approve(FormattableString.Invariant($"C-{world.Source.Count + 1}"), 500 + world.Source.Count)).ToList();
                world.Tell("person", $"takes in {string.Join(", ", more.Select(claim => claim.ClaimId))}");
                await store.TakeInAsync(World.Organisation, more, "more.csv", "kari", CancellationToken.None);
                break;
            case "change of a claim":
                await ChangeAsync(name);
                break;
            case "re-export":
                await ReExportAsync(name);
                break;
            case "careful decision" or "careless decision":
                await DecideAsync(name, careless: kind == "careless decision");
                break;
            case "change of settings":
                version++;
                world.Tell("person", FormattableString.Invariant($"changes the settings ({version})"));
                await store.SaveIntegrationAsync(World.Organisation, world.SettingsText(version), "kari", CancellationToken.None);
                break;
            case "roll back":
                await RollBackAsync(name);
                break;
            case "record of an import":
                await RecordImportAsync();
                break;
        }
    }

    private async Task ChangeAsync(string name)
    {
        var claimId = OneOf(name, [.. world.Source.Keys]);
        var before = world.Source[claimId];
        if (Choices.OneIn($"withdrawal in {name}", 3))
        {
            world.Tell("person", $"withdraws {claimId}");
            var withdrawn = await Guard.WithdrawAsync(World.Organisation, claimId, "approved by mistake", "kari", CancellationToken.None);
            world.Stats.Count($"withdrawal: {(withdrawn is GuardAnswer<Withdrawal>.Done ? "done" : "refused")}");
            // Approved again when all is imported once more.
            if (Choices.OneIn($"no approval after {name}", 2)) return;
        }
        var after = world.Approve(claimId, before.TotalMinor + 1000);
        world.Tell("person", $"approves {claimId} anew with another sum");
        var outcome = await store.TakeInAsync(World.Organisation, [after], "again.csv", "kari", CancellationToken.None);
        // The expense system takes a change back that is refused.
        if (outcome[0] is IntakeOutcome.Left) world.Source[claimId] = before;
        world.Stats.Count($"intake: {outcome[0].GetType().Name}");
    }

    private async Task ReExportAsync(string name)
    {
        var exported = Probe.Marks().GroupBy(mark => mark.ClaimId, StringComparer.Ordinal).Select(claim => claim.Last()).Where(mark => mark.State == "exported" && mark.Generation < 4).ToList();
        if (exported.Count == 0) return;
        var mark = exported[Choices.Below($"claim of {name}", exported.Count)];
        world.Tell("person", $"forces {mark.ClaimId} to be exported again");
        await Guard.ForceReExportAsync(World.Organisation, mark.ClaimId, "asked for again", mark.ClaimId, "kari", CancellationToken.None, (int)mark.Generation);
    }

    private async Task DecideAsync(string name, bool careless)
    {
        var doubts = Probe.Marks().Where(mark => mark.State == "in_doubt").ToList();
        if (doubts.Count == 0) return;
        var mark = doubts[Choices.Below($"doubt of {name}", doubts.Count)];
        var since = DateTimeOffset.UnixEpoch.AddMicroseconds(mark.DoubtSince!.Value);
        // Who is careful waits until nothing can be on its way any more, and then looks.
        if (!careless && world.Database.Clock.GetUtcNow() < since + Climate.Quiet + Climate.LongestWay) return;
        var there = world.Ledgers.Any(ledger => ledger.Holds(mark.Key)) || world.Folder.Has(mark.Key);
        var decision = careless ? Choices.Of($"guess of {name}", MarkState.Exported, MarkState.Released) : there ? MarkState.Exported : MarkState.Released;
        world.Tell("person", $"settles {mark.ClaimId} as {decision.Text()}{(careless ? " without looking" : there ? ", having found it" : ", having found nothing")}");
        if (careless) world.Judge.Vouch(mark.Key);
        var seen = new DecisionDetails(new DoubtSeen((int)mark.Generation, (int)mark.Attempt, since));
        // Their decision stands for itself from here on: what is on its way to the store is not looked at again.
        if (careless && decision == MarkState.Released) world.Judge.Explain(mark.Key);
        await Guard.DecideAsync(World.Organisation, mark.ClaimId, decision, "looked into the books", "kari", CancellationToken.None, seen);
    }

    private async Task RollBackAsync(string name)
    {
        var runs = Probe.Rows("select run_id from files where state <> 'withdrawn' order by run_id");
        if (runs.Count == 0) return;
        var runId = long.Parse(OneOf(name, runs), System.Globalization.CultureInfo.InvariantCulture);
        // Who rolls back says that nobody has imported it, and nobody will.
        if (imported.Contains(Identity(runId)) || IsTaken(runId)) return;
        imported.Add(Identity(runId));
        world.Tell("person", FormattableString.Invariant($"rolls back run {runId}"));
        await Guard.RollBackExportMarksAsync(World.Organisation, runId, "nobody imported it", "kari", CancellationToken.None);
    }

    private async Task RecordImportAsync()
    {
        foreach (var runId in Probe.Rows("select run_id from files order by run_id").Select(run => long.Parse(run, System.Globalization.CultureInfo.InvariantCulture)).Where(run => imported.Contains(Identity(run)) && IsTaken(run)).Take(1).ToList())
        {
            world.Tell("person", FormattableString.Invariant($"records the import of run {runId}"));
            await Guard.RecordImportAsync(World.Organisation, runId, "V-1", "kari", CancellationToken.None);
        }
    }

    private string Identity(long runId) => Probe.Rows("select run_id || ' of ' || started_at from runs where run_id = $1", runId).Single();

    // Whether the run's claims stand in the books.
    private bool IsTaken(long runId)
    {
        var keys = Probe.Rows("select export_key from marks where run_id = $1", runId);
        return keys.Count > 0 && keys.TrueForAll(key => world.Ledgers.Any(ledger => ledger.Holds(key)));
    }

    // Each file that is there to be fetched is imported once.
    private void Import()
    {
        var real = world.Database.Store;
        foreach (var run in Probe.Rows("select run_id from files where state = 'available' and folder is null order by run_id"))
        {
            var runId = long.Parse(run, System.Globalization.CultureInfo.InvariantCulture);
            if (!imported.Add(Identity(runId))) continue;
            var file = real.FindFileAsync(World.Organisation, runId, CancellationToken.None).Result!;
            using var content = new MemoryStream();
            RunFileContent.WriteAsync(real, World.Organisation, file, content, CancellationToken.None).GetAwaiter().GetResult();
            world.Tell("person", FormattableString.Invariant($"imports the file of run {runId}: {world.ClaimsIn(content.ToArray())}"));
            world.Import(content.ToArray());
        }
    }

    // A backup of the middle of the newest run cannot be told by its epoch, so that it must be announced; any other is noticed as well.
    private void Restore(string name)
    {
        var (backup, movesKnown) = backups[Choices.Below($"backup of {name}", backups.Count)];
        world.Database.Restore(backup);
        foreach (var node in world.Nodes) world.ProcessOf(node)?.LoseDatabase();
        world.Judge.Restored();
        var announced = Probe.Epoch >= world.Witnessed.Epoch || Choices.OneIn($"announcement of {name}", 2);
        world.Tell("person", FormattableString.Invariant($"puts back a backup of epoch {Probe.Epoch}{(announced ? " and announces it" : "")}"));
        world.Judge.Begin("BeginRestore", null);
        if (announced) world.Database.Store.BeginRestoreAsync(World.Organisation, "disk lost", "kari", CancellationToken.None).GetAwaiter().GetResult();
        if (world.Trial.Without.HasFlag(Assumption.MovesAreRepeated)) return;
        foreach (var to in moves.Skip(movesKnown))
        {
            world.Tell("person", $"repeats the move to {to}");
            world.Current = to;
            world.Judge.Begin("SaveIntegration", null);
            world.Database.Store.SaveIntegrationAsync(World.Organisation, world.SettingsText(++version), "kari", CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    private void Move()
    {
        if (world.Ledgers.Count == 1) return;
        world.Current = world.Ledgers[world.Current == world.Ledgers[0] ? 1 : 0];
        version++;
        moves.Add(world.Current);
        world.Tell("person", $"moves to {world.Current}");
        Begin(async () => await store.SaveIntegrationAsync(World.Organisation, world.SettingsText(version), "kari", CancellationToken.None));
    }

    // A claim that the former system has paid. Only who was told that it is registered lets the expense system hand it on.
    private void Adopt(Process process)
    {
        var claim = world.Leave(FormattableString.Invariant($"OLD-{done.Count}"));
        world.Tell("person", $"registers on {process.Holder} that {claim.ClaimId} left before PayOnce came");
        process.Start(async engine =>
        {
            var answer = await engine.AdoptAsync(World.Organisation, [new AdoptedClaim(claim.ClaimId, "V-0")], "cut-over", "kari");
            world.Stats.Count($"adoption: {answer.GetType().Name}");
            if (answer is AdoptAnswer.Adopted) world.Source[claim.ClaimId] = claim;
        });
    }

    private string OneOf(string name, List<string> from) => from[Choices.Below($"one of {name}", from.Count)];
}
