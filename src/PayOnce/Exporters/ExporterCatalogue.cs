using PayOnce.Exporters.Dynamics;
using PayOnce.Exporters.Generic;
using PayOnce.Exporters.Xledger;

namespace PayOnce.Exporters;

/// <summary>The exporters there are.</summary>
public static class ExporterCatalogue
{
    public static IReadOnlyList<IExporter> All { get; } = [new XledgerExporter(), new DynamicsExporter(), new GenericExporter()];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(exporter => exporter.Name)];

    /// <summary>Every format of every exporter, each once.</summary>
    public static IReadOnlyList<string> AllFormats { get; } = [.. All.SelectMany(exporter => exporter.Formats).Distinct(StringComparer.Ordinal)];

    /// <summary>Null if there is none of this name.</summary>
    public static IExporter? Find(string name) => All.FirstOrDefault(exporter => string.Equals(exporter.Name, name, StringComparison.Ordinal));

    /// <summary>The exporter of settings that were read: their name is known to exist.</summary>
    public static IExporter Get(string name) => Find(name) ?? throw new ArgumentException($"There is no exporter \"{name}\".", nameof(name));
}
