using PayOnce.Claims;
using PayOnce.Exporters;
using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Tests.Exporters;

/// <summary>Claims and settings that the exporters' tests share.</summary>
internal static class Examples
{
    public static readonly Organisation Hlf = new("hlf", "Hørselshemmedes Landsforbund", "Europe/Oslo");

    public static readonly RenderContext Context = new(Hlf, RunId: 17, RunDate: new DateOnly(2026, 2, 2));

    /// <summary>The repository's root.</summary>
    public static readonly string Root = FindRoot();

    public static IntegrationSettings Settings(string json)
    {
        var (settings, problems) = IntegrationSettings.Parse("integration.json", System.Text.Encoding.UTF8.GetBytes(json));
        Assert.Empty(problems);
        return settings!;
    }

    public static IntegrationSettings Settings(string exporter, string format) =>
        Settings($$"""{"exporter":"{{exporter}}","transport":"file","format":"{{format}}"}""");

    public static IBatchRenderer Renderer(IntegrationSettings settings) => ExporterCatalogue.Get(settings.Exporter).CreateRenderer(settings, Context);

    public static ReservedClaim Reserved(Claim claim, int generation = 0) =>
        new(ClaimRecord.From(Hlf.OrganisationId, claim), generation, Attempt: 1, ExportKey.Derive(Hlf.OrganisationId, claim.ClaimId, generation));

    public static Claim Claim(string id, params IReadOnlyList<ClaimLine> lines) => new(
        id,
        new Claimant("V00042", "Kari Nordmann"),
        "travel",
        "NOK",
        // In the evening of 31 January in UTC, so the first of February in Oslo.
        new DateTimeOffset(2026, 1, 31, 23, 30, 15, TimeSpan.Zero),
        "Ola Leder",
        lines.Sum(line => line.AmountMinor),
        lines);

    public static ClaimLine Line(long amountMinor, string category = "mileage", string description = "Hjemmebesøk", decimal? quantity = null, string? unit = null, params IReadOnlyList<Dimension> dimensions) =>
        new(new DateOnly(2026, 1, 14), category, description, amountMinor, quantity, unit, dimensions);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "PayOnce.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    /// <summary>The file of one batch.</summary>
    public static byte[] File(IBatchRenderer renderer, RenderedBatch batch) =>
        [.. renderer.Prologue.Span, .. batch.Bytes.Span, .. renderer.Epilogue.Span];
}
