using PayOnce.Reconciliation;

namespace PayOnce.App.Output;

/// <summary>What is said about a reconciliation: what was settled, what is still open, and when to ask again.</summary>
internal static class ReconcileSentences
{
    /// <summary>Full sentences, also of what did not happen.</summary>
    public static IEnumerable<string> Of(ReconcileReport report, string organisation, long inDoubt, Moments moments)
    {
        foreach (var run in report.ProvedFiles) yield return RunSentences.Proved(run);
        foreach (var sentence in Settled(report)) yield return sentence;
        if (report.Raised > 0) yield return $"{Wording.Claims(report.Raised)} stood there as received and {(report.Raised == 1 ? "is" : "are")} booked by now.";
        if (report.Compared is { } compared)
        {
            yield return report.Differences.Count == 0
                ? $"{Wording.Claims(compared)} compared with the accounting system: no difference."
                : $"{Wording.Claims(compared)} compared with the accounting system: {Wording.Count(report.Differences.Count, "difference")}, listed below. Nothing was changed.";
        }
        if (report.Failure is { } failure) yield return $"It could not be finished: {failure}";
        if (inDoubt == 0) yield return "Nothing is in doubt.";
        else
        {
            yield return RunSentences.InDoubt(organisation, inDoubt);
            if (report.InDoubt.Min(claim => claim.AskAgainAt) is { } next) yield return $"Asking again {moments.At(next)} can settle more.";
        }
    }

    /// <summary>What read-backs settled; nothing if they settled nothing.</summary>
    public static IEnumerable<string> Settled(ReconcileReport report)
    {
        if (report.Found > 0) yield return $"{Wording.Claims(report.Found)} that {(report.Found == 1 ? "was" : "were")} in doubt {(report.Found == 1 ? "stands" : "stand")} in the accounting system: exported.";
        if (report.Released > 0) yield return $"{Wording.Claims(report.Released)} that {(report.Released == 1 ? "was" : "were")} in doubt {(report.Released == 1 ? "is" : "are")} provably not there and {(report.Released == 1 ? "waits" : "wait")} again.";
    }

    /// <summary>The lists under the sentences.</summary>
    public static void Show(Screen screen, ReconcileReport report, Moments moments)
    {
        if (report.InDoubt.Count > 0)
        {
            var table = new Table("Claim", "Key to look for", "Run#", "Since", "What is known");
            foreach (var claim in report.InDoubt) table.Add(claim.ClaimId, claim.ExportKey, Wording.Number(claim.RunId), moments.Short(claim.Since), claim.Why);
            screen.Table(table);
        }
        if (report.Differences.Count > 0)
        {
            var table = new Table("Key", "Claim", "Difference");
            foreach (var difference in report.Differences.Select(DifferenceDocument.Of)) table.Add(difference.ExportKey, difference.ClaimId ?? "", difference.Message);
            screen.Table(table);
        }
    }
}
