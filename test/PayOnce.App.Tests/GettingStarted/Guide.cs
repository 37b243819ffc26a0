using System.Text.RegularExpressions;

namespace PayOnce.App.Tests.GettingStarted;

/// <summary>A fenced block of a guide.</summary>
/// <param name="Line">Where it begins, counted from 1.</param>
/// <param name="Kind">The first word behind the fence: <c>sh</c> commands, <c>text</c> what they say, any other with a name a file.</param>
/// <param name="File">The file that the block is; null where it is none.</param>
/// <param name="Exit">The exit code that the last command of the block ends with.</param>
internal sealed record GuideBlock(int Line, string Kind, string? File, int Exit, string Text);

/// <summary>A page of docs/getting-started: its commands, its files, and the words of the dashboard that it names in italics.</summary>
internal sealed partial record Guide(string Name, IReadOnlyList<GuideBlock> Blocks, IReadOnlyList<string> Labels)
{
    public static string Root { get; } = FindRoot();

    public static Guide Read(string name) => Parse(name, System.IO.File.ReadAllText(Path.Combine(Root, "docs", "getting-started", name)).ReplaceLineEndings("\n"));

    private static Guide Parse(string name, string text)
    {
        var blocks = new List<GuideBlock>();
        foreach (Match fence in Fence().Matches(text))
        {
            var info = fence.Groups[2].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var exit = info.FirstOrDefault(word => word.StartsWith("exit=", StringComparison.Ordinal)) is { } word ? int.Parse(word["exit=".Length..], System.Globalization.CultureInfo.InvariantCulture) : 0;
            var file = info.FirstOrDefault(word => word.Contains('.', StringComparison.Ordinal));
            blocks.Add(new GuideBlock(text[..fence.Index].Count(c => c == '\n') + 1, fence.Groups[1].Value, file, exit, fence.Groups[3].Value));
        }
        var prose = Code().Replace(Fence().Replace(text, ""), "");
        return new Guide(name, blocks, [.. Italic().Matches(prose).SelectMany(match => match.Groups[1].Value.ReplaceLineEndings(" ").Split(" → ")).Distinct(StringComparer.Ordinal)]);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "PayOnce.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex("^```([a-z]+)([^\n]*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<![\*\w])\*(?![\*\s])([^\*]+?)(?<!\s)\*(?![\*\w])")]
    private static partial Regex Italic();
}
