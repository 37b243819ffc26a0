using System.Globalization;
using System.Text.RegularExpressions;

namespace PayOnce.Tests.Tree;

/// <summary>The documents keep up with the tree.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Every_relative_link_leads_to_a_file_that_is_there()
    {
        var broken =
            from file in SourceTree.Files("*.md")
            from link in Links(file)
            where !Exists(file, link)
            select $"{file.Name}: {link}";
        Assert.NotEmpty(SourceTree.Files("*.md"));
        Assert.Empty(broken);
    }

    [Fact]
    public void Decisions_are_numbered_from_one_without_gaps_and_carry_a_date()
    {
        var decisions = SourceTree.Files("*.md").Where(file => file.Name.StartsWith("docs/decisions/", StringComparison.Ordinal) && !file.Name.EndsWith("/README.md", StringComparison.Ordinal)).ToList();
        Assert.All(decisions, file => Assert.Matches(DecisionName(), Path.GetFileName(file.Name)));
        Assert.Equal(Enumerable.Range(1, decisions.Count), decisions.Select(file => int.Parse(Path.GetFileName(file.Name)[..4], CultureInfo.InvariantCulture)));
        Assert.All(decisions, file => Assert.Contains(file.Lines.Take(6), line => Date().IsMatch(line)));
    }

    [Fact]
    public void The_readme_names_the_two_commands_a_newcomer_needs()
    {
        var readme = string.Join('\n', Assert.Single(SourceTree.Files("README.md"), file => file.Name == "README.md").Lines);
        Assert.Contains("dotnet run --project src/PayOnce.App -- demo", readme, StringComparison.Ordinal);
        Assert.Contains("dotnet run build.cs -- test", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void Continuous_integration_runs_what_a_person_runs()
    {
        var run = Assert.Single(SourceTree.Files("run"), file => file.Name == ".ci/run");
        Assert.Equal("exec dotnet run build.cs -- test", run.Lines[^1]);
        if (!OperatingSystem.IsWindows()) Assert.True(File.GetUnixFileMode(Path.Combine(SourceTree.Root, run.Name)).HasFlag(UnixFileMode.UserExecute));
    }

    private static IEnumerable<string> Links(SourceFile file)
    {
        var inCode = false;
        foreach (var line in file.Lines)
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal)) inCode = !inCode;
            if (inCode) continue;
            foreach (Match match in Link().Matches(InlineCode().Replace(line, ""))) yield return match.Groups[1].Value;
        }
    }

    private static bool Exists(SourceFile file, string link)
    {
        if (Elsewhere().IsMatch(link)) return true;
        var path = Uri.UnescapeDataString(link.Split('#')[0]);
        var full = Path.Combine(SourceTree.Root, Path.GetDirectoryName(file.Name)!, path);
        return File.Exists(full) || Directory.Exists(full);
    }

    [GeneratedRegex(@"\]\(<?([^)\s>]+)>?(?:\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\A(?:[a-z][a-z0-9+.-]*:|#)")]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"\A[0-9]{4}-[a-z0-9]+(?:-[a-z0-9]+)*\.md\z")]
    private static partial Regex DecisionName();

    [GeneratedRegex(@"\b20[0-9]{2}-[01][0-9]-[0-3][0-9]\b")]
    private static partial Regex Date();
}
