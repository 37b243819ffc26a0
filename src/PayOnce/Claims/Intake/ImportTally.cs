using System.Globalization;

namespace PayOnce.Claims.Intake;

/// <summary>The report while it is being made: counts everything, keeps some.</summary>
internal sealed class ImportTally(string file, Action<ClaimTaken>? each)
{
    private readonly List<Problem> problems = [];
    private readonly List<Problem> warnings = [];
    private long problemCount;
    private long warningCount;
    private long added;
    private long updated;
    private long unchanged;
    private long refused;
    private bool unreadable;

    /// <summary>Claims read, whatever became of them.</summary>
    public long Claims { get; set; }

    /// <summary>A claim that was taken in, or was there already.</summary>
    /// <param name="outcome">One of the words of <see cref="ClaimTaken"/>.</param>
    public void Take(string outcome, long line, string claimId)
    {
        switch (outcome)
        {
            case ClaimTaken.Added: added++; break;
            case ClaimTaken.Updated: updated++; break;
            case ClaimTaken.Unchanged: unchanged++; break;
            default: throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null);
        }
        each?.Invoke(new ClaimTaken(line, claimId, outcome, []));
    }

    public void Refuse(long line, string? claimId, IReadOnlyList<Problem> why)
    {
        refused++;
        Keep(problems, why, ref problemCount);
        each?.Invoke(new ClaimTaken(line, claimId, ClaimTaken.Refused, why));
    }

    public void Refuse(long line, string claimId, string rule) => Refuse(line, claimId, [new Problem(rule) { File = file, Line = line, ClaimId = RecordProblems.Shown(claimId) }]);

    public void Warn(IReadOnlyList<Problem> what) => Keep(warnings, what, ref warningCount);

    /// <summary>Reading ends here; says how far it came.</summary>
    public void Unreadable(IReadOnlyList<Problem> why)
    {
        unreadable = true;
        var reached = Claims switch
        {
            0 => "no claim was read",
            1 => "1 claim before it was read",
            _ => string.Create(CultureInfo.InvariantCulture, $"{Claims} claims before it were read"),
        };
        Keep(problems, [.. why.Select(problem => problem with { Rule = $"{problem.Rule}; {reached}" })], ref problemCount);
    }

    public ImportReport Report() => new(
        added,
        updated,
        unchanged,
        refused,
        // The store's answers come in a chunk later than what the reader found.
        [.. problems.OrderBy(problem => problem.Line)],
        warnings,
        problemCount > problems.Count || warningCount > warnings.Count,
        problemCount,
        warningCount,
        unreadable);

    private static void Keep(List<Problem> kept, IReadOnlyList<Problem> found, ref long count)
    {
        count += found.Count;
        for (var i = 0; i < found.Count && kept.Count < ImportReport.MostKept; i++) kept.Add(found[i]);
    }
}
