namespace PayOnce.Model;

/// <summary>
/// What a person may do, each on record with a reason. A careful one looks at the accounting system first, and waits as long as
/// the product says before they believe that something is not there.
/// </summary>
public sealed partial class Moves
{
    private bool Careless => scope.Lacks(Without.CarefulPerson);

    private void Persons(in World world)
    {
        for (var claim = 0; claim < scope.Claims; claim++)
        {
            var generation = Newest(world, claim);
            Decide(world, (claim * 2) + generation);
            ForceReExport(world, claim, generation);
            if (!scope.IsFile) continue;
            for (var key = claim * 2; key < (claim * 2) + scope.Generations; key++) AboutItsFile(world, key);
        }
        if (world.Now.Restoring && !scope.CanRead) EndRestore(world);
    }

    private void Decide(in World world, int key)
    {
        var (mark, fact) = (world.Now.Marks[key], world.Keys[key]);
        if (mark.State != MarkIs.InDoubt) return;
        var there = fact.Booked > 0 || (scope.IsFile && fact.Late > 0);
        var next = world;
        if (there || Careless)
        {
            Set(ref next, key, MarkIs.Exported);
            next.Keys[key].Decided |= !there;
            Add(Kind.DecideExported, 0, key, next);
            next = world;
        }
        if (!Careless && (there || mark.Quiet is not (Quiet.Over or Quiet.OverSinceAbsence))) return;
        Set(ref next, key, MarkIs.Released);
        next.Keys[key].Decided = true;
        Add(Kind.DecideReleased, 0, key, next);
    }

    private void ForceReExport(in World world, int claim, int generation)
    {
        if (generation + 1 >= scope.Generations || !IsExported(world.Now.Marks[(claim * 2) + generation].State)) return;
        // Who remembers that it was forced before does not force it again; where it can be asked, the accounting system remembers.
        var fact = world.Keys[(claim * 2) + 1];
        if (!scope.CanRead && fact.Booked + fact.Late > 0) return;
        var next = world;
        Set(ref next, (claim * 2) + 1, MarkIs.Released);
        Add(Kind.ForceReExport, 0, (claim * 2) + 1, next);
    }

    private void AboutItsFile(in World world, int key)
    {
        var (mark, fact) = (world.Now.Marks[key], world.Keys[key]);
        if (mark.State == MarkIs.Exported && (Careless || fact.Booked == 0))
        {
            var next = world;
            Set(ref next, key, MarkIs.Released, byRollBack: true);
            next.Keys[key].Decided = true;
            // Who rolls a file back takes it away; careless, it stays where others find it.
            if (!Careless) next.Keys[key].Late = 0;
            Add(Kind.RollBack, 0, key, next);
        }
        if (mark.State is MarkIs.Exported or MarkIs.InDoubt && fact.Booked > 0)
        {
            var next = world;
            Set(ref next, key, MarkIs.Imported);
            Add(Kind.RecordImport, 0, key, next);
        }
    }

    /// <summary>Where nothing can be asked, a person registers what left since the backup, and then ends restore mode.</summary>
    private void EndRestore(in World world)
    {
        if (!Careless && !world.Now.RestoreQuiet) return;
        var next = world;
        for (var key = 0; key < scope.Claims * 2; key++)
        {
            if (Careless)
            {
                next.Keys[key].Decided = true;
                continue;
            }
            var fact = world.Keys[key];
            if (fact.Booked + fact.Late > 0 && !IsExported(world.Now.Marks[key].State)) Set(ref next, key, MarkIs.Exported);
        }
        (next.Now.Restoring, next.Now.RestoreQuiet) = (false, false);
        Add(Kind.PersonEndsRestore, 0, 0, next);
    }
}
