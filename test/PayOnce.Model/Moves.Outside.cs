namespace PayOnce.Model;

/// <summary>What happens outside: the network, the accounting system, whoever imports files, time, and backups.</summary>
public sealed partial class Moves
{
    private void Outside(in World world)
    {
        for (var key = 0; key < scope.Claims * 2; key++)
        {
            if ((key & 1) >= scope.Generations) continue;
            if (world.Keys[key].Late > 0)
            {
                if (scope.IsFile) Import(world, key);
                else Arrive(world, key);
            }
            Pass(world, key);
        }
        if (scope.Restores > 0) Restores(world);
    }

    private void Arrive(in World world, int key)
    {
        var lost = world;
        lost.Keys[key].Late--;
        Add(Kind.LateLost, 0, key, lost);
        var next = lost;
        var merges = Merges(world, key);
        if (!merges) Book(ref next.Keys[key]);
        Add(merges ? Kind.LateMerged : Kind.LateArrives, 0, key, next);
    }

    private void Import(in World world, int key)
    {
        var next = world;
        Book(ref next.Keys[key]);
        if (scope.Lacks(Without.ImportOnce)) Add(Kind.ImportAgain, 0, key, next);
        next.Keys[key].Late--;
        Add(Kind.Import, 0, key, next);
    }

    /// <summary>Time: the accounting system shows what it has, the quiet time passes, a window closes.</summary>
    private void Pass(in World world, int key)
    {
        var (fact, mark) = (world.Keys[key], world.Now.Marks[key]);
        var next = world;
        if (fact.Unseen)
        {
            next.Keys[key].Unseen = false;
            Add(Kind.BecomesVisible, 0, key, next);
            next = world;
        }
        var still = !IsUnderWay(world, key) && (scope.IsFile || fact.Late == 0);
        if (mark.State == MarkIs.InDoubt && mark.Quiet is Quiet.No or Quiet.AbsentOnce && ((still && !fact.Unseen) || scope.Lacks(Without.QuietTimeLongEnough)))
        {
            next.Now.Marks[key].Quiet = mark.Quiet == Quiet.No ? Quiet.Over : Quiet.OverSinceAbsence;
            Add(Kind.QuietTimePasses, 0, key, next);
            next = world;
        }
        // The window is counted so that every repetition, and the last of them arriving late, lies inside it.
        if (!scope.IsWindowed || fact.Closed || fact.Booked == 0 || IsRepeating(world, key)) return;
        if (fact.Late > 0 && !scope.Has(Mutant.WindowWithoutQuietTime) && !scope.Lacks(Without.QuietTimeLongEnough)) return;
        next.Keys[key].Closed = true;
        Add(Kind.WindowCloses, 0, key, next);
    }

    private static bool IsRepeating(in World world, int key)
    {
        for (var node = 0; node < 2; node++)
        {
            ref readonly var job = ref world.Nodes[node].Jobs[key >> 1];
            if (job.Generation == (key & 1) && job.Does is Does.Started or Does.Checked or Does.Out) return true;
        }
        return false;
    }

    private void Restores(in World world)
    {
        var next = world;
        if (!world.HasBackup && world.Restores == 0)
        {
            (next.Backup, next.HasBackup) = (world.Now, true);
            Add(Kind.Backup, 0, 0, next);
            next = world;
        }
        var prompt = scope.Lacks(Without.PromptWrite) || !AnyChecked(world);
        if (world.HasBackup && world.Restores < scope.Restores && prompt && MayBePutBack(world)) Restore(world);
        if (!world.Now.Restoring || world.Now.RestoreQuiet || !prompt) return;
        for (var key = 0; key < 4; key++)
        {
            if (!scope.Lacks(Without.QuietTimeLongEnough) && (IsUnderWay(world, key) || world.Keys[key].Unseen || (!scope.IsFile && world.Keys[key].Late > 0))) return;
        }
        next.Now.RestoreQuiet = true;
        Add(Kind.RestoreQuietTimePasses, 0, 0, next);
    }

    // Of the middle of the latest run no witness knows more than the backup does.
    private bool MayBePutBack(in World world) =>
        scope.Restore == RestoreNotice.Announced || scope.Lacks(Without.BackupBeforeLatestRun) || world.Backup.Holder == 0 || world.Backup.Epoch < world.Witness;

    private static bool AnyChecked(in World world)
    {
        for (var node = 0; node < 2; node++)
        {
            if (world.Nodes[node].Jobs[0].Does == Does.Checked || world.Nodes[node].Jobs[1].Does == Does.Checked) return true;
        }
        return false;
    }

    private void Restore(in World world)
    {
        var next = world;
        next.Now = world.Backup;
        next.Restores++;
        if (next.Restores == scope.Restores) (next.HasBackup, next.Backup) = (false, default);
        for (var key = 0; key < 4; key++) MakeStale(ref next, key);
        if (scope.Lacks(Without.NoticedRestore))
        {
            next.Witness = 0;
        }
        else if (scope.Restore == RestoreNotice.Announced)
        {
            (next.Now.Restoring, next.Now.RestoreQuiet) = (true, false);
            if (!scope.Has(Mutant.RestoreKeepsEpoch)) next.Now.Epoch = (byte)(Highest(world) + 1);
        }
        Add(Kind.Restore, 0, 0, next);
    }
}
