namespace PayOnce.Model;

/// <summary>
/// What can happen next. A node's moves are the engine's steps (src/PayOnce/ExportEngine.cs, Runs/, Reconciliation/), each as one
/// commit, one question or one write; between any two of them the node may stand still for as long as it likes, or die.
/// </summary>
public sealed partial class Moves(Scope scope)
{
    private readonly List<Move> moves = new(64);
    private Rule? broken;

    /// <summary>Everything that can happen in this state. The list is used again by the next call.</summary>
    public List<Move> Of(in World world)
    {
        moves.Clear();
        for (var node = 0; node < 2; node++)
        {
            if (world.Nodes[node].Unsure)
            {
                var next = world;
                next.Nodes[node].Unsure = false;
                Add(Kind.ReadAgain, node, 0, next);
            }
            else if (world.Nodes[node].At == At.Idle)
            {
                TakeLease(world, node);
            }
            else
            {
                Run(world, node);
            }
            if (world.Nodes[node].At != At.Idle) Add(Kind.Crash, node, 0, Dead(world, node));
        }
        Outside(world);
        Persons(world);
        return moves;
    }

    private void Add(Kind kind, int node, int key, in World next)
    {
        var rule = scope.PaymentsOnly ? StateRules.Payment(next, scope) : broken ?? StateRules.Payment(next, scope) ?? StateRules.Truth(next, scope);
        moves.Add(new Move(kind, (byte)node, (byte)key, next, rule));
        broken = null;
    }

    /// <summary>A commit of the node: durable; and the same with its answer lost.</summary>
    private void Commit(Kind kind, int node, int key, in World next)
    {
        var kept = broken;
        Add(kind, node, key, next);
        if (!scope.LostCommitAnswers || next.Nodes[node].At == At.Idle) return;
        var unsure = next;
        unsure.Nodes[node].Unsure = true;
        broken = kept;
        Add(Kind.CommitAnswerLost, node, key, unsure);
    }

    /// <summary>The fence: whether the lease still has the node's epoch. If not, the node's run stops here.</summary>
    private bool IsOurs(in World world, int node, Mutant unless = Mutant.None)
    {
        if (world.Now.Epoch == world.Nodes[node].Epoch) return true;
        if (scope.Has(unless))
        {
            broken = Rule.Fenced;
            return true;
        }
        Add(Kind.FencedOff, node, 0, Dead(world, node));
        return false;
    }

    /// <summary>The fence of a database that was put back: whether the witness knows of a later epoch than the node's. If so, the node's run stops here.</summary>
    private bool IsNewest(in World world, int node)
    {
        if (world.Nodes[node].Epoch >= world.Witness || scope.Has(Mutant.LateLeaseUnwitnessed)) return true;
        Add(Kind.FencedOffByWitness, node, 0, Dead(world, node));
        return false;
    }

    /// <summary>The node is gone, with what it knew. What it had sent goes on by itself.</summary>
    private static World Dead(in World world, int node)
    {
        var next = world;
        for (var claim = 0; claim < 2; claim++)
        {
            ref var job = ref next.Nodes[node].Jobs[claim];
            if (job.Does == Does.Out) MoreLate(ref next.Keys[(claim * 2) + job.Generation]);
        }
        next.Nodes[node] = default;
        return next;
    }

    // One more than two at once is lost: a third could do nothing that the second does not.
    private static void MoreLate(ref Key key)
    {
        if (key.Late < 2) key.Late++;
    }

    /// <summary>Changes a mark. Answers to questions about what it was are stale from here on.</summary>
    private void Set(ref World world, int key, MarkIs state, byte epoch = 0, bool byRollBack = false)
    {
        ref var mark = ref world.Now.Marks[key];
        if (mark.State is MarkIs.Exported or MarkIs.Imported && state is not (MarkIs.Exported or MarkIs.Imported) && !byRollBack) broken = Rule.ExportedIsFinal;
        if (mark.State == MarkIs.InDoubt) MakeStale(ref world, key);
        mark = new Mark { State = state, Epoch = epoch };
    }

    private static void MakeStale(ref World world, int key)
    {
        for (var node = 0; node < 2; node++)
        {
            ref var job = ref world.Nodes[node].Jobs[key >> 1];
            if (job.Does is Does.There or Does.Absent or Does.Gone && job.Generation == (key & 1)) job.Doubt = true;
        }
    }

    /// <summary>The newest generation of a claim that has a mark; 0 where none has.</summary>
    private static int Newest(in World world, int claim) => world.Now.Marks[(claim * 2) + 1].State != MarkIs.None ? 1 : 0;

    private static bool IsExported(MarkIs state) => state is MarkIs.Exported or MarkIs.Imported;

    /// <summary>Whether a node has a request of this key on the wire, or will have as soon as it goes on.</summary>
    private bool IsUnderWay(in World world, int key)
    {
        for (var node = 0; node < 2; node++)
        {
            ref readonly var job = ref world.Nodes[node].Jobs[key >> 1];
            if (job.Generation != (key & 1)) continue;
            if (job.Does == Does.Out || (job.Does == Does.Checked && !scope.Lacks(Without.PromptWrite))) return true;
        }
        return false;
    }
}
