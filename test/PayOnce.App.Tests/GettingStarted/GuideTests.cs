using System.Text.RegularExpressions;
using Npgsql;
using PayOnce.App.Forms;
using PayOnce.Declarations;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.GettingStarted;

/// <summary>The guides say what is so: each command is carried out from the guide itself, each answer compared, each word of a page looked up.</summary>
public sealed partial class GuideTests(PostgresCluster cluster)
{
    /// <summary>As the guides write the connection to an organisation's own database; here it is the test's.</summary>
    private const string TheirDatabase = "postgres://payonce_reader:replace-this@db.example.org:5432/claims?sslmode=require";

    private const int FewestCommands = 25;

    [Theory]
    [InlineData("hlf.en.md")]
    [InlineData("blindeforbundet.en.md")]
    public async Task Every_command_of_a_guide_does_what_the_guide_shows(string name)
    {
        string? theirs = null;
        await using (var runner = new GuideRunner(SubstituteAsync)) Assert.True(await runner.RunAsync(Guide.Read(name)) >= FewestCommands);
        if (theirs is not null) await cluster.DropDatabaseAsync(theirs);

        // The view of the guide is made there first, as its reader's database administrator does.
        async Task<string> SubstituteAsync(string text)
        {
            if (!text.Contains(TheirDatabase, StringComparison.Ordinal)) return text;
            theirs ??= await cluster.CreateDatabaseAsync(migrated: false);
            var parts = new NpgsqlConnectionStringBuilder(theirs);
            foreach (var block in Guide.Read(name).Blocks.Where(block => block.Kind == "sql")) await cluster.ExecuteAsync(parts.Database!, block.Text);
            return text.Replace(TheirDatabase, FormattableString.Invariant($"postgres://{parts.Username}:{parts.Password}@{parts.Host}:{parts.Port}/{parts.Database}"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("hlf")]
    [InlineData("blindeforbundet")]
    public void Both_languages_have_the_same_commands_files_and_answers(string guide)
    {
        var (english, bokmal) = (Guide.Read($"{guide}.en.md"), Guide.Read($"{guide}.nb.md"));
        Assert.Equal(Plain(english), Plain(bokmal));
        // The declaration is in each guide's own language, and asks for the same.
        Assert.Equal(Fields(english), Fields(bokmal));

        static IEnumerable<string> Plain(Guide guide) => guide.Blocks.Where(block => block.Kind != "markdown").Select(block => $"{block.Kind} {block.File} {block.Exit}\n{Comment().Replace(block.Text, "")}");
        static IEnumerable<string> Fields(Guide guide) => guide.Blocks.Where(block => block.Kind == "markdown").SelectMany(block => Field().Matches(block.Text)).Select(match => match.Value).Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("hlf.en.md", false)]
    [InlineData("hlf.nb.md", true)]
    [InlineData("blindeforbundet.en.md", false)]
    [InlineData("blindeforbundet.nb.md", true)]
    public void Every_word_in_italics_stands_so_on_the_dashboard_in_that_language(string name, bool bokmal)
    {
        var said = Words(bokmal);
        var labels = Guide.Read(name).Labels;
        Assert.True(labels.Count >= 20, $"{name} names only {labels.Count} words of the dashboard.");
        var unknown = labels.Where(label => !said.Any(pattern => pattern.IsMatch(label))).ToList();
        Assert.Empty(unknown);
    }

    [Theory]
    [InlineData("blindeforbundet.en.md", "en")]
    [InlineData("blindeforbundet.nb.md", "nb")]
    public void The_declaration_of_a_guide_can_be_published_as_it_stands(string name, string language)
    {
        var declaration = Assert.Single(Guide.Read(name).Blocks, block => block.Kind == "markdown");
        Assert.Empty(DeclarationTemplate.Of(language, declaration.Text).Check());
        Assert.Contains("<h2>", DeclarationHtml.Render(declaration.Text), StringComparison.Ordinal);
    }

    // Both languages of a text stand side by side in the code; a text with values in it is a pattern, if enough of it is text.
    private static List<Regex> Words(bool bokmal)
    {
        var folder = Path.Combine(Guide.Root, "src", "PayOnce.App", "Dashboard", "Words");
        var texts = Directory.GetFiles(folder, "*.cs").SelectMany(file => Pair().Matches(File.ReadAllText(file))).Select(match => match.Groups[bokmal ? 1 : 2].Value.Replace("\\\"", "\"", StringComparison.Ordinal));
        return [.. texts.Append("API").Where(text => Value().Replace(text, "").Length >= (text.Contains('{', StringComparison.Ordinal) ? 8 : 1)).Select(text => new Regex($"^{Value().Replace(Regex.Escape(text).Replace("\\{", "{", StringComparison.Ordinal), ".+")}$"))];
    }

    [GeneratedRegex("Say\\(\\s*\\$?\"((?:[^\"\\\\]|\\\\.)*)\",\\s*\\$?\"((?:[^\"\\\\]|\\\\.)*)\"\\s*\\)")]
    private static partial Regex Pair();

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Value();

    [GeneratedRegex("^#[^\n]*\n", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\{\{[^}]*\}\}")]
    private static partial Regex Field();
}
