namespace PayOnce.Model;

/// <summary>
/// Against rules that hold because nothing happens: which kinds of transition a scope can have at all. A search that never took
/// one of them has proved less than it says.
/// </summary>
public static class Reach
{
    /// <summary>What a search should have taken and did not.</summary>
    public static IEnumerable<Kind> Missing(SearchResult result) => result.Kinds.Where(kind => kind.Value == 0 && IsPossible(kind.Key, result.Scope)).Select(kind => kind.Key);

    private static bool IsPossible(Kind kind, Scope scope)
    {
        var (file, read, restore) = (scope.IsFile, scope.CanRead, scope.Restores > 0);
        var refusesTwice = scope.System == AccountingSystem.Unique || scope.IsWindowed;
        var sends = scope.System != AccountingSystem.Fetched;
        return kind switch
        {
            Kind.CommitAnswerLost or Kind.ReadAgain => scope.LostCommitAnswers,
            Kind.ForceReExport => scope.Generations == 2,
            Kind.NoticeRestore or Kind.FencedOffByWitness => scope.Restore == RestoreNotice.Witness,
            Kind.Backup or Kind.Restore or Kind.RestoreQuietTimePasses => restore,
            Kind.RestoreReadBack or Kind.AdoptFound or Kind.EndRestore => restore && read,
            Kind.RestoreStaysOn => restore && read && scope.Generations == 2,
            Kind.PersonEndsRestore => restore && !read,
            Kind.ReadBack or Kind.ReadBackFails or Kind.SettlePresent or Kind.SettleStale or Kind.BecomesVisible => read,
            Kind.SettleRelease => scope.ReleasesItself || scope.System == AccountingSystem.Unique,
            Kind.WindowCloses => scope.IsWindowed,
            Kind.AnswerExists or Kind.RequestDuplicated or Kind.LateMerged or Kind.TryAgainUnknown => refusesTwice,
            Kind.FindFile or Kind.Link or Kind.LinkUnknown => file && sends,
            Kind.Write or Kind.AnswerAccepted or Kind.AnswerRefused or Kind.AnswerNotProcessed or Kind.AnswerLost or Kind.TimeOut or Kind.TryAgain
                or Kind.RecordRejected or Kind.LateArrives or Kind.LateLost => !file,
            Kind.Import or Kind.RollBack or Kind.RecordImport => file,
            Kind.ImportAgain => file && scope.Lacks(Without.ImportOnce),
            Kind.ConfirmFile or Kind.ReleaseFile => !sends,
            Kind.RecoverIntoDoubt or Kind.NotSent or Kind.Start or Kind.LookAtDeadline or Kind.WriteRefused or Kind.RecordExported or Kind.RecordReleased or Kind.RecordInDoubt
                or Kind.QuietTimePasses or Kind.DecideExported or Kind.DecideReleased => sends,
            _ => true,
        };
    }
}
