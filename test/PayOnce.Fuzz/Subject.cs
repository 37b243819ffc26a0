namespace PayOnce.Fuzz;

/// <summary>Something that reads what comes from outside, and what must hold whatever it is given.</summary>
/// <param name="name">As the command line and the folder of its crashers have it.</param>
/// <param name="words">What it reads.</param>
internal abstract class Subject(string name, string words)
{
    public string Name => name;

    public string Words => words;

    /// <summary>Inputs as they should be, to begin from. Asked for once.</summary>
    public abstract IReadOnlyList<byte[]> Samples { get; }

    /// <summary>Reads one input. Comes back, whatever it is; throws only if something is wrong with the reader.</summary>
    /// <exception cref="BrokenRuleException">What was read breaks a rule.</exception>
    public abstract void Feed(byte[] input);

    /// <summary>Every subject there is.</summary>
    public static IReadOnlyList<Subject> All { get; } =
    [
        new Subjects.ClaimFile(Claims.ClaimsFormat.Json), new Subjects.ClaimFile(Claims.ClaimsFormat.JsonLines), new Subjects.ClaimFile(Claims.ClaimsFormat.Csv),
        new Subjects.Cutover(), new Subjects.IntegrationFile(), new Subjects.Schedules(), new Subjects.Addresses(), new Subjects.Scrubbing(), new Subjects.DeclarationText(),
        .. Subjects.ApiAnswers.All,
    ];

    protected static void Must(bool holds, string rule)
    {
        if (!holds) throw new BrokenRuleException(rule);
    }

    /// <summary>A sentence that goes to a terminal, a page or a log: nothing in it may steer one, and it has an end.</summary>
    protected static void MustBeASentence(string? text, string of)
    {
        if (text is null) return;
        Must(text.Length is > 0 and < 4_000, $"{of} has {text.Length} characters");
        Must(!text.Any(c => char.IsControl(c) || c is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069'), $"{of} has a character that steers a terminal");
    }

    protected static byte[] Sample(string path) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "samples", path));
}

/// <summary>A rule of a subject does not hold for an input.</summary>
internal sealed class BrokenRuleException(string rule) : Exception(rule);
