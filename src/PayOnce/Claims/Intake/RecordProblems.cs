namespace PayOnce.Claims.Intake;

/// <summary>What is wrong with the record (a claim, an entry of a list) that is being read. Its id becomes known on the way, so it is put in at the end.</summary>
internal sealed class RecordProblems(string file)
{
    // One broken claim of 500 lines must not crowd out the others in a report.
    private const int MostNamed = 10;

    private readonly List<Problem> problems = [];
    private readonly List<Problem> warnings = [];

    /// <summary>Whether anything is wrong so far.</summary>
    public bool Any => problems.Count > 0;

    /// <summary>Starts on the next record.</summary>
    public void Clear()
    {
        problems.Clear();
        warnings.Clear();
    }

    /// <summary>Notes what is wrong. The value is made fit to be shown here, and only here.</summary>
    public void Add(long line, string? field, string? value, string rule)
    {
        if (problems.Count < MostNamed) problems.Add(new Problem(rule) { File = file, Line = line, Field = field, Value = value is null ? null : Shown(value) });
    }

    /// <summary>Notes what somebody should look at, although the record is taken. Never with the value.</summary>
    public void Warn(long line, string? field, string rule)
    {
        if (warnings.Count < MostNamed) warnings.Add(new Problem(rule) { File = file, Line = line, Field = field });
    }

    /// <summary>A problem of a whole file or of a part that has no record.</summary>
    public Problem At(long line, string rule, string? claimId = null) =>
        new(rule) { File = file, Line = line, ClaimId = claimId is null ? null : Shown(claimId) };

    public IReadOnlyList<Problem> TakeProblems(string? claimId) => Take(problems, claimId);

    public IReadOnlyList<Problem> TakeWarnings(string? claimId) => Take(warnings, claimId);

    /// <summary>Cut, printable, and without a fødselsnummer: reports are kept and sent around.</summary>
    public static string Shown(string value) => Problem.Printable(NationalNumber.Mask(value));

    private static IReadOnlyList<Problem> Take(List<Problem> found, string? claimId)
    {
        if (found.Count == 0) return [];
        var id = claimId is null ? null : Shown(claimId);
        return [.. found.Select(problem => problem with { ClaimId = id })];
    }
}
