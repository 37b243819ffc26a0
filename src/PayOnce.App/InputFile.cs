namespace PayOnce.App;

/// <summary>A file named on the command line, or standard input.</summary>
/// <param name="Name">As problems name it.</param>
internal sealed record InputFile(string Name, Stream Content)
{
    /// <summary>What stands for standard input, and for standard output.</summary>
    public const string Standard = "-";

    /// <summary>Opens it, or says why it cannot be read.</summary>
    public static (InputFile? Input, Answer? Refusal) Open(Call call, string typed)
    {
        if (typed == Standard) return (new InputFile("standard input", call.Surroundings.Input), null);
        var name = Problem.Printable(typed);
        if (typed.Length == 0) return (null, Answer.Unusable("The name of the file is empty."));
        try
        {
            var path = call.Surroundings.Absolute(typed);
            return Directory.Exists(path)
                ? (null, Answer.Unusable($"{name} is a folder, not a file."))
                : (new InputFile(Path.GetFileName(path), new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0)), null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, Answer.Unusable($"There is no file {name}."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, Answer.Unusable($"{name} cannot be read: {e.Message}"));
        }
    }
}
