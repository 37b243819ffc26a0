using PayOnce.Exporters.Dynamics;
using PayOnce.Exporters.Generic;
using PayOnce.Exporters.Mapping;
using PayOnce.Exporters.Xledger;

namespace PayOnce.Exporters;

/// <summary>What somebody who edits a mapping has to choose from, in the words of an integration file.</summary>
public static class MappingFacts
{
    /// <summary>The fields a column may hold; a dimension's is <see cref="DimensionField"/>.</summary>
    public static IReadOnlyList<string> Fields { get; } = [.. FieldCatalogue.All.Select(field => field.Name)];

    /// <summary>Formats that are files with columns, as exporter and format: what a mapping can begin from.</summary>
    public static IReadOnlyList<(string Exporter, string Format)> Starts { get; } = [("xledger", "gl02"), ("xledger", "gl02b"), ("dynamics", "journal"), ("generic", "csv")];

    public static IReadOnlyList<string> Delimiters => MappingWords.Delimiters;

    public static IReadOnlyList<string> Encodings => MappingWords.Encodings;

    public static IReadOnlyList<string> LineEndings => MappingWords.LineEndings;

    public static IReadOnlyList<string> DecimalSigns => MappingWords.DecimalSigns;

    public static IReadOnlyList<string> Quotings => MappingWords.Quotings;

    public static IReadOnlyList<string> Rows => MappingWords.Rows;

    public static IReadOnlyList<string> Alignments => MappingWords.Alignments;

    public static IReadOnlyList<string> TooLongs => MappingWords.TooLongs;

    public static IReadOnlyList<string> BalanceOns => MappingWords.BalanceOns;

    /// <summary>Whether there is such a format of such an exporter.</summary>
    public static bool IsKnown(string exporter, string format) => ExporterCatalogue.Find(exporter)?.Formats.Contains(format, StringComparer.Ordinal) == true;

    public static string DimensionField(string dimension) => FieldCatalogue.DimensionPrefix + dimension;

    /// <summary>The file and its columns as these settings have them, the exporter's own where they say nothing; null for a format without columns.</summary>
    public static ColumnMapping? InForce(IntegrationSettings settings) => (settings.Exporter, settings.Format) switch
    {
        (_, "json") => null,
        ("xledger", _) => Gl02.Mapping(settings),
        ("dynamics", _) => Journal.Mapping(settings),
        _ => LinesCsv.Mapping(settings),
    };
}
