using System.Text;

namespace PayOnce.App.Host;

/// <summary>Everything the program takes from the process it runs in, so that a test can be another process.</summary>
/// <param name="Variable">An environment variable, or null.</param>
/// <param name="Folder">The caller's folder: relative paths mean this one.</param>
/// <param name="User">Who is asked for when <c>--as</c> is not given.</param>
/// <param name="OutputWidth">Columns of the terminal that standard output is; null where it is none, or where only plain lines are wanted.</param>
/// <param name="ErrorIsTerminal">Whether a progress bar may be drawn on standard error.</param>
internal sealed record Surroundings(
    Func<string, string?> Variable,
    string Folder,
    string User,
    Stream Input,
    Stream Output,
    TextWriter Error,
    int? OutputWidth,
    bool ErrorIsTerminal,
    TimeProvider Clock,
    INode Node)
{
    public static Surroundings OfThisProcess()
    {
        var plain = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) || Environment.GetEnvironmentVariable("TERM") is "dumb";
        return new(
            Environment.GetEnvironmentVariable,
            Environment.CurrentDirectory,
            Environment.UserName,
            Console.OpenStandardInput(),
            Console.OpenStandardOutput(),
            new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true },
            plain || Console.IsOutputRedirected ? null : Width(),
            !plain && !Console.IsErrorRedirected,
            TimeProvider.System,
            new ProcessNode())
        {
            Variables = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
                .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value, StringComparer.OrdinalIgnoreCase),
        };
    }

    /// <summary>All environment variables, without regard to case; empty where a test has none.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; init; } = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);

    public string Absolute(string path) => Path.GetFullPath(path, Folder);

    private static int? Width()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
