using PayOnce.Exporters.Mapping;
using PayOnce.Exporters.Settings;

namespace PayOnce.Exporters.Dynamics;

/// <summary>Dynamics 365 Business Central by file: the general journal as CSV, and the journal lines of its API as JSON.</summary>
public sealed class DynamicsExporter : IExporter
{
    public string Name => "dynamics";

    public IReadOnlyList<string> Formats { get; } = ["journal", "json"];

    public Api.IApiExporter? Api { get; } = new DynamicsApiExporter();

    public IReadOnlyList<Problem> Check(IntegrationSettings settings) => SettingsCheck.Run(
        this,
        settings,
        SettingsCheck.Unused("Xledger", ("voucher.voucherType", settings.Voucher.VoucherType), ("voucher.entity", settings.Voucher.Entity)),
        SettingsCheck.Balanced(settings.Accounts, supplierNeedsCredit: false),
        settings.Format == "json" ? JournalLinesJson.Check(settings) : Journal.Check(settings));

    public IBatchRenderer CreateRenderer(IntegrationSettings settings, RenderContext context)
    {
        // With a vendor the vendor's posting group knows the account, so the standard chart's creditor account is not said.
        var facts = new RunFacts(settings, settings.Accounts ?? AccountSettings.Norwegian with { Credit = null }, context);
        return settings.Format switch
        {
            "journal" => new MappedRenderer(Journal.Mapping(settings), facts, Journal.Target.LimitsOf(settings)),
            "json" => JournalLinesJson.Create(facts),
            _ => throw new ArgumentException($"The Dynamics exporter has no format \"{settings.Format}\".", nameof(settings)),
        };
    }
}
