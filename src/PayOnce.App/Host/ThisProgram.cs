using System.Diagnostics;

namespace PayOnce.App.Host;

/// <summary>Starts this program once more, as a process of its own.</summary>
internal static class ThisProgram
{
    /// <summary>Runs it to its end and returns its exit code and what it wrote; 128 and the signal's number where a signal ended it.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(IReadOnlyList<string> args, string folder, IReadOnlyDictionary<string, string> variables, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath ?? throw new InvalidOperationException("This process has no program file."))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Started as `dotnet payonce.dll`, the program file is dotnet's and the first argument ours.
        if (Path.GetFileNameWithoutExtension(start.FileName) is "dotnet") start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "payonce.dll"));
        foreach (var arg in args) start.ArgumentList.Add(arg);
        foreach (var (name, value) in variables) start.Environment[name] = value;

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var error = process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, await output + await error);
    }
}
