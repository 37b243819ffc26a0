using PayOnce.App.Output;

namespace PayOnce.App;

/// <summary>How a command ended, for the shell, for programs and for people.</summary>
/// <param name="Exit">The process's exit code.</param>
/// <param name="Document">What <c>--json</c> prints.</param>
/// <param name="Show">Prints the same for people. Runs while the store is still open, so that long lists can be read page by page.</param>
internal sealed record Answer(ExitCode Exit, object Document, Func<Screen, Task> Show)
{
    public Answer(ExitCode exit, object document, Action<Screen> show) : this(exit, document, screen =>
    {
        show(screen);
        return Task.CompletedTask;
    })
    { }

    /// <summary>What is said on standard error as well, in full sentences; null where nothing is wrong.</summary>
    public string? Complaint { get; init; }

    /// <summary>What goes on after it was printed, until the command is told to stop; null: nothing.</summary>
    public Func<Task>? Afterwards { get; init; }

    /// <summary>Refuses to do what was asked. Nothing goes to standard output but, with <c>--json</c>, the error document.</summary>
    public static Answer Refused(ExitCode exit, string message, params IReadOnlyList<Problem> problems) =>
        new(exit, new ErrorDocument(new ErrorDetails(message, (int)exit, [.. problems.Select(ProblemDocument.Of)])), _ => { })
        {
            Complaint = problems.Count == 0 ? message : string.Join('\n', [message, .. problems.Select(p => $"  {p}")]),
        };

    /// <summary>Wrong usage or unusable input.</summary>
    public static Answer Unusable(string message, params IReadOnlyList<Problem> problems) => Refused(ExitCode.Unusable, message, problems);
}
