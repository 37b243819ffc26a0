using PayOnce.Claims;
using PayOnce.Exporters;
using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Fuzz.Subjects;

/// <summary>
/// Settings and column mappings as a person writes them. What is accepted is kept and read back the same, and renders claims: some it may
/// reject, each with a reason, none it may lose.
/// </summary>
internal sealed class IntegrationFile() : Subject("integration", "an integration's settings and column mapping")
{
    private static readonly RenderContext Context = new(new Organisation("hlf", "Hørselshemmedes Landsforbund", "Europe/Oslo"), RunId: 17, RunDate: new DateOnly(2026, 11, 2));

    private static readonly List<ReservedClaim> Claims =
        [.. ClaimsGenerator.Generate(4, 3).Select(claim => new ReservedClaim(ClaimRecord.From("hlf", claim), 0, 1, ExportKey.Derive("hlf", claim.ClaimId, 0)))];

    public override IReadOnlyList<byte[]> Samples { get; } =
    [
        Sample("hlf/integration.json"), Sample("blindeforbundet/integration.json"),
        """
        {"exporter":"generic","transport":"file","format":"csv","currencies":["NOK","EUR"],"localCurrency":"NOK","dimensions":[{"name":"department","column":"Avdeling","values":{"oslo":"100"}}],
         "mapping":{"rows":"claims","delimiter":";","decimalSign":",","encoding":"windows-1252","columns":[{"name":"Key","source":"exportKey"},{"name":"Text","template":"{type} {claimId} {lineDate:dd.MM.yyyy}"},
         {"name":"Amount","source":"total","width":12},{"name":"Fixed","constant":"X"}]}}
        """u8.ToArray(),
        """{"exporter":"xledger","transport":"file","format":"gl02","accounts":{"payable":"2900","categories":{"mileage":"7100"},"other":"7790"},"limits":{"TEXT":40},"voucher":{"series":"PO","first":1000}}"""u8.ToArray(),
        """{"exporter":"generic","transport":"api","format":"json","api":{"endpoint":"https://books.example/payonce/","proofClass":"windowed","windowSeconds":3600,"quietSeconds":60,"parallel":2,"claimsPerRequest":10,"timeoutSeconds":20,"automaticRelease":true,"retry":{"tries":3,"baseDelaySeconds":1,"maximumDelaySeconds":8,"budgetSeconds":40}}}"""u8.ToArray(),
        """{"exporter":"dynamics","transport":"api","format":"json","flags":["dynamics-api"],"api":{"endpoint":"https://api.businesscentral.dynamics.com/","dynamics":{"tenant":"t","environment":"production","company":"c","clientId":"id","booking":"journal"}}}"""u8.ToArray(),
    ];

    public override void Feed(byte[] input)
    {
        var (settings, problems) = IntegrationSettings.Parse("integration.json", input);
        foreach (var problem in problems) MustBeASentence(problem.ToString(), "a problem");
        Must((settings is null) == problems.Count > 0, "settings are refused without a reason, or kept with one");
        if (settings is null) return;
        var text = settings.ToJson();
        Must(IntegrationSettings.FromStored(text).ToJson() == text, "settings do not come back as they were kept");
        using var batch = ExporterCatalogue.Get(settings.Exporter).CreateRenderer(settings, Context).Render(Claims, firstVoucher: 1);
        Must(batch.Claims + batch.Rejections.Count == Claims.Count, "a claim is neither rendered nor rejected");
        Must((batch.Bytes.Length == 0) == (batch.Claims == 0), "claims are rendered as nothing");
        foreach (var rejection in batch.Rejections) MustBeASentence(rejection.Problem.ToString(), "a rejection");
    }
}
