using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

/// <summary>What happens next; the numbers choose claim, run, size and the like.</summary>
internal sealed record Move(MoveKind Kind, int Which, int How, bool LoseAnswers);

internal enum MoveKind
{
    TakeIn, ExportAndFinish, DieBeforeStart, DieAfterStart, DieAfterConfirm, Release, Doubt, StaleProcess, RollBack, RecordImport, Decide, ReExport, Adopt, Withdraw,
}

/// <summary>Plays moves on the store and on the model, and compares every answer.</summary>
/// <param name="nodes">Store objects onto the same data, as several processes would have them; each move is made by one of them.</param>
internal sealed class GuardPlayer(IReadOnlyList<IStore> nodes, string organisationId)
{
    private IStore store = nodes[0];
    private readonly List<TestRun> processes = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public GuardModel Model { get; } = new();

    /// <summary>Export keys that a person said are not at the accounting system; a person can be wrong about it.</summary>
    public HashSet<string> ReleasedByPerson { get; } = new(StringComparer.Ordinal);

    public Task PlayAsync(Move move)
    {
        store = nodes[move.How % nodes.Count];
        return move.Kind switch
        {
            MoveKind.TakeIn => TakeInAsync(move),
            MoveKind.StaleProcess => StaleProcessAsync(move),
            MoveKind.RollBack => RollBackAsync(move),
            MoveKind.RecordImport => RecordImportAsync(move),
            MoveKind.Decide => DecideAsync(move),
            MoveKind.ReExport => ReExportAsync(move),
            MoveKind.Adopt => AdoptAsync(move),
            MoveKind.Withdraw => WithdrawAsync(move),
            _ => RunAsync(move),
        };
    }

    private static string AnyClaim(Move move) => GuardModel.ClaimIds[move.Which % GuardModel.ClaimIds.Length];

    /// <summary>Mostly a claim whose newest mark has this state, so that sequences get somewhere; sometimes any.</summary>
    private string Claim(Move move, MarkState state)
    {
        var likely = Model.Claims.Where(claim => claim.Value.Marks.Count > 0 && claim.Value.Marks[^1].State == state).Select(claim => claim.Key).ToList();
        return likely.Count == 0 || move.How % 5 == 0 ? AnyClaim(move) : likely[move.Which % likely.Count];
    }

    /// <summary>Mostly a run whose file is out; sometimes any. Null if there is none yet.</summary>
    private ModelRun? Run(Move move)
    {
        var likely = Model.Runs.Where(run => run.File is RunFileState.Publishing or RunFileState.Available && !run.Imported).ToList();
        if (likely.Count == 0 || move.How % 5 == 0) likely = Model.Runs;
        return likely.Count == 0 ? null : likely[move.Which % likely.Count];
    }

    private async Task TakeInAsync(Move move)
    {
        var (claimId, content) = (AnyClaim(move), move.How % 3);
        var claim = Model.Claims[claimId];
        // What has left does not leave again for having been withdrawn and approved once more.
        var leftIn = claim.Withdrawn ? claim.Marks.LastOrDefault(mark => mark.State == MarkState.Exported)?.Run!.RunId : null;
        IntakeOutcome expected =
            claim.TakenInContent is null ? new IntakeOutcome.Added()
            : leftIn is { } run ? claim.TakenInContent == content ? new IntakeOutcome.Unchanged() : new IntakeOutcome.Left(MarkState.Exported, run)
            : claim.Withdrawn ? new IntakeOutcome.Updated()
            : claim.TakenInContent == content ? new IntakeOutcome.Unchanged()
            : claim.IsHeld ? new IntakeOutcome.Left(claim.Marks[^1].State, claim.Marks[^1].Run!.RunId)
            : new IntakeOutcome.Updated();
        if (expected is IntakeOutcome.Added or IntakeOutcome.Updated) (claim.TakenInContent, claim.Withdrawn) = (content, false);

        var record = A.Record(claimId, 1_000 + content, GuardModel.ApprovedAt(claimId, content), organisationId: organisationId);
        Assert.Equal([expected], await store.TakeInAsync(organisationId, [record], "claims.json", "kari", Cancel));
    }

    private async Task RunAsync(Move move)
    {
        int? limit = move.How % 4 == 0 ? null : move.How % 4;
        var scope = new ClaimScope(Limit: limit);
        // Each run's renderer refuses another one of the claims, or none.
        var refused = GuardModel.ClaimIds.ElementAtOrDefault(move.How / 4 % 10);
        var request = A.LeaseRequest(organisationId, scope);
        if (Model.Open is { } holder)
        {
            var busy = Assert.IsType<LeaseAnswer.Busy>(await store.TakeLeaseAsync(request, _ => false, Cancel));
            Assert.Equal(holder.RunId, busy.Run.RunId);
        }
        var run = await TestRun.TakeAsync(store, request, _ => true, new TextRenderer(claimId => claimId == refused));
        var model = Model.Begin(RunTrigger.Manual);
        Model.Open = model;
        Assert.Equal(model.RunId, run.RunId);
        if (processes.Count > 0) Assert.True(run.Lease.Epoch > processes[^1].Lease.Epoch);
        processes.Add(run);
        // Having died with nothing but the lease is one way of dying before the start.
        if (move is { Kind: MoveKind.DieBeforeStart } && move.How % 5 == 0) return;

        await RecoverAsync(run, model, prove: move.How % 3 == 0);
        (model.Candidates, model.SkippedDuplicates) = (Math.Min(limit ?? int.MaxValue, Model.WorkList.Count), Model.Claims.Values.Count(claim => claim is { TakenInContent: not null, IsHeld: true }));
        Assert.Equal(model.Counters, await run.CountAsync());
        var expected = Model.WorkList.Take(limit ?? int.MaxValue).ToList();
        foreach (var claimId in expected) Model.Take(model, claimId, claimId == refused);
        await run.ReserveAllAsync(1 + (move.Which % 3));
        Assert.Equal(expected, run.Taken.Select(taken => taken.Claim.ClaimId));
        Assert.Equal(expected.Select(claimId => (Model.Claims[claimId].Marks.Count - 1, Model.Claims[claimId].Marks[^1].Attempt)), run.Taken.Select(taken => (taken.Generation, taken.Attempt)));
        await EndAsync(move, run, model, somethingToSend: expected.Any(claimId => claimId != refused));
    }

    private async Task RecoverAsync(TestRun run, ModelRun model, bool prove)
    {
        var expected = Model.Recover(model);
        var recovered = await store.RecoverAsync(run.Lease, Cancel);
        Assert.NotNull(recovered);
        Assert.Equal(
            expected.Select(each => (each.Run.RunId, each.Run.State, (long)each.Released, (long)each.InDoubt)),
            recovered.Select(each => (each.Run.RunId, each.Run.State, each.Released, each.InDoubt)));
        var doubtfulFiles = await store.ListDoubtfulFilesAsync(organisationId, Cancel);
        Assert.Equal(Model.Doubtful.Select(each => each.RunId), doubtfulFiles.Select(file => file.RunId));
        foreach (var doubtful in Model.Doubtful.Where(_ => prove))
        {
            Model.Prove(doubtful);
            Assert.True(await store.ProveFileAsync(run.Lease, doubtful.RunId, "found with our checksum", Cancel));
        }
    }

    private async Task EndAsync(Move move, TestRun run, ModelRun model, bool somethingToSend)
    {
        if (move.Kind == MoveKind.DieBeforeStart) return;
        var start = somethingToSend && (move.Kind is MoveKind.DieAfterStart or MoveKind.Doubt || move.How % 2 == 0);
        if (start)
        {
            Assert.NotNull(await run.StartAsync());
            (model.Started, model.File) = (true, RunFileState.Publishing);
        }
        if (move.Kind == MoveKind.DieAfterStart) return;
        if (somethingToSend && move.Kind == MoveKind.Release)
        {
            Assert.True(await run.ReleaseAsync());
            Model.Settle(model, MarkState.Released);
            if (start) model.File = RunFileState.Withdrawn;
        }
        else if (somethingToSend && move.Kind == MoveKind.Doubt)
        {
            Assert.True(await run.DoubtAsync());
            Model.Settle(model, MarkState.InDoubt);
        }
        else if (somethingToSend)
        {
            Assert.NotNull(await run.ConfirmAsync());
            Model.Settle(model, MarkState.Exported);
            model.File = RunFileState.Available;
        }
        if (move.Kind == MoveKind.DieAfterConfirm) return;
        await run.FinishAsync();
        (model.State, Model.Open) = (RunState.Finished, null);
    }

    /// <summary>A process that was frozen since its run wakes up and goes on where it was.</summary>
    private async Task StaleProcessAsync(Move move)
    {
        if (processes.Count == 0) return;
        var stale = processes[move.Which % processes.Count];
        if (stale.RunId == Model.Open?.RunId) return;
        var fencedOff = (move.How % 8) switch
        {
            0 => !await store.RenewLeaseAsync(stale.Lease, TimeSpan.FromHours(1), Cancel),
            1 => await store.RecoverAsync(stale.Lease, Cancel) is null,
            2 => await store.CountScopeAsync(stale.Lease, ClaimScope.Everything, Cancel) is null,
            3 => await store.ReserveAsync(stale.Lease, new ReserveRequest(ClaimScope.Everything, 99, null, 10), (_, claims) => new TextRenderer().Render(claims, 1), Cancel) is ReserveAnswer.FencedOff,
            4 => await stale.StartAsync() is null,
            5 => await stale.ConfirmAsync() is null,
            6 => !await stale.ReleaseAsync(),
            _ => !await store.FinishRunAsync(stale.Lease, RunState.Cancelled, "late", Cancel),
        };
        Assert.True(fencedOff, "A process that had lost its lease was let through.");
    }

    private async Task RollBackAsync(Move move)
    {
        var answer = await store.RollBackAsync(organisationId, Run(move)?.RunId ?? 1, "never imported", "kari", Cancel);
        if (Run(move) is not { } run) Assert.IsType<RollBackAnswer.NoSuchRun>(answer);
        else if (Model.RollBack(run) is { } released) Assert.Equal(new RollBackAnswer.RolledBack(released), answer);
        else Assert.IsType<RollBackAnswer.NotPossible>(answer);
    }

    private async Task RecordImportAsync(Move move)
    {
        if (Run(move) is not { } run) return;
        var expected = Model.Import(run);
        Assert.Equal(expected, await store.RecordImportAsync(organisationId, run.RunId, "V-1", "kari", Cancel));
    }

    private async Task DecideAsync(Move move)
    {
        var claimId = Claim(move, MarkState.InDoubt);
        var (claim, decision) = (Model.Claims[claimId], move.How % 2 == 0 ? MarkState.Exported : MarkState.Released);
        var before = await store.DecideAsync(organisationId, claimId, decision, "a look into the ledger", "kari", Cancel);
        Assert.Equal(claim.Marks.Count == 0 ? null : claim.Marks[^1].State, before?.State);
        if (before?.State != MarkState.InDoubt) return;
        if (decision == MarkState.Released) ReleasedByPerson.Add(before.ExportKey);
        var mark = claim.Marks[^1];
        (mark.State, mark.Evidence) = (decision, decision == MarkState.Exported ? Evidence.Booked : null);
        mark.Run!.Count(MarkState.InDoubt, -1);
        mark.Run.Count(decision, 1);
    }

    private async Task ReExportAsync(Move move)
    {
        var claimId = Claim(move, MarkState.Exported);
        var claim = Model.Claims[claimId];
        var answer = await store.RequestReExportAsync(organisationId, claimId, "lost", "kari", Cancel);
        if (claim.TakenInContent is null) Assert.IsType<ReExportAnswer.NoSuchClaim>(answer);
        else if (claim.Withdrawn) Assert.IsType<ReExportAnswer.Withdrawn>(answer);
        else if (claim.Marks.Count == 0) Assert.Equal(new ReExportAnswer.NotExported(null), answer);
        else if (claim.Marks[^1].State != MarkState.Exported) Assert.Equal(new ReExportAnswer.NotExported(claim.Marks[^1].State), answer);
        else
        {
            Assert.Equal(new ReExportAnswer.Requested(claim.Marks.Count, ExportKey.Derive(organisationId, claimId, claim.Marks.Count)), answer);
            claim.Marks.Add(new ModelMark());
            claim.ForcedReExports++;
        }
    }

    private async Task WithdrawAsync(Move move)
    {
        var claim = Model.Claims[AnyClaim(move)];
        var outcome = (await store.WithdrawAsync(organisationId, [AnyClaim(move)], "approved by mistake", "kari", Cancel))[0];
        if (claim.IsHeld) Assert.Equal(new WithdrawOutcome.Held(claim.Marks[^1].State, claim.Marks[^1].Run!.RunId), outcome);
        else if (claim.TakenInContent is null) Assert.IsType<WithdrawOutcome.NoSuchClaim>(outcome);
        else if (claim.Withdrawn) Assert.IsType<WithdrawOutcome.Already>(outcome);
        else Assert.IsType<WithdrawOutcome.Withdrawn>(outcome);
        claim.Withdrawn = claim is { TakenInContent: not null, IsHeld: false };
    }

    private async Task AdoptAsync(Move move)
    {
        var claim = Model.Claims[AnyClaim(move)];
        var answer = await store.AdoptAsync(organisationId, [new AdoptedClaim(AnyClaim(move), "V-0")], "cut-over", "kari", "node-1", Cancel);
        if (Model.Open is { } open)
        {
            Assert.Equal(open.RunId, Assert.IsType<AdoptAnswer.Busy>(answer).Run.RunId);
            return;
        }
        var run = Model.Begin(RunTrigger.Adopt);
        run.State = RunState.Finished;
        var adopted = Assert.IsType<AdoptAnswer.Adopted>(answer);
        Assert.Equal((run.RunId, claim.IsHeld ? 0 : 1), (adopted.RunId, adopted.Count));
        if (claim.IsHeld) return;
        if (claim.Marks.Count == 0) claim.Marks.Add(new ModelMark());
        var mark = claim.Marks[^1];
        (mark.State, mark.Evidence, mark.Run) = (MarkState.Exported, Evidence.Booked, run);
        claim.Withdrawn = false;
        run.Count(MarkState.Exported, 1);
    }
}
