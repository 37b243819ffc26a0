using System.IO.Enumeration;

namespace PayOnce.Tests.Tree;

/// <summary>A text file of the repository.</summary>
/// <param name="Name">Its path from the root, with forward slashes.</param>
public sealed record SourceFile(string Name, string[] Lines);

/// <summary>The repository's files as they lie on disk, without what building and running leave behind.</summary>
public static class SourceTree
{
    private static readonly string[] NotOurs = [".git", "artifacts", "bin", "obj", "node_modules", "payonce-data", "TestResults", "StrykerOutput", ".vs", ".idea", "lib"];

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Files whose names match one of the patterns, ordered by path.</summary>
    public static IReadOnlyList<SourceFile> Files(params string[] patterns)
    {
        var names = new FileSystemEnumerable<string>(Root, (ref FileSystemEntry entry) => entry.ToFullPath(), new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
        {
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !NotOurs.Contains(entry.FileName.ToString(), StringComparer.Ordinal),
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && Matches(entry.FileName, patterns),
        };
        return [.. names.Order(StringComparer.Ordinal).Select(path => new SourceFile(Path.GetRelativePath(Root, path).Replace('\\', '/'), File.ReadAllLines(path)))];
    }

    /// <summary>The names of the folders directly below one, ordered; none if it is not there.</summary>
    public static IReadOnlyList<string> Folders(string below)
    {
        var path = Path.Combine(Root, below);
        return Directory.Exists(path) ? [.. Directory.GetDirectories(path).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)] : [];
    }

    private static bool Matches(ReadOnlySpan<char> name, string[] patterns)
    {
        foreach (var pattern in patterns)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)) return true;
        }
        return false;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PayOnce.slnx"))) return folder.FullName;
        }
        throw new InvalidOperationException("The tests run outside the repository: no folder above them holds PayOnce.slnx.");
    }
}
