using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Tests.Conformance;

/// <summary>
/// What the store must do, said once more in memory and as plainly as possible: a handful of claims of one organisation, their
/// marks and their runs, without SQL, epochs, work list or commits. What differs between the two is a fault of one of them.
/// </summary>
internal sealed class GuardModel
{
    public static readonly string[] ClaimIds = ["A", "B", "C", "D"];

    public SortedDictionary<string, ModelClaim> Claims { get; } = new(ClaimIds.ToDictionary(id => id, _ => new ModelClaim()), StringComparer.Ordinal);

    public List<ModelRun> Runs { get; } = [];

    /// <summary>The run whose process holds the lease, or died with it.</summary>
    public ModelRun? Open { get; set; }

    /// <summary>Claims in the order in which a run takes them.</summary>
    public List<string> WorkList => [.. Claims.Where(claim => claim.Value.Waits).OrderBy(claim => ApprovedAt(claim.Key, claim.Value.Content)).ThenBy(claim => claim.Key, StringComparer.Ordinal).Select(claim => claim.Key)];

    /// <summary>Runs that have ended with claims in doubt and whose file may be in its folder.</summary>
    public List<ModelRun> Doubtful => [.. Runs.Where(run => run.State != RunState.Running && run.File == RunFileState.Publishing && MarksOf(run).Any(mark => mark.State == MarkState.InDoubt))];

    /// <summary>A correction may move a claim before or behind others.</summary>
    public static DateTimeOffset ApprovedAt(string claimId, int content) => Support.A.Day(5 + ((claimId[0] + (3 * content)) % 4));

    public ModelRun Begin(RunTrigger trigger)
    {
        var run = new ModelRun { RunId = Runs.Count + 1, Trigger = trigger };
        Runs.Add(run);
        return run;
    }

    public IEnumerable<ModelMark> MarksOf(ModelRun run) => Claims.Values.SelectMany(claim => claim.Marks).Where(mark => mark.Run == run);

    public void Take(ModelRun run, string claimId, bool refused)
    {
        var claim = Claims[claimId];
        if (claim.Marks.Count == 0) claim.Marks.Add(new ModelMark());
        var mark = claim.Marks[^1];
        (mark.State, mark.Run, mark.Evidence) = (refused ? MarkState.Rejected : MarkState.Reserved, run, null);
        mark.Attempt++;
        run.Reserved++;
        if (refused) run.Rejected++;
    }

    /// <summary>Moves the run's reserved marks on; how many they were.</summary>
    public int Settle(ModelRun run, MarkState state)
    {
        var marks = MarksOf(run).Where(mark => mark.State == MarkState.Reserved).ToList();
        foreach (var mark in marks) (mark.State, mark.Evidence) = (state, state == MarkState.Exported ? Evidence.InFile : null);
        run.Count(state, marks.Count);
        return marks.Count;
    }

    /// <summary>What the next epoch finds of the runs that died, oldest first.</summary>
    public List<(ModelRun Run, int Released, int InDoubt)> Recover(ModelRun by)
    {
        var found = new List<(ModelRun, int, int)>();
        foreach (var dead in Runs.Where(run => run.State == RunState.Running && run != by))
        {
            var inDoubt = dead.Started ? Settle(dead, MarkState.InDoubt) : 0;
            var released = Settle(dead, MarkState.Released);
            dead.State = dead.File == RunFileState.Available ? RunState.Finished : RunState.Failed;
            found.Add((dead, released, inDoubt));
        }
        return found;
    }

    public void Prove(ModelRun run)
    {
        foreach (var mark in MarksOf(run).Where(mark => mark.State == MarkState.InDoubt).ToList())
        {
            (mark.State, mark.Evidence) = (MarkState.Exported, Evidence.InFile);
            run.Count(MarkState.InDoubt, -1);
            run.Count(MarkState.Exported, 1);
        }
        (run.File, run.State) = (RunFileState.Available, RunState.Finished);
    }

    /// <summary>Null where it is refused.</summary>
    public int? RollBack(ModelRun run)
    {
        if (run.State == RunState.Running || run.Trigger == RunTrigger.Adopt || run.Imported || run.File is null or RunFileState.Withdrawn) return null;
        var marks = MarksOf(run).Where(mark => mark is { State: MarkState.InDoubt } or { State: MarkState.Exported, Evidence: Evidence.InFile }).ToList();
        foreach (var mark in marks)
        {
            run.Count(mark.State, -1);
            (mark.State, mark.Evidence) = (MarkState.Released, null);
        }
        run.Count(MarkState.Released, marks.Count);
        (run.File, run.State) = (RunFileState.Withdrawn, RunState.RolledBack);
        return marks.Count;
    }

    /// <summary>Null where it is refused.</summary>
    public int? Import(ModelRun run)
    {
        if (run.File is null or RunFileState.Withdrawn || (run.State == RunState.Running && run.File == RunFileState.Publishing)) return null;
        if (run.Imported) return 0;
        var marks = MarksOf(run).Where(mark => mark is { State: MarkState.InDoubt } or { State: MarkState.Exported, Evidence: Evidence.InFile }).ToList();
        foreach (var mark in marks)
        {
            run.Count(mark.State, -1);
            (mark.State, mark.Evidence) = (MarkState.Exported, Evidence.Booked);
        }
        run.Count(MarkState.Exported, marks.Count);
        (run.File, run.Imported) = (RunFileState.Available, true);
        return marks.Count;
    }
}

internal sealed class ModelClaim
{
    /// <summary>Null as long as it was not taken in.</summary>
    public int? TakenInContent { get; set; }

    public int Content => TakenInContent ?? 0;

    /// <summary>By generation.</summary>
    public List<ModelMark> Marks { get; } = [];

    public int ForcedReExports { get; set; }

    public bool IsHeld => Marks.Count > 0 && !Marks[^1].State.MayBeReserved();

    public bool Withdrawn { get; set; }

    public bool Waits => TakenInContent is not null && !IsHeld && !Withdrawn;
}

internal sealed class ModelMark
{
    public MarkState State { get; set; } = MarkState.Released;

    public Evidence? Evidence { get; set; }

    public int Attempt { get; set; }

    /// <summary>The run that took it last; null before the first.</summary>
    public ModelRun? Run { get; set; }
}

internal sealed class ModelRun
{
    public required long RunId { get; init; }

    public required RunTrigger Trigger { get; init; }

    public RunState State { get; set; } = RunState.Running;

    public bool Started { get; set; }

    public RunFileState? File { get; set; }

    public bool Imported { get; set; }

    public int Candidates { get; set; }

    public int SkippedDuplicates { get; set; }

    public int Reserved { get; set; }

    public int Exported { get; private set; }

    public int Rejected { get; set; }

    public int InDoubt { get; private set; }

    public int Released { get; private set; }

    public RunCounters Counters => new(Math.Max(Candidates, Reserved), SkippedDuplicates, Reserved, Exported, Rejected, InDoubt, Released);

    public void Count(MarkState state, int by)
    {
        if (state == MarkState.Exported) Exported += by;
        else if (state == MarkState.InDoubt) InDoubt += by;
        else if (state == MarkState.Released) Released += by;
        else throw new ArgumentOutOfRangeException(nameof(state), state, null);
    }
}
