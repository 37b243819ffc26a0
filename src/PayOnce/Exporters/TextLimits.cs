using PayOnce.Exporters.Api;
using PayOnce.Exporters.Dynamics;
using PayOnce.Exporters.Generic;
using PayOnce.Exporters.Mapping;
using PayOnce.Exporters.Settings;
using PayOnce.Exporters.Xledger;

namespace PayOnce.Exporters;

/// <summary>How long a text may be where it is going, to be seen before a claim is rejected for it.</summary>
public static class TextLimits
{
    /// <summary>Columns or fields with a longest text in characters, by name: what is documented, and the organisation's own where that is tighter.</summary>
    public static IReadOnlyDictionary<string, int> Of(IntegrationSettings settings)
    {
        var target = TargetOf(settings);
        var limits = new SortedDictionary<string, int>(target.Limits.ToDictionary(), StringComparer.Ordinal);
        foreach (var (name, limit) in settings.Limits) Tighten(name, limit);
        foreach (var column in settings.Mapping?.Columns ?? []) Tighten(column.Name, column.MaxLength ?? int.MaxValue);
        return limits;

        void Tighten(string name, int limit)
        {
            if (limit < limits.GetValueOrDefault(name, int.MaxValue)) limits[name] = limit;
        }
    }

    private static Target TargetOf(IntegrationSettings settings) => (settings.Exporter, settings.Format, settings.Api?.Dynamics?.Booking) switch
    {
        ("xledger", "json", _) => ImportItemsJson.Target,
        ("xledger", _, _) => Gl02.Target,
        ("dynamics", _, DynamicsBooking.PurchaseInvoice) => InvoiceJson.Target,
        ("dynamics", "json", _) => JournalLinesJson.Target,
        ("dynamics", _, _) => Journal.Target,
        _ => LinesCsv.Target,
    };
}
