namespace PayOnce.Bench;

/// <summary>A folder of a benchmark's own that is gone afterwards. Any user may write to it: a database server has its own.</summary>
public sealed class WorkFolder : IDisposable
{
    public WorkFolder(string below)
    {
        Directory.CreateDirectory(below);
        Path = System.IO.Path.Combine(below, $"payonce-bench-{Environment.ProcessId}-{Interlocked.Increment(ref made)}");
        Directory.CreateDirectory(Path);
        if (!OperatingSystem.IsWindows()) OpenToAll(Path);
    }

    private static int made;

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void OpenToAll(string path) => System.IO.File.SetUnixFileMode(path,
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
}

/// <summary>What a person who waits is told, beside the results.</summary>
public static class Progress
{
    public static void Say(string text) => Console.Error.WriteLine("  " + text);
}
