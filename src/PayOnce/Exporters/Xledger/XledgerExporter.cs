using PayOnce.Exporters.Mapping;
using PayOnce.Exporters.Settings;

namespace PayOnce.Exporters.Xledger;

/// <summary>Xledger by file: GL02 and GL02b for its file import, and the import lines of its API as JSON.</summary>
public sealed class XledgerExporter : IExporter
{
    public string Name => "xledger";

    public IReadOnlyList<string> Formats { get; } = ["gl02", "gl02b", "json"];

    public Api.IApiExporter? Api { get; } = new XledgerApiExporter();

    public IReadOnlyList<Problem> Check(IntegrationSettings settings) => SettingsCheck.Run(
        this,
        settings,
        CheckVouchers(settings),
        settings.Format == "json" ? ImportItemsJson.Check(settings) : Gl02.Check(settings));

    /// <summary>What holds for vouchers in Xledger, however they get there.</summary>
    internal static IEnumerable<Problem> CheckVouchers(IntegrationSettings settings) =>
    [
        .. SettingsCheck.LocalCurrencyOnly(settings, "Xledger's import wants the amount in the entity's own currency too, and PayOnce has no rates"),
        .. SettingsCheck.Unused("Business Central", ("voucher.journalTemplate", settings.Voucher.JournalTemplate), ("voucher.journalBatch", settings.Voucher.JournalBatch)),
        .. SettingsCheck.Balanced(settings.Accounts, supplierNeedsCredit: true),
    ];

    public IBatchRenderer CreateRenderer(IntegrationSettings settings, RenderContext context)
    {
        var facts = new RunFacts(settings, settings.Accounts ?? AccountSettings.Norwegian, context);
        return settings.Format switch
        {
            "gl02" or "gl02b" => new MappedRenderer(Gl02.Mapping(settings), facts, Gl02.Target.LimitsOf(settings)),
            "json" => new ImportItemsJson(facts),
            _ => throw new ArgumentException($"The Xledger exporter has no format \"{settings.Format}\".", nameof(settings)),
        };
    }
}
