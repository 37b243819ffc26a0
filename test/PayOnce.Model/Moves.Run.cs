namespace PayOnce.Model;

/// <summary>A run, from its lease to its end; what it does with single claims stands in Moves.Delivery.cs.</summary>
public sealed partial class Moves
{
    private static readonly Does[] NoAnswer = [Does.Nothing];

    private void TakeLease(in World world, int node)
    {
        var holder = world.Now.Holder;
        var free = holder == 0;
        var gone = !free && world.Nodes[holder - 1].At == At.Idle;
        if (!free && !gone && (holder - 1 == node || !MayRunOut(world))) return;
        var highest = Highest(world);
        if (scope.Has(Mutant.LeaseReused))
        {
            broken = Rule.EpochsRise;
            Taken(world, node, Math.Max(world.Now.Epoch, (byte)1));
            return;
        }
        // Without a witness the epoch goes on from what the database knows, which others may have had before it was put back.
        var known = Math.Max(world.Now.Epoch, world.Witness);
        for (var epoch = known + 1; epoch <= highest + 1; epoch++)
        {
            if (epoch <= highest) broken = Rule.EpochsRise;
            Taken(world, node, (byte)epoch);
        }

        void Taken(in World before, int taker, byte epoch)
        {
            var next = before;
            var forgot = scope.Restore == RestoreNotice.Witness && before.Now.Epoch < before.Witness;
            if (forgot && !next.Now.Restoring) (next.Now.Restoring, next.Now.RestoreQuiet) = (true, false);
            next.Now.Epoch = epoch;
            if (scope.Restore == RestoreNotice.Witness) next.Witness = epoch;
            next.Now.Holder = (byte)(taker + 1);
            next.Nodes[taker] = new Node { At = At.Leased, Epoch = epoch };
            Commit(forgot ? Kind.NoticeRestore : free ? Kind.TakeLease : gone ? Kind.TakeLeaseFromTheDead : Kind.TakeExpiredLease, taker, 0, next);
        }
    }

    // A lease runs out while its holder stands still; one that has just looked at its deadline has the margin left for the write.
    private bool MayRunOut(in World world)
    {
        if (scope.Lacks(Without.PromptWrite)) return true;
        ref readonly var node = ref world.Nodes[world.Now.Holder - 1];
        return node.Epoch != world.Now.Epoch || (node.Jobs[0].Does != Does.Checked && node.Jobs[1].Does != Does.Checked);
    }

    private static byte Highest(in World world)
    {
        var highest = Math.Max(Math.Max(world.Now.Epoch, world.Witness), Math.Max(world.Nodes[0].Epoch, world.Nodes[1].Epoch));
        for (var i = 0; i < 4; i++) highest = Math.Max(highest, world.Now.Marks[i].Epoch);
        return highest;
    }

    private void Run(in World world, int node)
    {
        switch (world.Nodes[node].At)
        {
            case At.Leased:
                Recover(world, node);
                break;
            case At.Recovered:
                Ask(world, node, At.Asked, At.Settled);
                break;
            case At.Asked:
                Settle(world, node, At.Settled);
                break;
            case At.Settled:
                if (world.Now.Restoring) AskForRestore(world, node);
                else Reserve(world, node);
                Finish(world, node);
                break;
            case At.RestoreAsked:
                Adopt(world, node);
                break;
            case At.RestoreAdopted:
                EndRestore(world, node);
                break;
            case At.Delivering:
                Deliver(world, node);
                break;
            case At.AskedAgain:
                Settle(world, node, At.Ending);
                break;
            default:
                Finish(world, node);
                break;
        }
    }

    private void Recover(in World world, int node)
    {
        if (!IsOurs(world, node)) return;
        var next = world;
        var kind = Kind.Recover;
        for (var key = 0; key < 4; key++)
        {
            var mark = world.Now.Marks[key];
            if (mark.State is not (MarkIs.Reserved or MarkIs.Started) || mark.Epoch >= world.Nodes[node].Epoch) continue;
            var doubt = mark.State == MarkIs.Started && !scope.Has(Mutant.RecoveryReleasesStarted);
            if (doubt) kind = Kind.RecoverIntoDoubt;
            else if (kind == Kind.Recover) kind = Kind.RecoverUnsent;
            Set(ref next, key, doubt ? MarkIs.InDoubt : MarkIs.Released);
        }
        next.Nodes[node].At = At.Recovered;
        Commit(kind, node, 0, next);
    }

    /// <summary>Asks about every claim in doubt: state, attempt and times are read in one statement before the question.</summary>
    private void Ask(in World world, int node, At asked, At settled)
    {
        var on = world;
        on.Nodes[node].At = settled;
        if (scope.System == AccountingSystem.Published)
        {
            FindFiles(world, node, on);
            return;
        }
        var (first, second) = (InDoubt(world, 0), InDoubt(world, 1));
        var any = scope.CanRead && first + second > -2;
        Add(any ? Kind.ReadBackFails : Kind.Settle, node, 0, on);
        if (!any) return;
        Combine(world, node, asked, Kind.ReadBack, first, second, mayRelease: true);
    }

    private static int InDoubt(in World world, int claim)
    {
        for (var key = claim * 2; key < (claim * 2) + 2; key++)
        {
            if (world.Now.Marks[key].State == MarkIs.InDoubt) return key;
        }
        return -1;
    }

    // Every combination of answers about at most one key of each claim; -1 is none.
    private void Combine(in World world, int node, At asked, Kind kind, int first, int second, bool mayRelease)
    {
        foreach (var one in first < 0 ? NoAnswer : Answers(world, first, mayRelease))
        {
            foreach (var other in second < 0 ? NoAnswer : Answers(world, second, mayRelease))
            {
                var next = world;
                next.Nodes[node].At = asked;
                if (first >= 0) next.Nodes[node].Jobs[0] = new Job { Does = one, Generation = (byte)(first & 1) };
                if (second >= 0) next.Nodes[node].Jobs[1] = new Job { Does = other, Generation = (byte)(second & 1) };
                Add(kind, node, Math.Max(first, second), next);
            }
        }
    }

    private Does[] Answers(in World world, int key, bool mayRelease)
    {
        var (fact, quiet) = (world.Keys[key], world.Now.Marks[key].Quiet);
        var enough = scope.System == AccountingSystem.Unique ? quiet == Quiet.Over : scope.ReleasesItself && quiet == Quiet.OverSinceAbsence;
        if (scope.Has(Mutant.NoQuietTime)) enough = true;
        var absent = mayRelease && enough ? Does.Gone : Does.Absent;
        if (scope.Lacks(Without.TrueReadBack)) return [Does.There, absent];
        return fact.Booked == 0 ? [absent] : fact.Unseen ? [Does.There, absent] : [Does.There];
    }

    private void FindFiles(in World world, int node, World next)
    {
        if (!IsOurs(world, node)) return;
        var found = false;
        for (var key = 0; key < 4; key++)
        {
            if (world.Now.Marks[key].State != MarkIs.InDoubt || world.Keys[key].Late == 0) continue;
            found = true;
            Set(ref next, key, MarkIs.Exported);
        }
        Commit(found ? Kind.FindFile : Kind.Settle, node, 0, next);
    }

    private void Settle(in World world, int node, At settled)
    {
        if (!IsOurs(world, node, Mutant.SettleUnfenced)) return;
        var next = world;
        var kind = Kind.Settle;
        for (var claim = 0; claim < scope.Claims; claim++)
        {
            var job = world.Nodes[node].Jobs[claim];
            if (job.Does == Does.Nothing) continue;
            var key = (claim * 2) + job.Generation;
            ref var mark = ref next.Now.Marks[key];
            var same = mark.State == MarkIs.InDoubt && (!job.Doubt || scope.Has(Mutant.StaleAbsence));
            if (!same)
            {
                kind = Kind.SettleStale;
            }
            else if (job.Does == Does.There)
            {
                Set(ref next, key, MarkIs.Exported);
                kind = Kind.SettlePresent;
            }
            else if (job.Does == Does.Gone)
            {
                Set(ref next, key, MarkIs.Released);
                kind = Kind.SettleRelease;
            }
            else if (scope.ReleasesItself && mark.Quiet is (Quiet.No or Quiet.Over))
            {
                mark.Quiet = Quiet.AbsentOnce;
            }
        }
        (next.Nodes[node].At, next.Nodes[node].Jobs) = (settled, default);
        Commit(kind, node, 0, next);
    }

    private void AskForRestore(in World world, int node)
    {
        if (!scope.CanRead || !world.Now.RestoreQuiet) return;
        Combine(world, node, At.RestoreAsked, Kind.RestoreReadBack, Candidate(world, 0), scope.Claims == 2 ? Candidate(world, 1) : -1, mayRelease: false);
    }

    /// <summary>The key that would leave next: the newest generation that is not exported, or the one after.</summary>
    private int Candidate(in World world, int claim)
    {
        var newest = Newest(world, claim);
        if (!IsExported(world.Now.Marks[(claim * 2) + newest].State)) return (claim * 2) + newest;
        return newest + 1 < scope.Generations ? (claim * 2) + 1 : -1;
    }

    private void Adopt(in World world, int node)
    {
        if (!IsOurs(world, node)) return;
        var next = world;
        for (var claim = 0; claim < scope.Claims; claim++)
        {
            var job = world.Nodes[node].Jobs[claim];
            if (job.Does == Does.There && (job.Generation == 0 || Follows(world, claim))) Set(ref next, (claim * 2) + job.Generation, MarkIs.Exported);
        }
        (next.Nodes[node].At, next.Nodes[node].Jobs) = (At.RestoreAdopted, default);
        Commit(Kind.AdoptFound, node, 0, next);
    }

    // A re-export is marked only where its mark is, or behind what is exported: else another database was put back since the question.
    private bool Follows(in World world, int claim) =>
        scope.Has(Mutant.ReExportFoundAnywhere) || world.Now.Marks[(claim * 2) + 1].State != MarkIs.None || IsExported(world.Now.Marks[claim * 2].State);

    private void EndRestore(in World world, int node)
    {
        if (!scope.Has(Mutant.RestoreEndedByAnyRun) && !IsOurs(world, node)) return;
        var next = world;
        if (AnyNotFound(world))
        {
            next.Nodes[node].At = At.Ending;
            Add(Kind.RestoreStaysOn, node, 0, next);
            return;
        }
        (next.Now.Restoring, next.Now.RestoreQuiet, next.Nodes[node].At) = (false, false, At.Settled);
        Commit(Kind.EndRestore, node, 0, next);
    }

    // The accounting system lists every key that it holds: one that could still leave here was forgotten whole, or came in meanwhile.
    private bool AnyNotFound(in World world)
    {
        if (scope.Has(Mutant.KeysNotListed)) return false;
        for (var claim = 0; claim < scope.Claims; claim++)
        {
            var key = (claim * 2) + 1;
            if (world.Keys[key].Booked == 0) continue;
            if (world.Now.Marks[key].State is MarkIs.None || (world.Now.Marks[key].State is MarkIs.Released or MarkIs.Rejected && !scope.Has(Mutant.AskedNotListed))) return true;
        }
        return false;
    }

    private void Finish(in World world, int node)
    {
        if (!IsOurs(world, node)) return;
        var next = Dead(world, node);
        next.Now.Holder = 0;
        Add(Kind.FinishRun, node, 0, next);
    }
}
