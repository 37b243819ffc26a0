using PayOnce.Exporters.Mapping;

namespace PayOnce.Exporters.Generic;

/// <summary>For any other system: the claims' lines as CSV, or the claims with their lines as JSON; or an endpoint that the organisation builds (docs/generic-endpoint.md).</summary>
public sealed class GenericExporter : IExporter
{
    public string Name => "generic";

    public IReadOnlyList<string> Formats { get; } = ["csv", "json"];

    public Api.IApiExporter? Api { get; } = new GenericApiExporter();

    public IReadOnlyList<Problem> Check(IntegrationSettings settings) => SettingsCheck.Run(
        this,
        settings,
        Unused(settings),
        settings.Format == "json" ? SettingsCheck.NoMapping(settings) : LinesCsv.Check(settings));

    public IBatchRenderer CreateRenderer(IntegrationSettings settings, RenderContext context)
    {
        var facts = new RunFacts(settings, settings.Accounts, context);
        return settings.Format switch
        {
            "csv" => new MappedRenderer(LinesCsv.Mapping(settings), facts, LinesCsv.Target.LimitsOf(settings)),
            "json" => new ClaimsJson(facts),
            _ => throw new ArgumentException($"The generic exporter has no format \"{settings.Format}\".", nameof(settings)),
        };
    }

    /// <summary>Settings that only another exporter obeys.</summary>
    internal static IEnumerable<Problem> Unused(IntegrationSettings settings) => SettingsCheck.Unused(
        "Xledger and Business Central",
        ("voucher.voucherType", settings.Voucher.VoucherType),
        ("voucher.entity", settings.Voucher.Entity),
        ("voucher.journalTemplate", settings.Voucher.JournalTemplate),
        ("voucher.journalBatch", settings.Voucher.JournalBatch),
        ("texts", settings.Texts?.Line));
}
