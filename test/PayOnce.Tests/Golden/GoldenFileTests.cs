using System.Text;
using PayOnce.Exporters;
using PayOnce.Tests.Exporters;

namespace PayOnce.Tests.Golden;

/// <summary>
/// Each folder here is one integration: <c>integration.json</c> as a person wrote it, the file it renders from
/// <see cref="GoldenClaims"/>, and <c>rejections.txt</c> with the claims left out and why. Compared to the byte.
/// Set PAYONCE_REGENERATE_GOLDEN=1 to write the files anew, look at what git shows, and commit it knowingly.
/// </summary>
public sealed class GoldenFileTests
{
    private static readonly string Folder = Path.Combine(Examples.Root, "test", "PayOnce.Tests", "Golden");

    public static IEnumerable<string> Names => Directory.GetDirectories(Folder).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal);

    public static TheoryData<string> Integrations => [.. Names];

    public static IntegrationSettings Settings(string integration) => Examples.Settings(File.ReadAllText(Path.Combine(Folder, integration, "integration.json")));

    [Theory]
    [MemberData(nameof(Integrations))]
    public void A_rendered_file_is_the_same_to_the_byte_as_the_one_that_was_looked_at(string integration)
    {
        var folder = Path.Combine(Folder, integration);
        var renderer = Examples.Renderer(Settings(integration));
        var batch = renderer.Render(GoldenClaims.All, firstVoucher: 1001);
        Compare(Path.Combine(folder, $"expected.{renderer.FileExtension}"), Examples.File(renderer, batch));
        Compare(Path.Combine(folder, "rejections.txt"), Encoding.UTF8.GetBytes(string.Concat(batch.Rejections.Select(rejection => rejection.Problem + "\n"))));
        Assert.Equal(GoldenClaims.All.Count, batch.Claims + batch.Rejections.Count);
    }

    [Fact]
    public void Every_format_of_every_exporter_has_a_golden_file()
    {
        var covered = Directory.GetDirectories(Folder)
            .Select(folder => Settings(Path.GetFileName(folder)))
            .Select(settings => (settings.Exporter, settings.Format))
            .ToHashSet();
        foreach (var exporter in ExporterCatalogue.All)
        {
            foreach (var format in exporter.Formats) Assert.Contains((exporter.Name, format), covered);
        }
    }

    private static void Compare(string path, byte[] actual)
    {
        if (Environment.GetEnvironmentVariable("PAYONCE_REGENERATE_GOLDEN") == "1")
        {
            File.WriteAllBytes(path, actual);
            return;
        }
        Assert.True(File.Exists(path), $"{path} is missing; see {nameof(GoldenFileTests)} for how it is made.");
        var expected = File.ReadAllBytes(path);
        if (expected.AsSpan().SequenceEqual(actual)) return;
        // First as text, which shows where; then as bytes, which is what counts.
        Assert.Equal(Encoding.UTF8.GetString(expected), Encoding.UTF8.GetString(actual));
        Assert.Equal(expected, actual);
    }
}
