using System.Diagnostics;

namespace PayOnce.Fuzz;

/// <summary>A copy of this program in which the engine counts its own branches, so that the search knows which inputs took a new way.</summary>
internal static class Instrumented
{
    private const string Engine = "PayOnce.Engine.dll";
    private const string Folder = "fuzz";

    /// <summary>Whether this is the copy.</summary>
    public static bool IsThis => Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)) == Folder;

    /// <summary>Makes the copy anew in <c>artifacts/fuzz</c> and runs it with the same arguments.</summary>
    /// <returns>Its exit code; 1 if it could not be made.</returns>
    public static int Run(string[] args)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "PayOnce.slnx"))) root = root.Parent;
        if (root is null) return Fail("This program does not stand in the repository.");
        var copy = Path.Combine(root.FullName, "artifacts", Folder);
        if (Directory.Exists(copy)) Directory.Delete(copy, recursive: true);
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        // Its version stands in .config/dotnet-tools.json.
        if (Dotnet(root.FullName, "tool", "restore") != 0 || Dotnet(root.FullName, "tool", "run", "sharpfuzz", "--", Path.Combine(copy, Engine)) != 0) return Fail($"{Engine} could not be made to count its branches.");
        return Dotnet(root.FullName, [Path.Combine(copy, $"{typeof(Instrumented).Assembly.GetName().Name}.dll"), .. args]);
    }

    private static int Dotnet(string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private static int Fail(string why)
    {
        Console.Error.WriteLine(why);
        return 1;
    }
}
