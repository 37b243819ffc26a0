namespace PayOnce.Model;

/// <summary>
/// That every claim ends explained: from every state that can be reached, an end is reached by steps that are neither faults nor a
/// person's. One such way is followed for each state; only where it turns in a circle are all of them tried.
/// </summary>
public static class Ends
{
    /// <summary>A state from which no end is reached; null if there is none.</summary>
    public static int? Stuck(StateSet states, Scope scope)
    {
        var moves = new Moves(scope);
        var ends = new bool[states.Count];
        var way = new List<int>();
        var met = new HashSet<int>();
        for (var i = 0; i < states.Count; i++)
        {
            way.Clear();
            met.Clear();
            var good = true;
            for (var at = i; !ends[at]; at = Next(at))
            {
                if (at < 0 || !met.Add(at))
                {
                    good = false;
                    break;
                }
                way.Add(at);
                if (IsEnd(Packing.Unpack(states[at]), scope)) break;
            }
            if (!good && !AnyWay(i)) return i;
            if (good) foreach (var each in way) ends[each] = true;
            else ends[i] = true;
        }
        return null;

        int Next(int at)
        {
            var (best, rank) = (-1, int.MaxValue);
            foreach (var move in moves.Of(Packing.Unpack(states[at])))
            {
                if (Rank(move.Kind) >= rank) continue;
                var next = move.Next;
                (best, rank) = (states.IndexOf(Packing.Canonical(ref next, scope)), Rank(move.Kind));
            }
            return best;
        }

        bool AnyWay(int from)
        {
            var seen = new HashSet<int> { from };
            var queue = new Queue<int>([from]);
            while (queue.TryDequeue(out var at))
            {
                if (ends[at] || IsEnd(Packing.Unpack(states[at]), scope)) return true;
                foreach (var move in moves.Of(Packing.Unpack(states[at])).ToArray())
                {
                    if (Rank(move.Kind) == int.MaxValue) continue;
                    var next = move.Next;
                    var index = states.IndexOf(Packing.Canonical(ref next, scope));
                    if (seen.Add(index)) queue.Enqueue(index);
                }
            }
            return false;
        }
    }

    /// <summary>
    /// No run, nothing under way, and the newest mark of every claim is exported, rejected, or in doubt where only a person can
    /// tell; or restore mode waits for a person.
    /// </summary>
    public static bool IsEnd(in World world, Scope scope)
    {
        for (var node = 0; node < 2; node++)
        {
            if (world.Nodes[node].At != At.Idle) return false;
        }
        if (world.Now.Holder != 0) return false;
        if (world.Now.Restoring) return !scope.CanRead;
        for (var claim = 0; claim < scope.Claims; claim++)
        {
            var newest = world.Now.Marks[(claim * 2) + 1].State != MarkIs.None ? 1 : 0;
            var mark = world.Now.Marks[(claim * 2) + newest];
            if (!scope.IsFile && world.Keys[(claim * 2) + newest].Late > 0) return false;
            var explained = mark.State switch
            {
                MarkIs.Exported or MarkIs.Imported or MarkIs.Rejected => true,
                MarkIs.InDoubt => !scope.ReleasesItself && scope.System != AccountingSystem.Unique && mark.Quiet == Quiet.Over && !(scope.CanRead && world.Keys[(claim * 2) + newest].Booked > 0),
                _ => false,
            };
            if (!explained) return false;
        }
        return true;
    }

    /// <summary>Which fair step comes first on the way that is followed; the others are faults, or a person's.</summary>
    private static int Rank(Kind kind) => kind switch
    {
        Kind.ReadAgain => 0,
        Kind.AnswerAccepted => 1,
        Kind.AnswerExists => 2,
        Kind.LateMerged or Kind.LateArrives => 3,
        Kind.BecomesVisible => 4,
        Kind.QuietTimePasses => 5,
        Kind.RestoreQuietTimePasses => 6,
        Kind.RecordExported or Kind.RecordRejected or Kind.RecordReleased or Kind.RecordInDoubt => 7,
        Kind.Link or Kind.Write => 8,
        Kind.LookAtDeadline => 9,
        Kind.Start => 10,
        Kind.ConfirmFile => 11,
        Kind.Settle or Kind.SettlePresent or Kind.SettleRelease or Kind.SettleStale or Kind.FindFile => 12,
        Kind.ReadBack => 13,
        Kind.AdoptFound => 14,
        Kind.EndRestore or Kind.RestoreStaysOn => 15,
        Kind.RestoreReadBack => 16,
        Kind.Recover or Kind.RecoverIntoDoubt or Kind.RecoverUnsent => 17,
        Kind.Reserve => 18,
        Kind.FinishRun => 19,
        Kind.FencedOff or Kind.FencedOffByWitness => 20,
        Kind.TakeLease or Kind.TakeLeaseFromTheDead or Kind.TakeExpiredLease or Kind.NoticeRestore => 21,
        _ => int.MaxValue,
    };
}
