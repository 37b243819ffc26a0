using System.Text.RegularExpressions;
using PayOnce.Exporters;
using PayOnce.Exporters.Mapping;
using PayOnce.Exporters.Settings;
using static PayOnce.Tests.Exporters.Examples;

namespace PayOnce.Tests.Exporters;

/// <summary>What <c>docs/integration.md</c> says is what the program does.</summary>
public sealed partial class IntegrationDocumentTests
{
    private static readonly string Document = System.IO.File.ReadAllText(Path.Combine(Root, "docs", "integration.md"));

    public static TheoryData<string> EveryExample => [.. JsonBlock().Matches(Document).Select(match => match.Groups[1].Value)];

    [Theory]
    [MemberData(nameof(EveryExample))]
    public void Every_example_can_be_set_and_renders_a_claim(string json)
    {
        var batch = Renderer(Settings(json)).Render([Reserved(Claim("A-1", Line(63_600)))], 1);
        Assert.Equal(1, batch.Claims);
    }

    [Fact]
    public void The_example_of_an_API_is_read_as_it_stands()
    {
        var (settings, problems) = SettingsReader.Read("integration.json", System.Text.Encoding.UTF8.GetBytes(Regex.Match(Document, "```jsonc\n(.*?)```", RegexOptions.Singleline).Groups[1].Value));
        Assert.Empty(problems);
        Assert.Empty(ApiCheck.Run(settings!.Exporter, settings.Api!));
    }

    [Fact]
    public void Every_field_of_the_API_part_and_every_flag_is_named()
    {
        var (_, problems) = SettingsReader.Read("i.json", """{"exporter":"generic","transport":"api","format":"json","api":{"?":0,"retry":{"?":0},"xledger":{"?":0},"dynamics":{"?":0}}}"""u8);
        var known = problems.Where(problem => problem.Rule.StartsWith("is unknown; known here are ", StringComparison.Ordinal)).SelectMany(problem => problem.Rule["is unknown; known here are ".Length..].Split(", ")).ToList();
        Assert.Equal(11 + 4 + 4 + 8, known.Count);
        foreach (var word in known.Concat(ApiWords.Flags).Concat(ApiWords.ProofClasses).Concat(ApiWords.DynamicsBookings)) Assert.Contains($"`{word}`", Document, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_field_format_and_documented_limit_is_named()
    {
        foreach (var field in FieldCatalogue.All) Assert.Contains($"`{field.Name}`", Document, StringComparison.Ordinal);
        foreach (var format in ExporterCatalogue.AllFormats) Assert.Contains($"`{format}`", Document, StringComparison.Ordinal);
        foreach (var word in AmountFormats.Words) Assert.Contains($"`{word}`", Document, StringComparison.Ordinal);
        foreach (var (column, limit) in PayOnce.Exporters.Dynamics.Journal.Documented.Concat(PayOnce.Exporters.Xledger.Gl02.Target.Limits))
            Assert.Matches($@"(?m)^\|[^|\n]*`{Regex.Escape(column)}`[^|\n]*\| {limit}\D", Document);
    }

    [Fact]
    public void The_fixed_columns_look_as_shown()
    {
        var json = JsonBlock().Matches(Document)[^1].Groups[1].Value;
        var journey = Golden.GoldenClaims.All[0];
        var lines = PayOnce.Claims.ClaimLines.Read(journey.Claim.Lines.Span).Where(line => line.Category != "toll").ToList();
        var shown = journey with { Claim = journey.Claim with { Lines = PayOnce.Claims.ClaimLines.Write(lines), TotalMinor = lines.Sum(line => line.AmountMinor) } };
        var text = System.Text.Encoding.ASCII.GetString(Renderer(Settings(json)).Render([shown], 1001).Bytes.Span);
        Assert.Contains("```\n" + text.Replace("\r\n", "\n", StringComparison.Ordinal) + "```", Document, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
