namespace PayOnce.Model;

/// <summary>How claims leave: reserve, start, look at the deadline, write, record; each claim at its own pace, as the senders of a run do.</summary>
public sealed partial class Moves
{
    private void Reserve(in World world, int node)
    {
        if (!IsOurs(world, node, Mutant.NoEpochCheck)) return;
        var judged = broken;
        var free = (MayReserve(world, 0) ? 1 : 0) | (scope.Claims == 2 && MayReserve(world, 1) ? 2 : 0);
        for (var which = 1; which < 4; which++)
        {
            // Any part of them: a run may be limited to one claim, or to days.
            if ((which & ~free) != 0) continue;
            var next = world;
            for (var claim = 0; claim < 2; claim++)
            {
                if ((which & (1 << claim)) == 0) continue;
                var generation = Newest(world, claim);
                Set(ref next, (claim * 2) + generation, MarkIs.Reserved, world.Nodes[node].Epoch);
                next.Keys[(claim * 2) + generation].Closed = false;
                next.Nodes[node].Jobs[claim] = new Job { Does = Does.Ready, Generation = (byte)generation };
            }
            next.Nodes[node].At = At.Delivering;
            broken ??= judged;
            Commit(Kind.Reserve, node, 0, next);
        }
    }

    private static bool MayReserve(in World world, int claim) =>
        world.Now.Marks[(claim * 2) + Newest(world, claim)].State is MarkIs.None or MarkIs.Released or MarkIs.Rejected;

    private void Deliver(in World world, int node)
    {
        var busy = false;
        for (var claim = 0; claim < scope.Claims; claim++) busy |= world.Nodes[node].Jobs[claim].Does != Does.Nothing;
        if (!busy)
        {
            Ask(world, node, At.AskedAgain, At.Ending);
            return;
        }
        if (scope.System == AccountingSystem.Fetched)
        {
            Confirm(world, node);
            return;
        }
        for (var claim = 0; claim < scope.Claims; claim++)
        {
            var job = world.Nodes[node].Jobs[claim];
            var key = (claim * 2) + job.Generation;
            switch (job.Does)
            {
                case Does.Ready:
                    Start(world, node, key, Does.Started, Kind.Start, job.Doubt);
                    Record(world, node, key, MarkIs.Released, Kind.NotSent);
                    break;
                case Does.Started:
                    Look(world, node, key);
                    if (!job.Doubt) Record(world, node, key, MarkIs.Released, Kind.NotSent);
                    break;
                case Does.Checked:
                    Write(world, node, key);
                    break;
                case Does.Out:
                    Answer(world, node, key);
                    break;
                case Does.Accepted:
                    Record(world, node, key, MarkIs.Exported, Kind.RecordExported);
                    break;
                case Does.Refused:
                    if (job.Doubt && !scope.Has(Mutant.DoubtForgotten)) Record(world, node, key, MarkIs.InDoubt, Kind.RecordInDoubt);
                    else Record(world, node, key, MarkIs.Rejected, Kind.RecordRejected);
                    break;
                case Does.NotProcessed:
                    Record(world, node, key, job.Doubt ? MarkIs.InDoubt : MarkIs.Released, job.Doubt ? Kind.RecordInDoubt : Kind.RecordReleased);
                    if (!scope.IsFile && (!job.Doubt || MayRepeat(world, key))) Start(world, node, key, Does.Started, Kind.TryAgain, job.Doubt);
                    break;
                case Does.Unknown:
                    Record(world, node, key, MarkIs.InDoubt, Kind.RecordInDoubt);
                    if (MayRepeat(world, key)) Start(world, node, key, Does.Started, Kind.TryAgainUnknown, doubt: true);
                    break;
            }
        }
    }

    private bool MayRepeat(in World world, int key) => scope.System == AccountingSystem.Unique
        || (scope.IsWindowed && !world.Keys[key].Closed)
        || (scope.Has(Mutant.UnknownSentAgain) && !scope.IsFile);

    /// <summary>P1b: from here on something may have left.</summary>
    private void Start(in World world, int node, int key, Does then, Kind kind, bool doubt)
    {
        if (!IsOurs(world, node, Mutant.NoEpochCheck)) return;
        var next = world;
        ref var mark = ref next.Now.Marks[key];
        if (mark.State == MarkIs.Reserved && mark.Epoch == world.Nodes[node].Epoch && !scope.Has(Mutant.NoStartBeforeSend)) mark.State = MarkIs.Started;
        ref var job = ref next.Nodes[node].Jobs[key >> 1];
        (job.Does, job.Doubt) = (then, doubt);
        Commit(kind, node, key, next);
    }

    /// <summary>N1: the last look before bytes leave. A lease that ran out and that nobody took is renewed by it, where the witness knows of nobody either.</summary>
    private void Look(in World world, int node, int key)
    {
        if (!scope.Has(Mutant.NoDeadline) && !(IsOurs(world, node) && IsNewest(world, node))) return;
        var next = world;
        next.Nodes[node].Jobs[key >> 1].Does = Does.Checked;
        Add(Kind.LookAtDeadline, node, key, next);
    }

    private void Write(in World world, int node, int key)
    {
        var refused = world;
        refused.Nodes[node].Jobs[key >> 1].Does = Does.NotProcessed;
        Add(Kind.WriteRefused, node, key, refused);

        var next = world;
        ref var job = ref next.Nodes[node].Jobs[key >> 1];
        if (scope.System == AccountingSystem.Published)
        {
            job.Does = Does.Unknown;
            JudgeWrite(world, node, key);
            Add(Kind.LinkUnknown, node, key, next);
            job.Does = Does.Accepted;
            MoreLate(ref next.Keys[key]);
            JudgeWrite(world, node, key);
            Add(Kind.Link, node, key, next);
            job.Does = Does.Unknown;
            JudgeWrite(world, node, key);
            Add(Kind.LinkUnknown, node, key, next);
            return;
        }
        job.Does = Does.Out;
        JudgeWrite(world, node, key);
        Add(Kind.Write, node, key, next);
    }

    private void JudgeWrite(in World world, int node, int key)
    {
        var (mark, fact, job) = (world.Now.Marks[key], world.Keys[key], world.Nodes[node].Jobs[key >> 1]);
        // A frozen write is judged by what it books.
        if (scope.Lacks(Without.PromptWrite)) return;
        if (mark.State != MarkIs.Started || mark.Epoch != world.Nodes[node].Epoch) broken = Rule.SentAfterStart;
        else if (!job.Doubt && fact.Booked + fact.Late > 0 && !fact.Decided && scope.System != AccountingSystem.Unique && scope.Without == Without.Nothing) broken = Rule.SentAfterProof;
    }

    /// <summary>What becomes of a request on its way, and what its sender hears of it.</summary>
    private void Answer(in World world, int node, int key)
    {
        var late = world;
        late.Nodes[node].Jobs[key >> 1].Does = Does.Unknown;
        MoreLate(ref late.Keys[key]);
        Add(Kind.TimeOut, node, key, late);

        var next = world;
        ref var job = ref next.Nodes[node].Jobs[key >> 1];
        job.Does = Does.Refused;
        Add(Kind.AnswerRefused, node, key, next);
        job.Does = Does.NotProcessed;
        Add(Kind.AnswerNotProcessed, node, key, next);

        var merges = Merges(world, key);
        if (merges)
        {
            job.Does = Does.Unknown;
            Add(Kind.AnswerExists, node, key, next);
        }
        else
        {
            Book(ref next.Keys[key]);
        }
        job.Does = Does.Unknown;
        Add(Kind.AnswerLost, node, key, next);
        job.Does = Does.Accepted;
        Add(Kind.AnswerAccepted, node, key, next);
        if (!IsRefusedTwice) return;
        MoreLate(ref next.Keys[key]);
        Add(Kind.RequestDuplicated, node, key, next);
    }

    private bool IsRefusedTwice => scope.System == AccountingSystem.Unique || scope.IsWindowed;

    /// <summary>Whether the accounting system takes a request of this key for one that it has.</summary>
    private bool Merges(in World world, int key) => world.Keys[key].Booked > 0 && IsRefusedTwice && !world.Keys[key].Closed && !scope.Lacks(Without.KeptKeys);

    private void Book(ref Key key)
    {
        if (key.Booked < 2) key.Booked++;
        if (scope.CanRead) key.Unseen = true;
    }

    /// <summary>P2: the outcome, by compare-and-set on state, attempt and epoch.</summary>
    private void Record(in World world, int node, int key, MarkIs outcome, Kind kind)
    {
        if (!IsOurs(world, node, Mutant.NoEpochCheck)) return;
        var mark = world.Now.Marks[key];
        var ours = mark.State is MarkIs.Reserved or MarkIs.Started && mark.Epoch == world.Nodes[node].Epoch;
        if (!ours && !scope.Has(Mutant.NoCompareAndSet))
        {
            // Not the row that was reserved: a bug, which ends the process rather than write.
            broken = null;
            Add(Kind.FencedOff, node, key, Dead(world, node));
            return;
        }
        var next = world;
        Set(ref next, key, outcome);
        next.Nodes[node].Jobs[key >> 1] = default;
        Commit(kind, node, key, next);
    }

    /// <summary>A file that a person fetches from PayOnce leaves with the commit that marks its claims.</summary>
    private void Confirm(in World world, int node)
    {
        if (!IsOurs(world, node) || !IsNewest(world, node)) return;
        var (available, released) = (world, world);
        for (var claim = 0; claim < scope.Claims; claim++)
        {
            var job = world.Nodes[node].Jobs[claim];
            if (job.Does == Does.Nothing) continue;
            var key = (claim * 2) + job.Generation;
            Set(ref available, key, MarkIs.Exported);
            MoreLate(ref available.Keys[key]);
            Set(ref released, key, MarkIs.Released);
        }
        (available.Nodes[node].At, available.Nodes[node].Jobs) = (At.Ending, default);
        (released.Nodes[node].At, released.Nodes[node].Jobs) = (At.Ending, default);
        Commit(Kind.ConfirmFile, node, 0, available);
        Commit(Kind.ReleaseFile, node, 0, released);
    }
}
