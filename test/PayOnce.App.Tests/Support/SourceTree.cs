namespace PayOnce.App.Tests.Support;

/// <summary>The sources that the tests were built from, for what only they can tell.</summary>
internal static class SourceTree
{
    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "PayOnce.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
