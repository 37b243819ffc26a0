using PayOnce.Claims;
using PayOnce.Tests.Support;
using PayOnce.Tests.Tree;

namespace PayOnce.Tests.Claims;

/// <summary>The samples are what their README says.</summary>
public sealed class SampleTests
{
    private static readonly string Samples = Path.Combine(SourceTree.Root, "samples");

    [Theory]
    [InlineData("hlf/claims.csv", 300, 1)]
    [InlineData("blindeforbundet/claims.json", 240, 2)]
    public async Task A_sample_is_what_its_command_writes_and_is_taken_in_whole(string file, int count, ulong seed)
    {
        using var made = new MemoryStream();
        await ClaimsWriter.WriteAsync(made, ClaimsWriter.FormatOf(file)!.Value, ClaimsGenerator.Generate(count, seed), ClaimsGenerator.Dimensions, TestContext.Current.CancellationToken);
        var content = await File.ReadAllBytesAsync(Path.Combine(Samples, file), TestContext.Current.CancellationToken);
        Assert.True(made.ToArray().AsSpan().SequenceEqual(content), $"samples/{file} is not what the generator writes");
        Assert.Contains(FormattableString.Invariant($"| `{file}` | `payonce claims generate --count {count} --seed {seed} --out samples/{file}` |"), await File.ReadAllTextAsync(Path.Combine(Samples, "README.md"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var read = await Reading.ReadAsync(file, content);
        Assert.Equal(count, read.Claims.Count);
        Assert.Empty(read.Problems);
        Assert.Empty(read.Warnings);
    }

    [Fact]
    public async Task Each_bad_sample_is_answered_as_its_README_says()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Samples, "bad", "README.md"), TestContext.Current.CancellationToken);
        var documented = readme.ReplaceLineEndings("\n").Split("\n## ").Skip(1).ToDictionary(part => part[..part.IndexOf('\n', StringComparison.Ordinal)], part => part.Split("```")[1].Trim());
        var answers = new Dictionary<string, string>();
        foreach (var path in Directory.GetFiles(Path.Combine(Samples, "bad")).Where(path => !path.EndsWith(".md", StringComparison.Ordinal)))
        {
            var file = Path.GetFileName(path);
            answers.Add(file, await ImportAsync(file, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)));
        }
        Assert.Equal(answers.Keys.Order(StringComparer.Ordinal), documented.Keys.Order(StringComparer.Ordinal));
        Assert.All(answers, answer => Assert.Equal(answer.Value, documented[answer.Key]));
    }

    private static async Task<string> ImportAsync(string file, byte[] content)
    {
        await using var database = new SqliteDatabase();
        await using var store = database.Open();
        await store.MigrateAsync(TestContext.Current.CancellationToken);
        await store.AddOrganisationAsync(Reading.Hlf, "kari", TestContext.Current.CancellationToken);
        var report = await ClaimsImport.RunAsync(store, Reading.Hlf, IntakeRules.None, file, new MemoryStream(content), "kari", Reading.Clock(), null, TestContext.Current.CancellationToken);
        return string.Join('\n',
        [
            $"added {report.Added}, unchanged {report.Unchanged}, refused {report.Refused}{(report.Unreadable ? ", unreadable" : "")}",
            .. report.Problems.Select(problem => problem.ToString()),
            .. report.Warnings.Select(warning => $"warning: {warning}"),
        ]);
    }
}
