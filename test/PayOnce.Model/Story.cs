namespace PayOnce.Model;

/// <summary>A way through the states in words that a person can read.</summary>
public static class Story
{
    public static IEnumerable<string> Tell(Violation violation, Scope scope)
    {
        var number = 0;
        foreach (var move in violation.Steps) yield return $"{++number,3}. {Sentence(move, scope)}";
        yield return $"     {Verdict(violation.Rule)}";
    }

    private static string Sentence(in Move move, Scope scope)
    {
        var node = move.Node == 0 ? "A" : "B";
        var claim = scope.Claims == 1 ? "the claim" : $"claim {(move.Key >> 1) + 1}";
        if ((move.Key & 1) == 1) claim = $"the re-export of {claim}";
        return move.Kind switch
        {
            Kind.TakeLease => $"{node} takes the lease.",
            Kind.TakeLeaseFromTheDead => $"{node} takes the lease of a process that died.",
            Kind.TakeExpiredLease => $"{node} takes the lease, which ran out while its holder stood still.",
            Kind.NoticeRestore => $"{node} takes the lease, finds the database older than the epochs' witness, and switches restore mode on.",
            Kind.FencedOffByWitness => $"{node} finds its lease run out, and with the witness a later one, and stops.",
            Kind.FencedOff => $"{node} finds that it was fenced off, and stops.",
            Kind.Recover => $"{node} recovers: nothing was left.",
            Kind.RecoverIntoDoubt => $"{node} recovers: what was started comes into doubt.",
            Kind.RecoverUnsent => $"{node} recovers: what was not started is released.",
            Kind.ReadBack => $"{node} asks the accounting system about what is in doubt: {Answer(move)}.",
            Kind.ReadBackFails => $"{node} cannot ask the accounting system.",
            Kind.FindFile => $"{node} finds the file in its folder: exported.",
            Kind.Settle => $"{node} settles what was asked: nothing changes state.",
            Kind.SettlePresent => $"{node} settles: it is there, so exported.",
            Kind.SettleRelease => $"{node} settles: it is not there, so released.",
            Kind.SettleStale => $"{node} settles: the mark has moved on since the question, so nothing changes.",
            Kind.RestoreReadBack => $"{node}, in restore mode, asks about every claim that could leave: {Answer(move)}.",
            Kind.AdoptFound => $"{node} marks what was found there as exported.",
            Kind.EndRestore => $"{node} ends restore mode.",
            Kind.RestoreStaysOn => $"{node} finds a key there that could still leave here: restore mode stays on.",
            Kind.Reserve => $"{node} reserves.",
            Kind.NotSent => $"{node} ends the run before {claim} was sent, and releases it.",
            Kind.Start => $"{node} records that sending {claim} starts.",
            Kind.LookAtDeadline => $"{node} looks at its deadline: there is time.",
            Kind.Write => $"{node} sends {claim}.",
            Kind.WriteRefused => $"{node} cannot send {claim}: provably nothing leaves.",
            Kind.Link => $"{node} publishes the file with {claim}.",
            Kind.LinkUnknown => $"{node} publishes the file with {claim}, and is not told whether it worked.",
            Kind.AnswerAccepted => $"The accounting system answers {node}: {claim} is accepted.",
            Kind.AnswerRefused => $"The accounting system answers {node}: {claim} is refused.",
            Kind.AnswerNotProcessed => $"The accounting system answers {node}: not processed, come again.",
            Kind.AnswerExists => $"The accounting system answers {node}: the key exists already.",
            Kind.AnswerLost => $"The accounting system books {claim}; its answer to {node} is lost.",
            Kind.RequestDuplicated => $"The accounting system books {claim} and answers {node}; the network keeps a second copy of the request.",
            Kind.TimeOut => $"{node} stops waiting for an answer; its request is still on the way.",
            Kind.TryAgain => $"{node} tries again with the same bytes.",
            Kind.TryAgainUnknown => $"{node} sends the same bytes again, not knowing what became of the first.",
            Kind.RecordExported => $"{node} records: exported.",
            Kind.RecordRejected => $"{node} records: rejected.",
            Kind.RecordReleased => $"{node} records: released.",
            Kind.RecordInDoubt => $"{node} records: in doubt.",
            Kind.ConfirmFile => $"{node} makes the file available and marks its claims exported.",
            Kind.ReleaseFile => $"{node} gives the file up and releases its claims.",
            Kind.FinishRun => $"{node} finishes its run.",
            Kind.CommitAnswerLost => $"{node} commits, and the commit's own answer is lost.",
            Kind.ReadAgain => $"{node} reads again what became of its commit.",
            Kind.Crash => $"{node} dies.",
            Kind.LateArrives => $"A late request arrives: the accounting system books {claim}.",
            Kind.LateMerged => "A late request arrives: the accounting system knows the key.",
            Kind.LateLost => "A late request is lost on the way.",
            Kind.Import => $"A person imports a file with {claim}: it is booked.",
            Kind.ImportAgain => $"A person imports a file with {claim}, and keeps it to import it once more: it is booked.",
            Kind.BecomesVisible => $"The booking of {claim} becomes visible.",
            Kind.QuietTimePasses => $"The quiet time of {claim} passes.",
            Kind.WindowCloses => $"The accounting system's time for remembering the key of {claim} ends.",
            Kind.Backup => "A backup of the database is made.",
            Kind.Restore => "The backup is put back.",
            Kind.RestoreQuietTimePasses => "The quiet time since restore mode began passes.",
            Kind.DecideExported => $"A person decides: {claim} is exported.",
            Kind.DecideReleased => $"A person decides: {claim} is released.",
            Kind.RollBack => $"A person rolls the file with {claim} back.",
            Kind.RecordImport => $"A person records the import of the file with {claim}.",
            Kind.ForceReExport => "A person forces a re-export.",
            Kind.PersonEndsRestore => "A person registers what left since the backup, and ends restore mode.",
            _ => throw new ArgumentOutOfRangeException(nameof(move), move.Kind, null),
        };
    }

    private static string Answer(in Move move) => move.Key is < 0 or > 3 ? "there is none" : move.Next.Nodes[move.Node].Jobs[move.Key >> 1].Does == Does.There ? "it is there" : "it is not there";

    private static string Verdict(Rule rule) => rule switch
    {
        Rule.BookedOnce => "Booked twice, and no person released it.",
        Rule.BookedOnceWithCare => "Booked twice, although the person who released it had looked and waited.",
        Rule.ExportedIsFinal => "What was exported became something else.",
        Rule.EpochsRise => "The new epoch is not higher than one that somebody still has.",
        Rule.SentAfterStart => "Sent without a reservation of this run that was durably started.",
        Rule.SentAfterProof => "Sent although an earlier delivery had left something behind.",
        Rule.Fenced => "Written by an epoch that is not the newest.",
        Rule.ExportedIsThere => "Exported, and it stands nowhere.",
        Rule.RejectedIsNotThere => "Rejected, and it stands there or may still arrive.",
        Rule.Ends => "From here no end is reached without a person.",
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
    };
}
